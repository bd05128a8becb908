package hooks

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/vault"
	"github.com/certdesk/certdesk/ui"
)

var refusal = regexp.MustCompile(`Refuse\("([a-z_]+)"[,)]`)

// Every refusal that the rules, the acts and the doors can give has a sentence of its own, in both languages.
func TestEveryRefusalHasItsSentence(t *testing.T) {
	u := ui.Must()
	codes := map[string]bool{"internal": true, "not_found": true, "forbidden": true, "conflict": true, "key_reused": true, "cross_origin": true, "sign_in": true, "problems": true,
		"limited": true, "maintenance": true, "disk_full": true, "already_applications": true, "already_applicants": true, "already_staff": true, "already_holders": true}
	for _, c := range vault.RefusalCodes() {
		codes["upload_"+c] = true
	}
	for _, dir := range []string{".", "../internal/command", "../internal/flow"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			for _, m := range refusal.FindAllStringSubmatch(string(raw), -1) {
				codes[m[1]] = true
			}
		}
	}
	for _, lang := range ui.Languages {
		other := u.Error(lang, "no such code", nil)
		for code := range codes {
			if u.Error(lang, code, []string{"1", "2", "3"}) == other {
				t.Errorf("%s: no sentence for %s", lang, code)
			}
		}
		for _, key := range []string{"answer.yes", "answer.no", "answer.long", "answer.birth", "answer.sex", "answer.female", "answer.male", "notice.saved", "notice.contact", "notice.consent",
			"notice.consent_withdrawn", "notice.withdrawn", "notice.discarded", "help.type", "help.about.submitted", "help.about.code_consent"} {
			if u.Text(lang, key) == key {
				t.Errorf("%s: no text %s", lang, key)
			}
		}
	}
}

// Every word that a page picks a text by has one, in both languages: a page that misses one cannot be shown at all.
func TestEveryPickedWordHasItsText(t *testing.T) {
	u := ui.Must()
	var cases, seen, turns, events []string
	for _, s := range flow.States(flow.NounApplication) {
		cases, turns = append(cases, string(flow.Outside(s))), append(turns, turn(s))
		if flow.Outside(s) != flow.Draft && flow.Outside(s) != flow.Approved && flow.Outside(s) != flow.Rejected { // these have pages of their own
			seen = append(seen, string(flow.Outside(s)))
		}
	}
	for act := range applicantActs {
		events = append(events, act)
	}
	var certificates, messages []string
	for _, s := range flow.States(flow.NounCertificate) {
		certificates = append(certificates, string(s))
	}
	for _, s := range flow.States(flow.NounMessage) {
		messages = append(messages, string(s))
	}
	for prefix, words := range map[string][]string{
		"status_short": cases, "status": seen, "status_text": append(seen, "merged"), "turn": turns, "event": events, "by": {"you", "desk", "other", "staff"},
		"step":        {"submitted", "assigned", "review", "waiting", "result", "withdrawn", "lapsed"},
		"todo":        {"draft", "awaiting_applicant", "hearing", "message", "renew", "recovery", "agree", "consent", "sanction"},
		"todo_button": {"draft", "awaiting_applicant", "hearing", "message", "renew", "recovery", "agree", "consent", "sanction"},
		"code.button": {"sign_in", "confirm", "contact", "withdraw"}, "device.how": {"password", "sms_code", "mail_code"},
		"holder.how": {"self", "code", "sheet", "counter", "phone", "imported"}, "holder.state": {"pending", "active"}, "members.role": {"owner", "clerk", "helper"},
		"consent.kind": {"privacy", "identity"}, "past": {"approved", "rejected", "withdrawn", "lapsed"}, "certificate.state": certificates, "certificate.told": {"suspended", "revoked"},
		"public": append(certificates, "unknown", "erased"), "certificate.open": {"renewal", "change", "recheck"}, "outbox.state": messages,
		"messages.by": {"you", "desk", "other"}, "e409.by": {"you", "other", "staff", "desk"}, "messages.call": flow.Outcomes, "hearing.outcome": {"upheld", "reversed"}, "appeal.outcome": {"upheld", "changed", "returned"},
		"correction.kind": {"question", "slot", "free"},
	} {
		for _, lang := range ui.Languages {
			for _, w := range words {
				if key := prefix + "." + w; u.Text(lang, key, "at", "today") == key {
					t.Errorf("%s: no text %s", lang, key)
				}
			}
		}
	}
}

// Whatever act changed a row in the meantime, the page that says so has a word for it.
func TestEveryConflictHasItsWord(t *testing.T) {
	u := ui.Must()
	for act, want := range map[string]string{"save_draft": "save_draft", "agree_recovery": "other", "fill_correction": "other"} {
		if got := eventWord(u, act); got != want || u.Text("en", "event."+got) == "event."+got {
			t.Errorf("%s is told as %s", act, got)
		}
	}
}

// The hint beside a new password asks for what is asked.
func TestPasswordHint(t *testing.T) {
	for _, lang := range ui.Languages {
		if hint := ui.Must().Text(lang, "password.hint"); !strings.Contains(hint, fmt.Sprint(minPassword)) {
			t.Errorf("%s: %s", lang, hint)
		}
	}
}
