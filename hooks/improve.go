package hooks

import (
	"net/http"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/catalog"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// typeLine is one certification type as a manager sees it: what is on disk, and what people apply to.
type typeLine struct {
	ID      string   `json:"id"`
	Name    sdk.Text `json:"name"`
	State   string   `json:"state"`
	Bundled bool     `json:"bundled"`
	Version string   `json:"version"`
	SHA256  string   `json:"sha256"` // allowed to run
	OnDisk  string   `json:"onDisk"` // found in the folder
	Path    string   `json:"path"`
	Trouble string   `json:"trouble"` // why it cannot be used
	Digest  string   `json:"digest"`
	Rev     int64    `json:"rev"`
	Cases   int      `json:"cases"`
}

func types(c *call, _ command.View[*records.Desk]) (any, error) {
	if err := c.s.findTypes(c.ctx()); err != nil {
		return nil, err
	}
	all, err := records.All[*records.Type](c.s.Desk.App.DB(), nil, "bundled DESC", "id")
	if err != nil {
		return nil, err
	}
	found := map[string]catalog.Found{}
	for _, f := range c.s.Catalog.Found() {
		found[f.ID] = f
	}
	list := []typeLine{}
	for _, t := range all {
		line := typeLine{ID: t.ID, Name: sdk.Text{ZhHans: t.NameZh, En: t.NameEn}, State: string(t.State), Bundled: t.Bundled, Version: t.Version, SHA256: t.SHA256,
			Path: t.Path, Digest: t.Digest, Rev: t.Rev}
		if f, ok := found[t.ID]; ok {
			line.OnDisk = f.SHA256
			if f.Err != nil {
				line.Trouble = f.Err.Error()
			}
		} else {
			line.Trouble = "missing"
		}
		if line.Cases, err = records.Count(c.s.Desk.App.DB(), "applications", dbx.HashExp{"type": t.ID}); err != nil {
			return nil, err
		}
		list = append(list, line)
	}
	waits, err := c.waiting()
	if err != nil {
		return nil, err
	}
	return map[string]any{"rows": list, "sandbox": c.s.Catalog.Level(), "waiting": waits}, nil
}

// typeSwitch turns a type on, with the executable whose digest the manager was shown, or off.
func typeSwitch(c *call) error {
	var in struct {
		On     bool   `json:"on"`
		SHA256 string `json:"sha256"`
	}
	if err := c.json(&in); err != nil {
		return err
	}
	if _, err := command.Look[*records.Type](c.ctx(), c.s.Desk, c.by, flow.SwitchType, c.id()); err != nil {
		return err
	}
	sw := command.Switching{On: in.On}
	if in.On {
		var err error
		if sw, err = c.s.describe(c.ctx(), catalog.Ref{ID: c.id(), SHA256: in.SHA256}); err != nil {
			return err
		}
	}
	r, err := command.Run(c.ctx(), c.s.Desk, c.by, command.SwitchType, c.at(), sw)
	if err != nil {
		return err
	}
	return c.e.JSON(http.StatusOK, r)
}

func settings(c *call, v command.View[*records.Desk]) (any, error) {
	d := v.Row
	mail, err := c.s.Desk.MailSettings(d)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"rev": d.Rev, "nameZh": d.NameZh, "nameEn": d.NameEn, "zone": d.Zone, "lang": d.Lang, "publicUrl": d.PublicURL, "hotline": d.Hotline,
		"hoursZh": d.HoursZh, "hoursEn": d.HoursEn, "free": d.Free, "takeBackMinutes": d.TakeBackMinutes, "smsTested": d.SMSTested,
		"mail": withoutPassword(mail), "smsDriver": map[bool]string{true: "webhook", false: "log"}[c.s.Config.SMS.URL != ""]}
	if c.s.Config.SMTP != "" { // it goes before what is set here
		m := mailURL(c.s.Config.SMTP, "")
		out["mailAtStart"] = map[string]string{"host": m.Host, "from": m.From}
	}
	return out, nil
}

// said is one feedback as managers read it.
type said struct {
	ID      string `json:"id"`
	Rev     int64  `json:"rev"`
	State   string `json:"state"`
	Page    string `json:"page"`
	Score   int64  `json:"score"`
	Easy    string `json:"easy"`
	Text    string `json:"text"`
	Contact string `json:"contact"`
	Reply   string `json:"reply"`
	At      string `json:"at"`
}

func feedbackList(c *call, _ command.View[*records.Desk]) (any, error) {
	all, err := records.All[*records.Feedback](c.s.Desk.App.DB(), nil, "made DESC")
	if err != nil {
		return nil, err
	}
	list := []said{}
	for _, f := range all {
		text, contact, reply, err := c.s.Desk.FeedbackText(f)
		if err != nil {
			return nil, err
		}
		list = append(list, said{f.ID, f.Rev, string(f.State), f.Page, f.Score, f.Easy, text, contact, reply, f.Made})
	}
	return map[string]any{"rows": list}, nil
}

// resumeClock lets the sweeps go on once a manager has seen that the system clock is right.
func resumeClock(c *call) error {
	r, err := command.Run(c.ctx(), c.s.Desk, c.by, command.ResumeClock, c.at(), struct{}{})
	if err != nil {
		return err
	}
	c.s.Clock.Resume()
	if err := c.s.Desk.KeepSight(c.ctx(), c.s.Clock.Look()); err != nil {
		return err
	}
	return c.e.JSON(http.StatusOK, r)
}
