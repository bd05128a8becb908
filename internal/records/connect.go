package records

import (
	"path/filepath"
	"sync"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/sqlite"
)

// How many prepared statements a connection keeps: acts use the one that writes, pages the many that read.
const (
	keepWriting = 256
	keepReading = 96
	keepAside   = 32 // of the other databases
)

// Connector returns PocketBase's way to its databases, with our pragmas: an acknowledged write survives a power cut
// (synchronous=FULL), what is deleted is overwritten, a transaction takes its lock at once, and PocketBase's first pool
// of data.db, the one for reading, cannot write.
func Connector() func(path string) (*dbx.DB, error) {
	var mu sync.Mutex
	opened := map[string]int{}
	return func(path string) (*dbx.DB, error) {
		mu.Lock()
		defer mu.Unlock()
		opened[path]++
		dsn := path + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)" +
			"&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)&_defensive=1"
		keep := keepReading
		switch {
		case filepath.Base(path) != "data.db":
			keep = keepAside
			dsn += "&_pragma=synchronous(NORMAL)"
		case opened[path]%2 == 1: // PocketBase opens the pool for reading first
			dsn += "&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)&_pragma=query_only(ON)"
		default:
			keep = keepWriting
			dsn += "&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)&_txlock=immediate"
		}
		return sqlite.Open(dsn, keep)
	}
}
