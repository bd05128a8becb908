package cli

// `certdesk archive verify`: the record against itself and against every row, from outside the running desk.

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/ledger"
)

// What archive verify exits with.
const (
	exitFindings = 1 // something was changed
	exitUnseen   = 2 // it could not be looked at
)

func archive() *cobra.Command {
	cmd := &cobra.Command{Use: "archive", Short: "Look after the record"}
	cmd.AddCommand(archiveVerify())
	return cmd
}

func archiveVerify() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Compute the record again and compare every row with it; exit 0: all holds, 1: something was changed, 2: could not look",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return unseen(cmd, err)
			}
			report, err := verify(cmd, cfg)
			if err != nil {
				return unseen(cmd, err)
			}
			if asJSON {
				err = json.NewEncoder(cmd.OutOrStdout()).Encode(report)
			} else {
				err = printReport(cmd.OutOrStdout(), report)
			}
			if err == nil && !report.OK() {
				return exit(exitFindings)
			}
			return err
		},
	}
	settings(cmd, "dir", "keys", "root-key", "policies")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return cmd
}

func unseen(cmd *cobra.Command, err error) error {
	fmt.Fprintln(cmd.ErrOrStderr(), "certdesk:", err)
	return exit(exitUnseen)
}

func verify(cmd *cobra.Command, cfg config.Config) (r ledger.Report, err error) {
	app, err := openApp(cfg)
	if err != nil {
		return r, err
	}
	defer closeApp(app)
	d, err := openDesk(app, cfg)
	if err != nil {
		return r, err
	}
	defer d.Close()
	return d.Verify(cmd.Context())
}

func printReport(w io.Writer, r ledger.Report) error {
	fmt.Fprintf(w, "entries      %d\nroot         %s\nrows         %d compared\ncheckpoints  %d hold\n", r.Size, r.Root, r.Rows, r.Checkpoints)
	if r.Erased > 0 {
		fmt.Fprintf(w, "erased       %d personal parts\n", r.Erased)
	}
	for _, f := range r.Warnings {
		fmt.Fprintln(w, "warning     ", line(f))
	}
	for _, f := range r.Findings {
		fmt.Fprintln(w, "CHANGED     ", line(f))
	}
	if r.More > 0 {
		fmt.Fprintf(w, "and %d more\n", r.More)
	}
	end := "The record holds: nothing was changed behind its back."
	if !r.OK() {
		end = fmt.Sprintf("%d differences: somebody changed the data behind the desk's back.", len(r.Findings)+r.More)
	}
	_, err := fmt.Fprintln(w, end)
	return err
}

func line(f ledger.Finding) string {
	at := string(f.Kind)
	if f.Noun != "" {
		at += " " + f.Noun + " " + f.ID
	}
	if f.Seq > 0 {
		at += fmt.Sprintf(" (entry %d)", f.Seq)
	}
	return at + ": " + f.Text
}
