package sqlite

import "sync/atomic"

var watcher atomic.Pointer[func(dsn, text string)]

// Watch calls f for every statement that reaches SQLite from now on, on whichever connection; nil ends it. It is there for
// those who count statements.
func Watch(f func(dsn, text string)) {
	if f == nil {
		watcher.Store(nil)
		return
	}
	watcher.Store(&f)
}

func seen(dsn, text string) {
	if f := watcher.Load(); f != nil {
		(*f)(dsn, text)
	}
}
