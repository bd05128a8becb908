package cli

// `certdesk archive`: the record against itself, against every row, and against checkpoints that were kept elsewhere; and
// the checkpoints to be kept there.

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/certdesk/certdesk/internal/command"
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
	cmd.AddCommand(archiveVerify(), archiveWitness(), archiveKey())
	return cmd
}

func archiveVerify() *cobra.Command {
	var asJSON bool
	var kept []string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Compute the record again and compare every row with it; exit 0: all holds, 1: something was changed, 2: could not look",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return unseen(cmd, err)
			}
			report, err := verify(cmd, cfg, kept)
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
	cmd.Flags().StringArrayVar(&kept, "checkpoint", nil, "file with a checkpoint that was kept elsewhere; as often as there are any")
	return cmd
}

func archiveWitness() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "witness",
		Short: "Sign the record as it is and print the checkpoint: keep it where nobody of this machine can reach it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDesk(cmd, func(d *command.Desk) error {
				note, err := d.Checkpoint(cmd.Context())
				if err == nil && note == "" {
					err = errors.New("the record is empty: there is nothing to sign yet")
				}
				if err != nil {
					return err
				}
				_, err = io.WriteString(cmd.OutOrStdout(), note)
				return err
			})
		},
	}
	settings(cmd, "dir", "keys", "root-key", "policies")
	return cmd
}

func archiveKey() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key",
		Short: "Print the public key of the record, for others who verify it: note it once, and believe yours",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDesk(cmd, func(d *command.Desk) error {
				_, err := fmt.Fprintln(cmd.OutOrStdout(), d.PublicKey())
				return err
			})
		},
	}
	settings(cmd, "dir", "keys", "root-key", "policies")
	return cmd
}

func unseen(cmd *cobra.Command, err error) error {
	fmt.Fprintln(cmd.ErrOrStderr(), "certdesk:", err)
	return exit(exitUnseen)
}

func verify(cmd *cobra.Command, cfg config.Config, kept []string) (r ledger.Report, err error) {
	var witness []string
	for _, file := range kept {
		note, err := os.ReadFile(file)
		if err != nil {
			return r, fmt.Errorf("checkpoint: %w", err)
		}
		witness = append(witness, string(note))
	}
	err = inDesk(cfg, func(d *command.Desk) (err error) {
		r, err = d.Verify(cmd.Context(), witness...)
		return err
	})
	return r, err
}

// withDesk opens the desk that the settings name.
func withDesk(cmd *cobra.Command, f func(*command.Desk) error) error {
	cfg, err := load(cmd)
	if err != nil {
		return err
	}
	return inDesk(cfg, f)
}

func inDesk(cfg config.Config, f func(*command.Desk) error) error {
	app, err := openApp(cfg)
	if err != nil {
		return err
	}
	defer closeApp(app)
	d, err := openDesk(app, cfg)
	if err != nil {
		return err
	}
	defer d.Close()
	return f(d)
}

func printReport(w io.Writer, r ledger.Report) error {
	fmt.Fprintf(w, "entries      %d\nroot         %s\nrows         %d compared\ncheckpoints  %d hold\n", r.Size, r.Root, r.Rows, r.Checkpoints)
	if r.Witnesses > 0 {
		fmt.Fprintf(w, "elsewhere    %d checkpoints hold\n", r.Witnesses)
	}
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
