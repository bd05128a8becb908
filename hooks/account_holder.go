package hooks

import (
	"encoding/json"
	"net/url"
	"path"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// For whom: oneself, somebody else with their consent, an institution with its members.

func holderKindsPage(c *call) error {
	v, err := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID)
	if err != nil {
		return err
	}
	n, err := records.Count(c.s.Desk.App.DB(), "holders", dbx.HashExp{"owner": v.Row.ID, "own": true})
	if err != nil {
		return err
	}
	return c.show("account/holder_new", ui.HolderKinds{Own: n > 0, Type: c.e.Request.FormValue("type")}, back("/types"))
}

var holderPages = map[string]command.NewHolder{
	"person": {Kind: sdk.HolderPerson, Own: true}, "other": {Kind: sdk.HolderPerson}, "institution": {Kind: sdk.HolderInstitution},
}

func holderPage(c *call) error { return c.holderForm(nil, nil) }

func (c *call) holderForm(err error, values map[string]string) error {
	kind, typ := path.Base(c.e.Request.URL.Path), c.e.Request.FormValue("type")
	if _, ok := holderPages[kind]; !ok {
		return records.ErrNotFound
	}
	if _, look := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID); look != nil {
		return look
	}
	return c.show("account/holder_"+kind, ui.HolderForm{Form: c.form("/holders/new/"+kind, err, values), Type: typ}, back("/holders/new?type="+url.QueryEscape(typ)))
}

func holderPost(c *call) error {
	kind, v := path.Base(c.e.Request.URL.Path), c.values()
	in, ok := holderPages[kind]
	if !ok {
		return records.ErrNotFound
	}
	name, err := holderName(in.Kind, v["name"])
	if err == nil {
		err = c.limitForm("holder_day", c.by.ID)
	}
	if err != nil {
		return c.holderForm(err, v)
	}
	in.Name = name
	r, err := run(c, command.AddHolder, c.by.ID, in)
	if expected(err) {
		return c.holderForm(err, v)
	}
	if err != nil {
		return err
	}
	to := "/me"
	if v["type"] != "" {
		to = "/apply/" + url.PathEscape(v["type"]) + "?holder=" + r.Answer["id"]
	}
	if kind == "other" {
		to = "/holders/" + r.Answer["id"] + "/consent?type=" + url.QueryEscape(v["type"])
	}
	return c.seeOther(to)
}

func holderName(kind sdk.HolderKind, raw string) (string, error) {
	if kind == sdk.HolderInstitution {
		if n := len([]rune(raw)); n < 2 || n > 100 {
			return "", flow.Refuse("institution_name_wrong")
		}
		return raw, nil
	}
	name, err := sdk.NormalName(raw)
	if err != nil {
		if latin, err := sdk.NormalLatinName(raw); err == nil {
			return latin, nil
		}
		return "", flow.Refuse("name_wrong")
	}
	return name, nil
}

// consentPath is the page of a consent, or a part of it; it carries the type that was chosen before, and the code that was sent.
func (c *call) consentPath(holder, part, code string) string {
	q := url.Values{}
	if t := c.e.Request.URL.Query().Get("type"); t != "" {
		q.Set("type", t)
	}
	if code != "" {
		q.Set("c", code)
	}
	to := url.URL{Path: "/holders/" + holder + "/consent" + part, RawQuery: q.Encode()}
	return to.String()
}

func holderConsentPage(c *call) error { return c.holderConsentForm(nil, nil) }

// holderConsentForm asks for the holder's phone, or, once a code was sent there, for the code.
func (c *call) holderConsentForm(err error, values map[string]string) error {
	v, look := command.Look[*records.Holder](c.ctx(), c.s.Desk, c.by, flow.SeeHolder, c.id())
	if look != nil {
		return look
	}
	if v.Row.State == flow.Active {
		return c.seeOther("/me")
	}
	name, look := c.s.Desk.HolderName(v.Row)
	if look != nil {
		return look
	}
	view := ui.HolderConsent{Form: c.form(c.consentPath(v.Row.ID, "", ""), err, values), ID: v.Row.ID, Name: name, SMS: c.smsOffered(),
		Upload: c.consentPath(v.Row.ID, "/sheet", ""), Sheet: c.consentPath(v.Row.ID, "/print", ""), Have: v.Row.Sheet != "", MaxMB: maxFileMB}
	if code := c.e.Request.FormValue("c"); code != "" {
		row, look := records.Load[*records.Code](c.s.Desk.App.DB(), code)
		if look == nil && row.Purpose == "consent" && row.Person == v.Row.ID {
			raw, look := c.s.Desk.Open("desk", "codes.payload "+row.ID, row.Payload)
			if look != nil {
				return look
			}
			view.Sent, view.Phone, view.Again = true, maskContact(raw), c.consentPath(v.Row.ID, "", "")
			view.Form.Action = c.consentPath(v.Row.ID, "", row.ID)
		}
	}
	return c.show("account/holder_consent", view, back("/me"))
}

func holderConsentPost(c *call) error {
	v, err := command.Look[*records.Holder](c.ctx(), c.s.Desk, c.by, flow.SeeHolder, c.id())
	if err != nil {
		return err
	}
	in, code := c.values(), c.e.Request.URL.Query().Get("c")
	if code == "" {
		err = c.sendConsentCode(v, in["phone"])
		if expected(err) {
			return c.holderConsentForm(err, in)
		}
		return err
	}
	p, err := command.EnterCode(c.ctx(), c.s.Desk, c.by, code, digits(in["code"]))
	if err == nil && (p.Purpose != "consent" || p.Person != v.Row.ID) {
		err = flow.Refuse("code_void")
	}
	if err == nil {
		_, err = run(c, command.AgreeActing, v.Row.ID, command.Given{How: "code", Phone: p.Payload})
	}
	if expected(err) {
		return c.holderConsentForm(err, in)
	}
	if err != nil {
		return err
	}
	return c.agreed(v.Row.ID)
}

// agreed goes on, after a consent, with what they came for.
func (c *call) agreed(holder string) error {
	to := "/me"
	if t := c.e.Request.URL.Query().Get("type"); t != "" {
		to = "/apply/" + url.PathEscape(t) + "?holder=" + holder
	}
	return c.seeOther(to, "consent")
}

func (c *call) sendConsentCode(v command.View[*records.Holder], raw string) error {
	to, err := contactOf("sms", raw)
	if err != nil {
		return err
	}
	a, err := records.Load[*records.Applicant](c.s.Desk.App.DB(), c.by.ID)
	if err != nil {
		return err
	}
	if a.PhoneBlind != "" && a.PhoneBlind == c.s.Desk.BlindPhone(to) {
		return flow.Refuse("phone_is_yours")
	}
	if err := c.limit("consent_day", c.s.Desk.BlindPhone(to)); err != nil {
		return err
	}
	name, err := c.s.Desk.HolderName(v.Row)
	if err != nil {
		return err
	}
	id, err := command.AskCode(c.ctx(), c.s.Desk, c.by, command.Ask{Purpose: "consent", Channel: "sms", To: to, Lang: c.lang, Person: v.Row.ID, Payload: to,
		Words: command.Words{"holder": flow.MaskName(name), "helper": c.contact()}})
	if err != nil {
		return err
	}
	return c.seeOther(c.consentPath(v.Row.ID, "", id))
}

// holder is the one that the path names, seen by whoever acts for them, with their name.
func (c *call) holder() (v command.View[*records.Holder], name string, err error) {
	if v, err = command.Look[*records.Holder](c.ctx(), c.s.Desk, c.by, flow.SeeHolder, c.id()); err != nil {
		return v, "", err
	}
	name, err = c.s.Desk.HolderName(v.Row)
	return v, name, err
}

func holderSheetPage(c *call) error {
	v, name, err := c.holder()
	if err != nil {
		return err
	}
	return c.show("account/holder_sheet", ui.Sheet{Holder: name, Helper: c.contact(), Ref: v.Row.ID, Version: command.AgreementVersion}, back(c.consentPath(v.Row.ID, "", "")))
}

// holderSheetPost takes the photographed sheet. It is looked at with the first application of the holder.
func holderSheetPost(c *call) error {
	v, err := command.Look[*records.Holder](c.ctx(), c.s.Desk, c.by, flow.SeeHolder, c.id())
	if err != nil {
		return err
	}
	up, err := c.upload(v.Row.Key())
	if err == nil {
		_, err = command.Deposit(c.ctx(), c.s.Desk, c.by, command.AgreeActing, command.At{ID: v.Row.ID, Key: up.key}, command.Given{How: "sheet", Sheet: up.Stored}, up.Stored)
	}
	if expected(err) || isUpload(err) {
		return c.holderConsentForm(err, nil)
	}
	if err != nil {
		return err
	}
	return c.agreed(v.Row.ID)
}

func holderEndPage(c *call) error {
	v, name, err := c.holder()
	if err != nil {
		return err
	}
	return c.show("account/holder_end", ui.Confirm{Form: c.form("/holders/"+v.Row.ID+"/end", nil, nil), Name: name, Cancel: "/account"}, back("/account"))
}

func holderEndPost(c *call) error {
	if _, err := run(c, command.EndActing, c.id(), struct{}{}); err != nil {
		return err
	}
	return c.seeOther("/account", "consent_withdrawn")
}

func membersPage(c *call) error { return c.membersForm(nil, nil) }

func (c *call) membersForm(err error, values map[string]string) error {
	v, name, look := c.holder()
	if look != nil {
		return look
	}
	view := ui.Members{Form: c.form("/holders/"+v.Row.ID+"/members", err, values), ID: v.Row.ID, Name: name, SMS: c.smsOffered()}
	for _, m := range v.Row.Members() {
		a, look := records.Load[*records.Applicant](c.s.Desk.App.DB(), m.Applicant)
		if look != nil {
			return look
		}
		shown, phone, look := c.contactsOf(a)
		if look != nil {
			return look
		}
		if shown == "" {
			shown = phone
		}
		view.Members = append(view.Members, ui.Member{ID: m.ID, Name: shown, Role: m.Role, You: m.Applicant == c.by.ID,
			Remove: "/holders/" + v.Row.ID + "/members/" + m.ID + "/remove"})
	}
	return c.show("account/members", view, back("/account"))
}

func membersPost(c *call) error {
	v := c.values()
	channel := "sms"
	if strings.Contains(v["contact"], "@") {
		channel = "mail"
	}
	_, err := run(c, command.AddMember, c.id(), command.Membership{Channel: channel, Contact: v["contact"], Role: v["role"]})
	if expected(err) {
		return c.membersForm(err, v)
	}
	if err != nil {
		return err
	}
	return c.seeOther("/holders/"+c.id()+"/members", "saved")
}

func memberRemove(c *call) error {
	_, err := run(c, command.RemoveMember, c.id(), command.Leaving{Member: c.e.Request.PathValue("member")})
	if expected(err) {
		return c.membersForm(err, nil)
	}
	if err != nil {
		return err
	}
	return c.seeOther("/holders/"+c.id()+"/members", "saved")
}

// actingPage lets a holder without an account end a consent: by a code to their own phone.
func actingPage(c *call) error { return c.signInForm("account/acting", "/acting", nil, nil) }

func actingPost(c *call) error {
	v := c.values()
	err := c.sendCode("withdraw", "sms", v["contact"], going{})
	if expected(err) {
		return c.signInForm("account/acting", "/acting", err, v)
	}
	return err
}

type actingFor struct {
	Phone string `json:"phone"`
}

// actingProved shows who acts for the holders of a phone that was proved just now.
func (c *call) actingProved(phone string) error {
	raw, _ := json.Marshal(actingFor{phone})
	proof, err := c.s.Desk.Vault.Seal("desk", "acting "+c.guest, raw)
	if err != nil {
		return err
	}
	rows, err := records.All[*records.Holder](c.s.Desk.App.DB(), dbx.HashExp{"phone_blind": c.s.Desk.BlindPhone(phone), "state": "active"})
	if err != nil {
		return err
	}
	view := ui.Acting{}
	for _, h := range rows {
		name, err := c.s.Desk.HolderName(h)
		if err != nil {
			return err
		}
		view.Holder = name
		view.By = append(view.By, ui.Helper{Name: flow.MaskName(name), Since: c.when(h.AgreedAt), End: "/acting/" + h.ID + "/end?proof=" + url.QueryEscape(proof)})
	}
	return c.show("account/acting_list", view)
}

// actingEnd ends the consent, by the holder's own phone: the phone is who acts.
func actingEnd(c *call) error {
	raw, err := c.s.Desk.Open("desk", "acting "+c.guest, c.e.Request.URL.Query().Get("proof"))
	if err != nil || raw == "" {
		return records.ErrNotFound
	}
	var p actingFor
	if err := json.Unmarshal([]byte(raw), &p); err != nil {
		return err
	}
	at := c.at()
	if _, err := command.Run(c.ctx(), c.s.Desk, command.Caller{Role: flow.Guest, ID: c.s.Desk.BlindPhone(p.Phone)}, command.EndActing, at, struct{}{}); err != nil {
		return err
	}
	return c.actingProved(p.Phone)
}
