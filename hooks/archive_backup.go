package hooks

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/certdesk/certdesk/internal/backup"
	"github.com/certdesk/certdesk/internal/records"
)

// The copies of the desk: made each night, put back as a test each week, their age on the lead's page, the managers told
// when one fails or is too old. How they stand is read from the place in which they are: it is the only one that knows.

const (
	copyLate  = 36 * time.Hour     // a night was missed
	trialDays = 7 * 24 * time.Hour // between two trials
	trialLate = 10 * 24 * time.Hour
	copyAgain = time.Hour // after a failure
)

// copies is what the desk knows of its copies.
type copies struct {
	mu     sync.Mutex
	known  bool
	status backup.Status
	failed string    // why the last attempt failed, "" if it did not
	after  time.Time // not again before
}

// copyPlaces opens the places that the settings name; ok is false if there are none.
func (s *Server) copyPlaces() (c backup.Copies, ok bool, err error) {
	b := s.Config.Backup
	if b.Data == "" {
		return c, false, nil
	}
	if c.Data, err = backup.OpenPlace(b.Data, b.DataSecret); err != nil {
		return c, false, err
	}
	if c.Keys, err = backup.OpenPlace(b.Keys, b.KeysSecret); err != nil {
		return c, false, err
	}
	paused, _ := s.Clock.Paused()
	c.Keep, c.Prune = b.Keep, !paused // nothing is removed as long as nobody knows what day it is
	return c, true, nil
}

func (s *Server) copied() backup.Desk {
	return backup.Desk{Dir: s.Config.Dir, Keys: s.Config.Keys, RootKey: s.Config.RootKey, Version: s.Config.Version, Now: s.Desk.Now}
}

// backup makes tonight's copy, unless there is one, and once a week puts the newest back as a test.
func (s *Server) backup(ctx context.Context) error {
	places, ok, err := s.copyPlaces()
	if err != nil || !ok {
		return err
	}
	if s.Desk.Now().Before(s.copies.wait()) {
		return nil
	}
	status, err := backup.Look(ctx, places)
	if err == nil {
		var due bool
		if due, err = s.copyDue(status); err == nil && due {
			_, err = s.copied().Make(ctx, places)
		}
	}
	if err == nil && trialDue(status, s.Desk.Now()) {
		_, err = s.copied().Try(ctx, places)
	}
	if errors.Is(err, backup.ErrBusy) || err != nil && ctx.Err() != nil {
		return nil // somebody makes one by hand, or the desk stops
	}
	ctx = context.WithoutCancel(ctx) // what was done is said, also while the desk stops
	if now, looked := backup.Look(ctx, places); looked == nil {
		status = now
	}
	s.copies.note(status, err, s.Desk.Now().Add(copyAgain))
	return errors.Join(err, s.tellOfCopies(ctx))
}

// copyDue reports whether the newest copy is from before the last time at which one should have been made.
func (s *Server) copyDue(status backup.Status) (bool, error) {
	d, err := s.Desk.Settings()
	if err != nil {
		return false, err
	}
	at, err := time.Parse("15:04", s.Config.Backup.At)
	if err != nil {
		return false, err
	}
	now := s.Desk.Now().In(s.Desk.Zone(d))
	last := time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, now.Location())
	if last.After(now) {
		last = last.AddDate(0, 0, -1)
	}
	return status.Newest == "" || status.Made.Before(last), nil
}

func trialDue(status backup.Status, now time.Time) bool {
	return status.Trial == nil || now.Sub(status.Trial.When()) >= trialDays || !status.Trial.OK && status.Newest != status.Trial.ID
}

func (c *copies) wait() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.after
}

func (c *copies) note(status backup.Status, err error, again time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known, c.status, c.failed, c.after = true, status, "", time.Time{}
	if err != nil {
		c.failed, c.after = err.Error(), again
	}
}

// copyShown is what the lead's page says about the copies.
type copyShown struct {
	On        bool   `json:"on"`
	Together  bool   `json:"together"`
	Known     bool   `json:"known"`
	At        string `json:"at"`
	Late      bool   `json:"late"`
	Copies    int    `json:"copies"`
	Missing   int    `json:"missing"`
	Failed    string `json:"failed"`
	TrialAt   string `json:"trialAt"`
	TrialOK   bool   `json:"trialOK"`
	TrialLate bool   `json:"trialLate"`
	TrialSays string `json:"trialSays"`
	Entries   int64  `json:"entries"`
	Documents int    `json:"documents"`
}

// show says how the copies stand at a moment.
func (c *copies) show(on, together bool, now time.Time) copyShown {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := copyShown{On: on, Together: together, Known: c.known, Copies: c.status.Copies, Missing: c.status.Missing, Failed: c.failed}
	if c.status.Newest != "" {
		out.At, out.Late = records.Stamp(c.status.Made), now.Sub(c.status.Made) > copyLate
	}
	if t := c.status.Trial; t != nil {
		out.TrialAt, out.TrialOK, out.TrialSays, out.Entries, out.Documents = records.Stamp(t.When()), t.OK, t.Error, t.Entries, t.Documents
		out.TrialLate = now.Sub(t.When()) > trialLate
	}
	return out
}

func (s *Server) copyState() copyShown {
	return s.copies.show(s.Config.Backup.Data != "", s.Config.Backup.Together(), s.Desk.Now())
}

// tellOfCopies tells the managers, once a day and trouble, that a copy or a trial failed or is too old.
func (s *Server) tellOfCopies(ctx context.Context) error {
	c, trouble := s.copyState(), ""
	switch {
	case c.Failed != "":
		trouble = "failed"
	case c.Late:
		trouble = "late"
	case c.TrialAt != "" && (!c.TrialOK || c.TrialLate):
		trouble = "trial"
	}
	if trouble == "" {
		return nil
	}
	return s.Desk.TellBackup(ctx, trouble)
}
