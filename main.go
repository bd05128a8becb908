// Command certdesk is a self-hosted certification desk in one binary: the data store, the portal, the review desk in the
// dashboard, and the certification types.
package main

import (
	"io"
	"os"

	"github.com/pocketbase/pocketbase/core"

	"github.com/certdesk/certdesk/hooks"
	"github.com/certdesk/certdesk/internal/cli"
	"github.com/certdesk/certdesk/internal/config"
	"github.com/certdesk/certdesk/internal/sandbox"
	"github.com/certdesk/certdesk/internal/vault"
	"github.com/certdesk/certdesk/plugins/catalog"
)

func main() {
	cli.Private()
	sandbox.Reentry(vault.Child(), catalog.Child())
	os.Exit(cli.Main(os.Args[1:], desk))
}

// desk binds the desk to PocketBase; once it is ready it says where it is.
func desk(app core.App, cfg config.Config, out io.Writer) {
	hooks.Register(app, cfg, func(s *hooks.Server) error { return s.Greet(out) })
}
