package vault

// Uploads are opened by nobody but a locked-up child that lives for one file. What comes back are
// pictures made anew, without metadata and without anything that could run.

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/certdesk/certdesk/internal/sandbox"
)

// Upload is a file as it arrived: the name or media type its sender gave it, and its bytes.
type Upload struct {
	Name string
	Data []byte
}

// Page is one page of a document as it is shown: a JPEG made anew.
type Page struct {
	JPEG          []byte
	Width, Height int
}

// Inspected is what is known of a document after it was opened.
type Inspected struct {
	Media     string // image/jpeg, image/png or application/pdf, by content
	Pages     []Page // at least one; pictures stand upright
	Sharpness int    // variance of the Laplacian of page 1 at 512 pixels; a blurred photo is below about 100
	PHash     uint64 // difference hash of page 1; 10 or fewer differing bits: probably the same picture
}

// InspectorOptions set up an Inspector. CacheDir is needed; everything else has a default.
type InspectorOptions struct {
	CacheDir string // folder for compiled code, ours alone: whoever writes there runs code in the child
	Limits
	CPU      time.Duration // of the processor for one upload, in whole seconds
	Deadline time.Duration // by the clock
	Log      *slog.Logger
}

// Inspector opens uploads, one at a time.
type Inspector struct {
	opts InspectorOptions
	turn chan struct{} // holds one while a child runs
	warm bool          // of the cache; belongs to whoever has the turn
}

// NewInspector makes the cache folder if it is missing. It starts nothing.
func NewInspector(opts InspectorOptions) (*Inspector, error) {
	if opts.CacheDir == "" {
		return nil, errors.New("inspector: CacheDir is not set")
	}
	if err := os.MkdirAll(opts.CacheDir, 0o700); err != nil {
		return nil, fmt.Errorf("inspector: cache: %w", err)
	}
	if opts.CPU <= 0 {
		opts.CPU = DefaultCPU
	}
	if opts.Deadline <= 0 {
		opts.Deadline = DefaultDeadline
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	opts.Limits = opts.Limits.withDefaults()
	return &Inspector{opts: opts, turn: make(chan struct{}, 1)}, nil
}

// Level tells how well the child is locked up on this machine.
func (in *Inspector) Level() sandbox.Level { return sandbox.Available() }

// Inspect opens an upload. declared is the name or media type the sender gave, "" if none. It waits for
// its turn as long as ctx allows, then takes at most the deadline. An upload that is not accepted is a
// *Refusal; any other error is ctx's or means that no child could be started.
func (in *Inspector) Inspect(ctx context.Context, data []byte, declared string) (Inspected, error) {
	return in.InspectFrom(ctx, int64(len(data)), func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }, declared)
}

// InspectFrom is Inspect for an upload of so many bytes that is opened when its turn has come and goes to the child as it is
// read: neither those who wait nor the one whose turn it is hold it in memory. An error of open or of reading is returned as it is.
func (in *Inspector) InspectFrom(ctx context.Context, size int64, open func() (io.ReadCloser, error), declared string) (Inspected, error) {
	switch {
	case size == 0:
		return Inspected{}, &Refusal{Code: "empty"}
	case size > in.opts.MaxBytes:
		return Inspected{}, &Refusal{Code: "too_big"}
	}
	if err := in.take(ctx); err != nil {
		return Inspected{}, err
	}
	defer in.give()
	file, err := open()
	if err != nil {
		return Inspected{}, err
	}
	defer file.Close()
	up := &incoming{name: declared, size: size, from: bufio.NewReader(file)}
	head, _ := up.from.Peek(pdfLook) // what cannot be read is told by whoever reads on
	if startsPDF(head) {             // the first PDF on a machine that was never warmed must not run into the deadline
		if err := in.warmUp(ctx); err != nil {
			return Inspected{}, err
		}
	}
	return in.serve(ctx, up)
}

// Warm compiles pdfium into the cache and opens a small document with it; the children that open
// uploads only read there. It takes several seconds the first time on a machine, then a fraction of one,
// and nothing once it has succeeded. A spoilt cache is thrown away and made anew.
func (in *Inspector) Warm(ctx context.Context) error {
	if err := in.take(ctx); err != nil {
		return err
	}
	defer in.give()
	return in.warmUp(ctx)
}

func (in *Inspector) warmUp(ctx context.Context) error {
	if in.warm {
		return nil
	}
	err := in.warmOnce(ctx)
	if err != nil && ctx.Err() == nil {
		in.opts.Log.Warn("compilation cache is made anew", "cause", err)
		if err = emptyFolder(in.opts.CacheDir); err == nil {
			err = in.warmOnce(ctx)
		}
	}
	in.warm = err == nil
	return err
}

func (in *Inspector) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case in.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (in *Inspector) give() { <-in.turn }

// incoming is an upload on its way to the child.
type incoming struct {
	name   string
	size   int64 // in bytes, of what is not read yet
	from   *bufio.Reader
	broken error // why it could not be read to its end
}

// Read is io.Reader; it keeps the error of an upload that breaks off.
func (up *incoming) Read(b []byte) (int, error) {
	n, err := up.from.Read(b)
	if up.size -= int64(n); err == io.EOF && up.size > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && err != io.EOF {
		up.broken = err
	}
	return n, err
}

const pdfLook = 32 // bytes: the mark, and what some scanners put in front

// startsPDF is the one look at an upload that the host takes itself: at its first bytes.
func startsPDF(data []byte) bool {
	return bytes.HasPrefix(pdfStart(data), []byte("%PDF-"))
}

// pdfStart skips what some scanners put in front.
func pdfStart(data []byte) []byte {
	return bytes.TrimLeft(data[:min(len(data), pdfLook)], "\xef\xbb\xbf \t\r\n\x00")
}
