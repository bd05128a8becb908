package ui

// What the pages of apply show. Dates are "2026-11-23", moments "2026-11-23 14:05" in the desk's zone; words of a type come
// in the language of the page.

// Landing is the first page.
type Landing struct {
	Types []TypeCard
}

// Expected is how long a review takes: half of the latest ones took From to To working days. The zero Expected says nothing.
type Expected struct{ From, Median, To, Count int }

// TypeCard is one type in the catalogue.
type TypeCard struct {
	ID       string
	Name     string
	Summary  string
	Needs    []string // names of evidence that is asked for
	Expected Expected
}

// Catalogue lists the types that one can apply for.
type Catalogue struct{ Types []TypeCard }

// TypePage says what a type gives, needs and takes, and who may apply.
type TypePage struct {
	ID           string
	Name         string
	Summary      string
	Proves       string
	Needs        []Need
	Persons      bool // a person may hold it
	Institutions bool // an institution may
	Pages        int  // questions
	ReviewDays   int  // working days at most
	Expected     Expected
	ValidMonths  int
	Attested     bool // presence at the counter may take the place of a photo
}

// Need is one piece of evidence.
type Need struct {
	Name     string
	Hint     string
	Optional bool
	OneOf    bool   // one of several; the next of the list belongs to the same choice
	Form     string // address of a blank form to download; empty: none
}

// Start asks for whom to apply. Posts: holder.
type Start struct {
	Form
	Type    TypeCard
	Holders []HolderCard
	New     string // where a further holder is added
}

// HolderCard is a holder that one may apply for.
type HolderCard struct {
	ID          string
	Name        string
	Own         bool   // the person behind the account
	Institution bool   //
	Waiting     bool   // has not agreed yet: leads to the page of the consent
	Draft       bool   // a draft is open: it goes on
	Again       bool   // it starts from the last application
	Until       string // a cool-down runs until then: one may fill in, and submit from that day
	Never       bool   // may not apply again
}

// CoolDown says from when one may apply again, and why. Posts nothing: the form starts a draft.
type CoolDown struct {
	Form
	Type      string
	Holder    string // empty: the person themselves
	HolderID  string
	Until     string // first day; empty where Never
	Days      int    // from today
	Never     bool
	Count     int  // so many
	Within    int  // within so many days
	Wait      int  // wait so many days from the last
	Malicious bool // because something was found to be untrue
	Blocked   bool // by a sanction
	Longer    int  // so many days of the wait are by a sanction
	Past      []PastResult
	Last      string // address of the last result: what was missing
}

// PastResult is one earlier attempt.
type PastResult struct {
	On     string
	Result string // rejected, withdrawn, lapsed
}

// Case heads every page of an application.
type Case struct {
	ID     string
	Ref    string // empty in a draft
	Type   string
	Holder string // for whom, where it is somebody else; empty for oneself
	Kind   string // new, renewal, change, recheck

	Messages string // address of the correspondence; empty: there is none yet
	News     bool   // something in it is unread
}

// Question is one page of the form. Posts q.<id> for each field; dates q.<id>.year .month .day, valid_until also .long.
type Question struct {
	Form
	Case
	Title   string // heading where the page has several questions
	Fields  []Field
	Step    int
	Of      int
	Percent int
	Newer   bool // the type changed since: says so
	Return  bool // came from "check your answers" and goes back there; posted as return
	Later   string
	Remark  *Remark // why it is asked for again
}

// Slot is one place for evidence. The form posts file (also replace, and go=next from the button that goes on).
type Slot struct {
	Form
	Case
	Slot       string // ID
	Name       string
	Hint       string
	Optional   bool
	OneOf      []string // names of the other slots of which one is enough
	DayCode    string   // the code of the day that the picture must show; empty: none
	Today      string   // the day of that code
	VisitCode  string   // to be named at the counter, where presence may be attested; empty: may not
	Attested   bool     // presence was attested already
	Blank      string   // address of the blank form to download
	Pictures   bool     // JPEG or PNG may be sent
	PDF        bool     // PDF may be sent
	Camera     bool     // the phone's camera fits
	MaxMB      int
	MaxFiles   int
	Files      []File
	Next       string // address of what comes after
	Step       int
	Of         int
	Percent    int
	NeedsAgree string // address of the consent for identity documents, where it is missing still
	Return     bool
	Remark     *Remark // why it is asked for again
}

// Full says whether no more files fit into the slot.
func (s Slot) Full() bool { return len(s.Files) >= max(1, s.MaxFiles) }

// File is a stored document.
type File struct {
	ID      string
	Name    string
	Size    string // "1.8 MB"
	At      string
	Pages   int
	Thumb   string // address of a small picture
	View    string // address of the large one
	Remove  string // address that its removal is posted to
	Blurred bool   // looks blurred: says so, and takes it
}

// Leaves are the numbers of its pages.
func (f File) Leaves() []int {
	all := make([]int, f.Pages)
	for i := range all {
		all[i] = i + 1
	}
	return all
}

// CheckAnswers shows everything before it is submitted. Posts declared=yes.
type CheckAnswers struct {
	Form
	Case
	Answers []Answer
	Slots   []SlotAnswer
	Missing []Missing // what is still to do; nothing can be submitted until it is empty
	Refused []Missing // what was not right last time, and where it is put right
	Again   bool      // it starts from an earlier application
	Until   string    // a cool-down runs: from this day one may submit
	Changed []string  // of a change: what has changed, in words
	Changes string    // address of the page that asks what has changed; empty: no change
	Later   string
	Discard string // address of the page that asks whether to delete it
}

// Answer is one line of the summary.
type Answer struct {
	Label   string
	Value   string
	Derived bool   // reckoned from another answer: says so, and cannot be changed
	From    string // the answer that it comes from
	Change  string // address of its question
	Empty   bool   // optional and left out
	Kept    bool   // of a change: as it was certified
}

// SlotAnswer is one slot of the summary.
type SlotAnswer struct {
	Name     string
	Files    []File
	Change   string
	Attested bool
	Empty    bool
	Kept     bool // of a change: as it was certified
}

// Missing is one thing to do, in plain words, and where.
type Missing struct{ Text, Href string }

// Submitted is the page after submitting.
type Submitted struct {
	Case
	At       string // when
	Due      string // the last day for the result
	Expected Expected
	Channel  string // sms or mail; empty: neither
	Contact  string // masked
	Receipt  string // address of the receipt as PDF; empty: none
	Counter  string // where the colleague at the counter goes on; empty for everybody else
}

// Status says where an application stands. A draft goes on where it was left, and a result has pages of its own.
type Status struct {
	Case
	Hearing      string // where its holder is heard before an approval is reversed; empty: no
	HearingUntil string // until when; empty: that is over
	State        string // state of the row: submitted, in_review, awaiting_applicant, on_hold, decided, withdrawn, lapsed, discarded …
	Turn         string // who must act: you, desk or nobody
	Steps        []Step
	Due          string // the last day for the result
	Expected     Expected
	History      []Event
	HeldUntil    string // on hold until this day
	MergedInto   string // the number of the application that it was joined with
	Merged       string // and its address
	Withdraw     string // address of the page that asks whether to withdraw; empty: cannot be
	Appeal       string // address of the appeal that waits
	Again        string // type to apply for again; empty: nothing to do
	Correction   *Correction
}

// Step is one point on the line from start to result.
type Step struct {
	What  string // submitted, assigned, review, waiting, result, certificate, withdrawn, lapsed
	At    string
	Phase string // past, now or next
}

// Event is one line of the history.
type Event struct {
	What string // the act: submit, assign, decide, release_result, …
	At   string
	By   string // who, as the applicant may know it: you, desk, or a name
	Note string
}

// Confirm asks before something is done that cannot be undone by a click. Each page has its own words.
type Confirm struct {
	Form
	Case
	Name   string // what it is about: a holder's name, a contact
	Cancel string // where not doing it leads
}
