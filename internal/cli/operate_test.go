package cli_test

// The operator's way, by the commands as they are typed: set up, copy, lose everything, put it back elsewhere, look after it.

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/certdesk/certdesk/internal/cli"
	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/testkit"
)

func TestMain(m *testing.M) {
	cli.Private() // as the program does first
	testkit.Main(m)
}

// typed runs a command line and returns what it printed and its error.
func typed(in string, args ...string) (string, error) {
	var out bytes.Buffer
	cmd := cli.Root(nil)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SetIn(strings.NewReader(in))
	cmd.SetArgs(args)
	err := cmd.Execute()
	return out.String(), err
}

func types(t *testing.T, args ...string) string {
	t.Helper()
	out, err := typed("", args...)
	if err != nil {
		t.Fatalf("certdesk %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// site is a machine: a folder with data and keys.
type site struct{ dir, data, keys string }

func machine(t *testing.T) site {
	dir := t.TempDir()
	return site{dir, filepath.Join(dir, "pb_data"), filepath.Join(dir, "keys")}
}

func setUp(t *testing.T, s site) (sheet string) {
	t.Helper()
	out := types(t, "init", "--dir", s.data, "--manager", "林经理", "--email", "manager@example.com", "--name-zh", "长青认证中心", "--public-url", "https://desk.example.org")
	sheet = strings.Join(regexp.MustCompile(`(?m)^\d   \w{4}  \w{4}  \w{4}  \w{4}$`).FindAllString(out, -1), "\n")
	if strings.Count(sheet, "\n") != 3 {
		t.Fatalf("no recovery sheet in\n%s", out)
	}
	return sheet
}

// TestMoveHouse copies a desk, puts it back on another machine with the root key typed in from the sheet, and finds it whole.
func TestMoveHouse(t *testing.T) {
	old, places := machine(t), t.TempDir()
	sheet := setUp(t, old)
	root := filepath.Join(old.dir, "elsewhere.key")
	if err := os.Rename(filepath.Join(old.keys, "root.key"), root); err != nil {
		t.Fatal(err)
	}
	where := []string{"--backup", filepath.Join(places, "a", "data"), "--backup-keys", filepath.Join(places, "b", "keys")}
	out := types(t, append([]string{"backup", "--try", "--dir", old.data, "--root-key", root}, where...)...)
	want(t, out, "copy       ", "tried      the record holds")
	if strings.Contains(out, "Warning") {
		t.Errorf("two places apart were warned about:\n%s", out)
	}
	house := machine(t)
	put := append([]string{"restore", "--dir", house.data}, where...)
	if _, err := typed("", put...); err == nil || !strings.Contains(err.Error(), "--sheet") {
		t.Errorf("without a root key: %v", err)
	}
	if _, err := typed(strings.Replace(sheet, sheet[6:8], "ZZ", 1), append(put, "--sheet", "-")...); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("with a slip in the sheet: %v", err)
	}
	if _, err := os.Stat(house.data); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a refusal left %s", house.data)
	}
	if out, err := typed(sheet, append(put, "--sheet", "-")...); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want(t, types(t, "archive", "verify", "--dir", house.data), "The record holds")
	if out, err := typed(sheet, "doctor", "--dir", house.data, "--sheet", "-"); err != nil {
		t.Errorf("%v\n%s", err, out)
	} else {
		want(t, out, "it is the root key of this desk", "they are those of this data")
	}
	if out, err := typed(sheet, append(put, "--sheet", "-")...); err == nil || !strings.Contains(err.Error(), "not_empty") {
		t.Errorf("over a desk: %v\n%s", err, out)
	}
}

// TestTogether: two places in one folder are warned about; one place for both is refused, and so is one inside the data.
func TestTogether(t *testing.T) {
	s, places := machine(t), t.TempDir()
	setUp(t, s)
	want(t, types(t, "backup", "--dir", s.data, "--backup", filepath.Join(places, "data"), "--backup-keys", filepath.Join(places, "keys")), "Whoever has it has everything")
	for _, wrong := range [][]string{
		{"--backup", places, "--backup-keys", places},
		{"--backup", places},
		{"--backup", filepath.Join(s.data, "copies"), "--backup-keys", places},
		{"--backup", places, "--backup-keys", filepath.Join(s.keys, "copies")},
		{"--backup", "s3://bucket/data", "--backup-keys", places},
		{},
	} {
		if out, err := typed("", append([]string{"backup", "--dir", s.data}, wrong...)...); err == nil {
			t.Errorf("%v was not refused:\n%s", wrong, out)
		}
	}
}

// TestDoctor finds each thing that is wrong, says it, and ends with 1; a desk that is well ends with 0.
func TestDoctor(t *testing.T) {
	s := machine(t)
	setUp(t, s)
	look := func(args ...string) (map[string]map[string]string, error) {
		out, err := typed("", append([]string{"doctor", "--json", "--dir", s.data}, args...)...)
		var list []map[string]string
		if err := json.Unmarshal([]byte(out), &list); err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		found := map[string]map[string]string{}
		for _, c := range list {
			found[c["name"]] = c
		}
		return found, err
	}
	found, err := look()
	if err != nil {
		t.Errorf("a new desk: %v %v", err, found)
	}
	for _, name := range []string{"program", "data", "permissions", "keys", "sandbox", "disk", "clock", "calendar", "mail", "sms", "backup"} {
		if found[name]["text"] == "" {
			t.Errorf("doctor says nothing about %s", name)
		}
	}
	ended, soon, key := filepath.Join(s.dir, "ended.pem"), filepath.Join(s.dir, "soon.pem"), filepath.Join(s.dir, "key.pem")
	certificate(t, 1, -time.Hour, ended, key)
	certificate(t, 2, 10*24*time.Hour, soon, key)
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"a certificate that ends soon":         {[]string{"--tls-cert", soon, "--tls-key", key}, "ends on"},
		"a domain that has no certificate yet": {[]string{"--domain", "desk.example.cn"}, "none for desk.example.cn yet"},
	} {
		if found, err := look(c.args...); err != nil || found["certificate"]["how"] != "warning" || !strings.Contains(found["certificate"]["text"], c.says) {
			t.Errorf("%s: %v %v", name, err, found["certificate"])
		}
	}
	for name, c := range map[string]struct {
		spoil, mend func() error
		args        []string
		check, says string
	}{
		"a certificate that ended": {nil, nil, []string{"--tls-cert", ended, "--tls-key", key}, "certificate", "ended on"},
		"no certificate in a file": {nil, nil, []string{"--tls-cert", key, "--tls-key", key}, "certificate", "no certificate in it"},
		"open keys":                {func() error { return os.Chmod(s.keys, 0o755) }, func() error { return os.Chmod(s.keys, 0o700) }, nil, "permissions", "chmod"},
		"keys gone":                {func() error { return os.Rename(s.keys, s.keys+"x") }, func() error { return os.Rename(s.keys+"x", s.keys) }, nil, "keys", "keys_lost"},
		"signing key gone":         {func() error { return os.Rename(s.keys+"/ledger.key", s.keys+"/x") }, func() error { return os.Rename(s.keys+"/x", s.keys+"/ledger.key") }, nil, "keys", "signs"},
		"no desk":                  {func() error { return os.Rename(s.data, s.data+"x") }, func() error { return os.Rename(s.data+"x", s.data) }, nil, "data", "no desk"},
		"dead mail server":         {nil, nil, []string{"--smtp", "smtp://127.0.0.1:1"}, "mail", "does not answer"},
		"dead SMS gateway":         {nil, nil, []string{"--sms", "http://127.0.0.1:1/send"}, "sms", "does not answer"},
		"a dead S3 service":        {nil, nil, []string{"--backup", "s3://copies/data?style=path&endpoint=http://127.0.0.1:1", "--backup-keys", s.dir + "/copies", "--backup-secret", "a:b"}, "backup", "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.spoil != nil {
				if err := c.spoil(); err != nil {
					t.Fatal(err)
				}
				defer c.mend()
			}
			found, err := look(c.args...)
			if err == nil || found[c.check]["how"] != "bad" || !strings.Contains(found[c.check]["text"], c.says) {
				t.Errorf("%v: %v", err, found[c.check])
			}
		})
	}
}

// TestStaffReset takes a lost second factor away, on record; nobody else's, and not where there is none.
func TestStaffReset(t *testing.T) {
	s := machine(t)
	setUp(t, s)
	want(t, types(t, "staff", "reset", "manager@example.com", "--dir", s.data), "林经理")
	if _, err := typed("", "staff", "reset", "nobody@example.com", "--dir", s.data); err == nil {
		t.Error("a stranger's factor was reset")
	}
	want(t, types(t, "archive", "verify", "--dir", s.data), "The record holds")
	if acts := query(t, filepath.Join(s.data, "data.db"), "SELECT group_concat(act || ' ' || actor) FROM ledger_entries WHERE act = 'recover'"); acts != "recover system:desk" {
		t.Errorf("on record: %q", acts)
	}
}

// A holiday file with a wrong date: the line is named, by doctor and by a start that is refused.
func TestOwnCalendar(t *testing.T) {
	s := machine(t)
	setUp(t, s)
	file := filepath.Join(s.dir, "calendar.csv")
	keep := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	keep("date,kind,name\n2027-01-01,off,元旦\n2027-02-30,off,春节\n")
	out, err := typed("", "doctor", "--dir", s.data, "--calendar", file)
	if err == nil || !strings.Contains(out, "line 3") || !strings.Contains(out, "2027-02-30") {
		t.Errorf("doctor: %v\n%s", err, out)
	}
	if _, err := command.ReadCalendar(file); err == nil || !strings.Contains(err.Error(), file+": line 3") {
		t.Errorf("start: %v", err)
	}
	keep("date,kind,name\n2039-01-03,off,元旦\n")
	if out := types(t, "doctor", "--dir", s.data, "--calendar", file); !strings.Contains(out, "known until 2039-12-31") {
		t.Errorf("doctor does not see the file:\n%s", out)
	}
	if _, err := command.ReadCalendar(filepath.Join(s.dir, "none.csv")); err == nil {
		t.Error("a calendar that is not there is taken")
	}
}
