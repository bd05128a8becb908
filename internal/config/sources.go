package config

// Where settings come from: one file of "key = value" lines, the environment, flags. A name that is none is refused.

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"unicode/utf8"
)

const (
	envPrefix = "CERTDESK_"
	envFile   = envPrefix + "CONFIG"
)

func fromFlags(given map[string]value, flags map[string]string) error {
	var errs []error
	for name, text := range flags {
		errs = append(errs, put(given, name, text, "--"+name))
	}
	return errors.Join(errs...)
}

// fromEnv reads CERTDESK_…; an empty one is as good as none.
func fromEnv(given map[string]value, env []string) error {
	var errs []error
	for _, e := range env {
		name, text, _ := strings.Cut(e, "=")
		if !strings.HasPrefix(name, envPrefix) || name == envFile || text == "" {
			continue
		}
		key := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, envPrefix), "_", "-"))
		if s, ok := named(key); !ok || s.env() != name {
			errs = append(errs, unknown(name, "the environment", func(s setting) string { return s.env() }))
			continue
		}
		errs = append(errs, put(given, key, text, name))
	}
	return errors.Join(errs...)
}

// fromFile reads the file that is named, by flag or by CERTDESK_CONFIG. That there is none where one is named is an error.
func fromFile(given map[string]value, file *string, env []string) error {
	for _, e := range env {
		if name, text, _ := strings.Cut(e, "="); name == envFile && *file == "" {
			*file = text
		}
	}
	if *file == "" {
		return nil
	}
	raw, err := os.ReadFile(*file)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	if !utf8.Valid(raw) {
		return fmt.Errorf("settings: %s is not a text in UTF-8", *file)
	}
	var errs []error
	for i, line := range strings.Split(strings.TrimPrefix(string(raw), "\ufeff"), "\n") {
		errs = append(errs, fromLine(given, line, fmt.Sprintf("%s:%d", *file, i+1)))
	}
	return errors.Join(append(errs, guarded(given, *file))...)
}

// fromLine reads "key = value"; empty lines and lines that begin with # say nothing. Quotes around the value may be left out.
func fromLine(given map[string]value, line, at string) error {
	line = strings.TrimSpace(line)
	if line == "" || line[0] == '#' {
		return nil
	}
	name, text, ok := strings.Cut(line, "=")
	name, text = strings.TrimSpace(name), strings.TrimSpace(text)
	if !ok {
		return fmt.Errorf("%s: %q: allowed is a line like \"http = 127.0.0.1:8090\"", at, line)
	}
	if len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' {
		text = text[1 : len(text)-1]
	}
	if first, twice := given[name]; twice {
		return fmt.Errorf("%s: %s was given in %s already", at, name, first.from)
	}
	return put(given, name, text, at)
}

// guarded refuses a file with secrets in it that other users of the machine can read.
func guarded(given map[string]value, file string) error {
	info, err := os.Stat(file)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o007 == 0 {
		return err
	}
	for _, v := range given {
		if v.secret && v.text != "" && v.text[0] != '@' {
			return fmt.Errorf("settings: %s holds the secret %s and can be read by everybody (mode %04o): allowed is 0600 or 0640", file, v.name, info.Mode().Perm())
		}
	}
	return nil
}

func put(given map[string]value, name, text, from string) error {
	s, ok := named(name)
	if !ok {
		return unknown(name, from, func(s setting) string { return s.name })
	}
	given[name] = value{s, strings.TrimSpace(text), from}
	return nil
}

// open replaces "@path" as the value of a secret by what the file holds.
func (v *value) open() error {
	path, ok := strings.CutPrefix(v.text, "@")
	if !v.secret || !ok {
		return nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%s (%s): the file with the secret cannot be read: %w", v.name, v.from, err)
	}
	v.text = strings.TrimSpace(string(raw))
	return nil
}

// unknown refuses a name, and suggests the one that is most like it.
func unknown(name, from string, spell func(setting) string) error {
	best, distance := "", len(strings.TrimPrefix(name, envPrefix))/2+1
	for _, s := range settings {
		if d := apart(strings.ToLower(name), strings.ToLower(spell(s))); d < distance {
			best, distance = spell(s), d
		}
	}
	e := fmt.Sprintf("%s (%s): there is no such setting", name, from)
	if best != "" {
		e += "; is " + best + " meant?"
	}
	return errors.New(e)
}

// apart counts the letters to add, take away or change to come from one word to the other.
func apart(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}
