package records

import "github.com/certdesk/certdesk/internal/flow"

// Desk is the one row of settings that a manager changes; start-up settings are in package config.
type Desk struct {
	Head
	Mark            string `db:"mark"` // ties the keys to this data
	NameZh          string `db:"name_zh"`
	NameEn          string `db:"name_en"`
	Zone            string `db:"zone"` // IANA name
	Lang            string `db:"lang"`
	PublicURL       string `db:"public_url"`
	Hotline         string `db:"hotline"`
	HoursZh         string `db:"hours_zh"`
	HoursEn         string `db:"hours_en"`
	Free            bool   `db:"free"`              // nothing is charged, and the portal says so
	TakeBackMinutes int64  `db:"take_back_minutes"` // how long a result waits before it leaves
	SecondFactor    bool   `db:"second_factor"`     // staff need one; only a demo may leave it off
	Mail            string `db:"mail"`              // sealed settings of the mail server; empty keeps mail in the outbox
	SMSTested       bool   `db:"sms_tested"`        // a test SMS arrived: phone sign-in is offered
	Demo            bool   `db:"demo"`
	Reviewed        string `db:"reviewed"`     // the last quarter whose figures a manager has looked at, 2026-Q3
	ClockOffset     int64  `db:"clock_offset"` // seconds by which the demo's time is moved
	EraseUntil      string `db:"erase_until"`  // a manager has seen what is erased up to this day
}

// DeskID is the ID of the one row.
const DeskID = "desk"

// Table names the table.
func (*Desk) Table() string { return "desk" }

// Noun says what the row is in the transition table.
func (*Desk) Noun() flow.Noun { return flow.NounDesk }

// Subject names nobody: the desk is everybody's.
func (*Desk) Subject() flow.Subject { return flow.Subject{} }

// Name is the desk's name in lang.
func (d *Desk) Name(lang string) string {
	if lang == "en" && d.NameEn != "" {
		return d.NameEn
	}
	return d.NameZh
}

// Hours says in lang when somebody answers the hotline.
func (d *Desk) Hours(lang string) string {
	if lang == "en" && d.HoursEn != "" {
		return d.HoursEn
	}
	return d.HoursZh
}
