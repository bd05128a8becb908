package ledger

// Reading entries that are plainly in canonical form: exactly the bytes that encode writes, every text without an escape. What is
// not is left to decode, which says what is wrong; what is accepted here, decode accepts with the same result (tested).

import (
	"bytes"
	"strconv"
	"time"
	"unicode/utf8"
)

// scanner walks through the text of an entry; bad once it met something that is not plain.
type scanner struct {
	data []byte
	all  string // the same, for texts that are cut out of it
	at   int
	bad  bool
}

// scan reads an entry if it is plain.
func scan(data []byte) (c canonical, plain bool) {
	s := &scanner{data: data, all: string(data)}
	s.want(`{"act":`)
	c.Act = s.text()
	s.want(`,"actor":`)
	c.Actor = s.text()
	if s.has(`,"also":{`) {
		c.Also = s.also()
	}
	if s.has(`,"answer":`) {
		from := s.at
		s.value(0)
		c.Answer = data[from:s.at:s.at]
	}
	s.want(`,"at":`)
	c.At = s.text()
	s.some(`,"commit":`, &c.Commit)
	s.some(`,"from":`, &c.From)
	s.some(`,"input":`, &c.Input)
	s.some(`,"key":`, &c.Key)
	s.some(`,"noun":`, &c.Noun)
	s.some(`,"reason":`, &c.Reason)
	s.some(`,"role":`, &c.Role)
	if s.has(`,"rows":[`) {
		c.Rows = s.rows()
	}
	s.want(`,"seq":`)
	c.Seq = s.number()
	s.some(`,"target":`, &c.Target)
	s.some(`,"to":`, &c.To)
	s.want(`,"v":1}`)
	c.V = 1
	if s.bad || s.at != len(data) || bytes.Equal(c.Answer, []byte("null")) {
		return canonical{}, false
	}
	if _, err := time.Parse(timeLayout, c.At); err != nil {
		return canonical{}, false
	}
	return c, true
}

func (s *scanner) has(text string) bool {
	if s.bad || len(s.all)-s.at < len(text) || s.all[s.at:s.at+len(text)] != text {
		return false
	}
	s.at += len(text)
	return true
}

func (s *scanner) want(text string) {
	if !s.has(text) {
		s.bad = true
	}
}

// some reads a text that is left out when it is empty.
func (s *scanner) some(name string, into *string) {
	if s.has(name) {
		*into = s.text()
		s.bad = s.bad || *into == ""
	}
}

// text reads a text without escapes.
func (s *scanner) text() string {
	s.want(`"`)
	if s.bad {
		return ""
	}
	from, ascii := s.at, true
	for ; s.at < len(s.data); s.at++ {
		switch b := s.data[s.at]; {
		case b == '"':
			text := s.all[from:s.at]
			s.at++
			s.bad = !ascii && !legible(text)
			return text
		case b < ' ' || b == '\\':
			s.bad = true
			return ""
		case b >= utf8.RuneSelf:
			ascii = false
		}
	}
	s.bad = true
	return ""
}

// legible reports whether JSON keeps a text as it is: U+2028 and U+2029 are written as escapes.
func legible(text string) bool {
	for _, r := range text {
		if r == '\u2028' || r == '\u2029' || r == utf8.RuneError {
			return false
		}
	}
	return true
}

// number reads a whole number as encode writes it, of at most 18 digits.
func (s *scanner) number() int64 {
	from := s.at
	s.has("-")
	digits := s.at
	for s.at < len(s.data) && s.data[s.at] >= '0' && s.data[s.at] <= '9' {
		s.at++
	}
	n := s.at - digits
	if s.bad || n == 0 || n > 18 || s.data[digits] == '0' && (n > 1 || digits > from) {
		s.bad = true
		return 0
	}
	v, err := strconv.ParseInt(s.all[from:s.at], 10, 64)
	s.bad = err != nil
	return v
}

func (s *scanner) also() map[string]string {
	all, before := map[string]string{}, ""
	for !s.bad {
		name := s.text()
		s.want(":")
		value := s.text()
		if len(all) > 0 && name <= before { // sorted, each once
			s.bad = true
		}
		all[name], before = value, name
		if s.has("}") {
			break
		}
		s.want(",")
	}
	return all
}

func (s *scanner) rows() (all []Row) {
	for !s.bad {
		var r Row
		s.want(`{"noun":`)
		r.Noun = s.text()
		s.want(`,"id":`)
		r.ID = s.text()
		s.some(`,"digest":`, &r.Digest)
		if s.has(`,"rev":`) {
			r.Rev = s.number()
			s.bad = s.bad || r.Rev == 0
		}
		r.Gone = s.has(`,"gone":true`)
		s.want("}")
		all = append(all, r)
		if s.has("]") {
			break
		}
		s.want(",")
	}
	return all
}

// value passes over any value without white space, whose numbers are whole and whose texts have no escapes.
func (s *scanner) value(deep int) {
	switch {
	case s.bad || deep > 8 || s.at == len(s.data):
		s.bad = true
	case s.data[s.at] == '"':
		s.text()
	case s.has("{}"), s.has("[]"), s.has("true"), s.has("false"), s.has("null"):
	case s.has("{"):
		for !s.bad {
			s.text()
			s.want(":")
			s.value(deep + 1)
			if s.has("}") {
				return
			}
			s.want(",")
		}
	case s.has("["):
		for !s.bad {
			s.value(deep + 1)
			if s.has("]") {
				return
			}
			s.want(",")
		}
	default:
		s.number()
	}
}
