package hostile

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/certdesk/certdesk/internal/specimen"
	"github.com/certdesk/certdesk/internal/testkit"
	"github.com/certdesk/certdesk/plugins/bundled/individual"
)

// What is said when people do not agree: an appeal and its answer, an approval that is questioned and its holder's hearing, a
// complaint, a gift, a sanction; and what is said on the way, in a message and on the phone.

// handIn fills a draft in and hands it in.
func (p *process) handIn(b *testkit.Browser, id string) {
	p.t.Helper()
	const number = "110105195203180036"
	name := canaries["name of a draft"]
	answers := individual.Example()
	answers["name"], answers["resident_id"], answers["latin_name"] = name, number, ""
	papers := map[string][]byte{"id_front": specimen.IDFront(name, number, "男", "1952-03-18", answers["address"]), "id_back": specimen.IDBack("公安局", "2016.05.10", "长期"), "household": specimen.Household(name, "户主", "男", "1952-03-18", number, answers["address"])}
	p.fill(b, id, answers, papers, canaries["file name 2"])
	b.Send("/submit", "declared", "yes").Want(http.StatusOK)
}

// disputes go through both to their end: the refusal stands, and so does the approval.
func (p *process) disputes(lead *testkit.Browser, approved string) {
	c, refused := canaries, p.draft
	p.clerk.Get("/applications/"+refused+"/messages").Want(http.StatusOK).Upload("/messages", "", nil, "text", c["message"]).Want(http.StatusOK)
	lead.Call("POST", "/api/desk/applications/"+refused+"/claim", nil, nil)
	lead.Call("POST", "/api/desk/applications/"+refused+"/log-call", map[string]any{"number": c["number that was rung"], "outcome": "reached", "note": c["note on a call"]}, nil).Want(http.StatusOK)
	lead.Call("POST", "/api/desk/applications/"+refused+"/decide", map[string]any{"outcome": "not_passed", "reasons": []string{"number_not_found"}}, nil).Want(http.StatusOK)
	others := []*testkit.Browser{p.reviewer(p.boss, "李审核", "second@example.com", c["staff password"]), p.reviewer(p.boss, "赵审核", "third@example.com", c["staff password"])}

	p.clerk.Get("/applications/"+refused+"/appeal").Want(http.StatusOK).Upload("/appeal", c["file name of an appeal"], specimen.Letter("证明", []string{"号码无误"}), "text", c["appeal"]).Want(http.StatusOK)
	p.whoever(others, "/api/desk/applications/"+refused+"/decide-appeal", map[string]any{"outcome": "upheld", "text": c["answer to an appeal"]})

	lead.Call("POST", "/api/desk/applications/"+approved+"/reverse", map[string]any{"text": c["what a reversal found"]}, nil).Want(http.StatusOK)
	p.whoever(others, "/api/desk/applications/"+approved+"/agree-reversal", map[string]any{"comment": c["comment on a reversal"]})
	p.applicant.Get("/applications/"+approved+"/hearing").Want(http.StatusOK).Upload("/hearing", c["file name of a hearing"], specimen.Letter("说明", []string{"去年补办"}), "text", c["answer in a hearing"]).Want(http.StatusOK)
	p.whoever(others, "/api/desk/applications/"+approved+"/decide-reversal", map[string]any{"outcome": "upheld", "text": c["decision of a reversal"]})

	p.recovery(lead, refused)
	p.browser().Get("/complain").Want(http.StatusOK).Send("/complain", "toward", "reviewer", "kind", "delay", "text", c["complaint"], "name", c["name in a complaint"], "contact", c["contact of a complaint"]).Want(http.StatusOK).Has("K-")
	today := time.Now().In(time.FixedZone("", 8*3600))
	lead.Call("POST", "/api/desk/gifts", map[string]any{"kind": "gift", "what": c["gift"], "giver": c["giver"], "day": today.Format(time.DateOnly), "how": "returned"}, nil).Want(http.StatusOK)
	var view struct{ Holder string }
	lead.Call("GET", "/api/desk/applications/"+refused, nil, &view).Want(http.StatusOK)
	lead.Call("POST", "/api/desk/holders/"+view.Holder+"/sanction", map[string]any{"kind": "block", "until": today.AddDate(0, 3, 0).Format(time.DateOnly), "reason": c["reason of a sanction"], "evidence": c["evidence of a sanction"]}, nil).Want(http.StatusOK)
}

// recovery takes somebody in who lost the mailbox, with the code that reached the new one, and stops it.
func (p *process) recovery(lead *testkit.Browser, id string) {
	p.t.Helper()
	c := canaries
	var view struct{ Holder, Ref string }
	lead.Call("GET", "/api/desk/applications/"+id, nil, &view).Want(http.StatusOK)
	var found struct {
		Rows []struct{ Accounts []struct{ ID string } }
	}
	lead.Call("POST", "/api/desk/recoveries/find", map[string]string{"q": view.Ref}, &found).Want(http.StatusOK)
	var sent struct{ Code string }
	lead.Call("POST", "/api/desk/holders/"+view.Holder+"/recovery-code", map[string]string{"channel": "mail", "contact": c["contact of a recovery"], "lang": "zh-Hans"}, &sent).Want(http.StatusOK)
	var taken struct{ Answer struct{ ID string } }
	lead.Call("POST", "/api/desk/holders/"+view.Holder+"/ask-recovery", map[string]any{"account": found.Rows[0].Accounts[0].ID, "who": "same", "seen": []string{"id_card"}, "note": c["note of a recovery"],
		"lang": "zh-Hans", "code": sent.Code, "digits": mailedCode.FindStringSubmatch(p.mails.Wait(p.t, c["contact of a recovery"], "验证码").Text)[1]}, &taken).Want(http.StatusOK)
	lead.Call("POST", "/api/desk/recoveries/"+taken.Answer.ID+"/drop-recovery", map[string]string{"reason": c["reason of a stop"]}, nil).Want(http.StatusOK)
}

// whoever of some colleagues has the case does it.
func (p *process) whoever(some []*testkit.Browser, path string, in any) {
	p.t.Helper()
	var said []string
	if !slices.ContainsFunc(some, func(b *testkit.Browser) bool {
		b.Call("POST", path, in, nil)
		said = append(said, strconv.Itoa(b.Status)+" "+b.Body)
		return b.Status == http.StatusOK
	}) {
		p.t.Fatalf("%s: nobody may: %q", path, said)
	}
}
