package command

import (
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Reviewed is what a manager found when looking at a quarter.
type Reviewed struct {
	Note string `json:"note"`
}

// ReviewProcess records that a manager has looked at the figures of the quarter that is over, and what they make of them.
var ReviewProcess = Act[*records.Desk, Reviewed]{flow.ReviewProcess, func(tx *Tx, d *records.Desk, in Reviewed) error {
	if n := len([]rune(in.Note)); n == 0 || n > 2000 {
		return flow.Refuse("reason_needed")
	}
	quarter, _ := flow.ReviewDue(tx.Today(), d.Reviewed)
	if quarter == "" {
		return flow.Refuse("reviewed_already")
	}
	d.Reviewed = quarter
	tx.Said(in.Note)
	tx.Because(quarter)
	tx.Answer("quarter", quarter)
	tx.Update(d)
	return nil
}}
