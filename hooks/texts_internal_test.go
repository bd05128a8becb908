package hooks

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

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
