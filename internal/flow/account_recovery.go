package flow

import "slices"

// How somebody gets back into an account to which nobody gets any more: the same person by another phone or mailbox, or, for an
// institution, another person who acts for it from now on. A colleague sees who it is, a second one agrees, and whoever had the
// account has days to say no.

// Who comes for an account.
const (
	SamePerson  = "same"  // with another phone or mailbox
	OtherPerson = "other" // in place of somebody who acts for the institution no more
)

// What a colleague had in hands: the original of the person's ID card; a letter of the institution with its seal.
const (
	SeenID     = "id_card"
	SeenLetter = "letter"
)

// recoveryDays is how long whoever has the account now can say that it was not them.
const recoveryDays = 3

// CheckLost refuses as unknown_who, person_not_here, id_not_seen, letter_not_seen or reason_needed what is no ground to
// give an account to somebody. institution says whether the holder is one.
func CheckLost(who string, seen []string, note string, institution bool) error {
	switch {
	case who != SamePerson && who != OtherPerson:
		return Refuse("unknown_who")
	case who == OtherPerson && !institution:
		return Refuse("person_not_here")
	case !slices.Contains(seen, SeenID):
		return Refuse("id_not_seen")
	case who == OtherPerson && !slices.Contains(seen, SeenLetter):
		return Refuse("letter_not_seen")
	}
	return CheckReason(note)
}

// RecoverOn is the day from which a recovery that is agreed today counts: at once where nobody could have been told of it.
func RecoverOn(today Day, told bool) Day {
	if !told {
		return today
	}
	return today.AddDays(recoveryDays)
}
