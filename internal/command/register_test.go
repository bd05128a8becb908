package command_test

// A case is a register that many people change at once. What each of them was told, and when, must fit one order of all
// that happened: porcupine looks for such an order in the histories.

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// register is what matters of a case. Colleagues are 0, 1 and 2; nobody is -1.
type register struct {
	state     flow.State
	assignee  int
	decided   int     // by whom
	conflicts [3]bool // who declared one
}

type asked struct {
	act flow.Act // "" looks
	who int
}

type told struct {
	ok    bool
	seen  flow.State
	whose int
}

// free are who may be given the case by the desk: 2 has no capacity, and only takes or is handed it.
func (r register) free(but int) (list []int) {
	for i := range 2 {
		if i != but && !r.conflicts[i] {
			list = append(list, i)
		}
	}
	return list
}

// handOn is every way in which the desk may assign the case anew after somebody gave it back.
func (r register) handOn(back int) (all []any) {
	r.state, r.assignee = flow.Submitted, -1
	for _, i := range r.free(back) {
		next := r
		next.state, next.assignee = flow.InReview, i
		all = append(all, next)
	}
	if len(all) == 0 {
		all = append(all, r)
	}
	return all
}

// after is every register that an act may leave; none if it is refused.
func (r register) after(in asked) []any {
	next := r
	switch in.act {
	case flow.Claim:
		if r.state == flow.Submitted && !r.conflicts[in.who] {
			next.state, next.assignee = flow.InReview, in.who
			return []any{next}
		}
	case flow.Reassign:
		if (r.state == flow.Submitted || r.state == flow.InReview) && !r.conflicts[in.who] {
			next.state, next.assignee = flow.InReview, in.who
			return []any{next}
		}
	case flow.Release:
		if r.state == flow.InReview && r.assignee == in.who {
			return r.handOn(in.who)
		}
	case flow.DeclareConflict:
		if r.state == flow.InReview && r.assignee == in.who {
			next.conflicts[in.who] = true
			return next.handOn(in.who)
		}
	case flow.Decide:
		if r.state == flow.InReview && r.assignee == in.who {
			next.state, next.decided = flow.Decided, in.who
			return []any{next}
		}
	case flow.TakeBack:
		if r.state == flow.Decided && r.assignee == in.who {
			next.state = flow.InReview
			return []any{next}
		}
	case flow.ReleaseResult:
		if r.state == flow.Decided {
			next.state = flow.Rejected
			return []any{next}
		}
	case flow.Withdraw:
		if r.state == flow.Submitted || r.state == flow.InReview {
			next.state = flow.Withdrawn
			return []any{next}
		}
	}
	return nil
}

var caseModel = porcupine.NondeterministicModel{
	Init: func() []any { return []any{register{state: flow.InReview, assignee: 0, decided: -1}} },
	Step: func(state, input, output any) []any {
		r, in, out := state.(register), input.(asked), output.(told)
		if in.act == "" {
			if out.seen == r.state && out.whose == r.assignee {
				return []any{r}
			}
			return nil
		}
		all := r.after(in)
		if !out.ok {
			if len(all) == 0 {
				return []any{r}
			}
			return nil
		}
		return slices.DeleteFunc(all, func(s any) bool { return s.(register).state != out.seen })
	},
}

// TestCaseIsOneRegister lets sixteen people at a time do and read what they like.
func TestCaseIsOneRegister(t *testing.T) {
	w := open(t)
	w.takeBack(5)
	people := []string{w.chen, w.Staff("李审核", "li@example.com", flow.Reviewer), w.Staff("赵审核", "zhao@example.com", flow.Reviewer)}
	must(w, command.Of(w.lead), command.SetCapacity, people[2], command.Capacity{})
	done := map[flow.Act]int{}
	for round := range rounds(t, 12) {
		app := w.planted(flow.InReview)
		history := w.history(t, app.ID, people)
		for _, o := range history {
			if in := o.Input.(asked); o.Output.(told).ok {
				done[in.act]++
			}
		}
		if got := porcupine.CheckOperationsTimeout(caseModel.ToModel(), history, time.Minute); got != porcupine.Ok {
			t.Fatalf("round %d: no order of what happened explains what people were told (%s): %v", round, got, history)
		}
		w.sql("UPDATE applications SET state='withdrawn' WHERE state IN ('submitted','in_review','decided')")
	}
	if done[""] == 0 || len(done) < 3 {
		t.Errorf("hardly anything was done: %v", done)
	}
	t.Log(done)
}

// history is what sixteen people were told about one case.
func (w *world) history(t *testing.T, id string, people []string) []porcupine.Operation {
	var mu sync.Mutex
	var all []porcupine.Operation
	var group sync.WaitGroup
	begin := time.Now()
	for client := range atOnce {
		chance := rand.New(rand.NewPCG(uint64(client), uint64(begin.UnixNano())))
		group.Go(func() {
			for range 4 {
				in := asked{registerActs[chance.IntN(len(registerActs))], chance.IntN(3)}
				call := time.Since(begin).Nanoseconds()
				out, err := w.ask(id, people, in)
				o := porcupine.Operation{ClientId: client, Input: in, Call: call, Output: out, Return: time.Since(begin).Nanoseconds()}
				if err != nil {
					t.Errorf("%+v: %v", in, err)
				}
				mu.Lock()
				all = append(all, o)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return all
}

// registerActs are what people do; what ends a case for good is rare, so that there is something to race for.
var registerActs = append(slices.Repeat([]flow.Act{"", "", flow.Claim, flow.Claim, flow.Reassign, flow.Release, flow.Release, flow.DeclareConflict, flow.Decide, flow.Decide, flow.TakeBack, flow.TakeBack}, 5),
	flow.ReleaseResult, flow.Withdraw)

func (w *world) ask(id string, people []string, in asked) (told, error) {
	who := command.Of(people[in.who])
	var r command.Receipt
	var err error
	run := func(by command.Caller, act command.Act[*records.Application, command.Handed], h command.Handed) {
		r, err = command.Run(w.ctx, w.Desk.Desk, by, act, command.At{ID: id}, h)
	}
	plain := func(by command.Caller, act command.Act[*records.Application, struct{}]) {
		r, err = command.Run(w.ctx, w.Desk.Desk, by, act, command.At{ID: id}, struct{}{})
	}
	switch in.act {
	case "":
		app, err := records.Load[*records.Application](w.App.DB(), id)
		if err != nil {
			return told{}, err
		}
		return told{true, app.State, slices.Index(people, app.Assignee)}, nil
	case flow.Claim:
		run(who, command.Claim, command.Handed{})
	case flow.Reassign:
		run(command.Of(w.lead), command.Reassign, command.Handed{To: people[in.who]})
	case flow.Release:
		run(who, command.Release, command.Handed{Why: "太忙"})
	case flow.DeclareConflict:
		run(who, command.DeclareConflict, command.Handed{Why: "是亲戚"})
	case flow.Decide:
		r, err = command.Run(w.ctx, w.Desk.Desk, who, command.Decide, command.At{ID: id}, notPassed)
	case flow.TakeBack:
		plain(who, command.TakeBack)
	case flow.ReleaseResult:
		plain(command.Itself, command.ReleaseResult)
	case flow.Withdraw:
		plain(command.Account(w.wang), command.Withdraw)
	default:
		return told{}, fmt.Errorf("no such act")
	}
	if err == nil {
		return told{ok: true, seen: r.State}, nil
	}
	if lawful(err) || errors.Is(err, command.ErrForbidden) {
		return told{}, nil
	}
	return told{}, err
}
