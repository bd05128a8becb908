package ledger

import (
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/sqlite"
)

// Moments tells f, in the order of the record, of every entry about a noun with one of these acts between two moments:
// target, act and when. It reads the index, not the entries.
func Moments(db dbx.Builder, noun string, acts []string, from, until time.Time, f func(target, act string, at time.Time) error) error {
	args := []any{noun, from.UTC().Format(timeLayout), until.UTC().Format(timeLayout)}
	for _, a := range acts {
		args = append(args, a)
	}
	rows, err := sqlite.Direct(db).Query("SELECT target, act, at FROM ledger_entries WHERE noun=? AND at>=? AND at<? AND act IN (?"+strings.Repeat(",?", len(acts)-1)+") ORDER BY seq", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var target, act, at string
		if err := rows.Scan(&target, &act, &at); err != nil {
			return err
		}
		when, err := time.Parse(timeLayout, at)
		if err != nil {
			return err
		}
		if err := f(target, act, when); err != nil {
			return err
		}
	}
	return rows.Err()
}
