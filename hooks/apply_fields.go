package hooks

import (
	"strings"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
	"github.com/certdesk/certdesk/ui"
)

// Questions as fields, entered fields as answers, and answers as people read them.

// field draws one question: from what was entered if the form comes back, otherwise from what is kept.
func (c *call) field(q sdk.Question, kept string, f ui.Form, alone bool) ui.Field {
	name := "q." + q.ID
	v := ui.Field{Name: name, Kind: string(q.Kind), Label: q.Label.In(c.lang), Hint: q.Hint.In(c.lang), Error: f.Error(name), Value: kept, Optional: q.Optional, Heading: alone}
	for _, o := range q.Options {
		v.Options = append(v.Options, ui.Option{Value: o.Value, Label: o.Label.In(c.lang)})
	}
	if q.Kind == sdk.KindDate || q.Kind == sdk.KindValidUntil {
		if parts := strings.Split(kept, "-"); len(parts) == 3 {
			v.Year, v.Month, v.Day = parts[0], parts[1], parts[2]
		}
		v.Long = kept == check.Long
	}
	if len(f.Values) > 0 {
		v.Value = f.Value(name)
		v.Year, v.Month, v.Day, v.Long = f.Value(name+".year"), f.Value(name+".month"), f.Value(name+".day"), f.Value(name+".long") != ""
	}
	switch q.Kind {
	case sdk.KindPhone:
		v.Auto = "tel"
	case sdk.KindEmail:
		v.Auto = "email"
	}
	return v
}

// entered gathers what was entered on a page, by question.
func entered(page sdk.Page, in map[string]string) map[string]string {
	out := map[string]string{}
	for _, q := range page.Questions {
		name := "q." + q.ID
		switch q.Kind {
		case sdk.KindDate, sdk.KindValidUntil:
			y, m, d := strings.TrimSpace(in[name+".year"]), strings.TrimSpace(in[name+".month"]), strings.TrimSpace(in[name+".day"])
			switch {
			case in[name+".long"] != "" && y+m+d != "":
				out[q.ID] = y + "-" + m + "-" + d + " " + check.Long // both cannot be meant: the form comes back
			case in[name+".long"] != "":
				out[q.ID] = check.Long
			case y+m+d == "":
				out[q.ID] = in[name]
			default:
				out[q.ID] = y + "-" + pad(m) + "-" + pad(d)
			}
		default:
			out[q.ID] = in[name]
		}
	}
	return out
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// shownText is an answer as people read it, in both languages.
func (s *Server) shownText(q sdk.Question, value string) sdk.Text {
	return sdk.Text{ZhHans: s.shownIn(q, value, "zh-Hans"), En: s.shownIn(q, value, "en")}
}

func (s *Server) shownIn(q sdk.Question, value, lang string) string {
	label := func(v string) string {
		for _, o := range q.Options {
			if o.Value == v {
				return o.Label.In(lang)
			}
		}
		return v
	}
	switch q.Kind {
	case sdk.KindChoice:
		return label(value)
	case sdk.KindChoices:
		var all []string
		for _, v := range strings.Split(value, "\n") {
			all = append(all, label(v))
		}
		return strings.Join(all, map[string]string{"en": ", "}[lang]+map[string]string{"zh-Hans": "、"}[lang])
	case sdk.KindYesNo:
		return s.UI.Text(lang, "answer."+value)
	case sdk.KindValidUntil, sdk.KindDate:
		if value == check.Long {
			return s.UI.Text(lang, "answer.long")
		}
		return s.UI.Date(lang, value)
	case sdk.KindResidentID:
		if len(value) == 18 {
			return value[:6] + " " + value[6:14] + " " + value[14:]
		}
	}
	return value
}

// summary lists every answer, with what was derived from ID numbers.
func (c *call) summary(d *draft, change bool) []ui.Answer {
	var list []ui.Answer
	derived := check.Facts(d.t, d.a)
	for _, p := range check.Pages(d.t, d.a) {
		for _, q := range p.Questions {
			a := ui.Answer{Label: q.Short.In(c.lang), Value: c.s.shownIn(q, d.a[q.ID], c.lang), Empty: d.a[q.ID] == ""}
			if a.Empty {
				a.Value = ""
			}
			if a.Kept = !d.asks(p.ID, ""); change && !a.Kept {
				a.Change = d.path("/q/" + p.ID + "?return=yes")
			}
			list = append(list, a)
			if id, ok := derived[q.ID]; ok && id.Birth != "" {
				list = append(list, ui.Answer{Label: c.s.UI.Text(c.lang, "answer.birth"), Value: c.s.UI.Date(c.lang, id.Birth), Derived: true, From: q.Short.In(c.lang)},
					ui.Answer{Label: c.s.UI.Text(c.lang, "answer.sex"), Value: c.s.UI.Text(c.lang, "answer."+string(id.Sex)), Derived: true, From: q.Short.In(c.lang)})
			}
		}
	}
	return list
}

func (c *call) slotSummary(d *draft) []ui.SlotAnswer {
	var list []ui.SlotAnswer
	for _, s := range check.Slots(d.t, d.a) {
		files := c.files(d, s.ID)
		line := ui.SlotAnswer{Name: s.Name.In(c.lang), Files: files, Attested: s.Attestable && d.Row.AttestedBy != "", Empty: len(files) == 0, Kept: !d.asks("", s.ID)}
		if !line.Kept {
			line.Change = d.path("/slot/" + s.ID + "?return=yes")
		}
		list = append(list, line)
	}
	return list
}
