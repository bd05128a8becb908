package command

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
)

// MailCheckpoint sends the auditors this week's checkpoint, once a week, from Monday on: a desk that was down on Monday sends it when it
// is back, and one without an auditor as soon as there is one. Kept in their mailboxes it is out of reach of whoever has the machine.
func (d *Desk) MailCheckpoint(ctx context.Context) error {
	today, err := d.Today(ctx)
	if err != nil {
		return err
	}
	week := string(today.AddDays(-((int(today.Weekday()) + 6) % 7))) // its Monday
	told, err := records.Count(d.App.DB(), "jobs", dbx.HashExp{"kind": "checkpoint_weekly", "target": week})
	if err != nil || told > 0 {
		return err
	}
	note, err := d.Checkpoint(ctx)
	if err != nil || note == "" {
		return err
	}
	size, err := ledger.NoteSize(note)
	if err != nil {
		return err
	}
	_, err = d.quiet(ctx, Itself, func(tx *Tx) (string, error) {
		all, err := tx.colleagues()
		if err != nil || !slices.ContainsFunc(all, func(s *records.Staff) bool { return s.Person().Has(flow.Auditor) }) {
			return "", err
		}
		j := &records.Job{Kind: "checkpoint_weekly", Target: week, DueAt: tx.Stamp()}
		j.State = "done"
		tx.Insert(j)
		return "", tx.TellRole(flow.Auditor, "checkpoint_weekly", Words{"size": strconv.FormatInt(size, 10), "note": note})
	})
	return err
}

// CompareCheckpoint holds a pasted checkpoint against the record. A mail may have quoted it or turned its line ends.
func (d *Desk) CompareCheckpoint(pasted string) (ledger.Compared, error) {
	return ledger.Compare(d.App.DB(), unquoted(pasted), []string{d.key.Public})
}

// unquoted takes quotation marks, spaces at the ends of lines and what stands around the note from a pasted text.
func unquoted(s string) string {
	var lines []string
	for _, l := range strings.Split(strings.ReplaceAll(s, "\r", ""), "\n") {
		lines = append(lines, strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(l), "> \u00a0")))
	}
	for i, l := range lines {
		if strings.HasPrefix(l, "certdesk/") && i+5 < len(lines) {
			return strings.Join(lines[i:i+4], "\n") + "\n\n" + lines[i+5] + "\n"
		}
	}
	return s
}
