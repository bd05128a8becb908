package sdktest

// The conformance test finds what is wrong; that it finds nothing in a good type is for the template and the bundled
// types to show.

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/certdesk/certdesk/plugins/sdk"
	"github.com/certdesk/certdesk/plugins/sdk/host"
)

type bad struct {
	sdk.Base
	asked atomic.Int64
}

func (b *bad) Describe(context.Context) (sdk.Type, error) {
	return sdk.Type{ID: "bad", Version: fmt.Sprintf("1.0.%d", b.asked.Add(1))}, nil
}

func (b *bad) Check(_ context.Context, req sdk.CheckRequest) ([]sdk.Finding, error) {
	if len(req.Answers) == 0 {
		panic("no answers")
	}
	return []sdk.Finding{{Code: "x", Level: "loud", Slot: "nowhere", Text: sdk.Text{En: "only English"}}}, nil
}

func (b *bad) Recheck(context.Context, sdk.RecheckRequest) ([]sdk.Finding, error) {
	return nil, errors.New("no luck")
}

func TestConformFindsWhatIsWrong(t *testing.T) {
	var all []string
	for _, err := range host.Conform(t.Context(), Dial(t, &bad{}), sdk.Answers{"name": "x"}) {
		all = append(all, err.Error())
	}
	got := strings.Join(all, "\n")
	for _, want := range []string{
		"description: ", "the description has changed", "panic: no answers", `its level "loud"`, `points at the slot "nowhere"`,
		"missing in zh-Hans", "recheck: no luck",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not found in:\n%s", want, got)
		}
	}
}

type shy struct{ sdk.Base }

func (shy) Describe(context.Context) (sdk.Type, error) { return sdk.Type{}, sdk.ErrUnavailable }

func TestConformWithoutDescription(t *testing.T) {
	wrong := host.Conform(t.Context(), Dial(t, shy{}))
	if len(wrong) != 1 || !errors.Is(wrong[0], sdk.ErrUnavailable) {
		t.Errorf("%v", wrong)
	}
}
