package hooks

import (
	"errors"
	"slices"
	"strconv"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// Reversals: the page on which a holder reads why an approval may have been wrong and answers, and what colleagues see of it on
// the case. Until a second person has agreed, nothing of it leaves the desk.

// reversalOf is the last reversal of a case that its applicant may know of, or none.
func (c *call) reversalOf(d *draft) (*records.Reversal, error) {
	r, err := records.ReversalOf(c.s.Desk.App.DB(), d.Row.ID)
	if errors.Is(err, records.ErrNotFound) || err == nil && (d.Row.State == flow.Questioned || r.State == flow.Challenged) {
		return nil, nil
	}
	return r, err
}

// hearingPath is where the page of a reversal is; empty where there is none for the applicant.
func (c *call) hearingPath(d *draft) (string, error) {
	r, err := c.reversalOf(d)
	if err != nil || r == nil {
		return "", err
	}
	return d.path("/hearing"), nil
}

func hearingPage(c *call) error {
	d, err := c.draft(flow.SeeApplication)
	if err != nil {
		return err
	}
	return c.hearing(d, nil, nil)
}

func (c *call) hearing(d *draft, wrong error, values map[string]string) error {
	r, err := c.reversalOf(d)
	if err != nil {
		return err
	}
	if r == nil {
		return c.seeOther(d.path(""))
	}
	v := ui.Hearing{Form: c.form(d.path("/hearing"), wrong, values), Case: c.head(d), Until: r.Due, Open: d.Row.State == flow.Hearing, Due: d.Row.DueOn, At: c.when(r.AnsweredAt),
		MaxMB: maxFileMB, MaxFiles: flow.MessageFiles, MaxRunes: flow.ReversalRunes}
	if t := c.uploadTrouble(wrong); t != "" {
		v.Form.Errors = []ui.FieldError{{Field: "file", Text: t}}
	}
	if err := c.hearingSaid(d, r, &v); err != nil {
		return err
	}
	if v.Open {
		if v.NeedsAgree, err = c.needsAgree(d, d.path("/hearing")); err != nil {
			return err
		}
	}
	return c.showAs(formStatus(wrong), "decide/hearing", v, back(d.path("")))
}

func (c *call) hearingSaid(d *draft, r *records.Reversal, v *ui.Hearing) (err error) {
	desk, key := c.s.Desk, d.Row.Key()
	if v.Why, err = desk.Finding(d.Row, r, d.t); err != nil {
		return err
	}
	if v.Own, err = desk.Open(key, "reversals.answer "+r.ID, r.Answer); err != nil {
		return err
	}
	if v.Files, err = c.sentWith(d, r.ID); err != nil {
		return err
	}
	k, err := records.Load[*records.Certificate](desk.App.DB(), r.Certificate)
	if err != nil {
		return err
	}
	v.Number = k.Number
	if r.State == flow.Open {
		return nil
	}
	if v.Outcome = string(r.State); r.State == flow.Reversed {
		v.Again = "/apply/" + d.Row.Type
	}
	v.Decision, err = desk.Open(key, "reversals.decision "+r.ID, r.Decision)
	return err
}

// hearingPost keeps an answer; what was entered comes back with any refusal, also with the one that it came too late.
func hearingPost(c *call) error {
	d, err := c.draft(flow.SeeApplication)
	if err != nil {
		return err
	}
	entered, err := c.written(d.Row, command.AnswerHearing)
	if expected(err) || isUpload(err) {
		return c.hearing(d, err, entered)
	}
	if err != nil {
		return err
	}
	return c.seeOther(d.path("/hearing"), "heard")
}

// caseReversal is a reversal as colleagues see it on the case.
type caseReversal struct {
	Text      string   `json:"text"`
	Reasons   []string `json:"reasons"`
	By        string   `json:"by"`
	At        string   `json:"at"`
	State     string   `json:"state"`
	Second    string   `json:"second,omitempty"`
	Comment   string   `json:"comment,omitempty"`
	Until     string   `json:"until,omitempty"` // the last day for the holder's answer
	Answer    string   `json:"answer,omitempty"`
	Answered  string   `json:"answeredAt,omitempty"`
	Decision  string   `json:"decision,omitempty"`
	Who       string   `json:"who,omitempty"`
	DecidedAt string   `json:"decidedAt,omitempty"`
}

// caseReversed adds the last reversal; attachments to the holder's answers, to earlier ones too, stand among the documents.
func (c *call) caseReversed(p *casePage, v command.View[*records.Application], _ sdk.Type, names map[string]string) error {
	d, app := c.s.Desk, v.Row
	r, err := records.ReversalOf(d.App.DB(), app.ID)
	if errors.Is(err, records.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	line := &caseReversal{Reasons: listed(r.Reasons), By: names[r.By], At: r.Made, State: string(r.State), Second: names[r.Second], Until: r.Due, Answered: r.AnsweredAt, Who: names[r.DecidedBy], DecidedAt: r.DecidedAt}
	for place, into := range map[string]*string{"text": &line.Text, "comment": &line.Comment, "answer": &line.Answer, "decision": &line.Decision} {
		sealed := map[string]string{"text": r.Text, "comment": r.Comment, "answer": r.Answer, "decision": r.Decision}[place]
		if *into, err = d.Open(app.Key(), "reversals."+place+" "+r.ID, sealed); err != nil {
			return err
		}
	}
	p.Reversal = line
	return attachedTo[*records.Reversal](c, p, app, sdk.Text{ZhHans: "说明附件", En: "Hearing"})
}

// attachedTo adds the attachments to the entries of a kind to a case's documents, numbered under a name.
func attachedTo[R records.Row](c *call, p *casePage, app *records.Application, name sdk.Text) error {
	entries, err := records.All[R](c.s.Desk.App.DB(), dbx.HashExp{"application": app.ID})
	if err != nil {
		return err
	}
	attached, err := records.Attachments(c.s.Desk.App.DB(), app.ID)
	if err != nil {
		return err
	}
	n := 0
	for _, f := range attached {
		if !slices.ContainsFunc(entries, func(e R) bool { return e.Header().ID == f.Entry }) {
			continue
		}
		file, err := c.s.Desk.Open(app.Key(), "documents.name "+f.ID, f.Name)
		if err != nil {
			return err
		}
		n++
		no := strconv.Itoa(n)
		p.Documents = append(p.Documents, caseDocument{f.ID, "", sdk.Text{ZhHans: name.ZhHans + " " + no, En: name.En + " " + no}, file, f.Media, f.Pages, f.Width, f.Height, f.Bytes, f.Made, "", false, f.Entry})
	}
	return nil
}
