package testkit

// A whole life at a desk, act by act, for tests that break every act, repeat it or count what it costs. Its client
// knows only what it was answered, so that it can go on after any failure, in another process too.

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Life is a desk and what its client was answered so far.
type Life struct {
	Desk *command.Desk
	Dir  string
	Vars map[string]string
}

// Step is one act. Its name is its idempotency key too: doing it again with the same answers before is doing it once.
type Step struct {
	Name string
	Do   func(ctx context.Context, l *Life) error
}

// Now is the time of the life: the machine's, moved by the life's own steps.
func (l *Life) Now() time.Time {
	moved, _ := time.ParseDuration(l.Vars["moved"])
	return time.Now().Add(moved)
}

// who names a caller: "guest", "desk", "account:NAME" or "staff:NAME", where the answer under NAME is the row's ID.
func (l *Life) who(name string) command.Caller {
	kind, of, _ := cut(name)
	switch kind {
	case "account":
		return command.Account(l.Vars[of])
	case "staff":
		return command.Of(l.Vars[of])
	case "desk":
		return command.Itself
	}
	return command.Caller{Role: flow.Guest, ID: "browser of the life"}
}

func cut(name string) (kind, of string, ok bool) {
	for i, c := range name {
		if c == ':' {
			return name[:i], name[i+1:], true
		}
	}
	return name, "", false
}

// step makes a step of an act: on is the name of the answer that is its target ("desk": the desk itself); keep says
// which word of the receipt is kept under which name, "name=word".
func step[R records.Target, In any](name, by string, act command.Act[R, In], on string, in func(l *Life) In, keep ...string) Step {
	return Step{name, func(ctx context.Context, l *Life) error {
		r, err := command.Run(ctx, l.Desk, l.who(by), act, command.At{ID: l.target(on), Key: name}, in(l))
		return l.kept(r, err, keep)
	}}
}

func (l *Life) target(on string) string {
	if on == "desk" {
		return records.DeskID
	}
	return l.Vars[on]
}

func (l *Life) kept(r command.Receipt, err error, keep []string) error {
	if err != nil {
		return err
	}
	for _, k := range keep {
		for i := range k {
			if k[i] == '=' {
				l.Vars[k[:i]] = r.Answer[k[i+1:]]
			}
		}
	}
	return nil
}

// is is an input that needs no answer of before.
func is[In any](in In) func(*Life) In { return func(*Life) In { return in } }

// deposit makes a step that stores a document and enters it by an act.
func deposit[R records.Target, In any](name, by string, act command.Act[R, In], on, key, content string, in func(l *Life, s command.Stored) In, keep ...string) Step {
	return Step{name, func(ctx context.Context, l *Life) error {
		s := command.Stored{Name: "picture.jpg", Media: "image/jpeg", Bytes: int64(len(content)), Pages: 1, Width: 1600, Height: 1000, Blur: 200}
		blob, err := l.Desk.Blobs.Put(ctx, key+l.Vars[on], bytes.NewReader([]byte(content)))
		if err != nil {
			return err
		}
		s.Blob, s.Mark = blob.Name, blob.PlainSHA256
		view, err := l.Desk.Blobs.Put(ctx, key+l.Vars[on], bytes.NewReader([]byte("view of "+content)))
		if err != nil {
			l.Desk.DropBlobs([]string{s.Blob})
			return err
		}
		s.Views = []string{view.Name}
		r, err := command.Deposit(ctx, l.Desk, l.who(by), act, command.At{ID: l.Vars[on], Key: name}, in(l, s), s)
		return l.kept(r, err, keep)
	}}
}

// found makes a step that looks for a row and keeps its ID.
func found[R records.Row](name, as string, where func(l *Life) map[string]any) Step {
	return Step{name, func(_ context.Context, l *Life) error {
		rows, err := records.All[R](l.Desk.App.DB(), exp(where(l)))
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return errors.New("no such row: " + as)
		}
		l.Vars[as] = rows[len(rows)-1].Header().ID
		return nil
	}}
}

// move makes a step that lets time pass.
func move(name string, days int) Step {
	return Step{name, func(_ context.Context, l *Life) error {
		moved, _ := time.ParseDuration(l.Vars["moved"])
		l.Vars["moved"] = (moved + time.Duration(days)*24*time.Hour).String()
		return nil
	}}
}
