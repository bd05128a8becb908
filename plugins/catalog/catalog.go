// Package catalog is the desk's shelf of certification types: it finds them, pins them by digest, and calls them, each
// in a locked-up process of its own that is started on demand and never trusted. A type that hangs, dies or answers
// nonsense costs its own findings, never the desk.
package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/certdesk/certdesk/internal/sandbox"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Options of a catalog. The zero value has the bundled types only.
type Options struct {
	Dir      string                              // the folder of dropped-in executables, usually pb_plugins; "" or missing: none
	Bundled  map[string]func() sdk.Certification // by ID; nil: Bundled()
	Sandbox  string                              // "" requires at least landlock of dropped-in types; "off" locks nothing up
	Deadline time.Duration                       // of one call, 5 s if 0
	Start    time.Duration                       // of a start, 5 s if 0
	Idle     time.Duration                       // after which a process is stopped, 1 min if 0
	Log      *slog.Logger                        // nil: slog.Default()
}

// Ref names one executable of a type: what is pinned when a manager enables it.
type Ref struct {
	ID     string // of the type; before it has been described also the name of the file
	SHA256 string // of the executable, hexadecimal; of a bundled type, the running desk's own
}

// Found is one executable that was found.
type Found struct {
	ID      string // of a bundled type; otherwise the name of the file, until it has been described
	Path    string // empty for a bundled type
	SHA256  string // empty if the file could not be read
	Bundled bool
	Err     error // why it cannot be used, an *Error; nil if it can
}

// Catalog calls certification types. It is safe for use by several goroutines at once.
type Catalog struct {
	o      Options
	level  sandbox.Level
	folder folder
	now    func() time.Time

	mu     sync.Mutex
	runs   map[Ref]*run
	closed bool
}

// Open returns a catalog. It starts nothing; sandbox.Reentry must have been called with Child at the start of main.
func Open(o Options) (*Catalog, error) {
	if o.Sandbox != "" && o.Sandbox != "off" {
		return nil, fmt.Errorf(`plugin sandbox %q: "off" or nothing`, o.Sandbox)
	}
	if o.Bundled == nil {
		o.Bundled = Bundled()
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	o.Deadline = positive(o.Deadline, 5*time.Second)
	o.Start = positive(o.Start, 5*time.Second)
	o.Idle = positive(o.Idle, time.Minute)
	c := &Catalog{o: o, level: sandbox.None, now: time.Now, runs: map[Ref]*run{}}
	c.folder.dir = o.Dir
	if o.Sandbox != "off" {
		c.level = sandbox.Available()
	}
	return c, nil
}

func positive(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

// Level tells how well types are locked up.
func (c *Catalog) Level() sandbox.Level { return c.level }

// Found lists the bundled types and every file of the folder, usable or not, by ID.
func (c *Catalog) Found() []Found {
	var out []Found
	sum, err := ownDigest()
	for _, id := range slices.Sorted(maps.Keys(c.o.Bundled)) {
		f := Found{ID: id, SHA256: sum, Bundled: true}
		if err != nil {
			f.Err = fail(Unreadable, id, err)
		}
		out = append(out, f)
	}
	for _, f := range c.folder.scan() {
		if f.Err == nil && c.o.Sandbox != "off" && !c.level.AtLeast(sandbox.Landlock) {
			f.Err = fail(NoSandbox, f.ID, errWeak)
		}
		out = append(out, f)
	}
	return out
}

// Close ends all processes and returns when they have ended, at the latest after two seconds. Later calls are refused.
func (c *Catalog) Close() {
	c.mu.Lock()
	c.closed = true
	runs := slices.Collect(maps.Values(c.runs))
	c.mu.Unlock()
	var all sync.WaitGroup
	for _, r := range runs {
		all.Go(r.end)
	}
	all.Wait()
}

// run returns the one run of ref, without starting it.
func (c *Catalog) run(ref Ref) (*run, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, fail(Closed, ref.ID, errors.New("the desk is stopping"))
	}
	r := c.runs[ref]
	if r == nil {
		r = &run{of: c, ref: ref, turn: make(chan struct{}, 1)}
		c.runs[ref] = r
	}
	return r, nil
}

// forget drops a run that never became anything, so that wrong refs do not pile up.
func (c *Catalog) forget(r *run) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.runs[r.ref] == r {
		delete(c.runs, r.ref)
	}
}

// ownDigest is the digest of what is running, even if the file has been replaced since.
var ownDigest = sync.OnceValues(func() (string, error) {
	path := "/proc/self/exe"
	if runtime.GOOS != "linux" {
		var err error
		if path, err = os.Executable(); err != nil {
			return "", err
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
})

// Describe returns the type, its canonical JSON, and the digest of that. What it returns has passed check.Description;
// the same executable always gives the same description.
func (c *Catalog) Describe(ctx context.Context, ref Ref) (t sdk.Type, raw []byte, digest string, err error) {
	r, err := c.run(ref)
	if err != nil {
		return sdk.Type{}, nil, "", err
	}
	d, err := r.describe(ctx)
	if err != nil {
		return sdk.Type{}, nil, "", r.typed(err)
	}
	return d.typ, slices.Clone(d.raw), d.digest, nil
}
