package hooks

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/schedule"
	"github.com/certdesk/certdesk/plugins/catalog"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// schedule is every line of the clock. Sweeps look for rows that are due and run an act for each: nothing is missed while
// the desk was down, and nothing is done twice, because the act moves the row.
func (s *Server) schedule() []schedule.Line {
	return []schedule.Line{
		{Name: "clock", Spec: "@every 1m", Run: s.watchClock},
		{Name: "messages", Spec: "@every 10s", Run: s.send},
		{Name: "jobs", Spec: "@every 10s", Run: s.work},
		{Name: "release", Spec: "@every 10s", Run: s.sweepCases(command.ReleaseResult, "state='decided' AND release_at<={:now}")},
		{Name: "remind", Spec: "@every 5m", Destructive: true, Run: s.sweepCases(command.Remind, dated+" AND "+records.UnderWay+" AND remind_on<>'' AND remind_on<={:today}")},
		{Name: "remind_applicant", Spec: "@every 5m", Destructive: true, Run: s.sweepCases(command.Remind, "answer_ask_on<>'' AND answer_ask_on<={:today} AND state IN ('awaiting_applicant','hearing')")},
		{Name: "lapse", Spec: "@every 5m", Destructive: true, Run: s.sweepCases(command.Lapse, "answer_due<>'' AND answer_due<{:today} AND state='awaiting_applicant'")},
		{Name: "hearing", Spec: "@every 5m", Destructive: true, Run: s.sweepCases(command.EndHearing, "answer_due<>'' AND answer_due<{:today} AND state='hearing'")},
		{Name: "escalate", Spec: "@every 5m", Destructive: true, Run: s.sweepCases(command.Escalate, openCases+" AND "+records.UnderWay+" AND late=FALSE AND due_on<{:today}")},
		{Name: "resume", Spec: "@every 5m", Destructive: true, Run: s.sweepCases(command.Resume, "held_until<>'' AND held_until<={:today} AND state='on_hold'")},
		{Name: "hand_on", Spec: "@every 5m", Destructive: true, Run: s.handOn},
		{Name: "warn", Spec: "@every 5m", Destructive: true, Run: s.sweepCertificates(command.Warn, "state IN ('valid','suspended') AND warn_on<>'' AND warn_on<={:today}")},
		{Name: "evidence", Spec: "@every 5m", Destructive: true, Run: s.sweepCertificates(command.WarnEvidence, "evidence_warn<>'' AND evidence_warn<={:today} AND state IN ('valid','suspended')")},
		{Name: "evidence_over", Spec: "@every 5m", Destructive: true, Run: s.sweepCertificates(command.RecheckEvidence, "evidence_on<>'' AND evidence_on<{:today} AND state='valid'")},
		{Name: "expire", Spec: "@every 5m", Destructive: true, Run: s.sweepCertificates(command.Expire, "state IN ('valid','suspended') AND expires_on<{:today}")},
		{Name: "digest", Spec: "@every 5m", Destructive: true, Run: s.Desk.TellDigest},
		{Name: "recovery", Spec: "@every 5m", Destructive: true, Run: s.sweepRecoveries},
		{Name: "pledge", Spec: "@every 5m", Destructive: true, Run: s.sweepPledges},
		{Name: "months", Spec: "47 1 * * *", Destructive: true, Run: s.Desk.KeepMonths},
		{Name: "calendar", Spec: "17 1 * * *", Run: s.calendar},
		{Name: "checkpoint", Spec: "@every 1h", Run: s.checkpoint},
		{Name: "witness", Spec: "@every 1h", Run: s.Desk.MailCheckpoint},
		{Name: "backup", Spec: "@every 10m", Run: s.backup},
		{Name: "recheck", Spec: "@every 5m", Destructive: true, Run: s.recheck},
		{Name: "retention", Spec: "47 1 * * *", Destructive: true, Run: s.retention},
		{Name: "documents", Spec: "37 1 * * *", Destructive: true, Run: s.sweepDocuments},
	}
}

// calendarDays is how long before its end the managers hear that the holiday file runs out.
const calendarDays = 60

func (s *Server) calendar(ctx context.Context) error {
	today, err := s.Desk.Today(ctx)
	if err != nil || today.AddDays(calendarDays).Before(s.Desk.Calendar.Ends()) {
		return err
	}
	return s.Desk.TellCalendarEnds(ctx)
}

// checkpoint signs the ledger as it stands.
func (s *Server) checkpoint(ctx context.Context) error {
	_, err := s.Desk.Checkpoint(ctx)
	return err
}

// sweepDocuments deletes stored documents that no row names.
func (s *Server) sweepDocuments(ctx context.Context) error {
	n, err := s.Desk.SweepDocuments(ctx)
	if n > 0 {
		s.Log.Info("documents that no row names are deleted", "count", n)
	}
	return err
}

const batch = 200

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// due reads the IDs of rows that are due, of so many at most.
func (s *Server) due(table, where string, params dbx.Params, most int) (ids []string, err error) {
	today, err := s.Desk.Today(context.Background())
	if err != nil {
		return nil, err
	}
	all := dbx.Params{"now": records.Stamp(s.Desk.Now()), "today": string(today)}
	maps.Copy(all, params)
	err = s.Desk.App.DB().Select("id").From(table).Where(dbx.NewExp(where, all)).
		Limit(int64(most)).Column(&ids) // in the order of the index: by ID, SQLite would walk through all of them
	return ids, err
}

// errEnough ends a sweep: what comes after this row would fare no better.
var errEnough = errors.New("the sweep ends here")

// sweep runs f for every due row, batch by batch. A row that refuses is logged and left, and holds up no other one; nor
// does one that is still due after f.
func (s *Server) sweep(ctx context.Context, table, where string, params dbx.Params, f func(id string) error) error {
	return s.sweepAll(ctx, table, where, params, func(ids []string) (enough bool, failed error) {
		for _, id := range ids {
			if enough || ctx.Err() != nil {
				break
			}
			err := f(id)
			enough = errors.Is(err, errEnough)
			if err != errEnough {
				failed = errors.Join(failed, err)
			}
		}
		return enough, failed
	})
}

// sweepAll hands each batch to f as a whole.
func (s *Server) sweepAll(ctx context.Context, table, where string, params dbx.Params, f func(ids []string) (enough bool, err error)) error {
	var failed error
	var before []string
	left := map[string]bool{}
	for ctx.Err() == nil {
		ids, err := s.due(table, where, params, 2*batch+len(left))
		if err != nil {
			return err
		}
		var now []string
		for _, id := range ids {
			if slices.Contains(before, id) {
				left[id] = true
			}
			if !left[id] && len(now) < batch {
				now = append(now, id)
			}
		}
		if len(now) == 0 {
			break
		}
		enough, err := f(now)
		if failed = errors.Join(failed, err); enough {
			break
		}
		before = now
	}
	return failed
}

func (s *Server) sweepCases(act command.Act[*records.Application, struct{}], where string) func(context.Context) error {
	return func(ctx context.Context) error {
		return s.sweepAll(ctx, "applications", where, nil, func(ids []string) (bool, error) {
			return false, errors.Join(command.RunEach(ctx, s.Desk, command.Itself, act, ids, struct{}{})...)
		})
	}
}

// sweepPledges asks colleagues for the next year's pledge.
func (s *Server) sweepPledges(ctx context.Context) error {
	return s.sweepAll(ctx, "staff", "pledge_ask_on<>'' AND pledge_ask_on<={:today} AND state='active'", nil, func(ids []string) (bool, error) {
		return false, errors.Join(command.RunEach(ctx, s.Desk, command.Itself, command.RemindPledge, ids, struct{}{})...)
	})
}

// sweepRecoveries lets those count that two colleagues agreed to and that nobody objected to.
func (s *Server) sweepRecoveries(ctx context.Context) error {
	return s.sweepAll(ctx, "recoveries", "due_on<={:today} AND state='pending'", nil, func(ids []string) (bool, error) {
		return false, errors.Join(command.RunEach(ctx, s.Desk, command.Itself, command.EndRecovery, ids, struct{}{})...)
	})
}

func (s *Server) sweepCertificates(act command.Act[*records.Certificate, struct{}], where string) func(context.Context) error {
	return func(ctx context.Context) error {
		return s.sweepAll(ctx, "certificates", where, nil, func(ids []string) (bool, error) {
			return false, errors.Join(command.RunEach(ctx, s.Desk, command.Itself, act, ids, struct{}{})...)
		})
	}
}

func (s *Server) recheckRequest(ctx context.Context, id string) (sdk.RecheckRequest, catalog.Ref, error) {
	var req sdk.RecheckRequest
	var ref catalog.Ref
	c, err := records.Load[*records.Certificate](s.Desk.App.DB(), id)
	if err != nil {
		return req, ref, err
	}
	app, err := records.Load[*records.Application](s.Desk.App.DB(), c.Application)
	if err != nil {
		return req, ref, err
	}
	a, err := s.Desk.Answers(app)
	if err != nil {
		return req, ref, err
	}
	today, err := s.Desk.Today(ctx)
	if err != nil {
		return req, ref, err
	}
	ref, err = s.ref(c.Type)
	return sdk.RecheckRequest{Today: string(today), ValidFrom: c.ValidFrom, ExpiresOn: c.ExpiresOn, Answers: a}, ref, err
}

// ref names the executable of a type that is allowed to run.
func (s *Server) ref(typ string) (catalog.Ref, error) {
	t, err := records.Load[*records.Type](s.Desk.App.DB(), typ)
	if err != nil {
		return catalog.Ref{}, err
	}
	return catalog.Ref{ID: t.ID, SHA256: t.SHA256}, nil
}

// work does the jobs: the types' checks.
func (s *Server) work(ctx context.Context) error {
	_, err := s.jobs.Drain(ctx, func(ctx context.Context, item schedule.Item) (schedule.Outcome, error) {
		return schedule.Outcome{}, s.check(ctx, item.Row["target"])
	})
	return err
}

func (s *Server) openJobs() {
	s.jobs = &schedule.Queue{Table: "jobs", Columns: []string{"kind", "target"}, DB: s.Desk, Now: s.Desk.Now, Log: s.Log, Attempts: 5}
}

// check asks the type about a submitted case. A type that does not answer is shown to the reviewer and asked again later.
func (s *Server) check(ctx context.Context, id string) error {
	app, err := records.Load[*records.Application](s.Desk.App.DB(), id)
	if err != nil {
		return schedule.Permanent(err)
	}
	a, err := s.Desk.Answers(app)
	if err != nil {
		return schedule.Permanent(err)
	}
	docs, err := records.Documents(s.Desk.App.DB(), id)
	if err != nil {
		return err
	}
	ref, err := s.ref(app.Type)
	if err != nil {
		return err
	}
	today, err := s.Desk.Today(ctx)
	if err != nil {
		return err
	}
	found, asked := s.Catalog.Check(ctx, ref, sdk.CheckRequest{Today: string(today), Answers: a, Evidence: command.Facts(docs)})
	_, err = command.Run(ctx, s.Desk, command.Itself, command.RecordFindings, command.At{ID: id}, command.Checked{Findings: found, Failed: asked != nil})
	if flow.Refused(err, "not_now") {
		return nil // decided meanwhile
	}
	return errors.Join(asked, err)
}
