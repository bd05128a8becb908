package corpus

// PDFs as they come, and those that carry what runs.

const scriptAction = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"

func documents() []Upload {
	doc := func(what string, data []byte, w, h int) Upload { return accept(what, "a.pdf", data, MediaPDF, w, h) }
	script := func(what string, data []byte) Upload { return refuse(what, "a.pdf", data, "pdf_script") }
	pages := accept("100 pages", "a.pdf", PDFPages(100, "0 0 20 20"), MediaPDF, 41, 41)
	pages.N = 100
	return []Upload{
		doc("pdf", PDFWith(""), 416, 624),
		accept("pdf by media type", "application/pdf", PDFWith(""), MediaPDF, 416, 624),
		doc("pdf behind a byte order mark", join([]byte("\xef\xbb\xbf\r\n"), PDFWith("")), 416, 624),
		doc("pdf without a table", []byte("%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF"), 150, 150),
		doc("a4", PDFPages(1, "0 0 595 842"), 1239, 1754),
		doc("enormous page", PDFPages(1, "0 0 14400 14400"), 2400, 2400),
		doc("tiny page", PDFPages(1, "0 0 1 1"), 2, 2),
		doc("turned page", PDFBuild("", "/Rotate 90", ""), 624, 416),
		pages,
		doc("packed pdf", PDFPacked("", "<< /A /B >>"), 416, 624),
		doc("pdf that anybody can open", PDFLocked("", ""), 416, 624),
		doc("title about scripts", PDFWith("", "<< /Title (Learn /JavaScript \\) and /Launch \\(now\\)) >>"), 416, 624),
		doc("text about scripts", PDFWith("", PDFStream("", "BT (x) Tj ET /JavaScript /Launch")), 416, 624),
		doc("names that only begin so", PDFWith("/JSX 1 /Launcher 2 /XFAx 3"), 416, 624),
		doc("opens at a page", PDFWith("/OpenAction [3 0 R /Fit]"), 416, 624),
		doc("form with fields", PDFBuild("/AcroForm << /Fields [10 0 R] >>", "/Annots [10 0 R]", "",
			"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (b) /Rect [10 10 90 30] /P 3 0 R >>"), 416, 624),
		doc("link to the web", PDFBuild("", "/Annots [10 0 R]", "", "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://example.org) >> >>"), 416, 624),

		refuse("pdf named jpg", "a.jpg", PDFWith(""), "renamed"),
		refuse("101 pages", "a.pdf", PDFPages(101, "0 0 20 20"), "too_many_pages"),
		refuse("no pages", "a.pdf", PDFPages(0, "0 0 20 20"), "failed"),
		refuse("locked pdf", "a.pdf", PDFLocked("secret", ""), "pdf_password"),
		refuse("pdf cut off", "a.pdf", PDFWith("")[:400], "cut_off"),
		refuse("pdf cut off after its first part", "a.pdf", join(PDFWith(""), []byte("\n12 0 obj\n<< /A /B >>\nstream\n"), Noise(5000)), "cut_off"),
		refuse("pdf with an archive behind", "a.pdf", join(PDFWith(""), []byte("PK\x03\x04"), Noise(5000)), "polyglot"),
		refuse("only the frame of a pdf", "a.pdf", []byte("%PDF-1.7\nnothing\n%%EOF"), "failed"),
		refuse("pdf of noise", "a.pdf", join([]byte("%PDF-1.7\n"), Noise(9000), []byte("\n%%EOF")), "failed"),

		script("script on opening", PDFWith("/OpenAction "+scriptAction)),
		script("script on opening, apart", PDFWith("/OpenAction 10 0 R", scriptAction)),
		script("script with its name escaped", PDFWith("/OpenAction << /S /J#61vaScript /#4a#53 (1) >>")),
		script("script with all of its name escaped", PDFWith("/OpenAction << /S /#4A#61#76#61#53#63#72#69#70#74 /X (1) >>")),
		script("script in the tree of names", PDFWith("/Names << /JavaScript << /Names [(a) "+scriptAction+"] >> >>")),
		script("script on turning a page", PDFBuild("", "/AA << /O "+scriptAction+" >>", "")),
		script("script of a field", PDFBuild("", "/Annots [10 0 R]", "", "<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] /A "+scriptAction+" >>")),
		script("script behind a bracket that never closes", PDFWith("/A (x) /B ( /OpenAction "+scriptAction)),
		script("script packed away", PDFPacked("/OpenAction 10 0 R", scriptAction)),
		script("escaped script packed away", PDFPacked("/OpenAction 10 0 R", "<< /S /Java#53cript /J#53 (1) >>")),
		script("script in an encrypted pdf", PDFLocked("", "/OpenAction 10 0 R", "<< /S /JavaScript /JS ⟨app.alert(1)⟩ >>")),
		script("starts a program", PDFWith("/OpenAction << /S /Launch /F (cmd.exe) >>")),
		script("starts a program, packed away", PDFPacked("/OpenAction 10 0 R", "<< /S /L#61unch /F (cmd.exe) >>")),
		script("carries a file", PDFWith("/Names << /EmbeddedFiles << /Names [(a) 10 0 R] >> >>", "<< /Type /Filespec /F (a.exe) /EF << /F 11 0 R >> >>", PDFStream("/Type /EmbeddedFile", "MZ"))),
		script("carries a file, packed away", PDFPacked("/Names << /Embedded#46iles << /Names [(a) 10 0 R] >> >>", "<< /Type /Filespec /F (a.exe) >>")),
		script("rich media", PDFBuild("", "/Annots [10 0 R]", "", "<< /Type /Annot /Subtype /RichMedia /Rect [0 0 9 9] >>")),
		script("form of another kind", PDFWith("/AcroForm << /Fields [] /XFA 10 0 R >>", PDFStream("", "<xdp/>"))),
		script("form of another kind, packed away", PDFPacked("/AcroForm << /Fields [] /X#46A 10 0 R >>", "[(a) (b)]")),
		script("goes to an embedded file", PDFWith("/OpenAction << /S /GoToE /T << /R /C /N (a) >> >>")),
	}
}
