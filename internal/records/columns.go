package records

// The columns of a row: a plan for each kind of struct, made once.

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Column is one column of a row. Value is a string, an int64 or a bool.
type Column struct {
	Name  string
	Value any
}

// plan says how a struct is read and written.
type plan struct {
	kind    reflect.Type // the struct
	table   string
	columns []place
	sorted  []int  // columns in order of their names
	read    string // SELECT every column FROM table
}

type place struct {
	name  string
	index []int
}

var plans sync.Map // reflect.Type → *plan

func planOf(kind reflect.Type) *plan {
	if p, ok := plans.Load(kind); ok {
		return p.(*plan)
	}
	p := &plan{kind: kind, table: reflect.New(kind).Interface().(Row).Table()}
	p.add(kind, nil)
	names := make([]string, len(p.columns))
	for i, c := range p.columns {
		names[i], p.sorted = "`"+c.name+"`", append(p.sorted, i)
	}
	slices.SortFunc(p.sorted, func(a, b int) int { return strings.Compare(p.columns[a].name, p.columns[b].name) })
	p.read = "SELECT " + strings.Join(names, ",") + " FROM `" + p.table + "`"
	plans.Store(kind, p)
	return p
}

func (p *plan) add(kind reflect.Type, above []int) {
	for i := range kind.NumField() {
		f := kind.Field(i)
		tag, index := f.Tag.Get("db"), append(slices.Clone(above), i)
		switch {
		case f.Anonymous && tag == "":
			p.add(f.Type, index)
		case tag != "" && tag != "-":
			p.columns = append(p.columns, place{tag, index})
		}
	}
}

func planFrom[R Row]() *plan { return planOf(reflect.TypeFor[R]().Elem()) }

func planFor(row Row) (*plan, reflect.Value) {
	v := reflect.ValueOf(row).Elem()
	return planOf(v.Type()), v
}

func value(v reflect.Value) any {
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	}
	return v.Int()
}

// Columns returns every column of a row with its value, in the order of the struct.
func Columns(row Row) []Column {
	p, v := planFor(row)
	all := make([]Column, len(p.columns))
	for i, c := range p.columns {
		all[i] = Column{c.name, value(v.FieldByIndex(c.index))}
	}
	return all
}

// Changed returns the columns that differ from the row as it was read or last kept; every one if it was neither.
func Changed(row Row) []Column {
	was := row.Header().was
	if was == nil {
		return Columns(row)
	}
	p, v := planFor(row)
	before := reflect.ValueOf(was)
	var some []Column
	for _, c := range p.columns {
		if now := v.FieldByIndex(c.index); !now.Equal(before.FieldByIndex(c.index)) {
			some = append(some, Column{c.name, value(now)})
		}
	}
	return some
}

// Keep notes that the row is in its table as it is here.
func Keep(row Row) {
	head := row.Header()
	head.was = nil
	head.was = reflect.ValueOf(row).Elem().Interface()
}

// Text returns the columns of a row as the ledger digests them: as SQLite gives them back as text, in order of their
// names. Empty texts, zeros and noes are left out, so that a column that a later version adds leaves old digests true.
func Text(row Row) [][2]string {
	p, v := planFor(row)
	all := make([][2]string, 0, len(p.sorted))
	for _, n := range p.sorted {
		c := p.columns[n]
		f, s := v.FieldByIndex(c.index), ""
		if f.IsZero() {
			continue
		}
		switch f.Kind() {
		case reflect.String:
			s = f.String()
		case reflect.Bool:
			s = "1"
		default:
			s = strconv.FormatInt(f.Int(), 10)
		}
		all = append(all, [2]string{c.name, s})
	}
	return all
}
