package vault

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func store(t *testing.T) (*Vault, Blobs, string) {
	t.Helper()
	v, _ := create(t)
	must(t, v.NewKey("case:a"))
	must(t, v.NewKey("case:b"))
	dir := filepath.Join(t.TempDir(), "documents")
	b, err := v.Blobs(dir)
	must(t, err)
	return v, b, dir
}

func put(t *testing.T, b Blobs, key string, plain []byte) Blob {
	t.Helper()
	blob, err := b.Put(context.Background(), key, bytes.NewReader(plain))
	must(t, err)
	return blob
}

func read(b Blobs, key, name string) ([]byte, error) {
	r, err := b.Open(key, name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, path)
		}
		return err
	}))
	return all
}

func TestBlobRoundTrip(t *testing.T) {
	_, b, dir := store(t)
	for _, size := range []int{0, 1, 1000, 64 << 10, 64<<10 + 1, 3 << 20} {
		plain := make([]byte, size)
		rand.Read(plain)
		blob := put(t, b, "case:a", plain)
		back, err := read(b, "case:a", blob.Name)
		must(t, err)
		if !bytes.Equal(back, plain) || blob.Size != int64(size) {
			t.Fatalf("%d bytes came back as %d, size %d", size, len(back), blob.Size)
		}
		file := filepath.Join(dir, blob.Name[:2], blob.Name)
		raw, err := os.ReadFile(file)
		must(t, err)
		if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != blob.SHA256 {
			t.Error("the digest is not that of the stored file")
		}
		if size > 16 && bytes.Contains(raw, plain[:16]) {
			t.Error("the document lies there in clear")
		}
		info, err := os.Stat(file)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("mode %o", info.Mode().Perm())
		}
		if again := put(t, b, "case:b", plain); again.PlainSHA256 != blob.PlainSHA256 || again.Name == blob.Name || again.SHA256 == blob.SHA256 {
			t.Error("equal documents: the mark must be equal, name and ciphertext not")
		}
	}
	if left := files(t, filepath.Join(dir, "tmp")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestBlobRefuses(t *testing.T) {
	v, b, dir := store(t)
	plain := bytes.Repeat([]byte("身份证 "), 40_000)
	one, two := put(t, b, "case:a", plain), put(t, b, "case:a", []byte("another"))
	path := func(x Blob) string { return filepath.Join(dir, x.Name[:2], x.Name) }
	whole, err := os.ReadFile(path(one))
	must(t, err)
	other, err := os.ReadFile(path(two))
	must(t, err)
	for _, c := range []struct {
		name string
		raw  []byte
	}{
		{"cut off", whole[:len(whole)-10]},
		{"cut off at a chunk", whole[:len(whole)-len(plain)%65536-50]},
		{"longer", append(bytes.Clone(whole), 0)},
		{"empty", nil},
		{"changed at the end", flip(whole, len(whole)-1)},
		{"changed in the middle", flip(whole, len(whole)/2)},
		{"changed in the head", flip(whole, 60)},
		{"another document of the same case", other},
		{"something else", []byte("JFIF")},
	} {
		t.Run(c.name, func(t *testing.T) {
			must(t, os.WriteFile(path(one), c.raw, 0o600))
			_, err := read(b, "case:a", one.Name)
			wants(t, err, ErrForged)
		})
	}
	must(t, os.WriteFile(path(one), whole, 0o600))
	_, err = read(b, "case:b", one.Name)
	wants(t, err, ErrForged)
	_, err = read(b, "case:c", one.Name)
	wants(t, err, ErrKeyUnknown)
	_, err = b.Put(context.Background(), "case:c", strings.NewReader("x"))
	wants(t, err, ErrKeyUnknown)
	for _, name := range []string{"", "../../keys.db", strings.Repeat("0", 32), strings.Repeat("g", 32), strings.ToUpper(one.Name)} {
		_, err = b.Open("case:a", name)
		wants(t, err, ErrBlobMissing)
	}
	wants(t, b.Delete("../../keys.db"), ErrBlobMissing)
	must(t, v.DestroyKey("case:a"))
	_, err = read(b, "case:a", one.Name)
	wants(t, err, ErrErased)
	_, err = b.Put(context.Background(), "case:a", strings.NewReader("x"))
	wants(t, err, ErrErased)
}

func flip(raw []byte, at int) []byte {
	raw = bytes.Clone(raw)
	raw[at] ^= 1
	return raw
}

// A document that does not arrive whole leaves nothing behind.
func TestBlobBrokenOff(t *testing.T) {
	_, b, dir := store(t)
	broken := errors.New("the phone hung up")
	_, err := b.Put(context.Background(), "case:a", io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<20)), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	endless := readFunc(func(p []byte) (int, error) { cancel(); return len(p), nil })
	if _, err := b.Put(ctx, "case:a", endless); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if left := files(t, dir); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

type readFunc func(p []byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

func TestBlobDeleteAndNames(t *testing.T) {
	v, b, dir := store(t)
	want := map[string]bool{}
	for range 30 {
		want[put(t, b, "case:a", []byte("x")).Name] = true
	}
	for name := range want {
		must(t, b.Delete(name))
		must(t, b.Delete(name))
		_, err := b.Open("case:a", name)
		wants(t, err, ErrBlobMissing)
		delete(want, name)
		break
	}
	must(t, os.WriteFile(filepath.Join(dir, "00.txt"), nil, 0o600))
	must(t, b.Names(func(name string, made time.Time) error {
		if !want[name] || made.IsZero() {
			t.Errorf("%s at %v", name, made)
		}
		delete(want, name)
		return nil
	}))
	if len(want) > 0 {
		t.Errorf("not named: %v", want)
	}
	enough := errors.New("enough")
	if err := b.Names(func(string, time.Time) error { return enough }); err != enough {
		t.Errorf("got %v", err)
	}
	// What a crash left on its way goes at the next start, unless it may still be on its way.
	old, young := filepath.Join(dir, "tmp", strings.Repeat("0", 32)), filepath.Join(dir, "tmp", strings.Repeat("1", 32))
	must(t, os.WriteFile(old, []byte("half"), 0o600))
	must(t, os.WriteFile(young, []byte("half"), 0o600))
	long := time.Now().Add(-2 * stale)
	must(t, os.Chtimes(old, long, long))
	if _, err := v.Blobs(dir); err != nil {
		t.Fatal(err)
	}
	if left := files(t, filepath.Join(dir, "tmp")); len(left) != 1 || left[0] != young {
		t.Errorf("left over: %v", left)
	}
}
