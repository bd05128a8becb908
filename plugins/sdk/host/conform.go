package host

// The conformance test: what every certification type has to hold, asked over the wire. The SDK's test, the command
// `certdesk plugin test` and the bundled types all use it.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// Caller is anything that calls a type over the wire: a *Conn, or a desk's catalog.
type Caller interface {
	Describe(ctx context.Context) (sdk.Type, error)
	Check(ctx context.Context, req sdk.CheckRequest) ([]sdk.Finding, error)
	Recheck(ctx context.Context, req sdk.RecheckRequest) ([]sdk.Finding, error)
}

// Conform asks a type everything that a desk asks and returns what is wrong: with its description, with the example
// forms, and with its findings on each example, on an empty form, and on several forms at once.
func Conform(ctx context.Context, c Caller, examples ...sdk.Answers) []error {
	t, err := c.Describe(ctx)
	if err != nil {
		return []error{fmt.Errorf("describe: %w", err)}
	}
	p := &probe{ctx: ctx, c: c, t: t, today: time.Now().Format(time.DateOnly)}
	p.note("description", check.Description(t)...)
	p.stable()
	for i, a := range examples {
		p.example(fmt.Sprintf("example %d", i+1), a)
	}
	p.ask("an empty form", sdk.Answers{}, nil)
	p.ask("an unknown answer", sdk.Answers{"certdesk_conformance": "?"}, []sdk.Fact{{Slot: "certdesk_conformance"}})
	p.together(examples)
	return p.wrong
}

type probe struct {
	ctx   context.Context
	c     Caller
	t     sdk.Type
	today string

	mu    sync.Mutex
	wrong []error
}

func (p *probe) note(where string, errs ...error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, err := range errs {
		if err != nil {
			p.wrong = append(p.wrong, fmt.Errorf("%s: %w", where, err))
		}
	}
}

// stable asks for the description again: it must not change.
func (p *probe) stable() {
	again, err := p.c.Describe(p.ctx)
	if err != nil {
		p.note("describe again", err)
		return
	}
	one, _ := Canonical(p.t)
	two, _ := Canonical(again)
	if !bytes.Equal(one, two) {
		p.note("describe again", errors.New("the description has changed"))
	}
}

// example is a form that an applicant could submit: it has to be complete, with every slot that it shows filled.
func (p *probe) example(name string, a sdk.Answers) {
	have, facts := map[string]int{}, []sdk.Fact(nil)
	for _, s := range check.Slots(p.t, a) {
		have[s.ID] = 1
		facts = append(facts, sdk.Fact{Slot: s.ID, Media: "image/jpeg", Pages: 1, Width: 1600, Height: 1200, Bytes: 1 << 20, Blur: 200})
	}
	for _, problem := range check.Form(p.t, a, have, false, p.today) {
		p.note(name, fmt.Errorf("%s: %s (%s)", problem.Field, problem.Code, problem.Text.En))
	}
	p.ask(name, a, facts)
}

// ask calls Check and Recheck. A type may say that something is not there now, or that it cannot do this; it may not fail.
func (p *probe) ask(name string, a sdk.Answers, facts []sdk.Fact) {
	found, err := p.c.Check(p.ctx, sdk.CheckRequest{Today: p.today, Answers: a, Evidence: facts})
	p.answered(name+", check", found, err)
	found, err = p.c.Recheck(p.ctx, sdk.RecheckRequest{Today: p.today, ValidFrom: "2020-01-01", ExpiresOn: "2099-12-31", Answers: a})
	p.answered(name+", recheck", found, err)
}

func (p *probe) answered(where string, found []sdk.Finding, err error) {
	if errors.Is(err, sdk.ErrUnavailable) || errors.Is(err, sdk.ErrUnsupported) {
		return
	}
	_, wrong := Clean(p.t, found)
	p.note(where, append(wrong, err)...)
}

// together asks several questions at once: a desk does.
func (p *probe) together(examples []sdk.Answers) {
	if len(examples) == 0 {
		examples = []sdk.Answers{{}}
	}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			_, err := p.c.Check(p.ctx, sdk.CheckRequest{Today: p.today, Answers: examples[i%len(examples)]})
			p.answered("eight at once", nil, err)
		})
	}
	all.Wait()
}
