package hooks_test

import (
	"crypto/sha256"
	"encoding/hex"
)

// sum is the digest under which the secret of a cookie is kept.
func sum(s string) string {
	d := sha256.Sum256([]byte(s))
	return hex.EncodeToString(d[:])
}
