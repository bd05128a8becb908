package vault

// keys.db: a database of its own, so that it is backed up apart and so that a key is on disk before anything refers to it.

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/certdesk/certdesk/internal/fault"
)

// canary is the row by which a wrong root key, and another desk's keys.db, are noticed.
const canary = ":canary"

const keysSchema = `CREATE TABLE keys (id TEXT PRIMARY KEY, wrapped BLOB NOT NULL, made TEXT NOT NULL) STRICT`

func stamp() string { return time.Now().UTC().Format("2006-01-02 15:04:05.000Z") }

// makeDatabase makes keys.db beside its place and moves it there once it is whole and on disk.
func makeDatabase(file string, root [32]byte) error {
	if err := fault.At("keys.create"); err != nil {
		return err
	}
	tmp := file + ".new"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := fault.At("keys.fill"); err != nil {
		return err
	}
	if err := fill(tmp, root); err != nil {
		return err
	}
	if err := fault.At("keys.rename"); err != nil {
		return err
	}
	if err := os.Rename(tmp, file); err != nil {
		return err
	}
	if err := fault.At("keys.folder"); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(file))
}

func fill(file string, root [32]byte) error {
	v, err := connect(file, root)
	if err != nil {
		return err
	}
	_, err = v.db.Exec(keysSchema)
	if err == nil {
		err = v.putCanary("")
	}
	if err == nil {
		err = v.NewKey(deskKey)
	}
	return errors.Join(err, v.Close()) // closing brings everything into the one file
}

func connect(file string, root [32]byte) (*Vault, error) {
	v := &Vault{cache: map[string]*material{}}
	var err error
	if v.wrap, err = derive(root, "wrap"); err != nil {
		return nil, err
	}
	if v.blind, err = derive(root, "blind"); err != nil {
		return nil, err
	}
	v.db, err = sql.Open("sqlite", file+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+
		"&_pragma=secure_delete(ON)&_pragma=temp_store(MEMORY)&_defensive=1&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	v.db.SetMaxOpenConns(1) // nobody of ours reads while a destroyed key is wiped
	return v, nil
}

// check refuses a damaged file and a root key that does not fit.
func (v *Vault) check() error {
	var whole string
	if err := v.db.QueryRow("PRAGMA quick_check(1)").Scan(&whole); err != nil || whole != "ok" {
		return errors.Join(fmt.Errorf("%w: %s", ErrKeysDamaged, whole), err)
	}
	_, err := v.boundTo()
	return err
}

// Bind ties the keys to a desk by the ID that its data carries; from then on any other ID is ErrKeysWrong.
func (v *Vault) Bind(deskID string) error {
	if deskID == "" {
		return errors.New("bind keys to a desk without an ID")
	}
	bound, err := v.boundTo()
	switch {
	case err != nil || bound == deskID:
		return err
	case bound != "":
		return fmt.Errorf("%w: they belong to desk %s, the data to desk %s", ErrKeysWrong, bound, deskID)
	}
	if err := fault.At("keys.bind"); err != nil {
		return err
	}
	return full(v.putCanary(deskID))
}

func (v *Vault) boundTo() (string, error) {
	var wrapped []byte
	err := v.db.QueryRow("SELECT wrapped FROM keys WHERE id = ?", canary).Scan(&wrapped)
	if err != nil {
		return "", fmt.Errorf("%w: no canary in keys.db: %w", ErrKeysWrong, err)
	}
	id, err := unlock(v.wrap, canary, wrapped)
	if err != nil {
		return "", fmt.Errorf("%w: keys.db was made with another root key", ErrKeysWrong)
	}
	return string(id), nil
}

func (v *Vault) putCanary(deskID string) error {
	wrapped, err := lock(v.wrap, canary, []byte(deskID))
	if err != nil {
		return err
	}
	_, err = v.db.Exec("INSERT INTO keys (id, wrapped, made) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET wrapped = excluded.wrapped",
		canary, wrapped, stamp())
	return err
}
