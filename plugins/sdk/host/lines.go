package host

// What a plugin prints, for the desk's log: never more than the log can bear, and always marked as the plugin's.

import (
	"bytes"
	"log/slog"
	"sync"
	"time"
)

const (
	maxLine   = 2 << 10 // bytes kept of one line
	maxPerSec = 50      // lines
)

type lines struct {
	mu      sync.Mutex
	log     *slog.Logger
	now     func() time.Time
	part    []byte // of the line under way
	second  time.Time
	n       int
	dropped int
}

func newLines(log *slog.Logger, name string) *lines {
	if log != nil {
		log = log.With("source", "plugin", "plugin", name)
	}
	return &lines{log: log, now: time.Now}
}

// Write takes any bytes and never fails: a plugin cannot stop on its own output.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for rest := p; len(rest) > 0; {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		l.part = append(l.part, line[:min(len(line), maxLine-len(l.part))]...)
		if whole {
			l.say(string(l.part))
			l.part = l.part[:0]
		}
		rest = after
	}
	return len(p), nil
}

func (l *lines) say(line string) {
	if l.log == nil || line == "" {
		return
	}
	if now := l.now(); now.Sub(l.second) >= time.Second {
		if l.dropped > 0 {
			l.log.Warn("plugin printed too much", "dropped", l.dropped)
		}
		l.second, l.n, l.dropped = now, 0, 0
	}
	if l.n++; l.n > maxPerSec {
		l.dropped++
		return
	}
	l.log.Info("plugin printed", "line", line)
}
