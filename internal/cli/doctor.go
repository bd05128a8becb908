package cli

// `certdesk doctor`: everything that has to be right around a desk, in plain words. It reads and changes nothing, and it
// needs no running desk; what it cannot see it says.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/spf13/cobra"

	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
)

// How a thing is.
const (
	fine   = "ok"
	warned = "warning"
	broken = "bad"
)

// check is one thing that doctor looked at.
type check struct {
	Name string `json:"name"`
	How  string `json:"how"` // ok, warning or bad
	Text string `json:"text"`
}

// patient is what doctor looks at. What could not be opened is nil.
type patient struct {
	context.Context
	cfg  config.Config
	db   *dbx.DB
	desk *records.Desk
	keys *vault.Vault
	root *[32]byte // from a recovery sheet
}

// looks are the checks, in the order in which they are printed.
var looks = []struct {
	name string
	look func(*patient) (how, text string)
}{
	{"program", lookProgram},
	{"data", lookData},
	{"permissions", lookPermissions},
	{"keys", lookKeys},
	{"sheet", lookSheet},
	{"sandbox", lookSandbox},
	{"disk", lookDisk},
	{"clock", lookClock},
	{"calendar", lookCalendar},
	{"certificate", lookCertificate},
	{"mail", lookMail},
	{"sms", lookSMS},
	{"backup", lookBackup},
}

func doctor() *cobra.Command {
	var asJSON bool
	var sheet string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look at everything around the desk; exit 0: all is well or only warned about, 1: something is bad",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			p := &patient{Context: cmd.Context(), cfg: cfg}
			if sheet != "" {
				if p.root, err = readSheet(cmd, sheet); err != nil {
					return err
				}
			}
			p.open()
			defer p.close()
			return printChecks(cmd.OutOrStdout(), p.examine(), asJSON)
		},
	}
	settings(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the checks as JSON")
	cmd.Flags().StringVar(&sheet, "sheet", "", "file with the lines of the recovery sheet, to see whether they fit; - reads them from standard input")
	return cmd
}

func (p *patient) examine() (all []check) {
	for _, l := range looks {
		if how, text := l.look(p); how != "" {
			all = append(all, check{l.name, how, text})
		}
	}
	return all
}

func (p *patient) close() {
	if p.db != nil {
		p.db.Close()
	}
	if p.keys != nil {
		p.keys.Close()
	}
}

func printChecks(w io.Writer, all []check, asJSON bool) error {
	var err error
	if asJSON {
		err = json.NewEncoder(w).Encode(all)
	} else {
		signs := map[string]string{fine: "ok      ", warned: "WARNING ", broken: "BAD     "}
		for _, c := range all {
			_, wrote := fmt.Fprintf(w, "%s %-12s %s\n", signs[c.How], c.Name, c.Text)
			err = errors.Join(err, wrote)
		}
	}
	if err == nil && slices.ContainsFunc(all, func(c check) bool { return c.How == broken }) {
		return exit(exitFindings)
	}
	return err
}
