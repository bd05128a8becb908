package hooks

import (
	"context"
	"strings"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
)

// Corrections of the demo's history: one that waits for its answer, one that came back.

// asks asks for the address and, in words, for what is said of the case.
func (c *demoCase) asks(ctx context.Context) error {
	app, err := c.load()
	if err != nil {
		return err
	}
	items := []flow.Asked{{Of: "address", Why: "address_differs", Note: c.sd.texts["ask:"+c.row["key"]]}, {Of: "household", Why: "household_other"}}
	if strings.Contains(c.row["then"], "answer@") { // it comes back with one answer
		items = items[:1]
	}
	_, err = command.Run(ctx, c.sd.s.Desk, command.Of(app.Assignee), command.RequestCorrection, command.At{ID: c.id}, flow.Correction{Items: items})
	return err
}

// answersIt gives the address with its house number, and sends it.
func (c *demoCase) answersIt(ctx context.Context) error {
	if _, err := command.Run(ctx, c.sd.s.Desk, c.by(), command.FillCorrection, command.At{ID: c.id}, command.Filled{Of: "address", Text: c.answers()["address"] + " 2 单元 301"}); err != nil {
		return err
	}
	_, err := command.Run(ctx, c.sd.s.Desk, c.by(), command.AnswerCorrection, command.At{ID: c.id}, struct{}{})
	return err
}
