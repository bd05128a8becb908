package hooks

import (
	"context"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/records"
)

// Cases that change hands by themselves: those that stayed late, and those that fall due while their colleague is away.

const (
	lateOnes = dated + " AND " + records.InHands + " AND hand_on<>'' AND hand_on<={:today}"
	awayOnes = "id IN (SELECT a.id FROM staff s CROSS JOIN applications a ON a.assignee=s.id AND a." + records.InHands + // crossed: colleagues first, never all cases
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
