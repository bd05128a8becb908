package hooks

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/specimen"
)

// What is said on the demo's cases: messages both ways, an attachment, a call that nobody answered, a case that waits.

func (sd *seeder) planCorrespondence() {
	rows, err := demoTable("correspondence.csv")
	if err != nil {
		sd.happens(sd.at(1, 0), "correspondence", func(context.Context) error { return err })
	}
	for _, r := range rows {
		ago, err := r.number("ago")
		hour, minute, _ := strings.Cut(r["time"], ":")
		sd.happens(sd.at(ago, number0(hour)*60+number0(minute)), r["key"]+" "+r["who"], func(ctx context.Context) error {
			return errors.Join(err, sd.write(ctx, sd.cases[r["key"]], r))
		})
	}
}

// write does what one row says.
func (sd *seeder) write(ctx context.Context, c *demoCase, r demoRow) error {
	app, err := c.load()
	if err != nil {
		return err
	}
	d, at, reviewer := sd.s.Desk, command.At{ID: c.id}, command.Of(app.Assignee)
	switch r["who"] {
	case "applicant":
		in := command.Written{Text: r["text"]}
		if title := r["picture"]; title != "" {
			stored, err := sd.look.store(ctx, "attachment "+r["key"]+title, app.Key(), drawn{"", title + ".jpg", func() []byte {
				return specimen.Letter(title, []string{"户主：" + c.person.demoRow["name"], "住址：" + c.person.demoRow["address"], "本页为演示用的样本。"})
			}})
			if err != nil {
				return err
			}
			in.Files = []command.Stored{stored}
		}
		_, err = command.Run(ctx, d, c.by(), command.Message, at, in)
	case "desk":
		_, err = command.Run(ctx, d, reviewer, command.Message, at, command.Written{Text: r["text"]})
	case "call":
		in := command.CaseCall{Number: c.person.phone(), Outcome: r["outcome"], Note: r["text"]}
		if next, err := r.number("next"); err == nil && next > 0 {
			in.NextOn = string(flow.DayOf(sd.s.Clock.Now(), sd.zone).AddDays(next))
		}
		_, err = command.Run(ctx, d, reviewer, command.LogCaseCall, at, in)
	case "hold":
		days, wrong := r.number("next")
		if err = wrong; err == nil {
			_, err = command.Run(ctx, d, reviewer, command.Hold, at, command.Pause{Reason: r["text"], Until: string(flow.DayOf(sd.s.Clock.Now(), sd.zone).AddDays(days))})
		}
	default:
		err = fmt.Errorf("%s: nobody says %q", r["key"], r["who"])
	}
	return err
}
