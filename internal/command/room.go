package command

import (
	"slices"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/vault"
)

// A disk that runs full: while there is still some room, what takes much of it is refused, so that signing in, reading
// and deciding go on, and the record can be written.

// bulky are the acts that make a desk grow: documents, new cases, new accounts.
var bulky = []flow.Act{flow.AddDocument, flow.Start, flow.Submit, flow.Renew, flow.Register, flow.AddHolder, flow.Import}

// Room refuses a bulky act with vault.ErrDiskFull while less room is left than the floor.
func (d *Desk) Room(act flow.Act) error {
	if d.Free == nil || !slices.Contains(bulky, act) {
		return nil
	}
	return d.Free()
}

// noted gives an error of the database its name where the disk has no room: nothing was written, nothing is lost.
func noted(err error) error {
	if err == nil {
		return nil
	}
	return vault.Full(err)
}
