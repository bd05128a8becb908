package notify

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/net/html"
)

// failure says whether err is one of ours: a code and words that name nobody.
func failure(err error) bool {
	var f *Failure
	return errors.As(err, &f) && f.Code != ""
}

// FuzzWebhookAnswer: whatever a gateway answers, the message has left or there is a failure with a code.
func FuzzWebhookAnswer(f *testing.F) {
	for _, s := range []string{`{"id":"1"}`, `{"error":"no credit","permanent":true}`, `{"error":"wait","permanent":false}`, `{"id":"a\r\nb\u202e"}`, `<html>502</html>`, ``, `null`, `{"permanent":1}`, `{"error":"13800138000"}`} {
		for _, status := range []int{200, 204, 301, 400, 401, 409, 429, 500, 0, -1, 999} {
			f.Add(status, "7", []byte(s))
		}
	}
	f.Add(503, "99999999999999999999", []byte("x"))
	f.Fuzz(func(t *testing.T, status int, after string, raw []byte) {
		var a webhookAnswer
		_ = json.Unmarshal(raw, &a)
		id, err := judge(&http.Response{StatusCode: status, Status: "status", Header: http.Header{"Retry-After": {after}}}, a)
		if err != nil && !failure(err) {
			t.Errorf("%d %q: %v", status, raw, err)
		}
		if strings.ContainsFunc(id, unicode.IsControl) {
			t.Errorf("its id is %q", id)
		}
	})
}

// FuzzMailReplies: a mail server that says anything at all gets a message, or there is a failure with a code; it neither hangs
// nor breaks the sender.
func FuzzMailReplies(f *testing.F) {
	for _, s := range []string{"220 a\r\n250 a\r\n250 a\r\n250 a\r\n354 a\r\n250 ok\r\n221 a\r\n", "220 a\r\n250-a\r\n250-SIZE 1\r\n250 AUTH PLAIN\r\n250 a\r\n550 no such user\r\n", "421 busy\r\n", "220", "\r\n\r\n", "999 x\r\n", "220 a\r\n250-",
		"220 a\r\n250 a\r\n250 a\r\n250 a\r\n354 a\r\n451 later\r\n", "220 a\r\n250 a\r\n530 AUTH\r\n", "\x00\xff\r\n", "220 " + strings.Repeat("x", 5000) + "\r\n"} {
		f.Add([]byte(s))
	}
	line, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	defer line.Close()
	replies := make(chan []byte)
	go func() {
		for {
			conn, err := line.Accept()
			if err != nil {
				return
			}
			go speak(conn, <-replies)
		}
	}()
	port := line.Addr().(*net.TCPAddr).Port
	f.Fuzz(func(t *testing.T, said []byte) {
		done := make(chan struct{})
		go func() { // one reply for each connection, as often as it tries
			for {
				select {
				case replies <- said:
				case <-done:
					return
				}
			}
		}()
		defer close(done)
		m, err := NewMailer(MailSettings{Host: "127.0.0.1", Port: port, Security: "none", From: "desk@example.org", Timeout: 1})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
		defer stop()
		if _, err := m.Send(ctx, to("a")); err != nil && !failure(err) || ctx.Err() != nil {
			t.Errorf("%q: %v %v", said, err, ctx.Err())
		}
		m.Close()
	})
}

// speak says one line for each that it hears, and hangs up when it has no more to say.
func speak(conn net.Conn, said []byte) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Second))
	heard, data := bufio.NewReader(conn), false
	for line := range strings.Lines(string(said)) {
		if _, err := io.WriteString(conn, line); err != nil {
			return
		}
		if len(line) > 3 && line[3] == '-' {
			continue
		}
		for {
			got, err := heard.ReadString('\n')
			if err != nil {
				return
			}
			if !data || got == ".\r\n" {
				break
			}
		}
		data = strings.HasPrefix(line, "354")
	}
}

// FuzzCompose: what people entered cannot add a header, a line of a head, an element or a link.
func FuzzCompose(f *testing.F) {
	for _, s := range []string{"王秀英", "a\r\nBcc: x@example.com", "<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "https://evil.example.com/", "evil.example.com", "{{.code}}", "{{template \"x\"}}", "\u202e\u2066\u200b", "\xff\x00", strings.Repeat("长", 500), "javascript:alert(1)"} {
		f.Add(0, s)
	}
	all := Notices()
	f.Fuzz(func(t *testing.T, which int, entered string) {
		n := all[uint(which)%uint(len(all))]
		words := Words{}
		for _, name := range []string{"desk", "hotline", "hours", "url", "ref", "type", "due", "letter", "code", "minutes", "holder", "helper", "name", "link", "days", "number", "reason", "text", "until", "score", "contact", "count"} {
			words[name] = entered
		}
		for _, lang := range Languages {
			for _, channel := range []string{ChannelMail, ChannelSMS} {
				l, err := Compose(n.Key, lang, channel, words)
				if err != nil {
					continue
				}
				if strings.ContainsAny(l.Subject, "\r\n\x00") {
					t.Errorf("%s: subject %q", n.Key, l.Subject)
				}
				if channel == ChannelSMS && (strings.ContainsAny(l.Text, "\r\n") || strings.Contains(l.Text, "://")) {
					t.Errorf("%s: SMS %q", n.Key, l.Text)
				}
				harmless(t, l.HTML)
			}
		}
	})
}

func harmless(t *testing.T, text string) {
	t.Helper()
	for z := html.NewTokenizer(strings.NewReader(text)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			if strings.Contains(" script img iframe object embed svg form input link base ", " "+tag.Data+" ") {
				t.Fatalf("<%s> in %q", tag.Data, text)
			}
			for _, a := range tag.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "href" && strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript") {
					t.Fatalf("%s=%q in %q", a.Key, a.Val, text)
				}
			}
		}
	}
}

// FuzzTexts: a text with blanks is refused, or can be filled in or says which word is missing.
func FuzzTexts(f *testing.F) {
	for _, s := range []string{"Subject: a\n\nb {{.code}}\n--- sms\nc {{.code}}\n", "Subject: {{range .}}", "{{.x}}", "Subject:\n\n{{define \"a\"}}{{template \"a\"}}{{end}}{{template \"a\"}}", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if strings.Contains(raw, "template") || strings.Contains(raw, "range") {
			return // texts are the program's own; these could go on for ever
		}
		if x, err := parseText("fuzz", raw); err == nil && x.mail != nil {
			_, _ = fill(x.mail, Words{"code": "1"})
			blanks(x.mail)
		}
	})
}

// FuzzLetter: whatever a reviewer writes into a result, the letter is text.
func FuzzLetter(f *testing.F) {
	f.Add("材料看不清", "{{.Holder}}", "<b>x</b>\r\n\r\nFrom: a")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		for _, lang := range Languages {
			text, err := ComposeLetter(lang, Result{Desk: a, Name: b, Type: a, Sentence: c, Extra: c, Reasons: []Reason{{Text: a, Advice: c}, {Text: b}}, Date: "2026-11-26"})
			if err == nil && strings.ContainsAny(text, "\x00\x1b\r\u202e") {
				t.Errorf("%q", text)
			}
		}
	})
}
