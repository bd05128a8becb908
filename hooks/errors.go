package hooks

import (
	"errors"
	"net/http"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Every error leaves through here: a code for machines, a sentence for people, the cause for the log.

var (
	errCrossOrigin = errors.New("sent by another site")
	errSignIn      = errors.New("not signed in")
)

// limited says that a public door was used too often.
type limited struct {
	limit flow.Limit
	wait  int // seconds
}

func (l *limited) Error() string { return "limited: " + l.limit.Name }

// trouble is an error as it is answered.
type trouble struct {
	Status   int           `json:"status"`
	Code     string        `json:"code"`
	Message  string        `json:"message"`
	Args     []string      `json:"args,omitempty"`
	Problems []sdk.Problem `json:"problems,omitempty"`
	By       string        `json:"by,omitempty"`   // conflict: who changed it,
	At       string        `json:"at,omitempty"`   // when,
	Act      string        `json:"act,omitempty"`  // and how
	Wait     int           `json:"wait,omitempty"` // seconds
	Ref      string        `json:"ref,omitempty"`  // of the log

	actor string // conflict: who changed it, as the record has it
}

// troubleOf finds status, code and sentence of an error. What it does not know is 500, and only the log gets the cause.
func (s *Server) troubleOf(c *call, err error) trouble {
	t := trouble{Status: http.StatusInternalServerError, Code: "internal"}
	err = vault.Full(err)
	var refusal *flow.Refusal
	var conflict *command.Conflict
	var problems *command.Problems
	var upload *vault.Refusal
	var lim *limited
	switch {
	case errors.As(err, &refusal):
		t.Status, t.Code, t.Args = http.StatusUnprocessableEntity, refusal.Code, refusal.Args
		if refusal.Code == "not_now" {
			t.Status = http.StatusConflict
		}
	case errors.As(err, &problems):
		t.Status, t.Code, t.Problems = http.StatusUnprocessableEntity, "problems", problems.List
	case errors.As(err, &upload):
		t.Status, t.Code = http.StatusUnprocessableEntity, "upload_"+upload.Code
	case errors.As(err, &conflict):
		t.Status, t.Code = http.StatusConflict, "conflict"
		t.actor, t.By, t.At, t.Act = conflict.By, s.actorName(conflict.By), records.Stamp(conflict.At), string(conflict.Act)
	case errors.As(err, &lim):
		t.Status, t.Code, t.Wait = http.StatusTooManyRequests, "limited", lim.wait
	case errors.Is(err, vault.ErrErased):
		t.Status, t.Code = http.StatusGone, "erased"
	case errors.Is(err, vault.ErrDiskFull):
		t.Status, t.Code = http.StatusInsufficientStorage, "disk_full"
	case errors.Is(err, records.ErrNotFound):
		t.Status, t.Code = http.StatusNotFound, "not_found"
	case errors.Is(err, command.ErrForbidden):
		t.Status, t.Code = http.StatusForbidden, "forbidden"
	case errors.Is(err, command.ErrKeyReused):
		t.Status, t.Code = http.StatusUnprocessableEntity, "key_reused"
	case errors.Is(err, errCrossOrigin):
		t.Status, t.Code = http.StatusForbidden, "cross_origin"
	case errors.Is(err, errSignIn):
		t.Status, t.Code = http.StatusUnauthorized, "sign_in"
	}
	lang := "zh-Hans"
	if c != nil {
		lang = c.lang
	}
	t.Message = s.UI.Error(lang, t.Code, t.Args)
	if lim != nil {
		t.Message = lim.limit.Text.In(lang)
	}
	return t
}

// fail answers an error: JSON to a program, a page to a person.
func (s *Server) fail(c *call, err error) error {
	t := s.troubleOf(c, err)
	if t.Status >= 500 {
		t.Ref = records.NewID()[:8]
		s.Log.Error("failed", "route", c.line.Pattern, "ref", t.Ref, "error", err)
	}
	// A colleague whose session is over, or a guest, may sign in: that is not "not found".
	if t.Status == http.StatusNotFound && c.by.Role == flow.Guest && c.line.Act != "" && c.needsPerson() {
		t = s.troubleOf(c, errSignIn)
	}
	if c.json_ || c.e.Request.Header.Get("Accept") == "application/json" {
		return c.e.JSON(t.Status, t)
	}
	return s.failPage(c, t)
}
