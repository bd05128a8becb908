// Package records holds the rows of the desk, one noun a file: what is kept, and how it is found again. It reads; the
// writing is done in one place, the frame of package command.
package records

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
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
	row := reflect.New(reflect.TypeFor[R]().Elem()).Interface().(R)
	err := db.Select().From(row.Table()).Where(where).OrderBy(order...).Limit(1).One(row)
	if errors.Is(err, sql.ErrNoRows) {
		return zero, ErrNotFound
	}
	if err != nil {
		return zero, fmt.Errorf("read %s: %w", row.Table(), err)
	}
	if a, ok := any(row).(around); ok {
		if err := a.Around(db); err != nil {
			return zero, err
		}
	}
	return row, nil
}

// Newest reads the row made last for which where holds, as Load does.
func Newest[R Row](db dbx.Builder, where dbx.Expression) (R, error) {
	return first[R](db, where, "made DESC", "id DESC")
}

// All reads the rows for which where holds, in the order named (made, then ID, if none), without the people around them.
func All[R Row](db dbx.Builder, where dbx.Expression, order ...string) ([]R, error) {
	var zero R
	table := reflect.New(reflect.TypeOf(zero).Elem()).Interface().(R).Table()
	if len(order) == 0 {
		order = []string{"made", "id"}
	}
	var rows []R
	q := db.Select().From(table).OrderBy(order...)
	if where != nil {
		q = q.Where(where)
	}
	slice := reflect.New(reflect.SliceOf(reflect.TypeOf(zero).Elem()))
	if err := q.All(slice.Interface()); err != nil {
		return nil, fmt.Errorf("read %s: %w", table, err)
	}
	for i := range slice.Elem().Len() {
		rows = append(rows, slice.Elem().Index(i).Addr().Interface().(R))
	}
	return rows, nil
}

// Count counts the rows of a table for which where holds.
func Count(db dbx.Builder, table string, where dbx.Expression) (n int, err error) {
	err = db.Select("COUNT(*)").From(table).Where(where).Row(&n)
	return n, err
}

// Columns returns every column of a row with its value, in the order of the struct.
func Columns(row Row) []Column {
	var all []Column
	columns(reflect.ValueOf(row).Elem(), &all)
	return all
}

// Column is one column of a row. Value is a string, an int64 or a bool.
type Column struct {
	Name  string
	Value any
}

func columns(v reflect.Value, all *[]Column) {
	for i := range v.NumField() {
		f, tag := v.Type().Field(i), v.Type().Field(i).Tag.Get("db")
		switch {
		case f.Anonymous && tag == "":
			columns(v.Field(i), all)
		case tag == "" || tag == "-":
		case f.Type.Kind() == reflect.String:
			*all = append(*all, Column{tag, v.Field(i).String()})
		case f.Type.Kind() == reflect.Bool:
			*all = append(*all, Column{tag, v.Field(i).Bool()})
		default:
			*all = append(*all, Column{tag, v.Field(i).Int()})
		}
	}
}

// Text returns the columns of a row as the ledger digests them: as SQLite gives them back as text.
func Text(row Row) [][2]string {
	var all [][2]string
	for _, c := range Columns(row) {
		s := ""
		switch v := c.Value.(type) {
		case string:
			s = v
		case bool:
			s = map[bool]string{true: "1", false: "0"}[v]
		case int64:
			s = strconv.FormatInt(v, 10)
		}
		all = append(all, [2]string{c.Name, s})
	}
	return all
}
