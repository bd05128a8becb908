package flow

// A certificate does not end unannounced: notices so many days before its last day, each at most once.

// Notices returns which notice is due today, in days before the last day. days are those of the type, told is the
// smallest already given, 0 for none. Each is due at most once, and one that was missed is not sent after a later one:
// the reader gets the one that is true today. Nothing is due after the last day.
func Notices(expires Day, days []int, told int, today Day) (due int, ok bool) {
	if !expires.Valid() || !today.Valid() || today.After(expires) {
		return 0, false
	}
	left := expires.Sub(today)
	for _, d := range days {
		if d > 0 && d >= left && (due == 0 || d < due) {
			due = d
		}
	}
	if due == 0 || told != 0 && due >= told {
		return 0, false
	}
	return due, true
}

// NextNotice returns the day on which the next notice falls due when the smallest already given is told (0 for none);
// no day if none is left.
func NextNotice(expires Day, days []int, told int) Day {
	next := 0
	for _, d := range days {
		if (told == 0 || d < told) && d > next {
			next = d
		}
	}
	if next == 0 {
		return ""
	}
	return expires.AddDays(-next)
}

// NextRecheck returns the day of the next re-check by the type itself, so many months after the last; no day where the
// type plans none.
func NextRecheck(last Day, months int) Day {
	if months <= 0 {
		return ""
	}
	return last.AddMonths(months)
}

// RenewalOpens returns the first day on which a renewal may be started, so many days before the last day.
func RenewalOpens(expires Day, days int) Day { return expires.AddDays(-max(days, 0)) }
