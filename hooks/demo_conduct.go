package hooks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Honesty on both sides in the demo's history: gifts and a complaint, a holder with a sanction, an approval that is questioned.

// sanctionDays is how long the demo's sanction lasts, and how much longer its holder waits.
const sanctionDays, sanctionWait = 300, 90

func (sd *seeder) planConduct() {
	rows, err := demoTable("conduct.csv")
	if err != nil {
		sd.happens(sd.at(1, 0), "conduct", func(context.Context) error { return err })
	}
	for n, r := range rows {
		ago, err := r.number("ago")
		sd.happens(sd.at(ago, 11*60+n), r["what"]+" "+r["who"], func(ctx context.Context) error { return errors.Join(err, sd.conduct(ctx, r)) })
	}
}

func (sd *seeder) conduct(ctx context.Context, r demoRow) (err error) {
	at := command.At{ID: records.DeskID}
	switch r["what"] {
	case "gift":
		_, err = command.Run(ctx, sd.s.Desk, command.Of(sd.staff[r["who"]]), command.RegisterGift, at, flow.Gift{Kind: r["kind"], How: r["how"], What: r["text"], Giver: r["about"],
			Day: string(flow.DayOf(sd.s.Clock.Now(), sd.zone))})
	case "complaint":
		a := sd.accounts[r["who"]]
		_, err = command.Run(ctx, sd.s.Desk, command.Account(a.id), command.Complain, at, command.Complaining{Lang: "zh-Hans", Contact: a.row["contact"],
			Complaint: flow.Complaint{Kind: r["kind"], Toward: "reviewer", Name: r["about"], Text: r["text"]}})
	case "lost":
		err = sd.lost(ctx, r)
	default:
		err = fmt.Errorf("conduct.csv: nobody does %q", r["what"])
	}
	return err
}

// sanctioned has the lead record what was found in the case on its holder.
func (c *demoCase) sanctioned(ctx context.Context) error {
	until := c.sd.s.Clock.Now().Add(sanctionDays * 24 * time.Hour)
	_, err := command.Run(ctx, c.sd.s.Desk, command.Of(c.sd.staff["liufang"]), command.Sanction, command.At{ID: c.account.holders[c.row["holder"]]}, command.Sanctioning{Kind: flow.SanctionWait,
		Days: sanctionWait, Until: string(flow.DayOf(until, c.sd.zone)), Reason: c.sd.texts["sanction:"+c.row["key"]], Evidence: c.sd.texts["evidence:"+c.row["key"]], Case: c.id})
	return err
}

// reversing questions the approval of the case.
func (c *demoCase) reversing(ctx context.Context) error {
	_, err := command.Run(ctx, c.sd.s.Desk, command.Of(c.sd.staff["liufang"]), command.Reverse, command.At{ID: c.id}, flow.Reversal{Text: c.sd.texts["reverse:"+c.row["key"]]})
	return err
}

// agreeing is what the second person does who got the questioned case.
func (c *demoCase) agreeing(ctx context.Context) error {
	app, err := c.load()
	if err != nil {
		return err
	}
	by, at := command.Of(app.Assignee), command.At{ID: c.id}
	if _, err := command.Run(ctx, c.sd.s.Desk, by, command.ViewCase, at, command.Seen{}); err != nil {
		return err
	}
	_, err = command.Run(ctx, c.sd.s.Desk, by, command.AgreeReversal, at, command.Opinion{Comment: c.sd.texts["agree:"+c.row["key"]]})
	return err
}
