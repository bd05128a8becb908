package testkit

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"
)

// Unzip reads every file of a ZIP, by name.
func Unzip(t testing.TB, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatalf("no ZIP: %v\n%.500s", err, raw)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(f.Name, err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(f.Name, err)
		}
		all[f.Name] = string(text)
	}
	return all
}
