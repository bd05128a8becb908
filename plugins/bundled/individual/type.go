// Package individual is the bundled certification type "individual": a person whose identity is certified.
// What it asks, says and advises is data, in the files beside; what it can find out by itself is in checks.go.
package individual

import (
	"context"
	"embed"
	"maps"
	"sync"

	"github.com/certdesk/certdesk/plugins/sdk"
)

//go:embed type.json reasons.json findings.json example.json letters
var files embed.FS

// certification is the type. It keeps nothing, so that calls at the same time do not meet.
type certification struct{ sdk.Base }

// New returns the type.
func New() sdk.Certification { return certification{} }

var (
	load    = sync.OnceValues(func() (sdk.Type, error) { return sdk.Load(files) })
	phrases = sync.OnceValues(func() (sdk.Phrases, error) { return sdk.LoadPhrases(files, "findings.json") })
	example = sync.OnceValues(func() (sdk.Answers, error) { return sdk.LoadAnswers(files, "example.json") })
)

// Describe returns the type as data, read once.
func (certification) Describe(context.Context) (sdk.Type, error) { return load() }

// Example returns the answers of an applicant who does not exist, complete and in normal form. Each call returns a map
// of its own. It is nil if the embedded file cannot be read, which a test rules out.
func Example() sdk.Answers {
	a, err := example()
	if err != nil {
		return nil
	}
	return maps.Clone(a)
}
