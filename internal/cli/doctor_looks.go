package cli

// What doctor looks at, one thing a function: how it is, and what to do if it is not well.

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/backup"
	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/notify"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/sandbox"
	"github.com/certdesk/certdesk/internal/vault"
)

const (
	diskFloor   = 512 << 20
	diskLow     = 5 << 30
	copyLate    = 36 * time.Hour
	trialLate   = 10 * 24 * time.Hour
	calendarLow = 60
	dialFor     = 5 * time.Second
)

// open opens what is there, for reading. What is not there is told by the checks.
func (p *patient) open() {
	file := filepath.Join(p.cfg.Dir, "data.db")
	if _, err := os.Stat(file); err != nil {
		return
	}
	db, err := dbx.Open("sqlite", file+"?_pragma=busy_timeout(10000)&_pragma=query_only(ON)")
	if err != nil {
		return
	}
	p.db = db
	if p.desk, err = records.Load[*records.Desk](db, records.DeskID); err != nil {
		p.desk = nil
	}
}

func lookProgram(*patient) (string, string) {
	return fine, fmt.Sprintf("certdesk %s, PocketBase %s, %s on %s/%s", release(), backup.PocketBase(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func lookData(p *patient) (string, string) {
	if p.db == nil {
		return broken, fmt.Sprintf("there is no desk in %s: name its folder with --dir, or start one with certdesk serve", p.cfg.Dir)
	}
	var whole string
	if err := p.db.NewQuery("PRAGMA quick_check(1)").Row(&whole); err != nil || whole != "ok" {
		return broken, fmt.Sprintf("data.db is damaged (%s %v): stop the desk and restore the last copy", whole, err)
	}
	var applied []string
	if err := p.db.NewQuery("SELECT file FROM _migrations").Column(&applied); err != nil || p.desk == nil {
		return broken, fmt.Sprintf("data.db holds no desk of ours: %v", err)
	}
	known := backup.Migrations()
	for _, file := range applied {
		if !slices.Contains(known, file) {
			return broken, fmt.Sprintf("a newer version has changed the data (%s): start that version or a later one", file)
		}
	}
	if p.desk.State == flow.New {
		return warned, "the desk is not set up yet: open it and follow the first-run page, or use certdesk init"
	}
	return fine, fmt.Sprintf("%s, %s", p.cfg.Dir, p.desk.Name("zh-Hans"))
}

// lookPermissions finds what other users of the machine can read or write.
func lookPermissions(p *patient) (string, string) {
	if runtime.GOOS == "windows" {
		return "", ""
	}
	for _, path := range []string{p.cfg.Dir, p.cfg.Keys, p.cfg.RootKey, filepath.Join(p.cfg.Dir, "data.db"), filepath.Join(p.cfg.Keys, "keys.db"), filepath.Join(p.cfg.Keys, "ledger.key")} {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return broken, err.Error()
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			return broken, fmt.Sprintf("%s can be reached by other users of this machine (mode %04o): chmod go= %s", path, mode, path)
		}
	}
	if info, err := os.Stat(p.cfg.Plugins); err == nil && info.Mode().Perm()&0o022 != 0 {
		return broken, fmt.Sprintf("other users of this machine can put types into %s: chmod go-w %s", p.cfg.Plugins, p.cfg.Plugins)
	}
	return fine, "data and keys are private"
}

func lookKeys(p *patient) (string, string) {
	if p.desk == nil {
		return "", ""
	}
	v, err := vault.Open(vault.Options{Dir: p.cfg.Keys, RootFile: p.cfg.RootKey})
	if errors.Is(err, vault.ErrKeysLost) && p.desk.State == flow.New {
		return fine, "none yet: they are made at the first start"
	}
	if err != nil {
		return broken, fmt.Sprintf("the keys in %s do not open: %v", p.cfg.Keys, err)
	}
	p.keys = v
	if err := v.Bind(p.desk.Mark); err != nil {
		return broken, fmt.Sprintf("the keys in %s are not those of this data: %v", p.cfg.Keys, err)
	}
	if _, err := ledger.LoadKey(filepath.Join(p.cfg.Keys, "ledger.key")); err != nil {
		return broken, fmt.Sprintf("the key that signs the record: %v", err)
	}
	return fine, "they are those of this data"
}

// lookSheet compares a recovery sheet with the root key. Without one there is nothing to say.
func lookSheet(p *patient) (string, string) {
	if p.root == nil {
		return "", ""
	}
	root, err := vault.ReadRoot(p.cfg.RootKey)
	switch {
	case err != nil:
		return broken, fmt.Sprintf("there is no root key to compare it with: %v", err)
	case root != *p.root:
		return broken, "the lines are right, but they are the root key of another desk"
	}
	return fine, "it is the root key of this desk"
}

func lookSandbox(p *patient) (string, string) {
	level := sandbox.Available()
	switch {
	case level == sandbox.Full:
		return fine, "full: types and the reader of uploads run without files, network and other processes"
	case level.AtLeast(sandbox.Landlock):
		return fine, fmt.Sprintf("%s: types and the reader of uploads see no files and no network", level)
	case p.cfg.PluginSandbox == "off":
		return broken, "none, and plugin-sandbox is off: any type can read all that the desk can read"
	}
	return warned, "none on this system: bundled types run, others are refused; a newer Linux kernel (5.13) with Landlock locks them up"
}

func lookDisk(p *patient) (string, string) {
	how, text := fine, ""
	for _, dir := range []string{p.cfg.Dir, p.cfg.Keys} {
		free, err := backup.Free(dir)
		if err != nil {
			continue
		}
		switch {
		case free < diskFloor:
			return broken, fmt.Sprintf("%s has %d MB free: make room, or nothing can be entered soon", dir, free>>20)
		case free < diskLow:
			how = warned
		}
		if text == "" {
			text = fmt.Sprintf("%d GB free for %s", free>>30, dir)
		}
	}
	if text == "" {
		return "", "" // there is no folder yet
	}
	return how, text
}

func lookClock(p *patient) (string, string) {
	now := time.Now()
	if p.db == nil || p.desk == nil {
		return fine, now.Format(time.RFC3339)
	}
	last, err := ledger.Search(p.db, ledger.Query{Newest: true, Limit: 1})
	if err != nil {
		return broken, err.Error()
	}
	if len(last) > 0 && last[0].At.Sub(now) > time.Hour && !p.desk.Demo {
		return broken, fmt.Sprintf("it says %s, but the newest entry is of %s: set it right before the desk is started", now.Format(time.RFC3339), last[0].At.Format(time.RFC3339))
	}
	zone, err := time.LoadLocation(p.desk.Zone)
	if err != nil {
		return broken, fmt.Sprintf("the desk's zone %q is unknown", p.desk.Zone)
	}
	return fine, fmt.Sprintf("%s at the desk (%s)", now.In(zone).Format("2006-01-02 15:04"), p.desk.Zone)
}

func lookCalendar(p *patient) (string, string) {
	cal, err := command.ReadCalendar(p.cfg.Calendar)
	if err != nil {
		return broken, fmt.Sprintf("%v: put it right, the desk does not start with it", err)
	}
	ends := cal.Ends()
	if flow.DayOf(time.Now(), time.UTC).AddDays(calendarLow).Before(ends) {
		return fine, fmt.Sprintf("public holidays are known until %s", ends)
	}
	if p.cfg.Calendar != "" {
		return warned, fmt.Sprintf("public holidays are known until %s only: add the next year to %s, or deadlines will be wrong", ends, p.cfg.Calendar)
	}
	return warned, fmt.Sprintf("public holidays are known until %s only: update the program, or deadlines will be wrong", ends)
}

// lookMail reaches for the mail server; it sends nothing.
func lookMail(p *patient) (string, string) {
	host, from, err := p.mailHost()
	switch {
	case err != nil:
		return broken, err.Error()
	case host == "" && p.desk != nil && p.desk.Demo:
		return fine, "a demo shows its mails on a page"
	case host == "":
		return warned, "no mail server is set: mails wait in the outbox, and the second factor of staff is printed by the program"
	}
	c, err := net.DialTimeout("tcp", host, dialFor)
	if err != nil {
		return broken, fmt.Sprintf("the mail server %s (%s) does not answer: %v", host, from, err)
	}
	c.Close()
	return fine, fmt.Sprintf("%s answers (%s); a test mail is sent from the desk's settings", host, from)
}

func (p *patient) mailHost() (host, from string, err error) {
	if p.cfg.SMTP != "" {
		u, err := url.Parse(p.cfg.SMTP)
		if err != nil {
			return "", "", errors.New("smtp cannot be read")
		}
		port := u.Port()
		if port == "" {
			port = map[string]string{"smtps": "465"}[u.Scheme]
		}
		if port == "" {
			port = "587"
		}
		return net.JoinHostPort(u.Hostname(), port), "start-up setting", nil
	}
	if p.desk == nil || p.desk.Mail == "" || p.keys == nil {
		return "", "", nil
	}
	raw, err := p.keys.Unseal("desk", "desk.mail "+records.DeskID, p.desk.Mail)
	if err != nil {
		return "", "", fmt.Errorf("the settings of the mail server do not open: %w", err)
	}
	var m notify.MailSettings
	if err := json.Unmarshal(raw, &m); err != nil {
		return "", "", fmt.Errorf("the settings of the mail server cannot be read: %w", err)
	}
	return net.JoinHostPort(m.Host, fmt.Sprint(m.Port)), "desk's settings", nil
}

// lookSMS reaches for the gateway; it sends nothing.
func lookSMS(p *patient) (string, string) {
	if p.cfg.SMS.URL == "" {
		return warned, "SMS are written to the log only: signing in by phone is not offered"
	}
	u, err := url.Parse(p.cfg.SMS.URL)
	if err != nil {
		return broken, "the URL of the SMS gateway cannot be read"
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	c, err := net.DialTimeout("tcp", net.JoinHostPort(u.Hostname(), port), dialFor)
	if err != nil {
		return broken, fmt.Sprintf("the SMS gateway %s does not answer: %v", u.Hostname(), err)
	}
	c.Close()
	if p.desk != nil && !p.desk.SMSTested {
		return warned, fmt.Sprintf("%s answers, but no test SMS has arrived yet: send one from the desk's settings", u.Hostname())
	}
	return fine, u.Hostname() + " answers"
}

func lookBackup(p *patient) (string, string) {
	b := p.cfg.Backup
	if b.Data == "" {
		return warned, "none is set up: give backup and backup-keys, two places apart"
	}
	c, err := placesOf(p.cfg)
	if err != nil {
		return broken, err.Error()
	}
	s, err := backup.Look(p, c)
	switch now := time.Now(); {
	case err != nil:
		return broken, fmt.Sprintf("the place of the copies cannot be read: %v", err)
	case s.Newest == "":
		return warned, fmt.Sprintf("no copy in %s yet", c.Data)
	case now.Sub(s.Made) > copyLate:
		return broken, fmt.Sprintf("the newest copy is of %s: see why none was made since", s.Made.Format(time.RFC3339))
	case s.Trial != nil && !s.Trial.OK:
		return broken, fmt.Sprintf("copy %s could not be put back: %s", s.Trial.ID, s.Trial.Error)
	case s.Missing > 0:
		return broken, fmt.Sprintf("%d documents that the record names are not on the disk", s.Missing)
	case b.Together():
		return warned, "copies of data and keys lie in one place: whoever has it has everything"
	case s.Trial == nil || now.Sub(s.Trial.When()) > trialLate:
		return warned, fmt.Sprintf("copy %s; no copy was put back as a test lately", s.Newest)
	default:
		return fine, fmt.Sprintf("copy %s of %d, put back as a test on %s", s.Newest, s.Copies, s.Trial.At)
	}
}
