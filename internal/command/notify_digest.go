package command

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// The morning's digest: for each colleague what is late, due and new, by count and reference. Nothing of a person is in it,
// and who has nothing to be told gets no mail.

// Quiet is what a colleague does without.
type Quiet struct {
	Without []string `json:"without"`
}

// ChooseAlerts keeps it.
var ChooseAlerts = Act[*records.Staff, Quiet]{flow.ChooseChannel, func(tx *Tx, s *records.Staff, in Quiet) error {
	for _, kind := range in.Without {
		if !slices.Contains(flow.Alerts, kind) {
			return flow.Refuse("alert_unknown", kind)
		}
	}
	s.Quiet = records.Join(in.Without)
	tx.Update(s)
	return nil
}}

// TellDigest sends every colleague the digest of the day, once, in the morning of a working day.
func (d *Desk) TellDigest(ctx context.Context) error {
	_, err := d.quiet(ctx, Itself, func(tx *Tx) (string, error) {
		today, hour := tx.Today(), tx.Now.In(d.location(tx.Settings.Zone)).Hour()
		if !flow.DigestDue(today, hour, d.Calendar) {
			return "", nil
		}
		last, err := records.Newest[*records.Job](tx.DB, dbx.HashExp{"kind": "digest"})
		if err != nil && err != records.ErrNotFound || err == nil && last.Target >= string(today) {
			return "", noneIsFine(err)
		}
		since := records.Stamp(tx.Now.AddDate(0, 0, -1))
		if last != nil {
			since = last.DueAt
		}
		j := &records.Job{Kind: "digest", Target: string(today), DueAt: tx.Stamp()}
		j.State = "done"
		tx.Insert(j)
		return "", tx.digests(since)
	})
	return err
}

func noneIsFine(err error) error {
	if err == records.ErrNotFound {
		return nil
	}
	return err
}

func (tx *Tx) digests(since string) error {
	all, err := tx.colleagues()
	if err != nil {
		return err
	}
	team, err := tx.teamDigest()
	if err != nil {
		return err
	}
	feedback, err := records.Count(tx.DB, "feedback", dbx.And(dbx.HashExp{"state": string(flow.New)}, dbx.NewExp("made>{:since}", dbx.Params{"since": since})))
	if err != nil {
		return err
	}
	for _, s := range all {
		p := s.Person()
		if slices.Contains(records.List(s.Quiet), flow.Digest) {
			continue
		}
		g := digest{}
		if p.Has(flow.Reviewer) {
			if err := tx.ownDigest(g, s.ID, since); err != nil {
				return err
			}
		}
		if p.Has(flow.Lead) {
			g["team_late"], g["unassigned"] = team["team_late"], team["unassigned"]
		}
		if p.Has(flow.Manager) && feedback > 0 {
			g["feedback"] = make([]string, feedback)
		}
		if g.says() {
			tx.TellStaff(s, "digest", g.words(tx.Today()))
		}
	}
	return nil
}

// digest is a list of references under each heading.
type digest map[string][]string

// headings are all there can be, as the text has them.
var headings = []string{"late", "today", "soon", "new", "team_late", "unassigned", "feedback"}

// digestRefs is how many references are named under a heading; the count says how many more there are.
const digestRefs = 10

func (g digest) says() bool {
	for _, h := range headings {
		if len(g[h]) > 0 {
			return true
		}
	}
	return false
}

func (g digest) words(today flow.Day) Words {
	w := Words{"today_is": string(today)}
	for _, h := range headings {
		w[h], w[h+"_refs"] = "", ""
		if n := len(g[h]); n > 0 {
			w[h], w[h+"_refs"] = strconv.Itoa(n), strings.Join(g[h][:min(n, digestRefs)], ", ")
			if n > digestRefs {
				w[h+"_refs"] += fmt.Sprintf(" … +%d", n-digestRefs)
			}
		}
	}
	return w
}

// ownDigest is what is in a colleague's hands.
func (tx *Tx) ownDigest(g digest, staff, since string) error {
	open, err := records.All[*records.Application](tx.DB, dbx.HashExp{"assignee": staff, "state": string(flow.InReview)}, "due_on", "id")
	if err != nil {
		return err
	}
	today := string(tx.Today())
	for _, a := range open {
		switch {
		case a.DueOn < today:
			g["late"] = append(g["late"], a.Ref)
		case a.DueOn == today:
			g["today"] = append(g["today"], a.Ref)
		case a.RemindOn == "" || a.RemindOn <= today:
			g["soon"] = append(g["soon"], a.Ref)
		case a.AssignedAt > since:
			g["new"] = append(g["new"], a.Ref)
		}
	}
	return nil
}

// teamDigest is what needs a lead.
func (tx *Tx) teamDigest() (digest, error) {
	g := digest{}
	open, err := records.All[*records.Application](tx.DB, dbx.NewExp(records.OpenCases+" AND due_on<{:today}", dbx.Params{"today": string(tx.Today())}), "due_on", "id")
	if err != nil {
		return nil, err
	}
	for _, a := range open {
		if a.State == flow.Submitted || a.State == flow.InReview {
			g["team_late"] = append(g["team_late"], a.Ref)
		}
	}
	nobody, err := records.All[*records.Application](tx.DB, dbx.HashExp{"state": string(flow.Submitted), "assignee": ""}, "due_on", "id")
	for _, a := range nobody {
		g["unassigned"] = append(g["unassigned"], a.Ref)
	}
	return g, err
}
