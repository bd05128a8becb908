package hooks

import (
	"net/http"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/notify"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/ui"
)

// The pages that only a demo has: who to sign in as, what would have been sent, and time, which can be moved forward.

func demoRoutes(b *book) {
	page(b, "GET /demo", actPublic, demoOnly(demoPage))
	page(b, "GET /demo/outbox", actPublic, demoOnly(demoOutboxPage))
	page(b, "GET /demo/clock", actPublic, demoOnly(demoClockPage))
	page(b, "POST /demo/clock", flow.MoveClock, demoOnly(demoClockPost))
}

// demoOnly answers 404 unless the desk is a demo.
func demoOnly(h func(*call) error) func(*call) error {
	return func(c *call) error {
		d, err := c.settings()
		if err != nil {
			return err
		}
		if !d.Demo {
			return c.showError(trouble{Status: http.StatusNotFound, Code: "not_found"})
		}
		return h(c)
	}
}

func demoPage(c *call) error {
	return c.show("demo/home", ui.Demo{People: c.s.demoPeople(c.lang), Desk: "/_/", Now: c.when(records.Stamp(c.s.Desk.Now()))})
}

// demoPeople are those to sign in as. It is empty if the data files cannot be read, which a test rules out.
func (s *Server) demoPeople(lang string) []ui.DemoPerson {
	desk, err := readDemoDesk()
	accounts, err2 := demoTable("accounts.csv")
	people, err3 := demoTable("people.csv")
	staff, err4 := demoTable("staff.csv")
	if err != nil || err2 != nil || err3 != nil || err4 != nil {
		return nil
	}
	names := map[string]string{}
	for _, p := range people {
		names[p["key"]] = p["name"]
	}
	var all []ui.DemoPerson
	for _, a := range accounts {
		if a["sign_in"] == "" {
			continue
		}
		p := ui.DemoPerson{Role: "applicant", Name: names[a["person"]], User: a["contact"], Href: "/sign-in/phone", What: a[lang]}
		if a["sign_in"] == "password" {
			p.Password, p.Href = desk.Password, "/sign-in/password"
		}
		all = append(all, p)
	}
	for _, m := range staff {
		all = append(all, ui.DemoPerson{Role: m["roles"], Name: m["name"], User: m["email"], Password: desk.Password, Href: "/_/", What: m[lang]})
	}
	return all
}

const outboxPage = 40

// demoOutboxPage shows mails and SMS, the newest first.
func demoOutboxPage(c *call) error {
	before := c.e.Request.URL.Query().Get("before")
	where := dbx.NewExp("channel IN ('mail','sms')")
	if before != "" {
		where = dbx.NewExp("channel IN ('mail','sms') AND made||id < {:before}", dbx.Params{"before": before})
	}
	var rows []records.Message
	if err := c.s.Desk.App.DB().Select().From("messages").Where(where).OrderBy("made DESC", "id DESC").Limit(outboxPage).All(&rows); err != nil {
		return err
	}
	v := ui.DemoOutbox{}
	for i := range rows {
		m, err := c.demoMessage(&rows[i])
		if err != nil {
			return err
		}
		v.Messages = append(v.Messages, m)
	}
	if len(rows) == outboxPage {
		last := rows[len(rows)-1]
		v.Older = "/demo/outbox?before=" + strings.ReplaceAll(last.Made, " ", "+") + last.ID
	}
	return c.show("demo/outbox", v, back("/demo"))
}

// demoMessage is a message as it would have left. One that cannot be written shows why.
func (c *call) demoMessage(m *records.Message) (ui.DemoMessage, error) {
	to, words, err := c.s.Desk.MessageWords(m)
	if err != nil {
		return ui.DemoMessage{}, err
	}
	v := ui.DemoMessage{Channel: m.Channel, To: to, At: c.when(m.Made), State: string(m.State)}
	l, err := notify.Compose(m.Notice, m.Lang, m.Channel, words)
	if err != nil {
		v.Text = err.Error()
		return v, nil
	}
	v.Subject, v.Text = l.Subject, l.Text
	return v, nil
}

// pledgeAgain lets the people of the demo make the pledge of a new year.
func (s *Server) pledgeAgain(ctx ctx) error {
	today, err := s.Desk.Today(ctx)
	if err != nil {
		return err
	}
	all, err := records.Staffs(s.Desk.App.DB(), flow.Active)
	for _, p := range all {
		if err == nil && p.Unpledged(today) {
			_, err = command.Run(ctx, s.Desk, command.Of(p.ID), command.Pledge, command.At{ID: p.ID}, command.Pledging{Version: flow.PledgeVersion})
		}
	}
	return err
}

func demoClockPage(c *call) error { return c.demoClock(nil, nil) }

func (c *call) demoClock(err error, values map[string]string) error {
	v := ui.DemoClock{Form: c.form("/demo/clock", err, values), Now: c.when(records.Stamp(c.s.Desk.Now()))}
	for i := range v.Form.Errors {
		v.Form.Errors[i].Field = "on"
	}
	next, look := c.fallsDue()
	if look != nil {
		return look
	}
	v.Next = next
	return c.showAs(statusOf(err), "demo/clock", v, back("/demo"))
}

// dues are the dates in the rows of which the clock page tells, and what they are about.
var dues = []struct{ what, query string }{
	{"remind", "SELECT ref AS note, remind_on AS at FROM applications WHERE " + records.UnderWay + " AND remind_on<>''"},
	{"escalate", "SELECT ref AS note, date(due_on,'+1 day') AS at FROM applications WHERE " + records.UnderWay + " AND late=FALSE AND due_on<>''"},
	{"hand_on", "SELECT ref AS note, hand_on AS at FROM applications WHERE " + records.InHands + " AND hand_on<>''"},
	{"hearing", "SELECT ref AS note, date(answer_due,'+1 day') AS at FROM applications WHERE answer_due<>'' AND state='hearing'"},
	{"warn", "SELECT number AS note, warn_on AS at FROM certificates WHERE state IN ('valid','suspended') AND warn_on<>''"},
	{"recheck", "SELECT number AS note, recheck_on AS at FROM certificates WHERE state='valid' AND recheck_on<>''"},
	{"expire", "SELECT number AS note, date(expires_on,'+1 day') AS at FROM certificates WHERE state IN ('valid','suspended')"},
}

const duesShown = 8

func (c *call) fallsDue() ([]ui.Event, error) {
	var all []ui.Event
	for _, d := range dues {
		var rows []struct {
			Note string `db:"note"`
			At   string `db:"at"`
		}
		if err := c.s.Desk.App.DB().NewQuery(d.query + " ORDER BY at LIMIT " + strconv.Itoa(duesShown)).All(&rows); err != nil {
			return nil, err
		}
		for _, r := range rows {
			all = append(all, ui.Event{What: d.what, Note: r.Note, At: r.At})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].At < all[j].At })
	return all[:min(len(all), duesShown)], nil
}

var steps = map[string]int{"day": 1, "week": 7, "month": 30}

// demoClockPost moves time forward, day by day: each day does what is due on it before the next one comes.
func demoClockPost(c *call) error {
	c.s.moving.Lock()
	defer c.s.moving.Unlock()
	v := c.values()
	d, err := c.settings()
	if err != nil {
		return err
	}
	days, ok := steps[v["by"]]
	if !ok {
		day := flow.Day(v["on.year"] + "-" + pad(v["on.month"]) + "-" + pad(v["on.day"]))
		if !day.Valid() {
			return c.demoClock(flow.Refuse("forward_only"), v)
		}
		days = day.Sub(flow.DayOf(c.s.Desk.Now(), c.s.Desk.Zone(d)))
	}
	before := c.s.Clock.Offset()
	_, err = command.Run(c.ctx(), c.s.Desk, command.Itself, command.MoveClock, command.At{ID: records.DeskID}, command.Moved{Seconds: int64(days) * 24 * 3600})
	if expected(err) {
		return c.demoClock(err, v)
	}
	if err != nil {
		return err
	}
	for n := 1; n <= days; n++ {
		c.s.Clock.SetOffset(before + time.Duration(n)*24*time.Hour)
		if err := c.s.pledgeAgain(c.ctx()); err != nil {
			c.s.Log.Warn("the pledges of the demo", "error", err)
		}
		if err := c.s.Runner.RunAll(c.ctx()); err != nil {
			c.s.Log.Warn("a line failed while time was moved", "error", err)
		}
	}
	return c.seeOther("/demo/clock")
}
