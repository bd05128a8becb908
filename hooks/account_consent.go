package hooks

import (
	"errors"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/ui"
)

// The privacy notice, and the separate consent for identity documents.

func privacyPage(c *call) error {
	return c.show("account/privacy", ui.Privacy{Version: command.AgreementVersion, Since: "2026-11-01"}, back("/"))
}

func consentPage(c *call) error { return c.consentForm(nil) }

func (c *call) consentForm(err error) error {
	v, look := command.Look[*records.Applicant](c.ctx(), c.s.Desk, c.by, flow.SeeAccount, c.by.ID)
	if look != nil {
		return look
	}
	db := c.s.Desk.App.DB()
	privacy, err1 := records.Consented(db, v.Row.ID, "privacy", command.AgreementVersion)
	identity, err2 := records.Consented(db, v.Row.ID, "identity", command.AgreementVersion)
	if e := errors.Join(err1, err2); e != nil {
		return e
	}
	next := c.next()
	return c.show("account/consent", ui.Consent{Form: c.form("/consent", err, nil), Version: command.AgreementVersion, Privacy: !privacy, Identity: !identity, Next: next})
}

func consentPost(c *call) error {
	v := c.values()
	for _, kind := range []string{"privacy", "identity"} {
		if v[kind] == "" {
			continue
		}
		if _, err := command.Run(c.ctx(), c.s.Desk, c.by, command.Agree, command.At{ID: c.by.ID}, command.Agreement{Kind: kind, Version: command.AgreementVersion}); err != nil {
			return err
		}
	}
	agreed, err := records.Consented(c.s.Desk.App.DB(), c.by.ID, "privacy", command.AgreementVersion)
	if err != nil {
		return err
	}
	if !agreed {
		return c.consentForm(flow.Refuse("privacy_needed"))
	}
	return c.seeOther(c.next())
}
