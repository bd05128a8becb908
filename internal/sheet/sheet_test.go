package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func written(t testing.TB, kind string, rows ...[]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := Kinds[kind].New(&b, "登记册: 2026/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What a spreadsheet would run, round or shorten stays what it was.
func TestCSVCellsStayText(t *testing.T) {
	for cell, want := range map[string]string{
		"":                     "",
		"王秀英":                  "王秀英",
		"=1+1":                 "'=1+1",
		"+86 138":              "'+86 138",
		"-5":                   "'-5",
		"@SUM(A1)":             "'@SUM(A1)",
		"＝1+1":                 "'＝1+1",
		"\t=1":                 "'\t=1",
		"110105194912310021":   "\t110105194912310021",
		"11010519491231002X":   "11010519491231002X",
		"00123":                "\t00123",
		"0":                    "0",
		"12345678901":          "12345678901",
		"123456789012":         "\t123456789012",
		"a,b \"c\"\nd":         "a,b \"c\"\nd",
		"C-2026-000001":        "C-2026-000001",
		"=HYPERLINK(\"http\")": "'=HYPERLINK(\"http\")",
	} {
		raw := written(t, "csv", []string{"head", "x"}, []string{cell, "x"})
		if !bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")) {
			t.Fatal("no mark of UTF-8 at the start")
		}
		rows, err := csv.NewReader(bytes.NewReader(raw[3:])).ReadAll()
		if err != nil {
			t.Fatalf("%q: %v", cell, err)
		}
		if rows[1][0] != want {
			t.Errorf("%q is written as %q, want %q", cell, rows[1][0], want)
		}
		if back := plain(want); back != strings.TrimSpace(cell) && cell[0] != '\t' && cell[0] != '\r' {
			t.Errorf("%q comes back as %q", cell, back)
		}
	}
}

// cells reads the one sheet back without any help of the writer's.
func cells(t testing.TB, raw []byte) (all []string, formulas int) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		var any struct {
			XMLName xml.Name
			Rows    []struct {
				Cells []struct {
					Kind    string  `xml:"t,attr"`
					Formula *string `xml:"f"`
					Text    string  `xml:"is>t"`
				} `xml:"c"`
			} `xml:"sheetData>row"`
		}
		if err := xml.Unmarshal(text, &any); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		for _, row := range any.Rows {
			for _, c := range row.Cells {
				if c.Kind != "inlineStr" {
					t.Errorf("a cell of kind %q", c.Kind)
				}
				if c.Formula != nil {
					formulas++
				}
				all = append(all, c.Text)
			}
		}
	}
	return all, formulas
}

func TestXLSXIsTextOnly(t *testing.T) {
	row := []string{"110105194912310021", "=1+1", "<b>&\"", "_x0041_", "a\nb", "", "王\x01秀英"}
	got, formulas := cells(t, written(t, "xlsx", []string{"证件号码"}, row))
	want := []string{"证件号码", "110105194912310021", "=1+1", "<b>&\"", "_x005F_x0041_", "a\nb", "王\ufffd秀英"}
	if formulas != 0 || strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%d formulas, %q, want %q", formulas, got, want)
	}
	long, _ := cells(t, written(t, "xlsx", []string{strings.Repeat("字", xlsxCell+9)}))
	if n := len([]rune(long[0])); n != xlsxCell {
		t.Errorf("a cell of %d characters", n)
	}
}

func TestXLSXHoldsAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.SliceOfN(rapid.String(), 1, 40).Draw(t, "row")
		var b bytes.Buffer
		w, err := newXLSX(&b, rapid.String().Draw(t, "title"))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Row(row...); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			for d := xml.NewDecoder(r); ; {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("%s of %q: %v", f.Name, row, err)
				}
			}
		}
	})
}

func TestColumnNames(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"} {
		if got := columnName(i); got != want {
			t.Errorf("column %d is %s, want %s", i, got, want)
		}
	}
}
