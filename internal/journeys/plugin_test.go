package journeys

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/internal/cli"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/testkit"
)

// (6) A type written from the template by `certdesk plugin new`, built outside the repository, dropped into the folder of
// types and enabled by a manager who sees its digest, takes one case through.
func TestPlugin(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "pb_plugins")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	d := testkit.Open(t, func(c *config.Config) { c.Plugins = folder })
	d.Staff("陈明", "chen@example.com", flow.Reviewer)
	written(t, filepath.Join(folder, "volunteer"))

	m := tab(t, d, desktopWide, desktopHigh)
	signIn(t, m, "manager@example.com")
	m.Click("a[href='#/desk/types']").Has("volunteer")
	desk(t, m)
	m.Click("button", "启用")
	m.Until("the digest in full", "(document.querySelector('.desk-fullhash code')?.innerText ?? '').replaceAll(' ', '').length === 64")
	desk(t, m)
	m.Click(".desk-panel [data-send]").Has("志愿者认证")
	m.Until("the panel to close", "!document.querySelector('.desk-panel')")
	desk(t, m)
	m.Click("a[href='#/desk/staff']").Has("陈明")
	m.Until("the colleague's line", `(() => { const b = [...document.querySelectorAll('tr')].find((r) => r.innerText.includes('陈明'))?.querySelector('.desk-menu > button'); if (b) b.id = 'more-chen'; return !!b; })()`)
	m.Click("#more-chen")
	m.Click(".dropdown-item", "角色")
	m.Click(".desk-panel label", "志愿者认证")
	desk(t, m)
	m.Click(".desk-panel [data-send]")
	m.Until("the panel to close", "!document.querySelector('.desk-panel')")

	p := tab(t, d, phoneWide, phoneHigh)
	byMail(t, d, p, "wang@example.com")
	p.Go("/apply/volunteer").Leave("a[href*='/holders/new/person']").Type("input[name=name]", "王秀英").Leave("main form button.btn")
	begin(t, p)
	card := cards("王秀英", "11010519491231002X", "女", "1949-12-31", "北京市朝阳区样本路 88 号")["id_front"]
	fill(t, p, map[string]string{"name": "王秀英", "resident_id": "11010519491231002X", "phone": "13800138000", "student": "no", "field": "elderly", "since": "2019-03-01", "hours": "320"},
		papers{"id_front": card, "record": card})
	id := submit(t, p)

	r := tab(t, d, desktopWide, desktopHigh)
	signIn(t, r, "chen@example.com")
	r.Click(".desk-queue tbody a.desk-who")
	judge(t, r, "ok")
	pass(t, r)
	p.Go("/applications/" + id).Has("志愿者认证").Leave("a.btn[href*='/certificates/']")
	portal(t, p)
	record(t, d)
}

// written writes a type with the program's own command, and builds it as its author would.
func written(t *testing.T, out string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "volunteer")
	cmd := cli.Plugin()
	cmd.SetArgs([]string{"new", dir})
	cmd.SetOut(&strings.Builder{})
	if err := cmd.Execute(); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-trimpath", "-o", out, ".")
	build.Dir, build.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
}
