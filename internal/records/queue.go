package records

import "github.com/pocketbase/dbx"

// Queue reads at most limit cases for a list, in order, without the people around them.
func Queue(db dbx.Builder, where dbx.Expression, limit int64, order ...string) ([]*Application, error) {
	return Some[*Application](db, where, limit, order...)
}

// Some reads at most limit rows for a list, in order, without the people around them.
func Some[R Row](db dbx.Builder, where dbx.Expression, limit int64, order ...string) ([]R, error) {
	return read[R](db, where, limit, order)
}
