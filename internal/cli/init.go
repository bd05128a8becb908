package cli

// `certdesk init`: keys, name and first manager, for those who set up a desk by a script. The first-run page does the same.

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/bcrypt"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/internal/vault"
)

// question is one thing that init has to know: a flag, asked for where it was not given.
type question struct {
	flag, help, standard string
}

var questions = []question{
	{"manager", "name of the first manager", ""},
	{"email", "e-mail of the first manager", ""},
	{"name-zh", "name of the desk in Chinese", ""},
	{"name-en", "name of the desk in English", ""},
	{"public-url", "address at which people reach the desk", "http://127.0.0.1:8090"},
	{"zone", "time zone of the desk's deadlines", "Asia/Shanghai"},
	{"lang", "first language, zh-Hans or en", "zh-Hans"},
}

func initDesk() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make keys, name the desk and make its first manager (the page at first start does the same)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			return begin(cmd, cfg, file)
		},
	}
	settings(cmd, "dir", "keys", "root-key", "policies")
	for _, q := range questions {
		cmd.Flags().String(q.flag, q.standard, q.help)
	}
	cmd.Flags().StringVar(&file, "password-file", "", "file with the manager's password; - reads it from standard input; without it one is made and printed")
	return cmd
}

func begin(cmd *cobra.Command, cfg config.Config, file string) (err error) {
	app, err := makeApp(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeApp(app)) }()
	if set, _, err := command.Exists(app.DB()); err != nil || set {
		return errors.Join(err, fmt.Errorf("the desk in %s is set up already: its managers change it at the desk", cfg.Dir))
	}
	password, made, err := choosePassword(cmd, file)
	if err != nil {
		return err
	}
	given, err := ask(cmd, file == "-")
	if err != nil {
		return err
	}
	d, err := openDesk(app, cfg)
	if err != nil {
		return err
	}
	defer d.Close()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	if err != nil {
		return err
	}
	if _, err := command.Run(cmd.Context(), d, command.Itself, command.SetUp, command.At{ID: records.DeskID}, opening(given, string(hash))); err != nil {
		return explain(err)
	}
	return told(cmd.OutOrStdout(), cfg, given["email"], password, made)
}

func opening(in map[string]string, hash string) command.Opening {
	return command.Opening{Manager: in["manager"], Email: in["email"], Hash: hash, Factor: true, Settings: command.Settings{NameZh: in["name-zh"], NameEn: in["name-en"],
		Zone: in["zone"], Lang: in["lang"], PublicURL: strings.TrimSuffix(in["public-url"], "/"), TakeBackMinutes: 5}}
}

// ask fills in what the flags left out: from the person at the terminal, or by naming the flags.
func ask(cmd *cobra.Command, taken bool) (map[string]string, error) {
	out, missing := map[string]string{}, []string{}
	in, people := bufio.NewReader(cmd.InOrStdin()), atTerminal() && !taken
	for _, q := range questions {
		v, _ := cmd.Flags().GetString(q.flag)
		if v == "" && people {
			fmt.Fprintf(cmd.OutOrStdout(), "%s: ", q.help)
			line, err := in.ReadString('\n')
			if err != nil && err != io.EOF {
				return nil, err
			}
			v, people = strings.TrimSpace(line), err == nil
		}
		if out[q.flag] = v; v == "" && q.flag != "name-en" {
			missing = append(missing, "--"+q.flag)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("still needed: %s", strings.Join(missing, ", "))
	}
	return out, nil
}

func atTerminal() bool {
	info, err := os.Stdin.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// wrong names the flag behind a refusal.
var wrong = map[string]string{
	"email_wrong": "--email is no e-mail address", "desk_name_wrong": "--name-zh has to have 2 to 60 characters", "zone_wrong": "--zone is no time zone, like Asia/Shanghai",
	"language_unknown": "--lang is zh-Hans or en", "public_url_wrong": "--public-url is https://host or http://host, without a path", "name_and_role_needed": "--manager is needed",
}

func explain(err error) error {
	for code, text := range wrong {
		if flow.Refused(err, code) {
			return errors.New(text)
		}
	}
	return err
}

func told(w io.Writer, cfg config.Config, email, password string, made bool) error {
	fmt.Fprintf(w, "The desk in %s is set up.\n", cfg.Dir)
	if made {
		fmt.Fprintf(w, "password of %s: %s   (shown only now)\n", email, password)
	}
	if err := printSheet(w, cfg); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "The keys are in %s. Keep a copy of that folder where no copy of the data is:\n"+
		"without it nobody can read the data, and with it and the data everybody can.\nStart the desk with: certdesk serve --dir %s\n", cfg.Keys, cfg.Dir)
	return err
}

// sheet prints the recovery sheet of a desk that was set up on the first-run page.
func sheet() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sheet",
		Short: "Print the recovery sheet: the root key in four lines, for paper",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			return printSheet(cmd.OutOrStdout(), cfg)
		},
	}
	settings(cmd, "dir", "keys", "root-key")
	return cmd
}

// printSheet prints the root key in the form in which it is kept on paper.
func printSheet(w io.Writer, cfg config.Config) error {
	root, err := vault.ReadRoot(cfg.RootKey)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\nRecovery sheet 恢复单\nPrint or write down these four lines and lock them away. Together with a copy of the keys they open the desk again.\n"+
		"请抄写或打印这四行，锁好。有它和密钥的备份，就能恢复系统。\n\n%s\n", vault.Sheet(root))
	return err
}
