package catalog

// Which files of the folder are run, and which are refused, with what reason.

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFolder(t *testing.T) {
	dir, outside := folderFor(t), folderFor(t)
	good := plugin(t, dir, "good")
	raw := program(t, "plugin")
	put(t, filepath.Join(outside, "outside"), raw, 0o755)
	link := func(to, name string) {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	link(filepath.Join(outside, "outside"), "link_out")
	link("good", "link_in")
	link("nowhere", "link_dead")
	put(t, filepath.Join(dir, "group"), raw, 0o775)
	put(t, filepath.Join(dir, "world"), raw, 0o757)
	put(t, filepath.Join(dir, "plain"), raw, 0o644)
	put(t, filepath.Join(dir, "setuid"), raw, 0o755|os.ModeSetuid)
	put(t, filepath.Join(dir, "script"), []byte("#!/bin/sh\n"+strings.Repeat("true\n", 20)), 0o755)
	put(t, filepath.Join(dir, "empty"), nil, 0o755)
	put(t, filepath.Join(dir, "strange name"), raw, 0o755)
	put(t, filepath.Join(dir, ".hidden"), raw, 0o755)
	put(t, filepath.Join(dir, "dynamic"), withHeader(raw, 3), 0o755)
	other := append([]byte(nil), raw...)
	binary.LittleEndian.PutUint16(other[18:], 8)
	put(t, filepath.Join(dir, "other_machine"), other, 0o755)
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"good": "", "link_out": "links are not followed", "link_in": "links are not followed", "link_dead": "links are not followed",
		"group": "written by others", "world": "written by others", "plain": "not executable", "setuid": "setuid",
		"script": "no executable of this system", "empty": "no executable of this system", "strange name": "its name",
		"dynamic": "not static", "other_machine": "another machine", "folder": "no regular file",
	}
	c := open(t, Options{Dir: dir})
	found := c.Found()
	if len(found) != len(want) {
		t.Errorf("%d files, want %d", len(found), len(want))
	}
	for _, f := range found {
		switch says, known := want[f.ID]; {
		case !known:
			t.Errorf("%s is listed", f.ID)
		case says == "" && (f.Err != nil || f.SHA256 != good.SHA256):
			t.Errorf("%s: %v", f.ID, f.Err)
		case says != "" && (Code(f.Err) != Refused || !strings.Contains(f.Err.Error(), says)):
			t.Errorf("%s: %v, want %q", f.ID, f.Err, says)
		}
	}
	if _, _, _, err := c.Describe(context.Background(), Ref{ID: "world", SHA256: digestOf(raw)}); err != nil && Code(err) != Answer {
		t.Errorf("a good file of the same digest has another name: %v", err)
	}
}

// withHeader returns an executable whose first program header is of another kind.
func withHeader(raw []byte, kind uint32) []byte {
	out := append([]byte(nil), raw...)
	binary.LittleEndian.PutUint32(out[binary.LittleEndian.Uint64(out[32:]):], kind)
	return out
}

func TestFolderItself(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "good")
	c := open(t, Options{Dir: dir})
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := check1(c, ref); Code(err) != Refused {
		t.Errorf("a folder that others can write: %v", err)
	}
	if found := open(t, Options{Dir: filepath.Join(dir, "none")}).Found(); len(found) != 0 {
		t.Errorf("%v", found)
	}
}

func TestDigest(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "good")
	c := open(t, Options{Dir: dir})
	for name, r := range map[string]struct {
		ref  Ref
		want string
	}{
		"another digest": {Ref{"good", strings.Repeat("0", 64)}, Digest},
		"no digest":      {Ref{"good", ""}, Digest},
		"no such file":   {Ref{"nothing", strings.Repeat("0", 64)}, Unknown},
		"no name":        {Ref{}, Unknown},
		"another's name": {Ref{"volunteer", ref.SHA256}, Answer},
	} {
		if _, err := check1(c, r.ref); Code(err) != r.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	noChildren(t)
	// One bit of the file changes, its size and time do not matter: what runs is what was pinned, or nothing.
	path := filepath.Join(dir, "good")
	raw, _ := os.ReadFile(path)
	raw[len(raw)-1] ^= 1
	put(t, path, raw, 0o755)
	if _, err := check1(c, ref); Code(err) != Digest {
		t.Errorf("a changed file: %v", err)
	}
}

// TestStaleDigest: a file that was exchanged without its size and time showing it is found out when it is read.
func TestStaleDigest(t *testing.T) {
	dir := folderFor(t)
	ref := plugin(t, dir, "good")
	path := filepath.Join(dir, "good")
	c := open(t, Options{Dir: dir})
	c.Found()
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{0}, before.Size()-1); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{'!'}, before.Size()-1); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := os.Chtimes(path, before.ModTime(), before.ModTime()); err != nil {
		t.Fatal(err)
	}
	if _, err := check1(c, ref); Code(err) != Digest {
		t.Fatalf("%v", err)
	}
}
