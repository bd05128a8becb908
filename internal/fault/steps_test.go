//go:build faults

package fault_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/notify"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
)

// steps are the life, with its mails sent before a copy is put back, which sets aside what waits, and before the account is closed,
// and a key destroyed.
func steps(smtp string) []testkit.Step {
	all := testkit.Steps()
	first := slices.IndexFunc(all, func(s testkit.Step) bool { return s.Name == "one more test mail" })
	all = slices.Insert(all, first, testkit.Step{Name: "mails leave first", Do: func(ctx context.Context, l *testkit.Life) error { return leave(ctx, l, smtp) }})
	i := slices.IndexFunc(all, func(s testkit.Step) bool { return s.Name == "close the account" })
	return slices.Insert(all, i,
		testkit.Step{Name: "mails leave", Do: func(ctx context.Context, l *testkit.Life) error { return leave(ctx, l, smtp) }},
		testkit.Step{Name: "a key to destroy", Do: func(_ context.Context, l *testkit.Life) error { return l.Desk.Vault.NewKey("case-nobody") }},
		testkit.Step{Name: "destroy a key", Do: func(_ context.Context, l *testkit.Life) error { return l.Desk.Vault.DestroyKey("case-nobody") }})
}

// leave sends what is due until nothing waits any more; where something failed it is due later, and time passes.
func leave(ctx context.Context, l *testkit.Life, smtp string) error {
	host, port, err := net.SplitHostPort(smtp)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	now := l.Now()
	s := &notify.Sender{DB: l.Desk, Now: func() time.Time { return now }, Log: log,
		Open: func(row notify.Row) (string, notify.Words, error) {
			return l.Desk.MessageWords(&records.Message{Head: records.Head{ID: row["id"]}, Recipient: row["recipient"], Words: row["words"]})
		},
		Mail: func() (notify.MailDriver, error) {
			return notify.NewMailer(notify.MailSettings{Host: host, Port: n, Security: "none", From: "desk@example.com", FromName: "desk"})
		},
		SMS: func() (notify.SMSDriver, error) { return notify.OpenSMS(notify.SMSSettings{Driver: "log"}, log) }}
	q := s.Queue()
	var failed error
	for range 20 {
		if _, err := s.Drain(ctx, q); err != nil && failed == nil {
			failed = err
		}
		waiting, err := records.Count(l.Desk.App.DB(), "messages", dbx.HashExp{"state": "queued"})
		if err != nil {
			return err
		}
		if waiting == 0 {
			return failed
		}
		now = now.Add(10 * time.Minute) // leases run out, retries fall due
	}
	return fmt.Errorf("messages still wait: %w", failed)
}

// delivered compares the outbox with the mail server: what is said to be sent came in. Only the test mails that a copy held back
// were set aside.
func delivered(l *testkit.Life, box *testkit.Postbox) error {
	had := box.Had()
	rows, err := records.All[*records.Message](l.Desk.App.DB(), dbx.HashExp{"channel": "mail"})
	if err != nil {
		return err
	}
	sent := 0
	for _, m := range rows {
		if m.State == "sent" {
			sent++
		}
		if m.State == "sent" && had[m.ID] == 0 || m.State != "sent" && m.State != "failed" && (m.State != "discarded" || m.Notice != "test") {
			return fmt.Errorf("message %s (%s) is %s (%s), and came in %d times", m.ID, m.Notice, m.State, m.Error, had[m.ID])
		}
	}
	if sent < 10 {
		return fmt.Errorf("only %d mails were sent", sent)
	}
	return nil
}

// once says which act is in the record more than once, or not at all although it was answered.
func once(l *testkit.Life, names []string, answered bool) error {
	rows, err := l.Desk.App.DB().NewQuery("SELECT key FROM ledger_entries").Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	had := map[string]int{}
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return err
		}
		had[key]++
	}
	for _, name := range names {
		if n := had[name]; n > 1 || n == 0 && answered {
			return fmt.Errorf("%s is in the record %d times", name, n)
		}
	}
	return rows.Err()
}

// acts are the names of the steps that are acts with an entry in the record.
func acts(all []testkit.Step) (list []string) {
	for _, s := range all {
		if slices.Contains(passages[s.Name], "ledger.entry") {
			list = append(list, s.Name)
		}
	}
	return list
}

func names(all []testkit.Step) (list []string) {
	for _, s := range all {
		list = append(list, s.Name)
	}
	return list
}

func aged(dir string, by time.Duration) error {
	then := time.Now().Add(-by)
	return filepath.WalkDir(filepath.Join(dir, "data", "documents"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chtimes(path, then, then)
	})
}

// unnamed are stored documents that no row names.
func unnamed(t *testing.T, l *testkit.Life) (left []string) {
	t.Helper()
	rows, err := records.All[*records.Document](l.Desk.App.DB(), nil)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, d := range rows {
		for _, n := range append(records.List(d.Views), d.Blob) {
			named[n] = true
		}
	}
	err = l.Desk.Blobs.Names(func(name string, _ time.Time) error {
		if !named[name] {
			left = append(left, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return left
}

func asText(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}
