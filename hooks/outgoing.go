package hooks

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/notify"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/ui"
)

// The outbox at work: messages are rows; here they get their drivers. Settings are read anew for each round.

// openOutbox makes the sender.
func (s *Server) openOutbox() {
	s.Sender = &notify.Sender{DB: s.Desk, Now: s.Desk.Now, Log: s.Log, Open: s.words, Mail: s.mailDriver, SMS: s.smsDriver, Allow: s.smsAllowed}
	s.outbox = s.Sender.Queue()
}

func (s *Server) words(row notify.Row) (string, notify.Words, error) {
	m := &records.Message{Head: records.Head{ID: row["id"]}, Recipient: row["recipient"], Words: row["words"]}
	return s.Desk.MessageWords(m)
}

// mailDriver is the desk's mail server; in a demo mails are shown, not sent.
func (s *Server) mailDriver() (notify.MailDriver, error) {
	d, err := records.Load[*records.Desk](s.Desk.App.DB(), records.DeskID)
	if err != nil {
		return nil, err
	}
	raw, err := s.Desk.MailSettings(d)
	if err != nil {
		return nil, err
	}
	if s.Config.SMTP != "" {
		return notify.NewMailer(mailURL(s.Config.SMTP, d.Name(d.Lang)))
	}
	if raw == "" {
		if d.Demo {
			return notify.Capture{}, nil
		}
		return nil, nil
	}
	var m notify.MailSettings
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		return nil, err
	}
	if m.FromName == "" {
		m.FromName = d.Name(d.Lang)
	}
	return notify.NewMailer(m)
}

func (s *Server) smsDriver() (notify.SMSDriver, error) {
	set := notify.SMSSettings{Driver: "log", Secret: s.Config.SMS.Secret}
	if s.Config.SMS.URL != "" {
		set.Driver, set.URL = "webhook", s.Config.SMS.URL
		set.AuthHeader, set.AuthValue, _ = strings.Cut(s.Config.SMS.Header, ": ")
	}
	return notify.OpenSMS(set, s.Log)
}

// mailURL reads the start-up setting smtp://user:password@host:port; smtps is TLS from the start.
func mailURL(raw, name string) notify.MailSettings {
	u, err := url.Parse(raw)
	if err != nil {
		return notify.MailSettings{} // config refused it already
	}
	port, _ := strconv.Atoi(u.Port())
	password, _ := u.User.Password()
	m := notify.MailSettings{Host: u.Hostname(), Port: port, User: u.User.Username(), Password: password, Security: "starttls", From: u.Query().Get("from"), FromName: name}
	if u.Scheme == "smtps" {
		m.Security = "tls"
	}
	if m.User == "" && (m.Host == "127.0.0.1" || m.Host == "localhost" || m.Host == "::1") {
		m.Security = "none"
	}
	if m.From == "" {
		m.From = m.User
	}
	return m
}

// smsAllowed keeps the number of SMS within what a number, and the desk as a whole, may cost in a day.
func (s *Server) smsAllowed(_ context.Context, channel, to string) error {
	if channel != notify.ChannelSMS {
		return nil
	}
	for _, l := range []struct{ name, key string }{{"sms_contact_day", s.Desk.BlindPhone(to)}, {"sms_desk_day", "desk"}} {
		if wait := s.counter.allow(flow.LimitNamed(l.name), l.key, s.Desk.Now()); wait > 0 {
			return fmt.Errorf("%s: try again in %s", l.name, wait.Round(time.Minute))
		}
	}
	return nil
}

// send hands on what is due.
func (s *Server) send(ctx context.Context) error {
	_, err := s.Sender.Drain(ctx, s.outbox)
	return err
}

// sampleSMS is a notice as its SMS reads, with made-up words.
func (s *Server) sampleSMS(key, lang string, d *records.Desk) (string, error) {
	words := notify.Words{"desk": d.Name(lang), "hotline": d.Hotline, "hours": d.Hours(lang), "url": s.publicURL(), "ref": "R-2026-004217", "type": s.UI.Text(lang, "help.type"),
		"due": "2026-12-01", "letter": "-", "code": "284 617", "minutes": "10", "holder": flow.MaskName("王德福"), "helper": flow.MaskPhone("+8613800138000")}
	l, err := notify.Compose(key, lang, notify.ChannelSMS, words)
	return l.Text, err
}

// limitView is the page for somebody who came too often.
func (s *Server) limitView(c *call, t trouble) (ui.Error, bool) {
	return ui.Error{Message: t.Message, Wait: t.Wait, Again: "/"}, t.Code == "limited"
}
