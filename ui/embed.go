// Package ui holds the screens of the portal: templates, one style sheet, small modules and every sentence they say.
// It knows nothing of cases: it is handed plain views and writes pages.
package ui

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
)

//go:embed portal locales/portal.zh-Hans.json locales/portal.en.json locales/server.zh-Hans.json locales/server.en.json
var files embed.FS

// AssetRoot is the path under which the server hands out the files that Asset knows.
const AssetRoot = "/ui/"

// An Asset is a file that pages ask for: the style sheet or a module.
type Asset struct {
	Data   []byte
	Media  string // its Content-Type
	Digest string // of Data; pages name it in the address, so it may be cached for ever
}

var media = map[string]string{".svg": "image/svg+xml", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}

func loadAssets() (map[string]Asset, error) {
	all := map[string]Asset{}
	entries, err := fs.ReadDir(files, "portal")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		kind, ok := media[path.Ext(e.Name())]
		if !ok {
			continue
		}
		data, err := files.ReadFile("portal/" + e.Name())
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(data)
		all[e.Name()] = Asset{Data: data, Media: kind, Digest: hex.EncodeToString(sum[:])[:12]}
	}
	return all, nil
}

// Asset returns a file by its name ("portal.css"), and whether there is one.
func (u *UI) Asset(name string) (Asset, bool) {
	a, ok := u.assets[strings.TrimPrefix(name, "/")]
	return a, ok
}
