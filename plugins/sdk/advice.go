package sdk

// Findings that many types share: is a picture fit to be read, is a card still valid, what does a number say.

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// What a picture has to reach, and how long before its end a document is said to end soon.
const (
	Sharp    = 60  // Fact.Blur below it looks blurred
	Readable = 600 // pixels of the shorter side
	SoonDays = 30
)

//go:embed findings.json
var findingsJSON []byte

var shared = func() Phrases {
	p := Phrases{}
	for _, f := range mustRead[[]Finding](findingsJSON) {
		p[f.Code] = f
	}
	return p
}()

// About says what a finding points at.
func (f Finding) About(question, slot, item string) Finding {
	f.Question, f.Slot, f.Item = question, slot, item
	return f
}

// Pictures says which pictures look blurred (blurred) or too small (small), and which two slots seem to hold the same
// file (same_file). Each finding points at its slot.
func Pictures(evidence []Fact) []Finding {
	var found []Finding
	for i, e := range evidence {
		if e.Blur > 0 && e.Blur < Sharp {
			found = append(found, shared.Say("blurred").About("", e.Slot, ""))
		}
		if short := min(e.Width, e.Height); short > 0 && short < Readable {
			found = append(found, shared.Say("small", "width", strconv.Itoa(e.Width), "height", strconv.Itoa(e.Height)).About("", e.Slot, ""))
		}
		if slices.ContainsFunc(evidence[:i], func(o Fact) bool { return o.Slot != e.Slot && sameFile(o, e) }) {
			found = append(found, shared.Say("same_file").About("", e.Slot, ""))
		}
	}
	return found
}

// sameFile says that two files agree in all that is known of them, which two photographs hardly ever do.
func sameFile(a, b Fact) bool {
	a.Slot = b.Slot
	return a == b && a.Bytes > 0 && a.Blur > 0
}

// Until says whether the document whose end the answer to question gives has ended (expired), ends soon (ends_soon) or
// holds (in_date). No answer, no finding; an answer that is no date is unreadable_date.
func Until(question, item, until, today string) []Finding {
	if until == "" {
		return nil
	}
	say := func(code string) []Finding {
		return []Finding{shared.Say(code, "date", until).About(question, "", item)}
	}
	if until == "long" {
		return say("in_date_long")
	}
	end, err := time.Parse(time.DateOnly, until)
	now, err2 := time.Parse(time.DateOnly, today)
	switch {
	case err != nil || err2 != nil:
		return say("unreadable_date")
	case end.Before(now):
		return say("expired")
	case end.Before(now.AddDate(0, 0, SoonDays+1)):
		return say("ends_soon")
	}
	return say("in_date")
}

// Expired is what a re-check has to say of a document: expired if it has ended since, otherwise nothing.
func Expired(question, until, today string) []Finding {
	return slices.DeleteFunc(Until(question, "", until, today), func(f Finding) bool { return f.Code != "expired" })
}

// Identity says what a number of the form of GB 11643 tells: birth date, sex and age (id_reads), that it cannot be
// (id_wrong), that it is on another card than the usual one (id_permit, id_permanent). No answer, no finding.
func Identity(question, item, number, today string) (ResidentID, []Finding) {
	if number == "" {
		return ResidentID{}, nil
	}
	now, err := time.Parse(time.DateOnly, today)
	id, err2 := ParseResidentID(number, now)
	if err != nil || err2 != nil {
		return ResidentID{}, []Finding{shared.Say("id_wrong").About(question, "", item)}
	}
	sex := sexes[id.Sex]
	reads := shared.Say("id_reads", "birth", id.Birth, "age", strconv.Itoa(id.Age(today)))
	reads.Text = Text{
		ZhHans: strings.ReplaceAll(reads.Text.ZhHans, "{sex}", sex.ZhHans),
		En:     strings.ReplaceAll(reads.Text.En, "{sex}", sex.En),
	}
	found := []Finding{reads.About(question, "", item)}
	if code := "id_" + string(id.Card); id.Card != CardResident {
		found = append(found, shared.Say(code).About(question, "", item))
	}
	return id, found
}

// IdentityCard says what is unusual about how long a resident identity card holds for somebody of that age: cards
// without an end are given from 46 years on (long_young), others hold 20 years at most (too_long).
func IdentityCard(question, item string, id ResidentID, until, today string) []Finding {
	now, err := time.Parse(time.DateOnly, today)
	if id.Card != CardResident || until == "" || err != nil {
		return nil
	}
	if until == "long" {
		if id.Age(today) < 46 {
			return []Finding{shared.Say("long_young", "age", strconv.Itoa(id.Age(today))).About(question, "", item)}
		}
		return nil
	}
	if until > now.AddDate(20, 0, 0).Format(time.DateOnly) {
		return []Finding{shared.Say("too_long", "date", until).About(question, "", item)}
	}
	return nil
}

// RareCharacters names the characters of a name that many fonts lack, so that the certificate is looked at.
func RareCharacters(question, item, name string) []Finding {
	var rare []string
	for _, r := range name {
		if utf8.RuneLen(r) == 4 {
			rare = append(rare, string(r))
		}
	}
	if len(rare) == 0 {
		return nil
	}
	return []Finding{shared.Say("rare_character", "characters", strings.Join(rare, " ")).About(question, "", item)}
}

// SexText returns the sex in words; empty for an empty ID.
func (id ResidentID) SexText() Text { return sexes[id.Sex] }

//go:embed sexes.json
var sexesJSON []byte

var sexes = mustRead[map[string]Text](sexesJSON)
