package flow

import "slices"

// What colleagues are told by mail: one digest in the morning, and a mail of its own for what cannot wait. Each chooses.

// The kinds of mail that a colleague can do without.
const (
	Digest    = "digest"    // the morning's summary
	Returned  = "returned"  // a case came back: its applicant answered
	Overdue   = "overdue"   // a case in hand is past its day
	Escalated = "escalated" // a case needs a lead
)

// Alerts are all of them, as the settings page lists them.
var Alerts = []string{Digest, Returned, Overdue, Escalated}

// alertOf says of which kind a notice to a colleague is; one that is not here is sent to everybody whom it concerns. What is
// of the kind digest stands in the digest, and has a mail of its own only for those who do without one.
var alertOf = map[string]string{"assigned": Digest, "reminder": Digest, "feedback_received": Digest, "returned": Returned, "answered_late": Returned, "challenged": Returned, "overdue": Overdue,
	"escalated": Escalated, "unassigned": Escalated, "recheck_needed": Escalated}

// Alerted reports whether a notice is sent by a mail of its own to somebody who does without the kinds in quiet.
func Alerted(notice string, quiet []string) bool {
	switch kind := alertOf[notice]; kind {
	case "":
		return true
	case Digest:
		return slices.Contains(quiet, Digest)
	default:
		return !slices.Contains(quiet, kind)
	}
}

// The hours of the day in which a digest leaves: in the morning, or later where the desk was down.
const (
	digestFrom  = 8
	digestUntil = 18
)

// DigestDue reports whether the digest of a day leaves at this hour of it.
func DigestDue(day Day, hour int, cal Calendar) bool {
	return cal.Working(day) && hour >= digestFrom && hour < digestUntil
}
