package command_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

func TestSettings(t *testing.T) {
	w := open(t)
	for _, c := range []struct {
		code   string
		change func(*command.Settings)
	}{
		{"desk_name_wrong", func(s *command.Settings) { s.NameZh = "一" }},
		{"desk_name_wrong", func(s *command.Settings) { s.NameEn = strings.Repeat("x", 81) }},
		{"zone_wrong", func(s *command.Settings) { s.Zone = "Mars/Base" }},
		{"zone_wrong", func(s *command.Settings) { s.Zone = "" }},
		{"language_unknown", func(s *command.Settings) { s.Lang = "de" }},
		{"public_url_wrong", func(s *command.Settings) { s.PublicURL = "example.com" }},
		{"public_url_wrong", func(s *command.Settings) { s.PublicURL = "ftp://example.com" }},
		{"public_url_wrong", func(s *command.Settings) { s.PublicURL = "https://example.com/desk" }},
		{"take_back_wrong", func(s *command.Settings) { s.TakeBackMinutes = -1 }},
		{"take_back_wrong", func(s *command.Settings) { s.TakeBackMinutes = 24*60 + 1 }},
		{"text_too_long", func(s *command.Settings) { s.Hotline = strings.Repeat("1", 41) }},
		{"text_too_long", func(s *command.Settings) { s.HoursEn = strings.Repeat("x", 61) }},
	} {
		s := w.settings()
		c.change(&s)
		w.refused(c.code, w.dump(), try(w, command.Of(w.manager), command.Adjust, records.DeskID, s), c.code)
	}
	before := w.dump()
	if err := try(w, command.Of(w.lead), command.Adjust, records.DeskID, w.settings()); !isForbidden(err) {
		t.Errorf("a lead adjusts: %v", err)
	}
	w.same("a lead adjusting", before)
	s := w.settings()
	s.Mail = `{"host":"mail.example.com","password":"geheim"}`
	must(w, command.Of(w.manager), command.Adjust, records.DeskID, s)
	d := load[*records.Desk](w, records.DeskID)
	if raw, err := w.Desk.Desk.MailSettings(d); err != nil || raw != s.Mail || strings.Contains(d.Mail, "geheim") {
		t.Errorf("%q %v", raw, err)
	}
	must(w, command.Of(w.manager), command.Adjust, records.DeskID, w.settings())
	if load[*records.Desk](w, records.DeskID).Mail == "" {
		t.Error("an empty field takes the mail settings away")
	}
	s.Mail = "-"
	must(w, command.Of(w.manager), command.Adjust, records.DeskID, s)
	if load[*records.Desk](w, records.DeskID).Mail != "" {
		t.Error("- does not take the mail settings away")
	}
	w.verifies()
}

func TestFeedback(t *testing.T) {
	w := open(t)
	guest := command.Caller{Role: flow.Guest, ID: "browser"}
	for code, in := range map[string]command.Said{"feedback_empty": {Page: "/"}, "text_too_long": {Score: 3, Text: strings.Repeat("长", 2001)}} {
		w.refused(code, w.dump(), try(w, guest, command.GiveFeedback, records.DeskID, in), code)
	}
	w.refused("a score of six", w.dump(), try(w, guest, command.GiveFeedback, records.DeskID, command.Said{Score: 6}), "feedback_empty")
	must(w, guest, command.GiveFeedback, records.DeskID, command.Said{Page: "/help", Score: 2, Text: "字太小", Contact: "a@example.com"})
	f := all[*records.Feedback](w, nil)[0]
	if text, contact, _, err := w.Desk.Desk.FeedbackText(f); err != nil || text != "字太小" || contact != "a@example.com" || strings.Contains(f.Text, "字") || len(w.Messages("feedback_received")) != 0 {
		t.Errorf("%q %q %v", text, contact, err)
	}
	must(w, command.Of(w.manager), command.AnswerFeedback, f.ID, command.Reply{Text: "已经改大"})
	if m := w.Messages("feedback_answer"); len(m) != 1 || m[0].To != "a@example.com" || m[0].Words["answer"] != "已经改大" {
		t.Errorf("%+v", m)
	}
	w.refused("a second answer", w.dump(), try(w, command.Of(w.manager), command.AnswerFeedback, f.ID, command.Reply{Text: "再答"}), "not_now")
	w.verifies()
}

func TestSwitchType(t *testing.T) {
	w := open(t)
	row := load[*records.Type](w, "individual")
	id := w.draft(w.wang, w.holder, "individual", nil)
	before := w.dump()
	if err := try(w, command.Of(w.lead), command.SwitchType, "individual", command.Switching{}); !isForbidden(err) {
		t.Errorf("a lead switches: %v", err)
	}
	w.same("a lead switching", before)
	must(w, command.Of(w.manager), command.SwitchType, "individual", command.Switching{})
	account, holder := w.somebody()
	w.refused("a type that is off", w.dump(), try(w, command.Account(account), command.Start, holder, command.Beginning{Type: "individual"}), "type_not_open")
	w.refused("no such type", w.dump(), try(w, command.Account(account), command.Start, holder, command.Beginning{Type: "invented"}), "type_not_open")
	body := all[*records.Description](w, dbx.HashExp{"id": row.Digest})[0].Body
	must(w, command.Of(w.manager), command.SwitchType, "individual", command.Switching{On: true, SHA256: row.SHA256, Digest: "newer", Body: body, Ver: "1.0.1", NameZh: row.NameZh, NameEn: row.NameEn, Path: row.Path})
	r := must(w, command.Account(w.wang), command.SaveDraft, id, command.PageAnswers{Page: "address", Entered: map[string]string{"address": "北京市"}})
	if load[*records.Application](w, id).Digest != "newer" || r.Answer["newer"] != "1.0.1" {
		t.Errorf("the draft does not follow the newest description: %v", r.Answer)
	}
	w.verifies()
}

func TestMoveClock(t *testing.T) {
	w := open(t)
	manager := command.Of(w.manager)
	for _, n := range []int64{0, -5, 400*24*3600 + 1} {
		w.refused("moving back or too far", w.dump(), try(w, manager, command.MoveClock, records.DeskID, command.Moved{Seconds: n}), "forward_only")
	}
	must(w, manager, command.MoveClock, records.DeskID, command.Moved{Seconds: 3600})
	must(w, manager, command.MoveClock, records.DeskID, command.Moved{Seconds: 60})
	if load[*records.Desk](w, records.DeskID).ClockOffset != 3660 {
		t.Error("the offset is not kept")
	}
	w.verifies()
	w.sql("UPDATE desk SET demo=FALSE")
	w.refused("moving real time", w.dump(), try(w, manager, command.MoveClock, records.DeskID, command.Moved{Seconds: 60}), "demo_only")
}
