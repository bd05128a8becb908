#!/bin/sh
# Makes, tries, restores and prunes copies in an S3 service that is no stand-in: the gateway of Versity (Apache-2.0), which
# keeps its objects in a folder.
#   sh packaging/s3.sh
set -eu
cd "$(dirname "$0")/.."
GATEWAY=github.com/versity/versitygw/cmd/versitygw@v1.8.0
PORT=${PORT:-17070}
WORK=$(mktemp -d)
trap 'kill $pid 2>/dev/null || true; rm -rf "$WORK"' EXIT
pid=
export GOTOOLCHAIN=auto CGO_ENABLED=0
GOBIN="$WORK" go install "$GATEWAY"
mkdir -p "$WORK/objects/copies"
"$WORK/versitygw" --port "127.0.0.1:$PORT" --access somebody --secret secret posix "$WORK/objects" >"$WORK/log" 2>&1 &
pid=$!
go test ./internal/backup -count=1 -v -run TestS3 -s3 "http://127.0.0.1:$PORT" || { tail -n 20 "$WORK/log"; exit 1; }
grep -q '?uploads\|uploadId' "$WORK/log" || { echo "no file went in parts: the test does not reach what it is for" >&2; exit 1; }
find "$WORK/objects/copies" -type f | wc -l | sed 's/$/ objects are kept/'
