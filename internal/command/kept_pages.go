package command

import (
	"sync"
	"time"

	"github.com/certdesk/certdesk/internal/records"
)

// Public pages of certificates are kept in memory as they were rendered: until an act touches the certificate, its holder,
// a type or the desk, and for a second at most, so that what another program on the same data did is noticed.

const (
	keepPage  = time.Second
	keepPages = 1000
)

type pages struct {
	mu    sync.Mutex
	all   map[string]keptPage
	drops int // counts changes, so that what was read before one is not kept after it
}

type keptPage struct {
	certificate, holder string
	until               time.Time
	body                []byte
}

// Page finds a page that was kept under this name. If there is none, drops is for KeepPage: take it before anything is read.
func (d *Desk) Page(name string) (body []byte, drops int) {
	p := &d.pages
	p.mu.Lock()
	defer p.mu.Unlock()
	if k, ok := p.all[name]; ok && time.Now().Before(k.until) {
		return k.body, p.drops
	}
	return nil, p.drops
}

// KeepPage keeps a page about a certificate, unless something was changed since drops were taken.
func (d *Desk) KeepPage(name string, drops int, about *records.Certificate, body []byte) {
	p := &d.pages
	p.mu.Lock()
	defer p.mu.Unlock()
	if drops != p.drops {
		return
	}
	if p.all == nil || len(p.all) >= keepPages {
		p.all = map[string]keptPage{}
	}
	p.all[name] = keptPage{about.ID, about.Holder, time.Now().Add(keepPage), body}
}

// drop forgets the pages that the effects of an act concern. It runs before the act is answered.
func (p *pages) drop(effects []effect) {
	for _, e := range effects {
		switch r := e.row.(type) {
		case *records.Certificate:
			p.forget(func(k keptPage) bool { return k.certificate == r.ID })
		case *records.Holder:
			p.forget(func(k keptPage) bool { return k.holder == r.ID })
		case *records.Desk, *records.Type, *records.Description:
			p.forget(func(keptPage) bool { return true })
		}
	}
}

func (p *pages) forget(which func(keptPage) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drops++
	for name, k := range p.all {
		if which(k) {
			delete(p.all, name)
		}
	}
}
