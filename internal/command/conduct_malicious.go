package command

import (
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Malicious says whether an application was made in bad faith, and why a colleague thinks so.
type Malicious struct {
	Malicious bool   `json:"malicious"`
	Why       string `json:"why"`
}

// MarkMalicious records that an application was made in bad faith, or takes that back. It weighs more in the cool-down, which
// the letter of a result names; of a case that is over, the applicant is told. Refused with reason_needed.
var MarkMalicious = Act[*records.Application, Malicious]{flow.MarkMalicious, func(tx *Tx, app *records.Application, in Malicious) error {
	if err := flow.CheckReason(in.Why); err != nil {
		return err
	}
	if in.Malicious == app.Malicious {
		return flow.Refuse("not_now", string(flow.MarkMalicious), string(app.State))
	}
	app.Malicious = in.Malicious
	tx.Update(app)
	tx.Said(in.Why)
	tx.Because(map[bool]string{true: "marked", false: "taken_back"}[in.Malicious])
	if app.ClosedAt == "" {
		return nil
	}
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	notice := map[bool]string{true: "marked_malicious", false: "mark_taken_back"}[in.Malicious]
	return tx.TellCase(app, notice, Words{"type": t.Name.In(app.Lang)})
}}
