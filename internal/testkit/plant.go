package testkit

// Rows in any state, put straight into the tables, so that each state is met by each act and each route.

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/bundled/pension"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Around says who the people around a planted row are.
type Around struct {
	Owner    string // the account
	Clerk    string // another account that is a member of the holder
	Helper   string // another account that acts for the holder
	Assignee string
	Proposer string // of a result that waits for its second person
	Attester string
	Taker    string
	Blind    string // of a person of the case
	Answers  sdk.Answers
}

// Plant puts a row of this noun in this state into its table, with what belongs to it, and returns its ID.
func (d *Desk) Plant(noun flow.Noun, state flow.State, by Around) string {
	d.T.Helper()
	switch noun {
	case flow.NounDesk:
		if _, err := d.App.DB().Update("desk", dbx.Params{"state": string(state)}, nil).Execute(); err != nil {
			d.T.Fatal(err)
		}
		return records.DeskID
	case flow.NounApplicant:
		a := &records.Applicant{Channel: "mail", Lang: "zh-Hans"}
		a.Email, a.Verified = records.NewID()+"@example.com", true
		return d.put(a, state)
	case flow.NounStaff:
		s := &records.Staff{Name: "吴同事", Roles: "auditor,reviewer", Types: "pension", Capacity: 5, Lang: "zh-Hans", Factor: "totp", Recovery: "one,two", PledgedUntil: "2999-12-31"}
		s.Email, s.Verified = records.NewID()+"@example.com", true
		return d.put(s, state)
	case flow.NounHolder:
		return d.plantHolder(state, by).ID
	case flow.NounApplication:
		return d.plantCase(state, by).ID
	case flow.NounCertificate:
		return d.plantCertificate(state, by)
	case flow.NounType:
		var digests []string // one that is described, if a type is
		if err := d.App.DB().Select("id").From("descriptions").Limit(1).Column(&digests); err != nil {
			d.T.Fatal(err)
		}
		return d.put(&records.Type{Path: "x", Digest: strings.Join(digests, ""), NameZh: "类型", NameEn: "Type"}, state)
	case flow.NounMessage:
		m := &records.Message{Channel: "mail", Notice: "test", Lang: "zh-Hans", Attempts: 3}
		m.ID = records.NewID()
		m.Recipient, m.Words = d.Seal("desk", "messages.recipient "+m.ID, "a@example.com"), d.Seal("desk", "messages.words "+m.ID, "{}")
		return d.put(m, state)
	case flow.NounConduct:
		x := &records.Conduct{Kind: "delay", About: by.Assignee, Lang: "zh-Hans", AppealUntil: "2999-12-31"}
		x.ID = records.NewID()
		x.Ref = "K-" + x.ID
		if state != flow.Open {
			x.Finding, x.DecidedBy = flow.Unfounded, by.Proposer
		}
		return d.put(x, state)
	case flow.NounRecovery: // of the owner's account; the proposer took it in
		h := d.plantHolder(flow.Active, by)
		r := &records.Recovery{Holder: h.ID, Account: by.Owner, Who: flow.SamePerson, Channel: "mail", Seen: flow.SeenID, Lang: "zh-Hans", By: by.Proposer}
		r.ID = records.NewID()
		r.Contact, r.Note = d.Seal(h.Key(), "recoveries.contact "+r.ID, "new@example.com"), d.Seal(h.Key(), "recoveries.note "+r.ID, "手机丢了")
		if state == flow.Pending {
			r.DueOn = "2999-12-31"
		}
		return d.put(r, state)
	case flow.NounFeedback:
		return d.put(&records.Feedback{Page: "/", Score: 3}, state)
	}
	d.T.Fatalf("no row of %s can be planted", noun)
	return ""
}

func (d *Desk) put(row records.Row, state flow.State) string {
	d.T.Helper()
	row.Header().State = state
	d.Insert(row)
	return row.Header().ID
}

// plantHolder makes a person of the owner's.
func (d *Desk) plantHolder(state flow.State, by Around) *records.Holder {
	d.T.Helper()
	h := &records.Holder{Kind: "person", Owner: by.Owner, How: "code"}
	h.ID = records.NewID()
	if err := d.Desk.Vault.NewKey(h.Key()); err != nil {
		d.T.Fatal(err)
	}
	h.Name, h.Phone, h.PhoneBlind = d.Seal(h.Key(), "holders.name "+h.ID, "李样本"), d.Seal(h.Key(), "holders.phone "+h.ID, "+8613800138001"), "blind-"+h.ID
	d.put(h, state)
	if state == flow.Pending {
		return h // nobody acts for a holder who has not agreed
	}
	for _, m := range []*records.Member{{Applicant: by.Owner, Role: "owner"}, {Applicant: by.Clerk, Role: "clerk"}, {Applicant: by.Helper, Role: "helper"}} {
		if m.Holder = h.ID; m.Applicant != "" {
			d.put(m, flow.Active)
		}
	}
	return h
}

// submittedStates are the states of a case that was handed in.
var submittedStates = []flow.State{flow.Submitted, flow.InReview, flow.AwaitingApplicant, flow.OnHold, flow.Proposed, flow.Decided, flow.Approved, flow.Rejected, flow.Appealed, flow.Questioned, flow.Heard, flow.Hearing, flow.Reversed, flow.Withdrawn, flow.Lapsed}

func (d *Desk) plantCase(state flow.State, by Around) *records.Application {
	d.T.Helper()
	typ, err := records.Load[*records.Type](d.App.DB(), "pension")
	if err != nil {
		d.T.Fatal(err)
	}
	if typ.Digest == "" {
		d.T.Fatal("the pension type did not answer when this desk was made: the machine is too busy to test on")
	}
	today, err := d.Desk.Today(context.Background())
	if err != nil {
		d.T.Fatal(err)
	}
	h := d.plantHolder(flow.Active, by)
	app := &records.Application{Kind: "new", Type: "pension", Digest: typ.Digest, Holder: h.ID, Applicant: by.Owner, Lang: "zh-Hans", VisitCode: "123456",
		AttestedBy: by.Attester, TakenBy: by.Taker}
	app.ID = records.NewID()
	if err := d.Desk.Vault.NewKey(app.Key()); err != nil {
		d.T.Fatal(err)
	}
	if by.Answers == nil {
		by.Answers = pension.Example()
	}
	raw, err := json.Marshal(by.Answers)
	if err != nil {
		d.T.Fatal(err)
	}
	app.Answers, app.Name = d.Seal(app.Key(), "applications.answers "+app.ID, string(raw)), d.Seal(app.Key(), "applications.name "+app.ID, "李样本")
	if slices.Contains(submittedStates, state) {
		app.Ref, app.SubmittedAt, app.DueOn, app.RemindOn, app.Checked = "R-"+app.ID, records.Stamp(d.Desk.Now()), string(today), string(today), "done"
	}
	if state == flow.Approved || state == flow.Rejected {
		app.ClosedAt = app.SubmittedAt
	}
	if slices.Contains(submittedStates[1:11], state) {
		app.Assignee = by.Assignee
	}
	if state == flow.AwaitingApplicant || state == flow.Lapsed {
		d.plantCorrection(app, state, today)
	}
	if state == flow.InReview || flow.Elsewhere(state) {
		d.put(&records.Task{Application: app.ID, Assignee: by.Assignee}, flow.Open)
	}
	if state == flow.Proposed {
		app.Proposer = by.Proposer
		r := &records.Decision{Application: app.ID, Outcome: flow.NotPassed, Reasons: "forged", By: by.Proposer}
		d.put(r, flow.Proposed)
	}
	if slices.Contains([]flow.State{flow.Decided, flow.Approved, flow.Rejected, flow.Appealed, flow.Questioned, flow.Hearing, flow.Heard, flow.Reversed}, state) {
		app.DecidedBy, app.Outcome = by.Assignee, flow.Passed
		r := &records.Decision{Application: app.ID, Outcome: flow.Passed, By: by.Assignee}
		r.ID = records.NewID()
		r.Letter = d.Seal(app.Key(), "decisions.letter "+r.ID, "信")
		made := flow.Pending
		if state != flow.Decided {
			made, r.ReleasedAt = flow.Sent, records.Stamp(d.Desk.Now())
		}
		d.put(r, made)
		if state == flow.Appealed { // decided by another, and by now with the assignee
			app.DecidedBy = by.Proposer
			d.put(&records.Appeal{Application: app.ID, Decision: r.ID, By: by.Owner}, flow.Open)
		}
		if slices.Contains([]flow.State{flow.Questioned, flow.Hearing, flow.Heard, flow.Reversed}, state) {
			d.plantReversal(app, state, by, today)
		}
	}
	d.put(app, state)
	if by.Blind != "" {
		d.put(&records.Person{Application: app.ID, Kind: "name", Blind: by.Blind}, flow.Kept)
	}
	for _, slot := range []string{"photo", "id_front"} {
		s := d.Document(app.ID, slot, "planted "+slot)
		d.put(&records.Document{Application: app.ID, Slot: slot, Media: s.Media, Blob: s.Blob, Views: s.Views[0], Mark: s.Mark, Pages: 1}, flow.Kept)
	}
	return app
}

// plantReversal lets an approval be reversed that somebody made who is not here any more: proposed, heard since yesterday, or done.
func (d *Desk) plantReversal(app *records.Application, state flow.State, by Around, today flow.Day) {
	d.T.Helper()
	app.DecidedBy, app.Proposer = records.NewID(), by.Proposer
	c := &records.Certificate{Number: "C-" + app.ID, Code: "code-" + app.ID, Type: app.Type, Digest: app.Digest, Holder: app.Holder, Application: app.ID, Lang: app.Lang, ExpiresOn: string(today.AddDays(99)), Shows: "masked"}
	r := &records.Reversal{Application: app.ID, By: by.Proposer}
	c.ID, r.ID = records.NewID(), records.NewID()
	r.Certificate, r.Text = c.ID, d.Seal(app.Key(), "reversals.text "+r.ID, "照片不是本人")
	worth, stands := flow.Suspended, flow.Open
	switch state {
	case flow.Questioned:
		worth = flow.Valid
	case flow.Hearing:
		app.AnswerDue, app.AnswerAskOn, r.Due = string(today.AddDays(-1)), string(today.AddDays(-1)), string(today.AddDays(-1))
	case flow.Reversed:
		worth, stands, app.Proposer = flow.Revoked, flow.Reversed, ""
	}
	if worth == flow.Suspended {
		c.Hearing = app.ID
	}
	d.put(c, worth)
	d.put(r, stands)
}

// plantCorrection lets a case wait for a new picture that is given and not sent, since its last day, which was yesterday.
func (d *Desk) plantCorrection(app *records.Application, state flow.State, today flow.Day) {
	d.T.Helper()
	c := &records.Correction{Application: app.ID, Round: 1, By: app.Assignee, Due: string(today.AddDays(-1))}
	c.ID = records.NewID()
	c.Asked = d.Seal(app.Key(), "corrections.asked "+c.ID, `{"items":[{"of":"photo","note":"再拍一张"},{"note":"为什么？"}]}`)
	c.Given = d.Seal(app.Key(), "corrections.given "+c.ID, `{"words":{"1":"因为"}}`)
	made := flow.Open
	if app.Round, app.StoppedOn = 1, string(today.AddDays(-3)); state == flow.Lapsed {
		made, app.ClosedAt = flow.Lapsed, records.Stamp(d.Desk.Now())
	} else {
		app.AnswerDue, app.AnswerAskOn = c.Due, c.Due
	}
	d.put(c, made)
	s := d.Document(app.ID, "photo", "planted new photo")
	d.put(&records.Document{Application: app.ID, Slot: "photo", Media: s.Media, Blob: s.Blob, Views: s.Views[0], Mark: s.Mark, Pages: 1}, flow.Pending)
}

func (d *Desk) plantCertificate(state flow.State, by Around) string {
	d.T.Helper()
	today, err := d.Desk.Today(context.Background())
	if err != nil {
		d.T.Fatal(err)
	}
	app := d.plantCase(flow.Approved, by)
	c := &records.Certificate{Number: "C-" + app.ID, Code: "code-" + app.ID, Type: "pension", Digest: app.Digest, Holder: app.Holder, Application: app.ID, Lang: "zh-Hans",
		ValidFrom: "2025-01-01", ExpiresOn: string(today.AddDays(-1)), WarnOn: string(today), Shows: "masked"}
	return d.put(c, state)
}

// Insert puts a row into its table as it is.
func (d *Desk) Insert(row records.Row) {
	d.T.Helper()
	params := dbx.Params{}
	h := row.Header()
	if h.ID == "" {
		h.ID = records.NewID()
	}
	if h.Made == "" {
		h.Made = records.Stamp(d.Desk.Now())
	}
	h.Rev = max(h.Rev, 1)
	if auth, ok := row.(interface{ Token() *string }); ok {
		*auth.Token() = records.NewID() + records.NewID()
	}
	for _, c := range records.Columns(row) {
		params[c.Name] = c.Value
	}
	if _, err := d.App.DB().Insert(row.Table(), params).Execute(); err != nil {
		d.T.Fatalf("%s: %v", row.Table(), err)
	}
}

// Seal seals a text under a key, for a place of a table.
func (d *Desk) Seal(key, place, text string) string {
	d.T.Helper()
	sealed, err := d.Desk.Vault.Seal(key, place, []byte(text))
	if err != nil {
		d.T.Fatal(err)
	}
	return sealed
}

// Document stores bytes as a picture for a slot.
func (d *Desk) Document(app, slot, content string) command.Stored {
	d.T.Helper()
	s := command.Stored{Slot: slot, Name: slot + ".jpg", Media: "image/jpeg", Bytes: int64(len(content)), Pages: 1, Width: 1600, Height: 1000, Blur: 200}
	blob, err := d.Desk.Blobs.Put(context.Background(), "case-"+app, bytes.NewReader([]byte(content)))
	if err != nil {
		d.T.Fatal(err)
	}
	view, err := d.Desk.Blobs.Put(context.Background(), "case-"+app, bytes.NewReader([]byte("view of "+content)))
	if err != nil {
		d.T.Fatal(err)
	}
	s.Blob, s.Views, s.Mark = blob.Name, []string{view.Name}, blob.PlainSHA256
	return s
}
