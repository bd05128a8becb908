// Command plugin is a certification type for the tests of the catalog, well behaved or not. The test writes the
// behaviour into the built file, so that one build serves all of them.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/serve"
)

var behaviour = "@@behaviour:good                @@"

//go:embed type.json
var description []byte

func mode() string {
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(behaviour, "@@behaviour:"), "@@"))
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "stay" { // left behind by litter
		time.Sleep(time.Hour)
	}
	switch mode() {
	case "dead":
		fmt.Fprintln(os.Stderr, "I would rather not")
		os.Exit(1)
	case "silent":
		time.Sleep(time.Hour)
	case "garbage":
		for {
			fmt.Println(strings.Repeat("garbage ", 10000))
		}
	case "network":
		fmt.Println("1|1|tcp|127.0.0.1:1|grpc|" + strings.Repeat("A", 100))
		time.Sleep(time.Hour)
	case "elsewhere":
		fmt.Println("1|1|unix|/run/other.sock|grpc|" + strings.Repeat("A", 100))
		time.Sleep(time.Hour)
	case "longline":
		fmt.Println("1|1|unix|" + strings.Repeat("A", 200<<10) + "|grpc|" + strings.Repeat("A", 100))
		time.Sleep(time.Hour)
	case "drip":
		for range 10000 { // a handshake that never ends, byte by byte
			fmt.Print("1")
			time.Sleep(20 * time.Millisecond)
		}
	case "future":
		fmt.Println("1|99|unix|" + os.TempDir() + "/x|grpc|" + strings.Repeat("A", 100))
		time.Sleep(time.Hour)
	}
	serve.Serve(typ{})
}

type typ struct{ sdk.Base }

func (typ) Describe(context.Context) (sdk.Type, error) {
	var t sdk.Type
	err := json.Unmarshal(description, &t)
	switch mode() {
	case "impostor":
		t.ID = "individual"
	case "renamed":
		t.ID = "another"
	case "wrong":
		t.Validity, t.HolderName = 0, "nobody"
	}
	return t, err
}

func (typ) Check(ctx context.Context, req sdk.CheckRequest) ([]sdk.Finding, error) {
	text := sdk.Text{ZhHans: "看过了。", En: "Looked at."}
	switch mode() {
	case "slow":
		time.Sleep(time.Hour)
	case "crash":
		os.Exit(4)
	case "panic":
		panic("out of paper")
	case "huge":
		return []sdk.Finding{{Code: "huge", Level: sdk.Info, Text: sdk.Text{ZhHans: strings.Repeat("大", 1<<20), En: "x"}}}, nil
	case "many":
		out := make([]sdk.Finding, 500)
		for i := range out {
			out[i] = sdk.Finding{Code: "many", Level: sdk.Info, Text: text}
		}
		out[499].Level = sdk.Bad
		return out, nil
	case "liar":
		return []sdk.Finding{
			{Code: "Not A Code", Level: "terrible", Question: "nothing", Slot: "nothing", Item: "nothing", Text: sdk.Text{En: "a\x00b\u202ec"}},
			{Code: "silent", Level: sdk.Good},
		}, nil
	case "unavailable":
		return nil, fmt.Errorf("the register is closed: %w", sdk.ErrUnavailable)
	case "unsupported":
		return nil, sdk.ErrUnsupported
	case "fails":
		return nil, fmt.Errorf("no luck")
	case "prints":
		for range 1000 {
			fmt.Println(strings.Repeat("print ", 20000))
		}
	case "escape":
		return escape(text), nil
	case "hostile":
		return attempts(text), nil
	case "litter":
		return litter(text), nil
	case "hog":
		hog()
	}
	return []sdk.Finding{{Code: "seen", Level: sdk.Good, Question: "name", Text: text}}, nil
}

// escape tries what a locked-up process must not be able to do, and reports what worked.
func escape(text sdk.Text) (out []sdk.Finding) {
	try := func(code string, err error) {
		if err == nil {
			out = append(out, sdk.Finding{Code: code, Level: sdk.Bad, Text: text})
		}
	}
	_, err := os.ReadFile("/etc/passwd")
	try("read_passwd", err)
	_, err = os.ReadDir("/")
	try("read_root", err)
	try("write_tmp", os.WriteFile("/tmp/certdesk-escaped", nil, 0o600))
	try("run_program", exec.Command("/bin/true").Run())
	for _, e := range os.Environ() {
		if strings.HasPrefix(e, "CERTDESK_TEST_SECRET=") {
			try("secret_seen", nil)
		}
	}
	return out
}
