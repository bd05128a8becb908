// Package sdk is all that the author of a certification type imports: what a type is made of, as data, and the three
// calls that the desk makes to it. It depends on the standard library only; the wire lives in serve and host.
package sdk

import "context"

// A Certification is one type of certification, running as a process of its own. The desk never lets it decide:
// it describes itself and gives advice, people decide. Embed Base, so that the interface can grow.
type Certification interface {
	// Describe returns the type as data. It must be the same for the life of the process.
	Describe(ctx context.Context) (Type, error)
	// Check looks over a submitted form. Findings are advice for the reviewer; an error means "could not check".
	Check(ctx context.Context, req CheckRequest) ([]Finding, error)
	// Recheck looks over certified information again, on the schedule of Type.Recheck. No finding means all is well;
	// a finding of level Warn or Bad opens a task for a person.
	Recheck(ctx context.Context, req RecheckRequest) ([]Finding, error)

	mustEmbedBase()
}

// Base answers every call that a type does not answer itself: no findings. Every type embeds it.
type Base struct{}

//lint:ignore U1000 the interface asks for it, so that every type embeds Base
func (Base) mustEmbedBase() {}

// Check finds nothing.
func (Base) Check(context.Context, CheckRequest) ([]Finding, error) { return nil, nil }

// Recheck finds nothing.
func (Base) Recheck(context.Context, RecheckRequest) ([]Finding, error) { return nil, nil }

// Type describes a certification type: what is asked, what is looked at, what may be said, how long it holds.
type Type struct {
	ID         string       `json:"id"`      // lower case letters, digits and _, at most 30; never changes
	Version    string       `json:"version"` // semantic version of this description
	Name       Text         `json:"name"`    // "个人认证"
	Summary    Text         `json:"summary"` // one sentence for the catalogue: what it is for
	Proves     Text         `json:"proves"`  // what a certificate of this type says, on the certificate and its public page
	Holders    []HolderKind `json:"holders"` // who may hold it
	Pages      []Page       `json:"pages"`
	Slots      []Slot       `json:"slots"`
	Checklist  []Item       `json:"checklist"`
	Reasons    []Reason     `json:"reasons"`
	Letters    Letters      `json:"letters"`
	Validity   int          `json:"validityMonths"`            // how long a certificate holds, in months; at least 1
	ReviewDays int          `json:"reviewDays"`                // deadline of the review, in working days
	RemindDays int          `json:"remindDays,omitempty"`      // how many working days before it the reviewer is reminded; 0 is the desk's usual
	FourEyes   bool         `json:"fourEyes"`                  // a second person confirms each decision
	Attested   bool         `json:"attested"`                  // a staff member may attest presence instead of the slots marked Attestable
	AppealDays int          `json:"appealDays,omitempty"`      // days in which a refusal can be appealed; 0 is 30
	HearDays   int          `json:"hearDays,omitempty"`        // working days in which a holder may answer before an approval is reversed; 0 is 10
	Correction Correction   `json:"correction"`                // how an applicant may be asked to put something right
	Retention  int          `json:"retentionMonths,omitempty"` // how long a case is kept after it and its certificate are over; 0: as the desk does
	Recheck    RecheckPlan  `json:"recheck"`                   // how certified information is looked at again
	Persons    []Person     `json:"persons"`                   // which answers name people: for conflicts of interest and search
	HolderName string       `json:"holderName"`                // the question whose answer is the holder's name on the certificate
	Changes    []Change     `json:"changes,omitempty"`         // what can change while a certificate holds; if empty, every page and its evidence
	LatinName  string       `json:"latinName,omitempty"`       // the question whose answer is the Latin line, if it is answered
}

// HolderKind says who can hold a certificate.
type HolderKind string

// The kinds of holder.
const (
	HolderPerson      HolderKind = "person"
	HolderInstitution HolderKind = "institution"
)

// Text is a sentence in the languages of the desk. Both are required.
type Text struct {
	ZhHans string `json:"zh-Hans"`
	En     string `json:"en"`
}

// In returns the text in lang ("zh-Hans" or "en"), Chinese for anything else.
func (t Text) In(lang string) string {
	if lang == "en" && t.En != "" {
		return t.En
	}
	return t.ZhHans
}

// Person says which answers of the form identify one person or body of the case.
type Person struct {
	Name string `json:"name"`         // question with the full name
	ID   string `json:"id,omitempty"` // question with the ID number or credit code
}

// Correction limits what can be asked of an applicant.
type Correction struct {
	Rounds     int   `json:"rounds"`               // how often
	Days       int   `json:"days"`                 // working days to answer
	RemindDays []int `json:"remindDays,omitempty"` // days before the last one on which the applicant is reminded, descending; 3 and 1 if empty
	ReopenDays int   `json:"reopenDays,omitempty"` // for so many days after no answer came the case may be reopened; 30 if 0
}

// Reminders are the days before the last one on which the applicant is reminded, descending.
func (c Correction) Reminders() []int {
	if len(c.RemindDays) == 0 {
		return []int{3, 1}
	}
	return c.RemindDays
}

// ReopenWithin is for how many days a case may be reopened after no answer came.
func (c Correction) ReopenWithin() int {
	if c.ReopenDays == 0 {
		return 30
	}
	return c.ReopenDays
}

// RecheckPlan says when a certificate is looked at again.
type RecheckPlan struct {
	EveryMonths int   `json:"everyMonths"` // the type's own Recheck; 0 is never
	NoticeDays  []int `json:"noticeDays"`  // days before expiry on which the holder is told, descending
	RenewDays   int   `json:"renewDays"`   // how many days before expiry renewal opens
}

// Letters are the sentences around the reasons in a letter; the desk composes the rest. Each may be empty.
type Letters struct {
	Passed    Text `json:"passed"`    // after "your application has passed"
	NotPassed Text `json:"notPassed"` // before the reasons
}
