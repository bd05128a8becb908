package ledger

// How verifying reads the log: a batch is read while the one before it is computed on all processors. The columns that repeat
// an entry come as one text each, compared as a whole; only where it differs are they read one by one.

import (
	"database/sql"
	"math"
	"runtime"
	"strings"
	"sync"

	"github.com/pocketbase/dbx"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/certdesk/certdesk/internal/sqlite"
)

// pack is a batch of entries and the stored hashes that belong to them.
type pack struct {
	after  int64 // the entry before the first one
	seqs   []int64
	ends   []int // where the text of each entry ends in data
	data   []byte
	beside []columns
	hashes shelf
	err    error
}

func (p *pack) last() int64 { return p.seqs[len(p.seqs)-1] }

func (p *pack) text(i int) []byte {
	from := 0
	if i > 0 {
		from = p.ends[i-1]
	}
	return p.data[from:p.ends[i]:p.ends[i]]
}

// unit stands between the columns that are read as one. No entry in canonical form has one in a text as it is.
const unit = "\x1f"

const readPack = "SELECT seq, data, at||char(31)||actor||char(31)||role||char(31)||act||char(31)||noun||char(31)||target||char(31)||key||char(31)||payload||char(31)||salt" +
	" FROM ledger_entries WHERE seq > ? ORDER BY seq LIMIT ?"

// pack reads the batch behind an entry; an empty one at the end.
func (v *verifier) pack(after int64) (p *pack) {
	p = &pack{after: after, seqs: make([]int64, 0, batch), ends: make([]int, 0, batch), beside: make([]columns, 0, batch)}
	rows, err := sqlite.Direct(v.db).Query(readPack, after, batch)
	if err != nil {
		p.err = err
		return p
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var data sql.RawBytes
		var beside columns
		if p.err = rows.Scan(&seq, &data, (*string)(&beside)); p.err != nil {
			return p
		}
		p.data = append(p.data, data...)
		p.seqs, p.ends, p.beside = append(p.seqs, seq), append(p.ends, len(p.data)), append(p.beside, beside)
	}
	if p.err = rows.Err(); p.err == nil && len(p.seqs) > 0 {
		p.hashes, p.err = v.hashes(max(after, 0)+1, p.last())
	}
	return p
}

// entries walks through the log.
func (v *verifier) entries() error {
	for p := v.pack(math.MinInt64); ; {
		if p.err != nil || len(p.seqs) == 0 {
			return p.err
		}
		ahead := make(chan *pack, 1)
		go func() { ahead <- v.pack(p.last()) }()
		all := p.compute()
		lines, same := p.lines(all)
		var next *pack
		if !same { // read one by one what is not as the entries say, once the connection is free
			next = <-ahead
			var err error
			if lines, err = v.lines(p.after); err != nil {
				return err
			}
			for i := range lines {
				all[i].commit = lines[i].computed()
			}
		}
		for i, r := range all {
			v.entry(lines[i], r, p.hashes)
		}
		if next == nil {
			next = <-ahead
		}
		p = next
	}
}

// read is what can be said of an entry without the others.
type read struct {
	hash   tlog.Hash
	entry  canonical
	err    error
	line   line // the row of the table, if the columns beside the entry say the same
	same   bool
	commit string // as payload and salt have it
}

// compute reads the entries of a batch on all processors.
func (p *pack) compute() []read {
	all, workers := make([]read, len(p.seqs)), runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(all); i += workers {
				all[i] = p.read(i)
			}
		})
	}
	wg.Wait()
	return all
}

func (p *pack) read(i int) (r read) {
	data := p.text(i)
	r.hash = tlog.RecordHash(data)
	var plain bool
	if r.entry, plain = scan(data); !plain {
		r.entry, r.err = decode(data)
	}
	if r.line, r.same = p.beside[i].of(&r.entry); r.same {
		r.line.Seq, r.line.Data, r.commit = p.seqs[i], data, r.line.computed()
	}
	return r
}

// computed is the commitment that the personal part beside an entry asks for.
func (l line) computed() string {
	if l.Payload == "" {
		return ""
	}
	return commitment(l.Salt, l.Payload)
}

// lines are the rows of the table, if all are as the entries say.
func (p *pack) lines(all []read) ([]line, bool) {
	lines := make([]line, len(all))
	for i := range all {
		if !all[i].same {
			return nil, false
		}
		lines[i] = all[i].line
	}
	return lines, true
}

// columns are those beside an entry, joined by unit.
type columns string

// of takes the columns apart if they say what the entry says: then nothing but payload and salt is not known already. The texts
// of the entry must not hold the mark between two columns, or two different rows could look the same.
func (c columns) of(e *canonical) (l line, same bool) {
	rest := string(c)
	for _, s := range [...]string{e.At, e.Actor, e.Role, e.Act, e.Noun, e.Target, e.Key} {
		after, ok := strings.CutPrefix(rest, s)
		if !ok || !strings.HasPrefix(after, unit) || strings.Contains(s, unit) {
			return line{}, false
		}
		rest = after[len(unit):]
	}
	payload, salt, ok := strings.Cut(rest, unit)
	if !ok || strings.Contains(salt, unit) {
		return line{}, false
	}
	return line{At: e.At, Actor: e.Actor, Role: e.Role, Act: e.Act, Noun: e.Noun, Target: e.Target, Key: e.Key, Payload: payload, Salt: salt}, true
}

// shelf holds stored hashes by their number: a run of them, or, where some are missing or not whole, what there is.
type shelf struct {
	first int64
	run   string
	odd   map[int64]tlog.Hash
}

func (s shelf) at(id int64) (h tlog.Hash, ok bool) {
	if s.odd != nil {
		h, ok = s.odd[id]
		return h, ok
	}
	from := (id - s.first) * tlog.HashSize
	if id < s.first || from >= int64(len(s.run)) {
		return h, false
	}
	copy(h[:], s.run[from:])
	return h, true
}

// hashes reads the stored hashes that belong to the leaves of a batch, and to those missing before it.
func (v *verifier) hashes(first, last int64) (shelf, error) {
	if last < first {
		return shelf{}, nil
	}
	from, to := tlog.StoredHashIndex(0, first-1), tlog.StoredHashCount(min(last, math.MaxInt64/4))
	if to-from <= 100*batch {
		s := shelf{first: from}
		var count, low, high, whole int64
		err := v.db.NewQuery("SELECT count(*), coalesce(min(id), 0), coalesce(max(id), 0), coalesce(sum(length(h)=32), 0), coalesce(group_concat(h, ''), '')"+
			" FROM (SELECT id, h FROM ledger_hashes WHERE id >= {:from} AND id < {:to} ORDER BY id)").
			Bind(dbx.Params{"from": from, "to": to}).Row(&count, &low, &high, &whole, &s.run)
		if err != nil {
			return s, err
		}
		if count == to-from && whole == count && low == from && high == to-1 && int64(len(s.run)) == count*tlog.HashSize {
			return s, nil
		}
	}
	return v.odd(from, to)
}

// odd reads hashes one by one. A forged number may be far off: there cannot be more hashes than a batch needs, or a gap before it
// that can be bridged.
func (v *verifier) odd(from, to int64) (shelf, error) {
	s := shelf{odd: map[int64]tlog.Hash{}}
	rows, err := v.db.NewQuery("SELECT id, h FROM ledger_hashes WHERE id >= {:from} AND id < {:to} ORDER BY id LIMIT {:n}").
		Bind(dbx.Params{"from": from, "to": to, "n": 100 * batch}).Rows()
	if err != nil {
		return s, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var h sql.RawBytes
		if err := rows.Scan(&id, &h); err != nil {
			return s, err
		}
		if len(h) == tlog.HashSize {
			s.odd[id] = tlog.Hash(h)
		}
	}
	return s, rows.Err()
}
