package hooks

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/ui"
)

// The applicant's own pages: what waits for them, and how the account wants to be told.

func mePage(c *call) error {
	v, err := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.SeeOwn, c.by.ID)
	if err != nil {
		return err
	}
	db := c.s.Desk.App.DB()
	holders, err := records.HoldersOf(db, v.Row.ID)
	if err != nil {
		return err
	}
	types, err := c.typeTexts()
	if err != nil {
		return err
	}
	view := ui.Me{Holders: len(holders)}
	for _, h := range holders {
		name, err := c.s.Desk.HolderName(h)
		if err != nil {
			return err
		}
		if h.State == flow.Pending {
			view.Todo = append(view.Todo, ui.Todo{What: "consent", Name: name, Href: "/holders/" + h.ID + "/consent"})
			continue
		}
		if on, err := c.sanctioned(h.ID, v.Today); err != nil {
			return err
		} else if on {
			view.Todo = append(view.Todo, ui.Todo{What: "sanction", Name: name, Href: "/holders/" + h.ID + "/sanctions"})
		}
		apps, err := records.Some[*records.Application](db, dbx.And(dbx.HashExp{"holder": h.ID}, dbx.Not(dbx.HashExp{"state": "discarded"}), dbx.NewExp("kind<>'imported' AND (kind<>'recheck' OR state='awaiting_applicant')")), 100, "made DESC")
		if err != nil {
			return err
		}
		for _, a := range apps {
			line := ui.CaseLine{Case: ui.Case{ID: a.ID, Ref: a.Ref, Type: types[a.Type].In(c.lang), Kind: a.Kind}, State: string(flow.Outside(a.State)), Since: c.when(a.SubmittedAt), Href: "/applications/" + a.ID}
			if !h.Own {
				line.Holder = name
			}
			if a.State == flow.Draft {
				line.Since = c.when(a.Made)
				view.Todo = append(view.Todo, ui.Todo{What: "draft", Name: types[a.Type].In(c.lang), Href: line.Href, Drop: line.Href + "/discard"})
			}
			if a.State == flow.AwaitingApplicant {
				view.Todo = append(view.Todo, ui.Todo{What: "awaiting_applicant", Name: types[a.Type].In(c.lang), By: a.AnswerDue, Href: line.Href})
			}
			if a.State == flow.Hearing {
				view.Todo = append(view.Todo, ui.Todo{What: "hearing", Name: types[a.Type].In(c.lang), By: a.AnswerDue, Href: line.Href + "/hearing"})
			}
			if line.News = a.Unseen != ""; line.News {
				view.Todo = append(view.Todo, ui.Todo{What: "message", Name: types[a.Type].In(c.lang), Href: line.Href + "/messages"})
			}
			view.Applications = append(view.Applications, line)
		}
		certs, err := command.CertificatesOf(db, h.ID)
		if err != nil {
			return err
		}
		for _, k := range certs {
			line := ui.CertificateLine{Number: k.Number, Type: types[k.Type].In(c.lang), State: string(k.State), Until: k.ExpiresOn, Href: "/certificates/" + k.ID}
			if !h.Own {
				line.Holder = name
			}
			view.Certificates = append(view.Certificates, line)
			if t, err := c.s.Desk.Type(k.Digest); err == nil && (k.State == flow.Valid || k.State == flow.Expired) &&
				!v.Today.Before(flow.RenewalOpens(flow.Day(k.ExpiresOn), t.Recheck.RenewDays)) {
				view.Todo = append(view.Todo, ui.Todo{What: "renew", Name: types[k.Type].In(c.lang), By: k.ExpiresOn, Href: line.Href})
			}
		}
	}
	coming, err := c.comingFor(v.Row.ID)
	if err != nil {
		return err
	}
	if coming != nil {
		view.Todo = append([]ui.Todo{{What: "recovery", By: coming.DueOn, Href: "/account/recovery"}}, view.Todo...)
	}
	agreed, err := records.Consented(db, v.Row.ID, "privacy", command.AgreementVersion)
	if err != nil {
		return err
	}
	if !agreed {
		view.Todo = append(view.Todo, ui.Todo{What: "agree", Href: "/consent?next=/me"})
	}
	return c.show("account/me", view)
}

// when is a moment in the desk's zone, as pages show it.
func (c *call) when(stamp string) string {
	if stamp == "" {
		return ""
	}
	d, err := c.settings()
	if err != nil {
		return stamp
	}
	return records.Moment(stamp).In(c.s.Desk.Zone(d)).Format("2006-01-02 15:04")
}

func accountPage(c *call) error { return c.accountForm(nil, nil) }

func (c *call) accountForm(err error, values map[string]string) error {
	v, look := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID)
	if look != nil {
		return look
	}
	a, db := v.Row, c.s.Desk.App.DB()
	mail, phone, look := c.contactsOf(a)
	if look != nil {
		return look
	}
	view := ui.Account{Form: c.form("/account", err, values), Email: mail, EmailOK: a.Verified, Phone: phone, PhoneOK: a.PhoneOK,
		Channel: a.Channel, Language: a.Lang, Password: a.Password != "", SMS: c.smsOffered(), SignOut: "/sign-out"}
	open, look := records.All[*records.Session](db, dbx.HashExp{"person": a.ID, "state": string(flow.Active)}, "seen DESC")
	if look != nil {
		return look
	}
	for _, s := range open {
		if s.Until > records.Stamp(v.Now) {
			view.Devices = append(view.Devices, ui.Device{Here: s.ID == c.sessionID(), How: s.How, Seen: c.when(s.Seen)})
		}
	}
	holders, look := records.HoldersOf(db, a.ID)
	if look != nil {
		return look
	}
	for _, h := range holders {
		name, look := c.s.Desk.HolderName(h)
		if look != nil {
			return look
		}
		view.Holders = append(view.Holders, ui.HolderLine{ID: h.ID, Name: name, Own: h.Own, Institution: h.Kind == "institution", State: string(h.State), How: h.How,
			Since: c.when(h.AgreedAt), Owner: h.Kind == "institution" && h.Owner == a.ID})
	}
	given, look := records.All[*records.Consent](db, dbx.HashExp{"applicant": a.ID, "holder": ""}, "made DESC")
	if look != nil {
		return look
	}
	for _, g := range given {
		line := ui.ConsentLine{Kind: g.Kind, Version: g.Version, At: c.when(g.Made), Withdrawn: c.when(g.WithdrawnAt)}
		if g.State == flow.Active && g.Kind == "identity" {
			line.Withdraw = "/account/withdraw-consent"
		}
		view.Consents = append(view.Consents, line)
	}
	return c.show("account/account", view, back("/me"))
}

func accountPost(c *call) error {
	v := c.values()
	_, err := run(c, command.ChooseChannel, c.by.ID, command.Preference{Channel: v["channel"], Lang: v["lang"]})
	if expected(err) {
		return c.accountForm(err, v)
	}
	if err != nil {
		return err
	}
	return c.seeOther("/account", "saved")
}

func accountDisagree(c *call) error {
	if _, err := run(c, command.Disagree, c.by.ID, command.Agreement{Kind: "identity"}); err != nil {
		return err
	}
	return c.seeOther("/account", "saved")
}

// contactChannel is the kind of contact that the page is about.
func (c *call) contactChannel() string {
	return map[string]string{"/account/email": "mail", "/account/phone": "sms"}[c.e.Request.URL.Path]
}

func contactPage(c *call) error { return c.contactForm(nil, nil) }

func (c *call) contactForm(err error, values map[string]string) error {
	channel := c.contactChannel()
	v, look := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID)
	if look != nil {
		return look
	}
	old, phone, look := c.contactsOf(v.Row)
	if look != nil {
		return look
	}
	if channel == "sms" {
		old = phone
	}
	f := c.form(c.e.Request.URL.Path, err, values)
	for i := range f.Errors {
		f.Errors[i].Field = "contact"
	}
	return c.show("account/contact", ui.Contact{Form: f, Channel: channel, Old: old}, back("/account"))
}

// contactPost sends a code to a new contact; it counts once the code was entered.
func contactPost(c *call) error {
	if _, err := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.ConfirmContact, c.by.ID); err != nil {
		return err // before a code is sent
	}
	v, channel := c.values(), c.contactChannel()
	to, err := contactOf(channel, v["contact"])
	if err == nil {
		if a, found := command.FindAccount(c.s.Desk, c.s.Desk.App.DB(), channel, to); found == nil && a.ID != c.by.ID {
			err = flow.Refuse("already_applicants")
		}
	}
	if err == nil {
		err = c.sendCode("contact", channel, v["contact"], going{})
	}
	if expected(err) {
		return c.contactForm(err, v)
	}
	return err
}

func passwordPage(c *call) error { return c.passwordForm(nil) }

func (c *call) passwordForm(err error) error {
	v, look := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID)
	if look != nil {
		return look
	}
	return c.show("account/change_password", ui.NewPassword{Form: c.form("/account/password", err, nil), Old: v.Row.Password != ""}, back("/account"))
}

func passwordChange(c *call) error {
	in := c.values()
	v, err := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID)
	if err != nil {
		return err
	}
	if err := c.limit("sign_in_account", v.Row.ID); err != nil {
		return c.passwordForm(err)
	}
	if v.Row.Password != "" && !rightPassword(v.Row.Password, in["old"]) {
		return c.passwordForm(flow.Refuse("old_password_wrong"))
	}
	h, err := hash(in["password"])
	if err != nil {
		return c.passwordForm(err)
	}
	if _, err := run(c, command.Reset, v.Row.ID, command.NewPassword{Hash: h, Keep: c.sessionID()}); err != nil {
		return err
	}
	return c.seeOther("/account", "saved")
}

func closePage(c *call) error { return c.closeForm(nil) }

func (c *call) closeForm(err error) error {
	if _, look := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID); look != nil {
		return look
	}
	return c.show("account/close", ui.Confirm{Form: c.form("/account/close", err, nil), Name: c.contact(), Cancel: "/account"}, back("/account"))
}

func closePost(c *call) error {
	_, err := run(c, command.CloseAccount, c.by.ID, struct{}{})
	if expected(err) {
		return c.closeForm(err)
	}
	if err != nil {
		return err
	}
	return c.seeOther("/signed-out")
}
