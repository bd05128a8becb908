package records

// A Brake is something that the desk stopped by itself and a manager lets go on: on_hold while it is stopped, open
// otherwise. There is one for the clock and one for the re-checks of each type that ever went badly.
type Brake struct {
	Head
	Cause     string `db:"cause"` // of the clock: jumped, behind or away; of re-checks: adverse
	Since     string `db:"since"`
	Day       string `db:"day"`       // of re-checks: the civil day that is counted
	Shows     string `db:"shows"`     // of the clock: what the system's clock showed,
	Known     string `db:"known"`     // and what the desk knew
	Adverse   int64  `db:"adverse"`   // re-checks that went badly on that day
	Due       int64  `db:"due"`       // certificates of the type that were due on it
	Confirmed string `db:"confirmed"` // the day on which a manager let them go on, whatever comes
}

// ClockBrake is the ID of the clock's brake.
const ClockBrake = "clock"

// RecheckBrake is the ID of the brake of a type's re-checks.
func RecheckBrake(typ string) string { return "recheck." + typ }

// Table names the table.
func (*Brake) Table() string { return "brakes" }

// Clock is what the clock showed when the desk last looked, so that a change while it was down is noticed.
type Clock struct {
	Head
	Wall    string `db:"wall"`    // what the system said
	Desk    string `db:"desk"`    // what the desk took for the time
	Elapsed int64  `db:"elapsed"` // milliseconds since the machine started
	Boot    string `db:"boot"`    // which start of which machine; empty if the system does not tell
}

// ClockID is the ID of the one row.
const ClockID = "clock"

// Table names the table.
func (*Clock) Table() string { return "clock" }
