#!/bin/sh
# Builds what a release consists of into dist/: a static binary for each system, an SBOM, and the sums of all of it. The same
# source and the same Go give the same bytes: no path, no time and no state of the repository gets in.
#   VERSION=0.1.0 sh packaging/release.sh
set -eu
cd "$(dirname "$0")/.."
: "${VERSION:?say which: VERSION=0.1.0 make release}"
DIST=${DIST:-dist}
export CGO_ENABLED=0
rm -rf "$DIST"
mkdir -p "$DIST"
for target in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64; do
	os=${target%/*} arch=${target#*/}
	file="$DIST/certdesk_${VERSION}_${os}_${arch}"
	GOOS=$os GOARCH=$arch go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X github.com/certdesk/certdesk/internal/cli.Version=$VERSION" -o "$file" .
	echo "$file"
done
go run ./packaging/sbom "$DIST/certdesk_${VERSION}_linux_amd64" "$VERSION" >"$DIST/certdesk_${VERSION}.cdx.json"
cp packaging/certdesk.service LICENSE "$DIST/"
(cd "$DIST" && sha256sum certdesk_* certdesk.service LICENSE >SHA256SUMS)
echo "$DIST/SHA256SUMS"
