package backup

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
)

// spare is the room that a copy leaves to the desk.
const spare = 64 << 20

// full marks an error that comes from a disk without room as ErrNoRoom.
func full(err error) error {
	var db *sqlite.Error
	const sqliteFull = 13
	if diskFull(err) || errors.As(err, &db) && db.Code()&0xff == sqliteFull {
		return fmt.Errorf("%w: %w", ErrNoRoom, err)
	}
	return err
}
