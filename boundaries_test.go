package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/certdesk/certdesk/"

// imports says which packages of ours a package may import. An entry ending in /* is every package below it.
var imports = []struct {
	pkg string
	may []string
}{
	{"plugins/sdk/source", []string{"plugins/sdk"}},
	{"plugins/sdk/check", []string{"plugins/sdk"}},
	{"plugins/sdk/serve", []string{"plugins/sdk", "plugins/sdk/internal/*"}},
	{"plugins/sdk/host", []string{"plugins/sdk", "plugins/sdk/check", "plugins/sdk/internal/*"}},
	{"plugins/sdk/sdktest", []string{"plugins/sdk", "plugins/sdk/*"}},
	{"plugins/sdk/internal/*", []string{"plugins/sdk", "plugins/sdk/internal/*"}},
	{"plugins/sdk", nil},
	{"pb_migrations", nil},
	{"policies", nil},
	{"ui", nil},
	{"internal/config", nil},
	{"internal/sandbox", nil},
	{"internal/sqlite", nil},
	{"internal/ledger", []string{"internal/fault", "internal/sqlite"}},
	{"internal/schedule", []string{"internal/fault"}},
	{"internal/fault", nil},
	{"internal/sheet", nil},
	{"internal/hostile/corpus", nil},
	{"plugins/bundled/*", []string{"plugins/sdk", "plugins/sdk/serve", "plugins/sdk/check"}},
	{"plugins/template", nil},
	{"plugins/catalog", []string{"plugins/sdk", "plugins/sdk/host", "plugins/sdk/serve", "plugins/sdk/check", "internal/sandbox", "plugins/bundled/*"}},
	{"internal/flow", []string{"plugins/sdk", "plugins/sdk/check"}},
	{"internal/vault", []string{"internal/fault", "internal/sandbox"}},
	{"internal/credential", []string{"internal/flow"}},
	{"packaging/sbom", nil},
	{"internal/specimen", []string{"internal/credential"}},
	{"internal/records", []string{"internal/flow", "internal/sqlite", "internal/vault", "plugins/sdk"}},
	{"internal/notify", []string{"internal/fault", "internal/flow", "internal/records", "internal/schedule", "internal/vault"}},
	{"internal/command", []string{"internal/fault", "internal/flow", "internal/ledger", "internal/notify", "internal/records", "internal/schedule", "internal/sqlite", "internal/vault", "policies", "plugins/sdk", "plugins/sdk/check"}},
	{"internal/backup", []string{"internal/command", "internal/ledger", "internal/records", "internal/vault"}},
	{"hooks", []string{"internal/backup", "internal/command", "internal/config", "internal/credential", "internal/flow", "internal/ledger", "internal/notify", "internal/records", "internal/sandbox", "internal/schedule", "internal/sheet", "internal/specimen", "internal/vault", "plugins/catalog", "plugins/bundled/*", "plugins/sdk", "plugins/sdk/check", "ui"}},
	{"internal/cli", []string{"internal/*", "plugins/catalog", "plugins/sdk", "plugins/sdk/*", "plugins/template", "policies", "ui", "pb_migrations"}},
}

// free may import everything.
var free = []string{"", "internal/testkit", "internal/journeys", "internal/proof", "internal/bench"}

// owners says which packages may use a library that has one owner.
var owners = map[string][]string{
	"github.com/casbin/":                  {"policies"},
	"github.com/robfig/cron/":             {"internal/schedule"},
	"github.com/hashicorp/go-plugin":      {"plugins"},
	"github.com/wneessen/go-mail":         {"internal/notify"},
	"filippo.io/age":                      {"internal/vault", "internal/cli"},
	"github.com/klippa-app/go-pdfium":     {"internal/vault"},
	"golang.org/x/mod/sumdb":              {"internal/ledger"},
	"github.com/landlock-lsm/":            {"internal/sandbox"},
	"github.com/signintech/gopdf":         {"internal/credential"},
	"github.com/boombuler/barcode":        {"internal/credential"},
	"modernc.org/sqlite":                  {"internal/sqlite", "internal/backup", "internal/vault"},
	"github.com/nyaruka/phonenumbers":     {},
	"github.com/pocketbase/pocketbase":    {"hooks", "internal/backup", "internal/command", "internal/cli", "internal/records", "pb_migrations", ""},
	"github.com/nicksnyder/go-i18n/":      {"ui"},
	"github.com/prometheus/client_golang": {"hooks"},
	"honnef.co/go/tools":                  {},
}

type source struct {
	pkg, file string
	imports   []string
}

func sources(t *testing.T) []source {
	var all []source
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "bin" || name == "demo_data") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		s := source{pkg: strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "."), file: filepath.ToSlash(path)}
		for _, i := range f.Imports {
			p, _ := strconv.Unquote(i.Path.Value)
			s.imports = append(s.imports, p)
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func matches(pattern, pkg string) bool {
	if base, ok := strings.CutSuffix(pattern, "/*"); ok {
		return strings.HasPrefix(pkg, base+"/")
	}
	return pattern == pkg
}

func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		if slices.Contains(free, s.pkg) {
			continue
		}
		i := slices.IndexFunc(imports, func(r struct {
			pkg string
			may []string
		}) bool {
			return matches(r.pkg, s.pkg)
		})
		if i < 0 {
			t.Errorf("%s: package %s has no line in the import table", s.file, s.pkg)
			continue
		}
		for _, p := range s.imports {
			ours, ok := strings.CutPrefix(p, module)
			if !ok || ours == s.pkg {
				continue
			}
			if !slices.ContainsFunc(imports[i].may, func(m string) bool { return matches(m, ours) }) {
				t.Errorf("%s imports %s, which %s may not", s.file, ours, imports[i].pkg)
			}
		}
	}
}

func TestOwners(t *testing.T) {
	for _, s := range sources(t) {
		if slices.Contains(free[1:], s.pkg) {
			continue
		}
		for _, p := range s.imports {
			for lib, may := range owners {
				if !strings.HasPrefix(p, lib) {
					continue
				}
				if !slices.ContainsFunc(may, func(o string) bool { return s.pkg == o || o != "" && strings.HasPrefix(s.pkg, o+"/") }) {
					t.Errorf("%s imports %s, which belongs to %v", s.file, p, may)
				}
			}
		}
	}
}
