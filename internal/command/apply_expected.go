package command

import (
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Expected reckons how long a review of this type takes from the latest results, of first applications and renewals.
func (d *Desk) Expected(typ string, desk *records.Desk) (flow.Expected, error) {
	rows, err := records.Latest(d.App.DB(), typ, flow.ExpectedOf)
	if err != nil {
		return flow.Expected{}, err
	}
	zone := d.Zone(desk)
	var took []int
	for _, r := range rows {
		t, err := d.Type(r.Digest)
		if err != nil {
			return flow.Expected{}, err
		}
		on := func(stamp string) flow.Day { return flow.DayOf(records.Moment(stamp), zone) }
		took = append(took, flow.Took(on(r.SubmittedAt), flow.Day(r.DueOn), on(r.ClosedAt), t.ReviewDays, d.Calendar))
	}
	return flow.Expect(took), nil
}
