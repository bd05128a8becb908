package vault

// The root key: the one secret from which all else hangs. It is a file of its own, so that it can be kept somewhere else
// than keys.db, or be handed in by the system.

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/certdesk/certdesk/internal/fault"
)

const rootMark = "certdesk-root-v1."

func (o Options) rootFile() string {
	if o.RootFile != "" {
		return o.RootFile
	}
	return filepath.Join(o.Dir, "root.key")
}

// makeRoot writes a new root key, unless one is given or there already.
func (o Options) makeRoot() error {
	if o.Root != [32]byte{} {
		return nil
	}
	if _, err := os.Stat(o.rootFile()); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var root [32]byte
	rand.Read(root[:])
	return full(WriteRoot(o.rootFile(), root))
}

// WriteRoot writes a root key that is known already, from a recovery sheet, into a private file.
func WriteRoot(file string, root [32]byte) error {
	return writeSynced(file, rootMark+base64.RawURLEncoding.EncodeToString(root[:])+"\n")
}

// ReadRoot reads a root key. ErrKeysLost, ErrKeysWrong or ErrKeysOpen.
func ReadRoot(file string) ([32]byte, error) { return Options{RootFile: file}.root() }

// root reads the root key. ErrKeysLost, ErrKeysWrong or ErrKeysOpen.
func (o Options) root() (root [32]byte, err error) {
	if o.Root != root {
		return o.Root, nil
	}
	if err := private(o.rootFile()); err != nil {
		return root, err
	}
	raw, err := os.ReadFile(o.rootFile())
	if err != nil {
		return root, err
	}
	text, ok := strings.CutPrefix(strings.TrimSpace(string(raw)), rootMark)
	key, err := base64.RawURLEncoding.DecodeString(text)
	if !ok || err != nil || len(key) != len(root) {
		return root, fmt.Errorf("%w: %s holds no root key", ErrKeysWrong, o.rootFile())
	}
	return [32]byte(key), nil
}

// writeSynced writes a private file that is there whole, or not at all, whatever happens meanwhile.
func writeSynced(file, text string) error {
	if err := fault.At("keys.root.write"); err != nil {
		return err
	}
	tmp := file + ".new"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, fault.At("keys.root.sync"), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	if err := fault.At("keys.root.rename"); err != nil {
		return err
	}
	if err := os.Rename(tmp, file); err != nil {
		return err
	}
	if err := fault.At("keys.root.folder"); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(file))
}
