package command

import (
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Union names the application that stays.
type Union struct {
	Into string `json:"into"`
}

// Merge ends an application in favour of another one of the same holder for the same thing. Both keep their histories; the
// one that ended points to the one that stays, whose reviewer may open it. It is no result and starts no cool-down. Who does
// it needs the right on both.
var Merge = Act[*records.Application, Union]{flow.Merge, func(tx *Tx, app *records.Application, in Union) error {
	stays, err := records.Load[*records.Application](tx.DB, in.Into)
	if err != nil {
		return tx.missing(flow.Merge, err)
	}
	if err := tx.admit(stays, flow.Merge); err != nil {
		return err
	}
	of := func(a *records.Application) flow.Mergeable {
		return flow.Mergeable{ID: a.ID, Holder: a.Holder, Type: a.Type, Kind: a.Kind}
	}
	if err := flow.CheckMerge(of(app), of(stays)); err != nil {
		return err
	}
	if err := tx.endTask(app, "merged"); err != nil {
		return err
	}
	tx.Because(stays.Ref)
	app.MergedInto, app.ClosedAt, app.HeldOn, app.HeldUntil = stays.ID, tx.Stamp(), "", ""
	if err := tx.endRound(app, flow.Withdrawn); err != nil {
		return err
	}
	if stays.Unread = earlier(stays.Unread, app.Unread); app.Unread != "" { // it is read there
		app.Unread = ""
	}
	tx.Update(app)
	tx.Update(stays) // whoever looks at it learns of it
	t, err := tx.Type(app.Digest)
	if err != nil {
		return err
	}
	return tx.TellCase(app, "merged", Words{"type": t.Name.In(app.Lang), "into": stays.Ref})
}}
