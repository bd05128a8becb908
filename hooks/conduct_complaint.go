package hooks

import (
	"net/url"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/ui"
)

// The form of a complaint, signed in or not; a conduct case as those see it who may; and what a suspended colleague decided lately.

func complainPage(c *call) error { return c.complainForm(nil, nil) }

func (c *call) complainForm(err error, values map[string]string) error {
	v := ui.Complain{Form: c.form("/complain", err, values), Ref: c.e.Request.URL.Query().Get("case"), Most: flow.ComplaintRunes,
		Towards: c.options("complain.toward.", []string{"reviewer", "manager", "unknown"}), Kinds: c.options("complain.kind.", flow.ComplaintKinds)}
	if c.by.Role == flow.Applicant {
		a, look := records.Load[*records.Applicant](c.s.Desk.App.DB(), c.by.ID)
		if look != nil {
			return look
		}
		v.Contact = a.Email
	}
	for i := range v.Form.Errors {
		v.Form.Errors[i].Field = map[string]string{"complaint_kind": "kind", "complaint_toward": "toward"}[refusalCode(err)]
		if v.Form.Errors[i].Field == "" {
			v.Form.Errors[i].Field = "text"
		}
	}
	return c.showAs(statusOf(err), "conduct/complain", v, back("/"))
}

// options are answers of a choice, each with its sentence.
func (c *call) options(prefix string, values []string) (list []ui.Option) {
	for _, v := range values {
		list = append(list, ui.Option{Value: v, Label: c.s.UI.Text(c.lang, prefix+v)})
	}
	return list
}

func complainPost(c *call) error {
	v := c.values()
	in := command.Complaining{Complaint: flow.Complaint{Kind: v["kind"], Toward: v["toward"], Name: v["name"], Case: v["case"], Text: v["text"]}, Contact: v["contact"], Lang: c.lang}
	if in.Toward == "unknown" {
		in.Toward = ""
	} else if in.Toward == "" {
		in.Toward = "none"
	}
	err := flow.CheckComplaint(in.Complaint, in.Contact)
	if err == nil {
		err = c.limitForm("complaint_ip", c.ip())
	}
	if err == nil {
		err = c.limitForm("complaint_desk", "desk")
	}
	var r command.Receipt
	if err == nil {
		r, err = run(c, command.Complain, records.DeskID, in)
	}
	if expected(err) {
		return c.complainForm(err, v)
	}
	if err != nil {
		return err
	}
	return c.seeOther("/complain/thanks?ref=" + url.QueryEscape(r.Answer["ref"]))
}

func complainThanks(c *call) error {
	ref := c.e.Request.URL.Query().Get("ref")
	if _, _, _, err := flow.ParseNumber(ref); err != nil {
		ref = ""
	}
	return c.show("conduct/thanks", ui.Complained{Ref: ref})
}

// conductLine is one conduct case in the list.
type conductLine struct {
	ID      string `json:"id"`
	Ref     string `json:"ref"`
	Kind    string `json:"kind"`
	About   string `json:"about"`
	State   string `json:"state"`
	Due     string `json:"due"`
	Measure string `json:"measure,omitempty"`
	Finding string `json:"finding,omitempty"`
	Until   string `json:"until,omitempty"` // appeal
	Mine    bool   `json:"mine"`            // it is about me
}

func conductLineOf(x *records.Conduct, by flow.Person, names map[string]string) conductLine {
	return conductLine{x.ID, x.Ref, x.Kind, names[x.About], string(x.State), x.DueOn, x.Measure, x.Finding, x.AppealUntil, x.About == by.ID}
}

func (c *call) conductCases(by flow.Person, names map[string]string) ([]conductLine, error) {
	all, err := c.s.Desk.ConductCases(c.s.Desk.App.DB(), by)
	list := []conductLine{}
	for _, x := range all {
		list = append(list, conductLineOf(x, by, names))
	}
	return list, err
}

// viewConduct opens a conduct case, which is on record first.
func viewConduct(c *call) error {
	v, err := viewed(c, command.ViewComplaint)
	if err != nil {
		return err
	}
	page, err := conductCase(c, v)
	if err != nil {
		return err
	}
	return c.answer(page)
}

// conductCase shows a conduct case. Whom it is about reads what was found, not who complained nor in which words.
func conductCase(c *call, v command.View[*records.Conduct]) (any, error) {
	x, db := v.Row, c.s.Desk.App.DB()
	names, err := c.staffNames()
	if err != nil {
		return nil, err
	}
	said, err := c.s.Desk.ConductText(x)
	if err != nil {
		return nil, err
	}
	line := conductLineOf(x, v.By, names)
	out := map[string]any{"case": line, "rev": x.Rev, "note": said.Note, "rule": said.Rule, "decidedBy": names[x.DecidedBy], "decidedAt": x.DecidedAt,
		"appeal": said.Appeal, "appealedAt": x.AppealedAt, "answer": said.Answer, "answeredBy": names[x.AnsweredBy], "answeredAt": x.AnsweredAt, "at": x.Made}
	may := map[string]bool{}
	for _, act := range []flow.Act{flow.Resolve, flow.Appeal, flow.DecideAppeal} {
		may[string(act)] = c.s.Desk.May(v.By, x, act)
	}
	out["may"] = may
	if line.Mine {
		return out, nil
	}
	out["said"], out["contact"], out["aboutId"] = said.Complaint, said.Contact, x.About
	if x.Application != "" {
		refs, err := refsOf(db, []string{x.Application})
		if err != nil {
			return nil, err
		}
		out["ref"] = refs[x.Application]
	}
	if x.About != "" {
		s, err := records.Load[*records.Staff](db, x.About)
		if err != nil {
			return nil, err
		}
		suspends := c.s.Desk.May(v.By, s, flow.SuspendReviewer)
		may["suspend_reviewer"], may["end_suspension"] = suspends && s.SuspendedAt == "", suspends && s.SuspendedAt != ""
	} else if may["resolve"] {
		people := [][2]string{}
		all, err := records.Staffs(db, flow.Active)
		if err != nil {
			return nil, err
		}
		for _, s := range all {
			if s.ID != v.By.ID {
				people = append(people, [2]string{s.ID, s.Name})
			}
		}
		out["people"] = people
	}
	return out, nil
}

// lookBack is for how many days before a suspension decisions are looked at again.
const (
	lookBack     = 90
	lookBackMost = 200
)

type decidedLine struct {
	ID      string `json:"id"`
	Ref     string `json:"ref"`
	Type    any    `json:"typeName"`
	Outcome string `json:"outcome"`
	At      string `json:"at"`
	Looked  string `json:"looked,omitempty"` // right or wrong
	By      string `json:"by,omitempty"`
}

// suspensions lists the colleagues who are suspended, each with the decisions of the days before.
func suspensions(c *call, v command.View[*records.Desk]) (any, error) {
	all, err := records.Staffs(c.s.Desk.App.DB(), flow.Active)
	if err != nil {
		return nil, err
	}
	list := []map[string]any{}
	for _, s := range all {
		if s.SuspendedAt == "" {
			continue
		}
		made, err := c.decidedBy(s)
		if err != nil {
			return nil, err
		}
		list = append(list, map[string]any{"id": s.ID, "rev": s.Rev, "name": s.Name, "since": s.SuspendedAt, "decisions": made})
	}
	return map[string]any{"rows": list, "days": lookBack, "look": v.By.Has(flow.Lead), "end": v.By.Has(flow.Manager)}, nil
}

func (c *call) decidedBy(s *records.Staff) ([]decidedLine, error) {
	db := c.s.Desk.App.DB()
	types, err := c.typeTexts()
	if err != nil {
		return nil, err
	}
	made, err := records.DecidedBy(db, s.ID, records.Stamp(records.Moment(s.SuspendedAt).AddDate(0, 0, -lookBack)), lookBackMost)
	if err != nil {
		return nil, err
	}
	list := []decidedLine{}
	for _, a := range made {
		line := decidedLine{ID: a.ID, Ref: a.Ref, Type: types[a.Type], Outcome: a.Outcome, At: a.DecidedAt}
		looked, err := ledger.Search(db, ledger.Query{Noun: string(a.Noun()), Target: a.ID, Act: string(flow.LookAgain), Newest: true, Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(looked) > 0 {
			line.Looked, line.By = looked[0].Reason, c.s.actorName(looked[0].Actor)
		}
		list = append(list, line)
	}
	return list, nil
}
