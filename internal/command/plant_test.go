package command_test

// Rows in any state, put straight into the tables, so that each state is met by each act.

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

func byCase(id string) dbx.Expression { return dbx.HashExp{"application": id} }

// plant puts a row of this noun in this state into its table, with what belongs to it: wang's, reviewed by chen.
func (w *world) plant(noun flow.Noun, state flow.State) string {
	w.T.Helper()
	return w.Desk.Plant(noun, state, testkit.Around{Owner: w.wang, Assignee: w.chen, Proposer: w.lead, Answers: w.examples["pension"]})
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
	case flow.NounConduct:
		return load[*records.Conduct](w, id)
	case flow.NounRecovery:
		return load[*records.Recovery](w, id)
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
