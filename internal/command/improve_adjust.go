package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Adjusting is what a manager changes of a type, why, and what people said that led to it. The reason is public.
type Adjusting struct {
	Terms     flow.Terms `json:"terms"`
	BecauseZh string     `json:"becauseZh"`
	BecauseEn string     `json:"becauseEn"`
	Feedback  []string   `json:"feedback"`
}

// AdjustType lays new terms over what a type says of itself, as a version of its own with its day and its reason. New
// applications follow it from now on; flow.Terms says what changes for those that run.
var AdjustType = Act[*records.Type, Adjusting]{flow.Adjust, func(tx *Tx, t *records.Type, in Adjusting) error {
	if n := len([]rune(in.BecauseZh)); n == 0 || n > 300 || len([]rune(in.BecauseEn)) > 600 {
		return flow.Refuse("reason_needed")
	}
	base, before, err := described(tx.DB, t)
	if err != nil {
		return err
	}
	if err := flow.CheckTerms(in.Terms, base, before); err != nil {
		return err
	}
	if err := tx.knownFeedback(in.Feedback); err != nil {
		return err
	}
	n, err := records.Count(tx.DB, "adjustments", dbx.HashExp{"type": t.ID})
	if err != nil {
		return err
	}
	now := in.Terms.Over(base)
	terms, _ := json.Marshal(in.Terms)
	changes, _ := json.Marshal(flow.Changes(before, now))
	a := &records.Adjustment{Type: t.ID, Version: int64(n + 1), On: string(tx.Today()), Terms: string(terms), Changes: string(changes),
		BecauseZh: in.BecauseZh, BecauseEn: in.BecauseEn, Feedback: records.Join(in.Feedback), By: tx.By.ID}
	a.State = flow.Kept
	tx.Insert(a)
	if t.Base == "" {
		t.Base = t.Digest
	}
	t.Terms = string(terms)
	tx.Said(in.BecauseZh)
	tx.Answer("version", strconv.FormatInt(a.Version, 10))
	return tx.follow(t, now)
}}

func (tx *Tx) knownFeedback(ids []string) error {
	if len(ids) > 100 {
		return flow.Refuse("feedback_unknown")
	}
	for _, id := range ids {
		if _, err := records.Load[*records.Feedback](tx.DB, id); err != nil {
			return flow.Refuse("feedback_unknown", id)
		}
	}
	return nil
}

// described reads what a type says of itself, and what people apply for today.
func described(db dbx.Builder, t *records.Type) (base, now sdk.Type, err error) {
	if now, err = records.Unadjusted(db, t.Digest); err != nil || t.Base == "" {
		return now, now, err
	}
	base, err = records.Unadjusted(db, t.Base)
	return base, now, err
}

// follow lets new applications follow a description, which is kept by its digest.
func (tx *Tx) follow(t *records.Type, now sdk.Type) error {
	body, err := json.Marshal(now)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	t.Digest = hex.EncodeToString(sum[:])
	tx.Update(t)
	return tx.keepDescription(t.ID, t.Digest, string(body))
}

func (tx *Tx) keepDescription(typ, digest, body string) error {
	if n, err := records.Count(tx.DB, "descriptions", dbx.HashExp{"id": digest}); err != nil || n > 0 {
		return err
	}
	d := &records.Description{Type: typ, Body: body}
	d.ID, d.State = digest, flow.Kept
	tx.Insert(d)
	return nil
}

// readjust lays the terms that a manager set over a new description of a type.
func (tx *Tx) readjust(t *records.Type, body string) error {
	if t.Terms == "" {
		return nil
	}
	var terms flow.Terms
	var base sdk.Type
	if err := json.Unmarshal([]byte(t.Terms), &terms); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(body), &base); err != nil {
		return err
	}
	now := terms.Over(base)
	if t.Base = t.Digest; len(flow.Changes(base, now)) == 0 {
		return nil
	}
	return tx.follow(t, now)
}

// Preview is what an adjustment would change, before it is made.
type Preview struct {
	Changes []flow.Change `json:"changes"`
	Running int           `json:"running"` // applications that run, and keep what they were promised
	Drafts  int           `json:"drafts"`  // that follow it when they are handed in
}

// PreviewAdjustment reckons it.
func (d *Desk) PreviewAdjustment(_ context.Context, t *records.Type, in Adjusting) (p Preview, err error) {
	base, before, err := described(d.App.DB(), t)
	if err != nil {
		return p, err
	}
	if err := flow.CheckTerms(in.Terms, base, before); err != nil {
		return p, err
	}
	p.Changes = flow.Changes(before, in.Terms.Over(base))
	if p.Running, err = records.Count(d.App.DB(), "applications", dbx.And(dbx.NewExp("state in ('submitted','in_review','awaiting_applicant','on_hold')"), dbx.HashExp{"type": t.ID})); err != nil {
		return p, err
	}
	p.Drafts, err = records.Count(d.App.DB(), "applications", dbx.HashExp{"state": string(flow.Draft), "type": t.ID})
	return p, err
}

// Described reads for a page what a type says of itself, and what people apply for today.
func (d *Desk) Described(t *records.Type) (base, now sdk.Type, err error) {
	return described(d.App.DB(), t)
}
