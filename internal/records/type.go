package records

import (
	"encoding/json"
	"fmt"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Type is a certification type as the desk knows it: which executable, in which version, and whether people may apply.
type Type struct {
	Head
	Bundled bool   `db:"bundled"`
	Path    string `db:"path"`
	SHA256  string `db:"sha256"` // of the executable that is allowed to run
	Digest  string `db:"digest"` // of the description it gave
	Version string `db:"version"`
	NameZh  string `db:"name_zh"`
	NameEn  string `db:"name_en"`
}

// Table names the table.
func (*Type) Table() string { return "types" }

// Noun says what the row is in the transition table.
func (*Type) Noun() flow.Noun { return flow.NounType }

// Subject names nobody.
func (t *Type) Subject() flow.Subject { return flow.Subject{Type: t.ID} }

// Description is what a type said of itself, kept by digest for as long as a case follows it.
type Description struct {
	Head
	Type string `db:"type"`
	Body string `db:"body"` // canonical JSON of sdk.Type
}

// Table names the table.
func (*Description) Table() string { return "descriptions" }

// Describe reads a description by its digest.
func Describe(db dbx.Builder, digest string) (sdk.Type, error) {
	var t sdk.Type
	d, err := Load[*Description](db, digest)
	if err != nil {
		return t, err
	}
	if err := json.Unmarshal([]byte(d.Body), &t); err != nil {
		return t, fmt.Errorf("description %s: %w", digest, err)
	}
	return t, nil
}
