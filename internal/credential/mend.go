// What the PDF library leaves out: text that can be searched and copied when it holds characters beyond U+FFFF
// (their entries in the ToUnicode tables are written with UTF-16 surrogates here), and the document's language.

package credential

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf16"
)

var (
	mapping   = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><([0-9A-F]{4,6})>\n`)
	tableHead = regexp.MustCompile(`(?s)\d+ beginbfrange\n.*endbfrange\n`)
	catalog   = []byte("/Type /Catalog\n")
)

// mend rewrites the objects of a document that ends with one plain cross-reference table, and the table.
func mend(pdf []byte, lang string) ([]byte, error) {
	at := bytes.LastIndex(pdf, []byte("\nxref\n"))
	trailer := bytes.LastIndex(pdf, []byte("trailer\n"))
	if at < 0 || trailer < at {
		return nil, fmt.Errorf("credential: pdf without a cross-reference table")
	}
	lines := bytes.Split(bytes.TrimSpace(pdf[at+6:trailer]), []byte("\n"))
	var starts []int
	for _, l := range lines[2:] {
		n, err := strconv.Atoi(string(l[:10]))
		if err != nil {
			return nil, fmt.Errorf("credential: pdf: %w", err)
		}
		starts = append(starts, n)
	}
	out := append([]byte(nil), pdf[:starts[0]]...)
	table := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(starts)+1)
	for i, s := range starts {
		end := at + 1
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		table += fmt.Sprintf("%010d 00000 n \n", len(out))
		out = append(out, mendObject(pdf[s:end], lang)...)
	}
	xref := len(out)
	out = append(out, table...)
	tail := pdf[trailer:]
	tail = tail[:bytes.LastIndex(tail, []byte("startxref"))]
	out = append(out, tail...)
	return append(out, fmt.Sprintf("startxref\n%d\n%%%%EOF\n", xref)...), nil
}

func mendObject(obj []byte, lang string) []byte {
	if bytes.Contains(obj, catalog) {
		return bytes.Replace(obj, catalog, []byte("/Type /Catalog\n  /Lang ("+lang+")\n  /ViewerPreferences << /DisplayDocTitle true >>\n"), 1)
	}
	if !bytes.Contains(obj, []byte("beginbfrange")) || !tableHead.Match(obj) {
		return obj
	}
	body := tableHead.ReplaceAll(obj, characters(mapping.FindAllSubmatch(obj, -1)))
	grown := len(body) - len(obj)
	length := regexp.MustCompile(`/Length (\d+)\n`)
	return length.ReplaceAllFunc(body, func(b []byte) []byte {
		n, _ := strconv.Atoi(string(length.FindSubmatch(b)[1]))
		return []byte(fmt.Sprintf("/Length %d\n", n+grown))
	})
}

// characters writes glyph-to-text entries in blocks of at most a hundred, as the format asks.
func characters(entries [][][]byte) []byte {
	var b bytes.Buffer
	for i, e := range entries {
		if i%100 == 0 {
			fmt.Fprintf(&b, "%d beginbfchar\n", min(100, len(entries)-i))
		}
		code, _ := strconv.ParseUint(string(e[2]), 16, 32)
		fmt.Fprintf(&b, "<%s><", e[1])
		for _, u := range utf16.Encode([]rune{rune(code)}) {
			fmt.Fprintf(&b, "%04X", u)
		}
		b.WriteString(">\n")
		if i%100 == 99 || i == len(entries)-1 {
			b.WriteString("endbfchar\n")
		}
	}
	return b.Bytes()
}
