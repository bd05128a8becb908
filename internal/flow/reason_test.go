package flow

import (
	"strings"
	"testing"
)

func TestCheckReason(t *testing.T) {
	for text, good := range map[string]bool{"": false, "x": false, "  ": false, " x ": false, "不实": true, strings.Repeat("长", 500): true, strings.Repeat("长", 501): false} {
		if err := CheckReason(text); (err == nil) != good || err != nil && !Refused(err, "reason_needed") {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}
