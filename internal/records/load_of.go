package records

import "github.com/pocketbase/dbx"

// Loads counts the open cases of every colleague.
func Loads(db dbx.Builder) (map[string]int, error) {
	var rows []struct {
		Assignee string `db:"assignee"`
		N        int    `db:"n"`
	}
	err := db.Select("assignee", "COUNT(*) AS n").From("applications").
		Where(dbx.And(dbx.HashExp{"state": "in_review"}, dbx.NewExp("assignee<>''"))).GroupBy("assignee").All(&rows)
	loads := map[string]int{}
	for _, r := range rows {
		loads[r.Assignee] = r.N
	}
	return loads, err
}
