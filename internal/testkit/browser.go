package testkit

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Browser is somebody without JavaScript: it follows links and sends forms with what they carry.
type Browser struct {
	T      testing.TB
	Base   string
	Client *http.Client
	Header http.Header // sent with every request

	Status int
	Path   string // where the last answer came from
	Body   string
	Said   http.Header // of the last answer
	doc    *html.Node
}

// Browser opens one.
func (d *Desk) Browser() *Browser {
	jar, _ := cookiejar.New(nil)
	return &Browser{T: d.T, Base: d.URL, Client: &http.Client{Jar: jar}, Header: http.Header{"Accept-Language": {"zh-CN"}, "Sec-Fetch-Site": {"same-origin"}}}
}

// Get opens a page.
func (b *Browser) Get(path string) *Browser {
	b.T.Helper()
	return b.do(http.MethodGet, path, "", nil)
}

func (b *Browser) do(method, path, media string, body io.Reader) *Browser {
	b.T.Helper()
	u, err := url.Parse(b.Base)
	if err != nil {
		b.T.Fatal(err)
	}
	ref, err := url.Parse(path)
	if err != nil {
		b.T.Fatal(err)
	}
	req, err := http.NewRequest(method, u.ResolveReference(ref).String(), body)
	if err != nil {
		b.T.Fatal(err)
	}
	for k, v := range b.Header {
		req.Header[k] = v
	}
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	res, err := b.Client.Do(req)
	if err != nil {
		b.T.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		b.T.Fatal(err)
	}
	b.Status, b.Path, b.Body, b.Said = res.StatusCode, res.Request.URL.RequestURI(), string(raw), res.Header
	b.doc, _ = html.Parse(strings.NewReader(b.Body))
	return b
}

// Want ends the test unless the page answered with this status.
func (b *Browser) Want(status int) *Browser {
	b.T.Helper()
	if b.Status != status {
		b.T.Fatalf("%s answered %d, want %d:\n%s", b.Path, b.Status, status, b.Text())
	}
	return b
}

// Has ends the test unless the page shows the text.
func (b *Browser) Has(text string) *Browser {
	b.T.Helper()
	if !strings.Contains(b.Text(), text) {
		b.T.Fatalf("%s does not show %q:\n%s", b.Path, text, b.Text())
	}
	return b
}

// Text is what the page says.
func (b *Browser) Text() string {
	var out strings.Builder
	each(b.doc, func(n *html.Node) {
		if n.Type == html.TextNode && n.Parent != nil && n.Parent.Data != "script" && n.Parent.Data != "style" {
			if t := strings.TrimSpace(n.Data); t != "" {
				out.WriteString(t + "\n")
			}
		}
	})
	return out.String()
}

func each(n *html.Node, f func(*html.Node)) {
	if n == nil {
		return
	}
	f(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, f)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// form finds the first form of method post whose action contains part, and what it carries.
func (b *Browser) form(part string) (action string, fields url.Values) {
	each(b.doc, func(n *html.Node) {
		if fields != nil || n.Type != html.ElementNode || n.Data != "form" || !strings.EqualFold(attr(n, "method"), "post") || !strings.Contains(attr(n, "action"), part) {
			return
		}
		action, fields = attr(n, "action"), url.Values{}
		each(n, func(in *html.Node) {
			if in.Type != html.ElementNode || attr(in, "name") == "" {
				return
			}
			kind := attr(in, "type")
			switch {
			case in.Data == "input" && (kind == "hidden" || kind == "text" || kind == "tel" || kind == "email"):
				fields.Add(attr(in, "name"), attr(in, "value"))
			case in.Data == "input" && (kind == "radio" || kind == "checkbox") && has(in, "checked"):
				fields.Add(attr(in, "name"), attr(in, "value"))
			}
		})
	})
	if fields == nil {
		b.T.Helper()
		b.T.Fatalf("%s has no form to %q:\n%s", b.Path, part, b.Text())
	}
	return action, fields
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// Send fills in a form and sends it: pairs of name and value replace what it carries.
func (b *Browser) Send(part string, pairs ...string) *Browser {
	b.T.Helper()
	action, fields := b.form(part)
	for i := 0; i+1 < len(pairs); i += 2 {
		fields.Set(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, action, "application/x-www-form-urlencoded", strings.NewReader(fields.Encode()))
}

// Upload fills in a form with a file and sends it.
func (b *Browser) Upload(part, name string, data []byte, pairs ...string) *Browser {
	b.T.Helper()
	action, fields := b.form(part)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		fields.Set(pairs[i], pairs[i+1])
	}
	for k, v := range fields {
		for _, s := range v {
			w.WriteField(k, s)
		}
	}
	f, _ := w.CreateFormFile("file", name)
	f.Write(data)
	w.Close()
	return b.do(http.MethodPost, action, w.FormDataContentType(), &body)
}

// Call sends JSON to the desk's API and reads the answer.
func (b *Browser) Call(method, path string, in any, out any) *Browser {
	b.T.Helper()
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			b.T.Fatal(err)
		}
		body = bytes.NewReader(raw)
	}
	b.do(method, path, "application/json", body)
	if out != nil && b.Status < 300 {
		if err := json.Unmarshal([]byte(b.Body), out); err != nil {
			b.T.Fatalf("%s: %v\n%s", path, err, b.Body)
		}
	}
	return b
}
