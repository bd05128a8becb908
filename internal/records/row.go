// Package records holds the rows of the desk, one noun a file: what is kept, and how it is found again. It reads; the
// writing is done in one place, the frame of package command.
package records

import (
	"crypto/rand"
	"errors"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/sqlite"
)

// Errors of this package.
var (
	// ErrNotFound says that there is no such row, or none for this person: the two are told apart for nobody.
	ErrNotFound = errors.New("not found")
)

// Head is what every row has: who it is, which revision, where it stands, when it was made.
type Head struct {
	ID    string     `db:"id"`
	Rev   int64      `db:"rev"`
	State flow.State `db:"state"`
	Made  string     `db:"made"`

	was any // the row as it was read or last written, to tell what changed; nil for one that was made
}

// Header returns the head of the row.
func (h *Head) Header() *Head { return h }

// Row is one row of a table.
type Row interface {
	Header() *Head
	Table() string
}

// Target is a row that acts are done to: it says who stands how to it.
type Target interface {
	Row
	Noun() flow.Noun
	// Subject says who the people around the row are. It is complete after Load.
	Subject() flow.Subject
}

// around is implemented by rows whose people are kept in other tables.
type around interface {
	Around(db dbx.Builder) error
}

// TimeLayout is how moments are kept: UTC, to the millisecond, sortable as text.
const TimeLayout = "2006-01-02 15:04:05.000Z"

// Stamp returns the text form of a moment.
func Stamp(t time.Time) string { return t.UTC().Format(TimeLayout) }

// Moment reads the text form back; the zero time if it is empty or not one.
func Moment(s string) time.Time {
	t, _ := time.Parse(TimeLayout, s)
	return t
}

const idAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789"

// NewID returns a row ID in PocketBase's form, from the system's random source (PocketBase's own comes from math/rand).
func NewID() string {
	raw := make([]byte, 15)
	rand.Read(raw)
	for i, b := range raw {
		raw[i] = idAlphabet[int(b)%len(idAlphabet)]
	}
	return string(raw)
}

// Load reads the row with this ID, and the people around it. ErrNotFound if there is none.
func Load[R Row](db dbx.Builder, id string) (R, error) {
	return Find[R](db, dbx.HashExp{"id": id})
}

// Find reads the first row for which where holds, as Load does.
func Find[R Row](db dbx.Builder, where dbx.Expression) (R, error) {
	return first[R](db, where, "made", "id")
}

func first[R Row](db dbx.Builder, where dbx.Expression, order ...string) (R, error) {
	var zero R
	found, err := read[R](db, where, 1, order)
	if err != nil {
		return zero, err
	}
	if len(found) == 0 {
		return zero, ErrNotFound
	}
	if a, ok := any(found[0]).(around); ok {
		if err := a.Around(db); err != nil {
			return zero, err
		}
	}
	return found[0], nil
}

// Newest reads the row made last for which where holds, as Load does.
func Newest[R Row](db dbx.Builder, where dbx.Expression) (R, error) {
	return first[R](db, where, "made DESC", "id DESC")
}

// All reads the rows for which where holds, in the order named (made, then ID, if none), without the people around them.
func All[R Row](db dbx.Builder, where dbx.Expression, order ...string) ([]R, error) {
	if len(order) == 0 {
		order = []string{"made", "id"}
	}
	return read[R](db, where, 0, order)
}

// Page reads the first rows for which where holds, so many at most.
func Page[R Row](db dbx.Builder, where dbx.Expression, most int64, order ...string) ([]R, error) {
	return read[R](db, where, most, order)
}

// Count counts the rows of a table for which where holds.
func Count(db dbx.Builder, table string, where dbx.Expression) (n int, err error) {
	return CountTo(db, table, where, -1)
}

// CountTo counts no further than to most.
func CountTo(db dbx.Builder, table string, where dbx.Expression, most int) (n int, err error) {
	text, values, err := sqlite.Where(db, where)
	if err != nil {
		return 0, err
	}
	if text != "" {
		text = " WHERE " + text
	}
	err = one(db, "SELECT COUNT(*) FROM (SELECT 1 FROM "+table+text+" LIMIT ?)", append(values, most), &n)
	return n, err
}
