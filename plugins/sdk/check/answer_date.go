package check

// Days as people write them. Only forms that can be read in one way: year first, never 1/2/2026.

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/certdesk/certdesk/plugins/sdk"
)

var (
	dateParts   = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$`)
	dateCompact = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
)

// firstYear and lastYear bound what can be meant.
const firstYear, lastYear = 1850, 2200

func date(raw string) (string, error) {
	s := plain(raw)
	m := dateParts.FindStringSubmatch(s)
	if m == nil {
		m = dateCompact.FindStringSubmatch(s)
	}
	if m == nil {
		return "", sdk.FormatError{Code: "date_form"}
	}
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	norm := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	if _, err := time.Parse(time.DateOnly, norm); err != nil || year < firstYear || year > lastYear {
		return "", sdk.FormatError{Code: "date_real"}
	}
	return norm, nil
}

// validUntil accepts a day that has not passed, or the words that cards and licences use for "without end".
func validUntil(q sdk.Question, raw, today string) (string, *sdk.Problem) {
	switch strings.ToLower(plain(raw)) {
	case "长期", "長期", "长期有效", Long, "long-term", "longterm":
		return Long, nil
	}
	norm, p := format(q, raw, date)
	if p == nil && norm < today {
		return "", wrong(q, "valid_passed")
	}
	return norm, p
}
