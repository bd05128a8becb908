package records

import "github.com/certdesk/certdesk/internal/flow"

// Message is one thing to be told to one person by one channel: the outbox.
type Message struct {
	Head
	Person      string `db:"person"`
	Application string `db:"application"`
	Certificate string `db:"certificate"`
	Notice      string `db:"notice"`    // which text
	Channel     string `db:"channel"`   // mail, sms or ring
	Recipient   string `db:"recipient"` // sealed
	Words       string `db:"words"`     // sealed
	Lang        string `db:"lang"`
	Attempts    int64  `db:"attempts"`
	DueAt       string `db:"due_at"`
	LeaseUntil  string `db:"lease_until"`
	Error       string `db:"error"`
	ProviderID  string `db:"provider_id"`
	SentAt      string `db:"sent_at"`
}

// Table names the table.
func (*Message) Table() string { return "messages" }

// Noun says what the row is in the transition table.
func (*Message) Noun() flow.Noun { return flow.NounMessage }

// Subject says whom it is addressed to.
func (m *Message) Subject() flow.Subject { return flow.Subject{Addressee: m.Person} }

// Job is work without a row of its own: a type's check, a digest.
type Job struct {
	Head
	Kind       string `db:"kind"`
	Target     string `db:"target"`
	DueAt      string `db:"due_at"`
	LeaseUntil string `db:"lease_until"`
	Attempts   int64  `db:"attempts"`
	Error      string `db:"error"`
}

// Table names the table.
func (*Job) Table() string { return "jobs" }

// Viewing is a document or a case seen by a colleague: one entry in the ledger for fifteen minutes.
type Viewing struct {
	Head
	Person string `db:"person"`
	Target string `db:"target"`
	Until  string `db:"until"`
}

// Table names the table.
func (*Viewing) Table() string { return "viewings" }

// Feedback is what somebody said about a page.
type Feedback struct {
	Head
	Page    string `db:"page"`
	Person  string `db:"person"`
	Score   int64  `db:"score"` // 1 (bad) to 5 (good); 0 not answered
	Easy    string `db:"easy"`
	Text    string `db:"text"`    // sealed
	Contact string `db:"contact"` // sealed; where a reply is wished
	Reply   string `db:"reply"`   // sealed
}

// Table names the table.
func (*Feedback) Table() string { return "feedback" }

// Noun says what the row is in the transition table.
func (*Feedback) Noun() flow.Noun { return flow.NounFeedback }

// Subject names nobody.
func (*Feedback) Subject() flow.Subject { return flow.Subject{} }

// Counter is the last number given out in a series.
type Counter struct {
	Head
	Value int64 `db:"value"`
}

// Table names the table.
func (*Counter) Table() string { return "counters" }
