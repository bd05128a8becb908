package flow

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/certdesk/certdesk/plugins/sdk"
)

func TestGuessColumns(t *testing.T) {
	for _, x := range []struct {
		header string
		want   string
	}{
		{"证书编号|姓名|身份证号码|有效期自|有效期至", "number=0 name=1 id_number=2 valid_from=3 expires_on=4"},
		{" 姓名 (全称)|备注|No.|Valid-From|EXPIRES ON:|手机号", "number=2 name=0 phone=5 valid_from=3 expires_on=4"},
		{"编号|编号|姓名", "number=0 name=2"},
		{"a||c", ""},
	} {
		var got []string
		found := GuessColumns(strings.Split(x.header, "|"))
		for _, f := range ImportFields {
			if at, ok := found[f]; ok {
				got = append(got, fmt.Sprintf("%s=%d", f, at))
			}
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s: %s, want %s", x.header, got, x.want)
		}
	}
}

func TestImportColumns(t *testing.T) {
	whole := map[ImportField]int{ImportNumber: 0, ImportName: 1, ImportFrom: 2, ImportUntil: 3, ImportType: 4}
	with := func(f ImportField, at int) map[ImportField]int {
		all := map[ImportField]int{f: at}
		for k, v := range whole {
			if k != f {
				all[k] = v
			}
		}
		return all
	}
	without := with(ImportType, 4)
	delete(without, ImportType)
	for _, x := range []struct {
		columns map[ImportField]int
		typed   bool
		want    string
	}{
		{whole, false, ""}, {without, true, ""}, {without, false, "import_column_missing"}, {map[ImportField]int{ImportNumber: 0}, true, "import_column_missing"},
		{with(ImportName, 9), true, "import_column_unknown"}, {with(ImportName, -1), true, "import_column_unknown"}, {with(ImportName, 0), true, "import_column_twice"}, {with("salary", 4), true, "import_column_unknown"},
	} {
		if err := ImportColumns(x.columns, 5, x.typed); x.want == "" && err != nil || x.want != "" && !Refused(err, x.want) {
			t.Errorf("%v: %v, want %q", x.columns, err, x.want)
		}
	}
}

var importKind = ImportKind{ID: "pension", Words: []string{"养老认证", "Pension"}, Type: sdk.Type{
	HolderName: "name", LatinName: "latin", Persons: []sdk.Person{{Name: "name", ID: "id"}},
	Pages: []sdk.Page{{ID: "p", Questions: []sdk.Question{{ID: "name", Kind: sdk.KindName}, {ID: "latin", Kind: sdk.KindLatinName, Optional: true}, {ID: "id", Kind: sdk.KindResidentID}}}},
}}

// cellsOf is a good line, changed.
func cellsOf(change ...string) map[ImportField]ImportCell {
	all := map[ImportField]ImportCell{ImportNumber: {Text: "BJ-2021-01"}, ImportType: {Text: "养老认证"}, ImportName: {Text: "王秀英"}, ImportID: {Text: "11010519491231002X"}, ImportFrom: {Text: "2025-03-01"}, ImportUntil: {Text: "2027-02-28"}}
	for i := 0; i < len(change); i += 2 {
		all[ImportField(change[i])] = ImportCell{Text: change[i+1]}
	}
	return all
}

func TestImportLine(t *testing.T) {
	for _, x := range []struct {
		change string
		want   string // field code, separated by commas
		check  func(ImportLine) bool
	}{
		{"", "", func(l ImportLine) bool {
			return l.Number == "BJ-2021-01" && l.Type == "pension" && l.State == Valid && l.From == "2025-03-01" && l.Until == "2027-02-28"
		}},
		{"number|ｂｊ 2021—01", "", func(l ImportLine) bool { return l.Number == "BJ2021-01" }},
		{"number|", "number number_missing", nil},
		{"number|=1", "number number_wrong", nil},
		{"number|<script>", "number number_wrong", nil},
		{"number|" + strings.Repeat("A", 41), "number number_wrong", nil},
		{"number|C-2026-000004", "", nil},
		{"number|C2026000004", "number number_own", nil},
		{"number|C-2026-999999999999", "number number_own", nil},
		{"type|pension", "", nil},
		{"type|车辆", "type type_unknown", nil},
		{"type|", "type type_unknown", nil},
		{"name|", "name required", nil},
		{"id_number|110105194912310021", "id_number id_checksum", nil},
		{"id_number|11010519491331002X", "id_number id_date", nil},
		{"id_number|", "", func(l ImportLine) bool { return l.ID == "" }},
		{"latin|Wang Xiuying", "", nil},
		{"phone|138 0013 8000", "", func(l ImportLine) bool { return l.Phone == "+8613800138000" }},
		{"phone|12", "phone phone_wrong", nil},
		{"valid_from|1/5/2021", "valid_from day_wrong", nil},
		{"valid_from|2021-02-30", "valid_from day_wrong", nil},
		{"valid_from||expires_on|", "valid_from day_wrong,expires_on day_wrong", nil},
		{"valid_from|2021年3月1日|expires_on|20220228", "", func(l ImportLine) bool { return l.State == Expired && l.From == "2021-03-01" }},
		{"valid_from|2027-03-01", "expires_on days_order,valid_from day_future", nil},
		{"valid_from|2026-11-28|expires_on|2027-11-27", "valid_from day_future", nil},
		{"state|有效", "", nil},
		{"state|Revoked", "", func(l ImportLine) bool { return l.State == Revoked }},
		{"state|暂停", "", func(l ImportLine) bool { return l.State == Suspended }},
		{"state|lost", "state state_unknown", nil},
		{"state|到期", "state state_and_day", nil},
	} {
		var change []string
		if x.change != "" {
			change = strings.Split(x.change, "|")
		}
		k := &ImportCheck{Kinds: []ImportKind{importKind}, Today: "2026-11-27"}
		l, faults := k.Line(7, cellsOf(change...))
		var got []string
		for _, f := range faults {
			if f.Line != 7 {
				t.Errorf("%q: a fault of line %d", x.change, f.Line)
			}
			got = append(got, string(f.Field)+" "+f.Code)
		}
		if strings.Join(got, ",") != x.want || x.check != nil && !x.check(l) {
			t.Errorf("%q: %v, want %q; %+v", x.change, got, x.want, l)
		}
	}
}

func TestImportAmongLines(t *testing.T) {
	k := &ImportCheck{Kinds: []ImportKind{importKind}, Typed: "pension", Today: "2026-11-27"}
	for i, x := range []struct{ change, want string }{
		{"number|A1", ""},
		{"number|A1|id_number|", "number_twice [1]"},
		{"number|a 1|id_number|", "number_twice [1]"},
		{"number|A2", "two_valid [1]"},
		{"number|A3|expires_on|2026-01-31", ""},
		{"number|A4|state|撤销", ""},
		{"number|A5|name|李样本|state|撤销", "name_differs []"},
		{"number|A6|id_number||type|车辆", ""},
	} {
		_, faults := k.Line(i+1, cellsOf(strings.Split(x.change, "|")...))
		got := ""
		for _, f := range faults {
			got += f.Code + " " + fmt.Sprint(f.Args)
		}
		if got != x.want {
			t.Errorf("line %d: %q, want %q", i+1, got, x.want)
		}
	}
	l, faults := (&ImportCheck{Kinds: []ImportKind{importKind}, Today: "2026-11-27"}).Line(3, map[ImportField]ImportCell{ImportNumber: {Text: "=A1", Formula: true}, ImportID: {Text: "1.1E+17", Rounded: true}})
	if len(faults) != 2 || faults[0].Code != "formula" || faults[1].Code != "rounded" || l.Number != "" {
		t.Errorf("%+v", faults)
	}
}

func TestImportRecheck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, today, months := anyDay(t, "from"), anyDay(t, "today"), rapid.IntRange(1, 36).Draw(t, "months")
		if from.After(today) {
			from, today = today, from
		}
		next := ImportRecheck(from, months, today)
		if !next.After(today) || next.After(today.AddMonths(months).AddDays(31)) {
			t.Fatalf("from %s every %d months, today %s: %s", from, months, today, next)
		}
	})
	if ImportRecheck("2025-01-01", 0, "2026-01-01") != "" {
		t.Error("a re-check that no plan asks for")
	}
}

// What the register writes as headings, it can read again.
func TestImportKnowsItsOwnHeadings(t *testing.T) {
	for _, f := range ImportFields {
		if !slices.ContainsFunc([]string{string(f), strings.ReplaceAll(string(f), "_", " ")}, func(w string) bool { return importWords["column"][bare(w)] == string(f) }) && f != ImportLatin {
			t.Errorf("%s is not known by its own name", f)
		}
	}
}
