package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// Writing XLSX by hand: it is a ZIP of a few fixed parts and one sheet, which is written row by row. The libraries that write it
// hold a sheet in memory or put it on disk in clear, and both are what this desk does not do with a register.

var xlsxParts = []struct{ name, text string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
	// Style 0 is text ("@", format 49), style 1 the same in bold: a cell stays text when somebody types into it.
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`},
}

const (
	xlsxHead = xml.Header
	sheetNS  = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`
	// The first row stays in sight.
	sheetTop = xlsxHead + sheetNS + `<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15" defaultColWidth="20"/><sheetData>`
	sheetEnd = `</sheetData></worksheet>`
)

// Bounds of the format.
const (
	xlsxRows = 1_048_576
	xlsxCell = 32_767 // characters
)

// ErrTooManyRows says that a sheet is full.
var ErrTooManyRows = errors.New("more rows than a sheet can have")

type xlsxWriter struct {
	zip  *zip.Writer
	w    *bufio.Writer
	rows int
}

func newXLSX(w io.Writer, title string) (Writer, error) {
	x := &xlsxWriter{zip: zip.NewWriter(w)}
	for _, p := range xlsxParts {
		if err := x.part(p.name, xlsxHead+p.text); err != nil {
			return nil, err
		}
	}
	book := xlsxHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="` +
		escape(sheetName(title)) + `" sheetId="1" r:id="rId1"/></sheets></workbook>`
	if err := x.part("xl/workbook.xml", book); err != nil {
		return nil, err
	}
	sheet, err := x.zip.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, err
	}
	x.w = bufio.NewWriterSize(sheet, 32<<10)
	_, err = x.w.WriteString(sheetTop)
	return x, err
}

func (x *xlsxWriter) part(name, text string) error {
	f, err := x.zip.Create(name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, text)
	return err
}

func (x *xlsxWriter) Row(cells ...string) error {
	if x.rows == xlsxRows {
		return ErrTooManyRows
	}
	x.rows++
	n, style := strconv.Itoa(x.rows), ""
	if x.rows == 1 {
		style = ` s="1"`
	}
	x.w.WriteString(`<row r="` + n + `">`)
	for i, s := range cells {
		if s != "" {
			x.w.WriteString(`<c r="` + columnName(i) + n + `" t="inlineStr"` + style + `><is><t xml:space="preserve">` + escape(short(s)) + `</t></is></c>`)
		}
	}
	_, err := x.w.WriteString("</row>")
	return err
}

func (x *xlsxWriter) Close() error {
	x.w.WriteString(sheetEnd)
	if err := x.w.Flush(); err != nil {
		return err
	}
	return x.zip.Close()
}

// columnName is A, B … Z, AA …
func columnName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return columnName(i/26-1) + string(rune('A'+i%26))
}

// hexLooks is what a spreadsheet reads as an escaped character: its underscore is escaped itself.
var hexLooks = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(hexLooks.ReplaceAllString(s, "_x005F_$1")))
	return b.String()
}

func short(s string) string {
	if r := []rune(s); len(r) > xlsxCell {
		return string(r[:xlsxCell])
	}
	return s
}

// sheetName keeps what a spreadsheet allows in the name of a sheet.
func sheetName(title string) string {
	clean := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) {
			return ' '
		}
		return r
	}, title))
	if len(clean) > 31 {
		clean = clean[:31]
	}
	if s := strings.TrimSpace(string(clean)); s != "" {
		return s
	}
	return "1"
}
