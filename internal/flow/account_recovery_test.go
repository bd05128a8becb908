package flow

import "testing"

func TestCheckLost(t *testing.T) {
	id, both := []string{SeenID}, []string{SeenID, SeenLetter}
	for name, c := range map[string]struct {
		who         string
		seen        []string
		note        string
		institution bool
		want        string
	}{
		"a person with the card":              {SamePerson, id, "手机丢了", false, ""},
		"a person for an institution":         {SamePerson, id, "手机丢了", true, ""},
		"somebody else with card and letter":  {OtherPerson, both, "前任离职", true, ""},
		"nobody says who":                     {"", both, "手机丢了", true, "unknown_who"},
		"somebody else for a person":          {OtherPerson, both, "她是我妈", false, "person_not_here"},
		"without the card":                    {SamePerson, nil, "手机丢了", false, "id_not_seen"},
		"a letter is no card":                 {SamePerson, []string{SeenLetter}, "手机丢了", true, "id_not_seen"},
		"somebody else without the letter":    {OtherPerson, id, "前任离职", true, "letter_not_seen"},
		"a word of which nobody learns a why": {SamePerson, id, " 丢 ", false, "reason_needed"},
	} {
		err := CheckLost(c.who, c.seen, c.note, c.institution)
		if c.want == "" && err != nil || c.want != "" && !Refused(err, c.want) {
			t.Errorf("%s: %v, not %q", name, err, c.want)
		}
	}
}

func TestRecoverOn(t *testing.T) {
	if got := RecoverOn("2026-12-30", true); got != "2027-01-02" {
		t.Error("whoever has it was told:", got)
	}
	if got := RecoverOn("2026-12-30", false); got != "2026-12-30" {
		t.Error("nobody has it:", got)
	}
}
