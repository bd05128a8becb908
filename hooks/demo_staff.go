package hooks

// Who works at the demo's desk: taken on, pledged, and away.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// demoAbsence is from when until when, in days from today, a colleague is away.
type demoAbsence struct {
	of          string
	from, until int
}

// invite takes a colleague on as a manager does, and takes the invitation as they do.
func (sd *seeder) invite(ctx context.Context, r demoRow, n int) error {
	p, err := newDemoPerson(r, n, sd.today.In(sd.zone))
	if err != nil {
		return err
	}
	capacity, err := r.number("capacity")
	if err != nil {
		return err
	}
	plain := secret()
	got, err := command.Run(ctx, sd.s.Desk, command.Of(sd.staff["zhoumin"]), command.Invite, command.At{ID: records.DeskID}, command.Invitation{Name: r["name"], Email: r["email"],
		Roles: r.list("roles"), Types: r.list("types"), Capacity: int64(capacity), ID: p.id.Number, Phone: p.phone(), Lang: "zh-Hans", Code: digest(plain), Plain: plain})
	if err != nil {
		return err
	}
	id := got.Answer["id"]
	code, err := records.Find[*records.Code](sd.s.Desk.App.DB(), dbx.HashExp{"person": id, "purpose": "invite"})
	if err != nil {
		return err
	}
	sd.tick(4)
	_, err = command.Run(ctx, sd.s.Desk, command.Caller{Role: flow.Guest, ID: id}, command.Join, command.At{ID: id}, command.Joining{Code: code.ID, Hash: sd.hash})
	sd.staff[r["key"]] = id
	return err
}

// pledge makes next year's pledge for everybody.
func (sd *seeder) pledge(ctx context.Context) error {
	for _, key := range slices.Sorted(maps.Keys(sd.staff)) {
		id := sd.staff[key]
		if _, err := command.Run(ctx, sd.s.Desk, command.Of(id), command.Pledge, command.At{ID: id}, command.Pledging{Version: flow.PledgeVersion}); err != nil {
			return err
		}
	}
	return nil
}

// readAbsences reads who is away from when until when.
func (sd *seeder) readAbsences() error {
	rows, err := demoTable("staff.csv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		from, until, away := strings.Cut(r["absent"], ":")
		if !away {
			continue
		}
		a, err := strconv.Atoi(from)
		z, err2 := strconv.Atoi(until)
		if err := errors.Join(err, err2); err != nil {
			return fmt.Errorf("staff.csv: %s: %w", r["key"], err)
		}
		sd.absences = append(sd.absences, demoAbsence{r["key"], a, z})
	}
	return nil
}

// planAbsences has the lead enter each absence on the day before it begins.
func (sd *seeder) planAbsences() {
	for _, a := range sd.absences {
		sd.happens(sd.at(1-a.from, 16*60), "absence", func(ctx context.Context) error {
			_, err := command.Run(ctx, sd.s.Desk, command.Of(sd.staff["liufang"]), command.SetAbsence, command.At{ID: sd.staff[a.of]},
				command.Absence{From: string(sd.today.AddDays(a.from)), Until: string(sd.today.AddDays(a.until))})
			return err
		})
	}
}
