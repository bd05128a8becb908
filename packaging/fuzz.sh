#!/usr/bin/env sh
# Every fuzz target of every module, one after the other, each for FUZZTIME. What one finds is written to testdata/fuzz
# beside its test and is from then on tried by the ordinary tests.
set -eu
for module in . plugins/sdk; do
	dirs=$(cd "$module" && grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u)
	for dir in $dirs; do
		case "$module $dir" in ". ./plugins/sdk"*) continue ;; esac # a module of its own
		found=$(cd "$module" && go test -list '^Fuzz' "$dir") # by itself, so that a failure ends the script
		for target in $(echo "$found" | grep '^Fuzz'); do
			echo "$module $dir $target"
			(cd "$module" && go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-30s}" "$dir")
		done
	done
done
