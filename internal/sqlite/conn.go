package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
)

// plain is what we use of the driver's connections.
type plain interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// conn is a connection that keeps its statements. database/sql lets one goroutine at a time use it.
type conn struct {
	plain
	dsn    string
	keep   int
	byText map[string]*statement
	recent []*statement // of byText, the one used last at the end
}

// statement is a prepared one. While rows are read from it, another query of the same text gets one of its own.
type statement struct {
	text string
	busy bool
	run  prepared
}

type prepared interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

func newConn(inner driver.Conn, dsn string, keep int) (*conn, error) {
	p, ok := inner.(plain)
	if !ok {
		return nil, fmt.Errorf("sqlite: the driver's connection is a %T, which cannot do all that is needed", inner)
	}
	return &conn{plain: p, dsn: dsn, keep: keep, byText: map[string]*statement{}}, nil
}

// ExecContext implements driver.ExecerContext.
func (c *conn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	seen(c.dsn, text)
	s, err := c.take(text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.plain.ExecContext(ctx, text, args)
	}
	defer s.free()
	return s.run.ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (c *conn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	seen(c.dsn, text)
	s, err := c.take(text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.plain.QueryContext(ctx, text, args)
	}
	r, err := s.run.QueryContext(ctx, args)
	if err != nil {
		s.free()
		return nil, err
	}
	full, ok := r.(typed)
	if !ok {
		return nil, fmt.Errorf("sqlite: the driver's rows are %T, which cannot do all that is needed", r)
	}
	return &rows{full, s}, nil
}

// Raw is the driver's own connection, for what database/sql has no words for.
func (c *conn) Raw() driver.Conn { return c.plain }

// Close forgets the statements and closes the connection.
func (c *conn) Close() error {
	for _, s := range c.recent {
		s.run.Close()
	}
	c.recent, c.byText = nil, nil
	return c.plain.Close()
}

// take finds the statement with this text or prepares it; nil if it is not one to keep, or is being read from.
func (c *conn) take(text string) (*statement, error) {
	if s := c.byText[text]; s != nil {
		if s.busy {
			return nil, nil
		}
		c.touch(s)
		s.busy = true
		return s, nil
	}
	if !keeps(text) || c.byText == nil {
		return nil, nil
	}
	inner, err := c.plain.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, err
	}
	run, ok := inner.(prepared)
	if !ok {
		return nil, fmt.Errorf("sqlite: the driver's statement is a %T, which cannot do all that is needed", inner)
	}
	c.spare()
	s := &statement{text: text, busy: true, run: run}
	c.byText[text], c.recent = s, append(c.recent, s)
	return s, nil
}

func (c *conn) touch(s *statement) {
	if last := len(c.recent) - 1; c.recent[last] != s {
		i := slices.Index(c.recent, s)
		copy(c.recent[i:], c.recent[i+1:])
		c.recent[last] = s
	}
}

// spare makes room for one more statement. One that is being read from stays.
func (c *conn) spare() {
	for i := 0; len(c.recent) >= c.keep && i < len(c.recent); {
		s := c.recent[i]
		if s.busy {
			i++
			continue
		}
		s.run.Close()
		delete(c.byText, s.text)
		c.recent = slices.Delete(c.recent, i, i+1)
	}
}

func (s *statement) free() { s.busy = false }

// keeps reports whether a statement is one that comes again: it reads or writes rows, and is alone. Anything else
// (pragmas, the schema, scripts) is run by the driver as it comes.
func keeps(text string) bool {
	word, _, _ := strings.Cut(strings.TrimLeft(text, " \n\t"), " ")
	switch strings.ToUpper(word) {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
		return !strings.Contains(text, ";")
	}
	return false
}
