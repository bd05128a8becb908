#!/bin/sh
# Builds the container image with buildah, without root and without any registry, and with "test" starts it and asks it.
#   sh packaging/image.sh [test]
set -eu
cd "$(dirname "$0")/.."
command -v buildah >/dev/null 2>&1 || { echo "The image needs buildah (Debian: apt-get install buildah)." >&2; exit 1; }
VERSION=${VERSION:-dev}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
root="$WORK/image"
mkdir -p "$root/etc/ssl/certs" "$root/usr/share" "$WORK/data/tmp"
CGO_ENABLED=0 GOOS=linux go build -trimpath -buildvcs=false -ldflags "-s -w -X github.com/certdesk/certdesk/internal/cli.Version=$VERSION" -o "$root/certdesk" .
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
cp -rL /usr/share/zoneinfo "$root/usr/share/zoneinfo"
echo 'certdesk:x:65532:65532::/var/lib/certdesk:/sbin/nologin' >"$root/etc/passwd"
echo 'certdesk:x:65532:' >"$root/etc/group"
chmod 0700 "$WORK/data" "$WORK/data/tmp"
export BUILDAH_ISOLATION=${BUILDAH_ISOLATION:-chroot} STORAGE_DRIVER=${STORAGE_DRIVER:-vfs}
buildah bud --quiet -f packaging/Containerfile -t "certdesk:$VERSION" "$WORK"
[ "${1:-}" = test ] || exit 0

box=$(buildah from --pull-never "localhost/certdesk:$VERSION")
log="$WORK/log"
buildah run --user 65532:65532 "$box" -- /certdesk version
buildah run --user 65532:65532 "$box" -- /certdesk doctor || true # a new image has no desk yet
buildah run --user 65532:65532 --env CERTDESK_HTTP=127.0.0.1:${PORT:-18190} "$box" -- /certdesk serve >"$log" 2>&1 &
pid=$!
trap 'kill $pid 2>/dev/null || true; wait $pid 2>/dev/null || true; buildah rm "$box" >/dev/null; rm -rf "$WORK"' EXIT
for _ in $(seq 60); do
	if curl -fs "http://127.0.0.1:${PORT:-18190}/api/ready"; then
		echo
		curl -fs "http://127.0.0.1:${PORT:-18190}/setup" >/dev/null
		echo "the image starts and is ready"
		exit 0
	fi
	sleep 1
done
cat "$log" >&2
echo "the image did not get ready" >&2
exit 1
