package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

var wide = Limits{Rows: 1000, Columns: 60, Cell: 40_000, Bytes: 8 << 20}

func reading(raw []byte, l Limits) (all [][]Cell, lines []int, err error) {
	err = Read(raw, l, func(line int, cells []Cell) error {
		all, lines = append(all, cells), append(lines, line)
		return nil
	})
	return all, lines, err
}

func texts(rows [][]Cell) string {
	var b strings.Builder
	for _, r := range rows {
		for _, c := range r {
			b.WriteString(c.Text)
			if c.Formula {
				b.WriteString("<formula>")
			}
			if c.Rounded {
				b.WriteString("<rounded>")
			}
			b.WriteByte('|')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// What this desk wrote, it reads as it was.
func TestReadsWhatItWrote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{"csv", "xlsx"}).Draw(t, "kind")
		cell := rapid.OneOf(rapid.StringMatching(`[a-zA-Z0-9王秀英 ,;"'=+@-]{0,12}`), rapid.SampledFrom([]string{"110105194912310021", "=1+1", "00123", "_x0041_", "'", "C-2026-000001"}))
		row := rapid.SliceOfN(cell, 1, 8).Draw(t, "row")
		var b bytes.Buffer
		w, err := Kinds[kind].New(&b, "x")
		if err == nil {
			err = errors.Join(w.Row("head"), w.Row(row...), w.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := reading(b.Bytes(), wide)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range row {
			c := Cell{}
			if len(got) > 1 && i < len(got[1]) {
				c = got[1][i]
			}
			if c.Text != strings.TrimSpace(want) || c.Formula || kind == "xlsx" && c.Rounded {
				t.Fatalf("%s: %q came back as %+v", kind, want, c)
			}
		}
	})
}

func TestReadCSV(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("编号,姓名\r\nA1,王秀英\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	wide16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte("编号\t姓名\r\nA1\t王秀英\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	for what, x := range map[string]struct {
		raw  string
		want string
	}{
		"UTF-8":          {"编号,姓名\nA1,王秀英\n", "编号|姓名|\nA1|王秀英|\n"},
		"with a mark":    {"\ufeff编号,姓名\r\nA1,王秀英", "编号|姓名|\nA1|王秀英|\n"},
		"GB18030":        {string(gb), "编号|姓名|\nA1|王秀英|\n"},
		"UTF-16":         {string(wide16), "编号|姓名|\nA1|王秀英|\n"},
		"semicolons":     {"a;b\n1,5;2\n", "a|b|\n1,5|2|\n"},
		"formulas":       {"a,b,c,d\n=1+1,'=1+1,@SUM(A1),＝A1\n", "a|b|c|d|\n=1+1<formula>|=1+1|@SUM(A1)<formula>|＝A1<formula>|\n"},
		"rounded":        {"a,b\n1.10105E+17,\t110105194912310021\n", "a|b|\n1.10105E+17<rounded>|110105194912310021|\n"},
		"empty lines":    {"\n\na,b\n,,\n \n1,2\n", "a|b|\n1|2|\n"},
		"lines in cells": {"a\n\"x\ny\"\n", "a|\nx\ny|\n"},
	} {
		got, _, err := reading([]byte(x.raw), wide)
		if err != nil || texts(got) != x.want {
			t.Errorf("%s: %q %v, want %q", what, texts(got), err, x.want)
		}
	}
	if _, lines, err := reading([]byte("a,b\n\n\"x\ny\",1\nz,2\n"), wide); err != nil || fmt.Sprint(lines) != "[1 3 5]" {
		t.Errorf("lines %v %v", lines, err)
	}
}

// book makes an XLSX from its parts; what is not given is as a spreadsheet would write it.
func book(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	all := map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="hidden" sheetId="2" state="hidden" r:id="rId9"/><sheet name="x" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId9" Target="worksheets/other.xml"/></Relationships>`,
		"xl/styles.xml":              `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="165" formatCode="0.0&quot;day&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":       `<sst><si><t>编号</t></si><si><r><t>王</t></r><r><t>秀英</t></r><rPh><t>wang</t></rPh></si></sst>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>`,
	}
	for name, text := range parts {
		all[name] = text
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range all {
		if text == "-" {
			continue
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func onSheet(rows string) map[string]string {
	return map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`}
}

func TestReadXLSX(t *testing.T) {
	got, lines, err := reading(book(t, onSheet(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="4"><c r="A4" s="1"><v>44197</v></c><c r="B4" s="2"><v>44197.75</v></c><c r="C4" s="3"><v>3</v></c>`+
		`<c r="D4"><v>1.1010519491231E+17</v></c><c r="E4"><f>A1&amp;B1</f><v>5</v></c><c r="F4" t="inlineStr"><is><t>_x0041_b</t></is></c><c r="G4" t="s"><v>99</v></c><c r="H4" t="b"><v>1</v></c></row>`)), wide)
	want := "编号||王秀英|\n2021-01-01|2021-01-01|3|1.1010519491231E+17<rounded>|5<formula>|Ab||1|\n"
	if err != nil || texts(got) != want || fmt.Sprint(lines) != "[1 4]" {
		t.Errorf("%q %v %v, want %q", texts(got), lines, err, want)
	}
	got, _, err = reading(book(t, map[string]string{"xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet r:id="rId1"/></sheets></workbook>`, "xl/worksheets/sheet1.xml": `<worksheet><sheetData><row><c s="1"><v>42735</v></c></row></sheetData></worksheet>`}), wide)
	if err != nil || texts(got) != "2021-01-01|\n" {
		t.Errorf("days since 1904: %q %v", texts(got), err)
	}
}

// Files that mean harm, or are none, are refused by name and take no room.
func TestHostileTables(t *testing.T) {
	tight := Limits{Rows: 100, Columns: 20, Cell: 1000, Bytes: 1 << 20}
	long := strings.Repeat("x", 5000)
	entities := `<!DOCTYPE w [<!ENTITY a "` + long + `"><!ENTITY b "&a;&a;&a;&a;">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>`
	var many strings.Builder
	for range 200 {
		many.WriteString(`<row><c t="inlineStr"><is><t>x</t></is></c></row>`)
	}
	for what, x := range map[string]struct {
		raw  []byte
		want error
	}{
		"nothing":                 {nil, ErrEmpty},
		"only empty lines":        {[]byte("\n,,\n"), ErrEmpty},
		"a picture":               {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), ErrUnreadable},
		"XLS":                     {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + long), ErrOld},
		"a cell without end":      {[]byte("a,b\n" + long), ErrTooLarge},
		"columns without end":     {[]byte(strings.Repeat(",", 300) + "x"), ErrTooMany},
		"lines without end":       {[]byte(strings.Repeat("x\n", 200)), ErrTooMany},
		"half a ZIP":              {book(t, nil)[:300], ErrUnreadable},
		"another ZIP":             {book(t, map[string]string{"xl/workbook.xml": "-"}), ErrUnreadable},
		"no sheet":                {book(t, map[string]string{"xl/worksheets/sheet1.xml": "-"}), ErrUnreadable},
		"no XML":                  {book(t, map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><row><c>"}), ErrUnreadable},
		"entities":                {book(t, map[string]string{"xl/worksheets/sheet1.xml": entities}), ErrUnreadable},
		"a bomb":                  {book(t, onSheet(`<row><c t="inlineStr"><is><t>`+strings.Repeat("0", 4<<20)+`</t></is></c></row>`)), ErrTooLarge},
		"a bomb of blanks":        {book(t, onSheet(strings.Repeat(" ", 4<<20))), ErrTooLarge},
		"a bomb of texts":         {book(t, map[string]string{"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si/>", 300_000) + "</sst>"}), ErrTooLarge},
		"a bomb in an attribute":  {book(t, onSheet(`<row x="`+strings.Repeat("0", 900_000)+`"/>`)), ErrTooLarge},
		"texts in small pieces":   {book(t, onSheet(`<row><c t="inlineStr"><is>`+strings.Repeat("<t>"+strings.Repeat("x", 100)+"</t>", 50)+`</is></c></row>`)), ErrTooLarge},
		"a cell far out":          {book(t, onSheet(`<row><c r="XFD1"><v>1</v></c></row>`)), ErrTooMany},
		"a cell of no name":       {book(t, onSheet(`<row><c r="ZZZZZZ1"><v>1</v></c></row>`)), ErrTooMany},
		"a line far out":          {book(t, onSheet(`<row r="99999999"><c><v>1</v></c></row>`)), ErrTooMany},
		"lines in a sheet":        {book(t, onSheet(many.String())), ErrTooMany},
		"elements without bottom": {book(t, onSheet(`<row><c>`+strings.Repeat("<x>", 200))), ErrUnreadable},
		"another sheet's part":    {book(t, map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="../../../etc/passwd"/></Relationships>`}), ErrUnreadable},
	} {
		if _, _, err := reading(x.raw, tight); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", what, err, x.want)
		}
	}
	stop := errors.New("enough")
	if err := Read([]byte("a\nb\n"), tight, func(int, []Cell) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
}

// Whatever comes in, nothing more is handed on than the limits say.
func FuzzRead(f *testing.F) {
	f.Add([]byte("编号,姓名\n=1,'=2\n"))
	f.Add(book(f, nil))
	f.Add(book(f, onSheet(`<row r="2"><c r="B2" s="1"><v>44197</v></c><c t="s"><v>1</v></c></row>`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l := Limits{Rows: 50, Columns: 10, Cell: 200, Bytes: 100_000}
		last, rows := 0, 0
		_ = Read(raw, l, func(line int, cells []Cell) error {
			if rows++; rows > l.Rows || len(cells) > l.Columns || line <= last {
				t.Fatalf("line %d after %d, the %dth, with %d cells", line, last, rows, len(cells))
			}
			last = line
			for _, c := range cells {
				if len(c.Text) > 3*l.Cell || !utf8.ValidString(c.Text) {
					t.Fatalf("a cell of %d bytes", len(c.Text))
				}
			}
			return nil
		})
	})
}
