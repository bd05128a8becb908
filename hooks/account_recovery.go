package hooks

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/ui"
)

// A lost phone, a lost mailbox, an institution whose owner has left: what colleagues see of it, and the page on which whoever has
// the account can say no.

// lostHolder is a holder who may be meant, with the accounts that act for them.
type lostHolder struct {
	ID           string        `json:"id"`
	Rev          int64         `json:"rev"`
	Name         string        `json:"name"`
	Kind         string        `json:"kind"`
	Refs         []string      `json:"refs"`
	Accounts     []lostAccount `json:"accounts"`
	Certificates int           `json:"certificates"`
}

// lostAccount is an account that acts for a holder. Its contacts are shown in part: enough to recognise one's own.
type lostAccount struct {
	ID    string `json:"id"`
	Role  string `json:"role"`
	Own   bool   `json:"own"` // of the holder themselves
	Mail  string `json:"mail"`
	Phone string `json:"phone"`
	Open  bool   `json:"open"` // somebody comes for it already
}

// foundHolders is how many holders one search shows at most: a number is one person's, a name is not.
const foundHolders = 10

// recoveryFind finds holders by the number of a case or certificate, an ID number, a phone or a name. That somebody looked, and whom
// they were shown, is on record first.
func recoveryFind(c *call) error {
	var in struct {
		Q string `json:"q"`
	}
	if err := c.json(&in); err != nil {
		return err
	}
	q := strings.TrimSpace(in.Q)
	_, kind, rows, err := c.found(q)
	if err != nil {
		return err
	}
	list, shown, err := c.lostHolders(rows)
	if err != nil {
		return err
	}
	if _, err := c.searched(kind, q, shown); err != nil {
		return err
	}
	return c.answer(map[string]any{"rows": list, "sms": c.smsOffered(), "mail": c.mailOffered()})
}

func (c *call) lostHolders(rows []*records.Listed) (list []lostHolder, shown []string, err error) {
	at := map[string]int{}
	list = []lostHolder{}
	for _, a := range rows {
		i, met := at[a.Holder]
		if !met {
			if len(list) == foundHolders {
				continue
			}
			v, err := command.Look[*records.Holder](c.ctx(), c.s.Desk, c.by, flow.AskRecovery, a.Holder)
			if expected(err) { // a colleague's own people, or somebody who is erased
				continue
			}
			if err != nil {
				return nil, nil, err
			}
			one, err := c.lostHolder(v.Row)
			if err != nil {
				return nil, nil, err
			}
			i = len(list)
			at[a.Holder], list = i, append(list, one)
		}
		list[i].Refs = append(list[i].Refs, a.Ref)
		shown = append(shown, a.ID)
	}
	return list, shown, nil
}

func (c *call) lostHolder(h *records.Holder) (one lostHolder, err error) {
	db := c.s.Desk.App.DB()
	one = lostHolder{ID: h.ID, Rev: h.Rev, Kind: h.Kind, Accounts: []lostAccount{}}
	if one.Name, err = c.s.Desk.HolderName(h); err != nil {
		return one, err
	}
	if one.Certificates, err = records.Count(db, "certificates", dbx.And(dbx.HashExp{"holder": h.ID}, dbx.In("state", "valid", "suspended"))); err != nil {
		return one, err
	}
	for _, m := range h.Members() {
		a, err := records.Load[*records.Applicant](db, m.Applicant)
		if err != nil {
			return one, err
		}
		mail, phone, err := c.contactsOf(a)
		if err != nil {
			return one, err
		}
		l := lostAccount{ID: a.ID, Role: m.Role, Own: h.Own}
		if a.Verified {
			l.Mail = mail
		}
		if a.PhoneOK {
			l.Phone = phone
		}
		switch _, err := records.OpenRecovery(db, a.ID); {
		case err == nil:
			l.Open = true
		case !errors.Is(err, records.ErrNotFound):
			return one, err
		}
		one.Accounts = append(one.Accounts, l)
	}
	return one, nil
}

// recoveryCode sends a code to the contact that somebody at the counter names; they read it out.
func recoveryCode(c *call) error {
	var in struct {
		Channel string `json:"channel"`
		Contact string `json:"contact"`
		Lang    string `json:"lang"`
	}
	if err := c.json(&in); err != nil {
		return err
	}
	if _, err := command.Look[*records.Holder](c.ctx(), c.s.Desk, c.by, flow.AskRecovery, c.id()); err != nil {
		return err
	}
	if in.Channel == "sms" && !c.smsOffered() || in.Channel == "mail" && !c.mailOffered() {
		return flow.Refuse("channel_unknown")
	}
	to, err := contactOf(in.Channel, in.Contact)
	if err != nil {
		return err
	}
	id, err := c.askCode("recovery", in.Lang, going{Channel: in.Channel, Contact: to, Holder: c.id()})
	if err != nil {
		return err
	}
	return c.answer(map[string]string{"code": id, "to": maskContact(to)})
}

// recoveryAsk takes what the colleague saw, with the code that was read out. What is wrong in the form is said before the code is
// spent.
func recoveryAsk(c *call) error {
	var in struct {
		command.Lost
		Code   string `json:"code"`
		Digits string `json:"digits"`
	}
	if err := c.json(&in); err != nil {
		return err
	}
	v, err := command.Look[*records.Holder](c.ctx(), c.s.Desk, c.by, flow.AskRecovery, c.id())
	if err != nil {
		return err
	}
	if err := flow.CheckLost(in.Who, in.Seen, in.Note, v.Row.Kind == "institution"); err != nil {
		return err
	}
	row, err := records.Load[*records.Code](c.s.Desk.App.DB(), in.Code)
	if err != nil || row.Purpose != "recovery" || row.Person != c.by.ID {
		return flow.Refuse("code_void")
	}
	p, err := command.EnterCode(c.ctx(), c.s.Desk, c.by, row.ID, digits(in.Digits))
	if err != nil {
		return err
	}
	var g going
	if err := json.Unmarshal([]byte(p.Payload), &g); err != nil {
		return err
	}
	if g.Holder != c.id() {
		return flow.Refuse("code_void")
	}
	in.Channel, in.Contact = g.Channel, g.Contact
	r, err := command.Run(c.ctx(), c.s.Desk, c.by, command.AskRecovery, c.at(), in.Lost)
	if err != nil {
		return err
	}
	return c.answer(r)
}

// recoveryLine is one recovery as colleagues see it.
type recoveryLine struct {
	ID      string `json:"id"`
	Rev     int64  `json:"rev"`
	State   string `json:"state"`
	Who     string `json:"who"`
	Name    string `json:"name,omitempty"` // as long as somebody has to look at it
	To      string `json:"to,omitempty"`
	Seen    string `json:"seen"`
	Note    string `json:"note,omitempty"`
	By      string `json:"by"`
	At      string `json:"at"`
	Second  string `json:"second,omitempty"`
	Due     string `json:"due,omitempty"`
	EndedAt string `json:"endedAt,omitempty"`
	EndedBy string `json:"endedBy,omitempty"` // a colleague's name; "account": whoever has it said no
	Mine    bool   `json:"mine"`
	Agree   bool   `json:"agree"`
	Drop    bool   `json:"drop"`
}

const recoveryRows = 100

// recoveries lists who came for an account, the last first; names are shown while it is open.
func recoveries(c *call, v command.View[*records.Desk]) (any, error) {
	rows, err := records.Some[*records.Recovery](c.s.Desk.App.DB(), nil, recoveryRows, "made DESC", "id DESC")
	if err != nil {
		return nil, err
	}
	names, err := c.staffNames()
	if err != nil {
		return nil, err
	}
	list := []recoveryLine{}
	for _, r := range rows {
		l := recoveryLine{ID: r.ID, Rev: r.Rev, State: string(r.State), Who: r.Who, Seen: r.Seen, By: names[r.By], At: r.Made, Second: names[r.Second],
			Due: r.DueOn, EndedAt: r.EndedAt, EndedBy: names[r.EndedBy], Mine: r.By == v.By.ID}
		if r.EndedBy != "" && l.EndedBy == "" {
			l.EndedBy = "account"
		}
		if r.State == flow.Open || r.State == flow.Pending {
			if err := c.openRecovery(r.ID, v.By, &l); err != nil {
				return nil, err
			}
		}
		list = append(list, l)
	}
	anybody := &records.Holder{Head: records.Head{State: flow.Active}}
	return map[string]any{"rows": list, "ask": c.s.Desk.May(v.By, anybody, flow.AskRecovery)}, nil
}

// openRecovery adds who it is about, and what a colleague may do about it.
func (c *call) openRecovery(id string, by flow.Person, l *recoveryLine) error {
	r, err := records.Load[*records.Recovery](c.s.Desk.App.DB(), id)
	if err != nil {
		return err
	}
	h := r.HolderRow()
	if l.Name, err = c.s.Desk.HolderName(h); err != nil {
		return err
	}
	if l.Note, err = c.s.Desk.Open(h.Key(), "recoveries.note "+r.ID, r.Note); err != nil {
		return err
	}
	to, err := c.s.Desk.Open(h.Key(), "recoveries.contact "+r.ID, r.Contact)
	l.To = maskContact(to)
	l.Agree, l.Drop = c.s.Desk.May(by, r, flow.AgreeRecovery), c.s.Desk.May(by, r, flow.DropRecovery)
	return err
}

// recoveryPage tells whoever has the account that somebody came for it, and lets them say no.
func recoveryPage(c *call) error { return c.recoveryForm(nil) }

func (c *call) recoveryForm(wrong error) error {
	v, err := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID)
	if err != nil {
		return err
	}
	r, err := c.comingFor(v.Row.ID)
	if err != nil {
		return err
	}
	if r == nil {
		return c.seeOther("/account")
	}
	name, err := c.s.Desk.HolderName(r.HolderRow())
	if err != nil {
		return err
	}
	f := c.form("/account/recovery", wrong, nil)
	f.Rev = strconv.FormatInt(r.Rev, 10)
	return c.show("account/recovery", ui.Recovery{Form: f, Name: name, Other: r.Who == flow.OtherPerson, At: c.when(r.Made), Due: r.DueOn}, back("/account"))
}

// comingFor is the recovery of an account that two colleagues agreed to and that does not count yet; nil where there is none.
func (c *call) comingFor(account string) (*records.Recovery, error) {
	r, err := records.Find[*records.Recovery](c.s.Desk.App.DB(), dbx.HashExp{"account": account, "state": string(flow.Pending)})
	if errors.Is(err, records.ErrNotFound) {
		return nil, nil
	}
	return r, err
}

func recoveryRefuse(c *call) error {
	r, err := c.comingFor(c.by.ID)
	if err != nil {
		return err
	}
	if r == nil {
		return c.seeOther("/account")
	}
	if _, err = run(c, command.DropRecovery, r.ID, command.Reasoned{}); expected(err) {
		return c.recoveryForm(err)
	}
	if err != nil {
		return err
	}
	return c.seeOther("/account", "recovery_refused")
}
