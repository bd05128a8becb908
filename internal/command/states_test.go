package command_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
)

// TestEveryStateAndAct meets every act of a noun with every state, through the real command path: what the table does
// not name is refused and writes nothing, what it names leads where the table says, and its entries name what was written.
func TestEveryStateAndAct(t *testing.T) {
	byNoun := map[flow.Noun][]doing{}
	for _, d := range doings() {
		byNoun[d.noun] = append(byNoun[d.noun], d)
	}
	for _, noun := range slices.Sorted(maps.Keys(byNoun)) {
		t.Run(string(noun), func(t *testing.T) {
			done := map[string]bool{}
			for _, state := range flow.States(noun) {
				t.Run(string(state), func(t *testing.T) { // in a world of its own: each pair compares all that there is
					w := open(t)
					for _, d := range byNoun[noun] {
						if w.pair(d, state) {
							done[d.name] = true
						}
					}
				})
			}
			for _, d := range byNoun[noun] {
				if done[d.name] == d.never {
					t.Errorf("%s: done %v in no or any state", d.name, done[d.name])
				}
			}
		})
	}
}

// pair tries one act in one state and reports whether it was done.
func (w *world) pair(d doing, state flow.State) bool {
	w.T.Helper()
	what := fmt.Sprintf("%s in %s", d.name, state)
	id := w.plant(d.noun, state)
	by, ok := w.admitted(d.noun, id, d.act)
	if !ok {
		by = command.Of(w.chen)
	}
	run := func() error { return d.run(w, by, id) }
	if slices.Contains([]string{"AddDocument", "AddToCorrection", "Join", "ReleaseHeld", "Merge", "Lift"}, d.name) { // their inputs leave traces of their own
		prepared := w.prepared(d, by, id)
		run = prepared
	}
	before, rows, size := w.dump(), w.logged(), w.size()
	err := run()
	next, forbidden := flow.Next(d.noun, state, d.act)
	switch {
	case !ok:
		if !isForbidden(err) {
			w.T.Errorf("%s: nobody may, but %v", what, err)
		}
		w.same(what, before)
	case forbidden != nil:
		w.refused(what, before, err, "not_now")
	case err != nil:
		if !lawful(err) {
			w.T.Errorf("%s by %s: %v", what, by.Role, err)
		}
		w.same(what, before)
	default:
		if now := w.targetOf(d.noun, id).Header().State; !slices.Contains(w.reachable(d.noun, next), now) {
			w.T.Errorf("%s led to %s, want one of %v", what, now, next)
		}
		w.named(what, rows, size)
		return true
	}
	return false
}

// reachable are the states where an act may lead, with what follows from it in the same transaction.
func (w *world) reachable(noun flow.Noun, next []flow.State) []flow.State {
	all := slices.Clone(next)
	if noun == flow.NounApplication {
		if slices.Contains(next, flow.Submitted) { // it is assigned at once
			all = append(all, flow.InReview)
		}
		if slices.Contains(next, flow.Proposed) { // evidence changed: the proposal is void
			all = append(all, flow.InReview)
		}
		if slices.Contains(next, flow.Decided) { // nothing waits to be taken back
			all = append(all, flow.Approved, flow.Rejected)
		}
	}
	return all
}

// prepared makes the input before anything is compared.
func (w *world) prepared(d doing, by command.Caller, id string) func() error {
	w.T.Helper()
	if d.name == "Join" {
		c := &records.Code{Purpose: "invite", Person: id, Until: "9999"}
		c.State = flow.Open
		w.insert(c)
		return func() error { return try(w, by, command.Join, id, command.Joining{Code: c.ID, Hash: "x"}) }
	}
	if d.name == "Lift" {
		s := &records.Sanction{Holder: id, Kind: flow.SanctionBlock, Until: "2999-01-01", By: w.lead}
		s.State = flow.Active
		w.insert(s)
		return func() error {
			return try(w, by, command.Lift, id, command.Lifting{Sanction: s.ID, Reason: "弄错了"})
		}
	}
	if d.name == "Merge" {
		into := w.twin(id)
		return func() error { return try(w, by, command.Merge, id, command.Union{Into: into}) }
	}
	if d.name == "ReleaseHeld" {
		m := &records.Message{Channel: "mail", Notice: "test"}
		m.State = flow.Held
		w.insert(m)
		return func() error { return try(w, by, command.ReleaseHeld, id, command.HeldBack{Send: true}) }
	}
	if d.name == "AddToCorrection" {
		in := w.document(id, "photo", "a third picture")
		in.Replace = pending(w, id)
		return func() error { return try(w, by, command.AddToCorrection, id, in) }
	}
	in := w.document(id, "photo", "another picture")
	in.Replace = all[*records.Document](w, dbx.HashExp{"application": id, "slot": "photo"})[0].ID
	return func() error { return try(w, by, command.AddDocument, id, in) }
}

// twin is another case in review that looks like this one, or none where it is no case.
func (w *world) twin(id string) string {
	w.T.Helper()
	app := *load[*records.Application](w, id)
	twin := &records.Application{Kind: app.Kind, Type: app.Type, Digest: app.Digest, Holder: app.Holder, Applicant: app.Applicant, Lang: app.Lang, Assignee: app.Assignee, SubmittedAt: app.SubmittedAt, DueOn: app.DueOn}
	twin.ID, twin.State = records.NewID(), flow.InReview
	twin.Ref = "R-" + twin.ID
	w.insert(twin)
	return twin.ID
}

// lawful is a refusal by a rule, with a code that people get a sentence for.
func lawful(err error) bool {
	var refusal *flow.Refusal
	var problems *command.Problems
	return errors.As(err, &refusal) || errors.As(err, &problems) || errors.Is(err, records.ErrNotFound)
}

// logged is every row that the ledger has to name, by table and ID, with its digest as it is now.
func (w *world) logged() map[string]string {
	w.T.Helper()
	digests := map[string]string{}
	for _, t := range records.Tables {
		if !t.Logged {
			continue
		}
		if err := records.Each(w.App.DB(), t.Row.Table(), "", func(r records.Row) error {
			digests[r.Table()+" "+r.Header().ID] = ledger.DigestRow(r.Table(), records.Text(r))
			return nil
		}); err != nil {
			w.T.Fatal(err)
		}
	}
	return digests
}

func (w *world) size() int64 {
	w.T.Helper()
	n, err := ledger.Size(w.App.DB())
	if err != nil {
		w.T.Fatal(err)
	}
	return n
}

// named ends with an error unless the entries since size name every row that was written, and no other, as it is now.
func (w *world) named(what string, before map[string]string, size int64) {
	w.T.Helper()
	after, says := w.logged(), map[string]string{}
	for seq := size + 1; seq <= w.size(); seq++ {
		e, _, err := ledger.Get(w.App.DB(), seq)
		if err != nil {
			w.T.Fatal(err)
		}
		for _, r := range e.Rows {
			if _, twice := says[r.Noun+" "+r.ID]; twice {
				w.T.Errorf("%s: %s %s is named twice", what, r.Noun, r.ID)
			}
			says[r.Noun+" "+r.ID] = r.Digest
		}
	}
	if w.size() == size && !strings.HasPrefix(what, "View") {
		w.T.Errorf("%s: no entry", what)
	}
	for row, digest := range after {
		if before[row] != digest && says[row] != digest {
			w.T.Errorf("%s wrote %s, and no entry names it as it is", what, row)
		}
	}
	for row, digest := range says {
		if after[row] != digest {
			w.T.Errorf("%s names %s as it is not", what, row)
		}
	}
}

// TestReadsByState lets nobody see a row in a state that the table does not name for that read.
func TestReadsByState(t *testing.T) {
	w := open(t)
	for _, noun := range slices.Sorted(maps.Keys(flow.Transitions)) {
		for _, state := range flow.States(noun) {
			id := w.plant(noun, state)
			for _, line := range flow.Transitions[noun] {
				if !strings.HasPrefix(string(line.Act), "see_") {
					continue
				}
				by, ok := w.admitted(noun, id, line.Act)
				if !ok {
					continue
				}
				err := w.look(noun, by, line.Act, id)
				if _, forbidden := flow.Next(noun, state, line.Act); forbidden != nil && !flow.Refused(err, "not_now") || forbidden == nil && err != nil {
					t.Errorf("%s of %s in %s: %v", line.Act, noun, state, err)
				}
			}
		}
		w.plant(flow.NounDesk, flow.Open)
	}
}

func (w *world) look(noun flow.Noun, by command.Caller, act flow.Act, id string) (err error) {
	d := w.Desk.Desk
	switch noun {
	case flow.NounDesk:
		_, err = command.Look[*records.Desk](w.ctx, d, by, act, id)
	case flow.NounApplicant:
		_, err = command.Look[*records.Applicant](w.ctx, d, by, act, id)
	case flow.NounStaff:
		_, err = command.Look[*records.Staff](w.ctx, d, by, act, id)
	case flow.NounHolder:
		_, err = command.Look[*records.Holder](w.ctx, d, by, act, id)
	case flow.NounApplication:
		_, err = command.Look[*records.Application](w.ctx, d, by, act, id)
	case flow.NounCertificate:
		_, err = command.Look[*records.Certificate](w.ctx, d, by, act, id)
	case flow.NounType:
		_, err = command.Look[*records.Type](w.ctx, d, by, act, id)
	case flow.NounMessage:
		_, err = command.Look[*records.Message](w.ctx, d, by, act, id)
	case flow.NounConduct:
		_, err = command.Look[*records.Conduct](w.ctx, d, by, act, id)
	case flow.NounRecovery:
		_, err = command.Look[*records.Recovery](w.ctx, d, by, act, id)
	default:
		_, err = command.Look[*records.Feedback](w.ctx, d, by, act, id)
	}
	return err
}
