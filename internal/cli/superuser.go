package cli

// Superusers look after the machine, not the cases. They are made here, where only somebody with the data folder can be;
// a one-time code from here opens the dashboard when no mail can be sent.

import (
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/spf13/cobra"
)

func superuser() *cobra.Command {
	cmd := &cobra.Command{Use: "superuser", Short: "Make superusers, who look after the machine, and let them in"}
	cmd.AddCommand(superuserCreate(), superuserOTP())
	return cmd
}

func superuserCreate() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "create EMAIL",
		Short: "Make a superuser, with a password of your own or a new one that is printed once",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			password, made, err := choosePassword(cmd, file)
			if err != nil {
				return err
			}
			return withApp(cmd, func(app core.App) error {
				collection, err := app.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
				if err != nil {
					return err
				}
				row := core.NewRecord(collection)
				row.SetEmail(args[0])
				row.SetPassword(password)
				if err := app.Save(row); err != nil {
					return fmt.Errorf("superuser %s: %w", args[0], err)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "superuser %s is made\n", args[0])
				if made {
					fmt.Fprintf(cmd.OutOrStdout(), "password  %s   (shown only now)\n", password)
				}
				return nil
			})
		},
	}
	settings(cmd, "dir")
	cmd.Flags().StringVar(&file, "password-file", "", "file with the password; - reads it from standard input")
	return cmd
}

func superuserOTP() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "otp EMAIL",
		Short: "Print a one-time code for a superuser, for when no mail arrives",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withApp(cmd, func(app core.App) error {
				row, err := app.FindAuthRecordByEmail(core.CollectionNameSuperusers, args[0])
				if err != nil {
					return fmt.Errorf("there is no superuser %s: make one with \"certdesk superuser create\"", args[0])
				}
				restart, err := codesOn(app, row.Collection())
				if err != nil {
					return err
				}
				code := security.RandomStringWithAlphabet(row.Collection().OTP.Length, "0123456789")
				otp := core.NewOTP(app)
				otp.SetCollectionRef(row.Collection().Id)
				otp.SetRecordRef(row.Id)
				otp.SetPassword(code)
				if err := app.Save(otp); err != nil {
					return fmt.Errorf("one-time code: %w", err)
				}
				out := cmd.OutOrStdout()
				fmt.Fprintf(out, "id     %s\ncode   %s\nvalid  %d seconds\n", otp.Id, code, row.Collection().OTP.Duration)
				if restart {
					fmt.Fprintln(out, "Codes were off until now: restart the desk, then ask for another one.")
				}
				return nil
			})
		},
	}
	settings(cmd, "dir")
	return cmd
}

// codesOn makes sure that superusers sign in with a password and then a code; it reports whether that was new.
func codesOn(app core.App, c *core.Collection) (changed bool, err error) {
	if c.OTP.Enabled && c.MFA.Enabled {
		return false, nil
	}
	c.OTP.Enabled, c.MFA.Enabled = true, true
	return true, app.Save(c)
}

// withApp opens the data folder for one thing.
func withApp(cmd *cobra.Command, do func(core.App) error) error {
	cfg, err := load(cmd)
	if err != nil {
		return err
	}
	app, err := openApp(cfg)
	if err != nil {
		return err
	}
	return errors.Join(do(app), closeApp(app))
}
