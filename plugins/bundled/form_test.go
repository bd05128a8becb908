package bundled

import (
	"maps"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

func told(problems []sdk.Problem) string {
	var all []string
	for _, p := range problems {
		all = append(all, p.Field+":"+p.Code)
	}
	return strings.Join(all, " ")
}

// filled returns one file for each slot that has to be filled.
func filled(typ sdk.Type, a sdk.Answers) map[string]int {
	have, groups := map[string]int{}, map[string]bool{}
	for _, s := range check.Slots(typ, a) {
		if !s.Optional && !groups[s.OneOf] {
			have[s.ID] = 1
			groups[s.OneOf] = s.OneOf != ""
		}
	}
	return have
}

// TestExamplesAreComplete enters each example page by page, as an applicant does, and then submits it.
func TestExamplesAreComplete(t *testing.T) {
	for _, b := range all {
		typ, example, entered := b.describe(t), b.example(), sdk.Answers{}
		for page, ok := check.Next(typ, entered, ""); ok; page, ok = check.Next(typ, entered, page.ID) {
			raw := map[string]string{}
			for _, q := range page.Questions {
				raw[q.ID] = example[q.ID]
			}
			norm, problems := check.Page(typ, page.ID, raw, entered, today)
			if len(problems) > 0 {
				t.Errorf("%s %s: %s", b.id, page.ID, told(problems))
			}
			maps.Copy(entered, norm)
		}
		if !maps.Equal(entered, example) {
			t.Errorf("%s: entered %v", b.id, entered)
		}
		if problems := check.Form(typ, example, filled(typ, example), false, today); len(problems) > 0 {
			t.Errorf("%s: %s", b.id, told(problems))
		}
	}
}

// TestBrokenForms breaks one thing in each example: exactly that is told, and no other.
func TestBrokenForms(t *testing.T) {
	with := func(pairs ...string) func(sdk.Answers, map[string]int) {
		return func(a sdk.Answers, _ map[string]int) {
			for i := 0; i < len(pairs); i += 2 {
				a[pairs[i]] = pairs[i+1]
				if pairs[i+1] == "" {
					delete(a, pairs[i])
				}
			}
		}
	}
	without := func(slots ...string) func(sdk.Answers, map[string]int) {
		return func(_ sdk.Answers, have map[string]int) {
			for _, s := range slots {
				delete(have, s)
			}
		}
	}
	for _, b := range all {
		typ := b.describe(t)
		for want, change := range map[string]map[string]func(sdk.Answers, map[string]int){
			"individual": {
				"":                            with("latin_name", "", "phone", ""),
				"name:required":               with("name", ""),
				"name:name_characters":        with("name", "Wang Xiuying"),
				"resident_id:id_checksum":     with("resident_id", "110105194912310020"),
				"resident_id:id_date":         with("resident_id", "11010519491331002X"),
				"resident_id:id_length":       with("resident_id", "110105491231002"),
				"card_until:valid_passed":     with("card_until", "2026-11-22"),
				"card_until:date_real":        with("card_until", "2027-02-29"),
				"address:required":            with("address", ""),
				"address:text_length":         with("address", strings.Repeat("路", 121)),
				"phone:phone_length":          with("phone", "123"),
				"latin_name:latin_characters": with("latin_name", "王"),
				"id_front:slot_missing":       without("id_front"),
				"id_back:slot_missing":        without("id_back"),
				"household:group_missing":     without("household"),
			},
			"institutional": {
				"":                              with("scope", "medical"),
				"credit_code:credit_checksum":   with("credit_code", "52110105MJ00000010"),
				"credit_code:credit_characters": with("credit_code", "52110105MJ000000I0"),
				"licence_until:valid_passed":    with("licence_until", "2020-01-01"),
				"legal_resident_id:id_province": with("legal_resident_id", "200105196801010031"),
				"legal_name:required":           with("legal_name", ""),
				"contact_phone:required":        with("contact_phone", ""),
				"contact_name:name_length":      with("contact_name", "周"),
				"scope:required_choice":         with("scope", ""),
				"scope:choice_unknown":          with("scope", "gambling"),
				"scope_other:required":          with("scope", "other"),
				"licence:slot_missing":          without("licence"),
				"legal_id_front:slot_missing":   without("legal_id_front"),
				"authorization:slot_missing":    without("authorization"),
			},
			"pension": {
				"":                        with("phone", ""),
				"lives:required_choice":   with("lives", ""),
				"region:required_choice":  with("lives", "hmt", "region_address", "九龙"),
				"country:required":        with("lives", "abroad", "country_address", "1 Example Street"),
				"address:required":        with("address", ""),
				"resident_id:id_future":   with("resident_id", "110101203003080013"),
				"card_until:valid_passed": with("card_until", "2026-11-22"),
				"photo:slot_missing":      without("photo"),
				"id_front:slot_missing":   without("id_front"),
			},
		}[b.id] {
			a := b.example()
			have := filled(typ, a)
			change(a, have)
			for _, s := range check.Slots(typ, a) { // slots that only the change has brought along
				if s.When != nil {
					have[s.ID] = 1
				}
			}
			if got := told(check.Form(typ, a, have, false, today)); got != want {
				t.Errorf("%s: told %q, want %q", b.id, got, want)
			}
		}
	}
}

// TestConditionalSlots holds that the documents of some answers are asked for, and only then.
func TestConditionalSlots(t *testing.T) {
	for _, c := range []struct {
		at              int
		question, value string
		want            string
	}{
		{1, "scope", "medical", "medical_licence:slot_missing"},
		{1, "scope", "meals", ""},
		{2, "lives", "abroad", "abroad_document:slot_missing"},
	} {
		typ, a := all[c.at].describe(t), all[c.at].example()
		have := filled(typ, a)
		a[c.question] = c.value
		a["country"], a["country_address"] = "加拿大", "1 Example Street"
		if got := told(check.Form(typ, a, have, false, today)); got != c.want {
			t.Errorf("%s: %q, want %q", c.value, got, c.want)
		}
	}
}

// TestAttestation holds that presence attested by a member of staff stands in for the photo, and for nothing else.
func TestAttestation(t *testing.T) {
	typ, a := all[2].describe(t), all[2].example()
	if got := told(check.Form(typ, a, nil, true, today)); got != "id_front:slot_missing" {
		t.Error(got)
	}
	typ, a = all[0].describe(t), all[0].example()
	if got := told(check.Form(typ, a, nil, true, today)); got != "id_front:slot_missing id_back:slot_missing household:group_missing" {
		t.Error(got)
	}
}

// TestDerived holds what the summary shows without asking.
func TestDerived(t *testing.T) {
	want := []map[string]string{
		{"resident_id": "1949-12-31 female"}, {"legal_resident_id": "1968-01-01 male"}, {"resident_id": "1952-03-08 male"},
	}
	for i, b := range all {
		got := map[string]string{}
		for q, id := range check.Facts(b.describe(t), b.example()) {
			got[q] = id.Birth + " " + id.Sex
		}
		if !maps.Equal(got, want[i]) {
			t.Errorf("%s: %v", b.id, got)
		}
	}
}

// TestExampleIsACopy holds that who changes an example changes nobody else's.
func TestExampleIsACopy(t *testing.T) {
	for _, b := range all {
		clear(b.example())
		if len(b.example()) == 0 {
			t.Error(b.id)
		}
	}
}
