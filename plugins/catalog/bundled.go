package catalog

// The types that come with the desk.

import (
	"github.com/certdesk/certdesk/plugins/bundled/individual"
	"github.com/certdesk/certdesk/plugins/bundled/institutional"
	"github.com/certdesk/certdesk/plugins/bundled/pension"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Bundled returns the types that come with the desk, by ID.
func Bundled() map[string]func() sdk.Certification {
	return map[string]func() sdk.Certification{
		"individual":    individual.New,
		"institutional": institutional.New,
		"pension":       pension.New,
	}
}
