package cli

// `certdesk backup` and `certdesk restore`: copies of a running desk, and putting one back where there is none.

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/certdesk/certdesk/internal/backup"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/vault"
)

var backupSettings = []string{"dir", "keys", "root-key", "backup", "backup-keys", "backup-secret", "backup-keys-secret", "backup-keep"}

func backupDesk() *cobra.Command {
	var try bool
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "Copy data, documents and keys, while the desk runs or not",
		Long: "Copies data and documents to --backup and the keys to --backup-keys, each a folder or an S3 bucket.\n" +
			"The desk may run meanwhile. A copy that is broken off never counts.",
		Example: "  certdesk backup --backup /mnt/copies/data --backup-keys /mnt/safe/keys",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			places, err := placesOf(cfg)
			if err != nil {
				return err
			}
			d := backup.Desk{Dir: cfg.Dir, Keys: cfg.Keys, RootKey: cfg.RootKey, Version: release()}
			m, err := d.Make(cmd.Context(), places)
			if err != nil {
				return err
			}
			copied(cmd, cfg, m, places)
			if try {
				return tried(cmd, d, places)
			}
			return nil
		},
	}
	settings(cmd, backupSettings...)
	cmd.Flags().BoolVar(&try, "try", false, "also put the copy back beside the desk, look at it and remove it again")
	return cmd
}

func placesOf(cfg config.Config) (c backup.Copies, err error) {
	if cfg.Backup.Data == "" {
		return c, errors.New("where to? Name two places with --backup and --backup-keys, or in the settings")
	}
	if c.Data, err = backup.OpenPlace(cfg.Backup.Data, cfg.Backup.DataSecret); err != nil {
		return c, err
	}
	c.Keys, err = backup.OpenPlace(cfg.Backup.Keys, cfg.Backup.KeysSecret)
	c.Keep, c.Prune = cfg.Backup.Keep, true
	return c, err
}

func copied(cmd *cobra.Command, cfg config.Config, m backup.Manifest, to backup.Copies) {
	w := cmd.OutOrStdout()
	fmt.Fprintf(w, "copy       %s\ndata       %s, %d documents, %d entries of the record\nkeys       %s, kept %d days\n", m.ID, to.Data, m.Documents, m.Size, to.Keys, backup.KeysDays)
	if len(m.Missing) > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "Warning: %d documents that the record names are not on the disk, the first is %s\n", len(m.Missing), m.Missing[0])
	}
	if cfg.Backup.Together() {
		fmt.Fprintln(cmd.ErrOrStderr(), "Warning: copies of data and keys lie in one place. Whoever has it has everything: give the keys another disk or another service.")
	}
}

func tried(cmd *cobra.Command, d backup.Desk, places backup.Copies) error {
	t, err := d.Try(cmd.Context(), places)
	if err != nil {
		return err
	}
	if !t.OK {
		return fmt.Errorf("the copy cannot be put back: %s", t.Error)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "tried      the record holds, %d documents are whole, %d sealed names and documents were opened\n", t.Documents, t.Opened)
	return err
}

func restore() *cobra.Command {
	var r backup.Restore
	var from, sheet string
	cmd := &cobra.Command{
		Use:   "restore",
		Short: "Put a copy back into an empty folder",
		Long: "Fetches a copy, checks every sum, opens it with its keys and verifies the record; only then is it put in its place.\n" +
			"Messages that waited at the time of the copy are held until a manager decides about them at the desk.",
		Example: "  certdesk restore --backup /mnt/copies/data --backup-keys /mnt/safe/keys --dir pb_data",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			if r.Data, r.Keys, err = sources(cfg, from); err != nil {
				return err
			}
			if sheet != "" {
				if r.Root, err = readSheet(cmd, sheet); err != nil {
					return err
				}
			}
			r.Dir, r.KeysDir, r.RootKey, r.Version = cfg.Dir, cfg.Keys, cfg.RootKey, release()
			done, err := r.Run(cmd.Context())
			if err != nil {
				return err
			}
			return restored(cmd.OutOrStdout(), cfg, done)
		},
	}
	settings(cmd, backupSettings...)
	cmd.Flags().StringVar(&from, "from", "", "folder with copies of the data alone, like before-upgrade; the keys are those in --keys")
	cmd.Flags().StringVar(&r.ID, "copy", "", "which copy, as `certdesk backup` printed it; without it the newest whole one")
	cmd.Flags().StringVar(&sheet, "sheet", "", "file with the lines of the recovery sheet; - reads them from standard input")
	return cmd
}

// sources opens the places to restore from. A folder that is named by itself holds data only: the keys are here already.
func sources(cfg config.Config, from string) (data, keys backup.Place, err error) {
	if from != "" {
		data, err = backup.OpenPlace(from, "")
		return data, nil, err
	}
	if cfg.Backup.Data == "" {
		return nil, nil, errors.New("where from? Name the places of the copies with --backup and --backup-keys")
	}
	c, err := placesOf(cfg)
	return c.Data, c.Keys, err
}

func restored(w io.Writer, cfg config.Config, done backup.Restored) error {
	fmt.Fprintf(w, "Copy %s is in %s, its keys are in %s. The record holds: %d entries.\n", done.ID, cfg.Dir, cfg.Keys, done.Size)
	if done.Held > 0 {
		fmt.Fprintf(w, "%d messages that waited when it was made are held: a manager decides about them in the outbox.\n", done.Held)
	}
	_, err := fmt.Fprintf(w, "Everybody has to sign in again. Certification types of your own go into %s.\nStart the desk with: certdesk serve --dir %s\n", cfg.Plugins, cfg.Dir)
	return err
}

// readSheet reads the root key from the lines of a recovery sheet.
func readSheet(cmd *cobra.Command, file string) (*[32]byte, error) {
	var raw []byte
	var err error
	if file == "-" {
		raw, err = io.ReadAll(io.LimitReader(cmd.InOrStdin(), 1<<16))
	} else {
		raw, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, err
	}
	root, err := vault.ReadSheet(strings.TrimPrefix(string(raw), "\ufeff"))
	return &root, err
}
