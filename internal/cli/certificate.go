package cli

// The certificate for TLS: an authority's own, fetched and renewed by itself, or files that somebody else renews.

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/acme"

	"github.com/certdesk/certdesk/internal/config"
)

const (
	fetchAfter = 2 * time.Second     // until both ports are open: the authority calls back
	sayAgain   = time.Minute         // how often a failure is logged while visitors keep trying
	endsSoon   = 14 * 24 * time.Hour // automatic ones are renewed 30 days before their end
)

// automatic lets the authority that is named issue the certificate, and fetches it as soon as both ports are open, so that
// the first visitor does not wait for it and a failure stands in the log of the start. Whatever fails later is logged too.
func automatic(ctx context.Context, se *core.ServeEvent, cfg config.Config, log *slog.Logger) {
	if cfg.ACME != "" {
		se.CertManager.Client = &acme.Client{DirectoryURL: cfg.ACME}
	}
	f := &fetched{get: se.CertManager.GetCertificate, domain: cfg.Domain, log: log}
	se.Server.TLSConfig.GetCertificate = f.certificate
	time.AfterFunc(fetchAfter, func() {
		if ctx.Err() == nil {
			f.first()
		}
	})
}

// fetched says in the log why there is no certificate: a browser shows its visitor no reason.
type fetched struct {
	get    func(*tls.ClientHelloInfo) (*tls.Certificate, error)
	domain string
	log    *slog.Logger

	mu   sync.Mutex
	said time.Time
}

func (f *fetched) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	c, err := f.get(hello)
	if err != nil && hello.ServerName == f.domain && f.turn() {
		f.log.Error("there is no certificate for "+f.domain+": its address has to lead to this machine, and ports 80 and 443 have to be open from outside", "because", err)
	}
	return c, err
}

// turn says whether it is time to log a failure again.
func (f *fetched) turn() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.said) < sayAgain {
		return false
	}
	f.said = time.Now()
	return true
}

// first asks as today's browsers do: for a certificate with a key on a curve.
func (f *fetched) first() {
	c, err := f.certificate(&tls.ClientHelloInfo{
		ServerName: f.domain, SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256},
		SupportedCurves: []tls.CurveID{tls.CurveP256}, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
	})
	if err == nil && c.Leaf != nil {
		f.log.Info("certificate", "domain", f.domain, "until", c.Leaf.NotAfter.Format(time.DateOnly))
	}
}

// ownCertificate serves a certificate from files, and reads them again when they are renewed. Files that cannot be read
// refuse to start.
func ownCertificate(se *core.ServeEvent, cfg config.Config) error {
	f := &certificateFiles{cert: cfg.TLSCert, key: cfg.TLSKey}
	if _, err := f.get(nil); err != nil {
		return fmt.Errorf("certificate %s: %w", cfg.TLSCert, err)
	}
	se.Server.TLSConfig.GetCertificate = f.get
	return nil
}

type certificateFiles struct {
	cert, key string

	mu   sync.Mutex
	made time.Time
	last *tls.Certificate
}

func (f *certificateFiles) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.cert)
	if err == nil && f.last != nil && info.ModTime().Equal(f.made) {
		return f.last, nil
	}
	if err == nil {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(f.cert, f.key); err == nil {
			f.last, f.made = &pair, info.ModTime()
		}
	}
	if f.last != nil { // half-written files: the certificate of before still holds
		return f.last, nil
	}
	return nil, err
}

// lookCertificate says how long the certificate that is served still holds, by the file in which it is kept.
func lookCertificate(p *patient) (string, string) {
	file, renew := p.cfg.TLSCert, "renew it there; it is taken up without a start"
	if p.cfg.Domain != "" {
		file = filepath.Join(p.cfg.Dir, core.LocalAutocertCacheDirName, p.cfg.Domain)
		renew = "it should have been renewed by itself: the log says why it was not"
	}
	if file == "" {
		return "", "" // plain http, or a proxy in front
	}
	c, err := readCertificate(file)
	switch left := time.Until(c.NotAfter); {
	case errors.Is(err, fs.ErrNotExist) && p.cfg.Domain != "":
		return warned, fmt.Sprintf("none for %s yet: it is fetched at the first start; the log says so if it could not be", p.cfg.Domain)
	case err != nil:
		return broken, fmt.Sprintf("the certificate in %s cannot be read: %v", file, err)
	case left <= 0:
		return broken, fmt.Sprintf("the certificate in %s ended on %s: %s", file, c.NotAfter.Format(time.DateOnly), renew)
	case left < endsSoon:
		return warned, fmt.Sprintf("the certificate in %s ends on %s: %s", file, c.NotAfter.Format(time.DateOnly), renew)
	default:
		return fine, fmt.Sprintf("valid until %s", c.NotAfter.Format(time.DateOnly))
	}
}

// readCertificate reads the first certificate of a PEM file, which may hold the key and the chain too.
func readCertificate(file string) (x509.Certificate, error) {
	raw, err := os.ReadFile(file)
	for block, rest := pem.Decode(raw); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return x509.Certificate{}, err
			}
			return *c, nil
		}
	}
	if err == nil {
		err = errors.New("there is no certificate in it")
	}
	return x509.Certificate{}, err
}
