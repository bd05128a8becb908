package command

import (
	"sync"
	"time"

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
	turns int // counts adjustments of types, likewise
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

// drop forgets the desk's row if an act changed it, and the descriptions if one changed the terms of a type.
func (k *kept) drop(effects []effect) {
	for _, e := range effects {
		if _, desk := e.row.(*records.Desk); desk {
			k.mu.Lock()
			k.desk = nil
			k.drops++
			k.mu.Unlock()
		}
		if _, typ := e.row.(*records.Type); typ {
			k.mu.Lock()
			k.types = nil
			k.turns++
			k.mu.Unlock()
		}
	}
}

// Type reads the description with this digest. It is shared: nobody changes what it points to.
func (d *Desk) Type(digest string) (sdk.Type, error) {
	t, turns, found := d.kept.typ(digest)
	if found {
		return t, nil
	}
	t, err := records.Describe(d.App.DB(), digest)
	if err == nil {
		d.kept.keepType(digest, t, turns)
	}
	return t, err
}

func (k *kept) typ(digest string) (t sdk.Type, turns int, found bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	t, found = k.types[digest]
	return t, k.turns, found
}

// keepType keeps a description whose row is committed, unless a type was adjusted since it was read.
func (k *kept) keepType(digest string, t sdk.Type, turns int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if turns != k.turns {
		return
	}
	if k.types == nil || len(k.types) >= keepTypes {
		k.types = map[string]sdk.Type{}
	}
	k.types[digest] = t
}
