package pension

// What can be found out about a pensioner's proof without asking anybody: the number and the card by themselves, the
// pictures by their measures, and what the place of living calls for. Whether somebody is alive only a person can see.

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// Ages at which a reviewer is told to look twice: before the earliest usual pension, and beyond most lives.
const (
	pensionable = 50
	veryOld     = 100
)

// Check looks over a submitted form.
func (certification) Check(_ context.Context, req sdk.CheckRequest) ([]sdk.Finding, error) {
	say, err := phrases()
	if err != nil {
		return nil, err
	}
	a := req.Answers
	id, found := sdk.Identity("resident_id", "identity", a["resident_id"], req.Today)
	if id.Number != "" {
		found = append(found, age(say, id.Age(req.Today))...)
	}
	found = append(found, sdk.RareCharacters("name", "identity", a["name"])...)
	found = append(found, sdk.Until("card_until", "card_valid", a["card_until"], req.Today)...)
	found = append(found, sdk.IdentityCard("card_until", "card_valid", id, a["card_until"], req.Today)...)
	found = append(found, lives(say, a)...)
	found = append(found, photo(say, req.Evidence))
	return append(found, sdk.Pictures(req.Evidence)...), nil
}

func age(say sdk.Phrases, years int) []sdk.Finding {
	switch {
	case years < pensionable:
		return []sdk.Finding{say.Say("young", "age", strconv.Itoa(years))}
	case years > veryOld:
		return []sdk.Finding{say.Say("very_old", "age", strconv.Itoa(years))}
	}
	return nil
}

func lives(say sdk.Phrases, a sdk.Answers) []sdk.Finding {
	phone := a["phone"]
	switch {
	case a["lives"] == "abroad":
		return []sdk.Finding{say.Say("lives_abroad")}
	case a["lives"] == "mainland" && phone != "" && !strings.HasPrefix(phone, "+86"):
		return []sdk.Finding{say.Say("phone_elsewhere")}
	}
	return nil
}

// photo says what to look for in the photo, or that an attestation stands in for it: without either nothing is submitted.
func photo(say sdk.Phrases, evidence []sdk.Fact) sdk.Finding {
	if slices.ContainsFunc(evidence, func(f sdk.Fact) bool { return f.Slot == "photo" }) {
		return say.Say("look_for_code")
	}
	return say.Say("attested")
}

// Recheck looks over a certificate again: has the identity card expired since?
func (certification) Recheck(_ context.Context, req sdk.RecheckRequest) ([]sdk.Finding, error) {
	return sdk.Expired("card_until", req.Answers["card_until"], req.Today), nil
}
