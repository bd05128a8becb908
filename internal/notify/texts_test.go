package notify

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func sample(lang string) Words {
	w := Words{"desk": "长青认证中心", "hotline": "400-000-0000", "hours": "工作日 9:00 到 17:30", "url": "https://desk.example.org", "type": "个人认证", "helper": "王敏",
		"holder": "王*英", "reason": "身份证已注销。\n请到派出所问一问。", "answer": "谢谢。\n\n我们改好了。", "letter": "王秀英，您好：\n\n通过了", "name": "李审核",
		"page": "/apply/individual", "subject": "Verify it's you", "text": "Your code: 1234", "html": "<p>Your code: 1234</p>"}
	if lang == "en" {
		maps.Copy(w, Words{"desk": "Evergreen Certification", "hours": "weekdays 9:00 to 17:30", "type": "Individual", "helper": "Min Wang", "holder": "X. Wang"})
	}
	maps.Copy(w, Words{"code": "604218", "minutes": "10", "size": "12000", "note": "", "ref": "R-2026-004217", "into": "R-2026-004216", "number": "C-2026-003108", "due": "2026-12-10", "until": "2027-11-22", "what": "身份证 人像面、身份证 国徽面",
		"today_is": "2026-12-10", "late": "1", "late_refs": "R-2026-004217", "today": "2", "today_refs": "R-2026-004218, R-2026-004219", "soon": "", "soon_refs": "", "new": "", "new_refs": "",
		"team_late": "", "team_late_refs": "", "unassigned": "", "unassigned_refs": "", "month": "2026-11", "received": "131", "decided": "127", "refused": "9", "on_time": "93 %", "took": "2", "corrected": "28 %",
		"said": "12", "hard": "3", "unclear": "2", "wish": "1", "hardest": "/applications", "feedback": "3",
		"days": "30", "again": "yes", "shows": "2027-12-10 09:00", "known": "2026-12-10 09:00", "adverse": "21", "link": "https://desk.example.org/_/#/desk/join/abc.def"})
	return w
}

var anyURL = regexp.MustCompile(`(?i)(://|www\.\S|[a-z0-9-]\.[a-z]{2,})`)

// Every text in both languages: filled in completely, short enough, no link where none belongs.
func TestEveryText(t *testing.T) {
	for _, n := range Notices() {
		for _, lang := range Languages {
			t.Run(n.Key+"."+lang, func(t *testing.T) {
				for _, channel := range n.Channels {
					l, err := Compose(n.Key, lang, channel, sample(lang))
					if err != nil {
						t.Fatal(err)
					}
					if strings.Contains(l.Subject+l.Text+l.HTML, "<no value>") || strings.Contains(l.Subject+l.Text, "{{") {
						t.Error("not filled in:", l)
					}
					if channel == ChannelSMS {
						checkSMS(t, lang, l)
						continue
					}
					checkMail(t, n, lang, l)
				}
			})
		}
	}
}

func checkSMS(t *testing.T, lang string, l Letter) {
	t.Helper()
	desk := map[string]string{"zh-Hans": "【长青认证中心】", "en": "[Evergreen Certification] "}[lang]
	limit := 134 // two parts
	if n := utf8.RuneCountInString(l.Text); n > limit {
		t.Errorf("SMS has %d characters: %s", n, l.Text)
	}
	if !strings.HasPrefix(l.Text, desk) || !strings.Contains(l.Text, "400-000-0000") || anyURL.MatchString(l.Text) || strings.Contains(l.Text, "\n") {
		t.Error("SMS names no desk or hotline, or has a link or a line break:", l.Text)
	}
	if l.Subject != "" || l.HTML != "" {
		t.Error("an SMS has a text only")
	}
}

func checkMail(t *testing.T, n Notice, lang string, l Letter) {
	t.Helper()
	if l.Subject == "" || strings.ContainsAny(l.Subject, "\r\n") || utf8.RuneCountInString(l.Subject) > 80 {
		t.Error("subject:", l.Subject)
	}
	if n.frame == "none" {
		return
	}
	if got := anyURL.MatchString(l.Text); got != (n.Key == "staff_invited") {
		t.Error("link in mail:", l.Text)
	}
	if got := strings.Contains(l.HTML, "<a "); got != (n.Key == "staff_invited") {
		t.Error("link in page:", l.HTML)
	}
	if strings.Contains(l.HTML, "<img") || !strings.Contains(l.HTML, `lang="`+lang+`"`) {
		t.Error("page:", l.HTML)
	}
	if strings.Count(l.HTML, "<h1") > 1 {
		t.Error("two main headings:", l.HTML)
	}
}

// The codes and results fit one SMS in Chinese, with a desk's name of six characters.
func TestImportantTextsFitOneSMS(t *testing.T) {
	for _, key := range []string{"code_confirm", "code_sign_in", "code_reset", "submitted", "correction_requested", "result_passed", "result_not_passed", "expiry_notice", "test"} {
		l, err := Compose(key, "zh-Hans", ChannelSMS, sample("zh-Hans"))
		if n := utf8.RuneCountInString(l.Text); err != nil || n > 70 {
			t.Errorf("%s: %d characters: %s %v", key, n, l.Text, err)
		}
	}
}

// A text uses the words that messages.csv promises, the same in both languages, and no file is left over.
func TestTextsAndTableAgree(t *testing.T) {
	files, err := filepath.Glob("texts/*.txt")
	if err != nil || len(files) != len(Languages)*(len(Notices())+3) {
		t.Error(len(files), "files for", len(Notices()), "notices, two frames and the letter:", err)
	}
	for _, n := range Notices() {
		var used [2][]string
		for i, lang := range Languages {
			x := texts()[n.Key+"."+lang]
			if n.Goes(ChannelSMS) != (x.sms != nil) || !n.Goes(ChannelMail) {
				t.Error(n.Key, lang, "channels and texts differ")
			}
			mail := append(blanks(x.subject), blanks(x.mail)...)
			used[i] = append(append(mail, "|"), blanks(x.sms)...)
			for _, name := range append(mail, blanks(x.sms)...) {
				if !slices.Contains(append(n.Words, common...), name) {
					t.Errorf("%s.%s uses %q, which messages.csv does not name", n.Key, lang, name)
				}
			}
			for _, name := range blanks(x.sms) {
				if n.free[name] {
					t.Errorf("%s.%s has free text %q in an SMS", n.Key, lang, name)
				}
			}
			for _, name := range n.Words {
				if name != "html" && !slices.Contains(append(mail, blanks(x.sms)...), name) {
					t.Errorf("%s.%s does not use %q", n.Key, lang, name)
				}
			}
		}
		slices.Sort(used[0])
		slices.Sort(used[1])
		if a, b := slices.Compact(used[0]), slices.Compact(used[1]); !slices.Equal(a, b) {
			t.Error(n.Key, "words differ:", a, b)
		}
		if n.Kind == KindCode != slices.Contains(n.Words, "code") || n.Kind == KindCode && !n.Urgent {
			t.Error(n.Key, "is a code that is not urgent, or has one without being one")
		}
	}
}

func TestComposeRefuses(t *testing.T) {
	less := sample("en")
	delete(less, "code")
	noDesk := sample("en")
	delete(noDesk, "desk")
	for name, x := range map[string]struct {
		key, lang, channel string
		words              Words
		want               error
	}{
		"notice":      {"no_such", "en", "mail", sample("en"), ErrNoNotice},
		"language":    {"test", "zh", "mail", sample("en"), ErrNoLanguage},
		"no language": {"test", "", "mail", sample("en"), ErrNoLanguage},
		"channel":     {"test", "en", "fax", sample("en"), ErrNoChannel},
		"mail only":   {"staff_invited", "en", "sms", sample("en"), ErrNoChannel},
		"ring":        {"test", "en", "ring", sample("en"), ErrNoChannel},
		"word":        {"code_sign_in", "en", "sms", less, ErrNoWord},
		"desk":        {"test", "en", "sms", noDesk, ErrNoWord},
		"no words":    {"test", "en", "mail", nil, ErrNoWord},
	} {
		if l, err := Compose(x.key, x.lang, x.channel, x.words); !errors.Is(err, x.want) || l != (Letter{}) {
			t.Error(name, l, err)
		}
	}
}

// What a stranger may enter as a name, and what of it reaches another person's phone.
func TestNamesCannotBecomeSomethingElse(t *testing.T) {
	for entered, want := range map[string]string{
		"https://evil.example/x 快点": "https evil．example/x 快点",
		"http:/evil.example":        "http evil．example",
		"www.evil.example":          "www．evil．example",
		"evil.cn":                   "evil．cn",
		"a.b.c.d":                   "a．b．c．d",
		"王\r\n敏\tx":                 "王 敏 x",
		"王\u202e敏\u200b":            "王敏",
		"ok\x00\x1b[31m":            "ok [31m",
		"\xff王":                     "王",
		"买买提·依明":                    "买买提·依明",
		"J. Smith":                  "J. Smith",
		strings.Repeat("长", 100):    strings.Repeat("长", 39) + "…",
	} {
		w := sample("zh-Hans")
		w["helper"] = entered
		l, err := Compose("code_consent", "zh-Hans", ChannelSMS, w)
		if err != nil || !strings.Contains(l.Text, "】"+want+"想替王*英") {
			t.Errorf("%q: %s %v", entered, l.Text, err)
		}
	}
	w := sample("en")
	w["helper"] = `<b>"&evil</b>`
	if l, err := Compose("code_consent", "en", ChannelMail, w); err != nil || strings.Contains(l.HTML, "<b>\"") || !strings.Contains(l.HTML, "&lt;b&gt;&#34;&amp;evil") {
		t.Error(l.HTML, err)
	}
}

func TestNoLinkWhateverIsEntered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{"http", "://", ":", "/", ".", "www", "evil", "cn", "王", " ", "\u200b", "\n", "com", "x", "1"}), 0, 12)
		w := sample("zh-Hans")
		w["helper"] = strings.Join(parts.Draw(t, "parts"), "")
		l, err := Compose("code_consent", "zh-Hans", ChannelSMS, w)
		if err != nil || anyURL.MatchString(l.Text) || strings.Contains(l.Text, "\n") {
			t.Fatal(l.Text, err)
		}
	})
}

func TestDatesAreSpoken(t *testing.T) {
	for lang, want := range map[string]string{"zh-Hans": "2026年12月10日前", "en": "10 December 2026"} {
		l, err := Compose("submitted", lang, ChannelMail, sample(lang))
		if err != nil || !strings.Contains(l.Text, want) {
			t.Error(l.Text, err)
		}
	}
}

func TestDeskWithoutHotline(t *testing.T) {
	w := Words{"desk": "长青认证中心"}
	l, err := Compose("test", "zh-Hans", ChannelSMS, w)
	if err != nil || l.Text != "【长青认证中心】这是一条测试短信。您收到了，说明短信设置好了。" {
		t.Fatal(l.Text, err)
	}
	if l, err = Compose("test", "zh-Hans", ChannelMail, w); err != nil || strings.Contains(l.Text, "客服电话") {
		t.Fatal(l.Text, err)
	}
}

func TestSuperuserMailPassesThrough(t *testing.T) {
	l, err := Compose("superuser_mail", "en", ChannelMail, sample("en"))
	if err != nil || l != (Letter{"Verify it's you", "Your code: 1234", "<p>Your code: 1234</p>"}) {
		t.Fatal(l, err)
	}
}

func TestParamsForGateways(t *testing.T) {
	got, err := Params("expiry_notice", "zh-Hans", sample("zh-Hans"))
	want := []Param{{"type", "个人认证"}, {"number", "C-2026-003108"}, {"days", "30"}, {"until", "2027年11月22日"}, {"desk", "长青认证中心"}, {"hotline", "400-000-0000"}}
	if err != nil || !slices.Equal(got, want) {
		t.Fatal(got, err)
	}
	if got, err = Params("result_passed", "en", sample("en")); err != nil || len(got) != 4 || got[1].Name != "ref" {
		t.Fatal("the letter must not go to a gateway:", got, err)
	}
	if _, err = Params("staff_code", "en", sample("en")); !errors.Is(err, ErrNoChannel) {
		t.Fatal(err)
	}
	if _, err = Params("code_reset", "en", nil); !errors.Is(err, ErrNoWord) {
		t.Fatal(err)
	}
}

func TestTableIsChecked(t *testing.T) {
	head := "key,who,channels,kind,urgent,frame,words\n"
	for name, line := range map[string]string{
		"who": "a,everybody,mail,notice,no,public,x", "channel": "a,staff,fax,notice,no,public,x", "kind": "a,staff,mail,fun,no,public,x",
		"urgent": "a,staff,mail,notice,perhaps,public,x", "frame": "a,staff,mail,notice,no,gold,x", "fields": "a,staff,mail",
		"twice": "a,staff,mail,notice,no,public,x\na,staff,mail,notice,no,public,x",
	} {
		if _, _, err := readNotices(head + line + "\n"); err == nil {
			t.Error(name, "accepted")
		}
	}
	for _, raw := range []string{"", "Subject: x", "Betreff: x\n\nbody", "Subject: {{.x\n\nbody", "Subject: x\n\n{{.x\n", "Subject: x\n\ny\n--- sms\n{{"} {
		if _, err := parseText("a", raw); err == nil {
			t.Errorf("%q accepted", raw)
		}
	}
}

// golden compares with a file, or writes it when UPDATE is set; what was written is to be read.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(file, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got {
		t.Errorf("%s differs: %v\n%s", file, err, got)
	}
}

func TestMailsAsTheyLook(t *testing.T) {
	for _, lang := range Languages {
		letter, err := ComposeLetter(lang, notPassed(lang))
		if err != nil {
			t.Fatal(err)
		}
		w := sample(lang)
		w["letter"] = letter
		l, err := Compose("result_not_passed", lang, ChannelMail, w)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "result_not_passed."+lang+".html", l.HTML)
		golden(t, "result_not_passed."+lang+".txt", l.Text)
	}
	l, err := Compose("staff_invited", "en", ChannelMail, sample("en"))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "staff_invited.en.html", l.HTML)
}
