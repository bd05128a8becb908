package credential

import (
	"bytes"
	"fmt"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

type drawing func(Certificate, string) ([]byte, error)

var papers = map[string]drawing{"certificate": PDF, "plaque": Plaque}

func content(t *testing.T, pdf []byte) string {
	t.Helper()
	return squeeze(tool(t, pdf, "pdftotext", "-q", "-", "-"))
}

func pages(t *testing.T, pdf []byte) string {
	t.Helper()
	return regexp.MustCompile(`Pages:\s+(\d+)`).FindStringSubmatch(tool(t, pdf, "pdfinfo", "-"))[1]
}

func TestPapersSayEverythingInEveryState(t *testing.T) {
	for kind, f := range papers {
		for _, state := range states {
			for _, lang := range []string{"zh-Hans", "en"} {
				c := person()
				c.State = state
				b, err := f(c, lang)
				if err != nil {
					t.Fatal(kind, state, lang, err)
				}
				got := content(t, b)
				for _, want := range []string{c.Name, c.Latin, c.Number, c.TypeName.ZhHans, c.TypeName.En, c.Desk.ZhHans, c.Desk.En, c.Proves.ZhHans, date(c.ExpiresOn, lang), "cert.example.com", c.Hotline} {
					if !strings.Contains(got, squeeze(want)) {
						t.Errorf("%s %s %s: %q is missing in %s", kind, state, lang, want, got)
					}
				}
				if p := pages(t, b); p != "1" {
					t.Errorf("%s pages", p)
				}
				if again, _ := f(c, lang); !bytes.Equal(b, again) {
					t.Errorf("%s: not the same bytes twice", kind)
				}
			}
		}
	}
}

// The word across the page stands in the content as one rotated line; only a valid certificate has none.
func TestOnlyAValidPaperIsClear(t *testing.T) {
	for kind, f := range papers {
		valid, _ := f(person(), "zh-Hans")
		if bytes.Contains(valid, []byte("/ExtGState")) && bytes.Contains(valid, []byte("/ca ")) {
			t.Errorf("%s: a valid one has something drawn across", kind)
		}
		for _, state := range append(states[1:], "nonsense") {
			c := person()
			c.State = state
			b, err := f(c, "zh-Hans")
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(b, []byte("/ca ")) {
				t.Errorf("%s %s: nothing across the page", kind, state)
			}
		}
	}
}

func TestQROnPaperReads(t *testing.T) {
	for kind, f := range papers {
		for _, state := range states {
			c := person()
			c.State = state
			b, err := f(c, "zh-Hans")
			if err != nil {
				t.Fatal(err)
			}
			raster := tool(t, b, "pdftoppm", "-r", "150", "-png", "-singlefile", "-")
			img, err := png.Decode(strings.NewReader(raster))
			if err != nil {
				t.Fatal(err)
			}
			if got := decodeQR(t, img); got != c.VerifyURL {
				t.Errorf("%s %s: reads %q", kind, state, got)
			}
		}
	}
}

func TestRareCharactersAreDrawnAndCopied(t *testing.T) {
	tests := []struct {
		name  string
		faces []typeface
	}{
		{"𫠝", []typeface{rare}}, {"𠅤", []typeface{sans}}, {"𬭎", []typeface{sans}}, {"䶮㛃", []typeface{sans, sans}},
		{"\U00030EDD", []typeface{sans}}, {"\U000323AF", []typeface{none}}, {"王秀英", []typeface{sans, sans, sans}},
	}
	for _, tc := range tests {
		for i, r := range []rune(tc.name) {
			if got := pick(r); got != tc.faces[i] {
				t.Errorf("%U: font %d, want %d", r, got, tc.faces[i])
			}
		}
		c := person()
		c.Name = "李" + tc.name
		for kind, f := range papers {
			b, err := f(c, "zh-Hans")
			if err != nil {
				t.Fatal(err)
			}
			want := c.Name
			if tc.faces[0] == none {
				want = fmt.Sprintf("%U", []rune(tc.name)[0])
			}
			if got := content(t, b); !strings.Contains(got, want) {
				t.Errorf("%s: %q not in %s", kind, want, got)
			}
		}
	}
}

func TestNamesOfAnyLengthStayInside(t *testing.T) {
	names := []string{
		"丁", "欧阳", "阿卜杜热合曼·买买提吐尔逊·艾则孜江",
		"内蒙古自治区呼伦贝尔市鄂伦春自治旗大杨树镇云杉里社区居家养老服务中心有限责任公司",
		strings.Repeat("云杉里养老服务中心", 12), "Wolfeschlegelsteinhausenbergerdorff the Elder of Somewhere",
	}
	for _, n := range names {
		c := person()
		c.Name, c.Latin = n, strings.Repeat("Yunshanli ", 14)
		for kind, f := range papers {
			b, err := f(c, "zh-Hans")
			if err != nil {
				t.Fatal(err)
			}
			if got := content(t, b); !strings.Contains(got, squeeze(n)) && !strings.Contains(got, squeeze(n)[:12]) {
				t.Errorf("%s: %s is missing", kind, n)
			}
			if p := pages(t, b); p != "1" {
				t.Errorf("%s pages", p)
			}
		}
	}
}

func TestFitLosesNothingAndStaysInTheBox(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("王秀英阿卜杜·，。（）abc 123𬭎\U000323AF")), 1, 120, -1).Draw(r, "text")
		s, lines := fit(text, style{size: 17, track: .2, fancy: true}, 150, 31, 1.25)
		if squeeze(strings.Join(lines, "")) != squeeze(text) {
			r.Fatalf("%q became %q", text, lines)
		}
		if widest(lines, s) > 150.001 || float64(len(lines))*s.size*1.25 > 31.001 {
			r.Fatalf("%q leaves the box: %v at %v", text, lines, s.size)
		}
	})
}

func TestLinesBreakWhereReadersExpect(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"你好，世界", "你好，|世界"}, {"one two three", "one|two|three"}, {"（甲）乙丙", "（甲）|乙丙"}, {"甲乙\n丙", "甲乙|丙"},
	} {
		if got := strings.Join(wrap(tc.text, style{size: 1}, 3), "|"); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.text, got, tc.want)
		}
	}
}

func TestSheet(t *testing.T) {
	paras := []string{"本人同意由下面写明的人代我提出认证申请。"}
	for range 30 {
		paras = append(paras, "我知道：可以随时打电话收回同意；收回以后，代办人不能再看到我的申请。")
	}
	b, err := Sheet("代办同意书", paras, []string{"本人姓名", "本人签名", "日期"}, "https://cert.example.com/c/1", "R-2026-004305")
	if err != nil {
		t.Fatal(err)
	}
	got := content(t, b)
	for _, want := range []string{"代办同意书", "R-2026-004305", "本人签名", "日期", "第1页", "第2页"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Count(got, "收回同意") != 30 {
		t.Error("a paragraph was lost")
	}
	raster := tool(t, b, "pdftoppm", "-r", "120", "-f", "1", "-png", "-singlefile", "-")
	img, err := png.Decode(strings.NewReader(raster))
	if err != nil {
		t.Fatal(err)
	}
	if q := decodeQR(t, img); q != "https://cert.example.com/c/1" {
		t.Error(q)
	}
	if _, err := Sheet("x", nil, nil, strings.Repeat("x", 5000), ""); err == nil {
		t.Error("an endless code was accepted")
	}
	if b, err := Sheet("Consent", nil, nil, "", ""); err != nil || !strings.Contains(content(t, b), "Page1") {
		t.Error("an empty sheet", err)
	}
}

func TestTooLongAddressIsAnError(t *testing.T) {
	c := person()
	c.VerifyURL = strings.Repeat("x", 5000)
	for kind, f := range papers {
		if _, err := f(c, "en"); err == nil {
			t.Errorf("%s: accepted", kind)
		}
	}
}
