// Package source is the SDK's own source, which `certdesk plugin new` writes beside a new type so that its author can
// build it without downloading anything of the desk.
package source

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// Write writes the SDK as a module of its own into dir, which it makes. Tests and their data stay behind.
func Write(dir string) error {
	return fs.WalkDir(sdk.Source, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case d.IsDir() || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		raw, err := sdk.Source.ReadFile(name)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		return os.WriteFile(to, raw, 0o644)
	})
}

// Module returns the SDK's language version, the modules that it needs ("path version"), and its go.sum, which is also
// enough for a module that needs nothing but the SDK.
func Module() (lang string, requires []string, sum []byte, err error) {
	mod, err := sdk.Source.ReadFile("go.mod")
	if err != nil {
		return "", nil, nil, err
	}
	if sum, err = sdk.Source.ReadFile("go.sum"); err != nil {
		return "", nil, nil, err
	}
	if m := regexp.MustCompile(`(?m)^go (\S+)$`).FindSubmatch(mod); m != nil {
		lang = string(m[1])
	}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+ v\S+)`).FindAllSubmatch(mod, -1) {
		requires = append(requires, string(m[1]))
	}
	if lang == "" || len(requires) == 0 {
		return "", nil, nil, errors.New("the go.mod of the SDK cannot be read")
	}
	return lang, requires, sum, nil
}
