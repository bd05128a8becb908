package records

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/sqlite"
)

// Hand is what of a colleague's open cases is due on a day, and what was due before it.
type Hand struct{ Today, Late int }

// Hands counts them for every colleague, each by the index of their own.
func Hands(db dbx.Builder, today string) (map[string]Hand, error) {
	rows, err := sqlite.Direct(db).Query("SELECT id, (SELECT COUNT(*) FROM applications WHERE assignee=staff.id AND state=? AND due_on=?),"+
		" (SELECT COUNT(*) FROM applications WHERE assignee=staff.id AND state=? AND due_on<?) FROM staff", string(flow.InReview), today, string(flow.InReview), today)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	hands := map[string]Hand{}
	for rows.Next() {
		var id string
		var h Hand
		if err := rows.Scan(&id, &h.Today, &h.Late); err != nil {
			return nil, err
		}
		hands[id] = h
	}
	return hands, rows.Err()
}

// Meanwhile lists for each colleague the cases in hand that fall due before an absence of theirs ends.
func Meanwhile(db dbx.Builder, today string) (map[string][]string, error) {
	rows, err := sqlite.Direct(db).Query("SELECT a.id, s.id FROM staff s CROSS JOIN applications a ON a.assignee=s.id AND a.state=?"+
		" WHERE s.absent_from<>'' AND s.absent_until>=? AND a.due_on<=s.absent_until ORDER BY a.due_on, a.id", string(flow.InReview), today)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := map[string][]string{}
	for rows.Next() {
		var id, staff string
		if err := rows.Scan(&id, &staff); err != nil {
			return nil, err
		}
		list[staff] = append(list[staff], id)
	}
	return list, rows.Err()
}

// Sum is how many open cases there are, by how they stand.
type Sum struct {
	Open       int `json:"open"`
	Today      int `json:"today"`
	Late       int `json:"late"`
	Unassigned int `json:"unassigned"`
	Awaiting   int `json:"awaiting"` // the applicant's turn
}

// Sums counts the open cases by the index of their states.
func Sums(db dbx.Builder, today string) (s Sum, err error) {
	const mine = "state IN ('submitted','in_review')"
	err = one(db, "SELECT (SELECT COUNT(*) FROM applications WHERE "+mine+"), (SELECT COUNT(*) FROM applications WHERE "+mine+" AND due_on=?),"+
		" (SELECT COUNT(*) FROM applications WHERE "+mine+" AND due_on<?), (SELECT COUNT(*) FROM applications WHERE state='submitted' AND assignee=''),"+
		" (SELECT COUNT(*) FROM applications WHERE state='awaiting_applicant')", []any{today, today}, &s.Open, &s.Today, &s.Late, &s.Unassigned, &s.Awaiting)
	return s, err
}

// Judged is a case that was decided: by whom, from when to when, and by when it was due.
type Judged struct{ By, AssignedAt, DecidedAt, DueOn string }

// DecidedSince reads what was decided and released since a moment, at most so many, the last first.
func DecidedSince(db dbx.Builder, since string, most int) (list []Judged, err error) {
	rows, err := sqlite.Direct(db).Query("SELECT decided_by, assigned_at, decided_at, due_on FROM applications"+
		" WHERE state IN ('approved','rejected') AND closed_at>=? AND decided_by<>'' ORDER BY closed_at DESC LIMIT ?", since, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var j Judged
		if err := rows.Scan(&j.By, &j.AssignedAt, &j.DecidedAt, &j.DueOn); err != nil {
			return nil, err
		}
		list = append(list, j)
	}
	return list, rows.Err()
}

// DecidedBy reads the cases that a colleague decided and that were released since a moment, at most so many, the last first.
func DecidedBy(db dbx.Builder, staff, since string, most int64) ([]*Application, error) {
	return Page[*Application](db, dbx.And(dbx.In("state", "approved", "rejected"), dbx.NewExp("closed_at>={:since}", dbx.Params{"since": since}),
		dbx.Or(dbx.HashExp{"decided_by": staff}, dbx.HashExp{"seconded_by": staff})), most, "closed_at DESC")
}

// WhyOf reads what was kept about each colleague when a case was last assigned; "" where nothing was.
func WhyOf(db dbx.Builder, application string) (string, error) {
	t, err := Newest[*Task](db, dbx.HashExp{"application": application, "state": string(flow.Open)})
	if err == ErrNotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return t.Why, nil
}
