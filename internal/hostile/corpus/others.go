package corpus

// Kinds that are not accepted, each told apart so that its sender learns what to do.

func others() []Upload {
	ftyp := func(brand string) []byte { return join([]byte("\x00\x00\x00\x18ftyp"+brand), Noise(100)) }
	return []Upload{
		refuse("nothing", "a.jpg", nil, "empty"),
		refuse("one byte", "a.jpg", []byte("x"), "kind_unknown"),
		refuse("more than 10 MiB", "a.jpg", make([]byte, 10<<20+1), "too_big"),
		refuse("noise", "a.jpg", Noise(5000), "kind_unknown"),
		refuse("text named jpg", "a.jpg", []byte("hello"), "kind_unknown"),
		refuse("html named jpg", "a.jpg", []byte("<!DOCTYPE html><script>alert(1)</script>"), "kind_unknown"),
		refuse("html before a pdf", "a.pdf", join([]byte("<script>alert(1)</script>"), PDFWith("")), "kind_unknown"),
		refuse("windows program named jpg", "a.jpg", join([]byte("MZ\x90\x00"), Noise(100)), "kind_unknown"),
		refuse("linux program named jpg", "a.jpg", join([]byte("\x7fELF"), Noise(100)), "kind_unknown"),
		refuse("archive named jpg", "a.jpg", join([]byte("PK\x03\x04"), Noise(100)), "kind_unknown"),
		refuse("rar named jpg", "a.jpg", []byte("Rar!\x1a\x07\x01\x00"), "kind_unknown"),
		refuse("gzip", "a.gz", []byte("\x1f\x8b\x08\x00"), "kind_unknown"),
		refuse("heic", "IMG_1.HEIC", ftyp("heic"), "kind_heic"),
		refuse("heic of another kind named jpg", "a.jpg", ftyp("mif1"), "kind_heic"),
		refuse("avif", "a.avif", ftyp("avif"), "kind_avif"),
		refuse("avif in a general container", "a.avif", join([]byte("\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00avif")), "kind_avif"),
		refuse("film", "a.mp4", ftyp("isom"), "kind_video"),
		refuse("webp", "a.jpg", join([]byte("RIFF\x00\x01\x00\x00WEBPVP8 "), Noise(100)), "kind_webp"),
		refuse("gif", "a.gif", join([]byte("GIF89a"), Noise(100)), "kind_gif"),
		refuse("gif that is a pdf too", "a.pdf", join([]byte("GIF89a"), PDFWith("")), "kind_gif"),
		refuse("svg", "a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "kind_svg"),
		refuse("svg behind a declaration, named png", "a.png", []byte("\ufeff<?xml version='1.0'?>\n<!-- x -->\n<!DOCTYPE svg>\n<s:SVG/>"), "kind_svg"),
		refuse("tiff", "a.tif", join([]byte("II*\x00"), Noise(100)), "kind_tiff"),
		refuse("bmp", "a.bmp", join([]byte("BM"), Noise(100)), "kind_bmp"),
		refuse("old word", "a.doc", join([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Noise(100)), "kind_office"),
		refuse("new word", "a.docx", []byte("PK\x03\x04....[Content_Types].xml....word/document.xml"), "kind_office"),
		refuse("open document", "a.odt", []byte("PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.text"), "kind_office"),
		refuse("rich text", "a.rtf", []byte(`{\rtf1}`), "kind_office"),
		refuse("ofd", "a.ofd", []byte("PK\x03\x04....OFD.xml...."), "kind_ofd"),
	}
}
