package hooks

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/command"
	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// The same person, or the same picture, in another case: shown beside the case with where it is. And what was merged.

// twinCase is another case that has something in common with the one that is open.
type twinCase struct {
	waitingCase
	Person   bool       `json:"person"`   // the same ID number
	Pictures []twinPair `json:"pictures"` // the same file
	Merge    bool       `json:"merge"`    // it can be merged into the one that is open, by who looks
}

type twinPair struct {
	Here  sdk.Text `json:"here"`
	There sdk.Text `json:"there"`
}

// mergedCase is the other half of a merge.
type mergedCase struct {
	ID  string `json:"id"`
	Ref string `json:"ref"`
}

const twinsShown = 20

// caseTwins adds the cases with the same person or the same picture, and those that were merged with this one.
func (c *call) caseTwins(p *casePage, v command.View[*records.Application], t sdk.Type, _ map[string]string) error {
	db, app := c.s.Desk.App.DB(), v.Row
	pairs, err := records.SamePictures(db, app.ID)
	if err != nil {
		return err
	}
	same := map[string][]twinPair{}
	ids := []any{}
	for _, x := range pairs {
		if same[x.Application] == nil {
			ids = append(ids, x.Application)
		}
		there := t
		if x.Digest != app.Digest {
			if there, err = c.s.Desk.Type(x.Digest); err != nil {
				return err
			}
		}
		same[x.Application] = append(same[x.Application], twinPair{slotName(t, x.Here), slotName(there, x.There)})
	}
	person := dbx.NewExp("id IN (SELECT application FROM persons WHERE kind='id' AND blind IN (SELECT blind FROM persons WHERE application={:id}))", dbx.Params{"id": app.ID})
	persons, err := records.Queue(db, dbx.And(dbx.NewExp("id<>{:id} AND ref<>''", dbx.Params{"id": app.ID}), person), twinsShown, "submitted_at DESC")
	if err != nil {
		return err
	}
	var rows []*records.Listed
	if len(ids) > 0 {
		if rows, err = records.Queue(db, dbx.And(dbx.In("id", ids...), dbx.NewExp("ref<>''")), twinsShown, "submitted_at DESC"); err != nil {
			return err
		}
	}
	all := append(persons, rows...)
	lines, err := c.lines(all, command.View[*records.Desk]{By: v.By, Today: v.Today})
	if err != nil {
		return err
	}
	here, into := c.s.Desk.May(v.By, app, flow.Merge), flow.Mergeable{ID: app.ID, Holder: app.Holder, Type: app.Type, Kind: app.Kind}
	p.Others = []twinCase{}
	for i, row := range all {
		if at := indexOf(p.Others, row.ID); at >= 0 {
			continue
		}
		twin := twinCase{waitingCase: lines[i], Person: i < len(persons), Pictures: listedPairs(same[row.ID])}
		if here && flow.CheckMerge(flow.Mergeable{ID: row.ID, Holder: row.Holder, Type: row.Type, Kind: row.Kind}, into) == nil {
			_, err := command.Look[*records.Application](c.ctx(), c.s.Desk, c.by, flow.Merge, row.ID)
			twin.Merge = err == nil
		}
		p.Others = append(p.Others, twin)
	}
	return c.caseMerged(p, app)
}

func indexOf(list []twinCase, id string) int {
	for i, x := range list {
		if x.ID == id {
			return i
		}
	}
	return -1
}

// slotName is what a type calls a slot; an attachment has none.
func slotName(t sdk.Type, id string) sdk.Text {
	for _, s := range t.Slots {
		if s.ID == id {
			return s.Name
		}
	}
	return sdk.Text{ZhHans: "附件", En: "attachment"}
}

func (c *call) caseMerged(p *casePage, app *records.Application) error {
	db := c.s.Desk.App.DB()
	p.Merged = []mergedCase{}
	ended, err := records.Queue(db, dbx.NewExp("merged_into={:id} AND merged_into<>''", dbx.Params{"id": app.ID}), twinsShown, "closed_at")
	for _, m := range ended {
		p.Merged = append(p.Merged, mergedCase{m.ID, m.Ref})
	}
	if err != nil || app.MergedInto == "" {
		return err
	}
	into, err := records.Load[*records.Application](db, app.MergedInto)
	if err == nil {
		p.MergedInto = &mergedCase{into.ID, into.Ref}
	}
	return err
}

// listedPairs is a list, empty where there is none, as a browser reads it.
func listedPairs(pairs []twinPair) []twinPair { return append([]twinPair{}, pairs...) }
