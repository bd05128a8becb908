package ui

// Forms: what was entered, what is wrong with it, and how each kind of question is drawn.

import "strconv"

// FieldError says what is wrong with one field. Field is the name of the input, empty for the whole form.
type FieldError struct {
	Field string
	Text  string
}

// Form is a form to fill in, or one that comes back with errors; views with a form embed it.
type Form struct {
	Action string            // where it is posted to
	Token  string            // form token; empty: the browser's
	Key    string            // idempotency key; empty: a new one each time it is drawn
	Rev    string            // revision of the row that the form is about, if any
	Errors []FieldError      // what to put right, in the order of the page
	Values map[string]string // what was entered, by name of the input; kept when the form comes back
}

// HasErrors says whether there is something to put right.
func (f Form) HasErrors() bool { return len(f.Errors) > 0 }

// Error is the first sentence about a field.
func (f Form) Error(field string) string {
	for _, e := range f.Errors {
		if e.Field == field {
			return e.Text
		}
	}
	return ""
}

// Value is what was entered in a field.
func (f Form) Value(field string) string { return f.Values[field] }

// Option is one answer of a choice.
type Option struct {
	Value string
	Label string
	Hint  string
	On    bool
}

// Field is one input with its label. Kind is a kind of question of a certification type (text, long, name, latin_name,
// resident_id, credit_code, phone, email, date, valid_until, choice, choices, yes_no, number), or one that only the portal
// itself asks for: password, code, select, tick.
type Field struct {
	Name     string // of the input; dates add .year .month .day, valid_until adds .long
	Kind     string
	Label    string
	Hint     string
	Error    string
	Value    string   // what was entered or kept
	Year     string   // date and valid_until: their three parts
	Month    string   //
	Day      string   //
	Long     bool     // valid_until: the document is valid without end
	Optional bool     // may be left out, and says so
	Heading  bool     // its label is the heading of the page
	Options  []Option // choice, choices and select; yes_no brings its own
	Auto     string   // autocomplete; "off" if empty
	Rows     int      // long: lines to see
}

type look struct{ shape, typ, mode, class string }

// looks says for each kind with which element it is drawn, and which keys a phone offers.
var looks = map[string]look{
	"text": {"line", "text", "text", ""}, "name": {"line", "text", "text", "name"}, "latin_name": {"line", "text", "text", "caps"},
	"resident_id": {"line", "text", "text", "caps"}, "credit_code": {"line", "text", "text", "caps"}, "number": {"line", "text", "numeric", "short"},
	"phone": {"line", "tel", "tel", ""}, "email": {"line", "email", "email", ""}, "password": {"line", "password", "text", ""},
	"code": {"line", "text", "numeric", "code"}, "long": {"area", "", "", ""}, "date": {"date", "", "", ""}, "valid_until": {"date", "", "", ""},
	"choice": {"pick", "radio", "", ""}, "yes_no": {"pick", "radio", "", ""}, "choices": {"pick", "checkbox", "", ""},
	"select": {"select", "", "", ""}, "tick": {"tick", "checkbox", "", ""},
}

// Drawn is a field as the templates see it.
type Drawn struct {
	Field
	Shape, Type, Mode, Class string
}

func (f Field) shape() Drawn {
	l, ok := looks[f.Kind]
	if !ok {
		l = looks["text"]
	}
	if f.Auto == "" {
		f.Auto = "off"
	}
	if f.Rows == 0 {
		f.Rows = 5
	}
	return Drawn{f, l.shape, l.typ, l.mode, l.class}
}

// Part is one of the three inputs of a date.
type Part struct{ Name, ID, Label, Value, Class string }

// field builds a field of a form in a template, from named words: kind label hint auto options heading optional rows value.
func (t *texts) field(f Form, name string, pairs ...any) (Field, error) {
	m, err := pairsOf(pairs)
	if err != nil {
		return Field{}, err
	}
	word := func(k string) string { s, _ := m[k].(string); return s }
	is := func(k string) bool { b, _ := m[k].(bool); return b }
	d := Field{Name: name, Kind: word("kind"), Label: word("label"), Hint: word("hint"), Error: f.Error(name), Value: f.Value(name),
		Auto: word("auto"), Heading: is("heading"), Optional: is("optional")}
	if v, ok := m["value"].(string); ok && d.Value == "" && len(f.Values) == 0 {
		d.Value = v
	}
	d.Rows, _ = m["rows"].(int)
	if options, ok := m["options"].([]Option); ok {
		d.Options = options
	}
	return d, nil
}

// Picked is a field's options with what was chosen marked; values of several are separated by line ends.
func (f Drawn) Picked() []Option {
	all := make([]Option, len(f.Options))
	for i, o := range f.Options {
		o.On = o.On || hasLine(f.Value, o.Value)
		all[i] = o
	}
	return all
}

// ID is the id of the field's n-th control; the first one has the field's name, so that an error can lead to it.
func (f Drawn) ID(n int) string {
	if n == 0 {
		return f.Name
	}
	return f.Name + "-" + strconv.Itoa(n)
}

func hasLine(all, one string) bool {
	for len(all) > 0 {
		line := all
		all = ""
		for i, c := range line {
			if c == '\n' {
				line, all = line[:i], line[i+1:]
				break
			}
		}
		if line == one {
			return true
		}
	}
	return false
}
