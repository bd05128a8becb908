package corpus

// Programs that call themselves pictures, files that are two things at once, and names that lie.

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
)

func programs() (all []Upload) {
	for what, start := range map[string]string{
		"windows program": "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "linux program": "\x7fELF\x02\x01\x01\x00", "mac program": "\xcf\xfa\xed\xfe\x07\x00\x00\x01",
		"mac program for two machines": "\xca\xfe\xba\xbe\x00\x00\x00\x02", "java class": "\xca\xfe\xba\xbe\x00\x00\x00\x34", "android program": "dex\n035\x00",
		"shell script": "#!/bin/sh\nrm -rf /\n", "python script": "#!/usr/bin/env python3\nimport os\n", "batch file": "@echo off\r\ndel *.*\r\n", "windows link": "L\x00\x00\x00\x01\x14\x02\x00",
		"web assembly": "\x00asm\x01\x00\x00\x00", "php page": "<?php system($_GET['c']); ?>", "postscript": "%!PS-Adobe-3.0\n", "icon": "\x00\x00\x01\x00\x01\x00\x10\x10", "photoshop": "8BPS\x00\x01",
		"jpeg xl": "\xff\x0a\xfa\x7f", "jpeg 2000": "\x00\x00\x00\x0cjP  \r\n\x87\n", "seven zip": "7z\xbc\xaf\x27\x1c", "disk image": "\x00\x00\x00\x00CD001", "mail": "From: a@b\r\nMIME-Version: 1.0\r\n",
		"database": "SQLite format 3\x00", "html with a byte order mark": "\xef\xbb\xbf<html>", "mhtml": "MIME-Version: 1.0\r\nContent-Type: multipart/related", "djvu": "AT&TFORM",
	} {
		all = append(all, refuse(what+" that says jpg", "a.jpg", join([]byte(start), Noise(300)), "kind_unknown"))
	}
	for _, ext := range []string{"exe", "scr", "html", "svg", "js", "php", "lnk", "zip", "docx", "pdf"} {
		all = append(all, refuse("jpeg that says "+ext, "a."+ext, photo(), "renamed"))
	}
	for _, ext := range []string{"png", "exe", "html", "docx"} {
		all = append(all, refuse("pdf that says "+ext, "申请."+ext, PDFWith(""), "renamed"))
	}
	for _, brand := range []string{"heix", "heim", "heis", "hevc", "hevx", "msf1"} {
		all = append(all, refuse("heic of brand "+brand, "IMG_1.HEIC", join([]byte("\x00\x00\x00\x18ftyp"+brand), Noise(100)), "kind_heic"))
	}
	return append(all,
		refuse("avif sequence", "a.avif", join([]byte("\x00\x00\x00\x18ftypavis"), Noise(100)), "kind_avif"),
		refuse("webp with transparency", "a.webp", join([]byte("RIFF\x00\x01\x00\x00WEBPVP8L"), Noise(100)), "kind_webp"),
		refuse("tiff of the other order", "a.tiff", join([]byte("MM\x00*"), Noise(100)), "kind_tiff"),
		refuse("large tiff", "a.tiff", join([]byte("II+\x00"), Noise(100)), "kind_tiff"),
		refuse("svg behind blanks", "a.jpg", []byte("\n\n  <svg><script>alert(1)</script></svg>"), "kind_svg"),
		refuse("ofd as a real archive", "合同.ofd", Archive("OFD.xml", "Doc_0/Document.xml"), "kind_ofd"),
		refuse("word as a real archive", "合同.docx", Archive("[Content_Types].xml", "word/document.xml"), "kind_office"),
		refuse("excel with macros", "a.xlsm", Archive("[Content_Types].xml", "xl/vbaProject.bin"), "kind_office"),
		refuse("java archive", "a.jpg", Archive("META-INF/MANIFEST.MF", "A.class"), "kind_unknown"),
		refuse("android package", "a.apk", Archive("AndroidManifest.xml", "classes.dex"), "kind_unknown"))
}

// Archive is a zip with files of these names.
func Archive(names ...string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, n := range names {
		w, err := z.Create(n)
		if err == nil {
			_, err = w.Write([]byte("<x/>"))
		}
		if err != nil {
			panic(err)
		}
	}
	z.Close()
	return out.Bytes()
}

func polyglots() []Upload {
	page := []byte("<html><body onload=alert(1)></body></html>")
	archive := Archive("META-INF/MANIFEST.MF", "A.class")
	// A script that is a JPEG: the length of its first segment opens a comment.
	script := join([]byte("\xff\xd8\xff\xe0\x2f\x2a"), make([]byte, 0x2f2a-2-20), []byte("*/=1;alert(1)/*.....")[:20], photo()[2:])
	return []Upload{
		accept("jpeg and html", "a.jpg", join(photo(), page), MediaJPEG, 64, 32),
		accept("jpeg and java archive", "a.jpg", join(photo(), archive), MediaJPEG, 64, 32),
		accept("jpeg and pdf", "a.jpg", join(photo(), PDFWith("/OpenAction "+scriptAction)), MediaJPEG, 64, 32),
		accept("jpeg and script", "a.jpg", script, MediaJPEG, 64, 32),
		accept("jpeg and php in a comment", "a.jpg", join(photo()[:2], Segment(0xFE, []byte("<?php system($_GET['c']); ?>")...), photo()[2:]), MediaJPEG, 64, 32),
		accept("png and archive", "a.png", join(plain(), archive), MediaPNG, 64, 32),
		accept("png and html in a text", "a.png", BeforeIDAT(plain(), "tEXt", join([]byte("x\x00"), page)), MediaPNG, 64, 32),
		accept("pdf and html", "a.pdf", join([]byte("%PDF-1.7 "), page, []byte("\n"), PDFWith("")), MediaPDF, 416, 624),
		refuse("png and a large archive", "a.png", join(plain(), []byte("PK\x03\x04"), bytes.Repeat([]byte("z"), 100_000)), "polyglot"),
		refuse("pdf and java archive", "a.pdf", join(PDFWith(""), archive, bytes.Repeat([]byte("z"), 2000)), "polyglot"),
		refuse("gif and java archive", "a.gif", join([]byte("GIF89a"), archive), "kind_gif"),
		refuse("archive and pdf", "a.pdf", join(archive, PDFWith("")), "kind_unknown"),
		refuse("bmp and script", "a.bmp", []byte("BM=1;alert(1)//"), "kind_bmp"),
		refuse("tiff and pdf", "a.pdf", join([]byte("II*\x00"), PDFWith("")), "kind_tiff"),
		refuse("html and png", "a.png", join(page, plain()), "kind_unknown"),
		refuse("postscript and pdf", "a.pdf", join([]byte("%!PS-Adobe-3.0 PDF\n"), PDFWith("")), "kind_unknown"),
	}
}

// named are good pictures whose names are not.
func named() (all []Upload) {
	for i, name := range []string{
		"../../../../etc/passwd.jpg", `..\..\windows\system32\a.jpg`, "/etc/cron.d/a.jpg", "a/../../b.jpg", "..", ".", "....//a.jpg", "%2e%2e%2fa.jpg", ".htaccess.jpg", "CON.jpg", "a.jpg::$DATA", "~root.jpg",
		"a\x00.jpg", "a\r\nSet-Cookie: x=y.jpg", "a\x1b[31m.jpg", "a\x7f\u0085\u009b.jpg", "\u202egpj.a.jpg", "\u2066a\u2069.jpg", "a\u200b\u200e\u200f\u061c\ufeffb.jpg", "a\u2028b\u2029.jpg",
		"\xff\xfe\x80.jpg", strings.Repeat("证", 300) + ".jpg", strings.Repeat("a", 300) + ".jpg", strings.Repeat("e\u0301\u0302\u0303", 60) + ".jpg", "<script>alert(1)</script>.jpg", `"><img src=x onerror=alert(1)>.jpg`,
		"{{.Password}}.jpg", "=cmd|' /C calc'!A0.jpg", "; rm -rf ~ ;.jpg", "$(reboot).jpg", "a.jpg; filename=\"b.jpg", "%s%n%x.jpg", "👵🏻身份证.jpg", "𠮷野家.jpg", "   .jpg", "a.jpg.",
	} {
		all = append(all, accept(fmt.Sprintf("jpeg with hostile name %d", i+1), name, photo(), MediaJPEG, 64, 32))
	}
	return append(all, refuse("jpeg that reads as jpg and is named exe", "photo\u202egpj.exe", photo(), "renamed"))
}
