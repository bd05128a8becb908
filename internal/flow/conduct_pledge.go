package flow

// The yearly pledge of neutrality, and the register of gifts and offers.

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// PledgeVersion names the text that is pledged; another text is pledged anew.
const PledgeVersion = "2026-11"

// pledgeMonth is the month in which the next year's pledge can be made, so that nobody is without one on the first of January.
const pledgeMonth = "12"

// PledgeUntil returns the last day of a pledge that is made today: of this year, in its last month of the next.
func PledgeUntil(today Day) Day { return Day(pledgeYear(today) + "-12-31") }

// PledgeAskOn returns the day on which a pledge that is made today has to be made again: the first of the month before it ends.
func PledgeAskOn(today Day) Day { return Day(pledgeYear(today) + "-" + pledgeMonth + "-01") }

func pledgeYear(today Day) string {
	year, _ := strconv.Atoi(string(today[:4]))
	if string(today[5:7]) == pledgeMonth {
		year++
	}
	return strconv.Itoa(year)
}

// CheckPledge refuses a pledge of another text than the present one.
func CheckPledge(version string) error {
	if version != PledgeVersion {
		return Refuse("pledge_needed")
	}
	return nil
}

// What can be offered, and what can be done about it.
var (
	GiftKinds = []string{"gift", "meal", "money", "plea", "other"}
	GiftWays  = []string{"declined", "returned", "handed_in", "kept"}
)

// Gift is what was offered to a colleague.
type Gift struct {
	Kind  string `json:"kind"`
	What  string `json:"what"`
	Giver string `json:"giver"`
	Day   string `json:"day"`
	How   string `json:"how"`
	Case  string `json:"case,omitempty"` // the reference of the case that it had to do with
	Adds  string `json:"adds,omitempty"` // to a gift that was registered before
}

// GiftRunes is how much can be said about a gift.
const GiftRunes = 500

// CheckGift refuses an unknown kind (gift_kind) or way (gift_how), nothing or too much said (gift_what, text_too_long), and a day
// that is to come or long over (gift_day).
func CheckGift(g Gift, today Day) error {
	what, giver := utf8.RuneCountInString(strings.TrimSpace(g.What)), utf8.RuneCountInString(g.Giver)
	switch day := Day(g.Day); {
	case !slices.Contains(GiftKinds, g.Kind):
		return Refuse("gift_kind")
	case !slices.Contains(GiftWays, g.How):
		return Refuse("gift_how")
	case what < 2:
		return Refuse("gift_what")
	case what > GiftRunes || giver > GiftRunes:
		return Refuse("text_too_long", strconv.Itoa(GiftRunes))
	case !day.Valid() || day.After(today) || day.Before(today.AddDays(-366)):
		return Refuse("gift_day")
	}
	return nil
}
