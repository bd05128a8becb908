// The driver for everything else: it posts the message as JSON to an address of the operator, who passes it to a gateway.

package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"
)

// Headers of the webhook. The signature is "v1=" and the hex HMAC-SHA-256, under the shared secret, of the timestamp, a
// full stop and the body. The idempotency key is the message's ID: the same however often it is tried.
const (
	HeaderTimestamp   = "X-Certdesk-Timestamp"
	HeaderSignature   = "X-Certdesk-Signature"
	HeaderIdempotency = "Idempotency-Key"
)

const (
	webhookTimeout = 10 * time.Second
	longestAnswer  = 64 << 10
	longestWait    = 6 * time.Hour
)

// WebhookSMS posts messages to one address.
type WebhookSMS struct {
	s      SMSSettings
	client *http.Client
	now    func() time.Time
}

var headerName = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

// NewWebhookSMS checks the settings: https, or http on the same machine, and a secret of at least 16 characters.
func NewWebhookSMS(s SMSSettings) (*WebhookSMS, error) {
	u, err := url.Parse(s.URL)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		return nil, SettingsError("sms_url")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return nil, SettingsError("sms_url_plain")
	case len(s.Secret) < 16:
		return nil, SettingsError("sms_secret")
	case s.AuthHeader != "" && !headerName.MatchString(s.AuthHeader), s.AuthValue != oneLine(s.AuthValue):
		return nil, SettingsError("sms_auth_header")
	}
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: webhookTimeout}).DialContext, ForceAttemptHTTP2: true,
		MaxIdleConns: 4, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: longestAnswer}
	return &WebhookSMS{s: s, now: time.Now, client: &http.Client{Timeout: webhookTimeout, Transport: t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

// webhookSMS is what is posted.
type webhookSMS struct {
	ID       string  `json:"id"`
	To       string  `json:"to"`
	Template string  `json:"template"`
	Lang     string  `json:"lang"`
	Params   []Param `json:"params"`
	Text     string  `json:"text"`
	Sign     string  `json:"sign"`
}

// webhookAnswer is what may come back. An error with any status is an error; permanent, where it is given, decides.
type webhookAnswer struct {
	ID        string `json:"id"`
	Error     string `json:"error"`
	Permanent *bool  `json:"permanent"`
}

// Send posts one message and waits at most 10 seconds. Redirects are not followed. A repeated message that the other side
// knows already (409) counts as sent.
//
// Errors: sms_number, sms_refused (permanent), sms_later, sms_settings (the other side does not want us), sms_unreachable.
func (w *WebhookSMS) Send(ctx context.Context, m SMS) (string, error) {
	if _, err := Phone(m.To); err != nil {
		return "", refused("sms_number", "")
	}
	req, err := w.request(ctx, m)
	if err != nil {
		return "", err
	}
	res, err := w.client.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // without the address, which may hold a key
		}
		return "", later("sms_unreachable", err.Error())
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, longestAnswer))
	if err != nil {
		return "", later("sms_unreachable", err.Error())
	}
	var a webhookAnswer
	_ = json.Unmarshal(raw, &a) // an answer without JSON speaks by its status alone
	return judge(res, a)
}

func (w *WebhookSMS) request(ctx context.Context, m SMS) (*http.Request, error) {
	body, err := json.Marshal(webhookSMS(m))
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.s.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	stamp := strconv.FormatInt(w.now().Unix(), 10)
	req.GetBody = nil // the transport must not repeat it by itself
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "certdesk")
	req.Header.Set(HeaderTimestamp, stamp)
	req.Header.Set(HeaderSignature, "v1="+Sign(w.s.Secret, stamp, body))
	req.Header.Set(HeaderIdempotency, m.ID)
	if w.s.AuthHeader != "" {
		req.Header.Set(w.s.AuthHeader, w.s.AuthValue)
	}
	return req, nil
}

// Sign returns the hex HMAC-SHA-256 over timestamp, full stop and body.
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

func judge(res *http.Response, a webhookAnswer) (string, error) {
	said := a.Error
	if said == "" {
		said = res.Status
	}
	s := res.StatusCode
	switch {
	case a.Error != "" && a.Permanent != nil && *a.Permanent:
		return "", refused("sms_refused", said)
	case a.Error != "" && a.Permanent != nil:
		return "", soon(res, said)
	case s == http.StatusConflict, s >= 200 && s < 300 && a.Error == "":
		return oneLine(shorten(a.ID)), nil
	case s == http.StatusRequestTimeout, s == http.StatusTooEarly, s == http.StatusTooManyRequests, s >= 500, s < 300:
		return "", soon(res, said)
	case s == http.StatusBadRequest, s == http.StatusUnprocessableEntity, s == http.StatusRequestEntityTooLarge:
		return "", refused("sms_refused", said)
	}
	return "", later("sms_settings", said)
}

// soon asks to try again when the other side says, within bounds.
func soon(res *http.Response, said string) error {
	seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if err != nil || seconds <= 0 {
		return later("sms_later", said)
	}
	return laterAfter(min(time.Duration(seconds)*time.Second, longestWait), "sms_later", said)
}
