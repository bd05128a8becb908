package command

import (
	"strings"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Suspending says why a colleague is suspended, and by which conduct case.
type Suspending struct {
	Why  string `json:"why"`
	Case string `json:"-"`
}

// SuspendReviewer keeps a colleague from all cases at once: what they have in hand goes to somebody else in the same act, new ones
// do not come to them. They can still sign in, to read what is said about them and to appeal.
var SuspendReviewer = Act[*records.Staff, Suspending]{flow.SuspendReviewer, func(tx *Tx, s *records.Staff, in Suspending) error {
	if err := flow.CheckReason(in.Why); err != nil {
		return err
	}
	if s.SuspendedAt != "" {
		return flow.Refuse("suspended_already")
	}
	s.SuspendedAt, s.SuspendedFor = tx.Stamp(), in.Case
	tx.Update(s)
	tx.Said(strings.TrimSpace(in.Why))
	tx.TellStaff(s, "suspended", nil)
	return tx.fewer(s)
}}

// EndSuspension lets a colleague work again.
var EndSuspension = Act[*records.Staff, Reasoned]{flow.EndSuspension, func(tx *Tx, s *records.Staff, in Reasoned) error {
	if err := flow.CheckReason(in.Reason); err != nil {
		return err
	}
	if s.SuspendedAt == "" {
		return flow.Refuse("not_suspended")
	}
	s.SuspendedAt, s.SuspendedFor = "", ""
	tx.Update(s)
	tx.Said(strings.TrimSpace(in.Reason))
	tx.TellStaff(s, "suspension_ended", nil)
	return nil
}}

// Looked is what came of looking at a decision again.
type Looked struct {
	Right bool   `json:"right"`
	Note  string `json:"note"`
}

// LookAgain records that a lead looked at a decision of a suspended colleague again. What is wrong is put right by the acts that
// there are for it: a certificate suspended or revoked, an appeal decided.
var LookAgain = Act[*records.Application, Looked]{flow.LookAgain, func(tx *Tx, _ *records.Application, in Looked) error {
	if err := flow.CheckLookedAgain(in.Right, in.Note); err != nil {
		return err
	}
	tx.Because(map[bool]string{true: "right", false: "wrong"}[in.Right])
	tx.Said(strings.TrimSpace(in.Note))
	return nil
}}
