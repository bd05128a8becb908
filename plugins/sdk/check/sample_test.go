package check

import "github.com/certdesk/certdesk/plugins/sdk"

const today = "2026-11-23"

func say(zh, en string) sdk.Text { return sdk.Text{ZhHans: zh, En: en} }

func ask(id string, kind sdk.Kind) sdk.Question {
	return sdk.Question{ID: id, Kind: kind, Label: say("问"+id, "ask "+id), Short: say(id, id)}
}

// sample is a sound type with every kind of thing in it; each call returns one of its own.
func sample() sdk.Type {
	lives := ask("lives", sdk.KindChoice)
	lives.Options = []sdk.Option{{Value: "here", Label: say("这里", "here")}, {Value: "away", Label: say("外地", "away")}}
	works := ask("works", sdk.KindYesNo)
	years := ask("years", sdk.KindNumber)
	years.Min, years.Max = 1, 80
	mail := ask("mail", sdk.KindEmail)
	mail.Optional = true
	page := func(q sdk.Question, w *sdk.When) sdk.Page {
		return sdk.Page{ID: q.ID, Questions: []sdk.Question{q}, When: w}
	}
	away := &sdk.When{Question: "lives", Is: "away"}
	slot := func(id string) sdk.Slot { return sdk.Slot{ID: id, Name: say(id+"片", id+" picture")} }
	photo, book, record, proof, form := slot("photo"), slot("book"), slot("record"), slot("proof"), slot("form")
	photo.Attestable, photo.DayCode, photo.Expires = true, true, "card_until"
	book.OneOf, record.OneOf, record.Files = "home", "home", 2
	proof.When = away
	form.Optional = true
	form.Form = &sdk.Form{Title: say("表", "Form"), Body: []sdk.Text{say("兹证明", "We certify")}, Lines: []sdk.Text{say("姓名", "Name")}}
	return sdk.Type{
		ID: "sample", Version: "1.0.0", Name: say("样例", "Sample"), Summary: say("试", "Trial"), Proves: say("真", "True"),
		Holders: []sdk.HolderKind{sdk.HolderPerson},
		Pages: []sdk.Page{
			page(ask("name", sdk.KindName), nil),
			{ID: "card", Title: say("证件", "Card"), Questions: []sdk.Question{ask("number", sdk.KindResidentID), ask("card_until", sdk.KindValidUntil)}},
			page(lives, nil), page(ask("where", sdk.KindText), away), page(works, away),
			page(years, &sdk.When{Question: "works", Is: "yes"}), page(mail, nil),
		},
		Slots: []sdk.Slot{photo, book, record, proof, form},
		Checklist: []sdk.Item{
			{ID: "same", Text: say("同", "Same"), Ways: []sdk.Text{say("看", "Look")}, Lookup: &sdk.Lookup{Label: say("查", "Look up"), URL: "https://example.com/x"},
				Copy: "number", Slot: "photo", Question: "name", Reasons: []string{"blurred"}},
			{ID: "home", Optional: true, Text: say("家", "Home"), Ways: []sdk.Text{say("看", "Look")}, When: away},
		},
		Reasons: []sdk.Reason{
			{ID: "blurred", Severity: sdk.Fixable, Text: say("糊", "Blurred"), Advice: say("重拍", "Again")},
			{ID: "forged", Severity: sdk.Fatal, Text: say("假", "Forged"), Advice: say("申诉", "Appeal"), After: -1},
		},
		Letters:  sdk.Letters{Passed: say("好。\n\n谢谢。", "Good.\n\nThanks.")},
		Validity: 12, ReviewDays: 5, Attested: true, Correction: sdk.Correction{Rounds: 2, Days: 10},
		Recheck: sdk.RecheckPlan{EveryMonths: 6, NoticeDays: []int{30, 7, 1}, RenewDays: 60},
		Persons: []sdk.Person{{Name: "name", ID: "number"}}, HolderName: "name",
	}
}

func here() sdk.Answers {
	return sdk.Answers{"name": "王秀英", "number": "11010519491231002X", "card_until": "2030-01-01", "lives": "here"}
}

func away() sdk.Answers {
	a := here()
	a["lives"], a["where"], a["works"], a["years"] = "away", "上海", "yes", "3"
	return a
}
