package hooks

import (
	"encoding/json"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// casePage is all that the case page shows.
type casePage struct {
	ID          string                      `json:"id"`
	Rev         int64                       `json:"rev"`
	Ref         string                      `json:"ref"`
	Kind        string                      `json:"kind"`
	State       string                      `json:"state"`
	Name        string                      `json:"name"`
	TypeID      string                      `json:"type"`
	TypeName    sdk.Text                    `json:"typeName"`
	Lang        string                      `json:"lang"`
	Due         string                      `json:"due"`
	How         string                      `json:"how"`
	SubmittedAt string                      `json:"submittedAt"`
	Assignee    string                      `json:"assignee"`
	Who         string                      `json:"who"`
	Mine        bool                        `json:"mine"`
	May         map[string]bool             `json:"may"` // which acts this colleague may do now
	Checked     string                      `json:"checked"`
	Attested    string                      `json:"attestedBy,omitempty"`
	Changes     []sdk.Text                  `json:"changes,omitempty"` // of a change: what has changed
	Answers     []caseAnswer                `json:"answers"`
	Derived     check.Derived               `json:"derived"`
	Documents   []caseDocument              `json:"documents"`
	Findings    []sdk.Finding               `json:"findings"`
	Checklist   []sdk.Item                  `json:"checklist"`
	Verdicts    map[string]flow.ItemVerdict `json:"verdicts"`
	Reasons     []sdk.Reason                `json:"reasons"`
	Notes       []caseNote                  `json:"notes"`
	Messages    []caseEntry                 `json:"correspondence"`
	Unread      string                      `json:"unread"` // since when
	CallOn      string                      `json:"callOn"`
	Phone       string                      `json:"phone"` // the account's
	History     []historyLine               `json:"history"`
	Why         []whyLine                   `json:"why"`
	Others      []twinCase                  `json:"others"` // cases of the same persons, or with the same pictures
	Merged      []mergedCase                `json:"merged"` // those that ended in this one
	MergedInto  *mergedCase                 `json:"mergedInto,omitempty"`
	HeldUntil   string                      `json:"heldUntil"`
	Appeal      *caseAppeal                 `json:"appeal,omitempty"`
	Reversal    *caseReversal               `json:"reversal,omitempty"`
	FourEyes    bool                        `json:"fourEyes,omitempty"`
	Decision    *caseDecision               `json:"decision,omitempty"`
	Certificate *certificateLine            `json:"certificate,omitempty"`
	Next        string                      `json:"next"` // the next of one's own cases
	TakeBack    int64                       `json:"takeBackMinutes"`
	Validity    string                      `json:"validUntil"` // if it passed today
	Channel     string                      `json:"channel"`    // how the applicant will be told
	Rounds      []caseRound                 `json:"rounds"`     // of correction, the last first
	Malicious   bool                        `json:"malicious"`
	Holder      string                      `json:"holder"`
	Sanctions   []sanctionLine              `json:"sanctions"`          // on the holder, and on people who may be the same
	Previous    string                      `json:"previous,omitempty"` // the reference of the application that it starts from
	Ask         canAsk                      `json:"ask"`
	AnswerDue   string                      `json:"answerDue"` // the applicant is awaited until then
	Earlier     []caseDocument              `json:"earlier"`   // what another document took the place of, and what is not sent yet
	ErasedAt    string                      `json:"erasedAt,omitempty"`
}

type caseAnswer struct {
	ID    string   `json:"id"`
	Label sdk.Text `json:"label"`
	Kind  sdk.Kind `json:"kind"`
	Value string   `json:"value"`
	Shown sdk.Text `json:"shown"`

	Before *sdk.Text `json:"before,omitempty"` // what was certified, where a change differs
}

type caseDocument struct {
	ID     string   `json:"id"`
	Slot   string   `json:"slot"`
	Label  sdk.Text `json:"label"`
	File   string   `json:"file"`
	Media  string   `json:"media"`
	Pages  int64    `json:"pages"`
	Width  int64    `json:"width"`
	Height int64    `json:"height"`
	Bytes  int64    `json:"bytes"`
	At     string   `json:"at"`
	Day    string   `json:"dayCode,omitempty"`
	Kept   bool     `json:"kept,omitempty"`  // as it was certified
	Entry  string   `json:"entry,omitempty"` // of the correspondence: it is an attachment
}

type caseNote struct {
	Text string `json:"text"`
	Who  string `json:"who"`
	At   string `json:"at"`
}

type historyLine struct {
	At   string `json:"at"`
	Act  string `json:"act"`
	Who  string `json:"who"`
	From string `json:"from"`
	To   string `json:"to"`
	Why  string `json:"why,omitempty"`
	Seq  int64  `json:"seq"`
}

type whyLine struct {
	Who      string `json:"who,omitempty"` // named to leads and auditors only
	Mine     bool   `json:"mine"`
	Verdict  string `json:"verdict"`
	Load     int    `json:"load"`
	Capacity int    `json:"capacity"`
}

type caseDecision struct {
	Outcome   string   `json:"outcome"`
	Reasons   []string `json:"reasons"`
	Letter    string   `json:"letter"`
	Who       string   `json:"who"`
	At        string   `json:"at"`
	ReleaseAt string   `json:"releaseAt"`
	State     string   `json:"state"`
	Second    string   `json:"second,omitempty"`  // who confirmed or challenged it
	Comment   string   `json:"comment,omitempty"` // what they said
	AgainOn   string   `json:"againOn"`
	Never     bool     `json:"never"`
}

// viewCase shows a case, after the viewing is on record.
func viewCase(c *call) error {
	v, err := viewed(c, command.ViewCase)
	if err != nil {
		return err
	}
	p, err := c.casePage(v)
	if err != nil {
		return err
	}
	return c.answer(p)
}

func (c *call) casePage(v command.View[*records.Application]) (*casePage, error) {
	d, app := c.s.Desk, v.Row
	t, err := d.Type(app.Digest)
	if err != nil {
		return nil, err
	}
	a, err := d.Answers(app)
	if err != nil {
		return nil, err
	}
	names, err := c.staffNames()
	if err != nil {
		return nil, err
	}
	p := &casePage{ID: app.ID, Rev: app.Rev, Ref: app.Ref, Kind: app.Kind, State: string(app.State), Name: a[t.HolderName], TypeID: t.ID, TypeName: t.Name,
		Lang: app.Lang, Due: app.DueOn, How: dueHow(app.State, app.DueOn, v.Today), SubmittedAt: app.SubmittedAt, Assignee: app.Assignee, Who: names[app.Assignee],
		Mine: app.Assignee == v.By.ID, Checked: app.Checked, Attested: names[app.AttestedBy], Derived: check.Facts(t, a), Checklist: flow.ItemsShown(t, check.Asked(t, a)), Reasons: t.Reasons,
		TakeBack: v.Settings.TakeBackMinutes, Validity: string(flow.Expires(v.Today, t.Validity)), Findings: []sdk.Finding{}, Notes: []caseNote{}, HeldUntil: app.HeldUntil, Malicious: app.Malicious, ErasedAt: app.ErasedAt}
	if p.ErasedAt != "" {
		p.Checked = "done" // the machine has nothing left to look at
	}
	p.Answers = c.answersOf(t, a)
	for _, part := range []func(*casePage, command.View[*records.Application], sdk.Type, map[string]string) error{c.caseEvidence, c.caseChanged, c.caseJudged, c.caseTalk, c.caseTwins, c.caseStory, c.caseAppealed, c.caseReversed, c.caseAround, c.caseRounds, c.caseSanctions} {
		if err := part(p, v, t, names); err != nil {
			return nil, err
		}
	}
	p.May = map[string]bool{}
	for _, act := range []flow.Act{flow.Verdict, flow.Note, flow.Hold, flow.Resume, flow.Message, flow.MarkRead, flow.LogCall, flow.Propose, flow.Confirm, flow.Challenge, flow.Decide, flow.DecideAppeal, flow.NameDeputy, flow.Reverse, flow.AgreeReversal, flow.DropReversal, flow.DecideReversal, flow.TakeBack, flow.Claim, flow.Release, flow.Reassign, flow.DeclareConflict, flow.ViewDocument, flow.Check, flow.RequestCorrection, flow.Reopen, flow.MarkMalicious, flow.Export} {
		p.May[string(act)] = app.ErasedAt == "" && d.May(v.By, app, act) // nothing is left to do it with
	}
	for _, act := range []flow.Act{flow.Sanction, flow.Lift} {
		p.May[string(act)] = d.May(v.By, app.HolderRow(), act)
	}
	p.May[string(flow.Claim)] = p.May[string(flow.Claim)] && app.Assignee == ""
	p.May[string(flow.Reverse)] = p.May[string(flow.Reverse)] && p.Certificate != nil && p.Certificate.Case == app.ID && (p.Certificate.State == string(flow.Valid) || p.Certificate.State == string(flow.Suspended)) && p.Certificate.Hearing == ""
	p.May[string(flow.Decide)] = p.May[string(flow.Decide)] && flow.CheckAlone(t) == nil
	p.May[string(flow.Propose)] = p.May[string(flow.Propose)] && flow.CheckTogether(t) == nil
	p.May[string(flow.Check)] = p.May[string(flow.Check)] && app.Kind != "recheck" // as the act itself says
	return p, nil
}

func (c *call) answersOf(t sdk.Type, a sdk.Answers) []caseAnswer {
	list := []caseAnswer{}
	for _, page := range check.Pages(t, a) {
		for _, q := range page.Questions {
			if value, ok := a[q.ID]; ok && value != "" {
				list = append(list, caseAnswer{ID: q.ID, Label: q.Short, Kind: q.Kind, Value: value, Shown: c.s.shownText(q, value)})
			}
		}
	}
	return list
}

// caseEvidence adds the documents and what the type's check found.
func (c *call) caseEvidence(p *casePage, v command.View[*records.Application], t sdk.Type, _ map[string]string) error {
	d, db := c.s.Desk, c.s.Desk.App.DB()
	docs, err := records.All[*records.Document](db, dbx.And(dbx.HashExp{"application": v.Row.ID}, dbx.In("state", "kept", "pending", "superseded")))
	if err != nil {
		return err
	}
	p.Documents, p.Earlier, p.AnswerDue = []caseDocument{}, []caseDocument{}, v.Row.AnswerDue
	for _, s := range t.Slots {
		for _, doc := range docs {
			if doc.Slot != s.ID {
				continue
			}
			file, err := d.Open(v.Row.Key(), "documents.name "+doc.ID, doc.Name)
			if err != nil {
				return err
			}
			one := caseDocument{doc.ID, s.ID, s.Name, file, doc.Media, doc.Pages, doc.Width, doc.Height, doc.Bytes, doc.Made, doc.DayCode, doc.Origin != "", ""}
			if doc.State == flow.Kept {
				p.Documents = append(p.Documents, one)
			} else {
				p.Earlier = append(p.Earlier, one)
			}
		}
	}
	found, err := records.All[*records.Finding](db, dbx.HashExp{"application": v.Row.ID, "state": "active"})
	if err != nil {
		return err
	}
	for _, f := range found {
		raw, err := d.Open(v.Row.Key(), "findings.body "+f.ID, f.Body)
		if err != nil {
			return err
		}
		if raw == "" { // erased
			continue
		}
		var one sdk.Finding
		if err := json.Unmarshal([]byte(raw), &one); err != nil {
			return err
		}
		p.Findings = append(p.Findings, one)
	}
	return nil
}

// caseJudged adds verdicts, notes and the decision.
func (c *call) caseJudged(p *casePage, v command.View[*records.Application], _ sdk.Type, names map[string]string) (err error) {
	d, db, app := c.s.Desk, c.s.Desk.App.DB(), v.Row
	if p.Verdicts, err = command.Verdicts(db, app.ID); err != nil {
		return err
	}
	notes, err := records.All[*records.Note](db, dbx.HashExp{"application": app.ID})
	if err != nil {
		return err
	}
	for _, n := range notes {
		text, err := d.Open(app.Key(), "notes.text "+n.ID, n.Text)
		if err != nil {
			return err
		}
		p.Notes = append(p.Notes, caseNote{text, names[n.By], n.Made})
	}
	made, err := records.All[*records.Decision](db, dbx.And(dbx.HashExp{"application": app.ID}, dbx.In("state", "pending", "sent", "proposed", "challenged")), "made DESC")
	if err != nil || len(made) == 0 {
		return err
	}
	letter, err := d.Open(app.Key(), "decisions.letter "+made[0].ID, made[0].Letter)
	if err != nil {
		return err
	}
	comment, err := d.Open(app.Key(), "decisions.comment "+made[0].ID, made[0].Comment)
	p.Decision = &caseDecision{made[0].Outcome, listed(made[0].Reasons), letter, names[made[0].By], made[0].Made, app.ReleaseAt, string(made[0].State),
		names[made[0].Second], comment, made[0].AgainOn, made[0].Never}
	return err
}

// caseStory adds the history, and why the case is where it is.
func (c *call) caseStory(p *casePage, v command.View[*records.Application], _ sdk.Type, names map[string]string) error {
	db := c.s.Desk.App.DB()
	entries, err := ledger.Search(db, ledger.Query{Noun: "applications", Target: v.Row.ID, Limit: 200, Newest: true})
	if err != nil {
		return err
	}
	p.History = []historyLine{}
	for _, e := range entries {
		p.History = append(p.History, historyLine{records.Stamp(e.At), e.Act, c.s.actorName(e.Actor), e.From, e.To, c.s.Desk.Said(e), e.Seq})
	}
	tasks, err := records.All[*records.Task](db, dbx.HashExp{"application": v.Row.ID}, "made DESC")
	if err != nil {
		return err
	}
	p.Why = []whyLine{}
	for _, t := range tasks {
		var list []flow.Why
		if err := json.Unmarshal([]byte(t.Why), &list); err != nil || len(list) == 0 {
			continue
		}
		for _, w := range list {
			line := whyLine{Mine: w.Staff == v.By.ID, Verdict: string(w.Verdict), Load: w.Load, Capacity: w.Capacity}
			if v.By.Has(flow.Lead) || v.By.Has(flow.Auditor) {
				line.Who = names[w.Staff]
			} else if !line.Mine {
				continue
			}
			p.Why = append(p.Why, line)
		}
		break
	}
	return nil
}

// caseAround adds the next case, the certificate, and how the applicant will be told. A
// case that is fetched ahead names the one before it as after: it will be decided by then, and is not what comes next.
func (c *call) caseAround(p *casePage, v command.View[*records.Application], _ sdk.Type, _ map[string]string) error {
	db, app := c.s.Desk.App.DB(), v.Row
	desk := command.View[*records.Desk]{By: v.By, Today: v.Today}
	next, err := records.Queue(db, dbx.And(queueFilter("mine", desk), dbx.NewExp("id<>{:id} AND id<>{:after}", dbx.Params{"id": app.ID, "after": c.e.Request.URL.Query().Get("after")})), 1, "due_on", "submitted_at", "id")
	if err != nil {
		return err
	}
	if len(next) > 0 {
		p.Next = next[0].ID
	}
	who, err := records.Load[*records.Applicant](db, app.Applicant)
	if err != nil {
		return err
	}
	p.Channel = who.Channel
	made, err := records.All[*records.Certificate](db, dbx.Or(dbx.HashExp{"application": app.ID}, dbx.HashExp{"id": app.Certificate}))
	if err != nil || len(made) == 0 {
		return err
	}
	line := certificateOf(made[0])
	p.Certificate = &line
	return nil
}

// letterPreview shows the letter as it would leave.
func letterPreview(c *call) error {
	var in struct {
		flow.Decision
		Lang string `json:"lang"`
	}
	if err := c.json(&in); err != nil {
		return err
	}
	v, err := command.Look[*records.Application](c.ctx(), c.s.Desk, c.by, flow.Decide, c.id())
	if err != nil {
		return err
	}
	t, err := c.s.Desk.Type(v.Row.Digest)
	if err != nil {
		return err
	}
	a, err := c.s.Desk.Answers(v.Row)
	if err != nil {
		return err
	}
	if in.Lang == "" {
		in.Lang = v.Row.Lang
	}
	letter, err := c.s.Desk.Letter(c.s.Desk.App.DB(), v.Row, t, a, in.Decision, v.Settings, v.Today, in.Lang)
	if err != nil {
		return err
	}
	if in.Outcome == flow.Passed {
		return c.answer(map[string]any{"letter": letter})
	}
	reasons, err := flow.ReasonsOf(t, in.Reasons)
	if err != nil {
		return err
	}
	cool, err := c.s.Desk.CoolDownAfter(c.s.Desk.App.DB(), v.Row, reasons, v.Settings, v.Today)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"letter": letter, "againOn": cool.Until, "never": cool.Never, "days": max(0, cool.Until.Sub(v.Today))})
}
