package flow

// What the holder of a certificate may open on it: a renewal near its end, a change before that, and one of them at a time.

// RequestableChange refuses a change with renew_instead once renewal is open: a renewal asks for everything, what has changed too,
// and lengthens the certificate, which a change does not.
func RequestableChange(expires Day, renewDays int, today Day) error {
	if !today.Before(RenewalOpens(expires, renewDays)) {
		return Refuse("renew_instead", string(expires))
	}
	return nil
}

// OneAtATime refuses with open_renewal, open_change or open_recheck while such a case is open on the certificate; ref is its
// reference, empty for a draft.
func OneAtATime(kind, ref string) error {
	switch kind {
	case "renewal", "change", "recheck":
		return Refuse("open_"+kind, ref)
	}
	return nil
}

// Follows says whether a certificate in this state can be followed by that of an approved case of this kind. A renewal may come
// after the end; a change cannot, since it would lengthen what it does not look at. What was revoked or replaced is followed by nothing.
func Follows(kind string, before State) bool {
	switch before {
	case Valid, Suspended:
		return true
	case Expired:
		return kind != "change"
	}
	return false
}

// Standing is the state of a certificate that follows others: a suspension goes over, so that only the act that lifts it lifts it.
func Standing(before []State) State {
	for _, s := range before {
		if s == Suspended {
			return Suspended
		}
	}
	return Valid
}
