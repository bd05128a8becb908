package source

// What the scaffold gets: everything that builds, nothing that only tests.

import (
	"io/fs"
	"os"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	if err := Write(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum", "type.go", "serve/serve.go", "sdktest/sdktest.go", "internal/wire/v1/certification.proto"} {
		if _, err := os.Stat(dir + "/" + name); err != nil {
			t.Error(err)
		}
	}
	_ = fs.WalkDir(os.DirFS(dir), ".", func(name string, _ fs.DirEntry, _ error) error {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata") {
			t.Errorf("%s was written", name)
		}
		return nil
	})
}

func TestModule(t *testing.T) {
	lang, requires, sum, err := Module()
	if err != nil || lang != "1.25.0" || len(sum) == 0 {
		t.Fatalf("%q, %v", lang, err)
	}
	for _, r := range requires {
		if len(strings.Fields(r)) != 2 {
			t.Errorf("%q", r)
		}
	}
}
