package vault

// The host's side of the child: what it is given, how long it may take, what is believed of its answer.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/certdesk/certdesk/internal/sandbox"
)

func (in *Inspector) serve(ctx context.Context, up *incoming) (Inspected, error) {
	size := up.size
	cmd, _, err := sandbox.Command(sandbox.Spec{Child: inspectChild, Args: []string{"serve", in.opts.CacheDir},
		ReadOnly: []string{in.opts.CacheDir}, Memory: childMemory, CPU: uint64(in.opts.CPU.Seconds()), Files: childFiles, FileSize: 1})
	if err != nil {
		return Inspected{}, err
	}
	var out Inspected
	late, err := talk(ctx, cmd, in.opts.Deadline, in.opts.CPU,
		func(w io.Writer) error { return sendUpload(w, up.name, size, up, in.opts.Limits) },
		func(r io.Reader) error { out, err = receiveInspected(r, in.opts.Limits); return err })
	switch {
	case up.broken != nil:
		return Inspected{}, up.broken
	case err == nil:
		return out, nil
	case ctx.Err() != nil:
		return Inspected{}, ctx.Err()
	case errors.Is(err, errNotStarted):
		return Inspected{}, err
	case late:
		err = refuseUpload("slow", err.Error())
	}
	code, cause := reasonOf(err)
	in.opts.Log.Info("upload refused", "code", code, "bytes", size, "cause", cause)
	return Inspected{}, &Refusal{Code: code}
}

func (in *Inspector) warmOnce(ctx context.Context) error {
	cmd, _, err := sandbox.Command(sandbox.Spec{Child: inspectChild, Args: []string{"warm", in.opts.CacheDir},
		ReadWrite: []string{in.opts.CacheDir}, Memory: childMemory, Files: childFiles, FileSize: childCacheMax})
	if err != nil {
		return err
	}
	_, err = talk(ctx, cmd, warmDeadline, 0, func(io.Writer) error { return nil }, func(r io.Reader) error {
		var answer childAnswer
		if err := readHead(r, &answer); err != nil {
			return err
		}
		if answer.Code != "" {
			return refuseUpload(answer.Code, answer.Cause)
		}
		return nil
	})
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

var errNotStarted = errors.New("the child that opens uploads was not started")

// talk starts the child, writes to it and reads from it at the same time, and has it gone when it
// returns, whatever happens. late is set if it was killed at the deadline,
// or by the system when its processor time was used up.
func talk(ctx context.Context, cmd *exec.Cmd, deadline, cpu time.Duration, say func(io.Writer) error, hear func(io.Reader) error) (late bool, err error) {
	complaint := &tail{max: 2 << 10}
	cmd.Stderr = complaint
	to, err := cmd.StdinPipe()
	if err != nil {
		return false, errors.Join(errNotStarted, err)
	}
	from, err := cmd.StdoutPipe()
	if err != nil {
		return false, errors.Join(errNotStarted, err)
	}
	if err := sandbox.Start(cmd); err != nil {
		return false, errors.Join(errNotStarted, err)
	}
	var expired atomic.Bool
	timer := time.AfterFunc(deadline, func() { expired.Store(true); sandbox.Kill(cmd) })
	defer timer.Stop()
	defer context.AfterFunc(ctx, func() { sandbox.Kill(cmd) })()
	said := make(chan struct{})
	go func() {
		defer close(said)
		_ = say(to) // a child that refuses early stops reading; its answer says why
		_ = to.Close()
	}()
	err = hear(from)
	sandbox.Kill(cmd) // it has answered, or never will
	<-said
	_ = cmd.Wait()
	if text := complaint.String(); err != nil && text != "" {
		err = fmt.Errorf("%w (child: %s)", err, text)
	}
	spent := cpu > 0 && cmd.ProcessState != nil && cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime() >= cpu-cpu/5 // it is not told to the tick
	return err != nil && (expired.Load() || spent), err
}

// receiveInspected believes the child as little as the file: numbers are bounded, and every page has to
// begin as a JPEG of the size that was said.
func receiveInspected(r io.Reader, limits Limits) (Inspected, error) {
	var answer childAnswer
	if err := readHead(r, &answer); err != nil {
		return Inspected{}, err
	}
	if answer.Code != "" {
		return Inspected{}, refuseUpload(answer.Code, answer.Cause)
	}
	if !slices.Contains([]string{mediaJPEG, mediaPNG, mediaPDF}, answer.Media) || len(answer.Pages) == 0 || len(answer.Pages) > limits.MaxPages {
		return Inspected{}, fmt.Errorf("answer: %q with %d pages", answer.Media, len(answer.Pages))
	}
	out := Inspected{Media: answer.Media, Sharpness: answer.Sharpness, PHash: answer.PHash}
	total := 0
	for _, size := range answer.Pages {
		if total += size; size <= 0 || size > maxViewBytes || total > maxViewBytes {
			return Inspected{}, fmt.Errorf("answer: page of %d bytes", size)
		}
		page, err := receivePage(r, size)
		if err != nil {
			return Inspected{}, err
		}
		out.Pages = append(out.Pages, page)
	}
	return out, nil
}

func receivePage(r io.Reader, size int) (Page, error) {
	p := Page{JPEG: make([]byte, size)}
	if _, err := io.ReadFull(r, p.JPEG); err != nil {
		return p, fmt.Errorf("answer: page: %w", err)
	}
	head, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG))
	if err != nil || max(head.Width, head.Height) > viewSide {
		return p, fmt.Errorf("answer: page of %d × %d: %w", head.Width, head.Height, errors.Join(err, errors.New("not a page")))
	}
	p.Width, p.Height = head.Width, head.Height
	return p, nil
}

// tail keeps the last bytes of what a child complains about. What a child writes is not text of ours:
// it is cut to printable ASCII.
type tail struct {
	max  int
	text []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.text = append(t.text, b[max(0, len(b)-t.max):]...)
	t.text = t.text[max(0, len(t.text)-t.max):]
	return len(b), nil
}

func (t *tail) String() string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return ' '
		}
		return r
	}, string(t.text)))
}

func emptyFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	return err
}
