package command_test

// The record against a forger: somebody who has the data file and SQLite, and neither the keys nor patience with triggers.
// Whatever such a hand changes, adds, removes or exchanges in a row that the record speaks of, verifying names.

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/ledger"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/schedule"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// everything is the whole table of forgeries; without it about half, enough to meet every column.
var everything = os.Getenv("FULL") != ""

// forgery is one thing done to the tables behind the desk's back, and what verifying has to name for it.
type forgery struct {
	what   string
	table  string
	do     string // SQL; nothing is forged where it changes no row
	params dbx.Params
	names  []ledger.Finding // each of them: a row by Noun and ID, an entry by Seq, of this Kind where one is given
}

// recorded is a small desk with a row in every table that the record names, some of them changed several times, and
// checkpoints in between. early is what the tables were halfway.
func recorded(t *testing.T) (*world, *testkit.Beside) {
	t.Helper()
	w := open(t)
	beside := w.Beside()
	sign := func() {
		if _, err := w.Desk.Desk.Checkpoint(w.ctx); err != nil {
			t.Fatal(err)
		}
	}
	doubtful, certificate := w.passed(w.wang, w.holder, "individual")
	must(w, command.Account(w.wang), command.ShowPublicly, certificate, command.Showing{Shows: "none"})
	sign()
	beside.Keep("early")
	must(w, command.Of(w.lead), command.Suspend, certificate, command.Reasoned{Reason: "资料不实"})
	must(w, command.Of(w.lead), command.Reverse, doubtful, flow.Reversal{Text: "照片不是本人"})
	account, holder := w.somebody()
	must(w, command.Account(account), command.Appeal, w.rejected(account, holder, "individual", "forged"), command.Written{Text: "照片是我的"})
	clinic := w.holderOf(account, command.NewHolder{Kind: sdk.HolderInstitution, Name: "长青医院"})
	must(w, command.Account(account), command.AddMember, clinic, command.Membership{Channel: "mail", Contact: "wang@example.com", Role: "clerk"})
	open := w.submitted(w.wang, w.holder, "pension")
	must(w, command.Itself, command.RecordFindings, open, command.Checked{Findings: []sdk.Finding{{Level: sdk.Warn}, {Level: sdk.Info}}})
	who := command.Of(load[*records.Application](w, open).Assignee)
	must(w, who, command.Note, open, command.Remark{Text: "打过电话"})
	must(w, who, command.Note, open, command.Remark{Text: "又打过电话"})
	for _, text := range []string{"请再拍一次。", "谢谢。"} {
		must(w, who, command.Message, open, command.Written{Text: text})
	}
	must(w, who, command.Verdict, open, command.Judged{Item: "alive", Value: flow.VerdictOK})
	for range 2 {
		asked, by := w.awaited()
		w.fills(by, asked)
		must(w, command.Account(by), command.AnswerCorrection, asked, nothing)
	}
	for days := range 2 {
		must(w, command.Of(w.manager), command.AdjustType, "individual", command.Adjusting{Terms: flow.Terms{ReviewDays: 4 + days}, BecauseZh: "大家说等得太久"})
	}
	for _, text := range []string{"很好", "字太小"} {
		must(w, command.Caller{Role: flow.Guest, ID: "g"}, command.GiveFeedback, records.DeskID, command.Said{Page: "/", Text: text, Score: 2})
	}
	for _, what := range []string{"茶叶两盒", "请吃饭"} {
		must(w, command.Of(w.chen), command.RegisterGift, records.DeskID, flow.Gift{Kind: "gift", What: what, Giver: "家属", Day: string(w.today()), How: "declined"})
		if _, err := w.sanction(holder, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := w.complain(guest, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, who := range []string{holder, clinic} {
		in := lost(account)
		if must(w, command.Of(w.chen), command.DropRecovery, w.recovery(who, in), command.Reasoned{Reason: "证件是复印件"}); who == clinic {
			w.recovery(who, in)
		}
	}
	if err := w.imports(command.Of(w.manager), oldRegister(w, 2)); err != nil {
		t.Fatal(err)
	}
	must(w, command.Itself, command.PauseClock, records.DeskID, schedule.Jump{Cause: schedule.Jumped, Shows: w.Clock.Now().Add(day), Known: w.Clock.Now()})
	must(w, command.Of(w.manager), command.ResumeClock, records.DeskID, nothing)
	sign()
	w.takeBack(7)
	must(w, command.Of(w.lead), command.Reinstate, certificate, command.Reasoned{Reason: "查清了"})
	w.verifies()
	for _, table := range logged() {
		if n, _ := records.Count(w.App.DB(), table, dbx.NewExp("1=1")); n == 0 {
			t.Fatalf("no row in %s to forge", table)
		}
	}
	beside.Keep("good")
	return w, beside
}

func logged() (tables []string) {
	for _, t := range records.Tables {
		if t.Logged {
			tables = append(tables, t.Row.Table())
		}
	}
	return tables
}

// forgeries is the table: over every column that is in the file, whether the desk knows it or not.
func forgeries(w *world, beside *testkit.Beside) (all []forgery) {
	for _, table := range logged() {
		all = append(all, rowForgeries(w.T.(*testing.T), beside, table)...)
	}
	return slices.Concat(all, entryForgeries(w), hashForgeries(w), indexForgeries(beside), checkpointForgeries(beside))
}

// columnsOf reads what SQLite knows of a table: name and declared type.
func columnsOf(t *testing.T, beside *testkit.Beside, table string) (names, types []string) {
	t.Helper()
	if err := beside.DB.NewQuery("SELECT name FROM pragma_table_info('" + table + "') ORDER BY cid").Column(&names); err != nil {
		t.Fatal(err)
	}
	if err := beside.DB.NewQuery("SELECT type FROM pragma_table_info('" + table + "') ORDER BY cid").Column(&types); err != nil {
		t.Fatal(err)
	}
	return names, types
}

// texts and numbers are what a value is changed to: {c} is the column, {o} the same of another row.
var (
	another = "(SELECT {o} FROM {t} o WHERE {o} IS NOT {t}.{c} ORDER BY o.id LIMIT 1)"
	texts   = []string{"{c}||'x'", "{c}||' '", "{c}||char(0)", "'0'||{c}", "substr({c},2)", "upper({c})", "lower({c})", "''", "CAST({c} AS BLOB)", another}
	numbers = []string{"{c}+1", "{c}-1", "{c}+0.5", "0", "1", "2", "'x'", "CAST({c} AS BLOB)", "-{c}-3", another}
)

func rowForgeries(t *testing.T, beside *testkit.Beside, table string) (all []forgery) {
	t.Helper()
	var ids []string
	if err := beside.DB.Select("id").From(table).OrderBy("made", "id").Column(&ids); err != nil {
		t.Fatal(err)
	}
	names, types := columnsOf(t, beside, table)
	list := "[[" + strings.Join(names, "]],[[") + "]]"
	add := func(id, what, do string, names ...ledger.Finding) {
		all = append(all, forgery{what: table + " " + id + ": " + what, table: table, do: do, params: dbx.Params{"id": id}, names: names})
	}
	row := func(kind ledger.Kind, id string) ledger.Finding {
		return ledger.Finding{Kind: kind, Noun: table, ID: id}
	}
	for i, id := range ids {
		add(id, "removed", "DELETE FROM "+table+" WHERE id={:id}", row(ledger.RowMissing, id))
		renamed := strings.Replace(list, "[[id]]", "'forged'", 1)
		add(id, "added again under another ID", "INSERT INTO "+table+" ("+list+") SELECT "+renamed+" FROM "+table+" WHERE id={:id}", row(ledger.RowAdded, "forged"))
		add(id, "added again under the same ID as bytes", "INSERT INTO "+table+" ("+list+") SELECT "+strings.Replace(list, "[[id]]", "CAST(id AS BLOB)", 1)+" FROM "+table+" WHERE id={:id}", row("", id))
		if i > 0 && i < len(ids)-1 {
			continue // each column of the first and the last row
		}
		for j, c := range names {
			kind, changes := ledger.RowChanged, texts
			if types[j] != "TEXT" {
				changes = numbers
			}
			if c == "id" {
				kind = "" // missing under the one, added under the other, or changed
			}
			for k, to := range changes {
				if !everything && (j+k+min(i, 1))%2 == 1 {
					continue // the other half for the other row
				}
				to = strings.NewReplacer("{c}", "[["+c+"]]", "{o}", "o.[["+c+"]]", "{t}", table).Replace(to)
				add(id, c+"="+to, "UPDATE "+table+" SET [["+c+"]]="+to+" WHERE id={:id} AND [["+c+"]] IS NOT "+to, row(kind, id))
			}
		}
		add(id, "an old revision put back", "UPDATE "+table+" SET ("+list+")=(SELECT "+list+" FROM kept.early_"+table+" k WHERE k.id={:id}) WHERE id={:id} AND EXISTS(SELECT 1 FROM kept.early_"+
			table+" k WHERE k.id={:id} AND k.rev<>"+table+".rev)", row(ledger.RowChanged, id))
	}
	if len(ids) > 1 {
		a, z := ids[0], ids[len(ids)-1]
		all = append(all, forgery{what: table + ": two rows exchanged", table: table, params: dbx.Params{"a": a, "z": z},
			do:    "UPDATE " + table + " SET id='swap' WHERE id={:a}; UPDATE " + table + " SET id={:a} WHERE id={:z}; UPDATE " + table + " SET id={:z} WHERE id='swap'",
			names: []ledger.Finding{row(ledger.RowChanged, a), row(ledger.RowChanged, z)}})
	}
	return all
}

// entryForgeries change entries: the first, the last, one in eight, and those with a personal part.
func entryForgeries(w *world) (all []forgery) {
	size := w.size()
	add := func(seq int64, what, do string, names ...ledger.Finding) {
		if names == nil {
			names = []ledger.Finding{{Seq: seq}}
		}
		all = append(all, forgery{what: fmt.Sprintf("entry %d: %s", seq, what), table: "ledger_entries", do: do, params: dbx.Params{"seq": seq}, names: names})
	}
	for seq := int64(1); seq <= size; seq++ {
		e, _, err := ledger.Get(w.App.DB(), seq)
		if err != nil {
			w.T.Fatal(err)
		}
		add(seq, "another text", "UPDATE ledger_entries SET data=CAST(replace(CAST(data AS TEXT),'\"v\":1','\"v\":2') AS BLOB) WHERE seq={:seq}", ledger.Finding{Kind: ledger.BadEntry, Seq: seq})
		if len(e.Payload) > 0 {
			for _, change := range []string{"payload=payload||'x'", "payload=substr(payload,2)", "payload=''", "salt=''", "salt=substr(salt,2)", "salt=upper(salt)", "payload=salt, salt=payload",
				"payload=(SELECT o.payload FROM ledger_entries o WHERE o.payload<>'' AND o.payload<>ledger_entries.payload LIMIT 1)",
				"salt=(SELECT o.salt FROM ledger_entries o WHERE o.salt<>'' AND o.salt<>ledger_entries.salt LIMIT 1)"} {
				add(seq, change, "UPDATE ledger_entries SET "+change+" WHERE seq={:seq}", ledger.Finding{Kind: ledger.BadPayload, Seq: seq})
			}
		}
		if seq != 1 && seq != size && seq%8 != 0 {
			continue
		}
		for _, c := range []string{"at", "actor", "role", "act", "noun", "target", "key"} {
			for _, to := range []string{c + "||'x'", "''", "upper(" + c + ")", "(SELECT o." + c + " FROM ledger_entries o WHERE o." + c + "<>ledger_entries." + c + " LIMIT 1)"} {
				add(seq, c+"="+to, "UPDATE ledger_entries SET "+c+"="+to+" WHERE seq={:seq} AND "+c+" IS NOT "+to, ledger.Finding{Kind: ledger.BadColumn, Seq: seq})
			}
			from, to := `"`+c+`":"`, `"`+c+`":"x`
			add(seq, c+" in column and text", "UPDATE ledger_entries SET "+c+"='x'||"+c+", data=CAST(replace(CAST(data AS TEXT),'"+from+"','"+to+"') AS BLOB) WHERE seq={:seq}")
		}
		for _, change := range []string{"data=CAST(CAST(data AS TEXT)||' ' AS BLOB)", "data=CAST(' '||CAST(data AS TEXT) AS BLOB)", "data=substr(data,1,length(data)-1)", "data=x''",
			"data=(SELECT o.data FROM ledger_entries o WHERE o.seq<>ledger_entries.seq LIMIT 1)", "data=CAST(replace(CAST(data AS TEXT),',\"rev\":',',\"rev\":1') AS BLOB)",
			"data=CAST(replace(CAST(data AS TEXT),'{\"act\"','{\"act\":\"x\",\"act\"') AS BLOB)", "data=CAST(replace(CAST(data AS TEXT),'\"digest\":\"','\"digest\":\"A') AS BLOB)"} {
			set, to, _ := strings.Cut(change, "=")
			add(seq, change, "UPDATE ledger_entries SET "+set+"="+to+" WHERE seq={:seq} AND "+set+" IS NOT "+to, ledger.Finding{Kind: ledger.BadEntry, Seq: seq})
		}
		add(seq, "a personal part added", "UPDATE ledger_entries SET payload='x', salt='AAAA' WHERE seq={:seq} AND payload=''", ledger.Finding{Kind: ledger.BadPayload, Seq: seq})
		if seq < size {
			add(seq, "removed", "DELETE FROM ledger_entries WHERE seq={:seq}", ledger.Finding{Kind: ledger.Gap, Seq: seq})
			add(seq, "exchanged with the next", "UPDATE ledger_entries SET seq=-1 WHERE seq={:seq}; UPDATE ledger_entries SET seq={:seq} WHERE seq={:seq}+1; UPDATE ledger_entries SET seq={:seq}+1 WHERE seq=-1",
				ledger.Finding{Kind: ledger.BadEntry, Seq: seq}, ledger.Finding{Kind: ledger.BadEntry, Seq: seq + 1})
		}
		add(seq, "put in front", "INSERT INTO ledger_entries SELECT -seq, at, actor, role, act, noun, target, '', data, payload, salt FROM ledger_entries WHERE seq={:seq}", ledger.Finding{Kind: ledger.BadEntry, Seq: -seq})
		add(seq, "put behind", fmt.Sprintf("INSERT INTO ledger_entries SELECT %d, at, actor, role, act, noun, target, '', data, payload, salt FROM ledger_entries WHERE seq={:seq}", size+1),
			ledger.Finding{Kind: ledger.BadHash, Seq: size + 1})
	}
	add(size, "the last one removed", "DELETE FROM ledger_entries WHERE seq={:seq}", ledger.Finding{Kind: ledger.BadHash, Seq: size - 1})
	return all
}

// completes is the entry that completes a stored hash: the leaf k has the number k + k/2 + k/4 …
func completes(id int64) int64 {
	for seq := int64(1); ; seq++ {
		next := int64(0)
		for k := seq; k > 0; k /= 2 {
			next += k
		}
		if id < next {
			return seq
		}
	}
}

func hashForgeries(w *world) (all []forgery) {
	var last int64
	if err := w.App.DB().NewQuery("SELECT max(id) FROM ledger_hashes").Row(&last); err != nil {
		w.T.Fatal(err)
	}
	for id := int64(0); id <= last; id++ {
		if !everything && id%4 != 0 {
			continue
		}
		for _, do := range []string{"UPDATE ledger_hashes SET h=zeroblob(32) WHERE id={:id}", "DELETE FROM ledger_hashes WHERE id={:id}",
			"UPDATE ledger_hashes SET h=substr(h,1,31) WHERE id={:id}", "UPDATE ledger_hashes SET id=id+1000000 WHERE id={:id}"} {
			all = append(all, forgery{what: fmt.Sprintf("hash %d: %s", id, do), table: "ledger_hashes", do: do, params: dbx.Params{"id": id}, names: []ledger.Finding{{Seq: completes(id)}}})
		}
	}
	return append(all, forgery{what: "a hash too many", table: "ledger_hashes", do: fmt.Sprintf("INSERT INTO ledger_hashes VALUES (%d, zeroblob(32))", last+1),
		names: []ledger.Finding{{Kind: ledger.BadHash, Seq: w.size()}}})
}

func indexForgeries(beside *testkit.Beside) (all []forgery) {
	var rows []struct{ Noun, ID string }
	if err := beside.DB.NewQuery("SELECT noun, id FROM ledger_rows").All(&rows); err != nil {
		beside.T.Fatal(err)
	}
	for i, r := range rows {
		if !everything && i%3 != 0 {
			continue
		}
		for _, change := range []string{"digest=digest||'x'", "seq=seq+1", "gone=1", "gone=2", "noun='x'||noun", "id='x'||id",
			"digest=(SELECT o.digest FROM ledger_rows o WHERE o.digest<>ledger_rows.digest LIMIT 1)"} {
			all = append(all, forgery{what: "list of last digests, " + r.Noun + " " + r.ID + ": " + change, table: "ledger_rows", do: "UPDATE ledger_rows SET " + change + " WHERE noun={:n} AND id={:i}",
				params: dbx.Params{"n": r.Noun, "i": r.ID}, names: []ledger.Finding{{Kind: ledger.BadIndex, Noun: r.Noun, ID: r.ID}}})
		}
		all = append(all, forgery{what: "list of last digests without " + r.Noun + " " + r.ID, table: "ledger_rows", do: "DELETE FROM ledger_rows WHERE noun={:n} AND id={:i}",
			params: dbx.Params{"n": r.Noun, "i": r.ID}, names: []ledger.Finding{{Kind: ledger.BadIndex, Noun: r.Noun, ID: r.ID}}})
	}
	return append(all, forgery{what: "list of last digests with one more", table: "ledger_rows", do: "INSERT INTO ledger_rows VALUES ('staff', 'forged', 'x', 1, 0)",
		names: []ledger.Finding{{Kind: ledger.BadIndex, Noun: "staff", ID: "forged"}}})
}

func checkpointForgeries(beside *testkit.Beside) (all []forgery) {
	var sizes []int64
	if err := beside.DB.NewQuery("SELECT size FROM checkpoints ORDER BY size").Column(&sizes); err != nil || len(sizes) < 2 {
		beside.T.Fatalf("%d checkpoints, %v", len(sizes), err)
	}
	for _, size := range sizes {
		next := strconv.FormatInt(size+1, 10)
		for _, change := range []string{"size=size+1", "made=made||'x'", "made='2001-01-01 00:00:00.000Z'", "note=note||'x'", "note=''", "note=note||char(10)", "note=substr(note,2)",
			"note=replace(note,char(10)||size||char(10),char(10)||'" + next + "'||char(10))", "note=note||'— other.example AAAAAAAAAAAA'||char(10)", "note=substr(note,1,length(note)-4)||'AA=='||char(10)",
			"note=(SELECT o.note FROM checkpoints o WHERE o.size<>checkpoints.size)", "note=replace(note,'Z'||char(10),'1'||char(10))"} {
			at := size
			if change == "size=size+1" {
				at++
			}
			all = append(all, forgery{what: fmt.Sprintf("checkpoint %d: %s", size, change), table: "checkpoints", do: "UPDATE checkpoints SET " + change + " WHERE size={:s}",
				params: dbx.Params{"s": size}, names: []ledger.Finding{{Kind: ledger.BadCheckpoint, Seq: at}}})
		}
		all = append(all, forgery{what: fmt.Sprintf("checkpoint %d given twice", size), table: "checkpoints", do: "INSERT INTO checkpoints SELECT size-1, note, made FROM checkpoints WHERE size={:s}",
			params: dbx.Params{"s": size}, names: []ledger.Finding{{Kind: ledger.BadCheckpoint, Seq: size - 1}}})
	}
	return all
}

// told reports whether the findings name all that the forgery touched.
func (f forgery) told(findings []ledger.Finding) bool {
	for _, want := range f.names {
		if !slices.ContainsFunc(findings, func(got ledger.Finding) bool {
			return (want.Kind == "" || got.Kind == want.Kind) && (want.Seq == 0 || got.Seq == want.Seq) && (want.Noun == "" || got.Noun == want.Noun && got.ID == want.ID)
		}) {
			return false
		}
	}
	return true
}

// forge does it, in one transaction, and reports whether anything was changed; a constraint of the table may refuse.
func (f forgery) forge(beside *testkit.Beside) (done bool) {
	err := beside.DB.Transactional(func(tx *dbx.Tx) error {
		for _, q := range strings.Split(f.do, "; ") {
			res, err := tx.NewQuery(q).Bind(f.params).Execute()
			if err != nil {
				return err
			}
			n, _ := res.RowsAffected()
			done = done || n > 0
		}
		return nil
	})
	return err == nil && done
}

// TestForgeries forges what there is to forge, one thing at a time, and reads what verifying says of it.
func TestForgeries(t *testing.T) {
	w, beside := recorded(t)
	list, done := forgeries(w, beside), map[string]int{}
	total := 0
	for _, f := range list {
		if !f.forge(beside) {
			continue
		}
		done[f.table]++
		total++
		report, err := w.Desk.Desk.Verify(w.ctx)
		switch {
		case err != nil:
			t.Errorf("%s: could not be looked at: %v", f.what, err)
		case !f.told(report.Findings):
			t.Errorf("%s: not named: %+v", f.what, report.Findings)
		}
		beside.Back("good", f.table)
	}
	w.verifies()
	t.Logf("%d forgeries: %v", total, done)
	if total < 2000 {
		t.Errorf("only %d forgeries", total)
	}
	for _, table := range append(logged(), testkit.LedgerTables...) {
		if done[table] == 0 {
			t.Errorf("nothing was forged in %s", table)
		}
	}
}
