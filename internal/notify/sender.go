// The sender takes messages out of the outbox and hands them on. A message that was recorded as sent is never sent again;
// one may go out twice only if the program dies between the partner's OK and our record of it.

package notify

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/fault"
	"github.com/certdesk/certdesk/internal/schedule"
)

// Row is a message as it stands in the table: id, channel, recipient, notice, words, lang, made.
type Row = map[string]string

// Sender drains the table of messages. The funcs are asked anew for each round or message, so that changed settings hold
// at once; all but Allow are needed.
type Sender struct {
	DB  schedule.DB
	Now func() time.Time // the desk's clock
	Log *slog.Logger

	Open  func(Row) (to string, words Words, err error)       // unseals
	Mail  func() (MailDriver, error)                          // nil: no mail server is set yet
	SMS   func() (SMSDriver, error)                           // nil: no gateway is set yet
	Allow func(ctx context.Context, channel, to string) error // caps per number, network and day; an error says which

	mu   sync.Mutex
	told map[string]time.Time // channels whose partner is out of reach: when that was logged last
}

// States of messages.
const (
	StateQueued = "queued"
	StateSent   = "sent"
	StateShown  = "shown"  // in the demo's outbox
	StateFailed = "failed" // refused for good
	StateDead   = "dead"   // given up after many tries
	StateRing   = "ring"   // to be rung or written to by a person
)

const (
	tries      = 8
	codeGood   = 10 * time.Minute // a code that is older is worth nothing
	unsetWait  = 5 * time.Minute
	cappedWait = time.Hour
	downWait   = time.Minute
	sayAgain   = 10 * time.Minute // how often an outage is logged while it lasts
	grace      = 20 * time.Second // for a message under way when the desk stops
)

var urgentWaits = []time.Duration{10 * time.Second, 30 * time.Second, 2 * time.Minute}

// Errors that keep a message in the outbox.
var (
	errNoMail = errors.New("mail_not_set")
	errNoSMS  = errors.New("sms_not_set")
	errLate   = errors.New("code_too_late")
)

// Queue makes the queue that Drain works on. It is made once and kept: it remembers what it could not write.
func (s *Sender) Queue() *schedule.Queue {
	return &schedule.Queue{Table: "messages", Columns: []string{"channel", "recipient", "notice", "words", "lang", "made"}, DB: s.DB, Now: s.Now, Log: s.Log,
		Ready: StateQueued, Done: StateSent, Failed: StateFailed, Dead: StateDead, Lease: 5 * time.Minute, Attempts: tries}
}

// Drain sends what is due. When ctx ends, a message under way may end in good order; no other is begun.
func (s *Sender) Drain(ctx context.Context, q *schedule.Queue) (int, error) {
	r := &round{Sender: s, down: map[string]error{}}
	defer r.close()
	return q.Drain(ctx, r.send)
}

// round is one drain: its drivers are opened once.
type round struct {
	*Sender
	mail MailDriver
	sms  SMSDriver
	down map[string]error // channels whose partner cannot be reached: not tried again in this round
}

func (r *round) close() {
	if r.mail == nil {
		return
	}
	if err := r.mail.Close(); err != nil {
		r.Log.Debug("mail server did not say goodbye", "error", unnamed(err.Error()))
	}
}

func (r *round) send(ctx context.Context, item schedule.Item) (schedule.Outcome, error) {
	n, known := Find(item.Row["notice"])
	o, err := r.hand(ctx, n, item)
	if known && n.Urgent && isPlain(err) {
		err = schedule.After(urgentWaits[min(item.Attempt, len(urgentWaits))-1], err)
	}
	return o, err
}

// isPlain tells an error that leaves the time of the next try open.
func isPlain(err error) bool {
	var f *Failure
	return errors.As(err, &f) && f == err
}

func (r *round) hand(ctx context.Context, n Notice, item schedule.Item) (o schedule.Outcome, err error) {
	row := item.Row
	if row["channel"] == ChannelRing {
		return schedule.Outcome{State: StateRing}, nil
	}
	if n.Kind == KindCode && r.tooOld(row["made"]) {
		return o, schedule.Permanent(errLate)
	}
	to, words, err := r.Open(row)
	if err != nil {
		return o, schedule.Permanent(later("unseal", err.Error()))
	}
	letter, err := Compose(row["notice"], row["lang"], row["channel"], words)
	if err != nil {
		return o, schedule.Permanent(err)
	}
	if err := r.allowed(ctx, n, row["channel"], to); err != nil {
		return o, err
	}
	if err := r.down[row["channel"]]; err != nil {
		return o, schedule.Hold(downWait, err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	provider, shown, err := r.pass(ctx, item, to, words, letter)
	if err != nil {
		r.mind(row["channel"], err)
		return o, err
	}
	r.reached(row["channel"])
	o.State = StateSent
	if shown {
		o.State = StateShown
	}
	o.Set = dbx.Params{"provider_id": provider, "sent_at": schedule.Stamp(r.Now())}
	return o, nil
}

// mind notes that a partner is out of reach or does not want us, so that a thousand messages need not each find out.
func (r *round) mind(channel string, err error) {
	var f *Failure
	if errors.As(err, &f) && (strings.HasSuffix(f.Code, "_unreachable") || strings.HasSuffix(f.Code, "_settings")) {
		r.down[channel] = err
		r.unreached(channel, err)
	}
}

// Trouble reports whether messages of a channel wait because its partner could not be reached when it was last tried.
func (s *Sender) Trouble(channel string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.told[channel]
	return known
}

// unreached logs that messages of a channel wait, and why: whoever looks after the machine may be the one who cannot sign in
// without them.
func (s *Sender) unreached(channel string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, known := s.told[channel]; known && s.Now().Sub(at) < sayAgain {
		return
	}
	if s.told == nil {
		s.told = map[string]time.Time{}
	}
	s.told[channel] = s.Now()
	s.Log.Warn("messages cannot be handed on, and wait", "channel", channel, "because", unnamed(err.Error()))
}

// reached logs that an outage is over.
func (s *Sender) reached(channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.told[channel]; known {
		delete(s.told, channel)
		s.Log.Info("messages are handed on again", "channel", channel)
	}
}

func (r *round) tooOld(made string) bool {
	t, err := time.Parse(schedule.Layout, made)
	return err == nil && r.Now().Sub(t) > codeGood
}

// allowed asks for the caps. A code over the cap is dropped, since it would come too late; anything else waits.
func (r *round) allowed(ctx context.Context, n Notice, channel, to string) error {
	if r.Allow == nil {
		return nil
	}
	err := r.Allow(ctx, channel, to)
	switch {
	case err == nil:
		return nil
	case n.Kind == KindCode:
		return schedule.Permanent(later("capped", err.Error()))
	}
	return schedule.Hold(cappedWait, later("capped", err.Error()))
}

func (r *round) pass(ctx context.Context, item schedule.Item, to string, words Words, l Letter) (provider string, shown bool, err error) {
	if item.Row["channel"] == ChannelMail {
		if err := r.openMail(); err != nil {
			return "", false, err
		}
		if err := fault.At("send.mail"); err != nil {
			return "", false, err
		}
		if provider, err = r.mail.Send(ctx, Mail{ID: item.ID, To: to, Letter: l}); err == nil {
			err = fault.At("sent.mail")
		}
		return provider, shows(r.mail), err
	}
	if err := r.openSMS(); err != nil {
		return "", false, err
	}
	params, err := Params(item.Row["notice"], item.Row["lang"], words)
	if err != nil {
		return "", false, schedule.Permanent(err)
	}
	if err := fault.At("send.sms"); err != nil {
		return "", false, err
	}
	provider, err = r.sms.Send(ctx, SMS{ID: item.ID, To: to, Template: item.Row["notice"], Lang: item.Row["lang"], Params: params, Text: l.Text, Sign: oneLine(words["desk"])})
	if err == nil {
		err = fault.At("sent.sms")
	}
	return provider, shows(r.sms), err
}

func (r *round) openMail() (err error) {
	if r.mail != nil {
		return nil
	}
	r.mail, err = r.Mail()
	return unset(r.mail == nil, err, errNoMail)
}

func (r *round) openSMS() (err error) {
	if r.sms != nil {
		return nil
	}
	r.sms, err = r.SMS()
	return unset(r.sms == nil, err, errNoSMS)
}

// unset holds messages back while there is nobody to hand them to; that is not their fault.
func unset(missing bool, err, none error) error {
	switch {
	case err != nil:
		return schedule.Hold(unsetWait, err)
	case missing:
		return schedule.Hold(unsetWait, none)
	}
	return nil
}

func shows(driver any) bool {
	s, ok := driver.(Shower)
	return ok && s.Shows()
}
