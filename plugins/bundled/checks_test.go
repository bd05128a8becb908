package bundled

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/check"
)

// pictures are good ones for the named slots, each another file.
func pictures(slots ...string) []sdk.Fact {
	var all []sdk.Fact
	for i, s := range slots {
		all = append(all, sdk.Fact{Slot: s, Media: "image/jpeg", Pages: 1, Width: 1600, Height: 1200, Bytes: int64(200000 + i), Blur: 200})
	}
	return all
}

// levels writes findings as "level code", sorted, without the good ones; it fails where one cannot be shown.
func levels(t *testing.T, found []sdk.Finding) string {
	t.Helper()
	var all []string
	for _, f := range found {
		if f.Text.ZhHans == "" || f.Text.En == "" || strings.ContainsAny(f.Text.ZhHans+f.Text.En, "{}") {
			t.Errorf("%+v cannot be shown", f)
		}
		if f.Level != sdk.Good {
			all = append(all, string(f.Level)+" "+f.Code)
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

type checkCase struct {
	name     string
	answers  map[string]string // in place of the example's
	evidence []sdk.Fact        // nil: good pictures of all that is needed
	want     string
}

var checks = map[string][]checkCase{
	"individual": {
		{"nothing to say", nil, nil, ""},
		{"expired", map[string]string{"card_until": "2026-11-22"}, nil, "bad expired"},
		{"last day", map[string]string{"card_until": "2026-11-23"}, nil, "warn ends_soon"},
		{"30 days", map[string]string{"card_until": "2026-12-23"}, nil, "warn ends_soon"},
		{"31 days", map[string]string{"card_until": "2026-12-24"}, nil, ""},
		{"longer than any card", map[string]string{"card_until": "2056-01-01"}, nil, "warn too_long"},
		{"too young for a card without end", map[string]string{"resident_id": "110105198506150049"}, nil, "warn long_young"},
		{"a child", map[string]string{"resident_id": id("110105201506150", "04"), "card_until": "2030-01-01"}, nil, "warn minor"},
		{"a very old person", map[string]string{"resident_id": "440524188001010014"}, nil, "info province_differs, info very_old"},
		{"wrong number", map[string]string{"resident_id": "110105194912310020"}, nil, "bad id_wrong"},
		{"from Hong Kong", map[string]string{"resident_id": "81000019980902013X", "card_until": "2030-01-01"}, nil, "info id_permit"},
		{"moved", map[string]string{"address": "上海市样本路 1 号"}, nil, "info province_differs"},
		{"rare character", map[string]string{"name": "王𬭎"}, nil, "info rare_character"},
		{"blurred", nil, change(pictures("id_front", "id_back", "household"), 0, func(f *sdk.Fact) { f.Blur = 12 }), "warn blurred"},
		{"small", nil, change(pictures("id_front", "id_back", "household"), 1, func(f *sdk.Fact) { f.Width, f.Height = 640, 480 }), "warn small"},
		{"both sides the same", nil, change(pictures("id_front", "id_back", "household"), 1, func(f *sdk.Fact) { f.Bytes = 200000 }), "warn same_file"},
		{"record instead", nil, pictures("id_front", "id_back", "social_record"), "info only_record"},
		{"work too", nil, pictures("id_front", "id_back", "household", "work_proof"), "info work_given"},
		{"nothing came", nil, []sdk.Fact{}, "warn no_residence"},
	},
	"institutional": {
		{"nothing to say", nil, nil, ""},
		{"an enterprise", map[string]string{"credit_code": "91350100M000100Y43"}, nil, ""},
		{"a sole trader", map[string]string{"credit_code": "92110105MA0000001Y", "scope": "meals"}, nil, "warn registered_unusual"},
		{"a sole trader's home", map[string]string{"credit_code": "92110105MA0000001Y"}, nil, "warn registered_unusual, warn sole_scope"},
		{"an office", map[string]string{"credit_code": "11110105000000003D"}, nil, "warn registered_unusual"},
		{"another registration", map[string]string{"credit_code": credit("N9110105MA0000001")}, nil, "warn registered_unknown"},
		{"wrong code", map[string]string{"credit_code": "52110105MJ00000010"}, nil, "bad code_wrong"},
		{"licence expired", map[string]string{"licence_until": "2026-11-01"}, nil, "bad expired"},
		{"licence ends soon", map[string]string{"licence_until": "2026-12-01"}, nil, "warn ends_soon"},
		{"representative under age", map[string]string{"legal_resident_id": id("110105201506150", "03")}, nil, "bad legal_minor"},
		{"wrong number", map[string]string{"legal_resident_id": "110105196801010030"}, nil, "bad id_wrong"},
		{"handled by the representative", map[string]string{"contact_name": "赵样本"}, nil, "info contact_is_legal"},
		{"medical", map[string]string{"scope": "meals\nmedical"}, nil, "info scope_medical"},
		{"other services", map[string]string{"scope": "other", "scope_other": "理发"}, nil, "info scope_other"},
		{"one picture for both sides", nil, change(pictures("licence", "legal_id_front", "legal_id_back", "authorization"), 2, func(f *sdk.Fact) { f.Bytes = 200001 }), "warn same_file"},
	},
	"pension": {
		{"look at the code", nil, nil, "info look_for_code"},
		{"attested", nil, pictures("id_front"), "info attested"},
		{"49 years", map[string]string{"resident_id": id("110101197611240", "01"), "card_until": "2030-01-01"}, nil, "info look_for_code, warn young"},
		{"50 years", map[string]string{"resident_id": id("110101197611230", "01"), "card_until": "2030-01-01"}, nil, "info look_for_code"},
		{"over a hundred", map[string]string{"resident_id": id("110101192501010", "01")}, nil, "info look_for_code, info very_old"},
		{"expired", map[string]string{"card_until": "2026-01-01"}, nil, "bad expired, info look_for_code"},
		{"abroad", map[string]string{"lives": "abroad"}, nil, "info lives_abroad, info look_for_code"},
		{"a phone from elsewhere", map[string]string{"phone": "+85221234567"}, nil, "info look_for_code, info phone_elsewhere"},
		{"Hong Kong with its phone", map[string]string{"lives": "hmt", "phone": "+85221234567"}, nil, "info look_for_code"},
		{"blurred face", nil, change(pictures("photo", "id_front"), 0, func(f *sdk.Fact) { f.Blur = 59 }), "info look_for_code, warn blurred"},
	},
}

func change(facts []sdk.Fact, at int, how func(*sdk.Fact)) []sdk.Fact {
	how(&facts[at])
	return facts
}

func TestChecks(t *testing.T) {
	for _, b := range all {
		typ := b.describe(t)
		for _, c := range checks[b.id] {
			t.Run(b.id+"/"+c.name, func(t *testing.T) {
				req := sdk.CheckRequest{Today: today, Answers: b.example(), Evidence: c.evidence}
				maps.Copy(req.Answers, c.answers)
				if c.evidence == nil {
					for _, s := range check.Slots(typ, b.example()) {
						if !s.Optional && s.ID != "social_record" {
							req.Evidence = append(req.Evidence, pictures(s.ID)...)
							req.Evidence[len(req.Evidence)-1].Bytes += int64(len(req.Evidence))
						}
					}
				}
				found, err := b.cert.Check(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				if got := levels(t, found); got != c.want {
					t.Errorf("found %q, want %q", got, c.want)
				}
				points(t, typ, found)
			})
		}
	}
}

// points holds that what a finding points at is there.
func points(t *testing.T, typ sdk.Type, found []sdk.Finding) {
	t.Helper()
	for _, f := range found {
		_, _, question := typ.Question(f.Question)
		_, slot := typ.Slot(f.Slot)
		item := slices.ContainsFunc(typ.Checklist, func(i sdk.Item) bool { return i.ID == f.Item })
		if f.Question != "" && !question || f.Slot != "" && !slot || f.Item != "" && !item {
			t.Errorf("%+v points at nothing", f)
		}
	}
}

func TestRechecks(t *testing.T) {
	for i, question := range []string{"card_until", "licence_until", "card_until"} {
		b := all[i]
		for until, want := range map[string]string{
			"long": "", "2030-01-01": "", "2026-11-23": "", "2026-11-22": "bad expired", "2020-01-01": "bad expired", "": "", "garbage": "",
		} {
			req := sdk.RecheckRequest{Today: today, ValidFrom: "2025-11-23", ExpiresOn: "2028-11-22", Answers: b.example()}
			req.Answers[question] = until
			found, err := b.cert.Recheck(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if got := levels(t, found); got != want {
				t.Errorf("%s %q: %q, want %q", b.id, until, got, want)
			}
			points(t, b.describe(t), found)
		}
	}
}

// TestChecksOfAnything holds that answers nobody would give break nothing.
func TestChecksOfAnything(t *testing.T) {
	for _, b := range all {
		typ := b.describe(t)
		for _, a := range []sdk.Answers{nil, {}, {"resident_id": "\xff", "card_until": "�", "scope": "\n\n", "lives": "moon", "name": "\x00"}} {
			for _, day := range []string{today, "", "yesterday"} {
				found, err := b.cert.Check(t.Context(), sdk.CheckRequest{Today: day, Answers: a, Evidence: []sdk.Fact{{Slot: "nowhere", Width: -1, Blur: -1}}})
				if err != nil {
					t.Error(b.id, err)
				}
				levels(t, found)
				points(t, typ, found)
				if _, err := b.cert.Recheck(t.Context(), sdk.RecheckRequest{Today: day, Answers: a}); err != nil {
					t.Error(b.id, err)
				}
			}
		}
	}
}
