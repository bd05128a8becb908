#!/bin/sh
# Gets a certificate from a real certificate authority for tests: Pebble, by the people of Let's Encrypt. It refuses a fifth
# of all good requests at random, and nobody answers for the domain at first; then its name is made known.
# Needs ports 80 and 443 of this machine (root, or CAP_NET_BIND_SERVICE for the program), openssl, curl and the network.
#   sh packaging/acme.sh
set -eu
cd "$(dirname "$0")/.."
PEBBLE=github.com/letsencrypt/pebble/v2/cmd
AT=v2.10.3
WORK=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$WORK"' EXIT
export GOTOOLCHAIN=auto CGO_ENABLED=0
GOBIN="$WORK" go install "$PEBBLE/pebble@$AT"
GOBIN="$WORK" go install "$PEBBLE/pebble-challtestsrv@$AT"
go build -trimpath -o "$WORK/certdesk" .
root=$PWD
cd "$WORK"
openssl req -x509 -newkey rsa:2048 -nodes -keyout front.key -out front.pem -days 2 -subj "/CN=front" -addext "subjectAltName=IP:127.0.0.1" 2>/dev/null
cat >pebble.json <<'END'
{"pebble": {"listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000", "certificate": "front.pem",
 "privateKey": "front.key", "httpPort": 80, "tlsPort": 443, "retryAfter": {"authz": 1, "order": 1}, "keyAlgorithm": "ecdsa",
 "profiles": {"default": {"description": "default", "validityPeriod": 7776000}}}}
END
names() { # names starts the name server, by which the authority finds the desk
	./pebble-challtestsrv -defaultIPv6 "" -defaultIPv4 127.0.0.1 -http01 "" -https01 "" -tlsalpn01 "" -doh "" \
		-dnsserver 127.0.0.1:18053 -management 127.0.0.1:18055 >names.log 2>&1 &
	pids="$pids $!"
}
ask() { curl -fsS --cacert root.pem --resolve "$1:443:127.0.0.1" "https://$1/api/ready"; }
fail() { echo "$1" >&2; tail -n 20 desk.log pebble.log >&2; exit 1; }
begin() { # begin starts the desk
	SSL_CERT_FILE="$WORK/front.pem" ./certdesk serve desk.test --acme https://127.0.0.1:14000/dir --dir desk/data >>desk.log 2>&1 &
	desk=$!
	pids="$pids $desk"
}
PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=20 ./pebble -config pebble.json -dnsserver 127.0.0.1:18053 >pebble.log 2>&1 &
pids="$pids $!"
begin
for _ in $(seq 120); do
	grep -q "there is no certificate for desk.test" desk.log && break
	sleep 1
done
grep -q "there is no certificate for desk.test" desk.log || fail "nobody is told that the name leads nowhere"
echo "a name that leads nowhere: the log says so"
names
curl -sk https://127.0.0.1:15000/roots/0 -o root.pem
for _ in $(seq 180); do
	ask desk.test >/dev/null 2>&1 && break
	sleep 1
done
ask desk.test || fail "no certificate"
echo
! ask other.test >/dev/null 2>&1 || fail "a certificate for a name that is not the desk's"
curl -sI --resolve desk.test:80:127.0.0.1 http://desk.test/apply | grep -qi '^location: https://desk.test/apply' || fail "http does not lead to https"
./certdesk doctor --dir desk/data --domain desk.test | grep ' certificate ' || fail "doctor does not see the certificate"
issued=$(grep -c "Issued certificate" pebble.log)
kill "$desk"
wait "$desk" || true
begin
for _ in $(seq 60); do
	grep -q "until=" desk.log && break
	sleep 1
done
grep "until=" desk.log || fail "the start does not say until when the certificate holds"
ask desk.test >/dev/null || fail "no certificate after a start"
[ "$(grep -c "Issued certificate" pebble.log)" = "$issued" ] || fail "a start asks for another certificate, of which there are few a week"
cd "$root"
echo "issued by the authority, kept over a start"
