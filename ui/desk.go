package ui

// The review desk: modules, style sheet and sentences that the dashboard loads as an extension. It is served as written.

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed desk locales/desk.zh-Hans.json locales/desk.en.json
var deskFiles embed.FS

// Desk returns the extension's files: main.js at the root, as PocketBase wants it, and the sentences under locales/.
func Desk() fs.FS { return deskFS{} }

type deskFS struct{}

// Open finds name among the desk's own files, and locales/… beside them.
func (deskFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	switch {
	case name == ".":
		return deskFiles.Open("desk")
	case strings.HasPrefix(name, "locales/"):
		return deskFiles.Open(name)
	}
	return deskFiles.Open("desk/" + name)
}
