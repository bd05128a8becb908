package vault

// PDFs: opened by pdfium inside WebAssembly inside the child, looked through for what could run, and
// turned into pictures page by page.

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"regexp"
	"slices"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

//go:embed inspect_warm.pdf
var warmPDF string

func openPDF(data []byte, limits Limits, cache string) (Inspected, error) {
	if err := checkPDF(data); err != nil {
		return Inspected{}, err
	}
	engine, err := startEngine(cache)
	if err != nil {
		return Inspected{}, err
	}
	doc, err := engine.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return Inspected{}, openingFailed(err)
	}
	p := pdf{engine, doc.Document}
	pages, err := p.check(limits)
	if err != nil {
		return Inspected{}, err
	}
	return p.render(pages)
}

var moreObjects = regexp.MustCompile(`^\d+ \d+ obj`)

// checkPDF looks at the file as it lies there.
func checkPDF(data []byte) error {
	end := bytes.LastIndex(data, []byte("%%EOF"))
	if end < 0 {
		return refuseUpload("cut_off", "no end mark")
	}
	if rest := bytes.Trim(data[end+5:], "\x00\t\n\f\r "); len(rest) > maxPDFTrail {
		code := "polyglot"
		if moreObjects.Match(rest[:64]) { // end marks occur inside of a PDF too
			code = "cut_off"
		}
		return refuseUpload(code, fmt.Sprintf("%d bytes after the last end mark", len(rest)))
	}
	if name := scriptName(data); name != "" {
		return refuseUpload("pdf_script", name)
	}
	return nil
}

// startEngine starts pdfium without any file of the machine. It ends with the process.
func startEngine(cache string) (pdfium.Pdfium, error) {
	compiled, err := wazero.NewCompilationCacheWithDir(cache)
	if err != nil {
		return nil, err
	}
	pool, err := webassembly.Init(webassembly.Config{MinIdle: 1, MaxIdle: 1, MaxTotal: 1,
		FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard,
		RuntimeConfig: wazero.NewRuntimeConfig().WithCompilationCache(compiled).WithMemoryLimitPages(wasmPages).
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling)})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return pool.GetInstanceWithContext(ctx)
}

func openingFailed(err error) error {
	if errors.Is(err, pdferrors.ErrPassword) || errors.Is(err, pdferrors.ErrSecurity) {
		return refuseUpload("pdf_password", err.Error())
	}
	return err
}

type pdf struct {
	engine pdfium.Pdfium
	doc    references.FPDF_DOCUMENT
}

// check gives the number of pages, or refuses what has too many of them or anything that could run.
func (p pdf) check(limits Limits) (int, error) {
	count, err := p.engine.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: p.doc})
	if err != nil {
		return 0, err
	}
	switch {
	case count.PageCount < 1:
		return 0, refuseUpload("failed", "no pages")
	case count.PageCount > limits.MaxPages:
		return 0, refuseUpload("too_many_pages", fmt.Sprint(count.PageCount))
	}
	for _, look := range []func() (string, error){p.actions, p.attachments, p.forms, p.unpacked} {
		what, err := look()
		if err != nil {
			return 0, err
		}
		if what != "" {
			return 0, refuseUpload("pdf_script", what)
		}
	}
	return count.PageCount, nil
}

func (p pdf) actions() (string, error) {
	n, err := p.engine.FPDFDoc_GetJavaScriptActionCount(&requests.FPDFDoc_GetJavaScriptActionCount{Document: p.doc})
	if err != nil || n.JavaScriptActionCount == 0 {
		return "", err
	}
	return "scripts", nil
}

func (p pdf) attachments() (string, error) {
	n, err := p.engine.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: p.doc})
	if err != nil || n.AttachmentCount == 0 {
		return "", err
	}
	return "attachments", nil
}

func (p pdf) forms() (string, error) {
	form, err := p.engine.FPDF_GetFormType(&requests.FPDF_GetFormType{Document: p.doc})
	if err == nil && (form.FormType == enums.FPDF_FORMTYPE_XFA_FULL || form.FormType == enums.FPDF_FORMTYPE_XFA_FOREGROUND) {
		return "XFA", nil
	}
	return "", err
}

// unpacked has pdfium write the document anew, which unpacks object streams and takes off encryption,
// and scans that.
func (p pdf) unpacked() (string, error) {
	var out bytes.Buffer
	_, err := p.engine.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{Document: p.doc, Flags: requests.SaveFlagRemoveSecurity, FileWriter: &atMost{&out, maxPDFCopy}})
	if err != nil {
		return "", err
	}
	return scriptName(out.Bytes()), nil
}

// atMost fails when more is written than there may be.
type atMost struct {
	to   io.Writer
	left int
}

func (w *atMost) Write(b []byte) (int, error) {
	if w.left -= len(b); w.left < 0 {
		return 0, errors.New("document unpacks to too much")
	}
	return w.to.Write(b)
}

// render makes pictures of all pages; while some are encoded the next is drawn.
func (p pdf) render(pages int) (Inspected, error) {
	press := newPress(pages)
	var failed error
	for i := 0; i < pages && failed == nil; i++ {
		img, err := p.draw(i)
		if failed = err; err == nil {
			press.add(i, img)
		}
	}
	out, err := press.finish()
	return out, errors.Join(failed, err)
}

// draw gives one page on white paper.
func (p pdf) draw(index int) (*image.RGBA, error) {
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: p.doc, Index: index}}
	size, err := p.engine.GetPageSize(&requests.GetPageSize{Page: page})
	if err != nil {
		return nil, err
	}
	w, h, err := pagePixels(size.Width, size.Height)
	if err != nil {
		return nil, err
	}
	r, err := p.engine.RenderPageInPixels(&requests.RenderPageInPixels{Page: page, Width: w, Height: h,
		Document: &p.doc, RenderForm: true, RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT | enums.FPDF_RENDER_FLAG_RENDER_LIMITEDIMAGECACHE})
	if err != nil {
		return nil, err
	}
	defer r.Cleanup()
	src, ok := r.Result.RenderedImage.(*image.RGBA) // pdfium's memory, gone after Cleanup
	if !ok {
		return nil, fmt.Errorf("pdfium drew a %T", r.Result.RenderedImage)
	}
	if r.Result.HasTransparency {
		return onPaper(&image.NRGBA{Pix: src.Pix, Stride: src.Stride, Rect: src.Rect}), nil // pdfium does not premultiply
	}
	return &image.RGBA{Pix: slices.Clone(src.Pix), Stride: src.Stride, Rect: src.Rect}, nil
}

// pagePixels gives the size a page of so many points is drawn at.
func pagePixels(w, h float64) (int, int, error) {
	long := max(w, h)
	if !(w > 0 && h > 0) || math.IsInf(long, 0) {
		return 0, 0, fmt.Errorf("page of %g × %g points", w, h)
	}
	scale := min(viewDPI/72.0, viewSide/long)
	return max(1, int(w*scale)), max(1, int(h*scale)), nil
}
