// Package config reads what has to be known before the desk starts: address, folders, proxy, secrets. Everything is
// checked at once and each mistake is named with the setting, the value and what is allowed; nothing is guessed. What a
// manager changes while the desk runs is not here but in the desk's own row.
package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
	"text/tabwriter"
)

// Config is the whole of the start-up settings, checked.
type Config struct {
	Version string // of this program; not a setting

	Dir      string // the data folder, absolute like all folders here
	Keys     string // folder of keys.db and the signing key
	RootKey  string // file of the root key
	Plugins  string // folder of dropped-in certification types
	Policies string // the team's own policies, "" if none
	Calendar string // file of the team's own holidays, "" if none

	HTTP    string // address to listen on
	URL     string // public URL if it is given here, "" if the desk's row says it
	Domain  string // domain for automatic certificates
	ACME    string // directory of the certificate authority (RFC 8555, section 7.1.1); empty is Let's Encrypt
	TLSCert string
	TLSKey  string

	Proxy        []netip.Prefix // whose forwarded header is believed
	SuperuserIPs []netip.Prefix // from where superusers may sign in

	PluginSandbox string // "" or "off"
	SMS           SMS
	SMTP          string // smtp://user:password@host:port, "" if the desk's row says it

	DiskFloor uint64 // bytes of room below which what takes much of it is refused
	Backup    Backup
	Metrics   string // address of the metrics, "" if they are off

	Demo        bool
	Maintenance bool
	LogLevel    slog.Level

	values []value
}

// SMS says how text messages leave.
type SMS struct {
	URL    string // of the webhook; "" means that messages are only written to the log
	Header string // "Name: value", sent with every call
	Secret string // signs every call
}

// Backup says where copies go, when, and how many stay.
type Backup struct {
	Data, Keys             string // a folder or s3://…; "" makes none
	DataSecret, KeysSecret string // of the S3 services
	At                     string // "03:00", by the desk's own time
	Keep                   int
}

// Together reports whether copies of data and keys end up in one place, in which whoever has it has everything.
func (b Backup) Together() bool {
	if b.Data == "" || b.Keys == "" {
		return false
	}
	data, keys, s3 := b.Data, b.Keys, strings.HasPrefix(b.Data, "s3://")
	if s3 != strings.HasPrefix(b.Keys, "s3://") {
		return false
	}
	if s3 {
		data, _, _ = strings.Cut(strings.TrimPrefix(data, "s3://"), "/")
		keys, _, _ = strings.Cut(strings.TrimPrefix(keys, "s3://"), "/")
		return data == keys
	}
	return inside(data, keys) || inside(keys, data) || filepath.Dir(data) == filepath.Dir(keys)
}

// value is a setting as it was given.
type value struct {
	setting
	text string
	from string
}

// Error is one mistake in a setting.
type Error struct {
	Setting string
	Value   string // masked if it is a secret
	From    string // where it was given
	Allowed string
}

// Error says all of it in one line.
func (e *Error) Error() string {
	return fmt.Sprintf("%s = %q (%s): allowed is %s", e.Setting, e.Value, e.From, e.Allowed)
}

// Load reads the settings: what flags say goes before the environment (CERTDESK_…), that before the file, that before
// the defaults. Flags holds only those that were given; env is like os.Environ; file may be empty, then CERTDESK_CONFIG
// names it, and if nothing does there is none. The error joins an *Error for each mistake.
func Load(flags map[string]string, env []string, file string) (Config, error) {
	given := map[string]value{}
	errs := []error{fromFile(given, &file, env), fromEnv(given, env), fromFlags(given, flags)}
	var c Config
	for _, s := range settings {
		v, ok := given[s.name]
		if !ok {
			v = value{s, s.standard, "default"}
		}
		if err := v.open(); err != nil {
			errs = append(errs, err)
			continue
		}
		if allowed := s.set(&c, v.text); allowed != "" {
			errs = append(errs, v.wrong(allowed))
		}
		c.values = append(c.values, v)
	}
	if err := errors.Join(errs...); err != nil {
		return Config{}, err
	}
	if err := errors.Join(c.fill(), c.together()); err != nil {
		return Config{}, err
	}
	return c, nil
}

func (v value) wrong(allowed string) error {
	return &Error{Setting: v.name, Value: v.shown(), From: v.from, Allowed: allowed}
}

// shown is the value as people may see it.
func (v value) shown() string {
	if v.secret && v.text != "" {
		return "********"
	}
	return v.text
}

// fill makes folders absolute and puts those that were not given beside the data folder.
func (c *Config) fill() error {
	beside := func(to *string, name string) {
		if *to == "" {
			*to = filepath.Join(filepath.Dir(c.Dir), name)
		}
	}
	var err error
	if c.Dir, err = filepath.Abs(c.Dir); err != nil {
		return err
	}
	beside(&c.Keys, "keys")
	beside(&c.Plugins, "pb_plugins")
	for _, dir := range []*string{&c.Keys, &c.Plugins, &c.Policies, &c.Calendar, &c.RootKey, &c.TLSCert, &c.TLSKey, &c.Backup.Data, &c.Backup.Keys} {
		if *dir == "" || strings.HasPrefix(*dir, "s3://") {
			continue
		}
		if *dir, err = filepath.Abs(*dir); err != nil {
			return err
		}
	}
	if c.RootKey == "" {
		c.RootKey = filepath.Join(c.Keys, "root.key")
	}
	return nil
}

// Print lists every setting with its value and where it comes from; secrets are masked.
func (c Config) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	effective := map[string]string{"dir": c.Dir, "keys": c.Keys, "root-key": c.RootKey, "plugins": c.Plugins}
	for _, v := range c.values {
		text := v.shown()
		if e, ok := effective[v.name]; ok {
			text = e
		}
		fmt.Fprintf(t, "%s\t= %s\t# %s\n", v.name, text, v.from)
	}
	return t.Flush()
}

// Help lists every setting with its default and what it is for.
func Help(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, s := range settings {
		fmt.Fprintf(t, "--%s\t%s\t%s\t%s\n", s.name, s.env(), s.standard, s.help)
	}
	return t.Flush()
}

// Names lists the settings with default and help, for the command line to make its flags of.
func Names(yield func(name, standard, help string) bool) {
	for _, s := range settings {
		if !yield(s.name, s.standard, s.help) {
			return
		}
	}
}

func inside(child, parent string) bool {
	rel, err := filepath.Rel(parent, child)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
