package cli

// Serving: the address is taken first, so that a second start fails before it does any work; then PocketBase, the desk, and
// a stop in good order on SIGINT and SIGTERM.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"github.com/certdesk/certdesk/internal/config"
)

func serve(bind Bind) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve [domain]",
		Short: "Start the desk; with a domain, on ports 80 and 443 with automatic certificates",
		Example: "  certdesk serve                      at http://127.0.0.1:8090\n" +
			"  certdesk serve desk.example.org     at https://desk.example.org\n" +
			"  certdesk serve --demo --dir demo    a demonstration with made-up people",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				if cmd.Flags().Changed("domain") {
					return errors.New("the domain was given twice: name it once")
				}
				if err := cmd.Flags().Set("domain", args[0]); err != nil {
					return err
				}
			}
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			return run(cmd, cfg, bind)
		},
	}
	settings(cmd)
	return cmd
}

// run serves until it is told to stop, and returns once everything is closed.
func run(cmd *cobra.Command, cfg config.Config, bind Bind) error {
	cfg.Version = release()
	stop, cancel := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	sc, main := addresses(cfg)
	listener, err := net.Listen("tcp", main)
	if errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("%s: %w: ports below 1024 need a right of their own, CAP_NET_BIND_SERVICE, which packaging/certdesk.service gives", main, err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w (is another desk running there? choose another address with --http)", main, err)
	}
	app, err := makeApp(cfg)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if err := keepApart(app, cfg); err != nil {
		return errors.Join(err, listener.Close(), closeApp(app))
	}
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		se.Listener = listener
		switch {
		case cfg.Domain != "":
			automatic(stop, se, cfg, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: cfg.LogLevel})))
		case cfg.TLSCert != "":
			return errors.Join(ownCertificate(se, cfg), se.Next())
		}
		return se.Next()
	})
	bind(app, cfg, cmd.OutOrStdout())
	return until(stop, cancel, app, sc)
}

// until serves; a second signal ends the program at once.
func until(stop context.Context, cancel func(), app core.App, sc apis.ServeConfig) error {
	ended := make(chan error, 1)
	go func() { ended <- apis.Serve(app, sc) }()
	select {
	case err := <-ended:
		return errors.Join(err, closeApp(app))
	case <-stop.Done():
	}
	cancel()
	err := closeApp(app)
	select {
	case served := <-ended:
		return errors.Join(err, served)
	case <-time.After(5 * time.Second):
		return err
	}
}

// addresses says where PocketBase listens, and at which of them the desk itself answers.
func addresses(cfg config.Config) (sc apis.ServeConfig, main string) {
	sc.AllowedOrigins = []string{"https://" + cfg.Domain}
	switch {
	case cfg.Domain != "":
		sc.HttpAddr, sc.HttpsAddr, sc.CertificateDomains = ":80", ":443", []string{cfg.Domain}
		return sc, sc.HttpsAddr
	case cfg.TLSCert != "":
		sc.HttpsAddr = cfg.HTTP
	default:
		sc.HttpAddr = cfg.HTTP
	}
	if sc.AllowedOrigins[0] = cfg.URL; cfg.URL == "" {
		sc.AllowedOrigins[0] = "http://" + cfg.HTTP
	}
	return sc, cfg.HTTP
}
