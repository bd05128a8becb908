package vault

// Looking for names in a PDF that stand for things that run or carry other files. The file is read as
// it lies there, and a second time as pdfium wrote it anew: unencrypted, with nothing packed away.

import (
	"bytes"
	_ "embed"
	"strings"
)

//go:embed inspect_pdfnames.txt
var forbiddenNames string

// scriptName gives the first name in a PDF that is on the list, "" if there is none. Names are compared
// with their #-escapes decoded; strings, comments and the insides of streams are not names.
func scriptName(pdf []byte) string {
	forbidden := map[string]bool{}
	for name := range strings.FieldsSeq(forbiddenNames) {
		forbidden[name] = true
	}
	s := nameScanner{text: pdf}
	for s.next() {
		if forbidden[s.name] {
			return s.name
		}
	}
	return ""
}

type nameScanner struct {
	text []byte
	name string
}

// next goes to the next name; it always goes forward, whatever the file contains.
func (s *nameScanner) next() bool {
	for len(s.text) > 0 {
		switch c := s.text[0]; {
		case c == '/':
			s.text = s.text[1:]
			s.name = unescapeName(s.word())
			return true
		case c == '%':
			s.skipTo("\r\n")
		case c == '(':
			s.skipString()
		case c == '<' && !bytes.HasPrefix(s.text, []byte("<<")):
			s.skipHex()
		case isRegular(c):
			if string(s.word()) == "stream" {
				s.skipStream()
			}
		case c == '<':
			s.text = s.text[2:]
		default:
			s.text = s.text[1:]
		}
	}
	return false
}

func (s *nameScanner) word() []byte {
	n := 0
	for n < len(s.text) && isRegular(s.text[n]) {
		n++
	}
	word := s.text[:n]
	s.text = s.text[n:]
	return word
}

func (s *nameScanner) skipTo(ends string) {
	if at := bytes.IndexAny(s.text, ends); at >= 0 {
		s.text = s.text[at:]
	} else {
		s.text = nil
	}
}

// skipHex skips a hexadecimal string; what is none is not skipped, so that a stray < hides nothing.
func (s *nameScanner) skipHex() {
	for i, c := range s.text[1:] {
		switch {
		case c == '>':
			s.text = s.text[i+2:]
			return
		case !isHexDigit(c) && !isSpace(c):
			s.text = s.text[1:]
			return
		}
	}
	s.text = s.text[1:]
}

// skipString skips a literal string with its nested brackets; one that never closes is not skipped.
func (s *nameScanner) skipString() {
	depth := 0
	for i := 0; i < len(s.text); i++ {
		switch s.text[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				s.text = s.text[i+1:]
				return
			}
		}
	}
	s.text = s.text[1:]
}

// skipStream skips the inside of a stream; one that never ends is not skipped.
func (s *nameScanner) skipStream() {
	if at := bytes.Index(s.text, []byte("endstream")); at >= 0 {
		s.text = s.text[at+len("endstream"):]
	}
}

func unescapeName(word []byte) string {
	if bytes.IndexByte(word, '#') < 0 {
		return string(word)
	}
	out := make([]byte, 0, len(word))
	for i := 0; i < len(word); i++ {
		if word[i] == '#' && i+2 < len(word) && isHexDigit(word[i+1]) && isHexDigit(word[i+2]) {
			out = append(out, hexValue(word[i+1])<<4|hexValue(word[i+2]))
			i += 2
			continue
		}
		out = append(out, word[i])
	}
	return string(out)
}

func isSpace(c byte) bool   { return strings.IndexByte("\x00\t\n\f\r ", c) >= 0 }
func isRegular(c byte) bool { return !isSpace(c) && strings.IndexByte("()<>[]{}/%", c) < 0 }

func isHexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func hexValue(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	}
	return c - 'A' + 10
}
