package records

// Reading rows: the SQL is written out here and run as it is, so that the same text is prepared once.

import (
	"database/sql"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/sqlite"
)

// read reads the rows for which where holds, at most limit of them (0: all), without the people around them.
func read[R Row](db dbx.Builder, where dbx.Expression, limit int64, order []string) ([]R, error) {
	p := planOf(reflect.TypeFor[R]().Elem())
	text, values, err := sqlite.Where(db, where)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", p.table, err)
	}
	if text != "" {
		text = " WHERE " + text
	}
	if text = p.read + text; len(order) > 0 {
		text += " ORDER BY " + strings.Join(order, ", ")
	}
	if limit > 0 {
		text += " LIMIT " + strconv.FormatInt(limit, 10)
	}
	var list []R
	err = each(db, p, text, values, func(row Row) error {
		Keep(row)
		list = append(list, row.(R))
		return nil
	})
	return list, err
}

// each reads the rows that text selects, with the columns of the plan, and hands them to f one by one.
func each(db dbx.Builder, p *plan, text string, values []any, f func(Row) error) error {
	return eachWith(db, p, text, values, nil, f)
}

// eachWith reads rows as each does; what text selects after the columns of the plan goes into more before f is called.
func eachWith(db dbx.Builder, p *plan, text string, values, more []any, f func(Row) error) error {
	rows, err := sqlite.Direct(db).Query(text, values...)
	if err != nil {
		return fmt.Errorf("read %s: %w", p.table, err)
	}
	defer rows.Close()
	into := append(make([]any, len(p.columns)), more...)
	for rows.Next() {
		v := reflect.New(p.kind)
		for i, c := range p.columns {
			into[i] = v.Elem().FieldByIndex(c.index).Addr().Interface()
		}
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read %s: %w", p.table, err)
		}
		if err := f(v.Interface().(Row)); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read %s: %w", p.table, err)
	}
	return nil
}

// one reads a single row of plain values; sql.ErrNoRows if there is none.
func one(db dbx.Builder, text string, values []any, into ...any) error {
	rows, err := sqlite.Direct(db).Query(text, values...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	return rows.Scan(into...)
}
