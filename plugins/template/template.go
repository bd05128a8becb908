// Package template holds the files from which `certdesk plugin new` writes a new certification type: a complete sample
// that builds, passes its test, and is there to be changed. The files are *.tmpl so that Go leaves them alone.
package template

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

//go:embed *.tmpl
var files embed.FS

// Values fill the template.
type Values struct {
	ID       string   // of the new type
	Module   string   // module path of the new plugin
	Go       string   // language version for its go.mod
	Requires []string // "path version" of each module that the SDK needs
}

// Write writes every file of the template into dir, without ".tmpl". It overwrites nothing.
func Write(dir string, v Values) error {
	entries, err := files.ReadDir(".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		raw, err := files.ReadFile(e.Name())
		if err != nil {
			return err
		}
		t, err := template.New(e.Name()).Option("missingkey=error").Parse(string(raw))
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := t.Execute(&b, v); err != nil {
			return err
		}
		if err := writeNew(filepath.Join(dir, strings.TrimSuffix(e.Name(), ".tmpl")), b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func writeNew(path string, raw []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("nothing is overwritten: %w", err)
	}
	if _, err := f.Write(raw); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
