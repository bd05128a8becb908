package ui

// Views to render in tests, at least one for each page, in both languages, with what tends to break: long names, many
// lines, errors, empty lists.

import "strings"

type sample struct {
	name string // of the page
	as   string // which of its samples, "" the first
	view any
}

const longName = "内蒙古自治区鄂尔多斯市康巴什区云杉里养老服务中心有限责任公司"

func samples(lang string) []sample {
	tr := func(zh, en string) string {
		if lang == "en" {
			return en
		}
		return zh
	}
	form := func(action string) Form { return Form{Action: action, Rev: "7", Values: map[string]string{}} }
	broken := func(action, field, text string, values ...string) Form {
		f := form(action)
		f.Errors = []FieldError{{field, text}}
		for i := 0; i+1 < len(values); i += 2 {
			f.Values[values[i]] = values[i+1]
		}
		return f
	}
	personal := tr("个人认证", "Personal certification")
	idFront, idBack, book := tr("身份证 人像面", "ID card, front"), tr("身份证 国徽面", "ID card, back"), tr("户口本 本人页", "Household register, own page")
	cards := []TypeCard{
		{"individual", personal, tr("证明您本人的身份", "Confirms who you are"), []string{idFront, idBack, book}, Expected{0, 0, 2, 20}},
		{"institutional", tr("机构认证", "Institutional certification"), tr("证明养老服务机构的资质", "Confirms the standing of a body that serves older people"), []string{tr("营业执照", "Business licence"), tr("授权书", "Letter of authority")}, Expected{0, 0, 4, 20}},
		{"pension", tr("养老待遇资格认证", "Proof of life for pensions"), tr("每年一次，证明可以继续领取", "Once a year: the pension may go on"), []string{tr("本人近照", "A recent photo")}, Expected{0, 0, 1, 20}}}
	draft := Case{ID: "a1", Type: personal, Kind: "new"}
	father := Case{ID: "a1", Type: personal, Kind: "new", Holder: "王德福", Ref: "R-2026-004305"}
	changing := Case{ID: "a3", Type: personal, Kind: "change"}
	whatChanged := func(wrong string) Field {
		return Field{Name: "changes", Kind: "choices", Heading: true, Label: tr("哪些信息变了？", "What has changed?"), Hint: tr("可以选几项。", "Tick all that apply."), Error: wrong, Options: []Option{
			{"card", tr("身份证换了新的", "The identity card was renewed"), tr("号码没变，换了一张新证。", "The number is the same, the card is new."), true}, {"address", tr("户籍地址变了", "The registered address has changed"), "", false}, {"phone", tr("换了电话", "The phone has changed"), "", false}}}
	}
	file := File{ID: "d1", Name: "IMG_20261118.jpg", Size: "1.8 MB", At: "2026-11-18 08:57", Pages: 1, Thumb: "/t.svg", View: "/v.svg", Remove: "/applications/a1/documents/d1/remove"}
	blurred := file
	blurred.Blurred, blurred.Pages, blurred.Name = true, 3, strings.Repeat("扫描件", 12)+".pdf"
	history := []Event{{"submit", "2026-11-18 09:12", "you", ""}, {"assign", "2026-11-18 09:12", "desk", ""}, {"view_case", "2026-11-19 10:02", tr("审核员", "a reviewer"), ""}, {"decide", "2026-11-20 15:40", tr("审核员", "a reviewer"), ""}, {"release_result", "2026-11-20 15:45", "desk", tr("用短信告诉您", "told by text message")}}
	cert := Certificate{Form: form("/certificates/c1/show"), ID: "c1", Number: "C-2026-003108", State: "valid", Name: "王秀英", Latin: "WANG XIUYING", IDTail: "002X", Type: personal, Proves: tr("本人身份信息属实", "The holder’s identity details are true"), From: "2026-11-23", Until: "2027-11-22",
		Shows: "masked", Issuer: "长青认证中心", VerifyURL: "https://cert.example.com/v/9TRBK2M4XQ7HZD3VNC5PWE8JEV", Public: "/v/9TRBK2M4XQ7HZD3VNC5PWE8JEV", QR: "/qr.svg", QRImage: "/qr.png", Badge: "/badge.svg", Embed: `<a href="https://cert.example.com/v/9TRBK2M4XQ7HZD3VNC5PWE8JEV"><img src="https://cert.example.com/v/9TRBK2M4XQ7HZD3VNC5PWE8JEV/badge.svg" alt="长青认证中心 个人认证"></a>`,
		PDF: "/certificates/c1/pdf", Plaque: "/certificates/c1/plaque", Print: "/certificates/c1/print", Renew: "/certificates/c1/renew", RenewFrom: "2027-10-23"}
	renewable, stopped, old, house := cert, cert, cert, cert
	renewable.RenewFrom = ""
	changeable, busy := cert, cert
	changeable.Change, busy.OpenKind, busy.OpenHref = "/certificates/c1/request-change", "change", "/applications/a1"
	stopped.State, stopped.Reason, stopped.Renew, stopped.RenewFrom = "suspended", tr("身份证已过期，请补新的。", "The ID card has expired."), "", ""
	old.State, old.NewNumber, old.NewHref, old.Renew, old.RenewFrom = "superseded", "C-2027-000212", "/certificates/c2", "", ""
	house.Name, house.Institution, house.Latin, house.Shows, house.IDTail = longName, true, "", "full", ""
	public := func(state, shown string) Public {
		return Public{State: state, At: "2026-11-23 14:05", Asked: "C-2026-00310B", Number: "C-2026-003108", Name: map[string]string{"masked": "王*英", "full": longName}[shown], Shown: shown, Institution: shown == "full", Type: personal, Proves: cert.Proves, From: "2026-11-23", Until: "2027-11-22", Since: "2026-11-19", Issuer: "长青认证中心"}
	}
	kinds := func() []Field {
		return []Field{
			{Name: "q.name", Kind: "name", Label: tr("姓名", "Name"), Value: "王秀英"}, {Name: "q.latin", Kind: "latin_name", Label: tr("拼音姓名", "Name in Latin script"), Optional: true},
			{Name: "q.credit", Kind: "credit_code", Label: tr("统一社会信用代码", "Unified social credit code"), Hint: tr("18 位", "18 characters"), Error: tr("代码对不上。请对照营业执照再看。", "The code does not fit. Compare it with the licence."), Value: "91110105MA00000000"},
			{Name: "q.phone", Kind: "phone", Label: tr("手机", "Phone")}, {Name: "q.email", Kind: "email", Label: tr("邮箱", "E-mail")}, {Name: "q.text", Kind: "text", Label: tr("门牌号", "House number")},
			{Name: "q.about", Kind: "long", Label: tr("简介", "About"), Value: "第一行\n第二行"}, {Name: "q.born", Kind: "date", Label: tr("成立日期", "Founded on"), Year: "2019", Month: "3", Day: "1"},
			{Name: "q.until", Kind: "valid_until", Label: tr("身份证有效期到哪天？", "Until when is the ID card valid?"), Hint: tr("在国徽那一面", "On the back"), Error: tr("没有这个日期。", "There is no such day."), Year: "2026", Month: "2", Day: "30"},
			{Name: "q.kind", Kind: "choice", Label: tr("机构类型", "Kind of institution"), Value: "home", Options: []Option{{Value: "home", Label: tr("养老院", "Care home")}, {Value: "day", Label: tr("日间照料中心", "Day centre"), Hint: tr("不过夜", "not overnight")}}},
			{Name: "q.services", Kind: "choices", Label: tr("提供哪些服务？", "Which services?"), Value: "a\nc", Options: []Option{{Value: "a", Label: tr("照护", "Care")}, {Value: "b", Label: tr("助餐", "Meals")}, {Value: "c", Label: tr("康复", "Rehabilitation")}}},
			{Name: "q.sole", Kind: "yes_no", Label: tr("您现在住在本市吗？", "Do you live in this city now?"), Value: "no"}, {Name: "q.beds", Kind: "number", Label: tr("床位数", "Beds"), Value: "48"}}
	}
	oneQuestion := Field{Name: "q.id_number", Kind: "resident_id", Heading: true, Label: tr("您的身份证号码是多少？", "What is your ID number?"), Hint: tr("18 位，印在有照片的那一面最下面。最后一位可能是字母 X。", "18 characters, at the foot of the side with the photo. The last may be the letter X.")}
	wrongQuestion := oneQuestion
	wrongQuestion.Error, wrongQuestion.Value = tr("号码对不上。请对照身份证，一位一位再看。", "The number does not fit. Compare it with the card, character by character."), "110105 19491231 0028"
	slotView := Slot{Form: form("/applications/a1/slot/id_back"), Case: draft, Slot: "id_back", Name: idBack, Hint: tr("放在桌上，四个角都要拍到，字要看得清。", "Lay it on a table; all four corners, the writing readable."), Pictures: true, PDF: true, Camera: true, MaxMB: 10, MaxFiles: 1, Next: "/applications/a1/slot/book", Step: 7, Of: 10, Percent: 70}
	filled, failed, day, many, agree := slotView, slotView, slotView, slotView, slotView
	filled.Files = []File{file}
	failed.Form = broken("/applications/a1/slot/id_back", "file", tr("这是 HEIC 照片，用不了。苹果手机：设置 → 相机 → 格式 → 兼容性最佳，再拍一张。", "This is an HEIC photo. On an iPhone: Settings → Camera → Formats → Most Compatible."))
	day.Name, day.DayCode, day.Today, day.VisitCode, day.OneOf, day.PDF = tr("本人近照", "A recent photo"), "4821", "2026-11-23", "004217", []string{tr("到服务窗口", "At the counter")}, false
	many.Files, many.MaxFiles, many.Blank, many.Return, many.Attested, many.Optional = []File{file, blurred}, 5, "/applications/a1/slot/letter/form", true, true, true
	agree.NeedsAgree, agree.Pictures = "/consent?next=/applications/a1/slot/id_back", false
	full := many
	full.MaxFiles = 2
	answers := []Answer{{Label: tr("姓名", "Name"), Value: "王秀英", Change: "/q/1"}, {Label: tr("身份证号码", "ID number"), Value: "110105 19491231 002X", Change: "/q/2"}, {Label: tr("出生日期", "Date of birth"), Value: tr("1949 年 12 月 31 日", "31 December 1949"), Derived: true, From: tr("身份证号码", "ID number")}, {Label: tr("性别", "Sex"), Value: tr("女", "female"), Derived: true, From: tr("身份证号码", "ID number")}, {Label: tr("住址", "Address"), Value: "内蒙古自治区鄂尔多斯市康巴什区建国路 88 号 2 单元 301", Change: "/q/3"}, {Label: tr("邮箱", "E-mail"), Value: "averyverylongaddresswithoutanybreak@subdomain.example.com", Change: "/q/4"}, {Label: tr("拼音姓名", "Latin name"), Empty: true, Change: "/q/5"}}
	checked := CheckAnswers{Form: form("/applications/a1/submit"), Case: draft, Answers: answers, Slots: []SlotAnswer{{Name: idFront, Files: []File{file}, Change: "/s/1"}, {Name: idBack, Files: []File{file, blurred}, Change: "/s/2"}, {Name: tr("本人近照", "A recent photo"), Attested: true, Change: "/s/3"}, {Name: book, Empty: true, Change: "/s/4"}}, Later: "/me", Discard: "/applications/a1/discard"}
	incomplete, cooling, unsigned, changedOnly := checked, checked, checked, checked
	changedOnly.Case, changedOnly.Changes, changedOnly.Changed = changing, "/applications/a3/changes?return=yes", []string{tr("身份证换了新的", "The identity card was renewed")}
	changedOnly.Answers = []Answer{{Label: tr("姓名", "Name"), Value: "王秀英", Kept: true}, {Label: tr("身份证有效期", "Card valid until"), Value: "2046-05-10", Change: "/q/2"}}
	changedOnly.Slots = []SlotAnswer{{Name: idFront, Files: []File{file}, Change: "/s/1"}, {Name: book, Files: []File{file}, Kept: true}}
	incomplete.Missing = []Missing{{tr("还没有上传：户口本 本人页", "Still to send: household register"), "/s/4"}, {tr("身份证过期了，请换新的", "The ID card has expired"), "/q/2"}}
	cooling.Until = "2026-12-23"
	unsigned.Form = broken("/applications/a1/submit", "declared", tr("请先打钩保证内容属实，再提交。", "Please tick the declaration first."))
	anew, untrue := checked, CoolDown{Form: form("/apply/individual"), Type: personal, HolderID: "h2", Until: "2027-11-23", Days: 365, Count: 1, Within: 3650, Wait: 365, Malicious: true, Past: []PastResult{{"2026-11-20", "rejected"}}}
	toward, about := []Option{{"reviewer", tr("审核员或窗口人员", "A reviewer, or somebody at the counter"), "", false}, {"manager", tr("负责人", "The manager"), "", false}}, []Option{{"delay", tr("拖着不办", "Delay"), "", true}, {"other", tr("其他", "Something else"), "", false}}
	byReason, blocked, longer := untrue, CoolDown{Form: form("/apply/individual"), Type: personal, HolderID: "h2", Until: "2028-11-23", Days: 731, Blocked: true}, untrue
	longer.Malicious, longer.Within, longer.Count, longer.Wait, longer.Longer = false, 0, 1, 30, 180
	byReason.Malicious, byReason.Within, byReason.Count, byReason.Wait = false, 0, 1, 30
	anew.Again, anew.Refused = true, []Missing{{tr("住址：填写的户籍地址和证件上的不一样。请写到门牌号。", "Address: it differs. Please give the house number."), "/q/3"}}
	status := func(state, turn string) Status {
		return Status{Case: father, State: state, Turn: turn, Due: "2026-11-25", Expected: Expected{2, 3, 5, 40}, History: history, Withdraw: "/applications/a1/withdraw", Steps: []Step{{"submitted", "2026-11-18 09:12", "past"}, {"assigned", "2026-11-18 09:12", "past"}, {"review", "2026-11-19 10:02", "now"}, {"result", "", "next"}}}
	}
	held, joined := status("on_hold", "desk"), status("merged", "nobody")
	held.HeldUntil, held.Due = "2026-12-03", ""
	joined.Merged, joined.MergedInto, joined.Withdraw, joined.Due = "/applications/a2", "R-2026-004399", "", ""
	gone := status("withdrawn", "nobody")
	gone.Due, gone.Withdraw, gone.Again = "", "", "individual"
	remark := Remark{From: "correction", Why: tr("填写的户籍地址和证件上的不一样。", "The registered address given is not the one on your documents."), How: tr("写到门牌号，比如“建国路 88 号 2 单元 301”。", "With the house number."), Before: "北京市朝阳区建国路"}
	correct := Correction{Form: form("/applications/a1/correction"), Case: father, Due: "2026-12-10", Left: 3, Next: "/applications/a1/correction/slot/id_back", Items: []CorrectionItem{
		{Name: idBack, Kind: "slot", Href: "/s/1", Remark: Remark{From: "correction", Why: tr("证件照片看不清楚。", "A picture cannot be read."), How: tr("白天放在窗边，关掉闪光灯。", "By a window, with the flash off."), Old: []File{file}}},
		{Name: tr("住址", "Address"), Kind: "question", Href: "/s/2", Remark: remark}, {Name: tr("请您说明", "Please explain"), Kind: "free", Href: "/s/3", Remark: Remark{From: "correction", How: tr("您和户主是什么关系？", "How are you related?")}}}}
	halfway, whole, tooLate, sentLate := correct, correct, correct, correct
	halfway.Begun, halfway.Left = true, 1
	halfway.Items = append([]CorrectionItem{}, correct.Items...)
	for i := range halfway.Items[:2] {
		halfway.Items[i].Done = true
	}
	halfway.Items[0].Files, halfway.Items[1].Value = []File{blurred}, "内蒙古自治区鄂尔多斯市康巴什区建国路 88 号 2 单元 301"
	whole.Items, whole.Left, whole.Begun = halfway.Items[:2], 0, true
	tooLate.Lapsed, tooLate.Begun, tooLate.Left, tooLate.Until, tooLate.Again = true, true, 0, "2027-01-10", "individual"
	sentLate = tooLate
	sentLate.Sent = true
	awaited := status("awaiting_applicant", "you")
	awaited.Due, awaited.Correction, awaited.Steps = "2026-11-25", &correct, []Step{{"submitted", "2026-11-18 09:12", "past"}, {"waiting", "", "now"}, {"result", "", "next"}}
	lapsed := gone
	lapsed.State, lapsed.Correction = "lapsed", &tooLate
	askedQuestion := Question{Form: form("/q"), Case: father, Fields: []Field{oneQuestion}, Step: 2, Of: 3, Percent: 66, Later: "/me", Remark: &remark}
	askedWords := Question{Form: form("/q"), Case: father, Fields: []Field{{Name: "q.free-3", Kind: "long", Heading: true, Label: tr("请您说明", "Please explain")}}, Step: 3, Of: 3, Percent: 100, Later: "/me", Remark: &correct.Items[2].Remark}
	askedSlot := slotView
	askedSlot.Remark, askedSlot.Files = &correct.Items[0].Remark, []File{file}
	reasons := []Reason{{tr("户口本和身份证上，名字不一样", "The name differs between your household register and your ID card"), tr("带上这两样，到户口所在地的派出所改正。改好后，重新拍户口本。", "Take both to the police station where your household is registered and have the name corrected."), false}, {tr("身份证国徽面，看不清有效期", "The expiry date on the back of your ID card cannot be read"), tr("白天放在窗边拍，关掉闪光灯。", "Photograph it by a window in daylight with the flash off."), false}}
	failedResult := Result{Case: father, Name: "王德福", At: "2026-11-20", Reasons: reasons, Extra: tr("第二页也请一起拍。", "Please photograph the second page too."), Start: "/apply/individual", Letter: "/applications/a1/letter", History: history}
	later, never := failedResult, failedResult
	later.Again, later.Reasons = "2026-12-23", reasons[:1]
	never.Never, never.Start = true, ""
	talk := Messages{Form: form("/applications/a1/messages"), Case: father, State: "in_review", MaxMB: 10, MaxFiles: 5, MaxRunes: 2000}
	talking, tooLong, kept3 := talk, talk, talk
	talking.Entries = []Said{{By: "you", At: "2026-11-19 09:12", Text: "户口本上的名字是老写法。\n" + strings.Repeat("averylongwordwithoutanybreak", 6), Read: "2026-11-19 10:00", Files: []File{file, blurred}},
		{By: "desk", At: "2026-11-19 10:05", Call: "no_answer"}, {By: "other", At: "2026-11-19 11:00", Text: "好的"}, {By: "desk", At: "2026-11-20 10:05", Text: tr("请带户口本来窗口看一下。", "Please bring the register to the counter."), New: true, Files: []File{blurred}}}
	talking.News, talking.Read = true, "/applications/a1/messages/read"
	tooLong.Form = broken("/applications/a1/messages", "text", tr("写得太长了。", "It is too long."), "text", strings.Repeat("很长", 1500))
	kept3.Closed, kept3.State, kept3.NeedsAgree = true, "rejected", "/consent?next=/applications/a1/messages"
	mayAppeal, wasAppealed := failedResult, failedResult
	mayAppeal.Appeal, mayAppeal.AppealUntil, wasAppealed.Appeal = "/applications/a1/appeal", "2026-12-23", "/applications/a1/appeal"
	appeal := Appeal{Form: form("/applications/a1/appeal"), Case: father, State: "rejected", Until: "2026-12-23", MaxMB: 10, MaxFiles: 5, MaxRunes: 5000}
	longAppeal, lateAppeal, waits := appeal, appeal, appeal
	longAppeal.Form, longAppeal.NeedsAgree = broken("/applications/a1/appeal", "text", tr("最多 5000 个字。", "At most 5000 characters."), "text", strings.Repeat("很长", 3000)), "/consent?next=/applications/a1/appeal"
	lateAppeal.Late = true
	waits.State, waits.Own, waits.At, waits.Due = "appealed", tr("名字是一样的。", "The name is the same."), "2026-11-24 09:12", "2026-11-30"
	waits.Files = []File{file}
	upheld := waits
	upheld.State, upheld.Outcome, upheld.Answer = "rejected", "upheld", tr("我们又核对了一次。", "We have looked again.")
	again := upheld
	again.Form = broken("/applications/a1/appeal", "text", tr("已经申诉过一次了。", "It was appealed once already."), "text", "还有话说")
	hearing := Hearing{Form: form("/applications/a1/hearing"), Case: father, Number: "C-2026-000123", Why: tr("经核实，材料是假的。\n户口本是别人的。", "A document was found to be forged.\nThe register belongs to somebody else."), Until: "2026-12-07", Open: true, MaxMB: 10, MaxFiles: 5, MaxRunes: 5000}
	longHearing, heard, silent, stands, undone := hearing, hearing, hearing, hearing, hearing
	longHearing.Form, longHearing.NeedsAgree = broken("/applications/a1/hearing", "text", tr("最多 5000 个字。", "At most 5000 characters."), "text", strings.Repeat("很长", 3000)), "/consent?next=/applications/a1/hearing"
	silent.Open, silent.Due = false, "2026-12-20"
	silent.Form = broken("/applications/a1/hearing", "text", tr("来不及了。", "It is too late."), "text", "还有话说")
	heard.Open, heard.Own, heard.At, heard.Due = false, tr("户口本是我的，去年补办过。", "It is mine; it was issued anew last year."), "2026-11-24 09:12", "2026-12-20"
	heard.Files = []File{file}
	stands = heard
	stands.Outcome, stands.Decision = "upheld", tr("派出所证明补办过。", "The police confirm that it was issued anew.")
	undone = stands
	undone.Outcome, undone.Again = "reversed", "/apply/individual"
	toHear, toDecide, reversed, wasHeard := status("hearing", "you"), status("heard", "desk"), status("reversed", "nobody"), Result{Case: father, Name: "王秀英", Own: true, Certificate: cert}
	toHear.Hearing, toHear.HearingUntil, toDecide.Hearing, reversed.Hearing, wasHeard.Hearing = hearing.Action, "2026-12-07", hearing.Action, hearing.Action, hearing.Action
	reversed.Again = "individual"
	underAppeal := status("appealed", "desk")
	underAppeal.Appeal = "/applications/a1/appeal"
	signIn := SignIn{Form: form("/sign-in/phone"), SMS: true, Mail: true, Next: "/me"}
	badSign := signIn
	badSign.Form = broken("/sign-in/phone", "contact", tr("手机号不对。中国的手机号是 11 位，以 1 开头。", "The phone number is wrong."), "contact", "1380013")
	code := func(purpose, channel string) Code {
		return Code{Form: form("/sign-in/code"), Purpose: purpose, Channel: channel, Contact: "138 **** 8000", Again: "/sign-in/again", Change: "/sign-in/phone", Other: "/sign-in/email", Minutes: 10, Own: true, Next: "/me"}
	}
	wrongCode, trouble := code("sign_in", "sms"), code("sign_in", "mail")
	trouble.Trouble = true
	wrongCode.Form = broken("/sign-in/code", "code", tr("数字不对。请对照短信再填，还可以试 4 次。", "The digits are wrong; tries left: 4."), "code", "123456", "own", "yes")
	holder := HolderConsent{Form: form("/holders/h1/consent"), ID: "h1", Name: "王德福", SMS: true, Upload: "/holders/h1/sheet", Sheet: "/holders/h1/consent/sheet", MaxMB: 10}
	asked, onPaper := holder, holder
	asked.Sent, asked.Phone, asked.Again = true, "139 **** 1234", "/holders/h1/consent/again"
	onPaper.SMS, onPaper.Have = false, true
	onPaper.Form = broken("/holders/h1/consent", "file", tr("没有选文件。", "No file was chosen."))
	confirm := func(action string) Confirm {
		return Confirm{Form: form(action), Case: father, Name: "王德福", Cancel: "/me"}
	}
	setup := Setup{Form: form("/setup"), Zones: []Option{{Value: "Asia/Shanghai", Label: "Asia/Shanghai"}, {Value: "Asia/Urumqi", Label: "Asia/Urumqi"}}, MailDone: tr("测试邮件已发出", "The test e-mail was sent"), MailOK: true, SMSDone: tr("网关没有回答", "The gateway does not answer")}
	return []sample{
		{"apply/landing", "", Landing{Types: cards}}, {"apply/landing", "new", Landing{}},
		{"apply/types", "", Catalogue{cards}}, {"apply/types", "none", Catalogue{}},
		{"apply/type", "", TypePage{ID: "pension", Name: cards[2].Name, Summary: cards[2].Summary, Proves: tr("持证人健在，可以继续领取", "The holder is alive and may draw the pension"), Needs: []Need{{idFront, tr("四个角都拍到", "All four corners"), false, false, ""}, {tr("本人近照", "A recent photo"), tr("举着当日码", "With the code of the day"), false, true, ""}, {tr("授权书", "Letter of authority"), "", true, false, "/f.pdf"}}, Persons: true, Institutions: true, Pages: 6, ReviewDays: 3, Expected: Expected{1, 1, 1, 12}, ValidMonths: 12, Attested: true}},
		{"apply/start", "", Start{Form: form("/apply/individual"), Type: cards[0], New: "/holders/new?type=individual", Holders: []HolderCard{{ID: "h1", Name: "王敏", Own: true, Draft: true}, {ID: "h2", Name: "王德福", Until: "2026-12-23"}, {ID: "h3", Name: "李桂兰", Waiting: true}, {ID: "h4", Name: longName, Institution: true}, {ID: "h5", Name: "赵*", Never: true}}}}, {"apply/start", "none", Start{Form: form("/apply/individual"), Type: cards[0], New: "/holders/new"}},
		{"apply/cooldown", "", CoolDown{Form: form("/apply/individual"), Type: personal, Holder: "王德福", HolderID: "h2", Until: "2026-12-23", Days: 30, Count: 3, Within: 30, Wait: 30, Last: "/applications/a0", Past: []PastResult{{"2026-10-27", "rejected"}, {"2026-11-09", "rejected"}, {"2026-11-23", "rejected"}}}}, {"apply/cooldown", "blocked", blocked}, {"apply/cooldown", "longer", longer}, {"apply/cooldown", "never", CoolDown{Type: personal, Never: true, Past: []PastResult{{"2026-11-23", "rejected"}}}},
		{"apply/question", "", Question{Form: form("/applications/a1/q/id"), Case: draft, Fields: []Field{oneQuestion}, Step: 2, Of: 6, Percent: 33, Later: "/me"}}, {"apply/question", "wrong", Question{Form: broken("/applications/a1/q/id", "q.id_number", tr("身份证号码对不上，请对照身份证再看一遍", "The ID number does not fit; compare it with the card")), Case: father, Fields: []Field{wrongQuestion}, Step: 2, Of: 6, Percent: 33, Newer: true, Return: true, Later: "/me"}}, {"apply/question", "all", Question{Form: broken("/applications/a1/q/all", "q.until", tr("没有这个日期。", "There is no such day.")), Case: draft, Title: tr("机构的情况", "About the institution"), Fields: kinds(), Step: 3, Of: 6, Percent: 50, Later: "/me"}},
		{"apply/slot", "", slotView}, {"apply/slot", "filled", filled}, {"apply/slot", "failed", failed}, {"apply/slot", "day", day}, {"apply/slot", "many", many}, {"apply/slot", "full", full}, {"apply/slot", "agree", agree},
		{"apply/check", "", checked}, {"apply/check", "incomplete", incomplete}, {"apply/check", "cooling", cooling}, {"apply/check", "unsigned", unsigned}, {"apply/check", "change", changedOnly},
		{"apply/submitted", "", Submitted{Case: father, At: "2026-11-18 09:12", Due: "2026-11-23", Expected: Expected{2, 3, 5, 40}, Channel: "sms", Contact: "138 **** 8000", Receipt: "/applications/a1/receipt"}}, {"apply/submitted", "mail", Submitted{Case: father, At: "2026-11-18 09:12", Due: "2026-11-23", Channel: "mail", Contact: "wa***@example.com"}},
		{"apply/status", "", status("in_review", "desk")}, {"apply/status", "gone", gone}, {"apply/status", "submitted", status("submitted", "desk")}, {"apply/status", "on_hold", held}, {"apply/status", "merged", joined}, {"apply/status", "decided", status("decided", "desk")}, {"apply/status", "awaiting", status("awaiting_applicant", "you")}, {"apply/status", "lapsed", status("lapsed", "nobody")}, {"apply/status", "discarded", status("discarded", "nobody")},
		{"recheck/changes", "", Changes{Form: form("/applications/a1/changes"), Case: changing, Field: whatChanged(""), Number: "C-2026-003108", Until: "2027-11-22", Step: 1, Of: 4, Percent: 25, Later: "/me", Discard: "/applications/a1/discard"}},
		{"recheck/changes", "wrong", Changes{Form: broken("/applications/a1/changes", "changes", tr("请选一下哪些信息变了，至少选一项。", "Tick what has changed, at least one thing.")), Case: changing, Field: whatChanged(tr("请选一下哪些信息变了，至少选一项。", "Tick what has changed, at least one thing.")), Number: "C-2026-003108", Until: "2027-11-22", Step: 1, Of: 2, Percent: 50, Later: "/me", Discard: "/applications/a1/discard"}},
		{"apply/withdraw", "", confirm("/applications/a1/withdraw")}, {"apply/discard", "", confirm("/applications/a1/discard")},
		{"apply/status", "awaited", awaited}, {"apply/status", "lapsed", lapsed}, {"apply/question", "asked", askedQuestion}, {"apply/slot", "asked", askedSlot},
		{"apply/check", "anew", anew}, {"apply/cooldown", "untrue", untrue}, {"apply/cooldown", "by its reason", byReason},
		{"review/correction", "", correct}, {"review/correction", "halfway", halfway}, {"review/correction", "late", tooLate}, {"review/correction", "sent late", sentLate},
		{"review/correction_check", "", whole}, {"review/correction_check", "halfway", halfway}, {"review/correction_words", "", askedWords},
		{"review/messages", "", talk}, {"review/messages", "talking", talking}, {"review/messages", "long", tooLong}, {"review/messages", "closed", kept3},
		{"decide/passed", "", Result{Case: father, Name: "王秀英", Own: true, Certificate: cert, Letter: "/l", NextCheck: "2027-05-23", Notices: []string{"2027-10-23", "2027-11-15", "2027-11-21"}, History: history, Message: tr("请妥善保管。", "Please keep it safe."), Extra: tr("谢谢您来得早。", "Thank you.")}}, {"decide/passed", "recheck", Result{Case: Case{ID: "a2", Type: personal, Kind: "recheck", Ref: "R-2026-005000"}, Name: "王秀英"}},
		{"decide/not_passed", "", failedResult}, {"decide/not_passed", "later", later}, {"decide/not_passed", "never", never},
		{"decide/not_passed", "appeal", mayAppeal}, {"decide/not_passed", "appealed", wasAppealed},
		{"decide/appeal", "", appeal}, {"decide/appeal", "long", longAppeal}, {"decide/appeal", "late", lateAppeal}, {"decide/appeal", "waits", waits}, {"decide/appeal", "upheld", upheld}, {"decide/appeal", "again", again},
		{"apply/status", "appealed", underAppeal},
		{"decide/hearing", "", hearing}, {"decide/hearing", "long", longHearing}, {"decide/hearing", "heard", heard}, {"decide/hearing", "silent", silent}, {"decide/hearing", "upheld", stands}, {"decide/hearing", "reversed", undone},
		{"apply/status", "hearing", toHear}, {"apply/status", "heard", toDecide}, {"apply/status", "reversed", reversed}, {"decide/passed", "heard", wasHeard},
		{"decide/letter", "", Letter{Case: father, Desk: "长青认证中心", Date: "2026-11-20", Subject: tr("您的申请没有通过", "Your application has not passed"), Paragraphs: []string{tr("王德福：", "Dear Mr Wang,"), tr("审核员核对了您的材料。\n有两处对不上。", "The reviewer compared your documents.\nTwo things do not match.")}, Back: "/applications/a1"}},
		{"account/phone", "", signIn}, {"account/phone", "wrong", badSign}, {"account/email", "", signIn}, {"account/password", "", signIn}, {"account/register", "", signIn}, {"account/reset", "", signIn}, {"account/acting", "", signIn},
		{"account/code", "", code("sign_in", "sms")}, {"account/code", "wrong", wrongCode}, {"account/code", "mail", code("confirm", "mail")}, {"account/code", "contact", code("contact", "sms")}, {"account/code", "withdraw", code("withdraw", "sms")}, {"account/code", "trouble", trouble},
		{"account/identify", "", Identify{Form: form("/sign-in/identify")}},
		{"account/new_password", "", NewPassword{Form: broken("/reset/code", "password", tr("密码太短。请至少填 10 个字。", "The password is too short.")), Channel: "mail", Contact: "wa***@example.com", To: "wang@example.com", Again: "/reset/again"}}, {"account/change_password", "", NewPassword{Form: form("/account/password"), Old: true}},
		{"account/signed_out", "", nil},
		{"account/privacy", "", Privacy{Version: "2026-11", Since: "2026-11-01"}},
		{"account/consent", "", Consent{Form: form("/consent"), Version: "2026-11", Privacy: true, Identity: true, Next: "/me"}}, {"account/consent", "wrong", Consent{Form: broken("/consent", "privacy", tr("同意隐私说明才能继续。", "You have to agree to go on.")), Version: "2026-11", Privacy: true}},
		{"account/me", "", Me{Todo: []Todo{{"draft", personal, "", "/applications/a1", "/applications/a1/discard"}, {"renew", tr("机构认证", "Institutional certification"), "2026-12-10", "/certificates/c1", ""}, {"consent", "李桂兰", "", "/h", ""}, {"agree", "", "", "/consent", ""}, {"awaiting_applicant", personal, "2026-12-10", "/a", ""}}, Applications: caseLines(father), Certificates: []CertificateLine{{"C-2026-003108", personal, "", "valid", "2027-11-22", "/certificates/c1"}, {"C-2025-000127", tr("机构认证", "Institutional certification"), longName, "suspended", "2026-10-11", "/c"}, {"C-2024-000012", personal, "", "expired", "2025-10-11", "/c"}, {"C-2024-000013", personal, "", "revoked", "2025-10-11", "/c"}, {"C-2024-000014", personal, "", "superseded", "2025-10-11", "/c"}}, Holders: 2}}, {"account/me", "none", Me{}},
		{"account/account", "", Account{Form: form("/account"), Email: "wa***@example.com", EmailOK: true, Phone: "138 **** 8000", PhoneOK: true, Channel: "sms", Language: "zh-Hans", Password: true, SMS: true, Devices: []Device{{true, "sms_code", "2026-11-23 14:00"}, {false, "password", "2026-11-20 09:00"}, {false, "mail_code", "2026-11-19 09:00"}}, Holders: []HolderLine{{ID: "h1", Name: "王敏", Own: true, State: "active", How: "self"}, {ID: "h2", Name: "王德福", State: "active", How: "code", Since: "2026-11-01"}, {ID: "h3", Name: "李桂兰", State: "pending"}, {ID: "h4", Name: longName, Institution: true, State: "active", Owner: true}, {ID: "h5", Name: "赵六", State: "withdrawn", How: "sheet", Since: "2026-01-01"}}, Consents: []ConsentLine{{"privacy", "2026-11", "2026-11-01", "", ""}, {"identity", "2026-11", "2026-11-01", "", "/consent/withdraw"}, {"identity", "2026-05", "2026-05-01", "2026-10-01", ""}}, SignOut: "/sign-out"}}, {"account/account", "bare", Account{Form: broken("/account", "channel", tr("这个联系方式还没确认。", "This contact is not confirmed.")), Email: "wa***@example.com", Language: "en", SignOut: "/sign-out", SMS: true}},
		{"account/contact", "", Contact{Form: form("/account/phone"), Channel: "sms", Old: "138 **** 8000"}}, {"account/contact", "mail", Contact{Form: form("/account/email"), Channel: "mail"}},
		{"account/recovery", "", Recovery{Form: form("/account/recovery"), Name: "王秀英", At: "2026-11-23 14:00", Due: "2026-11-26"}}, {"account/recovery", "other", Recovery{Form: broken("/account/recovery", "", tr("这件事刚有变化。", "This has just changed.")), Name: longName, Other: true, At: "2026-11-23 14:00", Due: "2026-11-26"}},
		{"account/close", "", confirm("/account/close")}, {"account/data", "", OwnData{Form: form("/account/data"), Fresh: true}}, {"account/data", "again", OwnData{Form: form("/account/data"), SignIn: "/sign-in?next=/account/data"}}, {"account/holder_end", "", confirm("/holders/h1/end")},
		{"account/holder_new", "", HolderKinds{Type: "individual"}}, {"account/holder_new", "own", HolderKinds{Own: true}},
		{"account/holder_person", "", HolderForm{Form: form("/holders/new/person"), Type: "individual"}}, {"account/holder_other", "", HolderForm{Form: broken("/holders/new/other", "name", tr("请填名字。", "Please enter the name."))}}, {"account/holder_institution", "", HolderForm{Form: form("/holders/new/institution")}},
		{"account/holder_consent", "", holder}, {"account/holder_consent", "sent", asked}, {"account/holder_consent", "paper", onPaper},
		{"account/holder_sheet", "", Sheet{Holder: "王德福", Helper: "138 **** 8000", Ref: "H-000123", Version: "2026-11"}},
		{"account/members", "", Members{Form: form("/holders/h4/members"), ID: "h4", Name: longName, SMS: true, Members: []Member{{"m1", "138 **** 8000", "owner", true, ""}, {"m2", "li***@example.com", "clerk", false, "/holders/h4/members/remove"}}}},
		{"account/acting_list", "", Acting{Holder: "王*福", By: []Helper{{"138 **** 8000", "2026-11-01", "/acting/end"}}}}, {"account/acting_list", "none", Acting{Holder: "王*福"}},
		{"account/setup_code", "", Setup{Form: broken("/setup", "code", tr("启动代码不对。", "The start code is wrong."))}}, {"account/setup", "", setup},
		{"certify/certificate", "", cert}, {"certify/certificate", "renewable", renewable}, {"certify/certificate", "changeable", changeable}, {"certify/certificate", "busy", busy}, {"certify/certificate", "suspended", stopped}, {"certify/certificate", "superseded", old}, {"certify/certificate", "house", house},
		{"certify/print", "", cert}, {"certify/print", "suspended", stopped},
		{"certify/verify", "", Verify{broken("", "number", tr("请填证书编号。", "Please enter the number."))}},
		{"certify/public", "", public("valid", "masked")}, {"certify/public", "full", public("valid", "full")}, {"certify/public", "suspended", public("suspended", "none")}, {"certify/public", "revoked", public("revoked", "number")}, {"certify/public", "expired", public("expired", "masked")}, {"certify/public", "superseded", public("superseded", "masked")}, {"certify/public", "unknown", public("unknown", "")},
		{"improve/feedback", "", Feedback{Form: form("/feedback"), About: "/apply/individual", Contact: "138 **** 8000"}}, {"improve/feedback", "wrong", Feedback{Form: broken("/feedback", "easy", tr("请回答一个问题，或者写一句话。", "Please answer a question."), "reply", "yes")}},
		{"improve/thanks", "", Thanks{Reply: true, Back: "/me"}}, {"improve/thanks", "plain", Thanks{}}, {"improve/changes", "", Adjustments{[]Adjusted{{On: "2026-11-20", Type: personal, Because: tr("很多人说来不及", "Many said there was not enough time"), Said: 12, What: []AdjustedTo{{What: "review_days", From: "5", To: "4"},
			{What: "remind_days", From: "2", To: "3"}, {What: "correction_days", From: "10", To: "15"}, {What: "correction_rounds", From: "2", To: "3"}, {What: "after", Of: tr("看不清", "Cannot be read"), From: "30", To: "7"}, {What: "advice", Of: tr("看不清", "Cannot be read"), To: tr("白天放在窗边拍。", "Photograph it by a window.")}, {What: "passed", To: tr("恭喜您。", "Congratulations.")}, {What: "not_passed", To: tr("这一次没有通过。", "Not this time.")}}}}}}, {"improve/changes", "none", Adjustments{}},
		{"notify/help", "", Help{[]Sample{{"sms", tr("登录", "Signing in"), "【长青认证中心】您的登录验证码是 482913，10 分钟内有效。请勿告诉任何人。客服 400-000-0000"}, {"mail", tr("结果", "The result"), "王秀英：\n您的认证通过了。"}}}},
		{"demo/home", "", Demo{Now: "2026-11-23 14:05", Desk: "/_/", People: []DemoPerson{{"applicant", "王敏", "13800138000", "", "/sign-in/phone", tr("替父亲办理", "Acts for her father")}, {"reviewer", "陈静", "chen@example.com", "demo-desk-2026", "/_/", ""}, {"lead", "", "lead@example.com", "demo-desk-2026", "/_/", ""}, {"auditor", "", "a@example.com", "demo-desk-2026", "/_/", ""}, {"manager", "", "m@example.com", "demo-desk-2026", "/_/", ""}, {"superuser", "", "s@example.com", "demo-desk-2026", "/_/", ""}}}},
		{"demo/outbox", "", DemoOutbox{Messages: []DemoMessage{{"sms", "138 **** 8000", "", "【长青认证中心】您的登录验证码是 482913。", "2026-11-23 14:04", "shown"}, {"mail", "wa***@example.com", tr("您的认证通过了", "Your certification has passed"), "王秀英：\n\n您的认证通过了。", "2026-11-22 10:00", "sent"}}, Older: "/demo/outbox?before=1"}}, {"demo/outbox", "none", DemoOutbox{}},
		{"demo/clock", "", DemoClock{Form: form("/demo/clock"), Now: "2026-11-23 14:05", Next: []Event{{"warn", "2026-11-24", "", personal}, {"expire", "2026-12-01", "", "C-2025-000127"}, {"recheck", "2026-12-24", "", ""}}}},
		{"conduct/sanctions", "", Sanctions{Holder: "王德福", List: []Sanction{{"block", 0, "2028-11-22", "2026-11-23", "active", "", tr("交来的身份证是改过的。", "The identity card was altered.")}, {"wait", 180, "2027-11-22", "2026-11-23", "lifted", "2026-12-01", ""}, {"wait", 90, "2025-11-22", "2024-11-23", "over", "", tr("照片是别人的。", "The photo is of somebody else.")}}}}, {"conduct/sanctions", "none", Sanctions{}},
		{"conduct/complain", "", Complain{Form: form("/complain"), Ref: "R-2026-004217", Contact: "wang@example.com", Most: 5000, Towards: toward, Kinds: about}}, {"conduct/complain", "long", Complain{Form: broken("/complain", "text", tr("太长了：最多 5000 字，您写了 50000 字。", "Too long: at most 5000 characters, yours has 50000.")), Most: 5000, Towards: toward, Kinds: about}},
		{"conduct/thanks", "", Complained{Ref: "K-2026-000007"}}, {"conduct/thanks", "none", Complained{}},
		{"error/403", "", Error{}}, {"error/404", "", Error{}}, {"error/409", "", Error{By: "other", At: "2026-11-23 14:05", What: "save_draft", Again: "/applications/a1"}}, {"error/409", "bare", Error{At: "2026-11-23 14:05"}},
		{"error/413", "", Error{MaxMB: 10, Again: "/applications/a1/slot/id_back"}}, {"error/429", "", Error{Wait: 45}}, {"error/429", "minutes", Error{Wait: 600}}, {"error/429", "hours", Error{Wait: 9000}}, {"error/500", "", Error{Ref: "7K2M-QX4D"}}, {"error/503", "", Error{}}, {"error/refused", "", Error{Message: tr("现在还不能续期。", "It cannot be renewed yet.")}},
	}
}

func caseLines(c Case) (all []CaseLine) {
	for _, s := range []string{"draft", "submitted", "in_review", "awaiting_applicant", "on_hold", "decided", "approved", "rejected", "withdrawn", "lapsed", "discarded", "hearing", "heard", "reversed"} {
		all = append(all, CaseLine{Case: c, State: s, Since: "2026-11-18", Href: "/applications/" + c.ID})
	}
	return all
}

func samplePage(lang string, s sample) Page {
	c := Chrome{DeskName: "长青认证中心", Hotline: "400-000-0000", Hours: "工作日 9:00 到 17:30", Host: "cert.example.com", Token: "tok", Path: "/" + s.name + "?a=1&b=2", Free: true}
	if lang == "en" {
		c.DeskName, c.Hours = "Changqing Certification Centre", "Working days, 9:00 to 17:30"
	}
	if strings.HasPrefix(s.name, "account/") || strings.HasPrefix(s.name, "apply/s") {
		c.SignedIn, c.Notice = "138 **** 8000", "已保存"
	}
	c.Demo = strings.HasPrefix(s.name, "demo/")
	return Page{Name: s.name, Lang: lang, Back: "/me", Chrome: c, View: s.view}
}
