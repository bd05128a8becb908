package records

import "github.com/pocketbase/dbx"

// Each reads a whole table row by row, in order of ID, and hands each to f. An error of f ends it.
func Each(db dbx.Builder, table string, f func(Row) error) error {
	rows, err := db.Select().From(table).OrderBy("id").Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row := Blank(table)
		if err := rows.ScanStruct(row); err != nil {
			return err
		}
		if err := f(row); err != nil {
			return err
		}
	}
	return rows.Err()
}
