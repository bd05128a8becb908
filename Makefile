# certdesk: every command a developer or an operator types. `make help` lists them.
# PocketBase needs a newer Go than many machines have: the toolchain that go.mod names is fetched on first use.
export GOTOOLCHAIN := auto
export CGO_ENABLED := 0
GOFLAGS ?=
MODULES := . plugins/sdk
BIN := bin/certdesk
DEMO ?= demo_data
FUZZTIME ?= 30s

.DEFAULT_GOAL := help

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

build: ## build the one binary, bin/certdesk
	go build -trimpath -ldflags "-s -w" -o $(BIN) .

run: build ## build, migrate and start the demo at http://127.0.0.1:8090
	$(BIN) serve --demo --dir $(DEMO)/data

test: tools ## run every test; sets up Chromium and fonts where it may
	@for m in $(MODULES); do (cd $$m && go test -count=1 -timeout 20m ./...) || exit 1; done
	@echo "every act, failing at every place where it can:"
	go test -count=1 -timeout 20m -tags faults ./internal/fault

proof: ## failures, crashes, races, forgeries and access with full figures (ROUNDS=1000); hours
	PROOF=full go test -count=1 -timeout 60m -tags faults -v ./internal/fault
	ROUNDS=$(or $(ROUNDS),1000) go test -count=1 -timeout 120m -v -run 'TestRace|TestCaseIsOneRegister' ./internal/command
	FULL=1 go test -count=1 -timeout 60m -v -run 'TestForgeries|TestIndependentVerifier' ./internal/command
	FULL=1 go test -count=1 -timeout 60m -v -run 'TestWalk$$|TestTheSameFormAHundredTimes' ./hooks
	ROUNDS=$(or $(ROUNDS),1000) go test -count=1 -timeout 120m -v ./internal/proof

race: ## run the packages with goroutines of their own under the race detector (needs gcc)
	@command -v gcc >/dev/null || { echo "make race needs gcc: install it with your package manager (Debian: apt-get install gcc)"; exit 1; }
	CGO_ENABLED=1 go test -race -count=1 -timeout 20m ./internal/schedule/... ./internal/notify/... ./plugins/catalog/... ./policies/...
	cd plugins/sdk && CGO_ENABLED=1 go test -race -count=1 -timeout 20m ./...

lint: ## formatting, vet, static checks
	@bad=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); [ -z "$$bad" ] || { echo "not formatted:"; echo "$$bad"; exit 1; }
	@for m in $(MODULES); do (cd $$m && go vet ./... && go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...) || exit 1; done

release: ## build the binaries of a release into dist/: make release VERSION=0.1.0
	VERSION=$(VERSION) sh packaging/release.sh

image: ## build the container image (needs buildah)
	sh packaging/image.sh

image-test: ## build the container image, start it and ask it
	sh packaging/image.sh test

s3-test: ## make and restore copies in a real S3 service
	sh packaging/s3.sh

acme-test: ## get a certificate from a real authority for tests (needs ports 80 and 443)
	sh packaging/acme.sh

fixture: ## keep the data of this version for the upgrade test: make fixture RELEASE=x.y.z
	go test ./internal/cli -run 'TestUpgrade$$' -count=1 -fixture $(RELEASE)

bench: ## measure; never part of the tests
	go test -run '^$$' -bench . -benchtime 1x -count $(or $(ROUNDS),3) -timeout 60m ./internal/bench

fuzz: ## feed every decoder of outside input with what nobody wrote, FUZZTIME=30s each
	@FUZZTIME=$(FUZZTIME) sh packaging/fuzz.sh

tools:
	@sh packaging/test-tools.sh

clean: ## remove what was built, and the demo
	rm -rf bin dist $(DEMO)

.PHONY: help build run test proof race lint release image image-test s3-test acme-test fixture bench fuzz tools clean
