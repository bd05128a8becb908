package records

import (
	"fmt"
	"reflect"

	"github.com/pocketbase/dbx"
)

// Each reads a table row by row, in order of ID, and hands each to f: the rows for which where holds, all of them if it is
// empty. An error of f ends it.
func Each(db dbx.Builder, table, where string, f func(Row) error) error {
	blank := Blank(table)
	if blank == nil {
		return fmt.Errorf("read %s: no such table", table)
	}
	p := planOf(reflect.TypeOf(blank).Elem())
	if where != "" {
		where = " WHERE " + where
	}
	return each(db, p, p.read+where+" ORDER BY id", nil, f)
}
