package check

import (
	"strings"
	"testing"

	"github.com/certdesk/certdesk/plugins/sdk"
)

func TestDescriptionSound(t *testing.T) {
	for _, err := range Description(sample()) {
		t.Error(err)
	}
}

// TestDescriptionWrong breaks one thing at a time: exactly that has to be told.
func TestDescriptionWrong(t *testing.T) {
	for want, change := range map[string]func(*sdk.Type){
		`id: "Sample"`:                             func(t *sdk.Type) { t.ID = "Sample" },
		`version: "1.0"`:                           func(t *sdk.Type) { t.Version = "1.0" },
		"name (en): the text is missing":           func(t *sdk.Type) { t.Name.En = "" },
		"summary (zh-Hans): the text has more":     func(t *sdk.Type) { t.Summary.ZhHans = strings.Repeat("长", 300) },
		"proves (en): the text has spaces":         func(t *sdk.Type) { t.Proves.En = "True " },
		"proves (zh-Hans): the text has char":      func(t *sdk.Type) { t.Proves.ZhHans = "真\u202e的" },
		"proves (en): the text has characters":     func(t *sdk.Type) { t.Proves.En = "two\nlines" },
		"letters.passed (en): the text has char":   func(t *sdk.Type) { t.Letters.Passed.En = "a\x00b" },
		"letters.notPassed (en): the text is miss": func(t *sdk.Type) { t.Letters.NotPassed.ZhHans = "不" },
		"holders: nobody":                          func(t *sdk.Type) { t.Holders = nil },
		`holders: "dog"`:                           func(t *sdk.Type) { t.Holders = []sdk.HolderKind{"dog"} },
		"page lives: the ID \"lives\" is there":    func(t *sdk.Type) { t.Pages[6].ID = "lives" },
		"page card: a page of several questions":   func(t *sdk.Type) { t.Pages[1].Title = sdk.Text{} },
		"page empty questions: there are 0":        func(t *sdk.Type) { t.Pages = append(t.Pages, sdk.Page{ID: "empty"}) },
		`slot photo: the ID "photo" is there`:      func(t *sdk.Type) { t.Pages[6].Questions[0].ID = "photo" },
		`question mail: the kind "telepathy"`:      func(t *sdk.Type) { t.Pages[6].Questions[0].Kind = "telepathy" },
		"question years: a number needs":           func(t *sdk.Type) { t.Pages[5].Questions[0].Max = 0 },
		"question lives options: there are 1": func(t *sdk.Type) {
			t.Pages[2].Questions[0].Options = t.Pages[2].Questions[0].Options[1:]
		},
		`question lives: the value "away"`:        func(t *sdk.Type) { o := t.Pages[2].Questions[0].Options; o[0] = o[1] },
		"question mail: only a choice":            func(t *sdk.Type) { t.Pages[6].Questions[0].Options = t.Pages[2].Questions[0].Options },
		"page where: its condition names the q":   func(t *sdk.Type) { t.Pages[3].When = &sdk.When{Question: "works", Is: "yes"} },
		"page where: its condition names name":    func(t *sdk.Type) { t.Pages[3].When = &sdk.When{Question: "name", Is: "x"} },
		`page where: its condition waits for "x"`: func(t *sdk.Type) { t.Pages[3].When = &sdk.When{Question: "lives", Is: "x"} },
		`slot proof: its condition names the qu`:  func(t *sdk.Type) { t.Slots[3].When = &sdk.When{Question: "gone", Is: "x"} },
		`slot proof: it accepts "text/html"`:      func(t *sdk.Type) { t.Slots[3].Accept = []string{"text/html"} },
		`slot proof: its end is "name"`:           func(t *sdk.Type) { t.Slots[3].Expires = "name" },
		`slot book: its group "home" needs two`:   func(t *sdk.Type) { t.Slots[2].OneOf = "" },
		"slot book: it is optional and one of":    func(t *sdk.Type) { t.Slots[1].Optional = true },
		"slot book: its group \"home\" has slots": func(t *sdk.Type) { t.Slots[2].When = &sdk.When{Question: "lives", Is: "away"} },
		"slot photo files: -1":                    func(t *sdk.Type) { t.Slots[0].Files = -1 },
		"slot form form lines: there are 0":       func(t *sdk.Type) { t.Slots[4].Form.Lines = nil },
		"slot form form title (en)":               func(t *sdk.Type) { t.Slots[4].Form.Title.En = "" },
		"attested: a type is attested exactly":    func(t *sdk.Type) { t.Attested = false },
		"checklist: there are 0":                  func(t *sdk.Type) { t.Checklist = nil },
		"checklist: at least one item":            func(t *sdk.Type) { t.Checklist[0].Optional = true },
		"item same ways: there are 0":             func(t *sdk.Type) { t.Checklist[0].Ways = nil },
		`item same: the lookup "http:`:            func(t *sdk.Type) { t.Checklist[0].Lookup.URL = "http://example.com" },
		`item same: the lookup "https://a@`:       func(t *sdk.Type) { t.Checklist[0].Lookup.URL = "https://a@example.com" },
		`item same: it names the question "gone"`: func(t *sdk.Type) { t.Checklist[0].Copy = "gone" },
		`item same: it names the slot "gone"`:     func(t *sdk.Type) { t.Checklist[0].Slot = "gone" },
		`item same: its reason "gone"`:            func(t *sdk.Type) { t.Checklist[0].Reasons = []string{"blurred", "gone"} },
		"item same: a required item needs":        func(t *sdk.Type) { t.Checklist[0].Reasons = nil },
		`item home: its condition waits for "x"`:  func(t *sdk.Type) { t.Checklist[1].When = &sdk.When{Question: "lives", Is: "x"} },
		`reason forged: the ID "forged" is there`: func(t *sdk.Type) { t.Reasons = append(t.Reasons, t.Reasons[1]) },
		`reason forged: the severity "dire"`:      func(t *sdk.Type) { t.Reasons[1].Severity = "dire" },
		"reason blurred: what can be put right":   func(t *sdk.Type) { t.Reasons[0].After = -1 },
		"reason forged afterDays: -2":             func(t *sdk.Type) { t.Reasons[1].After = -2 },
		"reason forged advice (en)":               func(t *sdk.Type) { t.Reasons[1].Advice.En = "" },
		"validityMonths: 0": func(t *sdk.Type) {
			t.Validity, t.Recheck.EveryMonths, t.Recheck.NoticeDays, t.Recheck.RenewDays = 0, 0, nil, 0
		},
		"reviewDays: 0":                          func(t *sdk.Type) { t.ReviewDays = 0 },
		"correction.reopenDays: 366":             func(t *sdk.Type) { t.Correction.ReopenDays = 366 },
		"correction.remindDays: 0":               func(t *sdk.Type) { t.Correction.RemindDays = []int{0} },
		"correction.remindDays: the days":        func(t *sdk.Type) { t.Correction.RemindDays = []int{1, 3} },
		"correction.days: 0":                     func(t *sdk.Type) { t.Correction.Days = 0 },
		"recheck.everyMonths: 13":                func(t *sdk.Type) { t.Recheck.EveryMonths = 13 },
		"recheck.noticeDays: the days have to":   func(t *sdk.Type) { t.Recheck.NoticeDays = []int{7, 30} },
		"recheck.noticeDays: 0":                  func(t *sdk.Type) { t.Recheck.NoticeDays = []int{7, 0} },
		"recheck.renewDays: renewal opens only":  func(t *sdk.Type) { t.Recheck.RenewDays = 10 },
		"persons: number identifies somebody":    func(t *sdk.Type) { t.Persons[0].ID = "" },
		`persons: "mail" is no question`:         func(t *sdk.Type) { t.Persons = append(t.Persons, sdk.Person{Name: "mail"}) },
		`persons: "gone" is no question`:         func(t *sdk.Type) { t.Persons = append(t.Persons, sdk.Person{Name: "name", ID: "gone"}) },
		`holderName: "mail" is no question`:      func(t *sdk.Type) { t.HolderName = "mail" },
		"holderName: name is not asked of every": func(t *sdk.Type) { t.Pages[0].Questions[0].Optional = true },
		"holderName: the holder is not among":    func(t *sdk.Type) { t.HolderName = "where" },
		`latinName: "name" is no question`:       func(t *sdk.Type) { t.LatinName = "name" },
	} {
		typ := sample()
		change(&typ)
		wrong := Description(typ)
		found := false
		for _, err := range wrong {
			found = found || strings.HasPrefix(err.Error(), want)
		}
		if !found {
			t.Errorf("%s: told %v", want, wrong)
		}
	}
}

// TestDescriptionOfNothing holds that even the empty type is only refused.
func TestDescriptionOfNothing(t *testing.T) {
	if len(Description(sdk.Type{})) == 0 {
		t.Error("sound")
	}
}
