// Command plugincmd is `certdesk plugin` alone, for its test.
package main

import (
	"os"

	"github.com/certdesk/certdesk/internal/cli"
	"github.com/certdesk/certdesk/internal/sandbox"
	"github.com/certdesk/certdesk/plugins/catalog"
)

func main() {
	sandbox.Reentry(catalog.Child())
	if cli.Plugin().Execute() != nil {
		os.Exit(1)
	}
}
