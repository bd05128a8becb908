package hooks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// What happens once, between opening the desk and serving it: a demo is filled, a new desk gets the code of its first run.
// And what the person who started the program has to know.

// unfinished marks a demo that is being filled. Found at start, it says that the filling was broken off.
const unfinished = "demo_unfinished"

// begin fills an empty demo, or makes the one-time code of a desk that is not set up.
func (s *Server) begin(ctx context.Context) error {
	d, err := records.Load[*records.Desk](s.Desk.App.DB(), records.DeskID)
	if err != nil {
		return err
	}
	mark := filepath.Join(s.Config.Dir, unfinished)
	_, err = os.Stat(mark)
	switch {
	case err == nil:
		return fmt.Errorf("the demo in %s was broken off while it was being filled: delete %s and start again", s.Config.Dir, filepath.Dir(s.Config.Dir))
	case !errors.Is(err, fs.ErrNotExist):
		return err
	case d.State != flow.New || s.Config.Maintenance:
		return nil
	case !s.Config.Demo:
		s.setupCode = newSetupCode()
		return nil
	}
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		return err
	}
	if err := s.seed(ctx); err != nil {
		return fmt.Errorf("fill the demo: %w", err)
	}
	return os.Remove(mark)
}

// local is the address at which this machine reaches the desk.
func (s *Server) local() string {
	scheme := "http://"
	if s.Config.TLSCert != "" {
		scheme = "https://"
	}
	if s.Config.Domain != "" {
		return "https://" + s.Config.Domain
	}
	return scheme + hostOf(s.Config.HTTP)
}

// Greet prints where everything is, and how one comes in.
func (s *Server) Greet(w io.Writer) error {
	if s.Config.Maintenance {
		_, err := fmt.Fprintf(w, "certdesk is under maintenance: superusers at %s/_/ on this machine, closed for everybody else\n", s.local())
		return err
	}
	d, err := records.Load[*records.Desk](s.Desk.App.DB(), records.DeskID)
	if err != nil {
		return err
	}
	url := firstOf(s.publicURL(), s.local())
	fmt.Fprintf(w, "\n  申请 · portal   %s/\n  工作台 · desk   %s/_/\n", url, url)
	if s.setupCode != "" {
		fmt.Fprintf(w, "\n  第一次设置 · first run   %s/setup\n  启动代码 · set-up code   %s\n", s.local(), s.setupCode)
	}
	if d.Demo {
		fmt.Fprintf(w, "  导览 · tour     %s/demo\n\n", url)
		for _, p := range s.demoPeople("en") {
			fmt.Fprintf(w, "  %-10s %-24s %s\n", p.Role, p.User, firstOf(p.Password, "(by code: "+url+"/demo/outbox)"))
		}
		fmt.Fprintln(w, "\n  This is a demonstration with made-up people. The second factor is off.")
	}
	if !s.https() && !d.Demo && d.State != flow.New {
		fmt.Fprintln(w, "\n  Warning: the public URL is not https. Passwords and documents travel in clear.")
	}
	_, err = fmt.Fprintln(w)
	return err
}
