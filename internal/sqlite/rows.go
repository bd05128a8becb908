package sqlite

import "database/sql/driver"

// typed is all that the driver's rows can say of themselves.
type typed interface {
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// rows give their statement back when they are closed.
type rows struct {
	typed
	from *statement
}

// Close implements driver.Rows.
func (r *rows) Close() error {
	if r.from == nil {
		return nil
	}
	err := r.typed.Close()
	r.from.free()
	r.from = nil
	return err
}
