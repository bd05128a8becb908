// Command program is an executable that is not this binary: the tests start it by path and from memory.
package main

import (
	"os"

	"github.com/certdesk/certdesk/internal/sandbox/testdata/attempts"
)

func main() { os.Exit(attempts.Report(os.Args[1:])) }
