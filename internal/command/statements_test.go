package command_test

// What every act costs in statements, counted and written down, so that it does not creep up: testdata/statements.csv.
// After a change on purpose: go test ./internal/command -run TestStatementsOfEveryAct -update

import (
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/sqlite"
	"github.com/certdesk/certdesk/internal/testkit"
)

var update = flag.Bool("update", false, "write testdata/statements.csv anew")

var statementsFile = filepath.Join("testdata", "statements.csv")

// TestStatementsOfEveryAct goes through a whole life at the desk and counts what reaches data.db in each act's transaction.
func TestStatementsOfEveryAct(t *testing.T) {
	l := testkit.Living(t)
	var count atomic.Int64
	sqlite.Watch(func(dsn, text string) {
		if !strings.Contains(dsn, "/data.db?") || strings.Contains(dsn, "query_only") {
			return // read outside of the act
		}
		if !strings.Contains(text, "FROM ledger_hashes") { // every other entry completes a part of the tree
			count.Add(1)
		}
	})
	defer sqlite.Watch(nil)
	lines, recorded := [][]string{{"act", "statements"}}, int64(0)
	for _, s := range testkit.Steps() {
		count.Store(0)
		if err := s.Do(t.Context(), l); err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		n, before := count.Load(), recorded
		if err := l.Desk.App.DB().NewQuery("SELECT count(*) FROM ledger_entries").Row(&recorded); err != nil {
			t.Fatal(err)
		}
		if recorded > before && n == 0 {
			t.Errorf("%s is in the record, and its statements were not counted", s.Name)
		}
		if n > 0 {
			lines = append(lines, []string{s.Name, strconv.FormatInt(n, 10)})
		}
	}
	knowsEveryAct(t, l)
	if *update {
		f, err := os.Create(statementsFile)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := csv.NewWriter(f).WriteAll(lines); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.Open(statementsFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(want) != len(lines) {
		t.Errorf("%d acts, %d in the table", len(lines), len(want))
	}
	for _, l := range lines {
		if i := slices.IndexFunc(want, func(w []string) bool { return w[0] == l[0] }); i < 0 || want[i][1] != l[1] {
			t.Errorf("%s takes %s statements, the table says %v", l[0], l[1], want[max(i, 0)])
		}
	}
}

// knowsEveryAct fails for acts that can be done and that the life never did: nothing would break them on purpose, nothing
// would count what they cost.
func knowsEveryAct(t *testing.T, l *testkit.Life) {
	t.Helper()
	var rows []struct{ Noun, Act string }
	if err := l.Desk.App.DB().NewQuery("SELECT DISTINCT noun, act FROM ledger_entries").All(&rows); err != nil {
		t.Fatal(err)
	}
	done := map[string]bool{}
	for _, r := range rows {
		done[r.Noun+" "+r.Act] = true
	}
	for noun, table := range flow.Transitions {
		for _, line := range table {
			if !strings.HasPrefix(string(line.Act), "see_") && !done[string(noun)+" "+string(line.Act)] {
				t.Errorf("nobody in internal/testkit/life_steps*.go does %s to %s", line.Act, noun)
			}
		}
	}
	files, err := filepath.Glob(filepath.Join("..", "testkit", "life_steps*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal("no steps of the life", err)
	}
	var steps []byte
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, raw...)
	}
	for _, name := range declaredActs(t) {
		if name == "Assign" || name == "Issue" { // only ever done by another act, in its transaction: the record has them
			continue
		}
		if !strings.Contains(string(steps), "command."+name+",") {
			t.Errorf("command.%s is in no step of internal/testkit/life_steps*.go", name)
		}
	}
}
