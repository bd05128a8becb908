// Package vault keeps what people entrust to the desk: the keys, apart from the data; texts and documents sealed with
// them; blind indexes that find a name or a number without being readable; and the inspection of what is uploaded.
package vault

import (
	"crypto/hkdf"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"modernc.org/sqlite"
)

// Failure is an error that callers tell apart; its text is the code. The cause is wrapped beside it.
type Failure string

// Error returns the code.
func (f Failure) Error() string { return string(f) }

// What can go wrong with keys, sealed values and documents.
const (
	ErrKeysLost    Failure = "keys_lost"    // the root key or keys.db is not there
	ErrKeysWrong   Failure = "keys_wrong"   // it is there, but belongs to another root key or to another desk
	ErrKeysOpen    Failure = "keys_open"    // other users of the machine could read it
	ErrKeysDamaged Failure = "keys_damaged" // keys.db is not a whole database any more
	ErrKeysExist   Failure = "keys_exist"   // keys were to be made where there are some
	ErrErased      Failure = "erased"       // the key was destroyed: nobody can read this any more
	ErrKeyUnknown  Failure = "key_unknown"  // no such key was ever made here
	ErrForged      Failure = "forged"       // changed, cut off, moved from elsewhere, or never sealed by this desk
	ErrBlobMissing Failure = "blob_missing" // there is no such document in the store
	ErrDiskFull    Failure = "disk_full"    // nothing was written; nothing is lost
)

// Options says where the keys are.
type Options struct {
	Dir      string   // folder of keys.db
	Root     [32]byte // the root key itself; all zero: read it from RootFile
	RootFile string   // default: root.key in Dir
}

// Vault seals and opens. It is safe for use by many goroutines, and for one process at a time.
type Vault struct {
	db    *sql.DB
	wrap  []byte // seals the rows of keys.db
	blind []byte // keys the blind indexes

	mu    sync.Mutex
	cache map[string]*material
	find  *sql.Stmt // reads a key; prepared with the first
}

// Create makes the root key (unless one is given or there already) and an empty keys.db, and opens it. It is for an
// empty desk only: ErrKeysExist if there is a keys.db. Broken off half-way it can be run again.
func Create(o Options) (*Vault, error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder of the keys: %w", full(err))
	}
	if _, err := os.Stat(o.file()); err == nil {
		return nil, fmt.Errorf("%w: %s", ErrKeysExist, o.file())
	}
	if err := o.makeRoot(); err != nil {
		return nil, err
	}
	root, err := o.root()
	if err != nil {
		return nil, err
	}
	if err := makeDatabase(o.file(), root); err != nil {
		return nil, full(err)
	}
	return Open(o)
}

// Open opens the keys of a desk. Whatever is missing or does not fit is refused (ErrKeysLost, ErrKeysWrong, ErrKeysOpen,
// ErrKeysDamaged), because a desk that made new keys would lose everything sealed with the old ones.
func Open(o Options) (*Vault, error) {
	root, err := o.root()
	if err != nil {
		return nil, err
	}
	if err := private(o.file()); err != nil {
		return nil, err
	}
	v, err := connect(o.file(), root)
	if err != nil {
		return nil, err
	}
	if err := v.check(); err != nil {
		v.Close()
		return nil, err
	}
	return v, nil
}

// Close forgets every key and closes keys.db.
func (v *Vault) Close() error {
	v.mu.Lock()
	for id := range v.cache {
		v.forget(id)
	}
	if v.find != nil {
		v.find.Close()
	}
	v.mu.Unlock()
	return v.db.Close()
}

func (o Options) file() string { return filepath.Join(o.Dir, "keys.db") }

func derive(root [32]byte, use string) ([]byte, error) {
	return hkdf.Key(sha256.New, root[:], nil, "certdesk v1 "+use, 32)
}

// private refuses a file that is not there, or that others can read.
func private(file string) error {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %w", ErrKeysLost, err)
	}
	if err != nil {
		return err
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&0o077 != 0 {
		return fmt.Errorf("%w: %s has mode %04o, allowed is 0600", ErrKeysOpen, file, mode)
	}
	return nil
}

// Full marks an error that comes from a disk without room as ErrDiskFull, also one of the desk's own database.
func Full(err error) error { return full(err) }

// full marks an error that comes from a disk without room as ErrDiskFull.
func full(err error) error {
	var db *sqlite.Error
	const sqliteFull = 13
	// SQLite rolls back by itself then, and who rolls back once more joins two errors into one that can only be read.
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.As(err, &db) && db.Code()&0xff == sqliteFull ||
		err != nil && strings.Contains(err.Error(), "database or disk is full") {
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	}
	return err
}

// syncFolder makes what was created, renamed or removed in a folder survive a power cut.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
