package institutional

// What can be found out about an institution's application without asking anybody: the credit code and what kind of
// registration it tells, the licence's end, the legal representative's number, and what the services call for.

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/certdesk/certdesk/plugins/sdk"
)

const adult = 18

// registration is a kind of registration, told by the first two characters of the credit code.
type registration struct {
	Prefix string   `json:"prefix"`
	Usual  bool     `json:"usual"` // among institutions that serve older people
	Text   sdk.Text `json:"text"`
}

var registrations = sync.OnceValues(func() ([]registration, error) {
	var all []registration
	raw, err := files.ReadFile("registrations.json")
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal(raw, &all)
})

// Check looks over a submitted form.
func (certification) Check(_ context.Context, req sdk.CheckRequest) ([]sdk.Finding, error) {
	say, err := phrases()
	if err != nil {
		return nil, err
	}
	kinds, err := registrations()
	if err != nil {
		return nil, err
	}
	a := req.Answers
	found := registered(say, kinds, a["credit_code"])
	found = append(found, sdk.Until("licence_until", "licence_valid", a["licence_until"], req.Today)...)
	id, told := sdk.Identity("legal_resident_id", "legal", a["legal_resident_id"], req.Today)
	found = append(found, told...)
	if id.Number != "" && id.Age(req.Today) < adult {
		found = append(found, say.Say("legal_minor", "age", strconv.Itoa(id.Age(req.Today))))
	}
	found = append(found, sdk.RareCharacters("legal_name", "legal", a["legal_name"])...)
	if a["contact_name"] != "" && a["contact_name"] == a["legal_name"] {
		found = append(found, say.Say("contact_is_legal"))
	}
	found = append(found, services(say, a)...)
	return append(found, sdk.Pictures(req.Evidence)...), nil
}

// registered says what the credit code tells by itself. No code, no finding.
func registered(say sdk.Phrases, kinds []registration, raw string) []sdk.Finding {
	if raw == "" {
		return nil
	}
	code, err := sdk.ParseCreditCode(raw)
	if err != nil {
		return []sdk.Finding{say.Say("code_wrong")}
	}
	at := slices.IndexFunc(kinds, func(r registration) bool { return strings.HasPrefix(code, r.Prefix) })
	if at < 0 {
		return []sdk.Finding{say.Say("registered_unknown", "prefix", code[:2])}
	}
	finding := "registered_as"
	if !kinds[at].Usual {
		finding = "registered_unusual"
	}
	f := say.Say(finding, "kind", kinds[at].Text.ZhHans)
	f.Text.En = say.Say(finding, "kind", kinds[at].Text.En).Text.En
	return []sdk.Finding{f}
}

// services says what the chosen services call for.
func services(say sdk.Phrases, a sdk.Answers) []sdk.Finding {
	scope := strings.Split(a["scope"], "\n")
	var found []sdk.Finding
	if slices.Contains(scope, "medical") {
		found = append(found, say.Say("scope_medical"))
	}
	if slices.Contains(scope, "other") {
		found = append(found, say.Say("scope_other"))
	}
	if slices.Contains(scope, "residential") && strings.HasPrefix(a["credit_code"], "92") {
		found = append(found, say.Say("sole_scope"))
	}
	return found
}

// Recheck looks over a certificate again: has the licence expired since?
func (certification) Recheck(_ context.Context, req sdk.RecheckRequest) ([]sdk.Finding, error) {
	return sdk.Expired("licence_until", req.Answers["licence_until"], req.Today), nil
}
