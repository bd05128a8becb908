package ui

// Feedback asks two questions and leaves room. Posts easy (1 to 4), clear (1 to 3), text, reply=yes, contact, page.
type Feedback struct {
	Form
	About   string // the page that it is about, as a path
	Contact string // the contact of the account, where one is signed in
}

// Thanks follows a feedback.
type Thanks struct {
	Reply bool // somebody will answer
	Back  string
}

// Help shows what our messages look like, how to photograph, and how to reach us.
type Help struct{ Messages []Sample }

// Sample is a message as it is sent.
type Sample struct {
	Channel string // sms or mail
	About   string // what it is for, in words
	Text    string
}

// Demo is the first page of a demonstration.
type Demo struct {
	People []DemoPerson
	Desk   string // address of the desk
	Now    string // the time of the demonstration
}

// DemoPerson is somebody to sign in as.
type DemoPerson struct {
	Role     string // applicant, reviewer, lead, auditor, manager, superuser
	Name     string
	User     string
	Password string
	Href     string
	What     string // what is worth seeing as them
}

// DemoOutbox shows what would have been sent.
type DemoOutbox struct {
	Messages []DemoMessage
	Older    string // address of the older ones; empty: none
}

// DemoMessage is a mail or an SMS.
type DemoMessage struct {
	Channel string // mail or sms
	To      string
	Subject string // mails only
	Text    string
	At      string
	State   string // queued, sent, shown, failed, dead
}

// DemoClock moves time forward. Posts by (day, week, month) or on (a date, as on.year on.month on.day).
type DemoClock struct {
	Form
	Now  string
	Next []Event // what falls due next
}

// Error is a page that says that something could not be, and what to do.
type Error struct {
	Message string // a sentence of its own; empty: the page's
	Ref     string // reference of the log, for 500
	Wait    int    // seconds, for 429
	MaxMB   int    // for 413
	By      string // 409: who changed it: you, other, staff or desk; empty: not said
	At      string // 409: when
	What    string // 409: the act
	Again   string // where to go on
}

// Adjustments is what was changed of the process, the last first.
type Adjustments struct{ List []Adjusted }

// Adjusted is one change of a type's terms.
type Adjusted struct {
	On      string // the day
	Type    string
	What    []AdjustedTo
	Because string
	Said    int // how many people's feedback led to it
}

// AdjustedTo is one figure or wording that changed.
type AdjustedTo struct {
	What     string // review_days, remind_days, correction_days, correction_rounds, after, advice, passed, not_passed
	Of       string // the reason that it is about
	From, To string
}
