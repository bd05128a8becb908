package individual

// What can be found out about a person's application without asking anybody: the number and the card by themselves, the
// pictures by their measures, and which of the alternative documents came.

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/certdesk/certdesk/plugins/sdk"
)

// Ages at which a reviewer is told to look twice.
const (
	adult   = 18
	veryOld = 110
)

// Check looks over a submitted form.
func (certification) Check(_ context.Context, req sdk.CheckRequest) ([]sdk.Finding, error) {
	say, err := phrases()
	if err != nil {
		return nil, err
	}
	a := req.Answers
	id, found := sdk.Identity("resident_id", "identity", a["resident_id"], req.Today)
	found = append(found, person(say, id, a["address"], req.Today)...)
	found = append(found, sdk.RareCharacters("name", "identity", a["name"])...)
	found = append(found, sdk.Until("card_until", "card_valid", a["card_until"], req.Today)...)
	found = append(found, sdk.IdentityCard("card_until", "card_valid", id, a["card_until"], req.Today)...)
	found = append(found, sdk.Pictures(req.Evidence)...)
	return append(found, documents(say, req.Evidence)...), nil
}

func person(say sdk.Phrases, id sdk.ResidentID, address, today string) []sdk.Finding {
	if id.Number == "" {
		return nil
	}
	var found []sdk.Finding
	switch age := id.Age(today); {
	case age < adult:
		found = append(found, say.Say("minor", "age", strconv.Itoa(age)))
	case age > veryOld:
		found = append(found, say.Say("very_old", "age", strconv.Itoa(age)))
	}
	if id.Card == sdk.CardResident && address != "" && !strings.Contains(address, id.Province.ZhHans) {
		f := say.Say("province_differs", "province", id.Province.ZhHans)
		f.Text.En = say.Say("province_differs", "province", id.Province.En).Text.En
		found = append(found, f)
	}
	return found
}

// documents says which of household register and insurance record came, and whether a proof of work did.
func documents(say sdk.Phrases, evidence []sdk.Fact) []sdk.Finding {
	has := func(slot string) bool {
		return slices.ContainsFunc(evidence, func(f sdk.Fact) bool { return f.Slot == slot })
	}
	var found []sdk.Finding
	switch {
	case has("household"):
	case has("social_record"):
		found = append(found, say.Say("only_record"))
	default:
		found = append(found, say.Say("no_residence"))
	}
	if has("work_proof") {
		found = append(found, say.Say("work_given"))
	}
	return found
}

// Recheck looks over a certificate again: has the identity card expired since?
func (certification) Recheck(_ context.Context, req sdk.RecheckRequest) ([]sdk.Finding, error) {
	return sdk.Expired("card_until", req.Answers["card_until"], req.Today), nil
}
