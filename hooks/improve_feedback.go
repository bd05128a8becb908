package hooks

import (
	"net/http"
	"strconv"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/ui"
)

// Feedback from every page, also signed out; and the page that shows what our messages look like.

func feedbackPage(c *call) error { return c.feedbackForm(nil, nil) }

func (c *call) feedbackForm(err error, values map[string]string) error {
	about := safePath(c.e.Request.URL.Query().Get("page"))
	if values["page"] != "" {
		about = safePath(values["page"])
	}
	v := ui.Feedback{Form: c.form("/feedback", err, values), About: about}
	if c.by.Role == flow.Applicant {
		a, look := records.Load[*records.Applicant](c.s.Desk.App.DB(), c.by.ID)
		if look != nil {
			return look
		}
		v.Contact = a.Email
	}
	return c.show("improve/feedback", v, back("/"))
}

func feedbackPost(c *call) error {
	v := c.values()
	easy, _ := strconv.ParseInt(v["easy"], 10, 64)
	in := command.Said{Page: c.s.routeOf(v["page"]), Score: easy, Easy: v["clear"], Text: v["text"]}
	if v["reply"] != "" {
		in.Contact = v["contact"]
	}
	err := c.limit("feedback_ip", c.ip())
	if err == nil {
		err = c.limit("feedback_desk", "desk")
	}
	if err == nil {
		_, err = run(c, command.GiveFeedback, records.DeskID, in)
	}
	if expected(err) {
		return c.feedbackForm(err, v)
	}
	if err != nil {
		return err
	}
	to := "/feedback/thanks"
	if in.Contact != "" {
		to += "?reply=yes"
	}
	return c.seeOther(to)
}

func feedbackThanks(c *call) error {
	return c.show("improve/thanks", ui.Thanks{Reply: c.e.Request.URL.Query().Get("reply") != "", Back: "/"})
}

func helpPage(c *call) error {
	v := ui.Help{}
	d, err := c.settings()
	if err != nil {
		return err
	}
	for _, key := range []string{"submitted", "result_passed", "code_sign_in", "code_consent"} {
		text, err := c.s.sampleSMS(key, c.lang, d)
		if err != nil {
			return err
		}
		v.Messages = append(v.Messages, ui.Sample{Channel: "sms", About: c.s.UI.Text(c.lang, "help.about."+key), Text: text})
	}
	return c.show("notify/help", v, back("/"))
}

// eventWord is the word by which a page tells of an act: its own, or that there was one.
func eventWord(u *ui.UI, act string) string {
	if key := "event." + act; u.Text(ui.Languages[0], key) == key {
		return "other"
	}
	return act
}

// showError is the page for an error.
func (c *call) showError(t trouble) error {
	name := map[int]string{http.StatusForbidden: "error/403", http.StatusNotFound: "error/404", http.StatusConflict: "error/409",
		http.StatusRequestEntityTooLarge: "error/413", http.StatusTooManyRequests: "error/429", http.StatusInternalServerError: "error/500", http.StatusServiceUnavailable: "error/503"}[t.Status]
	if name == "" || t.Status == http.StatusConflict && t.By == "" {
		name = "error/refused"
	}
	v := ui.Error{At: c.when(t.At), MaxMB: maxFileMB, Again: "/"}
	if name == "error/refused" || name == "error/429" {
		v.Message = t.Message
	}
	if name == "error/409" {
		v.By, v.What = c.whose(t.actor), eventWord(c.s.UI, t.Act)
	}
	v.Wait = t.Wait
	v.Ref = t.Ref
	return c.showAs(t.Status, name, v, back("/"))
}
