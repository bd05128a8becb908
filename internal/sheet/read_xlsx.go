package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strconv"
	"strings"
	"time"
)

// An XLSX file is a ZIP of XML parts. What is needed of it is read as a stream; nothing is unpacked to the disk, and a part that
// unpacks to more than it may is given up where that shows.

const (
	zipParts   = 1000
	sharedMost = 2_000_000 // texts that cells point to
	lastLine   = 1_048_576 // of a spreadsheet
)

// workbook is what has to be known before the first cell.
type workbook struct {
	parts  map[string]*zip.File
	left   int64 // bytes that may still be unpacked
	most   int   // bytes of one cell
	shared []string
	days   []bool // styles that show a number as a day
	since  time.Time
}

func readXLSX(raw []byte, l Limits, row func(int, []Cell) error) error {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(z.File) > zipParts {
		return errors.Join(ErrUnreadable, err)
	}
	w := &workbook{parts: map[string]*zip.File{}, left: l.Bytes, most: l.Cell, since: time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)}
	for _, f := range z.File {
		w.parts[strings.TrimPrefix(path.Clean("/"+f.Name), "/")] = f
	}
	first, err := w.first()
	if err == nil {
		err = w.texts()
	}
	if err == nil {
		err = w.styles()
	}
	if err == nil {
		err = w.cells(first, l.Columns, row)
	}
	return err
}

// part is one XML part on its way. Between two tokens no more is read than a cell may hold, so that none grows without end.
type part struct {
	*xml.Decoder
	from *meter
	done func() error
}

// meter gives up a part that unpacks to too much.
type meter struct {
	r     io.Reader
	w     *workbook
	token int
}

func (m *meter) Read(p []byte) (int, error) {
	if m.w.left <= 0 || m.token <= 0 {
		return 0, ErrTooLarge
	}
	n, err := m.r.Read(p[:min(len(p), m.token)])
	m.token -= n
	m.w.left -= int64(n)
	return n, err
}

const window = 64 << 10 // what lies between two tokens beside the text of a cell

func (w *workbook) open(name string) (*part, error) {
	f := w.parts[name]
	if f == nil {
		return nil, fmt.Errorf("%w: no part %s", ErrUnreadable, name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, errors.Join(ErrUnreadable, err)
	}
	m := &meter{r: r, w: w, token: window + w.most}
	return &part{xml.NewDecoder(m), m, r.Close}, nil
}

// next is the next token; io.EOF at the end of the part.
func (p *part) next() (xml.Token, error) {
	p.from.token = window + p.from.w.most
	t, err := p.Token()
	switch {
	case err == nil, err == io.EOF, errors.Is(err, ErrTooLarge):
		return t, err
	}
	return nil, errors.Join(ErrUnreadable, err)
}

// each hands every opening element of a part to f.
func (w *workbook) each(name string, f func(p *part, e xml.StartElement) error) error {
	p, err := w.open(name)
	if err != nil {
		return err
	}
	defer p.done()
	for {
		t, err := p.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := f(p, e); err != nil {
				return err
			}
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// first is the part of the first sheet that can be seen.
func (w *workbook) first() (name string, err error) {
	id := ""
	err = w.each("xl/workbook.xml", func(_ *part, e xml.StartElement) error {
		switch {
		case e.Name.Local == "workbookPr" && (attr(e, "date1904") == "1" || attr(e, "date1904") == "true"):
			w.since = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		case e.Name.Local == "sheet" && id == "" && attr(e, "state") != "hidden" && attr(e, "state") != "veryHidden":
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					id = a.Value
				}
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	err = w.each("xl/_rels/workbook.xml.rels", func(_ *part, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && attr(e, "Id") == id {
			name = strings.TrimPrefix(path.Join("/xl", attr(e, "Target")), "/")
			if strings.HasPrefix(attr(e, "Target"), "/") {
				name = strings.TrimPrefix(path.Clean(attr(e, "Target")), "/")
			}
		}
		return nil
	})
	if err == nil && name == "" {
		err = fmt.Errorf("%w: no sheet", ErrUnreadable)
	}
	return name, err
}

// texts reads what cells point to.
func (w *workbook) texts() error {
	if w.parts["xl/sharedStrings.xml"] == nil {
		return nil
	}
	return w.each("xl/sharedStrings.xml", func(p *part, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(w.shared) == sharedMost {
			return ErrTooLarge
		}
		c, err := p.cell(e)
		w.shared = append(w.shared, c.text)
		return err
	})
}

// styles finds out which styles show a day.
func (w *workbook) styles() error {
	if w.parts["xl/styles.xml"] == nil {
		return nil
	}
	own, in := map[string]bool{}, false
	return w.each("xl/styles.xml", func(_ *part, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			own[attr(e, "numFmtId")] = dayFormat(attr(e, "formatCode"))
		case "cellXfs":
			in = true
		case "cellStyles", "dxfs":
			in = false
		case "xf":
			if in && len(w.days) < sharedMost {
				id := attr(e, "numFmtId")
				n, _ := strconv.Atoi(id)
				day, named := own[id]
				w.days = append(w.days, named && day || !named && (n >= 14 && n <= 17 || n == 22 || n >= 27 && n <= 36 || n >= 50 && n <= 58))
			}
		}
		return nil
	})
}

// dayFormat reports whether a format shows a year or a day; what is quoted, in brackets or escaped does not count.
func dayFormat(code string) bool {
	var end rune
	skip := false
	for _, r := range strings.ToLower(code) {
		switch {
		case skip:
			skip = false
		case end != 0:
			if r == end {
				end = 0
			}
		case r == '"':
			end = '"'
		case r == '[':
			end = ']'
		case r == '\\' || r == '_' || r == '*':
			skip = true
		case r == 'y' || r == 'd':
			return true
		}
	}
	return false
}

// content is what an element of one cell, or of one shared text, holds.
type content struct {
	text    string // of t and v
	formula bool
}

// cell reads to the end of an element. How words are pronounced is left out.
func (p *part) cell(e xml.StartElement) (c content, err error) {
	var b strings.Builder
	var in []string
	for depth := 1; depth > 0; {
		t, err := p.next()
		if err != nil {
			if err == io.EOF {
				err = ErrUnreadable
			}
			return c, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > 20 {
				return c, ErrUnreadable
			}
			in = append(in, t.Name.Local)
			c.formula = c.formula || t.Name.Local == "f"
		case xml.EndElement:
			if depth--; len(in) > 0 {
				in = in[:len(in)-1]
			}
		case xml.CharData:
			if n := len(in); n > 0 && (in[n-1] == "t" || in[n-1] == "v") && in[0] != "rPh" {
				if b.Len()+len(t) > p.from.w.most {
					return c, ErrTooLarge
				}
				b.Write(t)
			}
		}
	}
	c.text = b.String()
	return c, nil
}

// cells reads the sheet line by line.
func (w *workbook) cells(name string, columns int, row func(int, []Cell) error) error {
	p, err := w.open(name)
	if err != nil {
		return err
	}
	defer p.done()
	line := 0
	var cells []Cell
	for {
		t, err := p.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "row":
				cells = nil
				n, err := strconv.Atoi(attr(t, "r"))
				if line++; err == nil && n >= line {
					line = n
				}
				if line > lastLine {
					return ErrTooMany
				}
			case "c":
				at, ok := columnAt(attr(t, "r"), len(cells))
				if !ok || at >= columns {
					return ErrTooMany
				}
				said, err := p.cell(t)
				if err != nil {
					return err
				}
				for len(cells) <= at {
					cells = append(cells, Cell{})
				}
				cells[at] = w.cellOf(attr(t, "t"), attr(t, "s"), said)
			}
		case xml.EndElement:
			if t.Name.Local == "row" {
				if err := row(line, cells); err != nil {
					return err
				}
			}
		}
	}
}

// columnAt is the place of a cell by its name, C5 is 2; the next one where it has none.
func columnAt(ref string, next int) (int, bool) {
	letters := strings.TrimRight(ref, "0123456789")
	if letters == "" {
		return next, true
	}
	if len(letters) > 3 {
		return 0, false
	}
	n := 0
	for _, r := range letters {
		if r < 'A' || r > 'Z' {
			return 0, false
		}
		n = n*26 + int(r-'A') + 1
	}
	return n - 1, true
}

func (w *workbook) cellOf(kind, style string, said content) Cell {
	c := Cell{Text: strings.TrimSpace(said.text), Formula: said.formula}
	switch kind {
	case "s":
		n, err := strconv.Atoi(c.Text)
		if c.Text = ""; err == nil && n >= 0 && n < len(w.shared) {
			c.Text = strings.TrimSpace(w.shared[n])
		}
	case "", "n":
		s, _ := strconv.Atoi(style)
		if f, err := strconv.ParseFloat(c.Text, 64); err == nil && s >= 0 && s < len(w.days) && w.days[s] && f >= 0 && f < 2_958_466 {
			c.Text = w.since.AddDate(0, 0, int(math.Floor(f))).Format("2006-01-02")
			break
		}
		c.Rounded = rounded(c.Text) || len(strings.Trim(c.Text, "0123456789")) == 0 && len(c.Text) > 15
	}
	if kind == "s" || kind == "inlineStr" || kind == "str" {
		c.Text = unescaped(c.Text)
	}
	return c
}

// unescaped reads what XLSX writes for characters that XML has no place for: _x0041_ is A, _x005F_ an underscore.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if len(s) >= i+7 && s[i:i+2] == "_x" && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				b.WriteRune(rune(n))
				i += 6
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
