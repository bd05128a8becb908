package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/sheet"
)

// Taking over a register of before. The file comes with every step and is kept nowhere: first to guess the columns and to say line
// by line what is wrong, as often as one likes, then to be taken over as a whole. That goes on beside the request, one at a time.

const (
	importMB    = 20
	importBody  = (importMB + 1) << 20
	importRows  = 50_000
	importShown = 500 // faults that are shown; all are counted
	importPeek  = 3   // lines that are shown so that one sees what the columns hold
	importWait  = 3 * time.Second
)

var importLimits = sheet.Limits{Rows: importRows + 1, Columns: 60, Cell: 4000, Bytes: 200 << 20}

// importing is the register that is being taken over, and what became of the last one.
type importing struct {
	mu      sync.Mutex
	busy    sync.Mutex // one file is read or taken over at once
	ctx     context.Context
	stop    context.CancelFunc
	now     importState
	running sync.WaitGroup
}

// importState is how far it is. Code is why nothing was taken over.
type importState struct {
	Running bool     `json:"running"`
	Rows    int      `json:"rows"`
	Done    int      `json:"done"`
	ID      string   `json:"id,omitempty"`
	Code    string   `json:"code,omitempty"`
	Message string   `json:"message,omitempty"`
	Args    []string `json:"-"`
}

func (i *importing) set(f func(*importState)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	f(&i.now)
}

func (i *importing) state() importState {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.now
}

// importFile is what came in.
type importFile struct {
	name    string
	raw     []byte
	typed   string
	columns map[flow.ImportField]int // nil: to be guessed
}

// tried is what a look through a file found.
type tried struct {
	Header  []string                 `json:"header"`
	Peek    [][]string               `json:"peek"`
	Columns map[flow.ImportField]int `json:"columns"`
	Type    string                   `json:"type"`
	Rows    int                      `json:"rows"`
	Good    int                      `json:"good"`
	Bad     int                      `json:"bad"` // lines with a fault
	Faults  []flow.ImportFault       `json:"faults"`
	Wrong   string                   `json:"wrong,omitempty"` // of the columns: what keeps the lines from being looked at
	Field   string                   `json:"field,omitempty"`
	lines   []flow.ImportLine
}

// importOne is a register that was taken over.
type importOne struct {
	ID   string `json:"id"`
	At   string `json:"at"`
	File string `json:"file"`
	Rows int64  `json:"rows"`
	Who  string `json:"who"`
	Type string `json:"type"`
}

// imports lists what was taken over, and says how far one is that is being so now.
func imports(c *call, _ command.View[*records.Desk]) (any, error) {
	rows, err := records.All[*records.Import](c.s.Desk.App.DB(), nil, "made DESC", "id")
	if err != nil {
		return nil, err
	}
	names, err := c.staffNames()
	if err != nil {
		return nil, err
	}
	list := []importOne{}
	for _, r := range rows {
		file, err := c.s.Desk.ImportedFile(r)
		if err != nil {
			return nil, err
		}
		list = append(list, importOne{r.ID, r.Made, file, r.Rows, names[r.By], r.Type})
	}
	types, err := c.typeNames()
	return map[string]any{"rows": list, "now": c.importState(), "types": types, "fields": flow.ImportFields, "mostRows": importRows, "mostMB": importMB}, err
}

func (c *call) importState() importState {
	now := c.s.imports.state()
	if now.Code != "" {
		now.Message = c.s.UI.Error(c.lang, now.Code, now.Args)
	}
	return now
}

// importTry looks through a file and changes nothing.
func importTry(c *call) error {
	f, done, err := c.importFile()
	if err != nil {
		return err
	}
	defer done()
	c.s.imports.set(func(now *importState) { *now = importState{} }) // what became of the last one was read by now
	t, err := c.importTried(f)
	if err != nil {
		return err
	}
	return c.answer(t)
}

// importRun takes a file over that has no fault. What takes longer goes on while the answer says how far it is.
func importRun(c *call) error {
	f, done, err := c.importFile()
	if err != nil {
		return err
	}
	t, err := c.importTried(f)
	switch {
	case err != nil:
	case t.Wrong != "":
		err = flow.Refuse(t.Wrong, t.Field)
	case t.Bad > 0:
		err = flow.Refuse("import_faults", strconv.Itoa(t.Bad))
	case t.Rows == 0:
		err = flow.Refuse("import_empty")
	}
	if err == nil {
		err = c.importTaken(f)
	}
	if err != nil {
		done()
		return err
	}
	in := command.OldRegister{File: f.name, Mark: c.importMark(f), Type: f.typed, Lines: t.lines}
	i := &c.s.imports
	i.set(func(s *importState) { *s = importState{Running: true, Rows: len(in.Lines)} })
	ended := make(chan struct{})
	i.running.Add(1)
	go func() {
		defer i.running.Done()
		defer close(ended)
		defer done()
		c.s.importNow(c.by, in)
	}()
	select {
	case <-ended:
	case <-time.After(importWait):
	}
	now := c.importState()
	if now.Code != "" {
		return flow.Refuse(now.Code, now.Args...)
	}
	return c.e.JSON(http.StatusAccepted, now)
}

func (s *Server) importNow(by command.Caller, in command.OldRegister) {
	id, err := command.ImportRegister(s.imports.ctx, s.Desk, by, in, func(n int) { s.imports.set(func(now *importState) { now.Done = n }) })
	s.imports.set(func(now *importState) {
		now.Running, now.ID = false, id
		var refused *flow.Refusal
		switch {
		case err == nil:
		case errors.As(err, &refused):
			now.Code, now.Args = refused.Code, refused.Args
		default:
			now.Code = "import_broke_off"
			s.Log.Error("a register was not taken over", "error", err)
		}
	})
}

// importMark tells the same file again.
func (c *call) importMark(f importFile) string { return c.s.Desk.Vault.Blind("import", string(f.raw)) }

func (c *call) importTaken(f importFile) error {
	n, err := records.Count(c.s.Desk.App.DB(), "imports", dbx.HashExp{"mark": c.importMark(f)})
	if err == nil && n > 0 {
		err = flow.Refuse("already_imports")
	}
	return err
}

// importFile passes the gate and reads the form; done lets the next one in.
func (c *call) importFile() (f importFile, done func(), err error) {
	if _, err := command.Look[*records.Desk](c.ctx(), c.s.Desk, c.by, flow.Import, records.DeskID); err != nil {
		return f, nil, err
	}
	if !c.s.imports.busy.TryLock() {
		return f, nil, flow.Refuse("import_running")
	}
	if f, err = c.importForm(); err != nil {
		c.s.imports.busy.Unlock()
	}
	return f, c.s.imports.busy.Unlock, err
}

func (c *call) importForm() (f importFile, err error) {
	r, err := c.e.Request.MultipartReader()
	if err != nil {
		return f, errors.Join(errNoFile, err)
	}
	fields := map[string]string{}
	for range formFields {
		part, err := r.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return f, importTooBig(err)
		}
		if part.FormName() != "file" {
			raw, err := io.ReadAll(io.LimitReader(part, formField))
			if err != nil {
				return f, importTooBig(err)
			}
			fields[part.FormName()] = string(raw)
			continue
		}
		_, params, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		f.name = fileName(params["filename"])
		if f.raw, err = io.ReadAll(io.LimitReader(part, importMB<<20+1)); err != nil {
			return f, importTooBig(err)
		}
		if len(f.raw) > importMB<<20 {
			return f, flow.Refuse("import_too_large", fmt.Sprint(importMB))
		}
	}
	switch {
	case !c.trusts(fields["token"]):
		return f, errCrossOrigin
	case len(f.raw) == 0:
		return f, errNoFile
	}
	f.typed = fields["type"]
	if fields["columns"] != "" && json.Unmarshal([]byte(fields["columns"]), &f.columns) != nil {
		return f, flow.Refuse("body_wrong")
	}
	return f, nil
}

func importTooBig(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return flow.Refuse("import_too_large", fmt.Sprint(importMB))
	}
	return tooBig(err)
}

var sheetRefusals = map[error]string{sheet.ErrUnreadable: "import_unreadable", sheet.ErrOld: "import_old", sheet.ErrTooMany: "import_too_many", sheet.ErrTooLarge: "import_unpacked", sheet.ErrEmpty: "import_empty"}

// importTried reads the file and looks at every line of it.
func (c *call) importTried(f importFile) (t tried, err error) {
	check, err := c.importCheck(f.typed)
	if err != nil {
		return t, err
	}
	t = tried{Columns: f.columns, Type: f.typed, Peek: [][]string{}, Faults: []flow.ImportFault{}}
	err = sheet.Read(f.raw, importLimits, func(line int, cells []sheet.Cell) error {
		if err := c.ctx().Err(); err != nil {
			return err
		}
		if t.Header == nil {
			return t.columnsOf(cells, f)
		}
		t.line(check, line, cells)
		return nil
	})
	for is, code := range sheetRefusals {
		if errors.Is(err, is) {
			return t, errors.Join(flow.Refuse(code, strconv.Itoa(importRows)), err)
		}
	}
	if err != nil || t.Wrong != "" {
		return t, err
	}
	clashes, err := c.s.Desk.ImportClashes(c.s.Desk.App.DB(), t.lines)
	t.wrong(clashes)
	slices.SortStableFunc(t.Faults, func(a, b flow.ImportFault) int { return a.Line - b.Line })
	t.Good = t.Rows - t.Bad
	return t, err
}

// columnsOf takes the first line for the headings.
func (t *tried) columnsOf(cells []sheet.Cell, f importFile) error {
	t.Header = make([]string, len(cells))
	for i, cell := range cells {
		t.Header[i] = cell.Text
	}
	if t.Columns == nil {
		t.Columns = flow.GuessColumns(t.Header)
	}
	var refused *flow.Refusal
	if errors.As(flow.ImportColumns(t.Columns, len(t.Header), f.typed != ""), &refused) {
		t.Wrong, t.Field = refused.Code, refused.Args[0]
	}
	return nil
}

func (t *tried) line(check *flow.ImportCheck, line int, cells []sheet.Cell) {
	t.Rows++
	if len(t.Peek) < importPeek {
		peek := make([]string, len(cells))
		for i, cell := range cells {
			peek[i] = cell.Text
		}
		t.Peek = append(t.Peek, peek)
	}
	if t.Wrong != "" {
		return
	}
	fields := map[flow.ImportField]flow.ImportCell{}
	for f, at := range t.Columns {
		if at < len(cells) {
			fields[f] = flow.ImportCell(cells[at])
		}
	}
	l, faults := check.Line(line, fields)
	if len(faults) == 0 {
		t.lines = append(t.lines, l)
	}
	t.wrong(faults)
}

func (t *tried) wrong(faults []flow.ImportFault) {
	last := 0
	for _, f := range faults {
		if f.Line != last {
			t.Bad, last = t.Bad+1, f.Line
		}
		if len(t.Faults) < importShown {
			t.Faults = append(t.Faults, f)
		}
	}
}

// importCheck knows every type that the desk has, open for applications or not.
func (c *call) importCheck(typed string) (*flow.ImportCheck, error) {
	today, err := c.s.Desk.Today(c.ctx())
	if err != nil {
		return nil, err
	}
	all, err := records.All[*records.Type](c.s.Desk.App.DB(), dbx.In("state", string(flow.Enabled), string(flow.Disabled)))
	if err != nil {
		return nil, err
	}
	k := &flow.ImportCheck{Typed: typed, Today: today}
	for _, t := range all {
		described, err := c.s.Desk.Type(t.Digest)
		if err != nil {
			return nil, err
		}
		k.Kinds = append(k.Kinds, flow.ImportKind{ID: t.ID, Words: []string{t.NameZh, t.NameEn}, Type: described})
	}
	return k, nil
}
