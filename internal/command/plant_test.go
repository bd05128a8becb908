package command_test

// Rows in any state, put straight into the tables, so that each state is met by each act.

import (
	"encoding/json"
	"slices"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

func byCase(id string) dbx.Expression { return dbx.HashExp{"application": id} }

// plant puts a row of this noun in this state into its table, with what belongs to it, and returns its ID.
func (w *world) plant(noun flow.Noun, state flow.State) string {
	w.T.Helper()
	switch noun {
	case flow.NounDesk:
		w.sql("UPDATE desk SET state={:s}", dbx.Params{"s": string(state)})
		return records.DeskID
	case flow.NounApplicant:
		a := &records.Applicant{Channel: "mail", Lang: "zh-Hans"}
		a.Email, a.Verified = records.NewID()+"@example.com", true
		return w.put(a, state)
	case flow.NounStaff:
		s := &records.Staff{Name: "吴同事", Roles: "auditor,reviewer", Types: "pension", Capacity: 5, Lang: "zh-Hans", Factor: "totp", Recovery: "one,two"}
		s.Email, s.Verified = records.NewID()+"@example.com", true
		return w.put(s, state)
	case flow.NounHolder:
		return w.plantHolder(state).ID
	case flow.NounApplication:
		return w.plantCase(state).ID
	case flow.NounCertificate:
		return w.plantCertificate(state)
	case flow.NounType:
		return w.put(&records.Type{Path: "x", NameZh: "类型", NameEn: "Type"}, state)
	case flow.NounMessage:
		m := &records.Message{Channel: "mail", Notice: "test", Lang: "zh-Hans", Attempts: 3}
		m.ID = records.NewID()
		m.Recipient, m.Words = w.seal("desk", "messages.recipient "+m.ID, "a@example.com"), w.seal("desk", "messages.words "+m.ID, "{}")
		return w.put(m, state)
	case flow.NounFeedback:
		return w.put(&records.Feedback{Page: "/", Score: 3}, state)
	}
	w.T.Fatalf("no row of %s can be planted", noun)
	return ""
}

func (w *world) put(row records.Row, state flow.State) string {
	w.T.Helper()
	row.Header().State = state
	w.insert(row)
	return row.Header().ID
}

// plantHolder makes a person or, where members are to come, an institution of wang's.
func (w *world) plantHolder(state flow.State) *records.Holder {
	w.T.Helper()
	h := &records.Holder{Kind: "person", Owner: w.wang, How: "code"}
	h.ID = records.NewID()
	if err := w.Desk.Desk.Vault.NewKey(h.Key()); err != nil {
		w.T.Fatal(err)
	}
	h.Name, h.Phone, h.PhoneBlind = w.seal(h.Key(), "holders.name "+h.ID, "李样本"), w.seal(h.Key(), "holders.phone "+h.ID, "+8613800138001"), "blind-"+h.ID
	w.put(h, state)
	role := "owner"
	if state == flow.Pending {
		return h // nobody acts for a holder who has not agreed
	}
	m := &records.Member{Holder: h.ID, Applicant: w.wang, Role: role}
	w.put(m, flow.Active)
	return h
}

// submittedStates are the states of a case that was handed in.
var submittedStates = []flow.State{flow.Submitted, flow.InReview, flow.AwaitingApplicant, flow.OnHold, flow.Decided, flow.Approved, flow.Rejected, flow.Withdrawn, flow.Lapsed}

func (w *world) plantCase(state flow.State) *records.Application {
	w.T.Helper()
	h := w.plantHolder(flow.Active)
	app := &records.Application{Kind: "new", Type: "pension", Digest: load[*records.Type](w, "pension").Digest, Holder: h.ID, Applicant: w.wang, Lang: "zh-Hans", VisitCode: "123456"}
	app.ID = records.NewID()
	if err := w.Desk.Desk.Vault.NewKey(app.Key()); err != nil {
		w.T.Fatal(err)
	}
	raw, err := json.Marshal(w.examples["pension"])
	if err != nil {
		w.T.Fatal(err)
	}
	app.Answers, app.Name = w.seal(app.Key(), "applications.answers "+app.ID, string(raw)), w.seal(app.Key(), "applications.name "+app.ID, "李样本")
	if slices.Contains(submittedStates, state) {
		app.Ref, app.SubmittedAt, app.DueOn, app.RemindOn, app.Checked = "R-"+app.ID, records.Stamp(w.Desk.Desk.Now()), string(w.today()), string(w.today()), "done"
	}
	if slices.Contains(submittedStates[1:7], state) {
		app.Assignee = w.chen
	}
	if state == flow.InReview {
		w.put(&records.Task{Application: app.ID, Assignee: w.chen}, flow.Open)
	}
	if slices.Contains([]flow.State{flow.Decided, flow.Approved, flow.Rejected}, state) {
		app.DecidedBy, app.Outcome = w.chen, flow.Passed
		d := &records.Decision{Application: app.ID, Outcome: flow.Passed, By: w.chen}
		d.ID = records.NewID()
		d.Letter = w.seal(app.Key(), "decisions.letter "+d.ID, "信")
		w.put(d, flow.Pending)
	}
	w.put(app, state)
	for _, slot := range []string{"photo", "id_front"} {
		s := w.document(app.ID, slot, "planted "+slot)
		w.put(&records.Document{Application: app.ID, Slot: slot, Media: s.Media, Blob: s.Blob, Views: s.Views[0], Mark: s.Mark, Pages: 1}, flow.Kept)
	}
	return app
}

func (w *world) plantCertificate(state flow.State) string {
	w.T.Helper()
	app := w.plantCase(flow.Approved)
	c := &records.Certificate{Number: "C-" + app.ID, Code: "code-" + app.ID, Type: "pension", Digest: app.Digest, Holder: app.Holder, Application: app.ID, Lang: "zh-Hans",
		ValidFrom: "2025-01-01", ExpiresOn: string(w.today().AddDays(-1)), WarnOn: string(w.today()), Shows: "masked"}
	return w.put(c, state)
}

// callers are everybody who could ask: the desk, guests, the account, colleagues, and the row itself.
func (w *world) callers(noun flow.Noun, id string) []command.Caller {
	list := []command.Caller{command.Itself, {Role: flow.Guest, ID: "browser"}, command.Account(w.wang), command.Of(w.chen), command.Of(w.lead), command.Of(w.manager), command.Of(w.auditor)}
	switch noun {
	case flow.NounApplicant:
		list = append(list, command.Account(id))
	case flow.NounStaff:
		list = append(list, command.Of(id))
	case flow.NounHolder:
		list = append(list, command.Caller{Role: flow.Guest, ID: "blind-" + id})
	}
	return list
}

// subjectOf reads the row with the people around it.
func (w *world) targetOf(noun flow.Noun, id string) records.Target {
	w.T.Helper()
	switch noun {
	case flow.NounDesk:
		return load[*records.Desk](w, id)
	case flow.NounApplicant:
		return load[*records.Applicant](w, id)
	case flow.NounStaff:
		return load[*records.Staff](w, id)
	case flow.NounHolder:
		return load[*records.Holder](w, id)
	case flow.NounApplication:
		return load[*records.Application](w, id)
	case flow.NounCertificate:
		return load[*records.Certificate](w, id)
	case flow.NounType:
		return load[*records.Type](w, id)
	case flow.NounMessage:
		return load[*records.Message](w, id)
	}
	return load[*records.Feedback](w, id)
}

// personOf is the caller as the policy sees them now.
func (w *world) personOf(by command.Caller) flow.Person {
	w.T.Helper()
	switch by.Role {
	case flow.System, flow.Guest:
		return flow.Person{ID: by.ID, Roles: []flow.Role{by.Role}}
	case flow.Applicant:
		p := flow.Person{ID: by.ID}
		if s := load[*records.Applicant](w, by.ID).State; s == flow.Active || s == flow.New {
			p.Roles = []flow.Role{flow.Applicant}
		}
		return p
	}
	return load[*records.Staff](w, by.ID).Person()
}

// admitted finds a caller whom the policy lets do the act to this row.
func (w *world) admitted(noun flow.Noun, id string, act flow.Act) (command.Caller, bool) {
	w.T.Helper()
	row := w.targetOf(noun, id)
	for _, by := range w.callers(noun, id) {
		p := w.personOf(by)
		var roles, relations []string
		for _, r := range p.Roles {
			roles = append(roles, string(r))
		}
		for _, r := range flow.Relations(p, row.Subject()) {
			relations = append(relations, string(r))
		}
		if w.Desk.Desk.Policy.Can(roles, string(act), string(row.Header().State), relations).Allow {
			return by, true
		}
	}
	return command.Caller{}, false
}
