package sqlite

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
)

// Direct is what dbx's queries on db run on: a transaction, or the whole database; of PocketBase's pair of databases the
// one for reading. SQL is taken as it is, with "?" for each value.
func Direct(db dbx.Builder) dbx.Executor {
	switch d := db.(type) {
	case *dbx.DB:
		return d.DB()
	case *dbx.Tx:
		return d.Builder.(interface{ Executor() dbx.Executor }).Executor()
	}
	return base(db).DB()
}

// base is the database behind a builder, for its way of quoting.
func base(db dbx.Builder) *dbx.DB {
	if d, ok := db.(*dbx.DB); ok {
		return d
	}
	return db.QueryBuilder().(interface{ DB() *dbx.DB }).DB()
}

// Where writes an expression of dbx out: the text with "?", and its values in order. Nothing for nil.
func Where(db dbx.Builder, e dbx.Expression) (string, []any, error) {
	if e == nil {
		return "", nil, nil
	}
	params := dbx.Params{}
	return Positional(e.Build(base(db), params), params)
}

// Marks is a list of rows of "?", for VALUES: "(?,?),(?,?)".
func Marks(rows, columns int) string {
	row := "(?" + strings.Repeat(",?", columns-1) + ")"
	return row + strings.Repeat(","+row, rows-1)
}

// Positional puts "?" in place of each {:name} and lists the values in that order. A name without a value is an error.
func Positional(named string, params dbx.Params) (string, []any, error) {
	var text strings.Builder
	values := make([]any, 0, len(params))
	for {
		before, after, found := strings.Cut(named, "{:")
		text.WriteString(before)
		if !found {
			return text.String(), values, nil
		}
		name, rest, _ := strings.Cut(after, "}")
		value, ok := params[name]
		if !ok {
			return "", nil, fmt.Errorf("sqlite: no value for %q", name)
		}
		text.WriteByte('?')
		values, named = append(values, value), rest
	}
}
