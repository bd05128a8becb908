// Command plugin is a certification type for the tests of package host; it behaves as its arguments say.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/serve"
)

func main() {
	if len(os.Args) > 1 {
		fmt.Print(strings.ReplaceAll(os.Args[1], "DIR", os.Getenv("TMPDIR")))
		time.Sleep(time.Hour)
	}
	serve.Serve(typ{})
}

type typ struct{ sdk.Base }

func (typ) Describe(context.Context) (sdk.Type, error) {
	fmt.Println("describing")
	return sdk.Type{ID: "sample", Name: sdk.Text{ZhHans: "样例", En: strings.Join(os.Environ(), "\n")}}, nil
}

func (typ) Check(_ context.Context, req sdk.CheckRequest) ([]sdk.Finding, error) {
	return []sdk.Finding{{Code: "echo", Level: sdk.Info, Text: sdk.Text{ZhHans: req.Answers["name"], En: req.Today}}}, nil
}
