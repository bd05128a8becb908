package hooks

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed" // sentences and zones of the first run
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/notify"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/ui"
)

// The first run: whoever reads the code that the program printed makes the first manager and names the desk. Mail and SMS
// can be tried before it opens. Until then nothing else of the portal answers; afterwards these pages are nowhere.

func setupRoutes(b *book) {
	page(b, "GET /setup", flow.SetUp, setupPage)
	page(b, "POST /setup/code", flow.SetUp, setupCodePost)
	page(b, "POST /setup", flow.SetUp, setupPost)
}

//go:embed account_setup.json
var setupJSON []byte

type setupData struct {
	Texts  map[string]sdk.Text `json:"texts"`
	Fields map[string]string   `json:"fields"`
	Zones  []struct {
		ID   string   `json:"id"`
		Name sdk.Text `json:"name"`
	} `json:"zones"`
}

var setupFile = sync.OnceValue(func() (d setupData) {
	if err := json.Unmarshal(setupJSON, &d); err != nil {
		panic("account_setup.json: " + err.Error()) // embedded: a test reads it
	}
	return d
})

const setupAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// newSetupCode makes the code that is printed at start: two groups of five, without letters that look alike.
func newSetupCode() string {
	raw := make([]byte, 10)
	rand.Read(raw)
	for i, b := range raw {
		raw[i] = setupAlphabet[int(b)%len(setupAlphabet)]
	}
	return string(raw[:5]) + "-" + string(raw[5:])
}

// unset refuses, as nowhere, once the desk is open.
func (c *call) unset() error {
	_, err := command.Look[*records.Desk](c.ctx(), c.s.Desk, c.by, flow.SetUp, records.DeskID)
	if flow.Refused(err, "not_now") || c.s.setupCode == "" {
		return records.ErrNotFound
	}
	return err
}

func (c *call) setupCodeRight(entered string) bool {
	plain := func(s string) []byte {
		return []byte(strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(s)))
	}
	return subtle.ConstantTimeCompare(plain(entered), plain(c.s.setupCode)) == 1
}

func setupPage(c *call) error {
	if err := c.unset(); err != nil {
		return err
	}
	return c.setupCodeForm(nil, nil)
}

func (c *call) setupCodeForm(err error, values map[string]string) error {
	return c.showAs(statusOf(err), "account/setup_code", ui.Setup{Form: c.form("/setup/code", err, values)})
}

func statusOf(err error) int {
	if err != nil {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// setupCodePost takes the code. Every try counts, the right one too.
func setupCodePost(c *call) error {
	if err := c.unset(); err != nil {
		return err
	}
	v := c.values()
	err := c.limit("set_up_ip", c.ip())
	if err == nil && !c.setupCodeRight(v["code"]) {
		err = flow.Refuse("setup_code_wrong")
	}
	if err != nil {
		return c.setupCodeForm(err, v)
	}
	scheme := "http://"
	if c.e.Request.TLS != nil {
		scheme = "https://"
	}
	return c.setupForm(ui.Setup{}, nil, map[string]string{"code": v["code"], "zone": "Asia/Shanghai", "lang": c.lang, "mail_security": "tls",
		"public_url": firstOf(c.s.Config.URL, scheme+c.e.Request.Host), "sms_url": c.s.Config.SMS.URL})
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// setupForm draws the page with everything that was entered.
func (c *call) setupForm(v ui.Setup, err error, values map[string]string) error {
	v.Form = c.form("/setup", err, values)
	for i, e := range v.Form.Errors {
		code := refusalCode(err)
		if t, ok := setupFile().Texts[code]; ok {
			e.Text = t.In(c.lang)
		}
		if e.Field == "" || setupFile().Fields[code] != "" {
			e.Field = setupFile().Fields[code]
		}
		v.Form.Errors[i] = e
	}
	for _, z := range setupFile().Zones {
		v.Zones = append(v.Zones, ui.Option{Value: z.ID, Label: z.Name.In(c.lang), On: z.ID == values["zone"]})
	}
	return c.showAs(statusOf(err), "account/setup", v)
}

func refusalCode(err error) string {
	var r *flow.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

// setupPost tries mail or SMS, or opens the desk. Whatever goes wrong, all that was entered stays.
func setupPost(c *call) error {
	if err := c.unset(); err != nil {
		return err
	}
	v := c.values()
	if !c.setupCodeRight(v["code"]) {
		err := c.limit("set_up_ip", c.ip())
		if err == nil {
			err = flow.Refuse("setup_code_wrong")
		}
		return c.setupCodeForm(err, nil)
	}
	switch v["test"] {
	case "mail":
		said, err := c.testMail(v)
		return c.setupForm(ui.Setup{MailDone: said, MailOK: err == nil}, nil, v)
	case "sms":
		said, err := c.testSMS(v)
		c.s.smsTested = err == nil
		return c.setupForm(ui.Setup{SMSDone: said, SMSOK: err == nil}, nil, v)
	}
	err := c.open(v)
	if expected(err) {
		return c.setupForm(ui.Setup{}, err, v)
	}
	if err != nil {
		return err
	}
	c.s.Log.Info("the desk is set up")
	return c.seeOther("/_/")
}

// open opens the desk for good.
func (c *call) open(v map[string]string) error {
	if v["sms_url"] != c.s.Config.SMS.URL {
		return flow.Refuse("sms_at_start")
	}
	mail, err := c.mailGiven(v)
	if err != nil {
		return err
	}
	h, err := hash(v["password"])
	if err != nil {
		return err
	}
	in := command.Opening{Manager: strings.TrimSpace(v["manager"]), Email: v["email"], Hash: h, Factor: true, Settings: command.Settings{
		NameZh: strings.TrimSpace(v["name_zh"]), NameEn: strings.TrimSpace(v["name_en"]), Zone: v["zone"], Lang: v["lang"],
		PublicURL: strings.TrimSuffix(strings.TrimSpace(v["public_url"]), "/"), Hotline: strings.TrimSpace(v["hotline"]), HoursZh: v["hours_zh"], HoursEn: v["hours_en"],
		Free: v["free"] != "", TakeBackMinutes: 5, SMSTested: c.s.smsTested, Mail: mail}}
	if _, err := command.Run(c.ctx(), c.s.Desk, c.by, command.SetUp, command.At{ID: records.DeskID}, in); err != nil {
		return err
	}
	c.s.setupCode = ""
	return c.s.origin.AddTrustedOrigin(c.s.publicURL())
}

// mailSettings are the settings of the mail server as they were entered.
func mailSettings(v map[string]string) notify.MailSettings {
	port, err := strconv.Atoi(strings.TrimSpace(v["mail_port"]))
	if err != nil && strings.TrimSpace(v["mail_port"]) != "" {
		port = -1
	}
	return notify.MailSettings{Host: strings.TrimSpace(v["mail_host"]), Port: port, User: v["mail_user"], Password: v["mail_password"], Security: v["mail_security"],
		From: strings.TrimSpace(v["mail_from"]), FromName: firstOf(strings.TrimSpace(v["name_zh"]), strings.TrimSpace(v["name_en"]))}
}

// mailGiven is the mail server's settings to be kept, checked; "" where no server was named.
func (c *call) mailGiven(v map[string]string) (string, error) {
	s := mailSettings(v)
	if s.Host == "" {
		return "", nil
	}
	if _, err := notify.NewMailer(s); err != nil {
		var wrong notify.SettingsError
		if errors.As(err, &wrong) {
			return "", errors.Join(flow.Refuse(string(wrong)), err)
		}
		return "", err
	}
	raw, err := json.Marshal(s)
	return string(raw), err
}

const testTime = 30 * time.Second

// testMail sends a mail with what was entered, and says what came of it.
func (c *call) testMail(v map[string]string) (said string, err error) {
	to, err := contactOf("mail", v["test_to"])
	if err != nil {
		return c.setupText("no_address"), err
	}
	m, err := notify.NewMailer(mailSettings(v))
	if err != nil {
		return c.setupTrouble(err), err
	}
	defer m.Close()
	l, err := notify.Compose("test", c.lang, notify.ChannelMail, c.testWords(v))
	if err != nil {
		return c.setupTrouble(err), err
	}
	ctx, cancel := context.WithTimeout(c.ctx(), testTime)
	defer cancel()
	if _, err = m.Send(ctx, notify.Mail{ID: records.NewID(), To: to, Letter: l}); err != nil {
		return c.setupTrouble(err), err
	}
	return c.setupText("sent"), nil
}

// testSMS does the same by the gateway that was entered.
func (c *call) testSMS(v map[string]string) (said string, err error) {
	if v["sms_url"] == "" {
		return c.setupText("sms_none"), flow.Refuse("sms_none")
	}
	to, err := contactOf("sms", v["test_to"])
	if err != nil {
		return c.setupText("no_address"), err
	}
	set := notify.SMSSettings{Driver: "webhook", URL: v["sms_url"], Secret: firstOf(v["sms_secret"], c.s.Config.SMS.Secret)}
	if v["sms_url"] == c.s.Config.SMS.URL {
		set.AuthHeader, set.AuthValue, _ = strings.Cut(c.s.Config.SMS.Header, ": ")
	}
	driver, err := notify.OpenSMS(set, c.s.Log)
	if err != nil {
		return c.setupTrouble(err), err
	}
	words := c.testWords(v)
	l, err := notify.Compose("test", c.lang, notify.ChannelSMS, words)
	if err != nil {
		return c.setupTrouble(err), err
	}
	params, err := notify.Params("test", c.lang, words)
	if err != nil {
		return c.setupTrouble(err), err
	}
	ctx, cancel := context.WithTimeout(c.ctx(), testTime)
	defer cancel()
	if _, err = driver.Send(ctx, notify.SMS{ID: records.NewID(), To: to, Template: "test", Lang: c.lang, Params: params, Text: l.Text, Sign: words["desk"]}); err != nil {
		return c.setupTrouble(err), err
	}
	return c.setupText("sent"), nil
}

func (c *call) testWords(v map[string]string) notify.Words {
	name := firstOf(v["name_zh"], v["name_en"], "certdesk")
	if c.lang == "en" {
		name = firstOf(v["name_en"], name)
	}
	return notify.Words{"desk": name, "hotline": firstOf(v["hotline"], "-"), "hours": firstOf(v["hours_zh"], v["hours_en"], "-"), "url": v["public_url"]}
}

func (c *call) setupText(key string) string { return setupFile().Texts[key].In(c.lang) }

// setupTrouble says what went wrong with a test in words, and the partner's own words after it.
func (c *call) setupTrouble(err error) string {
	var f *notify.Failure
	var set notify.SettingsError
	code, said := "other", err.Error()
	switch {
	case errors.As(err, &f):
		code, said = f.Code, f.Said
	case errors.As(err, &set):
		code, said = string(set), ""
	}
	text, known := setupFile().Texts[code]
	if !known {
		text, said = setupFile().Texts["other"], strings.TrimSpace(code+" "+said)
	}
	return strings.TrimSpace(text.In(c.lang) + " " + said)
}
