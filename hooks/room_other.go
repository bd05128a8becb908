//go:build !linux && !darwin

package hooks

import "math"

// room is not measured on systems that only try the desk out.
func room(string) (uint64, error) { return math.MaxUint64, nil }
