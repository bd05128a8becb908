// Package cli is the command line: it reads the settings, opens PocketBase on the data folder, and starts the desk or does
// one thing that needs no running desk. What goes wrong is said in plain lines, one for each mistake.
package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/policies"
)

// Bind binds the desk to an app before it is served; what people have to know at start goes to out.
type Bind func(app core.App, cfg config.Config, out io.Writer)

// Version is what a release is called; builds from source say their commit.
var Version string

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1
)

// exit is an error that carries an exit code of its own. It says nothing more: what there was to say has been printed.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// Main runs the command that args name and returns the exit code.
func Main(args []string, bind Bind) int {
	root := Root(bind)
	root.SetArgs(args)
	err := root.Execute()
	var code exit
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &code):
		return int(code)
	}
	for line := range strings.SplitSeq(strings.TrimSpace(err.Error()), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			fmt.Fprintln(root.ErrOrStderr(), "certdesk:", line)
		}
	}
	return exitFailed
}

// Root is the command with everything below it.
func Root(bind Bind) *cobra.Command {
	cmd := &cobra.Command{
		Use:           "certdesk",
		Short:         "A self-hosted certification desk: apply, review, decide, certify, check again",
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.CompletionOptions.HiddenDefaultCmd = true
	cmd.SetFlagErrorFunc(suggest)
	cmd.AddCommand(serve(bind), initDesk(), sheet(), backupDesk(), restore(), archive(), policy(), staff(), superuser(), doctor(), Plugin(), version())
	return cmd
}

func version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "certdesk", release())
			return err
		},
	}
}

// release is the version, or the commit of a build from source.
func release() string {
	if Version != "" {
		return Version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	at := map[string]string{}
	for _, s := range info.Settings {
		at[s.Key] = s.Value
	}
	if at["vcs.revision"] == "" {
		return "from source, " + info.GoVersion
	}
	return "from source, " + at["vcs.revision"][:min(12, len(at["vcs.revision"]))] + " " + at["vcs.time"] + ", " + info.GoVersion
}

func policy() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Print who may do what, as the policy in force says it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			p, err := policies.Embedded()
			if cfg.Policies != "" {
				p, err = policies.Load(os.DirFS(cfg.Policies))
			}
			if err != nil {
				return fmt.Errorf("policies: %w", err)
			}
			_, err = io.WriteString(cmd.OutOrStdout(), p.Document())
			return err
		},
	}
	settings(cmd, "policies")
	return cmd
}
