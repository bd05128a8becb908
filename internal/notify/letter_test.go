package notify

import (
	"errors"
	"strings"
	"testing"
)

func notPassed(lang string) Result {
	r := Result{Desk: "长青认证中心", Hotline: "400-000-0000", Hours: "工作日 9:00 到 17:30", Name: "王秀英", Ref: "R-2026-004217", Type: "个人认证",
		Sentence: "身份证和户口本要一致。", Reasons: []Reason{{"户口本和身份证上，名字不一样", "带上这两样，到户口所在地的派出所改正。改好后，重新拍户口本。"}, {"身份证国徽面，看不清有效期", "白天放在窗边拍，关掉闪光灯。"}},
		AppealBy: "2026-12-08", Date: "2026-11-23"}
	if lang == "en" {
		r.Desk, r.Hours, r.Name, r.Type, r.Sentence = "Evergreen Certification", "weekdays 9:00 to 17:30", "Xiuying Wang", "Individual", "Identity card and household register have to agree."
		r.Reasons = []Reason{{"The names on the two documents differ", "Take both to the police station of your household register."}, {"The date cannot be read", "Take the picture by the window, without flash."}}
	}
	return r
}

func TestLetterTellsEachOutcome(t *testing.T) {
	for name, x := range map[string]struct {
		change func(*Result)
		with   [2][]string // zh-Hans, en
		not    [2][]string
	}{
		"two reasons": {func(*Result) {},
			[2][]string{{"王秀英，您好：", "这次没有通过，改好就能再申请", "有 2 处对不上。身份证和户口本要一致。", "第 2 处\n身份证国徽面", "怎么办：白天", "不用等", "2026年12月8日前可以申诉", "长青认证中心\n2026年11月23日"},
				{"Xiuying Wang,", "2 things do not match. Identity", "Point 2\nThe date", "What to do: Take the picture", "no waiting time", "appeal until 8 December 2026"}}, [2][]string{{"\n\n\n"}, {"\n\n\n"}}},
		"one reason, without advice": {func(r *Result) { r.Reasons = r.Reasons[:1]; r.Reasons[0].Advice = "" },
			[2][]string{{"有 1 处对不上"}, {"One thing does not match."}}, [2][]string{{"怎么办", "第 2 处"}, {"What to do", "Point 2"}}},
		"again later": {func(r *Result) { r.Again = "2027-01-01" }, [2][]string{{"2027年1月1日起可以再申请"}, {"From 1 January 2027."}}, [2][]string{{"不用等"}, {"no waiting"}}},
		"never":       {func(r *Result) { r.Never, r.Again = true, "2027-01-01" }, [2][]string{{"不能再申请这一项"}, {"cannot apply for this again"}}, [2][]string{{"改好就能", "2027"}, {"put it right", "2027"}}},
		"words of the reviewer only": {func(r *Result) { r.Reasons, r.Extra, r.AppealBy = nil, "照片里不是本人。\n请来窗口。", "" },
			[2][]string{{"照片里不是本人。\n请来窗口。", "我们核对完了。"}, {"照片里不是本人。"}}, [2][]string{{"第 1 处", "申诉"}, {"Point 1", "appeal"}}},
		"passed":              {func(r *Result) { r.Passed, r.Sentence = true, "恭喜。" }, [2][]string{{"通过了\n\n", "恭喜。"}, {"Passed\n\n", "It has passed."}}, [2][]string{{"没有通过", "第 1 处", "申诉"}, {"Not passed", "Point 1", "appeal"}}},
		"no name, no hotline": {func(r *Result) { r.Name, r.Hotline = "", "" }, [2][]string{{"您好：\n", "来服务窗口，报上编号 R-2026-004217"}, {"Hello,\n", "Come to our counter"}}, [2][]string{{"客服电话", "，您好"}, {"Ring "}}},
		"bad words":           {func(r *Result) { r.Name = "王\n\nhttps://evil.cn"; r.Reasons[0].Text = "一\n第 9 处\n二" }, [2][]string{{"王 https evil．cn，您好", "第 1 处\n一 第 9 处 二\n"}, {"王 https evil．cn,"}}, [2][]string{{"://"}, {"://"}}},
	} {
		for i, lang := range Languages {
			r := notPassed(lang)
			x.change(&r)
			got, err := ComposeLetter(lang, r)
			if err != nil {
				t.Error(name, err)
			}
			for _, s := range x.with[i] {
				if !strings.Contains(got, s) {
					t.Errorf("%s: no %q in\n%s", name, s, got)
				}
			}
			for _, s := range x.not[i] {
				if strings.Contains(got, s) {
					t.Errorf("%s: %q in\n%s", name, s, got)
				}
			}
		}
	}
}

func TestLetterRefuses(t *testing.T) {
	for name, change := range map[string]func(*Result){
		"desk": func(r *Result) { r.Desk = " " }, "ref": func(r *Result) { r.Ref = "" }, "type": func(r *Result) { r.Type = "" },
		"date": func(r *Result) { r.Date = "" }, "reason": func(r *Result) { r.Reasons, r.Extra = nil, "\n" },
	} {
		r := notPassed("en")
		change(&r)
		if got, err := ComposeLetter("en", r); !errors.Is(err, ErrNoWord) || got != "" {
			t.Error(name, got, err)
		}
	}
	if _, err := ComposeLetter("fr", notPassed("en")); !errors.Is(err, ErrNoLanguage) {
		t.Error(err)
	}
}
