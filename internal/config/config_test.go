package config

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "certdesk.conf")
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestDefaults(t *testing.T) {
	c, err := Load(nil, []string{"HOME=/root", "CERTDESK_PROXY=", "CERTDESKTOP=1"}, "")
	if err != nil {
		t.Fatal(err)
	}
	here, _ := os.Getwd()
	if c.Dir != filepath.Join(here, "pb_data") || c.Keys != filepath.Join(here, "keys") || c.Plugins != filepath.Join(here, "pb_plugins") ||
		c.RootKey != filepath.Join(here, "keys", "root.key") || c.Policies != "" {
		t.Errorf("folders %+v", c)
	}
	if c.HTTP != "127.0.0.1:8090" || c.Demo || c.Maintenance || c.SMS != (SMS{}) || c.LogLevel != slog.LevelInfo || c.Proxy != nil || len(c.SuperuserIPs) != 2 {
		t.Errorf("%+v", c)
	}
}

// Flags go before the environment, that before the file.
func TestOrder(t *testing.T) {
	file := write(t, "\ufeff# the desk\r\n\nhttp = :1\nlog-level = debug\r\n  dir=\"/srv/desk data\"\nproxy = 10.0.0.0/8, fd00::1\nsms = https://sms.example.org/send?x=1\n", 0o644)
	c, err := Load(map[string]string{"http": ":3"}, []string{"CERTDESK_HTTP=:2", "CERTDESK_LOG_LEVEL=warn", "CERTDESK_CONFIG=" + file}, "")
	if err != nil {
		t.Fatal(err)
	}
	if c.HTTP != ":3" || c.LogLevel != slog.LevelWarn || c.Dir != "/srv/desk data" || c.Keys != "/srv/keys" || len(c.Proxy) != 2 || c.SMS.URL == "" {
		t.Errorf("%+v", c)
	}
	var out strings.Builder
	if err := c.Print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"http                = :3", "# --http", "# CERTDESK_LOG_LEVEL", "# " + file + ":5", "# default", "= /srv/keys"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}

func TestSecrets(t *testing.T) {
	const secret = "correct-horse-battery"
	file := write(t, "sms = https://sms.example.org\nsms-secret = "+secret+"\nsmtp = smtp://me:"+secret+"@mail.example.org:587\n", 0o600)
	held := write(t, "authorization: Bearer "+secret+"\n", 0o600)
	c, err := Load(map[string]string{"sms-header": "@" + held}, nil, file)
	if err != nil {
		t.Fatal(err)
	}
	if c.SMS.Secret != secret || c.SMS.Header != "Authorization: Bearer "+secret || !strings.Contains(c.SMTP, secret) {
		t.Errorf("%+v", c)
	}
	var out strings.Builder
	c.Print(&out)
	if strings.Contains(out.String(), secret) || !strings.Contains(out.String(), "********") {
		t.Errorf("a secret is printed:\n%s", out.String())
	}
	if _, err = Load(map[string]string{"smtp": "http://me:" + secret + "@x", "sms-header": secret}, nil, ""); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("an error gives a secret away: %v", err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err = Load(nil, nil, file); err == nil || !strings.Contains(err.Error(), "can be read by everybody") {
		t.Errorf("got %v", err)
	}
	if _, err = Load(map[string]string{"sms-header": "@/no/such/file"}, nil, ""); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestValues(t *testing.T) {
	webhook := "https://sms.example.org"
	for _, c := range []struct {
		name string
		good []string
		bad  []string
		with map[string]string
	}{
		{name: "dir", good: []string{"/srv/data", "data"}, bad: []string{"", "a\x00b", "what?"}},
		{name: "keys", good: []string{"/srv/keys", "pb_data_keys"}, bad: []string{"pb_data", "pb_data/keys", ".", "/"}},
		{name: "root-key", good: []string{"/run/credentials/root.key"}, bad: []string{"pb_data/root.key"}},
		{name: "plugins", good: []string{"/srv/plugins"}, bad: []string{"pb_data/plugins"}},
		{name: "http", good: []string{":80", "0.0.0.0:8090", "[::1]:8090", "desk.example.org:443", "127.0.0.1:0"}, bad: []string{"", "8090", "localhost", "x:", "x:99999", "x:-1", "x:+1", "x:080", "a b:80", "::1:80"}},
		{name: "url", good: []string{"", "https://desk.example.org", "http://10.0.0.1:8090/"}, bad: []string{"desk.example.org", "ftp://x", "https://", "https://x/desk", "https://u@x", "https://x?y", "https://x#y"}},
		{name: "domain", good: []string{"", "desk.example.org", "xn--fiqs8s.cn"}, bad: []string{"desk", "https://desk.example.org", "desk.example.org.", "-a.b", "a-.b", "a_b.c", "A.b", "桌.cn", "10.0.0.1"}},
		{name: "tls-cert", good: []string{"/etc/x.pem"}, with: map[string]string{"tls-key": "/etc/x.key"}},
		{name: "tls-cert", bad: []string{"/etc/x.pem"}},
		{name: "tls-key", bad: []string{"/etc/x.key"}},
		{name: "domain", bad: []string{"desk.example.org"}, with: map[string]string{"proxy": "10.0.0.1"}},
		{name: "domain", bad: []string{"desk.example.org"}, with: map[string]string{"tls-key": "k", "tls-cert": "c"}},
		{name: "acme", good: []string{"", "https://acme-staging-v02.api.letsencrypt.org/directory", "https://127.0.0.1:14000/dir"}, bad: []string{"letsencrypt", "http://acme.example.org/directory", "https://", "https://me@x/dir", "https://x/#dir"}, with: map[string]string{"domain": "desk.example.org"}},
		{name: "acme", bad: []string{"https://acme.example.org/directory"}},
		{name: "proxy", good: []string{"", "10.0.0.1", "10.0.0.0/8,::1"}, bad: []string{"0.0.0.0/0", "::/0", "10.0.0.1/8", "proxy", "10.0.0.1,", "10.0.0.300", "fe80::1%eth0"}},
		{name: "superuser-ips", good: []string{"127.0.0.1", "0.0.0.0/0"}, bad: []string{"", "all"}},
		{name: "plugin-sandbox", good: []string{"", "off"}, bad: []string{"on", "OFF", "false"}},
		{name: "sms", good: []string{"log", webhook, "http://127.0.0.1:9/x", "http://localhost:9"}, bad: []string{"", "webhook", "http://sms.example.org", "https://", "https://u:p@x", "file:///x"}},
		{name: "sms-header", good: []string{"", "X-Token: abc"}, bad: []string{"abc", "X Token: abc", "X-Token:", "X-Token: a\r\nB: c"}, with: map[string]string{"sms": webhook}},
		{name: "sms-header", bad: []string{"X-Token: abc"}},
		{name: "sms-secret", good: []string{"", "0123456789abcdef"}, bad: []string{"short"}, with: map[string]string{"sms": webhook}},
		{name: "sms-secret", bad: []string{"0123456789abcdef"}},
		{name: "smtp", good: []string{"", "smtp://mail.example.org", "smtps://u:p%40@mail.example.org:465", "smtp://127.0.0.1:25?from=desk@example.org"}, bad: []string{"mail.example.org", "https://x", "smtp://", "smtp://x/y", "smtp://x?y", "smtp://x?from=", "smtp://x?from=nobody", "smtp://x?from=a@b.c&from=d@e.f", "smtp://x?from=a@b.c&to=d@e.f"}},
		{name: "disk-floor", good: []string{"0", "1MB", "512MB", "2GB", "1000GB"}, bad: []string{"", "512", "512 MB", "0MB", "-1GB", "1TB", "1001GB", "99999999999999999999GB", "1.5GB"}},
		{name: "demo", good: []string{"true", "no", "1", "off"}, bad: []string{"", "maybe", "True"}},
		{name: "maintenance", good: []string{"true"}},
		{name: "maintenance", bad: []string{"true"}, with: map[string]string{"http": ":8090"}},
		{name: "maintenance", bad: []string{"true"}, with: map[string]string{"demo": "true"}},
		{name: "maintenance", bad: []string{"true"}, with: map[string]string{"domain": "desk.example.org"}},
		{name: "log-level", good: []string{"debug", "error"}, bad: []string{"", "trace", "INFO", "info+2"}},
	} {
		try := func(text string) error {
			flags := map[string]string{c.name: text}
			for name, value := range c.with {
				flags[name] = value
			}
			_, err := Load(flags, nil, "")
			return err
		}
		for _, text := range c.good {
			if err := try(text); err != nil {
				t.Errorf("%v", err)
			}
		}
		for _, text := range c.bad {
			err := try(text)
			var e *Error
			if !errors.As(err, &e) || e.Allowed == "" || e.From == "" {
				t.Errorf("%s = %q %v: got %v", c.name, text, c.with, err)
			}
		}
	}
}

// Every mistake is named at once, and a misspelt name gets a suggestion.
func TestMistakes(t *testing.T) {
	file := write(t, "htpp = :80\nlog_level = info\nproxy\nhttp = :1\nhttp = :2\nquite-something-else-entirely = 1\nsms = pigeon\n", 0o644)
	_, err := Load(map[string]string{"plugin-sandbx": "off"}, []string{"CERTDESK_DEMOO=1", "CERTDESK_LOG-LEVEL=info"}, file)
	if err == nil {
		t.Fatal("taken")
	}
	for _, want := range []string{
		"htpp (" + file + ":1): there is no such setting; is http meant?",
		"log_level (" + file + ":2): there is no such setting; is log-level meant?",
		file + ":3: \"proxy\": allowed is a line like",
		file + ":5: http was given in " + file + ":4 already",
		"quite-something-else-entirely (" + file + ":6): there is no such setting\n",
		"plugin-sandbx (--plugin-sandbx): there is no such setting; is plugin-sandbox meant?",
		"CERTDESK_DEMOO (the environment): there is no such setting; is CERTDESK_DEMO meant?",
		"CERTDESK_LOG-LEVEL (the environment): there is no such setting; is CERTDESK_LOG_LEVEL meant?",
		"sms = \"pigeon\" (" + file + ":7): allowed is log, or https://",
	} {
		if !strings.Contains(err.Error()+"\n", want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
	if _, err := Load(nil, nil, "/no/such/file"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if _, err := Load(nil, nil, write(t, "http = \xff\n", 0o600)); err == nil {
		t.Error("a file that is not UTF-8 was taken")
	}
}

func TestHelpNamesEverySetting(t *testing.T) {
	var out strings.Builder
	if err := Help(&out); err != nil {
		t.Fatal(err)
	}
	n := 0
	Names(func(name, _, help string) bool {
		n++
		if help == "" || !strings.Contains(out.String(), "--"+name+" ") {
			t.Errorf("%s is not in the help", name)
		}
		return true
	})
	if n != len(settings) {
		t.Errorf("%d of %d settings", n, len(settings))
	}
}
