package command

import (
	"fmt"
	"strconv"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Return says which copy was put back, and how far its record reached.
type Return struct {
	Copy string `json:"copy"`
	Made string `json:"made"`
	Size int64  `json:"size"`
	Root string `json:"root"`
}

// Restore is what happens first after a copy was put back: nothing that waited at the time of the copy is sent, since most
// of it has left in the meantime; every session ends, since some were ended in the meantime; who was erased in the meantime is erased again; and it is on record.
var Restore = Act[*records.Desk, Return]{flow.Restore, func(tx *Tx, _ *records.Desk, in Return) error {
	waiting, err := records.All[*records.Message](tx.DB, dbx.HashExp{"state": string(flow.Queued)})
	if err != nil {
		return err
	}
	for _, m := range waiting {
		m.State, m.LeaseUntil = flow.Held, ""
		tx.Update(m)
	}
	open, err := records.All[*records.Session](tx.DB, dbx.HashExp{"state": string(flow.Active)})
	if err != nil {
		return err
	}
	for _, s := range open {
		s.State = flow.Closed
		tx.Update(s)
	}
	again, err := tx.eraseAgain()
	if err != nil {
		return err
	}
	tx.Answer("held", strconv.Itoa(len(waiting)))
	tx.Answer("erased", strconv.Itoa(again))
	tx.Because(fmt.Sprintf("copy %s, %d entries", in.Copy, in.Size))
	return nil
}}

// HeldBack says what becomes of the messages that a return held back.
type HeldBack struct {
	Send bool `json:"send"` // false: they had left before, and are put aside
}

// ReleaseHeld sends the messages that a return held back, or puts them aside.
var ReleaseHeld = Act[*records.Desk, HeldBack]{flow.ReleaseHeld, func(tx *Tx, _ *records.Desk, in HeldBack) error {
	held, err := records.All[*records.Message](tx.DB, dbx.HashExp{"state": string(flow.Held)})
	if err != nil {
		return err
	}
	if len(held) == 0 {
		return flow.Refuse("nothing_held")
	}
	to := flow.Discarded
	if in.Send {
		to = flow.Queued
	}
	for _, m := range held {
		m.State, m.Attempts, m.DueAt, m.Error = to, 0, tx.Stamp(), ""
		tx.Update(m)
	}
	tx.Answer("messages", strconv.Itoa(len(held)))
	tx.Because(map[bool]string{true: "sent", false: "put_aside"}[in.Send])
	return nil
}}
