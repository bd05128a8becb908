package config

// What is allowed as a value. Each check returns "" or, in plain words, what would be allowed.

import (
	"errors"
	"net"
	"net/http"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

const (
	required = true
	optional = false
)

func folder(at func(*Config) *string, must bool) func(*Config, string) string {
	return func(c *Config, s string) string {
		if s == "" && must || strings.ContainsFunc(s, unicode.IsControl) || strings.Contains(s, "?") {
			return "a path without question mark or control characters"
		}
		*at(c) = s
		return ""
	}
}

func setPlace(at func(*Config) *string) func(*Config, string) string {
	return func(c *Config, s string) string {
		if u, err := url.Parse(s); strings.HasPrefix(s, "s3://") && (err != nil || u.Host == "" || u.User != nil || u.Fragment != "") {
			return "a folder, or s3://bucket/prefix?endpoint=https://…&region=… without the keys in it"
		}
		if !strings.HasPrefix(s, "s3://") {
			return folder(at, optional)(c, s)
		}
		*at(c) = s
		return ""
	}
}

func secretText(at func(*Config) *string) func(*Config, string) string {
	return func(c *Config, s string) string {
		if access, secret, ok := strings.Cut(s, ":"); s != "" && (!ok || access == "" || secret == "") {
			return "ACCESS_KEY:SECRET_KEY"
		}
		*at(c) = s
		return ""
	}
}

func setClock(c *Config, s string) string {
	if _, err := time.Parse("15:04", s); err != nil {
		return "a time of the day, like 03:00"
	}
	c.Backup.At = s
	return ""
}

func setKeep(c *Config, s string) string {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1000 {
		return "a number from 1 to 1000"
	}
	c.Backup.Keep = n
	return ""
}

func setMetrics(c *Config, s string) string {
	if s == "" {
		return ""
	}
	other := *c
	if allowed := setAddress(&other, s); allowed != "" {
		return "host:port, like 127.0.0.1:9090"
	}
	c.Metrics = other.HTTP
	if strings.HasPrefix(s, ":") {
		c.Metrics = "127.0.0.1" + s // this machine only, unless another address is given
	}
	return ""
}

func choice(at func(*Config) *string, allowed ...string) func(*Config, string) string {
	return func(c *Config, s string) string {
		if !slices.Contains(allowed, s) {
			return strings.Trim(strings.Join(allowed, " or "), " ") + ", or nothing"
		}
		*at(c) = s
		return ""
	}
}

func yesNo(at func(*Config) *bool) func(*Config, string) string {
	return func(c *Config, s string) string {
		switch s {
		case "true", "yes", "on", "1":
			*at(c) = true
		case "false", "no", "off", "0":
			*at(c) = false
		default:
			return "true or false"
		}
		return ""
	}
}

func setAddress(c *Config, s string) string {
	host, port, err := net.SplitHostPort(s)
	n, err2 := strconv.ParseUint(port, 10, 16)
	if err != nil || err2 != nil || strconv.FormatUint(n, 10) != port || strings.ContainsFunc(host, unicode.IsSpace) {
		return "host:port, like 127.0.0.1:8090, or :8090 for all addresses of this machine"
	}
	c.HTTP = s
	return ""
}

func setURL(c *Config, s string) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "https://host or http://host, with a port if need be, without a path"
	}
	c.URL = u.Scheme + "://" + strings.ToLower(u.Host)
	return ""
}

func setDomain(c *Config, s string) string {
	labels := strings.Split(s, ".")
	wrong := len(labels) < 2 || len(s) > 253
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			wrong = true
		}
	}
	if s != "" && (wrong || netIP(s)) {
		return "a domain name in lower case, like desk.example.org (a Chinese one in its xn-- form)"
	}
	c.Domain = s
	return ""
}

func setACME(c *Config, s string) string {
	if u, err := url.Parse(s); s != "" && (err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "") {
		return "the https:// address of an ACME directory, like https://acme-staging-v02.api.letsencrypt.org/directory"
	}
	c.ACME = s
	return ""
}

func netIP(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

func setProxy(c *Config, s string) string {
	list, err := prefixes(s)
	for _, p := range list {
		if p.Bits() == 0 {
			err = errors.New("everybody")
		}
	}
	if err != nil {
		return "addresses or networks of your own proxies (10.0.0.2, fd00::/64), separated by commas; not the whole Internet"
	}
	c.Proxy = list
	return ""
}

func setSuperuserIPs(c *Config, s string) string {
	list, err := prefixes(s)
	if err != nil || len(list) == 0 {
		return "addresses or networks (127.0.0.1, 10.0.0.0/8), separated by commas"
	}
	c.SuperuserIPs = list
	return ""
}

// prefixes reads a list of addresses and networks. An address with bits behind its network is a mistake.
func prefixes(s string) (list []netip.Prefix, err error) {
	for item := range strings.SplitSeq(s, ",") {
		item = strings.TrimSpace(item)
		if item == "" && s == "" {
			continue
		}
		if a, err := netip.ParseAddr(item); err == nil && a.Zone() == "" {
			list = append(list, netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(item)
		if err != nil || p != p.Masked() {
			return nil, errors.Join(errors.New("not a network"), err)
		}
		list = append(list, p)
	}
	return list, nil
}

func setSMS(c *Config, s string) string {
	if s == "log" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return "log, or https://… (http:// to this machine only)"
	}
	c.SMS.URL = s
	return ""
}

func setSMSHeader(c *Config, s string) string {
	name, value, _ := strings.Cut(s, ":")
	token := name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
	if s != "" && (!token || strings.TrimSpace(value) == "" || strings.ContainsFunc(value, unicode.IsControl)) {
		return "Name: value, on one line"
	}
	if s != "" {
		c.SMS.Header = http.CanonicalHeaderKey(name) + ": " + strings.TrimSpace(value)
	}
	return ""
}

func setSMSSecret(c *Config, s string) string {
	if s != "" && len(s) < 16 {
		return "at least 16 characters"
	}
	c.SMS.Secret = s
	return ""
}

func setSMTP(c *Config, s string) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || !sender(u.RawQuery) || u.Fragment != "" {
		return "smtp://user:password@host:587 or smtps://user:password@host:465 (other characters than letters and digits as %40 and so on), with ?from=desk@example.org behind it where mail has another sender than the user"
	}
	c.SMTP = s
	return ""
}

// sender reports whether a query says nothing, or from which address mail leaves.
func sender(query string) bool {
	q, err := url.ParseQuery(query)
	if err != nil {
		return false
	}
	from := q["from"]
	delete(q, "from")
	if len(q) > 0 || len(from) > 1 {
		return false
	}
	if len(from) == 0 {
		return query == ""
	}
	a, err := mail.ParseAddress(from[0])
	return err == nil && a.Address == from[0] && a.Name == ""
}

func setDiskFloor(c *Config, s string) string {
	const allowed = "a size like 512MB or 2GB, at most 1000GB; 0 for none"
	if s == "0" {
		c.DiskFloor = 0
		return ""
	}
	number, mega := strings.CutSuffix(s, "MB")
	size := uint64(1 << 20)
	if !mega {
		var giga bool
		if number, giga = strings.CutSuffix(s, "GB"); !giga {
			return allowed
		}
		size = 1 << 30
	}
	n, err := strconv.ParseUint(number, 10, 64)
	if err != nil || n == 0 || n*size > 1000<<30 || n > 1<<20 {
		return allowed
	}
	c.DiskFloor = n * size
	return ""
}

func setLogLevel(c *Config, s string) string {
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, s) || c.LogLevel.UnmarshalText([]byte(s)) != nil {
		return "debug, info, warn or error"
	}
	return ""
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// together checks settings that only make sense, or none, with one another.
func (c *Config) together() error {
	var errs []error
	wrong := func(name, allowed string) {
		i := slices.IndexFunc(c.values, func(v value) bool { return v.name == name })
		errs = append(errs, c.values[i].wrong(allowed))
	}
	host, _, _ := net.SplitHostPort(c.HTTP)
	for _, rule := range []struct {
		broken  bool
		setting string
		allowed string
	}{
		{inside(c.Keys, c.Dir) || inside(c.Dir, c.Keys), "keys", "a folder apart from the data folder " + c.Dir + ": a copy of the data must not carry the keys"},
		{inside(c.RootKey, c.Dir), "root-key", "a file outside the data folder " + c.Dir},
		{inside(c.Plugins, c.Dir), "plugins", "a folder outside the data folder " + c.Dir},
		{c.Policies != "" && inside(c.Policies, filepath.Join(c.Dir, "storage")), "policies", "a folder of their own"},
		{(c.TLSCert == "") != (c.TLSKey == ""), "tls-cert", "tls-cert and tls-key together, or neither"},
		{c.Domain != "" && c.TLSCert != "", "domain", "either domain (automatic certificates) or tls-cert and tls-key"},
		{c.Domain != "" && len(c.Proxy) > 0, "domain", "either domain (certificates here) or proxy (certificates there)"},
		{c.ACME != "" && c.Domain == "", "acme", "nothing, as long as there is no domain: it is the authority for automatic certificates"},
		{c.SMS.URL == "" && c.SMS.Header != "", "sms-header", "nothing, as long as sms is log"},
		{c.SMS.URL == "" && c.SMS.Secret != "", "sms-secret", "nothing, as long as sms is log"},
		{c.Maintenance && (!loopback(host) || c.Domain != ""), "maintenance", "with an http address on this machine only (127.0.0.1:8090) and without domain"},
		{(c.Backup.Data == "") != (c.Backup.Keys == ""), "backup-keys", "backup and backup-keys together, or neither: without its keys nobody can read a copy"},
		{within(c.Backup.Data, c.Dir, c.Keys), "backup", "a place outside the data folder and the folder of the keys, on another disk if possible"},
		{within(c.Backup.Keys, c.Dir, c.Keys), "backup-keys", "a place outside the data folder and the folder of the keys, on another disk if possible"},
		{c.Backup.Data != "" && c.Backup.Data == c.Backup.Keys, "backup-keys", "another place than backup: whoever has both has everything"},
		{strings.HasPrefix(c.Backup.Data, "s3://") && c.Backup.DataSecret == "", "backup-secret", "ACCESS_KEY:SECRET_KEY, as backup is an S3 service"},
		{strings.HasPrefix(c.Backup.Keys, "s3://") && c.Backup.KeysSecret == "", "backup-keys-secret", "ACCESS_KEY:SECRET_KEY, as backup-keys is an S3 service"},
		{c.Metrics != "" && c.Metrics == c.HTTP, "metrics", "an address of its own"},
		{c.Maintenance && c.Demo, "maintenance", "either maintenance or demo"},
	} {
		if rule.broken {
			wrong(rule.setting, rule.allowed)
		}
	}
	return errors.Join(errs...)
}

// within reports whether a place of copies lies in one of these folders, or the other way round.
func within(place string, folders ...string) bool {
	return place != "" && !strings.HasPrefix(place, "s3://") && slices.ContainsFunc(folders, func(f string) bool { return inside(place, f) || inside(f, place) })
}
