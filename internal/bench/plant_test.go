package bench

// Cases by the thousand: rows put straight into the tables, sealed with real keys, as the acts would have left them.

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
	"github.com/certdesk/certdesk/plugins/sdk"
)

const typ = "individual"

// site is a desk at rest, with two reviewers and a lead.
type site struct {
	*testkit.Desk
	b      *testing.B
	digest string
	slots  []string // of the documents that the type asks for
	chen   string
	lead   string
	n      int
}

// open starts a desk whose jobs and sweeps stand still, so that nothing but the request is measured.
func open(b *testing.B, change ...func(*config.Config)) *site {
	b.Helper()
	d := testkit.Open(b, change...)
	d.Runner.Stop()
	d.Desk.Committed = nil
	s := &site{Desk: d, b: b}
	s.chen = d.Staff("陈明", "chen@example.com", flow.Reviewer)
	d.Staff("何静", "he@example.com", flow.Reviewer)
	s.lead = d.Staff("周组长", "lead@example.com", flow.Lead)
	row, err := records.Load[*records.Type](d.App.DB(), typ)
	if err != nil {
		b.Fatal(err)
	}
	t, err := records.Describe(d.App.DB(), row.Digest)
	if err != nil {
		b.Fatal(err)
	}
	s.digest = row.Digest
	met := map[string]bool{}
	for _, slot := range t.Slots {
		if slot.Optional || !slot.When.Shown(individual.Example()) || slot.OneOf != "" && met[slot.OneOf] {
			continue
		}
		met[slot.OneOf] = true
		s.slots = append(s.slots, slot.ID)
	}
	return s
}

// roomy lets colleagues take any number of cases. It is done behind the record's back: a desk that verifies cannot use it.
func (s *site) roomy() { s.sql("UPDATE staff SET capacity=1000000", nil) }

func (s *site) sql(q string, p dbx.Params) {
	s.b.Helper()
	if _, err := s.App.NonconcurrentDB().NewQuery(q).Bind(p).Execute(); err != nil {
		s.b.Fatalf("%s: %v", q, err)
	}
}

// planted is an account, the holder behind it, and a case of theirs.
type planted struct {
	account *records.Applicant
	holder  *records.Holder
	app     *records.Application
	header  http.Header // what their browser sends
}

// plant makes one, in one transaction.
func (s *site) plant(state flow.State) planted {
	s.b.Helper()
	s.n++
	p := planted{account: &records.Applicant{Channel: "mail", Lang: "zh-Hans"}, holder: &records.Holder{Kind: string(sdk.HolderPerson), Own: true, How: "self"}}
	p.account.ID, p.account.State, p.account.Email, p.account.Verified = records.NewID(), flow.Active, fmt.Sprintf("p%d@example.com", s.n), true
	p.holder.ID, p.holder.State, p.holder.Owner = records.NewID(), flow.Active, p.account.ID
	s.key(p.holder.Key())
	p.holder.Name = s.seal(p.holder.Key(), "holders.name "+p.holder.ID, "王秀英")
	member := &records.Member{Holder: p.holder.ID, Applicant: p.account.ID, Role: "owner"}
	member.State = flow.Active
	p.app = &records.Application{Kind: "new", Type: typ, Digest: s.digest, Holder: p.holder.ID, Applicant: p.account.ID, Lang: "zh-Hans", VisitCode: fmt.Sprintf("%06d", s.n)}
	p.app.ID, p.app.State = records.NewID(), state
	s.key(p.app.Key())
	answers, err := json.Marshal(individual.Example())
	if err != nil {
		s.b.Fatal(err)
	}
	p.app.Answers = s.seal(p.app.Key(), "applications.answers "+p.app.ID, string(answers))
	p.app.Name = s.seal(p.app.Key(), "applications.name "+p.app.ID, "王秀英")
	if state == flow.InReview {
		p.app.Ref, p.app.SubmittedAt, p.app.AssignedAt, p.app.Assignee = fmt.Sprintf("P-%06d", s.n), records.Stamp(s.Desk.Desk.Now()), records.Stamp(s.Desk.Desk.Now()), s.chen
		p.app.DueOn, p.app.Checked = "2099-01-01", "done"
	}
	rows := []records.Row{p.account, p.holder, member, p.app, s.session("applicant", p.account.ID, &p.header)}
	for _, slot := range s.slots {
		d := &records.Document{Application: p.app.ID, Slot: slot, Media: "image/jpeg", Bytes: 200_000, Pages: 1, Width: 1600, Height: 1000, Blur: 200, Blob: "blob-" + slot, Views: "view-" + slot, Mark: slot}
		d.State = flow.Kept
		rows = append(rows, d)
	}
	s.insert(rows...)
	return p
}

// session is a signed-in browser: the row, and in header what the browser sends.
func (s *site) session(kind, person string, header *http.Header) *records.Session {
	secret := strings.Repeat("s", 28) + records.NewID()
	sum := sha256.Sum256([]byte(secret))
	row := &records.Session{Person: person, Kind: kind, How: "password", Seen: records.Stamp(s.Desk.Desk.Now()), Until: "2099-01-01 00:00:00.000Z", Passed: true}
	row.ID, row.State = hex.EncodeToString(sum[:]), flow.Active
	name := map[string]string{"applicant": "certdesk_account", "staff": "certdesk_staff"}[kind]
	*header = http.Header{"Cookie": {name + "=" + secret + "; certdesk_browser=" + strings.Repeat("b", 43)}, "Sec-Fetch-Site": {"same-origin"}, "Accept-Language": {"zh-CN"},
		"Content-Type": {"application/x-www-form-urlencoded"}}
	return row
}

func (s *site) key(id string) {
	s.b.Helper()
	if err := s.Desk.Desk.Vault.NewKey(id); err != nil {
		s.b.Fatal(err)
	}
}

func (s *site) seal(key, place, text string) string {
	s.b.Helper()
	sealed, err := s.Desk.Desk.Vault.Seal(key, place, []byte(text))
	if err != nil {
		s.b.Fatal(err)
	}
	return sealed
}

// insert puts rows into their tables as they are, in one transaction.
func (s *site) insert(rows ...records.Row) {
	s.b.Helper()
	err := s.App.RunInTransaction(func(tx core.App) error {
		for _, row := range rows {
			h := row.Header()
			if h.ID == "" {
				h.ID = records.NewID()
			}
			h.Rev, h.Made = max(1, h.Rev), records.Stamp(s.Desk.Desk.Now())
			if auth, ok := row.(interface{ Token() *string }); ok {
				*auth.Token() = records.NewID() + records.NewID()
			}
			params := dbx.Params{}
			for _, c := range records.Columns(row) {
				params[c.Name] = c.Value
			}
			if _, err := tx.DB().Insert(row.Table(), params).Execute(); err != nil {
				return fmt.Errorf("%s: %w", row.Table(), err)
			}
		}
		return nil
	})
	if err != nil {
		s.b.Fatal(err)
	}
}

// history multiplies one case into n closed ones, with an ID and a reference of their own.
func (s *site) history(n int) {
	s.b.Helper()
	s.multiply(s.plant(flow.InReview).app, n, map[string]string{"ref": "printf('H-%08d', i)", "state": "'approved'",
		"closed_at": "printf('2024-%02d-%02d 08:00:00.000Z', 1+i%12, 1+i%28)", "due_on": "printf('2024-%02d-%02d', 1+i%12, 1+i%28)",
		"kept_from": "printf('2024-%02d-%02d 08:00:00.000Z', 1+i%12, 1+i%28)", "erase_on": "'2098-12-31'"}) // a desk that is long in order: nothing is left to reckon
}

// certificate is a valid one of the holder of a case.
func (s *site) certificate(p planted) *records.Certificate {
	s.b.Helper()
	k := &records.Certificate{Number: fmt.Sprintf("C-2026-%06d", s.n), Type: typ, Digest: s.digest, Holder: p.holder.ID, Application: p.app.ID, Lang: "zh-Hans",
		ValidFrom: "2025-01-01", ExpiresOn: "2098-12-31", Shows: "masked"}
	k.ID, k.State, k.Code = records.NewID(), flow.Valid, flow.NewCode(rand.Reader)
	k.Name = s.seal(k.Key(), "certificates.name "+k.ID, "王秀英")
	s.insert(k)
	return k
}

func readAll(res *http.Response) (string, error) {
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return string(raw), err
}
