package records

import (
	"reflect"
	"strings"

	"github.com/pocketbase/dbx"
)

// sealMark is how every sealed text begins.
const sealMark = "v1."

// EmptySealed empties every column of a row that holds a sealed text, and reports whether there was one.
func EmptySealed(row Row) (any bool) {
	p, v := planFor(row)
	for _, c := range p.columns {
		if f := v.FieldByIndex(c.index); f.Kind() == reflect.String && strings.HasPrefix(f.String(), sealMark) {
			f.SetString("")
			any = true
		}
	}
	return any
}

// Naming reads the rows of every table that name a row in this column: all that is kept about it. The row itself is none.
func Naming(db dbx.Builder, column, id string) (list []Row, err error) {
	for _, t := range Tables {
		p := planOf(reflect.TypeOf(t.Row).Elem())
		for _, c := range p.columns {
			if c.name != column {
				continue
			}
			err := each(db, p, p.read+" WHERE `"+column+"`=? ORDER BY id", []any{id}, func(row Row) error {
				Keep(row)
				list = append(list, row)
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}
