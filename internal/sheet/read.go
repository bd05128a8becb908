package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Reading a table that others made: CSV in any of the encodings that spreadsheets write, or the first sheet of an XLSX. Whatever
// the file claims about itself, no more is read and kept than the limits say.

// A Cell is what stands in one cell. Formula says that it is reckoned, not entered; Rounded that a spreadsheet kept it as a
// number and has lost digits of it.
type Cell struct {
	Text    string
	Formula bool
	Rounded bool
}

// Limits of a table that is read.
type Limits struct {
	Rows    int // lines with something in them, the first among them
	Columns int
	Cell    int   // bytes of one cell
	Bytes   int64 // of the table once it is unpacked
}

// What is wrong with a table as a whole.
var (
	ErrUnreadable = errors.New("not a table that can be read")
	ErrOld        = errors.New("an old or encrypted spreadsheet")
	ErrTooMany    = errors.New("more lines or columns than are taken")
	ErrTooLarge   = errors.New("larger than is taken once it is unpacked")
	ErrEmpty      = errors.New("nothing in it")
)

// Read hands the lines of a table to row, one by one, with the number that a spreadsheet shows beside them. Empty lines are passed
// over, empty cells at the end of a line are left out. It ends with the first error, that of row included.
func Read(raw []byte, l Limits, row func(line int, cells []Cell) error) error {
	lines := 0
	counted := func(line int, cells []Cell) error {
		for len(cells) > 0 && cells[len(cells)-1] == (Cell{}) {
			cells = cells[:len(cells)-1]
		}
		if len(cells) == 0 {
			return nil
		}
		if lines++; lines > l.Rows || len(cells) > l.Columns {
			return ErrTooMany
		}
		return row(line, cells)
	}
	var err error
	switch {
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		err = readXLSX(raw, l, counted)
	case bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")): // what XLS is, and an XLSX with a password
		err = ErrOld
	default:
		err = readCSV(raw, l, counted)
	}
	if err == nil && lines == 0 {
		err = ErrEmpty
	}
	return err
}

func readCSV(raw []byte, l Limits, row func(int, []Cell) error) error {
	text, err := decoded(raw, l.Bytes)
	if err != nil {
		return err
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = separator(text), -1, true, true
	for {
		fields, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return errors.Join(ErrUnreadable, err)
		}
		if len(fields) > l.Columns {
			return ErrTooMany
		}
		line, _ := r.FieldPos(0)
		cells := make([]Cell, len(fields))
		for i, s := range fields {
			if len(s) > l.Cell {
				return ErrTooLarge
			}
			cells[i] = typed(s)
		}
		if err := row(line, cells); err != nil {
			return err
		}
	}
}

// typed is a cell as it stands in a CSV file: one that a spreadsheet would reckon is a formula, one in which it has put a power of
// ten was a number.
func typed(s string) Cell {
	s = strings.TrimSpace(s)
	if text := plain(s); text != s {
		return Cell{Text: strings.Clone(text)}
	}
	return Cell{Text: strings.Clone(s), Formula: strings.HasPrefix(s, "=") || strings.HasPrefix(s, "＝") || strings.HasPrefix(s, "@"), Rounded: rounded(s)}
}

// rounded reports whether a number is one of more than fifteen digits that was kept as a number: 1.10105E+17.
func rounded(s string) bool {
	mantissa, power, ok := strings.Cut(strings.ToUpper(s), "E")
	return ok && mantissa != "" && power != "" && strings.Trim(mantissa, "0123456789.-") == "" && strings.Trim(power, "0123456789+-") == ""
}

// decoded is the text in UTF-8: by its mark, or else as it is if it can be UTF-8, or else as Chinese spreadsheets write it, GB18030.
func decoded(raw []byte, most int64) ([]byte, error) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case utf8.Valid(raw):
		raw = bytes.TrimPrefix(raw, []byte(bom))
	default:
		from = simplifiedchinese.GB18030
	}
	if from != nil {
		text, err := io.ReadAll(io.LimitReader(from.NewDecoder().Reader(bytes.NewReader(raw)), most+1))
		if err != nil {
			return nil, errors.Join(ErrUnreadable, err)
		}
		raw = text
	}
	switch {
	case int64(len(raw)) > most:
		return nil, ErrTooLarge
	case bytes.ContainsRune(raw, 0), bytes.ContainsRune(raw, utf8.RuneError): // a picture, a program, another encoding
		return nil, ErrUnreadable
	}
	return raw, nil
}

// separator is what stands between the cells of the first line.
func separator(text []byte) rune {
	first, _ := bufio.NewReader(bytes.NewReader(text)).ReadString('\n')
	best, most := ',', 0
	for _, s := range ",\t;" {
		if n := strings.Count(first, string(s)); n > most {
			best, most = s, n
		}
	}
	return best
}
