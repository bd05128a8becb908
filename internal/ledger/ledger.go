// Package ledger is the log: who did what, when, to what, and what every row was after it. Entries are the leaves of an
// RFC 6962 tree whose roots are signed and kept elsewhere, so that no change behind the desk's back stays unnoticed. It
// knows rows and digests, nothing of cases. docs/archive-format.md says how a stranger verifies it.
package ledger

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
)

// Schema makes the ledger's tables, indexes and triggers where they are not there yet.
//
//go:embed schema.sql
var Schema string

// Install applies Schema.
func Install(db dbx.Builder) error {
	_, err := db.NewQuery(Schema).Execute()
	return err
}

// Entry is one line of the log.
type Entry struct {
	Seq    int64     // given by Append: 1, 2, 3 …
	At     time.Time // kept to the millisecond, UTC
	Actor  string    // pseudonymous: kind and ID
	Role   string
	Act    string
	Noun   string // what was acted on
	Target string // its ID
	From   string // its state before
	To     string // and after
	Key    string // idempotency key, unique for an actor; empty if none
	Input  string // digest of the input
	Reason string
	Rows   []Row             // every row that was written
	Also   map[string]string // whatever else has to be proved later: a digest, a rule's date
	Answer json.RawMessage   // the receipt's answer, given again under the same key

	// Payload is the sealed personal part. It is apart from what is hashed, which holds only a commitment to it, so that
	// it can be erased. Nil if there is none or it was erased.
	Payload []byte
	Erased  bool // there was a payload
}

// Row names the digest of a row as this entry left it.
type Row struct {
	Noun   string `json:"noun"`
	ID     string `json:"id"`
	Digest string `json:"digest,omitempty"`
	Rev    int64  `json:"rev,omitempty"`
	Gone   bool   `json:"gone,omitempty"` // the row was deleted
}

// DigestRow digests the columns of a row, whatever their order: 43 characters.
func DigestRow(noun string, columns [][2]string) string {
	byName := func(a, b [2]string) int { return strings.Compare(a[0], b[0]) }
	if !slices.IsSortedFunc(columns, byName) {
		columns = slices.Clone(columns)
		slices.SortStableFunc(columns, byName)
	}
	raw := netstring([]byte("certdesk/v1 row "), noun)
	for _, c := range columns {
		raw = netstring(netstring(raw, c[0]), c[1])
	}
	sum := sha256.Sum256(raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// netstring appends the length of a text and the text, so that no two lists of texts look the same.
func netstring(to []byte, s string) []byte {
	return append(append(append(strconv.AppendInt(to, int64(len(s)), 10), ':'), s...), ',')
}

// commitment binds an entry to its payload without giving it away once the salt is gone.
func commitment(salt, payload string) string {
	raw, err := base64.RawURLEncoding.DecodeString(salt)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(slices.Concat([]byte("certdesk/v1"), raw, []byte(payload)))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
