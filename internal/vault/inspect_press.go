package vault

// Encoding pages takes longer than drawing them, so it is done on the side, by as many hands as there
// are processors but no more than two: the desk itself needs some.

import (
	"image"
	"runtime"
	"sync"
)

type printed struct {
	at  int
	img *image.RGBA
}

// press encodes pages in any order; finish gives them in theirs.
type press struct {
	queue chan printed
	hands sync.WaitGroup

	mu     sync.Mutex
	out    Inspected
	total  int
	failed error
}

func newPress(pages int) *press {
	p := &press{queue: make(chan printed), out: Inspected{Media: mediaPDF, Pages: make([]Page, pages)}}
	for range min(2, runtime.GOMAXPROCS(0)) {
		p.hands.Go(func() {
			for page := range p.queue {
				p.print(page)
			}
		})
	}
	return p
}

func (p *press) add(at int, img *image.RGBA) { p.queue <- printed{at, img} }

// finish waits for all pages; a document whose pages are too much together is refused.
func (p *press) finish() (Inspected, error) {
	close(p.queue)
	p.hands.Wait()
	if p.failed != nil {
		return Inspected{}, p.failed
	}
	return p.out, nil
}

func (p *press) print(d printed) {
	page, err := encodePage(d.img, p.quality())
	hints := Inspected{}
	if d.at == 0 {
		hints = measured(hints, d.img)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out.Pages[d.at] = page
	if d.at == 0 {
		p.out.Sharpness, p.out.PHash = hints.Sharpness, hints.PHash
	}
	if p.total += len(page.JPEG); err == nil && p.total > maxViewBytes {
		err = refuseUpload("too_big", "pages as pictures")
	}
	if err != nil && p.failed == nil {
		p.failed = err
	}
}

// quality saves bytes once a document has used up half of what it may.
func (p *press) quality() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.total > maxViewBytes/2 {
		return thriftyQuality
	}
	return viewQuality
}
