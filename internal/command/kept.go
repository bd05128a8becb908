package command

import (
	"sync"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// What every request reads and few acts change is kept in memory: the desk's row until an act changes it, and
// descriptions, which never change, by their digest. Acts themselves read the desk's row inside their transaction.

const (
	keepDesk  = time.Second // another program on the same data, `certdesk init`, is noticed after this
	keepTypes = 256
)

type kept struct {
	mu    sync.Mutex
	desk  *records.Desk
	until time.Time
	drops int // counts changes, so that what was read before one is not kept after it
	types map[string]sdk.Type
}

// Settings returns the desk's row, as the last act left it. It is the caller's own copy.
func (d *Desk) Settings() (*records.Desk, error) {
	row, drops := d.kept.settings()
	if row != nil {
		return row, nil
	}
	row, err := records.Load[*records.Desk](d.App.DB(), records.DeskID)
	if err != nil {
		return nil, err
	}
	d.kept.keep(*row, drops)
	return row, nil
}

func (k *kept) settings() (*records.Desk, int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.desk == nil || time.Now().After(k.until) {
		return nil, k.drops
	}
	row := *k.desk
	return &row, k.drops
}

func (k *kept) keep(row records.Desk, drops int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if drops == k.drops {
		k.desk, k.until = &row, time.Now().Add(keepDesk)
	}
}

// drop forgets the desk's row if an act changed it.
func (k *kept) drop(effects []effect) {
	for _, e := range effects {
		if _, desk := e.row.(*records.Desk); desk {
			k.mu.Lock()
			k.desk = nil
			k.drops++
			k.mu.Unlock()
		}
	}
}

// Type reads the description with this digest. It is shared: nobody changes what it points to.
func (d *Desk) Type(digest string) (sdk.Type, error) { return d.describe(d.App.DB(), digest, true) }

// describe keeps a description only where the row is committed; a transaction may still be undone.
func (d *Desk) describe(db dbx.Builder, digest string, committed bool) (sdk.Type, error) {
	d.kept.mu.Lock()
	t, found := d.kept.types[digest]
	d.kept.mu.Unlock()
	if found {
		return t, nil
	}
	t, err := records.Describe(db, digest)
	if err != nil || !committed {
		return t, err
	}
	d.kept.mu.Lock()
	defer d.kept.mu.Unlock()
	if d.kept.types == nil || len(d.kept.types) >= keepTypes {
		d.kept.types = map[string]sdk.Type{}
	}
	d.kept.types[digest] = t
	return t, nil
}
