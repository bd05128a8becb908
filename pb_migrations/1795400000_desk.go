package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// The desk's settings, who is here, and what serves the running.
var deskTables = []table{
	{name: "desk", owner: "internal/records", columns: []string{
		"name_zh text", "name_en text", "zone text", "lang text", "public_url text", "hotline text", "hours_zh text", "hours_en text",
		"mark text", "free bool", "take_back_minutes int", "second_factor bool", "mail text", "sms_tested bool", "demo bool", "clock_offset int",
	}},
	{name: "applicants", owner: "internal/records", auth: true, columns: []string{
		"phone text", "phone_blind text", "phone_ok bool", "channel text", "lang text",
		"unique phone_blind where phone_blind<>''",
	}},
	{name: "staff", owner: "internal/records", auth: true, columns: []string{
		"name text", "roles text", "types text", "capacity int", "absent_from text", "absent_until text",
		"name_blind text", "id_blind text", "phone_blind text", "factor text", "totp text", "recovery text", "lang text", "last_assigned text",
	}},
	{name: "sessions", owner: "internal/records", columns: []string{
		"person text", "kind text", "how text", "seen text", "until text", "shared bool", "passed bool", "index person",
	}},
	{name: "codes", owner: "internal/records", columns: []string{
		"purpose text", "contact text", "person text", "digest text", "tries int", "until text", "payload text", "index contact,made", "index person",
	}},
	{name: "holders", owner: "internal/records", columns: []string{
		"kind text", "owner text", "own bool", "name text", "name_blind text", "id_blind text", "phone text", "phone_blind text",
		"how text", "agreed_at text", "sheet text", "index owner", "index id_blind", "index name_blind", "index phone_blind",
	}},
	{name: "members", owner: "internal/records", columns: []string{
		"holder text", "applicant text", "role text", "index applicant", "unique holder,applicant",
	}},
	{name: "consents", owner: "internal/records", columns: []string{
		"applicant text", "holder text", "kind text", "version text", "how text", "withdrawn_at text", "index applicant", "index holder",
	}},
	{name: "counters", owner: "internal/command", columns: []string{"value int"}},
	{name: "viewings", owner: "internal/command", columns: []string{"person text", "target text", "until text", "unique person,target"}},
	{name: "messages", owner: "internal/notify", columns: []string{
		"person text", "application text", "certificate text", "notice text", "channel text", "recipient text", "words text", "lang text",
		"attempts int", "due_at text", "lease_until text", "error text", "provider_id text", "sent_at text",
		"index state,due_at", "index person,made",
	}},
	{name: "jobs", owner: "internal/schedule", columns: []string{
		"kind text", "target text", "due_at text", "lease_until text", "attempts int", "error text", "index state,due_at", "unique kind,target",
	}},
	{name: "feedback", owner: "internal/records", columns: []string{
		"page text", "person text", "score int", "easy text", "text text", "contact text", "reply text",
	}},
}

// secondFactor makes PocketBase ask superusers for a mailed code after the password.
func secondFactor(app core.App) error {
	c, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return err
	}
	c.OTP.Enabled, c.MFA.Enabled = true, true
	return app.Save(c)
}

func init() {
	migrations.Register(func(app core.App) error {
		if old, err := app.FindCollectionByNameOrId("users"); err == nil {
			if err := app.Delete(old); err != nil {
				return err
			}
		}
		if err := create(app, deskTables); err != nil {
			return err
		}
		if err := secondFactor(app); err != nil {
			return err
		}
		// The desk is there from the start, not yet set up. Its mark ties the keys to this data.
		_, err := app.DB().NewQuery("INSERT INTO desk (id, rev, state, made, mark, zone, lang, take_back_minutes, second_factor)" +
			" VALUES ('desk', 1, 'new', strftime('%Y-%m-%d %H:%M:%fZ'), lower(hex(randomblob(16))), 'Asia/Shanghai', 'zh-Hans', 5, 1)").Execute()
		return err
	}, func(app core.App) error { return drop(app, deskTables) })
}
