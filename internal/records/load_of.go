package records

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/sqlite"
)

// Loads counts the open cases of every colleague: each by the index of their own, not by a walk over all cases. The state is
// written out: SQLite plans a statement anew for each value that could decide whether a partial index is of use.
func Loads(db dbx.Builder) (map[string]int, error) {
	rows, err := sqlite.Direct(db).Query("SELECT id, (SELECT COUNT(*) FROM applications WHERE assignee=staff.id AND " + InHands + ") FROM staff")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	loads := map[string]int{}
	for rows.Next() {
		var id string
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		loads[id] = n
	}
	return loads, rows.Err()
}
