package notify

// Mail servers that break the protocol: what the message's row will say, and that the desk is never held up by them.

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// speaks is a server that does what it is told with each connection.
func speaks(t *testing.T, talk func(c net.Conn, r *bufio.Reader)) *post {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				talk(c, bufio.NewReader(c))
			}()
		}
	}()
	return &post{Port: ln.Addr().(*net.TCPAddr).Port}
}

// upToData speaks properly until the text may come.
func upToData(c net.Conn, r *bufio.Reader) bool {
	io.WriteString(c, "220 post.example.org\r\n")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return false
		}
		switch strings.ToUpper(line[:min(4, len(line))]) {
		case "DATA":
			io.WriteString(c, "354 go on\r\n")
			return true
		case "QUIT":
			io.WriteString(c, "221 bye\r\n")
			return false
		default:
			io.WriteString(c, "250 fine\r\n")
		}
	}
}

// wholeText reads up to the final dot and returns the Message-ID.
func wholeText(r *bufio.Reader) (id string) {
	for {
		line, err := r.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return id
		}
		if name, value, _ := strings.Cut(line, ":"); strings.EqualFold(name, "Message-ID") {
			id = strings.TrimSpace(value)
		}
	}
}

func TestMailServersThatBreakTheProtocol(t *testing.T) {
	var gaveUp atomic.Int32
	drip := func(c net.Conn, words string) { // byte by byte, long beyond every deadline, each byte in time for its own
		for range 400 {
			for _, b := range []byte(words) {
				if _, err := c.Write([]byte{b}); err != nil {
					gaveUp.Add(1)
					return
				}
				time.Sleep(50 * time.Millisecond)
			}
		}
	}
	for name, x := range map[string]struct {
		talk func(c net.Conn, r *bufio.Reader)
		code string
		slow bool
	}{
		"greets with 554":      {func(c net.Conn, r *bufio.Reader) { io.WriteString(c, "554 no service here\r\n"); r.ReadString('\n') }, "mail_settings", false},
		"greets with garbage":  {func(c net.Conn, r *bufio.Reader) { io.WriteString(c, "\x00\xff garbage\r\n"); r.ReadString('\n') }, "mail_unreachable", false},
		"cut off at once":      {func(net.Conn, *bufio.Reader) {}, "mail_unreachable", false},
		"cut off in the text":  {func(c net.Conn, r *bufio.Reader) { upToData(c, r); r.ReadString('\n') }, "mail_broken_off", false},
		"cut off after it":     {func(c net.Conn, r *bufio.Reader) { upToData(c, r); wholeText(r) }, "mail_broken_off", false},
		"garbage after it":     {func(c net.Conn, r *bufio.Reader) { upToData(c, r); wholeText(r); io.WriteString(c, "hm\r\n") }, "mail_broken_off", false},
		"an endless greeting":  {func(c net.Conn, r *bufio.Reader) { drip(c, "220-welcome\r\n") }, "mail_unreachable", true},
		"an endless last word": {func(c net.Conn, r *bufio.Reader) { upToData(c, r); wholeText(r); drip(c, "250-so\r\n") }, "mail_broken_off", true},
	} {
		t.Run(name, func(t *testing.T) {
			before := gaveUp.Load()
			s := settings(speaks(t, x.talk), "none")
			s.Timeout = 1
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			_, err := mailer(t, s).Send(ctx, to("a"))
			if ctx.Err() != nil {
				t.Fatal("the server held the desk up beyond its deadline")
			}
			if got, permanent := code(err); got != x.code || permanent {
				t.Fatalf("%v permanent=%v", err, permanent)
			}
			for end := time.Now().Add(20 * time.Second); x.slow && gaveUp.Load() == before; time.Sleep(20 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("the connection is still held")
				}
			}
		})
	}
}

// A text that may have arrived is sent once more under the same Message-ID, so that the other side can tell.
func TestMailCutOffAfterTheTextComesOnceMore(t *testing.T) {
	ids, calls := make(chan string, 9), atomic.Int32{}
	s := settings(speaks(t, func(c net.Conn, r *bufio.Reader) {
		if !upToData(c, r) {
			return
		}
		ids <- wholeText(r)
		if calls.Add(1) > 1 {
			io.WriteString(c, "250 got it\r\n")
			r.ReadString('\n')
		}
	}), "none")
	m := mailer(t, s)
	if got, permanent := code(second(m.Send(t.Context(), to("a")))); got != "mail_broken_off" || permanent {
		t.Fatal(got)
	}
	if _, err := m.Send(t.Context(), to("a")); err != nil {
		t.Fatal(err)
	}
	if a, b := <-ids, <-ids; a != b || a == "" || len(ids) != 0 {
		t.Fatal(a, b, len(ids))
	}
}

// A certificate for another name is no certificate.
func TestMailCertificateOfAnotherName(t *testing.T) {
	p := newPost(t, nil).open(t, "tls")
	s := settings(p, "tls")
	s.Host, s.Timeout = "localhost", 2 // the certificate is for 127.0.0.1
	if got, permanent := code(second(mailer(t, s).Send(t.Context(), to("a")))); got != "mail_unreachable" || permanent {
		t.Fatal(got)
	}
	if n := len(p.letters()); n != 0 {
		t.Fatal(n)
	}
}
