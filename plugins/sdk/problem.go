package sdk

// What is wrong with an answer, for machines (a code) and for the person who gave it (a sentence that says what to do).

import (
	_ "embed"
	"encoding/json"
	"errors"
	"strings"
)

// FormatError says that something entered is not of the form that it has to be. Its code has a sentence in Sentence.
type FormatError struct {
	Code string
}

// Error returns the code.
func (e FormatError) Error() string { return e.Code }

// Problem is one thing that an applicant has to put right, at the field where it is.
type Problem struct {
	Field string `json:"field"` // the question or slot
	Code  string `json:"code"`
	Text  Text   `json:"text"` // what to do, in plain words
}

//go:embed problems.json
var problemsJSON []byte

var sentences = mustRead[map[string]Text](problemsJSON)

// Sentence returns the sentence of a code, with each {place} filled from pairs of place and value; false for an unknown
// code.
func Sentence(code string, pairs ...string) (Text, bool) {
	t, ok := sentences[code]
	return t.fill(pairs), ok
}

// Wrong makes the problem of a code at a field. An unknown code gets the sentence of "other".
func Wrong(field, code string, pairs ...string) Problem {
	t, ok := Sentence(code, pairs...)
	if !ok {
		t, _ = Sentence("other")
	}
	return Problem{Field: field, Code: code, Text: t}
}

// WrongFormat makes the problem of an error that one of the format functions returned.
func WrongFormat(field string, err error) Problem {
	var format FormatError
	if errors.As(err, &format) {
		return Wrong(field, format.Code)
	}
	return Wrong(field, "other")
}

// fill puts values into the {places} of both languages. A value is put in as it is and not read for places again.
func (t Text) fill(pairs []string) Text {
	if len(pairs) < 2 {
		return t
	}
	old := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		old = append(old, "{"+pairs[i]+"}", pairs[i+1])
	}
	r := strings.NewReplacer(old...)
	return Text{ZhHans: r.Replace(t.ZhHans), En: r.Replace(t.En)}
}

// mustRead reads data that is part of this module: a test reads all of it, so that it cannot fail in a released program.
func mustRead[T any](raw []byte) T {
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		panic("sdk: embedded data: " + err.Error())
	}
	return v
}
