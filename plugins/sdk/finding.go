package sdk

// Level says how a finding weighs.
type Level string

// The levels of a finding. None of them decides anything.
const (
	Good Level = "good" // was checked and fits
	Info Level = "info" // worth knowing
	Warn Level = "warn" // look at this
	Bad  Level = "bad"  // does not fit
)

// Finding is one thing a check has to say.
type Finding struct {
	Code     string `json:"code"` // for machines, stable
	Level    Level  `json:"level"`
	Text     Text   `json:"text"`               // one sentence for the reviewer
	Question string `json:"question,omitempty"` // what it is about: a question,
	Slot     string `json:"slot,omitempty"`     // or a slot,
	Item     string `json:"item,omitempty"`     // and the item of the checklist that it helps with
}

// CheckRequest is what Check sees: the answers, and facts of the evidence, never the evidence.
type CheckRequest struct {
	Today    string  `json:"today"` // 2026-11-23, in the desk's zone
	Answers  Answers `json:"answers"`
	Evidence []Fact  `json:"evidence"`
}

// RecheckRequest is what Recheck sees of a certificate.
type RecheckRequest struct {
	Today     string  `json:"today"`
	ValidFrom string  `json:"validFrom"`
	ExpiresOn string  `json:"expiresOn"`
	Answers   Answers `json:"answers"`
}
