package cli

// `certdesk plugin`: for the authors of certification types, and for whoever installs them. None of it needs a desk.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/certdesk/certdesk/plugins/catalog"
	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/source"
	"github.com/certdesk/certdesk/plugins/template"
)

// Plugin returns the command `plugin` with new, test and list. Its errors are sentences for the person at the terminal.
func Plugin() *cobra.Command {
	cmd := &cobra.Command{Use: "plugin", Short: "Write, test and list certification types"}
	cmd.AddCommand(pluginNew(), pluginTest(), pluginList())
	return cmd
}

var typeID = regexp.MustCompile(`^[a-z][a-z0-9_]{0,29}$`)

func pluginNew() *cobra.Command {
	var module string
	cmd := &cobra.Command{
		Use:   "new NAME",
		Short: "Write the folder NAME with a new certification type that builds and passes its test",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if module == "" {
				module = filepath.Base(args[0])
			}
			if err := newPlugin(args[0], module); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s is ready. Next:\n\n\tcd %s\n\tgo test ./...\n\tCGO_ENABLED=0 go build -trimpath -o %s .\n",
				args[0], args[0], filepath.Base(args[0]))
			return err
		},
	}
	cmd.Flags().StringVar(&module, "module", "", "module path of the new plugin (default NAME)")
	return cmd
}

// newPlugin writes a new type into dir, which must not exist: nothing of anybody's is ever overwritten.
func newPlugin(dir, module string) error {
	id := filepath.Base(dir)
	if !typeID.MatchString(id) {
		return fmt.Errorf("%q cannot be the name of a type: lower case letters, digits and _, at most 30, a letter first", id)
	}
	if _, bundled := catalog.Bundled()[id]; bundled {
		return fmt.Errorf("%q is the name of a type that comes with the desk: choose another", id)
	}
	if !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._~/-]*$`).MatchString(module) {
		return fmt.Errorf("%q cannot be a module path", module)
	}
	lang, requires, sum, err := source.Module()
	if err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	if err := template.Write(dir, template.Values{ID: id, Module: module, Go: lang, Requires: requires}); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sum, 0o644); err != nil {
		return err
	}
	return source.Write(filepath.Join(dir, "sdk"))
}

func pluginTest() *cobra.Command {
	var forms []string
	var off bool
	cmd := &cobra.Command{
		Use:   "test FILE",
		Short: "Ask a built certification type everything that a desk asks, and say what is wrong with it",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			examples, err := readAnswers(forms)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
			defer cancel()
			o := catalog.Options{Sandbox: sandboxMode(off), Log: slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn}))}
			r, err := catalog.Test(ctx, args[0], o, examples...)
			if err != nil {
				return err
			}
			cmd.SilenceUsage = true
			return report(cmd.OutOrStdout(), r)
		},
	}
	cmd.Flags().StringArrayVar(&forms, "answers", nil, "JSON file with the answers of one example form; may be given again")
	cmd.Flags().BoolVar(&off, "no-sandbox", false, "run it without a sandbox, where the system has none")
	return cmd
}

func report(w io.Writer, r catalog.Report) error {
	fmt.Fprintf(w, "sha256  %s\nsandbox %s\n", r.SHA256, r.Level)
	if r.Type.ID != "" {
		fmt.Fprintf(w, "type    %s %s  %s · %s\n", r.Type.ID, r.Type.Version, r.Type.Name.ZhHans, r.Type.Name.En)
	}
	for _, err := range r.Wrong {
		fmt.Fprintln(w, "wrong  ", err)
	}
	if len(r.Wrong) > 0 {
		return fmt.Errorf("%d things are wrong with this type", len(r.Wrong))
	}
	_, err := fmt.Fprintln(w, "fine    it does what a desk expects")
	return err
}

func readAnswers(files []string) (out []sdk.Answers, err error) {
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var a sdk.Answers
		if err := json.Unmarshal(raw, &a); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		out = append(out, a)
	}
	return out, nil
}

func pluginList() *cobra.Command {
	var dir string
	var off bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the certification types of this desk with their digests, and why a file is refused",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := catalog.Open(catalog.Options{Dir: dir, Sandbox: sandboxMode(off)})
			if err != nil {
				return err
			}
			defer c.Close()
			return list(cmd.OutOrStdout(), c)
		},
	}
	cmd.Flags().StringVar(&dir, "plugins", "pb_plugins", "folder of the dropped-in types")
	cmd.Flags().BoolVar(&off, "no-sandbox", false, "list them as for --plugin-sandbox=off")
	return cmd
}

func list(w io.Writer, c *catalog.Catalog) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintf(t, "TYPE\tFROM\tSHA256\tUSABLE\n")
	for _, f := range c.Found() {
		from, usable := "bundled", "yes"
		if !f.Bundled {
			from = f.Path
		}
		var why *catalog.Error
		if errors.As(f.Err, &why) {
			usable = fmt.Sprintf("no: %v (%s)", why.Cause, why.Code)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", f.ID, from, f.SHA256, usable)
	}
	fmt.Fprintf(t, "\nsandbox: %s\n", c.Level())
	return t.Flush()
}

func sandboxMode(off bool) string {
	if off {
		return "off"
	}
	return ""
}
