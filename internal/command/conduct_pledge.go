package command

import (
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Pledging names the text that a colleague pledges.
type Pledging struct {
	Version string `json:"version"`
}

// Pledge keeps a colleague's yearly pledge. Without it a reviewer gets no new case.
var Pledge = Act[*records.Staff, Pledging]{flow.Pledge, func(tx *Tx, s *records.Staff, in Pledging) error {
	if err := flow.CheckPledge(in.Version); err != nil {
		return err
	}
	tx.pledge(s)
	return nil
}}

func (tx *Tx) pledge(s *records.Staff) {
	s.PledgedUntil, s.PledgeAskOn = string(flow.PledgeUntil(tx.Today())), string(flow.PledgeAskOn(tx.Today()))
	tx.Update(s)
	tx.Because(flow.PledgeVersion)
}

// RemindPledge asks a colleague for the next year's pledge, once.
var RemindPledge = Act[*records.Staff, struct{}]{flow.Remind, func(tx *Tx, s *records.Staff, _ struct{}) error {
	s.PledgeAskOn = ""
	tx.Update(s)
	if s.Person().Has(flow.Reviewer) {
		tx.TellStaff(s, "pledge_due", Words{"until": s.PledgedUntil})
	}
	return nil
}}

// RegisterGift keeps what was offered to a colleague and what they did about it. A case of theirs that it had to do with goes to
// somebody else. Refused as flow.CheckGift says, and with case_unknown.
var RegisterGift = Act[*records.Desk, flow.Gift]{flow.RegisterGift, func(tx *Tx, _ *records.Desk, in flow.Gift) error {
	if err := flow.CheckGift(in, tx.Today()); err != nil {
		return err
	}
	g := &records.Gift{By: tx.By.ID, Kind: in.Kind, Day: in.Day, How: in.How, Adds: in.Adds}
	g.ID, g.State = records.NewID(), flow.Kept
	g.What = tx.Seal(deskKey, "gifts.what "+g.ID, strings.TrimSpace(in.What))
	g.Giver = tx.Seal(deskKey, "gifts.giver "+g.ID, strings.TrimSpace(in.Giver))
	if in.Adds != "" {
		if first, err := records.Load[*records.Gift](tx.DB, in.Adds); err != nil || first.By != tx.By.ID {
			return orRefuse(noneIsFine(err), "gift_unknown")
		}
	}
	tx.Because(in.Kind + " " + in.How)
	tx.Insert(g)
	if strings.TrimSpace(in.Case) == "" {
		return nil
	}
	app, err := caseByRef(tx, in.Case)
	if err != nil {
		return err
	}
	g.Application = app.ID
	return tx.keepOff(app)
}}

func caseByRef(tx *Tx, ref string) (*records.Application, error) {
	if ref = strings.ToUpper(strings.TrimSpace(ref)); ref == "" { // a draft has none
		return nil, flow.Refuse("case_unknown")
	}
	app, err := records.Find[*records.Application](tx.DB, dbx.HashExp{"ref": ref})
	if err == records.ErrNotFound {
		return nil, flow.Refuse("case_unknown")
	}
	return app, err
}

// keepOff keeps a case from the colleague who acts: it goes to somebody else if they have it, and never comes to them.
func (tx *Tx) keepOff(app *records.Application) error {
	if _, err := flow.Next(app.Noun(), app.State, flow.DeclareConflict); err == nil && app.Assignee == tx.By.ID {
		return Follow(tx, DeclareConflict, app, Handed{Why: "gift"})
	}
	app.Declared = records.Join(append(records.List(app.Declared), tx.By.ID))
	tx.Update(app)
	return nil
}

// GiftText opens what was offered and by whom; empty once the case is erased.
func (d *Desk) GiftText(g *records.Gift) (what, giver string, err error) {
	if what, err = d.Open(deskKey, "gifts.what "+g.ID, g.What); err != nil {
		return "", "", err
	}
	giver, err = d.Open(deskKey, "gifts.giver "+g.ID, g.Giver)
	return what, giver, err
}
