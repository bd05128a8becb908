package records

import (
	"path/filepath"
	"sync"

	"github.com/pocketbase/dbx"
	_ "modernc.org/sqlite" // the driver that PocketBase uses
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
		switch {
		case filepath.Base(path) != "data.db":
			dsn += "&_pragma=synchronous(NORMAL)"
		case opened[path]%2 == 1: // PocketBase opens the pool for reading first
			dsn += "&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)&_pragma=query_only(ON)"
		default:
			dsn += "&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)&_txlock=immediate"
		}
		return dbx.Open("sqlite", dsn)
	}
}
