package check

// Is a description sound? A desk takes no type whose description is not, so that whatever draws, checks or prints a form
// can rely on it.

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/certdesk/certdesk/plugins/sdk"
)

var (
	idForm      = regexp.MustCompile(`^[a-z][a-z0-9_]{0,29}$`)
	valueForm   = regexp.MustCompile(`^[a-z0-9][a-z0-9_]{0,39}$`)
	versionForm = regexp.MustCompile(`^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})(-[0-9a-z.-]{1,40})?$`)
)

// How much a type may hold.
const (
	maxPages     = 60
	maxOnPage    = 20
	maxOptions   = 100
	maxSlots     = 30
	maxFiles     = 20
	maxItems     = 60
	maxWays      = 10
	maxReasons   = 100
	maxValidity  = 600  // months
	maxDays      = 365  // working days of a deadline
	maxAfterDays = 3650 // days until one may re-apply
)

// Description returns everything that is wrong with a type, nothing if it is sound.
func Description(t sdk.Type) []error {
	d := &description{t: t, ids: map[string]bool{}, reasons: map[string]bool{}}
	d.head()
	d.pages()
	d.slots()
	d.reasonList()
	d.checklist()
	d.persons()
	d.changes()
	d.times()
	d.letters()
	return d.wrong
}

type description struct {
	t       sdk.Type
	wrong   []error
	ids     map[string]bool // of questions and slots: problems name either
	reasons map[string]bool
}

func (d *description) note(where, format string, a ...any) {
	d.wrong = append(d.wrong, fmt.Errorf("%s: %s", where, fmt.Sprintf(format, a...)))
}

// id says whether an ID is well-formed and new.
func (d *description) id(where, id string, seen map[string]bool) {
	if !idForm.MatchString(id) {
		d.note(where, "the ID %.40q has to be lower case letters, digits and _, at most 30, a letter first", id)
	}
	if seen[id] {
		d.note(where, "the ID %.40q is there twice", id)
	}
	seen[id] = true
}

func (d *description) head() {
	t := d.t
	if !idForm.MatchString(t.ID) {
		d.note("id", "%.40q has to be lower case letters, digits and _, at most 30, a letter first", t.ID)
	}
	if !versionForm.MatchString(t.Version) {
		d.note("version", "%.40q is no semantic version, such as 1.0.0", t.Version)
	}
	d.text("name", t.Name, maxTitle)
	d.text("summary", t.Summary, maxSentence)
	d.text("proves", t.Proves, maxSentence)
	if len(t.Holders) == 0 {
		d.note("holders", "nobody can hold it")
	}
	for i, h := range t.Holders {
		if h != sdk.HolderPerson && h != sdk.HolderInstitution || slices.Contains(t.Holders[:i], h) {
			d.note("holders", "%.40q is unknown or there twice", h)
		}
	}
}

// times looks at everything that is counted in days, months or rounds.
func (d *description) times() {
	t := d.t
	d.between("validityMonths", t.Validity, 1, maxValidity)
	d.between("reviewDays", t.ReviewDays, 1, maxDays)
	d.between("remindDays", t.RemindDays, 0, max(t.ReviewDays, 0))
	d.between("correction.rounds", t.Correction.Rounds, 0, 10)
	if t.Correction.Rounds > 0 {
		d.between("correction.days", t.Correction.Days, 1, maxDays)
	}
	d.between("correction.reopenDays", t.Correction.ReopenDays, 0, 365)
	for i, n := range t.Correction.RemindDays {
		d.between("correction.remindDays", n, 1, maxDays)
		if i > 0 && n >= t.Correction.RemindDays[i-1] {
			d.note("correction.remindDays", "the days have to descend")
		}
	}
	d.between("recheck.everyMonths", t.Recheck.EveryMonths, 0, max(t.Validity, 0))
	most := max(t.Validity, 1) * 28 // days that every certificate of this type lives
	d.between("recheck.renewDays", t.Recheck.RenewDays, 0, most)
	for i, n := range t.Recheck.NoticeDays {
		d.between("recheck.noticeDays", n, 1, most)
		if i > 0 && n >= t.Recheck.NoticeDays[i-1] {
			d.note("recheck.noticeDays", "the days have to descend")
		}
	}
	if n := t.Recheck.NoticeDays; len(n) > 0 && n[0] > t.Recheck.RenewDays {
		d.note("recheck.renewDays", "renewal opens only after the first notice, %d days before the end", n[0])
	}
}

// changes looks at what can change: each names pages or slots that there are.
func (d *description) changes() {
	d.count("changes", len(d.t.Changes), 0, maxOptions)
	seen := map[string]bool{}
	for _, c := range d.t.Changes {
		where := "change " + c.ID
		d.id(where, c.ID, seen)
		d.text(where+" text", c.Text, maxLabel)
		d.maybe(where+" hint", c.Hint, maxSentence)
		d.count(where+" pages and slots", len(c.Pages)+len(c.Slots), 1, maxPages+maxSlots)
		for _, id := range c.Pages {
			if _, ok := d.t.Page(id); !ok {
				d.note(where, "it names the page %.40q, which is not there", id)
			}
		}
		for _, id := range c.Slots {
			if _, ok := d.t.Slot(id); !ok {
				d.note(where, "it names the slot %.40q, which is not there", id)
			}
		}
	}
}

func (d *description) between(where string, n, least, most int) {
	if n < least || n > most {
		d.note(where, "%d is not between %d and %d", n, least, most)
	}
}

func (d *description) count(where string, n, least, most int) {
	if n < least || n > most {
		d.note(where, "there are %d, it has to be %d to %d", n, least, most)
	}
}

func (d *description) letters() {
	d.lines("letters.passed", d.t.Letters.Passed, maxLetter)
	d.lines("letters.notPassed", d.t.Letters.NotPassed, maxLetter)
}
