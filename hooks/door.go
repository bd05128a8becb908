package hooks

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// The three ways to open a route. Each names the act that it is for: a route without one does not compile, and what has
// no line in routes.go answers 404.

// A line is one route as it can be printed: the authorisation table.
type line struct {
	Pattern string   // "POST /api/desk/applications/{id}/decide"
	Act     flow.Act // the permission
	Noun    flow.Noun
	Form    string // act, read or page
	body    int64  // bytes of body that are taken, 0: the usual
	passing bool   // strangers pass by: a browser that brings no cookie gets none
}

// A book is the list of routes in the making.
type book struct {
	s     *Server
	lines []line
	open  func(l line, h func(*call) error)
}

func (b *book) add(l line, h func(*call) error) {
	b.lines = append(b.lines, l)
	b.open(l, h)
}

// act opens an act of the desk to JSON: the row is named by {id} (the desk itself where there is none), the input is the
// body, the key comes from Idempotency-Key, the revision from If-Match. An unknown field is refused. The answer is the receipt.
func act[R records.Target, In any](b *book, pattern string, a command.Act[R, In]) {
	var row R
	b.add(line{Pattern: pattern, Act: a.Name, Noun: noun(row), Form: "act"}, func(c *call) error {
		var in In
		if err := c.json(&in); err != nil {
			return err
		}
		r, err := command.Run(c.ctx(), c.s.Desk, c.by, a, c.at(), in)
		if err != nil {
			return err
		}
		return c.e.JSON(http.StatusOK, r)
	})
}

// read opens a reading to JSON. The reader passes the gate for the act before anything is shown; show gets the row.
func read[R records.Target](b *book, pattern string, see flow.Act, show func(*call, command.View[R]) (any, error)) {
	var row R
	b.add(line{Pattern: pattern, Act: see, Noun: noun(row), Form: "read"}, func(c *call) error {
		v, err := command.Look[R](c.ctx(), c.s.Desk, c.by, see, c.id())
		if err != nil {
			return err
		}
		out, err := show(c, v)
		if err != nil || out == nil {
			return err
		}
		return c.answer(out)
	})
}

// page opens a page, or a form of one, to people. The act says what it is for; a page that changes something calls Run
// with that act, a page that shows something calls Look.
func page(b *book, pattern string, a flow.Act, h func(*call) error, body ...int64) {
	l := line{Pattern: pattern, Act: a, Form: "page"}
	if len(body) > 0 {
		l.body = body[0]
	}
	b.add(l, h)
}

// passing opens a page without a form to strangers, who may never come back.
func passing(b *book, pattern string, a flow.Act, h func(*call) error) {
	b.add(line{Pattern: pattern, Act: a, Form: "page", passing: true}, h)
}

// viewed puts on record that somebody opens the row of the route, and reads it then.
func viewed[R records.Target](c *call, view command.Act[R, command.Seen]) (command.View[R], error) {
	if _, err := command.Run(c.ctx(), c.s.Desk, c.by, view, command.At{ID: c.id()}, command.Seen{}); err != nil {
		return command.View[R]{}, err
	}
	return command.Look[R](c.ctx(), c.s.Desk, c.by, view.Name, c.id())
}

func noun(row records.Target) flow.Noun { return row.Noun() }

// A call is one request on its way through a door.
type call struct {
	s       *Server
	e       *core.RequestEvent
	by      command.Caller
	lang    string
	large   bool
	json_   bool // the answer is for a program
	session *records.Session
	guest   string // the random name of this browser
	line    line
	leaving bool // a file has begun to leave
}

func (c *call) ctx() ctx { return c.e.Request.Context() }

// id is the row that the route names; the desk itself where it names none.
func (c *call) id() string {
	if id := c.e.Request.PathValue("id"); id != "" {
		return id
	}
	return records.DeskID
}

// at reads target, revision and key of an act.
func (c *call) at() command.At {
	rev, _ := strconv.ParseInt(strings.Trim(c.e.Request.Header.Get("If-Match"), `"`), 10, 64)
	key := c.e.Request.Header.Get("Idempotency-Key")
	if c.line.body == 0 { // an upload is read as a stream, its key with it
		_ = c.e.Request.ParseForm() // what cannot be read has no key, and the act refuses what is missing
	}
	if c.e.Request.PostForm != nil {
		if v := c.e.Request.PostForm.Get("rev"); v != "" {
			rev, _ = strconv.ParseInt(v, 10, 64)
		}
		if v := c.e.Request.PostForm.Get("key"); v != "" {
			key = v
		}
	}
	return command.At{ID: c.id(), Rev: rev, Key: key[:min(len(key), formKey)]}
}

// formKey is how much of an idempotency key counts.
const formKey = 100

const jsonLimit = 1 << 20

// json reads the body into in, strictly. An empty body is the zero input.
func (c *call) json(in any) error {
	raw, err := io.ReadAll(http.MaxBytesReader(c.e.Response, c.e.Request.Body, jsonLimit))
	if err != nil {
		return flow.Refuse("body_too_large")
	}
	if len(raw) == 0 {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(in); err != nil || d.More() {
		return errors.Join(flow.Refuse("body_wrong"), err)
	}
	return nil
}

// answer writes JSON, with an ETag so that asking again costs little.
func (c *call) answer(out any) error {
	raw, err := json.Marshal(out)
	if err != nil {
		return err
	}
	h := c.e.Response.Header()
	tag := `"` + digest(string(raw))[:22] + `"`
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "application/json; charset=utf-8")
	if c.e.Request.Header.Get("If-None-Match") == tag {
		c.e.Response.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, err = c.e.Response.Write(raw)
	return err
}

// stream takes PocketBase's copy of the body away, which would be written to disk in clear beyond some size.
var stream = &hook.Handler[*core.RequestEvent]{Id: "stream", Priority: apis.DefaultCorsMiddlewarePriority - 20, Func: func(e *core.RequestEvent) error {
	if copied, ok := e.Request.Body.(*router.RereadableReadCloser); ok {
		e.Request.Body = copied.ReadCloser
	}
	return e.Next()
}}

// mount registers every line with PocketBase's router, behind the session.
func (s *Server) mount(se *core.ServeEvent) []line {
	b := &book{s: s}
	b.open = func(l line, h func(*call) error) {
		method, path, _ := strings.Cut(l.Pattern, " ")
		route := se.Router.Route(method, path, func(e *core.RequestEvent) error {
			c, err := s.enter(e, l)
			if err == nil {
				err = h(c)
			}
			if err != nil && c != nil && c.leaving {
				s.Log.Error("a file broke off", "route", l.Pattern, "error", err)
				panic(http.ErrAbortHandler) // half a file must not look like a whole one
			}
			if err != nil {
				return s.fail(c, err)
			}
			return nil
		})
		if l.body > 0 {
			route.Bind(apis.BodyLimit(l.body), stream)
		}
	}
	routes(b)
	return b.lines
}
