package flow

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// A register that others kept until now: which column holds what, and what is wrong with a line. Nothing is guessed of a person: a
// line that cannot be read without doubt is refused by its number, and with one such line nothing is taken over at all.

//go:embed archive_import.csv
var importCSV string

// ImportField is what a column of a register holds.
type ImportField string

// The fields of a line.
const (
	ImportNumber ImportField = "number"
	ImportType   ImportField = "type"
	ImportName   ImportField = "name"
	ImportLatin  ImportField = "latin"
	ImportID     ImportField = "id_number"
	ImportPhone  ImportField = "phone"
	ImportState  ImportField = "state"
	ImportFrom   ImportField = "valid_from"
	ImportUntil  ImportField = "expires_on"
)

// ImportFields are all of them, in the order in which they are shown.
var ImportFields = []ImportField{ImportNumber, ImportType, ImportName, ImportLatin, ImportID, ImportPhone, ImportState, ImportFrom, ImportUntil}

// importNeeded are those without which a line is none. The type may be said once for all lines.
var importNeeded = []ImportField{ImportNumber, ImportName, ImportFrom, ImportUntil}

// importWords says what each word means, for columns and for states.
var importWords = mustImportWords()

func mustImportWords() map[string]map[string]string {
	rows, err := readTable(strings.NewReader(importCSV), "kind", "means", "word")
	if err != nil {
		panic("archive_import.csv: " + err.Error())
	}
	all := map[string]map[string]string{"column": {}, "state": {}}
	for _, r := range rows {
		words, word := all[r.cells[0]], bare(r.cells[2])
		if words == nil || words[word] != "" {
			panic(fmt.Sprintf("archive_import.csv, line %d: %q twice, or of no kind", r.line, r.cells[2]))
		}
		words[word] = r.cells[1]
	}
	return all
}

var bracketed = regexp.MustCompile(`[(（\[【][^)）\]】]*[)）\]】]`)

// bare is a word without what makes no difference.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, bracketed.ReplaceAllString(s, ""))
}

// GuessColumns says by its heading what each column holds; of two with the same meaning the first.
func GuessColumns(header []string) map[ImportField]int {
	found := map[ImportField]int{}
	for i, h := range header {
		f := ImportField(importWords["column"][bare(h)])
		if _, had := found[f]; f != "" && !had {
			found[f] = i
		}
	}
	return found
}

// ImportColumns refuses columns that are not enough, unknown or used twice: with import_column_missing, import_column_unknown and
// import_column_twice. typed says that the type is said once for all lines.
func ImportColumns(columns map[ImportField]int, width int, typed bool) error {
	needed := importNeeded
	if !typed {
		needed = append(slices.Clone(needed), ImportType)
	}
	for _, f := range needed {
		if _, ok := columns[f]; !ok {
			return Refuse("import_column_missing", string(f))
		}
	}
	used := map[int]bool{}
	for _, f := range ImportFields {
		at, ok := columns[f]
		switch {
		case !ok:
			continue
		case at < 0 || at >= width:
			return Refuse("import_column_unknown", string(f))
		case used[at]:
			return Refuse("import_column_twice", string(f))
		}
		used[at] = true
	}
	for f := range columns {
		if !slices.Contains(ImportFields, f) {
			return Refuse("import_column_unknown", string(f))
		}
	}
	return nil
}

// ImportCell is one cell as it was read.
type ImportCell struct {
	Text    string
	Formula bool // reckoned, not entered
	Rounded bool // digits of it are lost
}

// ImportLine is a certificate of another register, in the form in which it is kept here.
type ImportLine struct {
	Line   int    `json:"line"`
	Number string `json:"number"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	Latin  string `json:"latin,omitempty"`
	ID     string `json:"id,omitempty"`
	Phone  string `json:"phone,omitempty"`
	State  State  `json:"state"`
	From   Day    `json:"from"`
	Until  Day    `json:"until"`
}

// Stands reports whether the certificate is one that can still be relied on, or be so again.
func (l ImportLine) Stands() bool { return l.State == Valid || l.State == Suspended }

// ImportFault is what is wrong in one line. Text says it where the format of an answer is meant.
type ImportFault struct {
	Line  int         `json:"line"`
	Field ImportField `json:"field"`
	Code  string      `json:"code"`
	Args  []string    `json:"args,omitempty"`
	Text  *sdk.Text   `json:"text,omitempty"`
}

// ImportKind is a type that lines may name.
type ImportKind struct {
	ID    string
	Words []string // by what else it is called
	Type  sdk.Type
}

// ImportCheck looks at the lines of one register, one after the other.
type ImportCheck struct {
	Kinds   []ImportKind
	Typed   string // the type of all lines; empty: each says its own
	Today   Day
	numbers map[string]int // which line has it
	stands  map[string]int // by type and ID number
	names   map[string]string
}

// importNumbers is how a number may look: what can be read aloud and typed on a phone.
var importNumbers = regexp.MustCompile(`^[0-9A-Z\p{Han}][0-9A-Z\p{Han}()/_.·-]{1,39}$`)

// mostOwn is the highest number of the desk's own form that is taken over: the series goes on after it.
const mostOwn = 9_999_999

// Line reads one line. What is wrong is returned, all of it; the line counts only if that is nothing.
func (k *ImportCheck) Line(line int, cells map[ImportField]ImportCell) (ImportLine, []ImportFault) {
	l := ImportLine{Line: line}
	var faults []ImportFault
	wrong := func(f ImportField, code string, args ...string) {
		faults = append(faults, ImportFault{Line: line, Field: f, Code: code, Args: args})
	}
	for _, f := range ImportFields {
		switch c := cells[f]; {
		case c.Formula:
			wrong(f, "formula")
		case c.Rounded:
			wrong(f, "rounded")
		}
	}
	if len(faults) > 0 {
		return l, faults // what follows from a cell that says nothing would only add to it
	}
	text := func(f ImportField) string { return cells[f].Text }
	kind, known := k.kind(text(ImportType))
	if l.Type = kind.ID; !known {
		wrong(ImportType, "type_unknown", text(ImportType))
	}
	l.Number = TypedNumber(text(ImportNumber))
	if code := k.numberWrong(l.Number); code != "" {
		wrong(ImportNumber, code, k.lineOf(l.Number)...)
	}
	if known {
		faults = append(faults, l.answers(kind.Type, k.Today, text)...)
	}
	if text(ImportPhone) != "" {
		norm, err := sdk.NormalPhone(text(ImportPhone))
		if l.Phone = norm; err != nil {
			wrong(ImportPhone, "phone_wrong")
		}
	}
	faults = append(faults, l.days(k.Today, text)...)
	if len(faults) == 0 {
		faults = k.among(l)
	}
	if l.Number != "" && k.numbers[l.Number] == 0 {
		k.numbers[l.Number] = line
	}
	return l, faults
}

// kind finds a type by its ID or by what it is called.
func (k *ImportCheck) kind(said string) (ImportKind, bool) {
	if k.numbers == nil {
		k.numbers, k.stands, k.names = map[string]int{}, map[string]int{}, map[string]string{}
	}
	if k.Typed != "" {
		said = k.Typed
	}
	for _, t := range k.Kinds {
		if said != "" && (said == t.ID || slices.ContainsFunc(t.Words, func(w string) bool { return w != "" && bare(w) == bare(said) })) {
			return t, true
		}
	}
	return ImportKind{}, false
}

func (k *ImportCheck) numberWrong(number string) string {
	prefix, year, n, err := ParseNumber(number)
	switch {
	case number == "":
		return "number_missing"
	case !importNumbers.MatchString(number):
		return "number_wrong"
	case err == nil && prefix == PrefixCertificate && (n > mostOwn || number != Number(prefix, year, n)):
		return "number_own"
	case k.numbers[number] > 0:
		return "number_twice"
	}
	return ""
}

func (k *ImportCheck) lineOf(number string) []string {
	if n := k.numbers[number]; n > 0 {
		return []string{strconv.Itoa(n)}
	}
	return nil
}

// answers reads what the type asks about a holder, by the formats of its own questions.
func (l *ImportLine) answers(t sdk.Type, today Day, text func(ImportField) string) (faults []ImportFault) {
	read := func(f ImportField, question string, needed bool) string {
		raw := strings.TrimSpace(text(f))
		if question == "" || raw == "" && !needed {
			return ""
		}
		for _, p := range t.Pages {
			for _, q := range p.Questions {
				if q.ID != question {
					continue
				}
				norm, problem := check.Answer(q, raw, string(today))
				if problem != nil {
					faults = append(faults, ImportFault{Line: l.Line, Field: f, Code: problem.Code, Text: &problem.Text})
				}
				return norm
			}
		}
		return raw
	}
	l.Name = read(ImportName, t.HolderName, true)
	l.Latin = read(ImportLatin, t.LatinName, false)
	if len(t.Persons) > 0 {
		l.ID = read(ImportID, t.Persons[0].ID, false)
	}
	return faults
}

// days reads from when to when it holds, and as what it stands.
func (l *ImportLine) days(today Day, text func(ImportField) string) (faults []ImportFault) {
	wrong := func(f ImportField, code string, args ...string) {
		faults = append(faults, ImportFault{Line: l.Line, Field: f, Code: code, Args: args})
	}
	for f, to := range map[ImportField]*Day{ImportFrom: &l.From, ImportUntil: &l.Until} {
		var ok bool
		if *to, ok = ImportDay(text(f)); !ok {
			wrong(f, "day_wrong", text(f))
		}
	}
	slices.SortFunc(faults, func(a, b ImportFault) int { return strings.Compare(string(b.Field), string(a.Field)) })
	if len(faults) == 0 && l.Until.Before(l.From) {
		wrong(ImportUntil, "days_order")
	}
	if l.From.After(today) {
		wrong(ImportFrom, "day_future")
	}
	said := strings.TrimSpace(text(ImportState))
	l.State = State(importWords["state"][bare(said)])
	switch {
	case said == "":
		l.State = Valid
	case l.State == "":
		wrong(ImportState, "state_unknown", said)
	case l.State == Expired && !l.Until.Before(today):
		wrong(ImportState, "state_and_day")
	}
	if l.Stands() && l.Until.Before(today) {
		l.State = Expired
	}
	return faults
}

// among compares a line that is right in itself with those before it.
func (k *ImportCheck) among(l ImportLine) (faults []ImportFault) {
	if l.ID == "" {
		return nil
	}
	if name, had := k.names[l.ID]; had && name != l.Name {
		faults = append(faults, ImportFault{Line: l.Line, Field: ImportName, Code: "name_differs"})
	}
	k.names[l.ID] = l.Name
	if !l.Stands() {
		return faults
	}
	key := l.Type + " " + l.ID
	if first := k.stands[key]; first > 0 {
		return append(faults, ImportFault{Line: l.Line, Field: ImportID, Code: "two_valid", Args: []string{strconv.Itoa(first)}})
	}
	k.stands[key] = l.Line
	return faults
}

var dayForms = []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"}

// ImportDay reads a day as registers write it, the year first: 2021-01-05, 2021/1/5, 2021.1.5, 2021年1月5日, 20210105. What could be
// read two ways (5/1/2021) is no day.
func ImportDay(s string) (Day, bool) {
	s = strings.TrimSuffix(narrowed(s), "00:00:00")
	for _, form := range dayForms {
		if t, err := time.Parse(form, s); err == nil && t.Year() >= 1900 && t.Year() < 2200 {
			return dayFrom(t), true
		}
	}
	return "", false
}

// TypedNumber is the form in which the number of a certificate is kept, from what people type.
func TypedNumber(s string) string { return strings.ToUpper(narrowed(s)) }

// narrowed is what was typed, without spaces and in narrow characters.
func narrowed(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff':
			return -1
		case r >= '！' && r <= '～':
			return r - ('！' - '!')
		case strings.ContainsRune("‐‑‒–—−", r):
			return '-'
		}
		return r
	}, s)
}

// ImportRecheck is the day of the first re-check of a certificate that was taken over: as if its plan had run all along, so that
// those of one register do not all fall on one day.
func ImportRecheck(from Day, months int, today Day) Day {
	if months <= 0 {
		return ""
	}
	for n := months; ; n += months {
		if next := from.AddMonths(n); next == "" || next.After(today) {
			return next
		}
	}
}
