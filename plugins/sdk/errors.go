package sdk

import "errors"

// Errors that survive the wire; compare with errors.Is.
var (
	// ErrUnavailable says that a check needs something that is not there now; the desk tries again later.
	ErrUnavailable = errors.New("unavailable")
	// ErrUnsupported says that this type cannot do what was asked.
	ErrUnsupported = errors.New("unsupported")
)
