package hooks

import (
	"encoding/json"
	"slices"
	"strings"

	_ "embed" // passwords that everybody tries first

	"github.com/certdesk/certdesk/internal/credential"
	"github.com/certdesk/certdesk/internal/records"
)

// Small things that several pages of the desk need.

//go:embed common_passwords.txt
var commonPasswords string

// common reports whether a password is one that everybody tries first.
func common(password string) bool {
	return slices.Contains(strings.Fields(commonPasswords), strings.ToLower(password))
}

// actorName is who an entry of the ledger names, as colleagues read it: a colleague's name, otherwise what they are.
func (s *Server) actorName(actor string) string {
	kind, id, _ := strings.Cut(actor, ":")
	if kind != "staff" {
		return kind
	}
	row, err := records.Load[*records.Staff](s.Desk.App.DB(), id)
	if err != nil {
		return kind
	}
	return row.Name
}

// named is actorName with the colleagues' names at hand.
func named(actor string, names map[string]string) string {
	kind, id, _ := strings.Cut(actor, ":")
	if name := names[id]; kind == "staff" && name != "" {
		return name
	}
	return kind
}

// mark is the sign of the product.
func mark() []byte { return credential.Mark() }

func (s *Server) qr(text string) ([]byte, error) { return credential.QRPNG(text, 480) }

// withoutPassword is the mail server's settings as a manager sees them.
func withoutPassword(raw string) any {
	if raw == "" {
		return nil
	}
	var m map[string]any
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		return nil
	}
	if p, _ := m["password"].(string); p != "" {
		m["password"] = "••••••••"
	}
	return m
}

// listed splits a list for JSON: an empty one is [], not null.
func listed(s string) []string { return append([]string{}, records.List(s)...) }
