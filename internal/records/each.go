package records

import (
	"fmt"
	"reflect"

	"github.com/pocketbase/dbx"
)

// Each reads a whole table row by row, in order of ID, and hands each to f. An error of f ends it.
func Each(db dbx.Builder, table string, f func(Row) error) error {
	blank := Blank(table)
	if blank == nil {
		return fmt.Errorf("read %s: no such table", table)
	}
	p := planOf(reflect.TypeOf(blank).Elem())
	return each(db, p, p.read+" ORDER BY id", nil, f)
}
