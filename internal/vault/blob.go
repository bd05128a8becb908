package vault

// Documents: sealed with age under the key of their case while they stream in, and kept under names that say nothing.

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"filippo.io/age"
)

// Store keeps sealed documents. There is one on a folder of this machine; another needs these four methods and nothing else.
type Store interface {
	// Put keeps what r gives. Without error it is on disk; with one, or when ctx ends, nothing is left.
	Put(ctx context.Context, name string, r io.Reader) error
	// Open reads it back. fs.ErrNotExist if there is none.
	Open(name string) (io.ReadCloser, error)
	// Delete removes it; that there is none is no error.
	Delete(name string) error
	// Names calls each for every document with the time at which it came; an error of each ends the walk.
	Names(each func(name string, made time.Time) error) error
}

// Blobs seals documents into a store.
type Blobs struct {
	keys *Vault
	in   Store
}

// Blob is what was stored.
type Blob struct {
	Name        string // opaque and random
	Size        int64  // bytes of the document itself
	SHA256      string // of the stored ciphertext, hex: for backups and checks without a key
	PlainSHA256 string // keyed mark of the document (HMAC-SHA-256): equal for equal documents of this desk
}

// Blobs opens the document store in a folder of this machine, which it makes if need be.
func (v *Vault) Blobs(dir string) (Blobs, error) {
	f, err := openFolder(dir)
	return v.BlobsIn(f), err
}

// BlobsIn seals documents into another store.
func (v *Vault) BlobsIn(s Store) Blobs { return Blobs{v, s} }

// Put seals a document under a key and stores it. Without error it is on disk; otherwise nothing is left of it.
// ErrDiskFull, ErrErased, ErrKeyUnknown, or what r and ctx say.
func (b Blobs) Put(ctx context.Context, keyID string, r io.Reader) (Blob, error) {
	identity, err := b.identity(keyID)
	if err != nil {
		return Blob{}, err
	}
	blob, plain, sum := Blob{Name: blobName()}, b.keys.blinder("document"), sha256.New()
	size := &counter{}
	// The name goes in first, so that one document put in another's place is noticed.
	content := io.MultiReader(strings.NewReader(blob.Name+"\n"), io.TeeReader(r, io.MultiWriter(plain, size)))
	sealed, err := age.EncryptReader(content, identity.Recipient())
	if err != nil {
		return Blob{}, err
	}
	if err := b.in.Put(ctx, blob.Name, io.TeeReader(sealed, sum)); err != nil {
		return Blob{}, fmt.Errorf("store a document: %w", full(err))
	}
	blob.Size, blob.SHA256, blob.PlainSHA256 = size.n, hex.EncodeToString(sum.Sum(nil)), mark(plain)
	return blob, nil
}

// Open opens a document. ErrErased, ErrKeyUnknown, ErrBlobMissing; ErrForged at once or while reading, so what was read is
// good only after io.EOF.
func (b Blobs) Open(keyID, name string) (io.ReadCloser, error) {
	identity, err := b.identity(keyID)
	if err != nil {
		return nil, err
	}
	if !isBlobName(name) {
		return nil, fmt.Errorf("%w: %q", ErrBlobMissing, name)
	}
	f, err := b.in.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %w", ErrBlobMissing, err)
	}
	if err != nil {
		return nil, err
	}
	plain, err := age.Decrypt(f, identity)
	if err == nil {
		err = named(plain, name)
	}
	if err != nil {
		f.Close()
		return nil, forged(name, err)
	}
	return &document{name, plain, f}, nil
}

// Delete removes a document; one that is not there is no error.
func (b Blobs) Delete(name string) error {
	if !isBlobName(name) {
		return fmt.Errorf("%w: %q", ErrBlobMissing, name)
	}
	return b.in.Delete(name)
}

// Names calls each for every stored document with the time at which it came, to find those that no row names.
func (b Blobs) Names(each func(name string, made time.Time) error) error { return b.in.Names(each) }

func (b Blobs) identity(keyID string) (*age.X25519Identity, error) {
	m, err := b.keys.key(keyID)
	if err != nil {
		return nil, err
	}
	return age.ParseX25519Identity(m.identity())
}

func blobName() string {
	var raw [16]byte
	rand.Read(raw[:])
	return hex.EncodeToString(raw[:])
}

func isBlobName(s string) bool {
	return len(s) == 32 && strings.Trim(s, "0123456789abcdef") == ""
}

func named(plain io.Reader, name string) error {
	head := make([]byte, len(name)+1)
	if _, err := io.ReadFull(plain, head); err != nil {
		return err
	}
	if string(head) != name+"\n" {
		return errors.New("it was stored under another name")
	}
	return nil
}

// forged tells a changed document from a disk that cannot be read.
func forged(name string, err error) error {
	var disk *fs.PathError
	if errors.As(err, &disk) {
		return err
	}
	return fmt.Errorf("%w: document %s: %w", ErrForged, name, err)
}

type document struct {
	name  string
	plain io.Reader
	f     io.Closer
}

func (d *document) Read(p []byte) (int, error) {
	n, err := d.plain.Read(p)
	if err != nil && err != io.EOF {
		err = forged(d.name, err)
	}
	return n, err
}

func (d *document) Close() error { return d.f.Close() }

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
