package hooks

import (
	"embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// The people of the demo: read from data files, with numbers whose checksums hold and that nobody has.

//go:embed demo_data
var demoFiles embed.FS

// demoRow is one line of a data file, by column.
type demoRow map[string]string

func (r demoRow) list(column string) []string {
	if r[column] == "" {
		return nil
	}
	return strings.Split(r[column], "+")
}

func (r demoRow) number(column string) (int, error) {
	n, err := strconv.Atoi(r[column])
	if err != nil {
		return 0, fmt.Errorf("%s: %s is no number: %q", r["key"], column, r[column])
	}
	return n, nil
}

// demoTable reads a data file. The first line names the columns.
func demoTable(name string) ([]demoRow, error) {
	f, err := demoFiles.Open("demo_data/" + name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var all []demoRow
	for _, l := range lines[1:] {
		row := demoRow{}
		for i, column := range lines[0] {
			row[column] = l[i]
		}
		all = append(all, row)
	}
	return all, nil
}

type demoDesk struct {
	NameZh   string `json:"nameZh"`
	NameEn   string `json:"nameEn"`
	Hotline  string `json:"hotline"`
	HoursZh  string `json:"hoursZh"`
	HoursEn  string `json:"hoursEn"`
	Zone     string `json:"zone"`
	Password string `json:"password"`
	Days     int    `json:"days"` // how far back the history reaches
}

func readDemoDesk() (d demoDesk, err error) {
	raw, err := demoFiles.ReadFile("demo_data/desk.json")
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(raw, &d)
}

// demoPerson is somebody who does not exist.
type demoPerson struct {
	demoRow
	id   sdk.ResidentID
	card string // until when the identity card holds: a date, or long
}

// newDemoPerson makes the number: n keeps people of one day and place apart.
func newDemoPerson(r demoRow, n int, today time.Time) (demoPerson, error) {
	order := 2*(n%490) + 1
	if r["sex"] == "f" {
		order++
	}
	stem := fmt.Sprintf("%s%s%03d", r["area"], strings.ReplaceAll(r["birth"], "-", ""), order)
	p := demoPerson{demoRow: r}
	err := fmt.Errorf("%s: no check character fits %s", r["key"], stem)
	for _, c := range "0123456789X" {
		if id, wrong := sdk.ParseResidentID(stem+string(c), today); wrong == nil {
			p.id, err = id, nil
		}
	}
	if err != nil {
		return p, err
	}
	p.card, err = demoUntil(r["until"], today)
	return p, err
}

// demoUntil reads "long", or a number of days from today.
func demoUntil(s string, today time.Time) (string, error) {
	if s == check.Long || s == "" {
		return check.Long, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return "", fmt.Errorf("until is long or a number of days, not %q", s)
	}
	return today.AddDate(0, 0, n).Format(time.DateOnly), nil
}

func (p demoPerson) sexZh() string {
	return map[string]string{"f": "女", "m": "男"}[p.demoRow["sex"]]
}

func (p demoPerson) phone() string {
	if p.demoRow["phone"] == "" {
		return ""
	}
	return "+86" + p.demoRow["phone"]
}

// birthZh is the date of birth as cards write it.
func (p demoPerson) birthZh() string { return dayZh(p.demoRow["birth"]) }

func dayZh(day string) string {
	if day == check.Long {
		return "长期"
	}
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return fmt.Sprintf("%d 年 %d 月 %d 日", t.Year(), t.Month(), t.Day())
}

// cardDates are the two dates on the back of the card.
func (p demoPerson) cardDates() (from, until string) {
	dots := func(s string) string { return strings.ReplaceAll(s, "-", ".") }
	if p.card == check.Long {
		return "2016.05.10", "长期"
	}
	t, err := time.Parse(time.DateOnly, p.card)
	if err != nil {
		return "", p.card
	}
	return dots(t.AddDate(-20, 0, 0).Format(time.DateOnly)), dots(p.card)
}

// demoInstitution is a body that does not exist.
type demoInstitution struct {
	demoRow
	code  string
	until string
}

func newDemoInstitution(r demoRow, today time.Time) (demoInstitution, error) {
	i := demoInstitution{demoRow: r}
	err := fmt.Errorf("%s: no check character fits", r["key"])
	for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if code, wrong := sdk.ParseCreditCode(r["prefix"] + r["area"] + r["number"][:9] + string(c)); wrong == nil {
			i.code, err = code, nil
		}
	}
	if err != nil {
		return i, err
	}
	i.until, err = demoUntil(r["until"], today)
	return i, err
}
