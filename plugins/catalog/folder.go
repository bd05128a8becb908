package catalog

// The folder of dropped-in types: which of its files may be run at all, and which is which. A file is judged anew
// whenever it is run; what is remembered is only the digest of a file that has not changed since.

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
)

// maxExecutable is the largest file that is taken for a type.
const maxExecutable = 256 << 20

var fileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

type folder struct {
	dir string

	mu   sync.Mutex
	sums map[string]sum // by name
}

type sum struct {
	of  os.FileInfo
	hex string
}

// scan lists every file but hidden ones. A folder that is not there has none.
func (d *folder) scan() []Found {
	if d.dir == "" {
		return nil
	}
	entries, err := os.ReadDir(d.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return []Found{{ID: filepath.Base(d.dir), Path: d.dir, Err: fail(Unreadable, filepath.Base(d.dir), err)}}
	}
	var out []Found
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			out = append(out, d.look(e.Name()))
		}
	}
	return out
}

// look judges one file and takes its digest.
func (d *folder) look(name string) Found {
	f := Found{ID: name, Path: filepath.Join(d.dir, name)}
	file, info, err := d.open(name)
	if err != nil {
		f.Err = err
		return f
	}
	defer file.Close()
	d.mu.Lock()
	defer d.mu.Unlock()
	if s, ok := d.sums[name]; ok && same(s.of, info) {
		f.SHA256 = s.hex
		return f
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.LimitReader(file, maxExecutable+1)); err != nil {
		f.Err = fail(Unreadable, name, err)
		return f
	}
	f.SHA256 = hex.EncodeToString(h.Sum(nil))
	if d.sums == nil {
		d.sums = map[string]sum{}
	}
	d.sums[name] = sum{info, f.SHA256}
	return f
}

func same(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && a.Mode() == b.Mode()
}

// open opens a file that may be run, or says why not. What is open is what was judged, whatever happens to the name.
func (d *folder) open(name string) (*os.File, os.FileInfo, error) {
	no := func(format string, a ...any) (*os.File, os.FileInfo, error) {
		return nil, nil, fail(Refused, name, fmt.Errorf(format, a...))
	}
	if !fileName.MatchString(name) {
		return no("its name may have letters, digits, dot, - and _ only")
	}
	if info, err := os.Stat(d.dir); err != nil {
		return nil, nil, fail(Unreadable, name, err)
	} else if info.Mode().Perm()&0o022 != 0 {
		return no("its folder can be written by others: chmod go-w %s", d.dir)
	}
	path := filepath.Join(d.dir, name)
	named, err := os.Lstat(path)
	if err != nil {
		return nil, nil, fail(Unreadable, name, err)
	}
	if !named.Mode().IsRegular() {
		return no("it is no regular file (%s); links are not followed", named.Mode().Type())
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, fail(Unreadable, name, err)
	}
	info, err := file.Stat()
	if err == nil && !os.SameFile(info, named) {
		err = errors.New("it was exchanged while it was opened")
	}
	if err == nil {
		err = runnable(file, info)
	}
	if err != nil {
		file.Close()
		return no("%w", err)
	}
	return file, info, nil
}

// runnable says why an open file cannot be run.
func runnable(file *os.File, info os.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.Perm()&0o022 != 0:
		return errors.New("it can be written by others: chmod go-w")
	case mode.Perm()&0o111 == 0:
		return errors.New("it is not executable: chmod +x")
	case mode&(os.ModeSetuid|os.ModeSetgid) != 0:
		return errors.New("it is setuid or setgid")
	case info.Size() > maxExecutable:
		return errors.New("it is larger than 256 MiB")
	case !ownedByUs(info):
		return errors.New("it belongs to another user: it must be root's or the desk's own")
	}
	if runtime.GOOS == "linux" {
		return static(file)
	}
	return nil
}

// find returns the file of ref: the one with its digest, and its name if there are several.
func (d *folder) find(ref Ref) (Found, error) {
	var got *Found
	err := fail(Unknown, ref.ID, errors.New("there is no such type in the folder"))
	for _, f := range d.scan() {
		switch {
		case f.Err == nil && f.SHA256 == ref.SHA256 && (got == nil || f.ID == ref.ID):
			got = &f
		case f.ID == ref.ID && f.Err != nil:
			err = f.Err.(*Error)
		case f.ID == ref.ID:
			err = fail(Digest, ref.ID, fmt.Errorf("the file has the digest %.12s…, pinned is %.12s…", f.SHA256, ref.SHA256))
		}
	}
	if got == nil {
		return Found{}, err
	}
	return *got, nil
}

// pin reads the file of ref once, into a place where nobody can change it, and compares what it has read.
func (d *folder) pin(ref Ref) (*pinned, error) {
	f, err := d.find(ref)
	if err != nil {
		return nil, err
	}
	file, _, err := d.open(f.ID)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	p, err := newPinned()
	if err != nil {
		return nil, fail(Unreadable, ref.ID, err)
	}
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(p.file, h), io.LimitReader(file, maxExecutable))
	if err == nil {
		err = p.seal()
	}
	if err != nil {
		p.close()
		return nil, fail(Unreadable, ref.ID, err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != ref.SHA256 {
		p.close()
		return nil, fail(Digest, ref.ID, fmt.Errorf("the file has the digest %.12s…, pinned is %.12s…", got, ref.SHA256))
	}
	return p, nil
}
