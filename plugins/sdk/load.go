package sdk

// A type kept in files: what is asked in one, the reasons in another, each letter as running text, so that each can be
// written and read by those who know it best.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Load reads a type from type.json and, where they exist, reasons.json and letters/{passed,not_passed}.{zh-Hans,en}.txt,
// which take the place of the same fields in type.json. An unknown field is an error: it is a misspelt one.
func Load(files fs.FS) (Type, error) {
	var t Type
	if err := readJSON(files, "type.json", &t); err != nil {
		return Type{}, err
	}
	if err := readJSON(files, "reasons.json", &t.Reasons); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Type{}, err
	}
	for name, to := range map[string]*Text{"passed": &t.Letters.Passed, "not_passed": &t.Letters.NotPassed} {
		for lang, s := range map[string]*string{"zh-Hans": &to.ZhHans, "en": &to.En} {
			raw, err := fs.ReadFile(files, "letters/"+name+"."+lang+".txt")
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return Type{}, err
			}
			*s = strings.TrimSpace(string(raw))
		}
	}
	return t, nil
}

// LoadAnswers reads the answers of an example form.
func LoadAnswers(files fs.FS, name string) (Answers, error) {
	var a Answers
	err := readJSON(files, name, &a)
	return a, err
}

// Phrases are the findings that a type can make, by code: level, what they point at, and their sentence with {places}.
type Phrases map[string]Finding

// LoadPhrases reads the findings of a type from a file: a list of findings.
func LoadPhrases(files fs.FS, name string) (Phrases, error) {
	var list []Finding
	if err := readJSON(files, name, &list); err != nil {
		return nil, err
	}
	p := Phrases{}
	for _, f := range list {
		if _, twice := p[f.Code]; twice {
			return nil, fmt.Errorf("%s: %s is there twice", name, f.Code)
		}
		p[f.Code] = f
	}
	return p, nil
}

// Say makes the finding of a code, each {place} filled from pairs of place and value. An unknown code makes a finding of
// level Warn that says its code, so that a mistake in a type is seen and hides nothing.
func (p Phrases) Say(code string, pairs ...string) Finding {
	f, ok := p[code]
	if !ok {
		return Finding{Code: code, Level: Warn, Text: Text{ZhHans: code, En: code}}
	}
	f.Text = f.Text.fill(pairs)
	return f
}

func readJSON(files fs.FS, name string, to any) error {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("%s: something follows the end", name)
	}
	return nil
}
