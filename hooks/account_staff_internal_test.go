package hooks

import (
	"testing"

	"golang.org/x/crypto/bcrypt"
)

// Whoever asks for an account that is not there waits as long as for one that is: both digests cost the same.
func TestNobodyCostsAsMuch(t *testing.T) {
	if cost, err := bcrypt.Cost([]byte(nobody)); err != nil || cost != bcrypt.DefaultCost {
		t.Errorf("the digest of nobody's password costs %d, %v; a real one %d", cost, err, bcrypt.DefaultCost)
	}
}
