package corpus

// The pictures that Go's own tests are made of: those of the toolchain that runs the test, wherever it lies, and those of
// golang.org/x/image in the module cache.

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// unlike the others of their folders, these are refused.
var refused = map[string]string{
	"invalid-crc32.png": "failed", "invalid-noend.png": "cut_off", "invalid-trunc.png": "cut_off", "invalid-zlib.png": "failed",
}

// kinds of files by their ends, and what becomes of them.
var kinds = map[string]struct{ media, code string }{
	".jpeg": {media: MediaJPEG}, ".png": {media: MediaPNG}, ".gif": {code: "kind_gif"}, ".webp": {code: "kind_webp"}, ".tiff": {code: "kind_tiff"}, ".bmp": {code: "kind_bmp"},
}

// Toolchain reads them. The error names the folder that has none.
func Toolchain() (all []Upload, err error) {
	root, err := said("go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	module, err := said("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/image")
	if err != nil {
		return nil, err
	}
	for _, dir := range []string{filepath.Join(root, "src", "image", "testdata"), filepath.Join(root, "src", "image", "png", "testdata"), filepath.Join(module, "testdata")} {
		found, err := folder(dir)
		if err == nil && len(found) < 5 {
			err = errors.New("no pictures: the toolchain or the module was installed without its test data")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
		all = append(all, found...)
	}
	return all, nil
}

func folder(dir string) (all []Upload, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		kind, known := kinds[filepath.Ext(path)]
		if err != nil || d.IsDir() || !known {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := filepath.Base(path)
		u := Upload{What: filepath.Base(filepath.Dir(filepath.Dir(path))) + " " + name, Name: name, Data: data, Media: kind.media, Code: kind.code, N: 1}
		if code := refused[name]; code != "" {
			u.Code = code
		}
		all = append(all, u)
		return nil
	})
	return all, err
}

func said(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}
