package vault

// What a file is, by its content. Its name is only asked whether it lies.

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"encoding/hex"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// The media types that are accepted.
const (
	mediaJPEG = "image/jpeg"
	mediaPNG  = "image/png"
	mediaPDF  = "application/pdf"
)

var (
	//go:embed inspect_magic.csv
	magicTable string
	//go:embed inspect_names.csv
	nameTable string
)

// magic is one way to know a kind by its bytes.
type magic struct {
	kind     string
	at       int
	bytes    []byte
	contains []byte
}

var magics = sync.OnceValue(func() (out []magic) {
	for _, row := range table(magicTable) {
		at, err := strconv.Atoi(row[1])
		if err != nil {
			panic(err) // the table is part of the program; a test reads it
		}
		text, err := hex.DecodeString(row[2])
		if err != nil {
			panic(err)
		}
		out = append(out, magic{kind: row[0], at: at, bytes: text, contains: []byte(row[3])})
	}
	return out
})

var names = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, row := range table(nameTable) {
		out[row[0]] = row[1]
	}
	return out
})

func table(text string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic(err)
	}
	return rows[1:]
}

// svgStart finds the root element of an SVG behind declarations and comments.
var svgStart = regexp.MustCompile(`(?is)^[\s\x{FEFF}]*(<\?xml.*?\?>|<!--.*?-->|<!DOCTYPE.*?>|\s)*<([a-z]+:)?svg\b`)

// kindOf gives jpeg, png or pdf; everything else is refused with the kind it is, and a file of these
// three whose name says something else altogether is refused as renamed.
func kindOf(up Upload) (string, error) {
	kind := contentKind(up.Data)
	switch kind {
	case "jpeg", "png", "pdf":
	default:
		return "", refuseUpload(kind, "by content")
	}
	said, family := nameKind(up.Name), "picture"
	if kind == "pdf" {
		family = "pdf"
	}
	if said != "" && said != family {
		return "", refuseUpload("renamed", "content is "+kind)
	}
	return kind, nil
}

func contentKind(data []byte) string {
	if startsPDF(data) {
		return "pdf"
	}
	for _, m := range magics() {
		if len(data) >= m.at && bytes.HasPrefix(data[m.at:], m.bytes) && bytes.Contains(data, m.contains) {
			return m.kind
		}
	}
	if svgStart.Match(data[:min(len(data), 8<<10)]) {
		return "kind_svg"
	}
	return "kind_unknown"
}

// nameKind gives what a file name, extension or media type stands for, "" if it says nothing to us.
func nameKind(declared string) string {
	name := strings.ToLower(strings.TrimSpace(declared))
	name, _, _ = strings.Cut(name, ";")
	if kind := names()[strings.TrimSpace(name)]; kind != "" {
		return kind
	}
	ext := strings.TrimPrefix(path.Ext(strings.TrimRight(name, ". ")), ".")
	return names()[strings.TrimSpace(ext)]
}
