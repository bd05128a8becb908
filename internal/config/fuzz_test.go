package config

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzFile: a file of settings is refused with the name of what is wrong, or read; a secret is never printed, nor part of
// an error.
func FuzzFile(f *testing.F) {
	for _, s := range []string{"", "http = 127.0.0.1:1\n", "# x\r\n\ufeffdir = \"a b\"\n", "sms-secret = 0123456789abcdef-canary\nsms = https://example.com/x\n", "smtp = smtp://user:canary-password@host:587\n", "smtp = smtp://user:canary@[::1\n",
		"http = x\nhttp = y\n", "http\n", "proxy = 10.0.0.0/33\n", "superuser-ips = ::1, 127.0.0.1\n", "url = javascript:alert(1)\n", "= x\n", "nonsense = 1\n", "sms-header = X: canary\r\n Y: z\n", "demo = maybe\n", "\xff\xfe"} {
		f.Add([]byte(s))
	}
	file := filepath.Join(f.TempDir(), "settings")
	f.Fuzz(func(t *testing.T, raw []byte) {
		for line := range strings.Lines(string(raw)) {
			if _, v, ok := strings.Cut(line, "="); ok && strings.HasPrefix(strings.Trim(v, " \t\""), "@") {
				return // would read a file of this machine
			}
		}
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(nil, nil, file)
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Error("refused without a word")
			}
			return
		}
		var out bytes.Buffer
		if err := c.Print(&out); err != nil {
			t.Fatal(err)
		}
		for _, v := range c.values {
			if v.secret && len(v.text) > 7 && strings.Contains(out.String(), v.text) {
				t.Errorf("%s is printed", v.name)
			}
		}
		if !filepath.IsAbs(c.Dir) || !filepath.IsAbs(c.Keys) || c.HTTP == "" {
			t.Errorf("%+v", c)
		}
	})
}
