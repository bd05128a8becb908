package command_test

// Sixteen at once at one row: one winner, whoever it is. ROUNDS sets how often; make proof does a thousand.

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

const atOnce = 16

// rounds is how often a race is run.
func rounds(t testing.TB, usual int) int {
	t.Helper()
	text := os.Getenv("ROUNDS")
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("ROUNDS=%q", text)
	}
	return n
}

// contest starts everybody at the same moment and returns who won, in order of their number.
func contest(t *testing.T, round int, do func(i int) error) (won []int) {
	t.Helper()
	var all sync.WaitGroup
	start, errs := make(chan struct{}), make([]error, atOnce)
	for i := range atOnce {
		all.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	all.Wait()
	for i, err := range errs {
		var c *command.Conflict
		switch {
		case err == nil:
			won = append(won, i)
		case !lawful(err) && !errors.Is(err, command.ErrForbidden) && !errors.As(err, &c):
			t.Fatalf("round %d, number %d: %v", round, i, err)
		}
	}
	return won
}

// putBack writes a row over what is in its table, so that the next round begins where this one did.
func (w *world) putBack(row records.Row) {
	w.T.Helper()
	w.sql("DELETE FROM "+row.Table()+" WHERE id={:id}", dbx.Params{"id": row.Header().ID})
	w.Insert(row)
}

// planted is a case in this state, put straight into the tables.
func (w *world) planted(state flow.State) *records.Application {
	w.T.Helper()
	return load[*records.Application](w, w.plant(flow.NounApplication, state))
}

func (w *world) placed(row records.Row, state flow.State) string {
	w.T.Helper()
	row.Header().State = state
	w.Insert(row)
	return row.Header().ID
}

func (w *world) clear(app string, tables ...string) {
	for _, table := range tables {
		w.sql("DELETE FROM "+table+" WHERE application={:id}", dbx.Params{"id": app})
	}
}

func (w *world) count(table string, where dbx.HashExp) int {
	w.T.Helper()
	n, err := records.Count(w.App.DB(), table, where)
	if err != nil {
		w.T.Fatal(err)
	}
	return n
}

func TestRaceOfClaims(t *testing.T) {
	w := open(t)
	var people []string
	for i := range atOnce {
		people = append(people, w.Staff(fmt.Sprintf("审核%d", i), fmt.Sprintf("r%d@example.com", i), flow.Reviewer))
	}
	app := w.planted(flow.Submitted)
	for round := range rounds(t, 30) {
		w.putBack(app)
		w.clear(app.ID, "tasks")
		won := contest(t, round, func(i int) error { return try(w, command.Of(people[i]), command.Claim, app.ID, command.Handed{}) })
		now := load[*records.Application](w, app.ID)
		if len(won) != 1 || now.Assignee != people[won[0]] || now.State != flow.InReview || w.count("tasks", dbx.HashExp{"application": app.ID, "state": "open"}) != 1 {
			t.Fatalf("round %d: %v won, the case is %s with %s", round, won, now.State, now.Assignee)
		}
	}
}

var notPassed = command.Result{Outcome: flow.NotPassed, Reasons: []string{"forged"}}

func TestRaceOfDecisionAndWithdrawal(t *testing.T) {
	w := open(t)
	app := w.planted(flow.InReview)
	w.takeBack(5)
	for round := range rounds(t, 30) {
		w.putBack(app)
		w.clear(app.ID, "tasks", "decisions")
		w.placed(&records.Task{Application: app.ID, Assignee: w.chen}, flow.Open)
		won := contest(t, round, func(i int) error {
			if i%2 == 0 {
				return try(w, command.Of(w.chen), command.Decide, app.ID, notPassed)
			}
			return try(w, command.Account(w.wang), command.Withdraw, app.ID, struct{}{})
		})
		now := load[*records.Application](w, app.ID)
		if len(won) != 1 || now.State != []flow.State{flow.Decided, flow.Withdrawn}[won[0]%2] || w.count("decisions", byCase(app.ID).(dbx.HashExp)) != 1-won[0]%2 {
			t.Fatalf("round %d: %v won, the case is %s", round, won, now.State)
		}
	}
}

func TestRaceOfDecisionAndReassignment(t *testing.T) {
	w := open(t)
	w.takeBack(5)
	li := w.Staff("李审核", "li@example.com", flow.Reviewer)
	app := w.planted(flow.InReview)
	for round := range rounds(t, 30) {
		w.putBack(app)
		w.clear(app.ID, "tasks", "decisions")
		w.placed(&records.Task{Application: app.ID, Assignee: w.chen}, flow.Open)
		rev := int64(0)
		if round%2 == 0 {
			rev = app.Rev // everybody saw the same page: one of all goes through
		}
		won := contest(t, round, func(i int) error {
			at := command.At{ID: app.ID, Rev: rev}
			if i%2 == 0 {
				_, err := command.Run(w.ctx, w.Desk.Desk, command.Of(w.chen), command.Decide, at, notPassed)
				return err
			}
			_, err := command.Run(w.ctx, w.Desk.Desk, command.Of(w.lead), command.Reassign, at, command.Handed{To: li})
			return err
		})
		decided, handed := 0, 0
		for _, i := range won {
			decided, handed = decided+1-i%2, handed+i%2
		}
		now := load[*records.Application](w, app.ID)
		fits := decided == 1 && handed == 0 && now.State == flow.Decided && now.DecidedBy == w.chen ||
			decided == 0 && handed >= 1 && (rev == 0 || handed == 1) && now.State == flow.InReview && now.Assignee == li
		if !fits {
			t.Fatalf("round %d: %d decisions and %d reassignments went through, the case is %s with %s", round, decided, handed, now.State, now.Assignee)
		}
	}
}

func TestRaceOfTakingBackAndRelease(t *testing.T) {
	w := open(t)
	app := w.planted(flow.Decided)
	app.Outcome = flow.NotPassed
	d := all[*records.Decision](w, byCase(app.ID))[0]
	d.Outcome, d.Reasons = flow.NotPassed, "forged"
	for round := range rounds(t, 30) {
		w.putBack(app)
		w.clear(app.ID, "tasks", "messages")
		w.putBack(d)
		won := contest(t, round, func(i int) error {
			if i%2 == 0 {
				return try(w, command.Of(w.chen), command.TakeBack, app.ID, struct{}{})
			}
			return try(w, command.Itself, command.ReleaseResult, app.ID, struct{}{})
		})
		if len(won) != 1 {
			t.Fatalf("round %d: %v won", round, won)
		}
		released := won[0] % 2
		now, told := load[*records.Application](w, app.ID).State, w.count("messages", byCase(app.ID).(dbx.HashExp))
		if now != []flow.State{flow.InReview, flow.Rejected}[released] || (told > 0) != (released == 1) {
			t.Fatalf("round %d: %d won, the case is %s, %d were told", round, won[0], now, told)
		}
	}
}

func TestRaceOfRemovalAndSubmission(t *testing.T) {
	w := open(t)
	id := w.filled(w.wang, w.holder, "individual", nil)
	app := load[*records.Application](w, id)
	for round := range rounds(t, 15) {
		w.putBack(app)
		w.clear(id, "tasks", "persons", "documents")
		w.sql("DELETE FROM jobs WHERE target={:id}", dbx.Params{"id": id})
		victim := ""
		for _, slot := range []string{"id_front", "id_back", "household"} {
			s := w.document(id, slot, slot)
			victim = w.placed(&records.Document{Application: id, Slot: slot, Media: s.Media, Blob: s.Blob, Views: s.Views[0], Mark: s.Mark, Pages: 1}, flow.Kept)
		}
		won := contest(t, round, func(i int) error {
			if i%2 == 0 {
				return try(w, command.Account(w.wang), command.RemoveDocument, id, command.Removal{Document: victim})
			}
			return try(w, command.Account(w.wang), command.Submit, id, command.Submission{Declared: true})
		})
		d := load[*records.Document](w, victim)
		state := load[*records.Application](w, id).State
		if len(won) != 1 || (state == flow.Draft) != (won[0]%2 == 0) || (d.State == flow.Kept) != (won[0]%2 == 1) || d.State == flow.Kept && !w.kept(id, d.Blob) {
			t.Fatalf("round %d: %v won, the case is %s, its document %s", round, won, state, d.State)
		}
	}
}

// TestRaceOfAnswerAndLapse lets answers to a correction and the end of its day meet: the case goes on with the answer or it has
// lapsed, once, and what was written is there either way.
func TestRaceOfAnswerAndLapse(t *testing.T) {
	w := open(t)
	app := w.planted(flow.AwaitingApplicant)
	rows := append([]records.Row{app}, w.about(app.ID)...)
	for round := range rounds(t, 40) {
		w.clear(app.ID, "tasks", "messages", "corrections", "documents", "verdicts")
		w.sql("DELETE FROM jobs WHERE target={:id}", dbx.Params{"id": app.ID})
		for _, r := range rows {
			w.putBack(r)
		}
		lapsed, answered := 0, 0
		for _, i := range contest(t, round, func(i int) error {
			if i%2 == 0 {
				return try(w, command.Account(w.wang), command.AnswerCorrection, app.ID, nothing)
			}
			return try(w, command.Itself, command.Lapse, app.ID, nothing)
		}) {
			lapsed, answered = lapsed+i%2, answered+1-i%2
		}
		c, now := all[*records.Correction](w, byCase(app.ID))[0], load[*records.Application](w, app.ID).State
		taken := answered == 1 && lapsed == 0 && now == flow.InReview && c.State == flow.Resolved
		late := lapsed == 1 && now == flow.Lapsed && c.State == flow.Lapsed && (c.LateAt != "") == (answered > 0) && c.Given != ""
		if taken == late {
			t.Fatalf("round %d: %d answers, %d lapses, the case is %s, the round %s, late %q", round, answered, lapsed, now, c.State, c.LateAt)
		}
	}
}

// about are the rows about a case that a round of a race may change.
func (w *world) about(id string) (list []records.Row) {
	for _, r := range all[*records.Task](w, byCase(id)) {
		list = append(list, r)
	}
	for _, r := range all[*records.Correction](w, byCase(id)) {
		list = append(list, r)
	}
	for _, r := range all[*records.Document](w, byCase(id)) {
		list = append(list, r)
	}
	return list
}

// TestRaceOfHearing lets a holder's answer and the end of the hearing meet: one of them brings the case to whoever decides, and
// exactly an answer that was taken is there.
func TestRaceOfHearing(t *testing.T) {
	w := open(t)
	app := w.planted(flow.Hearing)
	r := all[*records.Reversal](w, byCase(app.ID))[0]
	for round := range rounds(t, 30) {
		w.putBack(app)
		w.putBack(r)
		w.clear(app.ID, "tasks", "messages")
		won := contest(t, round, func(i int) error {
			if i%2 == 0 {
				return try(w, command.Account(w.wang), command.AnswerHearing, app.ID, command.Written{Text: "是我本人"})
			}
			return try(w, command.Itself, command.EndHearing, app.ID, nothing)
		})
		now := all[*records.Reversal](w, byCase(app.ID))[0]
		if len(won) != 1 || load[*records.Application](w, app.ID).State != flow.Heard || (now.Answer != "") != (won[0]%2 == 0) || w.count("tasks", dbx.HashExp{"application": app.ID, "state": "open"}) != 1 {
			t.Fatalf("round %d: %v won, the answer is %q", round, won, now.Answer)
		}
	}
}

// TestRaceOfErasureAndView erases a holder while a lead looks at the case and its pictures over HTTP: who looks gets the picture or
// is told that there is none, one erasure goes through, and nothing that can be read is left behind it.
func TestRaceOfErasureAndView(t *testing.T) {
	w := open(t)
	cookie := w.cookieOf(w.lead)
	for round := range rounds(t, 6) {
		app := w.planted(flow.Withdrawn)
		doc := all[*records.Document](w, byCase(app.ID))[0]
		won := contest(t, round, func(i int) error {
			if i%4 == 0 {
				return try(w, command.Of(w.manager), command.EraseHolder, app.Holder, command.Erasing{Asked: "asked_holder"})
			}
			for range 3 {
				for _, path := range []string{"", "/documents/" + doc.ID + "/1"} {
					if status := w.asks(t, cookie, "/api/desk/applications/"+app.ID+path); status != http.StatusOK && status != http.StatusNotFound && status != http.StatusConflict && status != http.StatusGone {
						return fmt.Errorf("%s answers %d", path, status)
					}
				}
			}
			return nil
		})
		erased := 0
		for _, i := range won {
			if i%4 == 0 {
				erased++
			}
		}
		now := load[*records.Application](w, app.ID)
		if has, err := w.Desk.Desk.Vault.HasKey(app.Key()); err != nil || has || erased != 1 || now.ErasedAt == "" || now.Answers != "" {
			t.Fatalf("round %d: %d erasures, erased %q", round, erased, now.ErasedAt)
		}
		if left := tracesOf(t, w.App.DB(), now); len(left) > 0 {
			t.Fatalf("round %d: %v is left", round, left)
		}
	}
}

// cookieOf signs a colleague in by a row.
func (w *world) cookieOf(staff string) string {
	secret := (records.NewID() + records.NewID() + records.NewID())[:43]
	digest := sha256.Sum256([]byte(secret))
	s := &records.Session{Person: staff, Kind: "staff", How: "password", Seen: records.Stamp(w.Clock.Now()), Until: "2999", Passed: true}
	s.ID = hex.EncodeToString(digest[:])
	w.placed(s, flow.Active)
	return "certdesk_staff=" + secret
}

func (w *world) asks(t *testing.T, cookie, path string) int {
	req, err := http.NewRequest(http.MethodGet, w.URL+path, nil)
	if err != nil {
		t.Error(err)
		return 0
	}
	req.Header = http.Header{"Cookie": {cookie}, "Sec-Fetch-Site": {"same-origin"}}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body) // a picture that ends in the middle was on its way when it was erased
	return res.StatusCode
}

// TestRaceOfRevocationAndVerification asks the public page while a certificate is revoked: who asks after the desk has
// said that it is revoked is never told that it is valid.
func TestRaceOfRevocationAndVerification(t *testing.T) {
	w := open(t)
	for round := range rounds(t, 15) {
		app := w.planted(flow.Approved)
		c := &records.Certificate{Number: "C-" + app.ID, Code: flow.NewCode(strings.NewReader(app.ID + app.ID)), Type: "pension", Digest: app.Digest, Holder: app.Holder, Application: app.ID,
			Lang: "zh-Hans", ValidFrom: "2025-01-01", ExpiresOn: "2099-01-01", Shows: "masked"}
		w.placed(c, flow.Valid)
		if text := w.page(t, c.Code); !strings.Contains(text, "证书有效") {
			t.Fatalf("round %d: it is not valid to begin with:\n%s", round, text)
		}
		var revoked atomic.Bool
		contest(t, round, func(i int) error {
			if i == 0 {
				err := try(w, command.Of(w.lead), command.Revoke, c.ID, command.Reasoned{Reason: "资料不实"})
				revoked.Store(true)
				return err
			}
			for last := false; !last; {
				last = revoked.Load() // what is asked from here on
				text := w.page(t, c.Code)
				if last && (strings.Contains(text, "证书有效") || !strings.Contains(text, "撤销")) {
					return fmt.Errorf("after the revocation the page says:\n%s", text)
				}
			}
			return nil
		})
	}
}

func (w *world) page(t *testing.T, code string) string {
	req, err := http.NewRequest(http.MethodGet, w.URL+"/v/"+code, nil)
	if err != nil {
		t.Error(err)
		return ""
	}
	req.Header.Set("Accept-Language", "zh-CN")
	w.Clock.Move(2e9) // the desk counts look-ups by the minute
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("%d %v", res.StatusCode, err)
	}
	return string(raw)
}
