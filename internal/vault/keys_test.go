package vault

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// create makes keys in a folder of their own.
func create(t *testing.T) (*Vault, Options) {
	t.Helper()
	o := Options{Dir: filepath.Join(t.TempDir(), "keys")}
	v, err := Create(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	return v, o
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wants(t *testing.T, err error, want Failure) {
	t.Helper()
	var got Failure
	if !errors.Is(err, want) || !errors.As(err, &got) {
		t.Fatalf("got %v, want %s", err, want)
	}
}

func reopen(t *testing.T, v *Vault, o Options) *Vault {
	t.Helper()
	must(t, v.Close())
	v, err := Open(o)
	must(t, err)
	t.Cleanup(func() { v.Close() })
	return v
}

func TestKeyLife(t *testing.T) {
	v, o := create(t)
	has := func(id string, want bool) {
		t.Helper()
		got, err := v.HasKey(id)
		must(t, err)
		if got != want {
			t.Fatalf("HasKey(%s) = %v", id, got)
		}
	}
	has("case:a", false)
	must(t, v.NewKey("case:a"))
	has("case:a", true)
	sealed, err := v.Seal("case:a", "t.c 1", []byte("张三"))
	must(t, err)
	must(t, v.NewKey("case:a"))
	v = reopen(t, v, o)
	plain, err := v.Unseal("case:a", "t.c 1", sealed)
	must(t, err)
	if string(plain) != "张三" {
		t.Fatalf("got %q", plain)
	}
	for range 2 {
		must(t, v.DestroyKey("case:a"))
	}
	for range 2 {
		has("case:a", false)
		_, err = v.Unseal("case:a", "t.c 1", sealed)
		wants(t, err, ErrErased)
		_, err = v.Seal("case:a", "t.c 1", nil)
		wants(t, err, ErrErased)
		wants(t, v.NewKey("case:a"), ErrErased)
		v = reopen(t, v, o)
	}
	_, err = v.Unseal("case:b", "t.c 1", sealed)
	wants(t, err, ErrKeyUnknown)
	must(t, v.DestroyKey("case:b")) // an erasure applied again after a restore
	wants(t, v.NewKey("case:b"), ErrErased)
	for _, id := range []string{"", ":canary", ":x"} {
		if v.NewKey(id) == nil || v.DestroyKey(id) == nil {
			t.Errorf("key %q was taken", id)
		}
	}
	if v.DestroyKey("desk") == nil {
		t.Error("the desk's key was destroyed")
	}
}

// A destroyed key is found neither in keys.db nor in its log, although it had been there.
func TestDestroyedKeyLeavesNoTrace(t *testing.T) {
	v, o := create(t)
	for i := range 50 {
		must(t, v.NewKey("case:"+strconv.Itoa(i)))
	}
	var wrapped []byte
	must(t, v.db.QueryRow("SELECT wrapped FROM keys WHERE id = 'case:25'").Scan(&wrapped))
	if !onDisk(t, o.Dir, wrapped) {
		t.Fatal("the test does not see the key while it is there")
	}
	must(t, v.DestroyKey("case:25"))
	if onDisk(t, o.Dir, wrapped) {
		t.Fatal("the destroyed key is still on disk")
	}
	if onDisk(t, o.Dir, wrapped[20:60]) {
		t.Fatal("a part of the destroyed key is still on disk")
	}
	if _, err := v.key("case:24"); err != nil {
		t.Fatal(err)
	}
}

// onDisk looks for what is not split by an overflow page; the rows are far smaller than a page.
func onDisk(t *testing.T, dir string, what []byte) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	for _, f := range files {
		raw, err := os.ReadFile(f)
		must(t, err)
		if bytes.Contains(raw, what) {
			return true
		}
	}
	return false
}

func TestOpenRefuses(t *testing.T) {
	other, _ := create(t)
	must(t, other.Bind("other desk"))
	_, otherOptions := create(t)
	cases := []struct {
		name string
		do   func(o *Options) error
		want Failure
	}{
		{"no root key", func(o *Options) error { return os.Remove(filepath.Join(o.Dir, "root.key")) }, ErrKeysLost},
		{"no keys.db", func(o *Options) error { return os.Remove(filepath.Join(o.Dir, "keys.db")) }, ErrKeysLost},
		{"no folder", func(o *Options) error { return os.RemoveAll(o.Dir) }, ErrKeysLost},
		{"another root key", func(o *Options) error {
			o.RootFile = filepath.Join(otherOptions.Dir, "root.key")
			return nil
		}, ErrKeysWrong},
		{"another root key given", func(o *Options) error { o.Root = [32]byte{1}; return nil }, ErrKeysWrong},
		{"a root key cut off", func(o *Options) error { return os.Truncate(filepath.Join(o.Dir, "root.key"), 30) }, ErrKeysWrong},
		{"something else as root key", func(o *Options) error {
			return os.WriteFile(filepath.Join(o.Dir, "root.key"), []byte("password"), 0o600)
		}, ErrKeysWrong},
		{"a root key for everybody", func(o *Options) error { return os.Chmod(filepath.Join(o.Dir, "root.key"), 0o644) }, ErrKeysOpen},
		{"keys.db for the group", func(o *Options) error { return os.Chmod(filepath.Join(o.Dir, "keys.db"), 0o640) }, ErrKeysOpen},
		{"keys.db empty", func(o *Options) error { return os.Truncate(filepath.Join(o.Dir, "keys.db"), 0) }, ErrKeysWrong},
		{"keys.db cut off", func(o *Options) error { return os.Truncate(filepath.Join(o.Dir, "keys.db"), 4096) }, ErrKeysDamaged},
		{"keys.db is something else", func(o *Options) error {
			return os.WriteFile(filepath.Join(o.Dir, "keys.db"), bytes.Repeat([]byte("no database "), 999), 0o600)
		}, ErrKeysDamaged},
		{"no canary", func(o *Options) error { return execute(o, "DELETE FROM keys WHERE id = ':canary'") }, ErrKeysWrong},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v, o := create(t)
			must(t, v.Close())
			must(t, c.do(&o))
			_, err := Open(o)
			wants(t, err, c.want)
		})
	}
}

func execute(o *Options, query string) error {
	db, err := sql.Open("sqlite", o.file())
	if err != nil {
		return err
	}
	_, err = db.Exec(query)
	return errors.Join(err, db.Close())
}

func TestBind(t *testing.T) {
	v, o := create(t)
	must(t, v.Bind("desk one"))
	v = reopen(t, v, o)
	must(t, v.Bind("desk one"))
	wants(t, v.Bind("desk two"), ErrKeysWrong)
	must(t, v.Bind("desk one"))
	if v.Bind("") == nil {
		t.Error("bound to nothing")
	}
}

func TestCreate(t *testing.T) {
	v, o := create(t)
	_, err := Create(o)
	wants(t, err, ErrKeysExist)
	for _, f := range []string{"keys.db", "root.key"} {
		info, err := os.Stat(filepath.Join(o.Dir, f))
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", f, info.Mode().Perm())
		}
	}
	must(t, v.Close())
	// Broken off after the root key and in the middle of the database: it can be run again, with the same root key.
	root, err := os.ReadFile(filepath.Join(o.Dir, "root.key"))
	must(t, err)
	must(t, os.Rename(filepath.Join(o.Dir, "keys.db"), filepath.Join(o.Dir, "keys.db.new")))
	must(t, os.Truncate(filepath.Join(o.Dir, "keys.db.new"), 100))
	again, err := Create(o)
	must(t, err)
	must(t, again.Close())
	same, err := os.ReadFile(filepath.Join(o.Dir, "root.key"))
	must(t, err)
	if !bytes.Equal(root, same) {
		t.Error("a new root key was made over the old one")
	}
	given := Options{Dir: t.TempDir(), Root: [32]byte{7}}
	v, err = Create(given)
	must(t, err)
	must(t, v.Close())
	if files, _ := filepath.Glob(filepath.Join(given.Dir, "root*")); len(files) > 0 {
		t.Error("a root key that was given has been written down")
	}
}

func TestKeyDiskFull(t *testing.T) {
	v, _ := create(t)
	if _, err := v.db.Exec("PRAGMA max_page_count = 8"); err != nil {
		t.Fatal(err)
	}
	var err error
	n := 0
	for ; err == nil && n < 1000; n++ {
		err = v.NewKey("case:" + strconv.Itoa(n))
	}
	wants(t, err, ErrDiskFull)
	if has, err := v.HasKey("case:" + strconv.Itoa(n-1)); has || err != nil {
		t.Fatalf("a key that could not be written is there: %v %v", has, err)
	}
	if has, err := v.HasKey("case:0"); !has || err != nil {
		t.Fatalf("an earlier key is lost: %v %v", has, err)
	}
}

func TestKeysInParallel(t *testing.T) {
	v, _ := create(t)
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 20 {
				id := "case:" + strconv.Itoa(i)
				if err := v.NewKey(id); err != nil && !errors.Is(err, ErrErased) {
					t.Error(err)
				}
				sealed, err := v.Seal(id, "t.c 1", []byte("x"))
				if err == nil {
					_, err = v.Unseal(id, "t.c 1", sealed)
				}
				if err != nil && !errors.Is(err, ErrErased) {
					t.Error(err)
				}
				if worker == 0 && i%3 == 0 {
					if err := v.DestroyKey(id); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	for i := 0; i < 20; i += 3 {
		if has, _ := v.HasKey("case:" + strconv.Itoa(i)); has {
			t.Errorf("key %d came back", i)
		}
	}
}

func TestCacheIsBoundedAndZeroed(t *testing.T) {
	v, _ := create(t)
	must(t, v.NewKey("case:a"))
	v.mu.Lock()
	held := v.cache["case:a"]
	v.mu.Unlock()
	must(t, v.DestroyKey("case:a"))
	if *held != (material{}) {
		t.Error("the key of a destroyed case stays in memory")
	}
	v.mu.Lock()
	for i := range cacheLimit + 100 {
		v.remember("case:"+strconv.Itoa(i), &material{1})
	}
	n := len(v.cache)
	v.mu.Unlock()
	if n > cacheLimit {
		t.Errorf("%d keys in memory", n)
	}
	if !strings.HasPrefix(newIdentity(t), "AGE-SECRET-KEY-1") {
		t.Error("the identity is not one that age reads")
	}
}

func newIdentity(t *testing.T) string {
	m, err := newMaterial()
	must(t, err)
	return m.identity()
}
