package hooks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Filling the demo: the clock is moved back, and everything happens through the same commands that people use, day after
// day, with the sweeps running in between. So its record verifies like any other, and its documents are really sealed.

// seeder writes the history.
type seeder struct {
	s      *Server
	desk   demoDesk
	zone   *time.Location
	today  flow.Day
	hash   string // of everybody's password
	people map[string]demoPerson
	bodies map[string]demoInstitution
	texts  map[string]string

	staff    map[string]string // key to row
	accounts map[string]*demoAccount
	cases    map[string]*demoCase
	look     *looker
	absences []demoAbsence
	last     map[string]time.Time // of each account, holder and type: when its last step so far is
	events   []event
}

// event is something that happens at a moment of the history.
type event struct {
	at   time.Time
	name string
	do   func(ctx context.Context) error
}

// demoPast is how far the clock of an empty demo is moved back.
func demoPast() time.Duration {
	d, err := readDemoDesk()
	if err != nil {
		return 0 // told by the seeding itself
	}
	return -time.Duration(d.Days+1) * 24 * time.Hour
}

// hostOf is host and port as this machine can call them.
func hostOf(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// seed fills an empty demo. It takes its time; the log says how long.
func (s *Server) seed(ctx context.Context) error {
	began, log := time.Now(), s.Log
	log.Info("filling the demo: this takes about a minute, once")
	s.Log = slog.New(warnings{log.Handler()}) // every SMS would be a line
	defer func() { s.Log = log }()
	sd := &seeder{s: s, staff: map[string]string{}, accounts: map[string]*demoAccount{}, cases: map[string]*demoCase{}, look: newLooker(s)}
	if err := sd.read(); err != nil {
		return err
	}
	if err := sd.open(ctx); err != nil {
		return err
	}
	sd.plan()
	ahead, stop := context.WithCancel(ctx)
	defer stop()
	go sd.look.ahead(ahead, sd.upcoming())
	if err := sd.play(ctx); err != nil {
		return err
	}
	if _, err := s.Desk.Checkpoint(ctx); err != nil {
		return err
	}
	log.Info("the demo is filled", "took", time.Since(began).Round(time.Second).String())
	return nil
}

// warnings passes on what is more than information.
type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}

// read reads the data files.
func (sd *seeder) read() (err error) {
	if sd.desk, err = readDemoDesk(); err != nil {
		return err
	}
	if sd.zone, err = time.LoadLocation(sd.desk.Zone); err != nil {
		return err
	}
	sd.today = flow.DayOf(time.Now(), sd.zone)
	day := sd.today.In(sd.zone)
	sd.people, sd.bodies, sd.texts = map[string]demoPerson{}, map[string]demoInstitution{}, map[string]string{}
	rows, err := demoTable("people.csv")
	if err != nil {
		return err
	}
	for n, r := range rows {
		if sd.people[r["key"]], err = newDemoPerson(r, n, day); err != nil {
			return err
		}
	}
	if rows, err = demoTable("institutions.csv"); err != nil {
		return err
	}
	for _, r := range rows {
		if sd.bodies[r["key"]], err = newDemoInstitution(r, day); err != nil {
			return err
		}
	}
	if rows, err = demoTable("texts.csv"); err != nil {
		return err
	}
	for _, r := range rows {
		sd.texts[r["for"]] = r["text"]
	}
	if err := errors.Join(sd.readCases(), sd.readAbsences()); err != nil {
		return err
	}
	sd.hash, err = hash(sd.desk.Password)
	return err
}

func (sd *seeder) readCases() error {
	rows, err := demoTable("accounts.csv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		sd.accounts[r["key"]] = &demoAccount{row: r, holders: map[string]string{}}
	}
	if rows, err = demoTable("cases.csv"); err != nil {
		return err
	}
	for n, r := range rows {
		c := &demoCase{sd: sd, row: r, n: n, account: sd.accounts[r["account"]]}
		if c.account == nil && strings.HasPrefix(r["account"], "counter:") {
			c.account = &demoAccount{}
		}
		if c.account == nil {
			return fmt.Errorf("cases.csv: %s: no account %q", r["key"], r["account"])
		}
		c.person, c.body = sd.people[r["holder"]], sd.bodies[r["holder"]]
		if r["type"] == "institutional" {
			c.legal, c.contact = sd.people[c.body.demoRow["legal"]], sd.people[c.body.demoRow["contact"]]
		}
		if c.person.demoRow == nil && c.body.demoRow == nil {
			return fmt.Errorf("cases.csv: %s: no holder %q", r["key"], r["holder"])
		}
		sd.cases[r["key"]] = c
	}
	return nil
}

// open sets the desk up and takes its people on, at the beginning of the history.
func (sd *seeder) open(ctx context.Context) error {
	rows, err := demoTable("staff.csv")
	if err != nil {
		return err
	}
	sd.goTo(sd.at(sd.desk.Days, 9*60))
	d, m := sd.desk, rows[0]
	r, err := command.Run(ctx, sd.s.Desk, command.Itself, command.SetUp, command.At{ID: records.DeskID}, command.Opening{Manager: m["name"], Email: m["email"],
		Hash: sd.hash, Demo: true, Settings: command.Settings{NameZh: d.NameZh, NameEn: d.NameEn, Zone: d.Zone, Lang: "zh-Hans", PublicURL: firstOf(sd.s.Config.URL, sd.s.local()),
			Hotline: d.Hotline, HoursZh: d.HoursZh, HoursEn: d.HoursEn, Free: true, SMSTested: true}})
	if err != nil {
		return err
	}
	sd.staff[m["key"]] = r.Answer["manager"]
	for n, r := range rows[1:] {
		sd.tick(11)
		if err := sd.invite(ctx, r, n+100); err != nil {
			return fmt.Errorf("%s: %w", r["name"], err)
		}
	}
	return nil
}

// at is a moment of the history: so many days ago, so many minutes after midnight at the desk.
func (sd *seeder) at(ago, minutes int) time.Time {
	return sd.today.AddDays(-ago).In(sd.zone).Add(time.Duration(minutes) * time.Minute)
}

// workingDay reports whether colleagues work on that day; anyDay is good for everybody else.
func (sd *seeder) workingDay(ago int) bool { return sd.s.Desk.Calendar.Working(sd.today.AddDays(-ago)) }
func (sd *seeder) anyDay(int) bool         { return true }

func (sd *seeder) happens(at time.Time, name string, do func(ctx context.Context) error) {
	sd.events = append(sd.events, event{at, name, do})
}

// plan lays out everything that happens.
func (sd *seeder) plan() {
	sd.last, sd.events = map[string]time.Time{}, nil
	for _, c := range sd.inOrder() {
		c.plan()
	}
	sd.planAbsences()
	for ago := range sd.desk.Days {
		if strings.HasSuffix(string(sd.today.AddDays(-ago)), "-12-10") { // everybody pledges for the next year
			sd.happens(sd.at(ago, 9*60), "pledges", func(ctx context.Context) error { return sd.pledge(ctx) })
		}
	}
	sd.planCorrespondence()
	sd.planConduct()
	sd.planFeedback()
	slices.SortStableFunc(sd.events, func(a, b event) int { return a.at.Compare(b.at) })
}

func (sd *seeder) inOrder() []*demoCase {
	var all []*demoCase
	for _, c := range sd.cases {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *demoCase) int { return cmp.Compare(a.n, b.n) })
	return all
}

// upcoming are the documents that can be drawn ahead: those that do not show the code of a day.
func (sd *seeder) upcoming() []keyed {
	all := sd.inOrder()
	slices.SortStableFunc(all, func(a, b *demoCase) int { return cmp.Compare(b.started(), a.started()) })
	var docs []keyed
	for _, c := range all {
		keys, drawn := c.documents("")
		for i, k := range keys {
			if drawn[i].slot != "photo" && c.handsIn(i, len(keys)) {
				docs = append(docs, k)
			}
		}
	}
	return docs
}

// play lets the days pass: each morning what is due is done, then people act. At the end the clock stands at now.
func (sd *seeder) play(ctx context.Context) error {
	next := 0
	for ago := sd.desk.Days - 1; ago >= 0; ago-- {
		if err := sd.wake(ctx, sd.at(ago, 10)); err != nil {
			return err
		}
		for ; next < len(sd.events) && sd.events[next].at.Before(sd.at(ago-1, 0)); next++ {
			e := sd.events[next]
			sd.goTo(e.at)
			if err := e.do(ctx); err != nil {
				return fmt.Errorf("%s on %s: %w", e.name, e.at.Format(time.DateOnly), err)
			}
			sd.tick(1)
			if err := sd.s.Runner.RunAll(ctx); err != nil {
				return fmt.Errorf("after %s: %w", e.name, err)
			}
		}
	}
	sd.s.Clock.SetOffset(0)
	return sd.s.Runner.RunAll(ctx)
}

// wake does what is due on a morning, unless the history has gone past it.
func (sd *seeder) wake(ctx context.Context, at time.Time) error {
	if at.After(time.Now()) {
		return nil
	}
	sd.goTo(at)
	if err := sd.s.Runner.RunAll(ctx); err != nil {
		return fmt.Errorf("morning of %s: %w", at.Format(time.DateOnly), err)
	}
	return nil
}

// goTo moves the clock on to a moment; never back, and never past now.
func (sd *seeder) goTo(t time.Time) {
	now := sd.s.Clock.Now()
	if limit := time.Now().Add(-time.Second); t.After(limit) {
		t = limit
	}
	if t.After(now) {
		sd.s.Clock.Move(t.Sub(now))
	}
}

func (sd *seeder) tick(minutes int) {
	sd.goTo(sd.s.Clock.Now().Add(time.Duration(minutes) * time.Minute))
}

func (sd *seeder) planFeedback() {
	rows, err := demoTable("feedback.csv")
	if err != nil {
		sd.happens(sd.at(1, 0), "feedback", func(context.Context) error { return err })
	}
	for _, r := range rows {
		ago, err := r.number("ago")
		sd.happens(sd.at(ago, 19*60+40), "feedback", func(ctx context.Context) error { return errors.Join(err, sd.say(ctx, r)) })
	}
}

func (sd *seeder) say(ctx context.Context, r demoRow) error {
	by := command.Caller{Role: flow.Guest, ID: records.NewID()}
	if a := sd.accounts[r["who"]]; a != nil && a.id != "" {
		by = command.Account(a.id)
	}
	score, err := r.number("score")
	if err != nil {
		return err
	}
	if _, err := command.Run(ctx, sd.s.Desk, by, command.GiveFeedback, command.At{ID: records.DeskID}, command.Said{Page: r["page"], Score: int64(score), Easy: r["easy"],
		Text: r["text"], Contact: r["contact"]}); err != nil || r["reply"] == "" {
		return err
	}
	newest, err := records.All[*records.Feedback](sd.s.Desk.App.DB(), nil, "made DESC")
	if err != nil {
		return err
	}
	sd.tick(13 * 60)
	_, err = command.Run(ctx, sd.s.Desk, command.Of(sd.staff["zhoumin"]), command.AnswerFeedback, command.At{ID: newest[0].ID}, command.Reply{Text: r["reply"]})
	return err
}
