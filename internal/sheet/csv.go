package sheet

import (
	"encoding/csv"
	"io"
	"strings"
)

// bom tells Excel that a CSV file is UTF-8.
const bom = "\ufeff"

type csvWriter struct{ w *csv.Writer }

func newCSV(w io.Writer, _ string) (Writer, error) {
	if _, err := io.WriteString(w, bom); err != nil {
		return nil, err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	return csvWriter{c}, nil
}

func (c csvWriter) Row(cells ...string) error {
	safe := make([]string, len(cells))
	for i, s := range cells {
		safe[i] = asText(s)
	}
	return c.w.Write(safe)
}

func (c csvWriter) Close() error {
	c.w.Flush()
	return c.w.Error()
}

// longDigits is how many digits a spreadsheet still shows as they are.
const longDigits = 11

// asText keeps a spreadsheet from taking a cell for something else: an apostrophe goes in front of what would be a formula, and of
// what has one there already, a tab in front of digits that would be rounded or lose their zeros.
func asText(s string) string {
	switch {
	case s == "":
		return s
	case strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]):
		return "'" + s
	case strings.TrimSpace(s) != s: // a spreadsheet may look behind the space
		return asText(strings.TrimSpace(s))
	case plain(s) != s:
		return "'" + s
	case digits(s) && (len(s) > longDigits || s[0] == '0' && len(s) > 1):
		return "\t" + s
	}
	return s
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// plain is the cell that asText was given.
func plain(s string) string {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "'"); ok && asText(rest) == s {
		return rest
	}
	return s
}
