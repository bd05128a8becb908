package hooks

// The accounts of the demo, and whom they act for.

import (
	"context"
	"strings"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// demoAccount is an account of the portal, made when its first case begins.
type demoAccount struct {
	row     demoRow
	id      string
	holders map[string]string // key to row
}

// open makes the account with a proved contact, and its consents.
func (a *demoAccount) open(ctx context.Context, sd *seeder) error {
	if a.id != "" {
		return nil
	}
	to, err := contactOf(a.row["channel"], a.row["contact"])
	if err != nil {
		return err
	}
	in := command.NewAccount{Channel: a.row["channel"], Contact: to, Lang: a.row["lang"], Proved: true}
	if a.row["sign_in"] == "password" {
		in.Hash = sd.hash
	}
	r, err := command.Run(ctx, sd.s.Desk, command.Caller{Role: flow.Guest, ID: records.NewID()}, command.Register, command.At{ID: records.DeskID}, in)
	if err != nil {
		return err
	}
	a.id = r.Answer["id"]
	for _, kind := range []string{"privacy", "identity"} {
		if _, err := command.Run(ctx, sd.s.Desk, command.Account(a.id), command.Agree, command.At{ID: a.id},
			command.Agreement{Kind: kind, Version: command.AgreementVersion}); err != nil {
			return err
		}
	}
	sd.tick(2)
	return nil
}

// holder finds or makes the holder of the case: oneself, somebody else by their consent, an institution.
func (c *demoCase) holder(ctx context.Context) (string, error) {
	key := c.row["holder"]
	if id := c.account.holders[key]; id != "" {
		return id, nil
	}
	how := ""
	for _, o := range c.account.row.list("others") {
		if name, by, _ := strings.Cut(o, ":"); name == key {
			how = by
		}
	}
	in := command.NewHolder{Kind: sdk.HolderPerson, Own: how == "", Name: c.person.demoRow["name"]}
	if how == "institution" {
		in.Kind, in.Name = sdk.HolderInstitution, c.body.demoRow["name"]
	}
	r, err := command.Run(ctx, c.sd.s.Desk, c.by(), command.AddHolder, command.At{ID: c.account.id}, in)
	if err != nil {
		return "", err
	}
	id := r.Answer["id"]
	c.account.holders[key] = id
	c.sd.tick(3)
	return id, c.agree(ctx, id, how)
}

// agree is the consent of a holder who is somebody else.
func (c *demoCase) agree(ctx context.Context, holder, how string) error {
	given := command.Given{How: how, Phone: c.person.phone()}
	switch how {
	case "code":
	case "sheet":
		h, err := records.Load[*records.Holder](c.sd.s.Desk.App.DB(), holder)
		if err != nil {
			return err
		}
		name := c.person.demoRow["name"]
		given.Phone = ""
		given.Sheet, err = c.sd.look.store(ctx, "consent "+c.person.id.Number, h.Key(), drawn{"consent", "同意书.jpg", func() []byte {
			return specimen.Letter("同意书", []string{"我，" + name + "，同意由家人替我办理认证，并查看结果。", "签名：" + name, "本页为演示用的样本。"})
		}})
		if err != nil {
			return err
		}
	default:
		return nil
	}
	_, err := command.Run(ctx, c.sd.s.Desk, c.by(), command.AgreeActing, command.At{ID: holder}, given)
	return err
}
