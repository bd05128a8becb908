package journeys

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/cli"
	"github.com/certdesk/certdesk/internal/testkit"
)

// A type whose author means ill: the template's, with an attack in place of every text that a person would read.

// illWords gives out the attacks that a description takes; each is told in Chinese and, another one, in English.
type illWords struct{ at int }

func (w *illWords) next(most int) string {
	all := testkit.PlainAttacks()
	for {
		text := all[w.at%len(all)]
		w.at++
		if len([]rune(text)) <= most {
			return text
		}
	}
}

// spoil replaces every text of a description; what is empty stays empty, since pages of one question have no title.
func (w *illWords) spoil(v any, name string) any {
	switch v := v.(type) {
	case map[string]any:
		if zh, ok := v["zh-Hans"].(string); ok {
			if zh == "" {
				return v
			}
			most := 80 // what every text may have
			if name == "passed" || name == "notPassed" || name == "advice" || name == "body" {
				most = 500
			}
			return map[string]any{"zh-Hans": w.next(most), "en": w.next(most)}
		}
		for k := range v {
			v[k] = w.spoil(v[k], k)
		}
		if u, ok := v["url"].(string); ok {
			v["url"] = u + `/?"><` + testkit.Mark + `98 onclick=alert(1)>'`
		}
	case []any:
		for i := range v {
			v[i] = w.spoil(v[i], name)
		}
	}
	return v
}

var textOfFinding = regexp.MustCompile(`sdk\.Text\{ZhHans: "[^"]*", En: "[^"]*"\}`)

// writtenIll writes the type with the program's own command, spoils it, and builds it.
func writtenIll(t *testing.T, out string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "ill")
	cmd := cli.Plugin()
	cmd.SetArgs([]string{"new", dir})
	cmd.SetOut(&strings.Builder{})
	if err := cmd.Execute(); err != nil {
		t.Fatal(err)
	}
	var words illWords
	rewrite(t, filepath.Join(dir, "type.json"), func(raw []byte) []byte {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		made, err := json.Marshal(words.spoil(v, ""))
		if err != nil {
			t.Fatal(err)
		}
		return made
	})
	rewrite(t, filepath.Join(dir, "type.go"), func(raw []byte) []byte {
		return textOfFinding.ReplaceAllFunc(raw, func([]byte) []byte {
			return fmt.Appendf(nil, "sdk.Text{ZhHans: %s, En: %s}", strconv.Quote(words.next(200)), strconv.Quote(words.next(200)))
		})
	})
	build := exec.Command("go", "build", "-trimpath", "-o", out, ".")
	build.Dir, build.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
}

func rewrite(t *testing.T, file string, change func([]byte) []byte) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, change(raw), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
