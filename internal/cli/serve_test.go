package cli_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/acme/autocert"

	"github.com/certdesk/certdesk/hooks"
	"github.com/certdesk/certdesk/internal/cli"
	"github.com/certdesk/certdesk/internal/config"
)

// served starts a desk by its command line and waits until it answers at url; it is stopped with the test.
func served(t *testing.T, client *http.Client, url string, args ...string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	cmd := cli.Root(func(app core.App, cfg config.Config, _ io.Writer) { hooks.Register(app, cfg, nil) })
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SetArgs(append([]string{"serve", "--log-level", "error"}, args...))
	ended := make(chan error, 1)
	go func() { ended <- cmd.ExecuteContext(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the desk ended with %v\n%s", err, out.String())
		}
	})
	for range 600 {
		if r, err := client.Get(url + "/api/health"); err == nil {
			r.Body.Close()
			return
		}
		select {
		case err := <-ended:
			ended <- nil
			t.Fatalf("the desk ended with %v\n%s", err, out.String())
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Fatal("the desk does not answer")
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// certificate writes a certificate of its own for this machine into two files; it lives for so long.
func certificate(t *testing.T, serial int64, lives time.Duration, cert, key string) {
	t.Helper()
	pair, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "desk"}, NotAfter: time.Now().Add(lives), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err1 := x509.CreateCertificate(rand.Reader, c, c, &pair.PublicKey, pair)
	raw, err2 := x509.MarshalPKCS8PrivateKey(pair)
	if err := errors.Join(err1, err2, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), 0o600),
		os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// TestOwnCertificate serves a certificate from files, takes up a renewed one, and keeps the old one while the files are half
// written.
func TestOwnCertificate(t *testing.T) {
	s, at := machine(t), freePort(t)
	cert, key := filepath.Join(s.dir, "cert.pem"), filepath.Join(s.dir, "key.pem")
	certificate(t, 1, time.Hour, cert, key)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
	served(t, client, "https://"+at, "--dir", s.data, "--http", at, "--tls-cert", cert, "--tls-key", key)
	serial := func() int64 {
		r, err := client.Get("https://" + at + "/api/health")
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r.TLS.PeerCertificates[0].SerialNumber.Int64()
	}
	later := time.Now().Add(time.Minute)
	for _, step := range []struct {
		what   string
		change func() error
		want   int64
	}{
		{"at first", func() error { return nil }, 1},
		{"half written", func() error {
			return errors.Join(os.WriteFile(cert, []byte("-----BEGIN CERT"), 0o600), os.Chtimes(cert, later, later))
		}, 1},
		{"renewed", func() error {
			certificate(t, 2, time.Hour, cert, key)
			return os.Chtimes(cert, later.Add(time.Minute), later.Add(time.Minute))
		}, 2},
		{"gone", func() error { return os.Remove(cert) }, 2},
	} {
		if err := step.change(); err != nil {
			t.Fatal(err)
		}
		if got := serial(); got != step.want {
			t.Errorf("%s: certificate %d is served, want %d", step.what, got, step.want)
		}
	}
}

// TestNoCertificate says in the log why there is none, once a minute and for one's own domain only: whoever
// asks for other names cannot fill it.
func TestNoCertificate(t *testing.T) {
	var out bytes.Buffer
	se := &core.ServeEvent{Server: &http.Server{TLSConfig: &tls.Config{}}, CertManager: &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(t.TempDir()), HostPolicy: autocert.HostWhitelist("desk.example.cn"),
	}}
	ended, end := context.WithCancel(t.Context())
	end() // the first fetch is left to the test
	cli.Automatic(ended, se, config.Config{Domain: "desk.example.cn", ACME: "https://127.0.0.1:1/directory"}, slog.New(slog.NewTextHandler(&out, nil)))
	for _, name := range []string{"other.example.cn", "desk.example.cn", "desk.example.cn"} {
		hello := &tls.ClientHelloInfo{ServerName: name, SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}}
		if c, err := se.Server.TLSConfig.GetCertificate(hello); err == nil {
			t.Errorf("a certificate for %s: %v", name, c)
		}
	}
	if got := out.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "there is no certificate for desk.example.cn") || !strings.Contains(got, "connection refused") {
		t.Errorf("the log says\n%s", got)
	}
}

// TestServeRefuses says in words why it does not start: the files of the certificate, an address that is taken.
func TestServeRefuses(t *testing.T) {
	s := machine(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"an address that is taken": {[]string{"--http", taken.Addr().String()}, "another desk"},
		"a domain and a proxy":     {[]string{"desk.example.cn", "--proxy", "127.0.0.1"}, "certificates here"},
		"a domain given twice":     {[]string{"desk.example.cn", "--domain", "desk.example.cn"}, "twice"},
		"a domain that is none":    {[]string{"desk"}, "domain name"},
		"half a certificate":       {[]string{"--tls-cert", "cert.pem"}, "together"},
	} {
		if _, err := typed("", append([]string{"serve", "--dir", s.data}, c.args...)...); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(s.data); !errors.Is(err, os.ErrNotExist) {
		t.Error("a refusal made a data folder")
	}
}

// TestWhereItListens: a domain takes 80 and 443 and asks for that one certificate; otherwise the one address that is given.
func TestWhereItListens(t *testing.T) {
	for name, c := range map[string]struct {
		given             map[string]string
		http, https, main string
	}{
		"behind a proxy": {map[string]string{"proxy": "127.0.0.1"}, "127.0.0.1:8090", "", "127.0.0.1:8090"},
		"own files":      {map[string]string{"tls-cert": "c", "tls-key": "k", "http": "127.0.0.1:8443"}, "", "127.0.0.1:8443", "127.0.0.1:8443"},
		"a domain":       {map[string]string{"domain": "desk.example.cn"}, ":80", ":443", ":443"},
	} {
		cfg, err := config.Load(c.given, nil, "")
		if err != nil {
			t.Fatal(err)
		}
		http, https, main, domains := cli.Listens(cfg)
		if http != c.http || https != c.https || main != c.main || (c.given["domain"] != "") != (len(domains) == 1 && domains[0] == "desk.example.cn") {
			t.Errorf("%s: %s %s %s %v", name, http, https, main, domains)
		}
	}
}
