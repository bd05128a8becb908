package cli

import "github.com/certdesk/certdesk/internal/config"

// Listens says at which addresses a desk with these settings listens, and at which of them it answers itself.
func Listens(cfg config.Config) (http, https, main string, domains []string) {
	sc, main := addresses(cfg)
	return sc.HttpAddr, sc.HttpsAddr, main, sc.CertificateDomains
}

var Automatic = automatic
