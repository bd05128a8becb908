// How work says what is to become of an item that failed.

package schedule

import (
	"database/sql"
	"errors"
	"fmt"
	"time"
)

type waiting struct {
	err       error
	permanent bool
	hold      bool
	wait      time.Duration
}

func (w *waiting) Error() string { return w.err.Error() }
func (w *waiting) Unwrap() error { return w.err }

// Permanent says that trying again is useless.
func Permanent(err error) error { return &waiting{err: err, permanent: true} }

// After says to try again after d, in place of the usual wait.
func After(d time.Duration, err error) error { return &waiting{err: err, wait: d} }

// Hold says to try again after d without counting this as an attempt: it is not the item's fault.
func Hold(d time.Duration, err error) error { return &waiting{err: err, hold: true, wait: d} }

// IsPermanent tells whether trying again is useless.
func IsPermanent(err error) bool {
	var w *waiting
	return errors.As(err, &w) && w.permanent
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

func wrap(table, what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("queue %s: %s: %w", table, what, err)
}

// or returns the first value that is not the zero value.
func or[T comparable](values ...T) T {
	var zero T
	for _, v := range values {
		if v != zero {
			return v
		}
	}
	return zero
}
