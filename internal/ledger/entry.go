package ledger

// The canonical form of an entry: the bytes that are hashed, and the table row that holds them.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

const timeLayout = "2006-01-02 15:04:05.000Z"

// canonical is what is hashed: JSON with its names in this (alphabetical) order, nothing empty, no white space.
type canonical struct {
	Act    string            `json:"act"`
	Actor  string            `json:"actor"`
	Also   map[string]string `json:"also,omitempty"`
	Answer json.RawMessage   `json:"answer,omitempty"`
	At     string            `json:"at"`
	Commit string            `json:"commit,omitempty"`
	From   string            `json:"from,omitempty"`
	Input  string            `json:"input,omitempty"`
	Key    string            `json:"key,omitempty"`
	Noun   string            `json:"noun,omitempty"`
	Reason string            `json:"reason,omitempty"`
	Role   string            `json:"role,omitempty"`
	Rows   []Row             `json:"rows,omitempty"`
	Seq    int64             `json:"seq"`
	Target string            `json:"target,omitempty"`
	To     string            `json:"to,omitempty"`
	V      int               `json:"v"`
}

// line is one row of ledger_entries.
type line struct {
	Seq     int64  `db:"seq"`
	At      string `db:"at"`
	Actor   string `db:"actor"`
	Role    string `db:"role"`
	Act     string `db:"act"`
	Noun    string `db:"noun"`
	Target  string `db:"target"`
	Key     string `db:"key"`
	Data    []byte `db:"data"`
	Payload string `db:"payload"`
	Salt    string `db:"salt"`
}

// newLine puts an entry into its canonical form. Salt is for its payload.
func newLine(e Entry, salt string) (line, error) {
	if e.At.IsZero() || e.Actor == "" || e.Act == "" {
		return line{}, fmt.Errorf("an entry needs a time, an actor and an act: %+v", e)
	}
	c := canonical{V: 1, Seq: e.Seq, At: e.At.UTC().Format(timeLayout), Actor: e.Actor, Role: e.Role, Act: e.Act, Noun: e.Noun, Target: e.Target,
		From: e.From, To: e.To, Key: e.Key, Input: e.Input, Reason: e.Reason, Rows: e.Rows, Also: e.Also, Answer: e.Answer}
	l := line{Seq: e.Seq, At: c.At, Actor: e.Actor, Role: e.Role, Act: e.Act, Noun: e.Noun, Target: e.Target, Key: e.Key}
	if len(e.Payload) > 0 {
		l.Payload, l.Salt = string(e.Payload), salt
		c.Commit = commitment(salt, l.Payload)
	}
	var err error
	l.Data, err = c.encode()
	if err == nil && !e.legible() {
		err = errors.New("an entry of the ledger holds a text that is not UTF-8")
	}
	return l, err
}

func (c canonical) encode() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(c)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// legible reports whether the canonical form holds every text as it is: JSON would replace bytes that are not UTF-8.
func (e Entry) legible() bool {
	texts := []string{e.Actor, e.Role, e.Act, e.Noun, e.Target, e.From, e.To, e.Key, e.Input, e.Reason, string(e.Payload), string(e.Answer)}
	for _, r := range e.Rows {
		texts = append(texts, r.Noun, r.ID, r.Digest)
	}
	for name, value := range e.Also {
		texts = append(texts, name, value)
	}
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return false
		}
	}
	return true
}

// decode reads the canonical form. An unknown name, a name twice, anything after it, or a time that is none is an error.
func decode(data []byte) (c canonical, err error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return c, err
	}
	if c.V != 1 {
		return c, fmt.Errorf("version %d of the format", c.V)
	}
	if _, err := time.Parse(timeLayout, c.At); err != nil {
		return c, err
	}
	again, err := c.encode()
	if err == nil && !bytes.Equal(again, data) {
		err = errors.New("not in canonical form")
	}
	return c, err
}

// entry reads a row of the table back.
func (l line) entry() (Entry, error) {
	c, err := decode(l.Data)
	if err != nil {
		return Entry{}, fmt.Errorf("ledger entry %d: %w", l.Seq, err)
	}
	at, err := time.Parse(timeLayout, c.At)
	if err != nil {
		return Entry{}, fmt.Errorf("ledger entry %d: %w", l.Seq, err)
	}
	e := Entry{Seq: c.Seq, At: at, Actor: c.Actor, Role: c.Role, Act: c.Act, Noun: c.Noun, Target: c.Target, From: c.From, To: c.To, Key: c.Key,
		Input: c.Input, Reason: c.Reason, Rows: c.Rows, Also: c.Also, Answer: c.Answer, Erased: c.Commit != "" && l.Payload == ""}
	if l.Payload != "" {
		e.Payload = []byte(l.Payload)
	}
	return e, nil
}

// differs names the columns that do not say what the canonical form says.
func (l line) differs(c canonical) string {
	var names []string
	for _, f := range []struct{ name, column, data string }{
		{"at", l.At, c.At}, {"actor", l.Actor, c.Actor}, {"role", l.Role, c.Role}, {"act", l.Act, c.Act},
		{"noun", l.Noun, c.Noun}, {"target", l.Target, c.Target}, {"key", l.Key, c.Key},
	} {
		if f.column != f.data {
			names = append(names, f.name)
		}
	}
	if c.Seq != l.Seq {
		names = append(names, "seq")
	}
	return strings.Join(names, ", ")
}
