package vault

// One key per case and one per holder: made before anything is sealed with it, destroyed to erase everything that was.

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"filippo.io/age"

	"github.com/certdesk/certdesk/internal/fault"
)

// deskKey seals what belongs to the desk and to nobody in particular. It is made with keys.db and never destroyed.
const deskKey = "desk"

const (
	secretSize   = 32 // AES-256, for texts
	identitySize = 74 // an age identity (X25519) in its text form, for documents
	cacheLimit   = 4096
)

// material is what one key consists of.
type material [secretSize + identitySize]byte

func (m *material) secret() []byte   { return m[:secretSize] }
func (m *material) identity() string { return string(m[secretSize:]) }

// NewKey makes a key and returns once it is on disk, so that the caller may refer to it. Making it again changes
// nothing. ErrErased if a key of this name was destroyed: names are not used twice.
func (v *Vault) NewKey(id string) error {
	if id == "" || strings.HasPrefix(id, ":") {
		return fmt.Errorf("key %q: not a name for a key", id)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, err := v.load(id); !errors.Is(err, ErrKeyUnknown) {
		return err
	}
	m, err := newMaterial()
	if err != nil {
		return err
	}
	wrapped, err := lock(v.wrap, id, m[:])
	if err != nil {
		return err
	}
	if err := fault.At("keys.write"); err != nil {
		return err
	}
	if _, err := v.db.Exec("INSERT INTO keys (id, wrapped, made) VALUES (?, ?, ?)", id, wrapped, stamp()); err != nil {
		return fmt.Errorf("make key %s: %w", id, full(err))
	}
	v.remember(id, m)
	return fault.At("keys.written")
}

// NewKeys makes many keys at once, as NewKey makes one: all of them, or none.
func (v *Vault) NewKeys(ids []string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := fault.At("keys.write"); err != nil {
		return err
	}
	tx, err := v.db.Begin()
	if err != nil {
		return fmt.Errorf("make keys: %w", full(err))
	}
	defer tx.Rollback()
	for _, id := range ids {
		if id == "" || strings.HasPrefix(id, ":") {
			return fmt.Errorf("key %q: not a name for a key", id)
		}
		m, err := newMaterial()
		if err != nil {
			return err
		}
		wrapped, err := lock(v.wrap, id, m[:])
		if err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO keys (id, wrapped, made) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING", id, wrapped, stamp()); err != nil {
			return fmt.Errorf("make key %s: %w", id, full(err))
		}
		clear(m[:]) // read again when it is used: one of the name may have been there
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("make keys: %w", full(err))
	}
	return fault.At("keys.written")
}

func newMaterial() (*material, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	var m material
	rand.Read(m.secret())
	if n := copy(m[secretSize:], identity.String()); n != identitySize || len(identity.String()) != identitySize {
		return nil, fmt.Errorf("an age identity of %d characters", len(identity.String()))
	}
	return &m, nil
}

// HasKey reports whether there is such a key, and it was not destroyed.
func (v *Vault) HasKey(id string) (bool, error) {
	_, err := v.key(id)
	if errors.Is(err, ErrErased) || errors.Is(err, ErrKeyUnknown) {
		return false, nil
	}
	return err == nil, err
}

// Whole reads the desk's own key from the disk, past what is kept in memory, and says what is wrong with it.
func (v *Vault) Whole() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	m, err := v.read(deskKey)
	if err != nil {
		return err
	}
	clear(m[:])
	return nil
}

// DestroyKey destroys a key for good: what was sealed with it answers ErrErased from then on. When it returns without
// error, the key is overwritten in keys.db and in its log. It can be repeated, and applied to a name that has no key.
func (v *Vault) DestroyKey(id string) error {
	if id == "" || id == deskKey || strings.HasPrefix(id, ":") {
		return fmt.Errorf("key %q cannot be destroyed", id)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.forget(id)
	if err := fault.At("keys.destroy"); err != nil {
		return err
	}
	_, err := v.db.Exec("INSERT INTO keys (id, wrapped, made) VALUES (?, x'', ?) ON CONFLICT (id) DO UPDATE SET wrapped = x''", id, stamp())
	if err != nil {
		return fmt.Errorf("destroy key %s: %w", id, full(err))
	}
	return v.wipe()
}

// Destroyed lists the names of all keys that were destroyed, and of all that DestroyKey was asked to destroy. The list lies beside
// the keys, apart from the data, and is copied with them.
func (v *Vault) Destroyed() (map[string]bool, error) {
	rows, err := v.db.Query("SELECT id FROM keys WHERE wrapped = x''")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	gone := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		gone[id] = true
	}
	return gone, rows.Err()
}

// wipe empties the write-ahead log, in which a destroyed key could still be read.
func (v *Vault) wipe() error {
	if err := fault.At("keys.wipe"); err != nil {
		return err
	}
	var busy, pages, moved int
	if err := v.db.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return fmt.Errorf("wipe keys.db: %w", full(err))
	}
	if busy != 0 {
		return errors.New("wipe keys.db: another program is reading it; the key is destroyed, its trace is not: repeat")
	}
	return nil
}

// key returns a copy of a key. ErrErased or ErrKeyUnknown.
func (v *Vault) key(id string) (material, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	m, err := v.load(id)
	if err != nil {
		return material{}, err
	}
	return *m, nil
}

func (v *Vault) load(id string) (*material, error) {
	if m := v.cache[id]; m != nil {
		return m, nil
	}
	m, err := v.read(id)
	if err == nil {
		v.remember(id, m)
	}
	return m, err
}

// read opens a key as it lies on the disk.
func (v *Vault) read(id string) (_ *material, err error) {
	if v.find == nil {
		if v.find, err = v.db.Prepare("SELECT wrapped FROM keys WHERE id = ?"); err != nil {
			return nil, fmt.Errorf("read key %s: %w", id, err)
		}
	}
	var wrapped []byte
	err = v.find.QueryRow(id).Scan(&wrapped)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, fmt.Errorf("%w: %s", ErrKeyUnknown, id)
	case err != nil:
		return nil, fmt.Errorf("read key %s: %w", id, err)
	case len(wrapped) == 0:
		return nil, fmt.Errorf("%w: key %s was destroyed", ErrErased, id)
	}
	plain, err := unlock(v.wrap, id, wrapped)
	if err != nil || len(plain) != len(material{}) {
		return nil, fmt.Errorf("%w: key %s does not open with the root key", ErrKeysWrong, id)
	}
	m := material(plain)
	clear(plain)
	return &m, nil
}

// remember keeps a key in memory; when there are too many, any other one goes.
func (v *Vault) remember(id string, m *material) {
	for other := range v.cache {
		if len(v.cache) < cacheLimit {
			break
		}
		v.forget(other)
	}
	v.cache[id] = m
}

func (v *Vault) forget(id string) {
	if m := v.cache[id]; m != nil {
		clear(m[:])
		delete(v.cache, id)
	}
}
