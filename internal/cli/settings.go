package cli

// Settings on the command line: every setting of package config is a flag, and a misspelt one is told what it is like.

import (
	"errors"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/certdesk/certdesk/internal/config"
)

const configFlag = "config"

// settings gives a command flags for the settings with these names; for all of them if none is named.
func settings(cmd *cobra.Command, names ...string) {
	cmd.Flags().String(configFlag, "", "file with settings, one \"name = value\" a line (CERTDESK_CONFIG)")
	config.Names(func(name, standard, help string) bool {
		if len(names) > 0 && !slices.Contains(names, name) {
			return true
		}
		cmd.Flags().String(name, standard, help)
		if standard == "true" || standard == "false" {
			cmd.Flags().Lookup(name).NoOptDefVal = "true"
		}
		return true
	})
}

// load reads the settings: the flags that were given, the environment, the file.
func load(cmd *cobra.Command) (config.Config, error) {
	given, file := map[string]string{}, ""
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if f.Name == configFlag {
			file = f.Value.String()
			return
		}
		if known(f.Name) {
			given[f.Name] = f.Value.String()
		}
	})
	return config.Load(given, os.Environ(), file)
}

func known(name string) (yes bool) {
	config.Names(func(n, _, _ string) bool {
		yes = n == name
		return !yes
	})
	return yes
}

// suggest turns an unknown flag into the sentence of package config, which names the setting that is most like it.
func suggest(_ *cobra.Command, err error) error {
	var missing *pflag.NotExistError
	if !errors.As(err, &missing) || known(missing.GetSpecifiedName()) {
		return err
	}
	if _, told := config.Load(map[string]string{missing.GetSpecifiedName(): ""}, nil, ""); told != nil {
		return told
	}
	return err
}
