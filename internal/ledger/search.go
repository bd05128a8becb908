package ledger

// Reading the log: by key, for an answer given before, and by what an auditor asks.

import (
	"strconv"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/sqlite"
)

// Find returns the entry that an actor made under a key, its answer among it.
func Find(db dbx.Builder, actor, key string) (Entry, bool, error) {
	if key == "" {
		return Entry{}, false, nil
	}
	// "key <> ''" lets SQLite use the index of keys.
	return one(db, dbx.And(dbx.HashExp{"actor": actor, "key": key}, dbx.NewExp("key <> ''")))
}

// Get returns one entry by its number.
func Get(db dbx.Builder, seq int64) (Entry, bool, error) { return one(db, dbx.HashExp{"seq": seq}) }

// Last returns the entry that last named a row. There is none for a row that the log does not know.
func Last(db dbx.Builder, noun, id string) (Entry, bool, error) {
	return one(db, dbx.NewExp("seq = (SELECT seq FROM ledger_rows WHERE noun = {:noun} AND id = {:id})", dbx.Params{"noun": noun, "id": id}))
}

func one(db dbx.Builder, where dbx.Expression) (Entry, bool, error) {
	var l line
	text, values, err := sqlite.Where(db, where)
	if err != nil {
		return Entry{}, false, err
	}
	rows, err := sqlite.Direct(db).Query("SELECT seq, at, actor, role, act, noun, target, key, data, payload, salt FROM ledger_entries WHERE "+text+" LIMIT 1", values...)
	if err != nil {
		return Entry{}, false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return Entry{}, false, rows.Err()
	}
	if err := rows.Scan(&l.Seq, &l.At, &l.Actor, &l.Role, &l.Act, &l.Noun, &l.Target, &l.Key, &l.Data, &l.Payload, &l.Salt); err != nil {
		return Entry{}, false, err
	}
	e, err := l.entry()
	return e, err == nil, err
}

// Query says which entries are wanted; what is empty does not matter.
type Query struct {
	Actor, Noun, Target, Act string
	Acts                     []string  // any of these
	About                    *About    // about any of these rows
	From, To                 time.Time // From included, To not
	After                    int64     // go on behind this entry, in the order asked for
	Newest                   bool      // the newest first
	Limit                    int       // default 100, at most 1000
}

// About asks for entries about rows: done to one of them, or, of the act Showing, one that named it as shown.
type About struct {
	Nouns, IDs []string
	Showing    string
}

// Shown is the name under which an entry keeps which rows somebody was shown, separated by spaces.
const Shown = "shown"

func (a *About) where() dbx.Expression {
	if len(a.IDs) == 0 {
		return dbx.NewExp("FALSE")
	}
	done := dbx.And(in("noun", a.Nouns), in("target", a.IDs))
	if a.Showing == "" {
		return done
	}
	var named []dbx.Expression
	for i, id := range a.IDs {
		name := "shown" + strconv.Itoa(i)
		named = append(named, dbx.NewExp("instr(data, CAST({:"+name+"} AS BLOB)) > 0", dbx.Params{name: id}))
	}
	return dbx.Or(done, dbx.And(dbx.HashExp{"act": a.Showing}, dbx.Or(named...)))
}

func in(column string, list []string) dbx.Expression {
	values := make([]any, len(list))
	for i, s := range list {
		values[i] = s
	}
	return dbx.In(column, values...)
}

// Search returns entries in their order, or the newest first.
func Search(db dbx.Builder, q Query) ([]Entry, error) {
	order, beyond := "seq", "seq > {:after}"
	if q.Newest {
		order, beyond = "seq DESC", "seq < {:after}"
	}
	if q.Limit <= 0 {
		q.Limit = 100
	}
	s := db.Select().From("ledger_entries").OrderBy(order).Limit(int64(min(q.Limit, 1000)))
	for column, value := range map[string]string{"actor": q.Actor, "noun": q.Noun, "target": q.Target, "act": q.Act} {
		if value != "" {
			s.AndWhere(dbx.HashExp{column: value})
		}
	}
	if len(q.Acts) > 0 {
		s.AndWhere(in("act", q.Acts))
	}
	if q.About != nil {
		s.AndWhere(q.About.where())
	}
	if !q.From.IsZero() {
		s.AndWhere(dbx.NewExp("at >= {:from}", dbx.Params{"from": q.From.UTC().Format(timeLayout)}))
	}
	if !q.To.IsZero() {
		s.AndWhere(dbx.NewExp("at < {:to}", dbx.Params{"to": q.To.UTC().Format(timeLayout)}))
	}
	if q.After > 0 {
		s.AndWhere(dbx.NewExp(beyond, dbx.Params{"after": q.After}))
	}
	var lines []line
	if err := s.All(&lines); err != nil {
		return nil, err
	}
	entries := make([]Entry, len(lines))
	for i, l := range lines {
		var err error
		if entries[i], err = l.entry(); err != nil {
			return nil, err
		}
	}
	return entries, nil
}
