package records

import "github.com/certdesk/certdesk/internal/flow"

// Type is a certification type as the desk knows it: which executable, in which version, and whether people may apply.
type Type struct {
	Head
	Bundled bool   `db:"bundled"`
	Path    string `db:"path"`
	SHA256  string `db:"sha256"` // of the executable that is allowed to run
	Digest  string `db:"digest"` // of the description that new applications follow
	Version string `db:"version"`
	NameZh  string `db:"name_zh"`
	NameEn  string `db:"name_en"`
	Base    string `db:"base"`  // digest of the description that the executable gave, where a manager adjusted it
	Terms   string `db:"terms"` // JSON of flow.Terms that lie over it
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
