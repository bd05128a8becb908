package command

import (
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Sanctioning is a sanction to set: which, until when, what the holder is told and by what it was seen.
type Sanctioning struct {
	Kind     string `json:"kind"`
	Days     int    `json:"days,omitempty"`
	Until    string `json:"until"`
	Reason   string `json:"reason"`
	Evidence string `json:"evidence"`
	Case     string `json:"case,omitempty"` // the application in which it was found
}

// Sanction records false information of a holder and what it leads to. Whoever acts for the holder is told, with the reason.
// Refused as flow.CheckSanction says, and with case_unknown for a case of somebody else.
var Sanction = Act[*records.Holder, Sanctioning]{flow.Sanction, func(tx *Tx, h *records.Holder, in Sanctioning) error {
	rule := flow.Sanctioned{Kind: in.Kind, Until: flow.Day(in.Until), Days: in.Days}
	if err := flow.CheckSanction(rule, in.Reason, in.Evidence, tx.Today()); err != nil {
		return err
	}
	if in.Case != "" {
		n, err := records.Count(tx.DB, "applications", dbx.HashExp{"id": in.Case, "holder": h.ID})
		if err != nil || n == 0 {
			return orRefuse(err, "case_unknown")
		}
	}
	s := &records.Sanction{Holder: h.ID, Kind: in.Kind, Days: int64(in.Days), Until: in.Until, FoundIn: in.Case, By: tx.By.ID,
		NameBlind: h.NameBlind, IDBlind: h.IDBlind, PhoneBlind: h.PhoneBlind}
	s.ID, s.State = records.NewID(), flow.Active
	s.Reason = tx.Seal(h.Key(), "sanctions.reason "+s.ID, strings.TrimSpace(in.Reason))
	s.Evidence = tx.Seal(h.Key(), "sanctions.evidence "+s.ID, strings.TrimSpace(in.Evidence))
	tx.Insert(s)
	tx.Answer("id", s.ID)
	tx.Because(in.Kind + " until " + in.Until)
	return tx.TellActing(h, tx.Settings.Lang, "sanctioned", Words{"until": in.Until, "reason": strings.TrimSpace(in.Reason)})
}}

// Lifting says which sanction ends before its day, and why.
type Lifting struct {
	Sanction string `json:"sanction"`
	Reason   string `json:"reason"`
}

// Lift ends a sanction on a holder, or on whoever has the same ID number, at once.
var Lift = Act[*records.Holder, Lifting]{flow.Lift, func(tx *Tx, h *records.Holder, in Lifting) error {
	if err := flow.CheckReason(in.Reason); err != nil {
		return err
	}
	all, err := records.SanctionsOn(tx.DB, h.ID)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.ID != in.Sanction || s.State != flow.Active {
			continue
		}
		s.State, s.LiftedBy, s.LiftedAt = flow.Lifted, tx.By.ID, tx.Stamp()
		tx.Update(s)
		tx.Said(in.Reason)
		if h.State == flow.Erased {
			return nil
		}
		return tx.TellActing(h, tx.Settings.Lang, "sanction_lifted", Words{"reason": strings.TrimSpace(in.Reason)})
	}
	return flow.Refuse("sanction_unknown")
}}

// sanctionsOn reads the sanctions of a holder, or of whoever has one of these numbers, as the rules look at them.
func sanctionsOn(db dbx.Builder, holder string, numbers ...string) (list []flow.Sanctioned, err error) {
	rows, err := records.SanctionsOn(db, holder, numbers...)
	for _, s := range rows {
		list = append(list, s.Rule())
	}
	return list, err
}

// SanctionText opens what a holder is told of a sanction, and by what it was seen; both empty once they are erased.
func (d *Desk) SanctionText(s *records.Sanction) (reason, evidence string, err error) {
	key := (&records.Holder{Head: records.Head{ID: s.Holder}}).Key()
	if reason, err = d.Open(key, "sanctions.reason "+s.ID, s.Reason); err != nil {
		return "", "", err
	}
	evidence, err = d.Open(key, "sanctions.evidence "+s.ID, s.Evidence)
	return reason, evidence, err
}
