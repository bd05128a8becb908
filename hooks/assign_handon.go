package hooks

import (
	"context"

	"github.com/certdesk/certdesk/internal/command"
)

// Cases that change hands by themselves: those that stayed late, and those that fall due while their colleague is away.

const (
	lateOnes = "state='in_review' AND hand_on<>'' AND hand_on<={:today}"
	awayOnes = "id IN (SELECT a.id FROM staff s JOIN applications a ON a.assignee=s.id AND a.state='in_review'" +
		" WHERE s.absent_from<>'' AND s.absent_from<={:today} AND s.absent_until>={:today} AND a.due_on<=s.absent_until)"
)

func (s *Server) handOn(ctx context.Context) error {
	for _, where := range []string{lateOnes, awayOnes} {
		err := s.sweep(ctx, "applications", where, nil, func(id string) error {
			_, err := command.Run(ctx, s.Desk, command.Itself, command.HandOn, command.At{ID: id}, command.Handed{})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// meanwhile counts for each colleague the cases in hand that fall due before an absence of theirs ends.
func (c *call) meanwhile() (map[string][]string, error) {
	var rows []struct {
		ID       string `db:"id"`
		Assignee string `db:"assignee"`
	}
	today, err := c.s.Desk.Today(c.ctx())
	if err != nil {
		return nil, err
	}
	err = c.s.Desk.App.DB().NewQuery("SELECT a.id, a.assignee FROM staff s JOIN applications a ON a.assignee=s.id AND a.state='in_review'" +
		" WHERE s.absent_from<>'' AND s.absent_until>={:today} AND a.due_on<=s.absent_until ORDER BY a.due_on, a.id").
		Bind(map[string]any{"today": string(today)}).All(&rows)
	list := map[string][]string{}
	for _, r := range rows {
		list[r.Assignee] = append(list[r.Assignee], r.ID)
	}
	return list, err
}

