//go:build !unix

package bench

import "time"

// processor is not measured on this system.
func processor() time.Duration { return 0 }
