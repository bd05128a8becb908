package vault

// How much an upload may ask of us, and how much the process that opens it may take.

import "time"

// Limits bound one upload. They are checked before anything is decoded.
type Limits struct {
	MaxBytes       int64 // of the file
	MaxPixels      int64 // of a picture
	MaxProgressive int64 // pixels of a progressive JPEG, which is held in memory several times over
	MaxPages       int   // of a PDF
}

// DefaultLimits are the limits where a desk sets none of its own.
var DefaultLimits = Limits{MaxBytes: 10 << 20, MaxPixels: 40e6, MaxProgressive: 16e6, MaxPages: 100}

// How long one upload may take to be opened: by the processor, and, since a busy machine lets it wait, far longer by the clock.
const (
	DefaultCPU      = 15 * time.Second
	DefaultDeadline = time.Minute
)

const (
	maxSide        = 30_000    // pixels of a picture's longer side
	viewSide       = 2400      // longest side of a page as it is shown
	viewQuality    = 85        // JPEG quality of a page as it is shown
	thriftyQuality = 60        // once half of maxViewBytes is used up
	viewDPI        = 150       // of a PDF page, unless viewSide is reached first
	maxViewBytes   = 64 << 20  // of all pages of one document together
	maxScans       = 100       // of a JPEG: cameras and programs write up to a dozen, and each one is a walk over all of it
	maxTrail       = 64 << 10  // bytes of anything after the end of a picture
	maxPDFTrail    = 1 << 10   // bytes after the last end mark of a PDF
	maxPDFCopy     = 256 << 20 // of a PDF with its object streams unpacked
	warmDeadline   = 5 * time.Minute
)

// What the child that opens uploads may take. Less than 2 GiB of address space is not enough for pdfium.
const (
	childMemory   = 2 << 30
	childHeap     = 1 << 30   // from here on the child cleans up more eagerly
	childFiles    = 64        // open files
	childCacheMax = 256 << 20 // largest file of the compilation cache
	wasmPages     = 6144      // of 64 KiB each: what pdfium itself may have
)

// withDefaults replaces what is not set.
func (l Limits) withDefaults() Limits {
	d := DefaultLimits
	if l.MaxBytes <= 0 {
		l.MaxBytes = d.MaxBytes
	}
	if l.MaxPixels <= 0 {
		l.MaxPixels = d.MaxPixels
	}
	if l.MaxProgressive <= 0 {
		l.MaxProgressive = d.MaxProgressive
	}
	if l.MaxPages <= 0 {
		l.MaxPages = d.MaxPages
	}
	return l
}
