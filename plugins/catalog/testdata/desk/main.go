// Command desk is the smallest program that has certification types: for the tests of the catalog, which must not
// execute the test binary again.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/certdesk/certdesk/internal/sandbox"
	"github.com/certdesk/certdesk/plugins/catalog"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// said is what the desk says about one type it found, one JSON object a line.
type said struct {
	ID, Path, SHA256, Name, Digest, Code string
	Bundled                              bool
	Level                                sandbox.Level
	Findings                             []sdk.Finding
}

func main() {
	sandbox.Reentry(catalog.Child())
	if len(os.Args) != 3 {
		os.Exit(2)
	}
	c, err := catalog.Open(catalog.Options{Dir: os.Args[1], Start: time.Minute, Deadline: time.Minute, Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	for _, f := range c.Found() {
		_ = json.NewEncoder(os.Stdout).Encode(ask(c, f))
	}
	if os.Args[2] == "stay" { // with its types running, until it is killed
		fmt.Println("staying")
		time.Sleep(time.Hour)
	}
	c.Close()
}

func ask(c *catalog.Catalog, f catalog.Found) said {
	out := said{ID: f.ID, Path: f.Path, SHA256: f.SHA256, Bundled: f.Bundled, Level: c.Level(), Code: catalog.Code(f.Err)}
	if f.Err != nil {
		return out
	}
	ref := catalog.Ref{ID: f.ID, SHA256: f.SHA256}
	t, _, digest, err := c.Describe(context.Background(), ref)
	if err == nil {
		out.Name, out.Digest = t.Name.ZhHans, digest
		out.Findings, err = c.Check(context.Background(), ref, sdk.CheckRequest{Today: "2026-11-23"})
	}
	out.Code = catalog.Code(err)
	return out
}
