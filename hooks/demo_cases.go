package hooks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// One case of the demo's history: somebody fills it in, somebody judges it, and something becomes of its certificate.

// demoCase is one line of cases.csv, on its way.
type demoCase struct {
	sd      *seeder
	row     demoRow
	n       int
	account *demoAccount
	person  demoPerson
	body    demoInstitution
	legal   demoPerson
	contact demoPerson
	id      string // the application
}

func (c *demoCase) started() int {
	n, _ := strconv.Atoi(c.row["started"])
	return n
}

// handsIn reports whether the case gets as far as handing in its document i of n.
func (c *demoCase) handsIn(i, n int) bool {
	pages, err := strconv.Atoi(c.row["until"])
	return err != nil || pages > 3 && i < n-1
}

// plan lays out what happens to the case, each step after the one before.
func (c *demoCase) plan() {
	sd, key := c.sd, c.row["key"]
	c.happens(sd.anyDay, c.started(), 8*60+10+c.n*47%540, key, c.fillIn)
	if _, ago, ok := strings.Cut(c.row["until"], "withdraw:"); ok {
		c.happens(sd.anyDay, number0(ago), 10*60+c.n, key+" withdrawn", func(ctx context.Context) error {
			_, err := command.Run(ctx, sd.s.Desk, c.by(), command.Withdraw, command.At{ID: c.id}, struct{}{})
			return err
		})
	}
	minute := 9*60 + c.n*53%440
	switch decided := c.row["decided"]; {
	case strings.HasSuffix(decided, "+"):
		c.happens(sd.workingDay, max(1, c.started()-1), minute+90, key+" looked at", func(ctx context.Context) error {
			_, err := c.judge(ctx, number0(strings.TrimSuffix(decided, "+")), nil)
			return err
		})
	case decided != "":
		c.happens(sd.workingDay, number0(decided), minute, key+" decided", c.decide)
	}
	for _, then := range strings.Fields(c.row["then"]) {
		if then == waits {
			continue
		}
		act, ago, _ := strings.Cut(then, "@")
		c.happens(sd.workingDay, number0(ago), 14*60+c.n, key+" "+act, func(ctx context.Context) error { return c.then(ctx, act) })
	}
}

// between is how much later the next step is, at the least: what happens before has come to its end by then.
const between = 2 * time.Hour

// happens plans the next step of the case: so many days ago, or on the first day after that which fits and on which it
// comes after the step before, be it one of an earlier case for the same. A history counted back from today falls on other
// weekends and holidays every day; its order stays.
func (c *demoCase) happens(fits func(ago int) bool, ago, minutes int, name string, do func(ctx context.Context) error) {
	sd, of := c.sd, c.row["account"]+" "+c.row["holder"]+" "+c.row["type"]
	free := sd.last[of].Add(between)
	for ago > 1 && (!fits(ago) || sd.at(ago, minutes).Before(free)) {
		ago--
	}
	at := sd.at(ago, minutes)
	if at.Before(free) {
		at = free
	}
	sd.last[of] = at
	sd.happens(at, name, do)
}

func number0(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func (c *demoCase) by() command.Caller {
	if who := c.takenBy(); who != "" {
		return command.Of(who)
	}
	return command.Account(c.account.id)
}

// fillIn does what the applicant does.
func (c *demoCase) fillIn(ctx context.Context) error {
	if err := c.begin(ctx); err != nil {
		return err
	}
	t, err := c.describe()
	if err != nil {
		return err
	}
	pages, stops := strconv.Atoi(c.row["until"])
	answers := c.answers()
	for i, p := range check.Pages(t, answers) {
		if stops == nil && i >= pages {
			break
		}
		entered := map[string]string{}
		for _, q := range p.Questions {
			entered[q.ID] = answers[q.ID]
		}
		c.sd.tick(1)
		if _, err := command.Run(ctx, c.sd.s.Desk, c.by(), command.SaveDraft, command.At{ID: c.id}, command.PageAnswers{Page: p.ID, Entered: entered}); err != nil && !flow.Refused(err, "kept") {
			return troubled(err)
		}
	}
	if err := c.upload(ctx); err != nil {
		return err
	}
	return c.finish(ctx)
}

// troubled names the problems that a form was refused with.
func troubled(err error) error {
	var p *command.Problems
	if errors.As(err, &p) {
		return fmt.Errorf("%w: %+v", err, p.List)
	}
	return err
}

func (c *demoCase) describe() (sdk.Type, error) {
	app, err := c.load()
	if err != nil {
		return sdk.Type{}, err
	}
	return records.Describe(c.sd.s.Desk.App.DB(), app.Digest)
}

func (c *demoCase) load() (*records.Application, error) {
	return records.Load[*records.Application](c.sd.s.Desk.App.DB(), c.id)
}

// begin opens the draft, for an account and a holder that may be new.
func (c *demoCase) begin(ctx context.Context) error {
	if c.takenBy() != "" {
		return c.taken(ctx)
	}
	if err := c.account.open(ctx, c.sd); err != nil {
		return err
	}
	holder, err := c.holder(ctx)
	if err != nil {
		return err
	}
	var r command.Receipt
	of, changes := c.follows()
	if renewed := c.sd.cases[of]; renewed != nil {
		k, err := renewed.certificate()
		if err != nil {
			return err
		}
		if len(changes) > 0 {
			if r, err = command.Run(ctx, c.sd.s.Desk, c.by(), command.RequestChange, command.At{ID: k.ID}, struct{}{}); err != nil {
				return err
			}
			c.id = r.Answer["id"]
			_, err = command.Run(ctx, c.sd.s.Desk, c.by(), command.ChooseChanges, command.At{ID: c.id}, command.WhatChanged{Changes: changes})
			return err
		}
		r, err = command.Run(ctx, c.sd.s.Desk, c.by(), command.Renew, command.At{ID: k.ID}, struct{}{})
		c.id = r.Answer["id"]
		return err
	}
	r, err = command.Run(ctx, c.sd.s.Desk, c.by(), command.Start, command.At{ID: holder}, command.Beginning{Type: c.row["type"], Lang: c.account.row["lang"]})
	c.id = r.Answer["id"]
	return err
}

// follows names the case whose certificate is renewed or changed, and what has changed.
func (c *demoCase) follows() (of string, changes []string) {
	of, what, change := strings.Cut(c.row["renews"], "/")
	if change {
		changes = strings.Split(what, "+")
	}
	return of, changes
}

// answers are what is filled in.
func (c *demoCase) answers() sdk.Answers {
	p := c.person
	switch c.row["type"] {
	case "individual":
		if _, changes := c.follows(); len(changes) > 0 {
			return sdk.Answers{"name": p.demoRow["name"], "latin_name": p.demoRow["latin"], "resident_id": p.id.Number, "card_until": "2044-03-18", "address": p.demoRow["address"], "phone": "13800138999"}
		}
		return sdk.Answers{"name": p.demoRow["name"], "latin_name": p.demoRow["latin"], "resident_id": p.id.Number, "card_until": p.card, "address": p.demoRow["address"], "phone": p.phone()}
	case "pension":
		return sdk.Answers{"name": p.demoRow["name"], "resident_id": p.id.Number, "card_until": p.card, "lives": "mainland", "address": p.demoRow["address"], "phone": p.phone()}
	}
	o := c.body
	return sdk.Answers{"org_name": o.demoRow["name"], "credit_code": o.code, "licence_until": o.until, "legal_name": c.legal.demoRow["name"], "legal_resident_id": c.legal.id.Number,
		"address": o.demoRow["address"], "contact_name": c.contact.demoRow["name"], "contact_phone": c.contact.phone(), "scope": strings.Join(o.list("scope"), "\n")}
}

// upload hands in the documents.
func (c *demoCase) upload(ctx context.Context) error {
	app, err := c.load()
	if err != nil {
		return err
	}
	keys, docs := c.documents(c.sd.s.Desk.DayCode(app, flow.DayOf(c.sd.s.Clock.Now(), c.sd.zone)))
	kept, err := records.Documents(c.sd.s.Desk.App.DB(), c.id)
	if err != nil {
		return err
	}
	for i, d := range docs {
		if !c.handsIn(i, len(docs)) || slices.ContainsFunc(kept, func(k *records.Document) bool { return k.Slot == d.slot }) {
			continue
		}
		stored, err := c.sd.look.store(ctx, keys[i].key, app.Key(), d)
		if err != nil {
			return err
		}
		c.sd.tick(2)
		if _, err := command.Run(ctx, c.sd.s.Desk, c.by(), command.AddDocument, command.At{ID: c.id}, stored); err != nil {
			return fmt.Errorf("%s: %w", d.slot, err)
		}
	}
	return nil
}

// finish ends the draft as the case says.
func (c *demoCase) finish(ctx context.Context) error {
	d, at := c.sd.s.Desk, command.At{ID: c.id}
	c.sd.tick(3)
	switch until := c.row["until"]; {
	case until == "discard":
		_, err := command.Run(ctx, d, c.by(), command.Discard, at, struct{}{})
		return err
	case until == "attest":
		if _, err := command.Run(ctx, d, command.Of(c.sd.staff["linjing"]), command.AttestPresence, at, command.Attested{SawPerson: true, SawOriginal: true}); err != nil {
			return err
		}
	case until != "submit" && !strings.HasPrefix(until, "withdraw"):
		return nil
	}
	_, err := command.Run(ctx, d, c.by(), command.Submit, at, command.Submission{Declared: true})
	return troubled(err)
}

// judge does what the reviewer does before deciding: looks at the case and its documents, and judges the first n items.
// Items that a reason belongs to are found wrong.
func (c *demoCase) judge(ctx context.Context, n int, reasons []string) (command.Caller, error) {
	app, err := c.load()
	if err != nil {
		return command.Caller{}, err
	}
	if app.Assignee == "" {
		return command.Caller{}, fmt.Errorf("%s has no reviewer in state %s", app.Ref, app.State)
	}
	d, by, at := c.sd.s.Desk, command.Of(app.Assignee), command.At{ID: c.id}
	if _, err := command.Run(ctx, d, by, command.ViewCase, at, command.Seen{}); err != nil {
		return by, err
	}
	docs, err := records.Documents(d.App.DB(), c.id)
	if err != nil {
		return by, err
	}
	for _, doc := range docs {
		c.sd.tick(1)
		if _, err := command.Run(ctx, d, by, command.ViewDocument, at, command.Seen{Document: doc.ID}); err != nil {
			return by, err
		}
	}
	t, err := c.describe()
	if err != nil {
		return by, err
	}
	for i, item := range flow.ItemsShown(t, c.answers()) {
		if i >= n {
			break
		}
		v := command.Judged{Item: item.ID, Value: flow.VerdictOK, How: int64(c.n % max(1, len(item.Ways)))}
		if slices.ContainsFunc(item.Reasons, func(r string) bool { return slices.Contains(reasons, r) }) {
			v.Value = flow.VerdictBad
		}
		if _, err := command.Run(ctx, d, by, command.Verdict, at, v); err != nil {
			return by, fmt.Errorf("%s: %w", item.ID, err)
		}
	}
	c.sd.tick(4)
	if text := c.sd.texts["note:"+c.row["key"]]; text != "" {
		_, err = command.Run(ctx, d, by, command.Note, at, command.Remark{Text: text})
	}
	return by, err
}

// decide judges everything and makes the result.
func (c *demoCase) decide(ctx context.Context) error {
	in := command.Result{Outcome: flow.Passed, Extra: c.sd.texts["extra:"+c.row["key"]]}
	if c.row["result"] != flow.Passed {
		in.Outcome, in.Reasons = flow.NotPassed, c.row.list("result")
	}
	by, err := c.judge(ctx, 99, in.Reasons)
	if err != nil {
		return err
	}
	return c.result(ctx, by, in)
}

func (c *demoCase) certificate() (*records.Certificate, error) {
	return records.Find[*records.Certificate](c.sd.s.Desk.App.DB(), dbx.HashExp{"application": c.id})
}

// then does something to the certificate: a lead suspends, reinstates or revokes; the holder says what its page shows.
func (c *demoCase) then(ctx context.Context, act string) error {
	switch act {
	case "ask":
		return c.asks(ctx)
	case "answer":
		return c.answersIt(ctx)
	case "sanction":
		return c.sanctioned(ctx)
	case "reverse":
		return c.reversing(ctx)
	case "agree":
		return c.agreeing(ctx)
	}
	k, err := c.certificate()
	if err != nil {
		return err
	}
	acts := map[string]command.Act[*records.Certificate, command.Reasoned]{"suspend": command.Suspend, "reinstate": command.Reinstate, "revoke": command.Revoke}
	if a, ok := acts[act]; ok {
		_, err = command.Run(ctx, c.sd.s.Desk, command.Of(c.sd.staff["liufang"]), a, command.At{ID: k.ID}, command.Reasoned{Reason: c.sd.texts[act+":"+c.row["key"]]})
		return err
	}
	_, err = command.Run(ctx, c.sd.s.Desk, c.by(), command.ShowPublicly, command.At{ID: k.ID}, command.Showing{Shows: act})
	return err
}
