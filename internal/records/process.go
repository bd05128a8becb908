package records

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/sqlite"
)

// The process as the figures see it: the cases of a time, by the indexes of their states. A month that is over is read
// once and kept.

// Passages reads every case that was received or ended between two moments; day says on which civil day a moment was.
func Passages(db dbx.Builder, from, until string, day func(stamp string) flow.Day) ([]flow.Passage, error) {
	var list []flow.Passage
	at := map[string]int{}
	const columns = "SELECT id, type, CASE WHEN decided_by<>'' THEN decided_by ELSE assignee END, state, outcome, submitted_at, assigned_at, decided_at, closed_at, due_on FROM applications WHERE "
	for _, q := range []struct {
		where string
		args  []any
	}{
		{OpenCases + " AND due_on>='' AND submitted_at<?", []any{until}},
		{"state='decided' AND submitted_at<?", []any{until}},
		{ClosedCases + " AND closed_at>=? AND submitted_at>'' AND submitted_at<?", []any{from, until}}, // what was taken over was never handed in
	} {
		rows, err := sqlite.Direct(db).Query(columns+q.where, q.args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var p flow.Passage
			var submitted, assigned, decided, closed, due string
			if err := rows.Scan(&p.ID, &p.Type, &p.Reviewer, &p.State, &p.Outcome, &submitted, &assigned, &decided, &closed, &due); err != nil {
				rows.Close()
				return nil, err
			}
			p.Received, p.Assigned, p.Decided, p.Ended, p.Due = day(submitted), day(assigned), day(decided), day(closed), flow.Day(due)
			at[p.ID] = len(list)
			list = append(list, p)
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
		rows.Close()
	}
	return list, because(db, list, at, from, until)
}

// because reads for which reasons cases did not pass.
func because(db dbx.Builder, list []flow.Passage, at map[string]int, from, until string) error {
	rows, err := sqlite.Direct(db).Query("SELECT d.application, d.reasons FROM applications a JOIN decisions d ON d.application=a.id AND d.state='sent'"+
		" WHERE a.state='rejected' AND a.closed_at>=? AND a.decided_at<?", from, until)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, reasons string
		if err := rows.Scan(&id, &reasons); err != nil {
			return err
		}
		if i, ok := at[id]; ok {
			list[i].Reasons = List(reasons)
		}
	}
	return rows.Err()
}
