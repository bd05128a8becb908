// Package command is the one way to change anything: an act is admitted, its rule is asked, its effects are noted, and
// the frame writes them, the messages and one ledger entry in one transaction, or nothing at all.
package command

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
	"github.com/certdesk/certdesk/policies"
)

// Desk is what every act needs. It is made once, at start.
type Desk struct {
	App      core.App
	Vault    *vault.Vault
	Blobs    vault.Blobs
	Policy   *policies.Policy
	Calendar flow.Calendar
	Now      func() time.Time
	Log      *slog.Logger

	// Committed is called after every act that wrote: senders and queues wake up.
	Committed func()

	// Free refuses, with vault.ErrDiskFull, while less room is left on the disks than the floor; nil: never.
	Free func() error

	kept  kept
	pages pages
	key   ledger.Key
	mu    sync.Mutex
	zone  *time.Location
	name  string
}

// Caller is who asks: by kind and ID. What they may do is read inside the transaction, so that a revoked role stops at once.
type Caller struct {
	Role flow.Role // flow.Guest, flow.Applicant, flow.System; anything else is a colleague
	ID   string    // row of applicants or staff; for a guest, the random name of the browser
}

// Of makes the caller for a colleague.
func Of(staff string) Caller { return Caller{Role: flow.Reviewer, ID: staff} }

// Account makes the caller for an account of the portal.
func Account(applicant string) Caller { return Caller{Role: flow.Applicant, ID: applicant} }

// Itself is the desk acting by its own clock.
var Itself = Caller{Role: flow.System, ID: "desk"}

// location returns the desk's zone; the deadlines of the desk are civil dates in it.
func (d *Desk) location(name string) *time.Location {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.zone == nil || d.name != name {
		zone, err := time.LoadLocation(name)
		if err != nil {
			zone = time.FixedZone("CST", 8*3600)
		}
		d.zone, d.name = zone, name
	}
	return d.zone
}

// Today is the civil date at the desk.
func (d *Desk) Today(ctx context.Context) (flow.Day, error) {
	row, err := d.Settings()
	if err != nil {
		return "", err
	}
	return flow.DayOf(d.Now(), d.location(row.Zone)), nil
}

// Zone is the desk's zone, for showing moments.
func (d *Desk) Zone(row *records.Desk) *time.Location { return d.location(row.Zone) }

// Conflict says that a row was changed by somebody else since it was read.
type Conflict struct {
	By  string // who, as the ledger names them
	At  time.Time
	Act flow.Act
}

func (c *Conflict) Error() string {
	return fmt.Sprintf("conflict: %s by %s at %s", c.Act, c.By, c.At.Format(time.RFC3339))
}
