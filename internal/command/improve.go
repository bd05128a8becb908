package command

import (
	"net/url"
	"strings"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Said is what somebody said about a page.
type Said struct {
	Page    string `json:"page"`
	Score   int64  `json:"score"`
	Easy    string `json:"easy"`
	Text    string `json:"text"`
	Contact string `json:"contact"`
}

// GiveFeedback keeps it and tells the managers.
var GiveFeedback = Act[*records.Desk, Said]{flow.GiveFeedback, func(tx *Tx, _ *records.Desk, in Said) error {
	if len([]rune(in.Text)) > 2000 || len([]rune(in.Contact)) > 200 || len(in.Page) > 200 {
		return flow.Refuse("text_too_long", "2000")
	}
	if in.Score < 0 || in.Score > 5 || in.Score == 0 && in.Text == "" && in.Easy == "" {
		return flow.Refuse("feedback_empty")
	}
	f := &records.Feedback{Page: in.Page, Score: in.Score, Easy: in.Easy}
	f.ID, f.State = records.NewID(), flow.New
	if tx.By.Has(flow.Applicant) {
		f.Person = tx.By.ID
	}
	f.Text, f.Contact = tx.Seal(deskKey, "feedback.text "+f.ID, in.Text), tx.Seal(deskKey, "feedback.contact "+f.ID, in.Contact)
	tx.Insert(f)
	return tx.TellRole(flow.Manager, "feedback_received", Words{"page": in.Page})
}}

// FeedbackText opens what was said.
func (d *Desk) FeedbackText(f *records.Feedback) (text, contact, reply string, err error) {
	if text, err = d.Open(deskKey, "feedback.text "+f.ID, f.Text); err != nil {
		return
	}
	if contact, err = d.Open(deskKey, "feedback.contact "+f.ID, f.Contact); err != nil {
		return
	}
	reply, err = d.Open(deskKey, "feedback.reply "+f.ID, f.Reply)
	return
}

// Reply answers a feedback.
type Reply struct {
	Text string `json:"text"`
}

// AnswerFeedback keeps the answer and sends it, where one was wished.
var AnswerFeedback = Act[*records.Feedback, Reply]{flow.AnswerFeedback, func(tx *Tx, f *records.Feedback, in Reply) error {
	if n := len([]rune(in.Text)); n > 2000 {
		return flow.Refuse("text_too_long", "2000")
	}
	f.Reply = tx.Seal(deskKey, "feedback.reply "+f.ID, in.Text)
	tx.Update(f)
	contact, err := tx.Unseal(deskKey, "feedback.contact "+f.ID, f.Contact)
	if err != nil || contact == "" || in.Text == "" {
		return err
	}
	if to, err := normalContact("mail", contact); err == nil {
		tx.TellContact("mail", to, "", "feedback_answer", Words{"answer": in.Text})
		return nil
	}
	tx.tell(records.Message{Channel: "ring", Notice: "feedback_answer"}, "", contact, Words{"answer": in.Text})
	return nil
}}

// Settings are what a manager adjusts.
type Settings struct {
	NameZh          string `json:"nameZh"`
	NameEn          string `json:"nameEn"`
	Zone            string `json:"zone"`
	Lang            string `json:"lang"`
	PublicURL       string `json:"publicUrl"`
	Hotline         string `json:"hotline"`
	HoursZh         string `json:"hoursZh"`
	HoursEn         string `json:"hoursEn"`
	Free            bool   `json:"free"`
	TakeBackMinutes int64  `json:"takeBackMinutes"`
	SMSTested       bool   `json:"smsTested"`
	Mail            string `json:"mail"` // JSON of notify.MailSettings; "" leaves it as it is, "-" turns it off
}

// Adjust changes the desk's settings.
var Adjust = Act[*records.Desk, Settings]{flow.Adjust, func(tx *Tx, d *records.Desk, in Settings) error { return tx.settle(d, in) }}

func (tx *Tx) settle(d *records.Desk, in Settings) error {
	if err := in.check(); err != nil {
		return err
	}
	d.NameZh, d.NameEn, d.Zone, d.Lang, d.PublicURL = in.NameZh, in.NameEn, in.Zone, in.Lang, in.PublicURL
	d.Hotline, d.HoursZh, d.HoursEn, d.Free, d.TakeBackMinutes, d.SMSTested = in.Hotline, in.HoursZh, in.HoursEn, in.Free, in.TakeBackMinutes, in.SMSTested
	switch in.Mail {
	case "":
	case "-":
		d.Mail = ""
	default:
		d.Mail = tx.Seal(deskKey, "desk.mail "+d.ID, in.Mail)
	}
	tx.Update(d)
	return nil
}

// MailSettings opens the settings of the mail server; "" where none is set.
func (d *Desk) MailSettings(row *records.Desk) (string, error) {
	return d.Open(deskKey, "desk.mail "+row.ID, row.Mail)
}

// Opening is the first run: the desk's settings and its first manager.
type Opening struct {
	Settings
	Manager string `json:"manager"`
	Email   string `json:"email"`
	Hash    string `json:"-"`
	Demo    bool   `json:"demo"`
	Factor  bool   `json:"factor"`
}

// SetUp opens the desk. It can be done once.
var SetUp = Act[*records.Desk, Opening]{flow.SetUp, func(tx *Tx, d *records.Desk, in Opening) error {
	email, err := normalContact("mail", in.Email)
	if err != nil {
		return err
	}
	if in.Manager == "" {
		return flow.Refuse("name_and_role_needed")
	}
	if err := tx.settle(d, in.Settings); err != nil {
		return err
	}
	d.Demo, d.SecondFactor = in.Demo, in.Factor
	s := &records.Staff{Name: in.Manager, Roles: string(flow.Manager), Lang: in.Lang, Factor: "mail"}
	s.ID, s.State, s.Email, s.Verified, s.Password = records.NewID(), flow.Active, email, true, in.Hash
	s.NameBlind = tx.Desk.BlindName(in.Manager)
	tx.Insert(s)
	tx.Answer("manager", s.ID)
	return nil
}}

// Switching turns a type on in a version that a manager saw, or off.
type Switching struct {
	On     bool   `json:"on"`
	SHA256 string `json:"sha256"`
	Digest string `json:"digest"`
	Body   string `json:"body"` // the description, as the type gave it
	NameZh string `json:"nameZh"`
	NameEn string `json:"nameEn"`
	Ver    string `json:"version"`
	Path   string `json:"path"`
	Level  string `json:"level"` // how well this machine locks types up: in the entry, for ever
}

// SwitchType enables a type with the executable and description whose digests were shown, or disables it. Cases that
// follow an older description keep it.
var SwitchType = Act[*records.Type, Switching]{flow.SwitchType, func(tx *Tx, t *records.Type, in Switching) error {
	t.State = flow.Disabled
	tx.Update(t)
	if !in.On {
		return nil
	}
	if in.Level != "" {
		tx.Because("sandbox_" + in.Level)
	}
	t.State, t.SHA256, t.Digest, t.Version, t.NameZh, t.NameEn, t.Path = flow.Enabled, in.SHA256, in.Digest, in.Ver, in.NameZh, in.NameEn, in.Path
	if err := tx.keepDescription(t.ID, in.Digest, in.Body); err != nil {
		return err
	}
	if err := tx.readjust(t, in.Body); err != nil { // what a manager set stays set
		return err
	}
	return tx.sayShort()
}}

// FindType makes the row of a type that was found on disk.
var FindType = Act[*records.Desk, FoundType]{flow.SwitchType, func(tx *Tx, _ *records.Desk, in FoundType) error {
	t := &records.Type{Bundled: in.Bundled, Path: in.Path}
	t.ID, t.State = in.ID, flow.Found
	tx.Insert(t)
	return nil
}}

// FoundType is a type on disk that the desk does not know yet.
type FoundType struct {
	ID      string `json:"id"`
	Bundled bool   `json:"bundled"`
	Path    string `json:"path"`
}

// Moved is how far the demo's time goes.
type Moved struct {
	Seconds int64 `json:"seconds"`
}

// MoveClock moves the time of a demo forward. A desk with real cases refuses.
var MoveClock = Act[*records.Desk, Moved]{flow.MoveClock, func(tx *Tx, d *records.Desk, in Moved) error {
	if !d.Demo {
		return flow.Refuse("demo_only")
	}
	if in.Seconds <= 0 || in.Seconds > 400*24*3600 {
		return flow.Refuse("forward_only")
	}
	d.ClockOffset += in.Seconds
	tx.Update(d)
	return nil
}}

// check refuses settings that cannot be, each with a code of its own.
func (in Settings) check() error {
	if n := len([]rune(in.NameZh)); n < 2 || n > 60 || len([]rune(in.NameEn)) > 80 {
		return flow.Refuse("desk_name_wrong")
	}
	if _, err := time.LoadLocation(in.Zone); err != nil || in.Zone == "" {
		return flow.Refuse("zone_wrong")
	}
	if in.Lang != "zh-Hans" && in.Lang != "en" {
		return flow.Refuse("language_unknown")
	}
	u, err := url.Parse(in.PublicURL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		return flow.Refuse("public_url_wrong")
	}
	if in.TakeBackMinutes < 0 || in.TakeBackMinutes > 24*60 {
		return flow.Refuse("take_back_wrong")
	}
	if len([]rune(in.Hotline)) > 40 || len([]rune(in.HoursZh)) > 60 || len([]rune(in.HoursEn)) > 60 {
		return flow.Refuse("text_too_long", "60")
	}
	return nil
}
