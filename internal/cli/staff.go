package cli

// `certdesk staff reset`: a colleague lost the second factor, and no manager can help because it is the manager.

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

func staff() *cobra.Command {
	cmd := &cobra.Command{Use: "staff", Short: "Help colleagues who cannot come in"}
	cmd.AddCommand(staffReset())
	return cmd
}

func staffReset() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "reset EMAIL",
		Short: "A mailed code takes the place of a lost second factor; it is on record, and every session of the colleague ends",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			app, err := openApp(cfg)
			if err != nil {
				return err
			}
			d, err := openDesk(app, cfg)
			if err != nil {
				return errors.Join(err, closeApp(app))
			}
			defer d.Close()
			return errors.Join(resetFactor(cmd, app, d, args[0]), closeApp(app))
		},
	}
	settings(cmd, "dir", "keys", "root-key", "policies")
	return cmd
}

func resetFactor(cmd *cobra.Command, app core.App, d *command.Desk, email string) error {
	row, err := records.Find[*records.Staff](app.DB(), dbx.HashExp{"email": strings.ToLower(strings.TrimSpace(email))})
	if errors.Is(err, records.ErrNotFound) {
		return fmt.Errorf("there is no colleague with the e-mail %s", email)
	}
	if err != nil {
		return err
	}
	if _, err := command.Run(cmd.Context(), d, command.Itself, command.Recover, command.At{ID: row.ID}, struct{}{}); err != nil {
		if flow.Refused(err, "not_now") {
			return fmt.Errorf("%s is %s here, and has no second factor to lose", email, row.State)
		}
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s signs in with the password and a code that is mailed; the recovery codes are void.\n", row.Name)
	return err
}
