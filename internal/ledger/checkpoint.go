package ledger

// Checkpoints: the size and the root of the log, signed. Kept somewhere else, one of them is enough to notice that the
// log before it was changed or cut off, whoever did it.

import (
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/certdesk/certdesk/internal/fault"
)

// Errors about the signing key and checkpoints.
var (
	ErrKeyLost  = errors.New("ledger_key_lost")
	ErrKeyWrong = errors.New("ledger_key_wrong")
	ErrEmpty    = errors.New("ledger_empty") // nothing to sign yet
)

// Key signs checkpoints with Ed25519. Public is what others need to verify them.
type Key struct {
	note.Signer
	Public string
}

// MakeKey makes a signing key in a private file and returns once it is on disk. Origin names the log for ever: no white
// space, no plus sign. A file that is there already is an error.
func MakeKey(file, origin string) (Key, error) {
	secret, public, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return Key{}, err
	}
	if _, err := note.NewSigner(secret); err != nil {
		return Key{}, fmt.Errorf("origin %q: %w", origin, err)
	}
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		return Key{}, errors.Join(fmt.Errorf("%s is there already", file), err)
	}
	if err := keep(file, secret+"\n"+public+"\n"); err != nil {
		return Key{}, err
	}
	return LoadKey(file)
}

func keep(file, text string) error {
	if err := fault.At("ledger.key.write"); err != nil {
		return err
	}
	tmp := file + ".new"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, fault.At("ledger.key.sync"), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	if err := fault.At("ledger.key.rename"); err != nil {
		return err
	}
	if err := os.Rename(tmp, file); err != nil || runtime.GOOS == "windows" {
		return err
	}
	if err := fault.At("ledger.key.folder"); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// LoadKey reads the signing key. ErrKeyLost; ErrKeyWrong if it is none, or its two halves do not belong together.
func LoadKey(file string) (Key, error) {
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Key{}, fmt.Errorf("%w: %w", ErrKeyLost, err)
	}
	if err != nil {
		return Key{}, err
	}
	secret, public, _ := strings.Cut(strings.TrimSpace(string(raw)), "\n")
	signer, err := note.NewSigner(secret)
	if err != nil {
		return Key{}, fmt.Errorf("%w: %s holds no signing key", ErrKeyWrong, file)
	}
	k := Key{signer, public}
	probe, err := note.Sign(&note.Note{Text: "probe\n"}, k)
	if err == nil {
		_, err = open(string(probe), []string{public})
	}
	if err != nil {
		return Key{}, fmt.Errorf("%w: %s: %w", ErrKeyWrong, file, err)
	}
	return k, nil
}

// Checkpoint signs size and root of the log as it is, keeps the note and returns it: "origin\nsize\nroot\nmade\n", a blank
// line, the signature. Asked again at the same size it returns the same note. ErrEmpty if there is no entry.
func Checkpoint(db dbx.Builder, signer note.Signer) (string, error) {
	size, err := Size(db)
	if err != nil {
		return "", err
	}
	if size == 0 {
		return "", ErrEmpty
	}
	var kept string
	err = db.NewQuery("SELECT note FROM checkpoints WHERE size = {:size}").Bind(dbx.Params{"size": size}).Row(&kept)
	if !errors.Is(err, sql.ErrNoRows) {
		return kept, err
	}
	root, err := tlog.TreeHash(size, stored{db})
	if err != nil {
		return "", err
	}
	made := time.Now().UTC().Format(timeLayout)
	signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n%s\n", signer.Name(), size, root, made)}, signer)
	if err != nil {
		return "", err
	}
	if err := fault.At("ledger.checkpoint"); err != nil {
		return "", err
	}
	_, err = db.NewQuery("INSERT INTO checkpoints (size, note, made) VALUES ({:size}, {:note}, {:made})").
		Bind(dbx.Params{"size": size, "note": string(signed), "made": made}).Execute()
	return string(signed), err
}

// open verifies a note with any of the public keys.
func open(text string, public []string) (*note.Note, error) {
	var known []note.Verifier
	for _, p := range public {
		v, err := note.NewVerifier(p)
		if err != nil {
			return nil, fmt.Errorf("public key %q: %w", p, err)
		}
		known = append(known, v)
	}
	return note.Open([]byte(text), note.VerifierList(known...))
}

// mark is what a verified checkpoint claims.
type mark struct {
	size int64
	root tlog.Hash
	made string
	kind Kind // what it is called if it does not hold
}

func readMark(text string, kind Kind, public []string) (mark, error) {
	n, err := open(text, public)
	if err != nil {
		return mark{}, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 5 || lines[4] != "" || lines[0] != n.Sigs[0].Name {
		return mark{}, errors.New("signed, but no checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 1 || lines[1] != strconv.FormatInt(size, 10) {
		return mark{}, fmt.Errorf("signed, but its size is %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil || lines[2] != root.String() {
		return mark{}, fmt.Errorf("signed, but its root is %q", lines[2])
	}
	if _, err := time.Parse(timeLayout, lines[3]); err != nil {
		return mark{}, fmt.Errorf("signed, but its time is %q", lines[3])
	}
	if kind == BadCheckpoint && !asSigned(text, n) {
		err = errors.New("the note is not as it was signed")
	}
	return mark{size, root, lines[3], kind}, err
}

// NoteSize is how many entries a checkpoint of Checkpoint's is about. Nothing is verified.
func NoteSize(text string) (int64, error) {
	lines := strings.SplitN(text, "\n", 3)
	if len(lines) < 3 {
		return 0, errors.New("no checkpoint")
	}
	return strconv.ParseInt(lines[1], 10, 64)
}

// asSigned reports whether a note is what Checkpoint made of it, to the last byte: others may add signatures of theirs to a
// copy that they keep, and base64 has bits that mean nothing.
func asSigned(text string, n *note.Note) bool {
	raw, err := base64.StdEncoding.Strict().DecodeString(n.Sigs[0].Base64)
	return err == nil && text == n.Text+"\n— "+n.Sigs[0].Name+" "+base64.StdEncoding.EncodeToString(raw)+"\n"
}
