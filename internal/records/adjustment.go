package records

import (
	"encoding/json"
	"fmt"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/plugins/sdk"
)

// Adjustment is one version of a type's terms: what a manager changed, on which day, why, and what led to it.
type Adjustment struct {
	Head
	Type      string `db:"type"`
	Version   int64  `db:"version"`
	On        string `db:"on_day"`
	Terms     string `db:"terms"`      // JSON of flow.Terms, all that is set since
	Changes   string `db:"changes"`    // JSON of flow.Change
	BecauseZh string `db:"because_zh"` // public
	BecauseEn string `db:"because_en"`
	Feedback  string `db:"feedback"` // what people said that led to it, by ID, separated by commas
	By        string `db:"by"`
}

// Table names the table.
func (*Adjustment) Table() string { return "adjustments" }

// Adjusted reads what was changed.
func (a *Adjustment) Adjusted() (list []flow.Change, err error) {
	err = json.Unmarshal([]byte(a.Changes), &list)
	return list, err
}

// Unadjusted reads a description by its digest as it was kept.
func Unadjusted(db dbx.Builder, digest string) (sdk.Type, error) {
	t, _, err := unadjusted(db, digest)
	return t, err
}

func unadjusted(db dbx.Builder, digest string) (t sdk.Type, of string, err error) {
	d, err := Load[*Description](db, digest)
	if err != nil {
		return t, "", err
	}
	if err := json.Unmarshal([]byte(d.Body), &t); err != nil {
		return t, "", fmt.Errorf("description %s: %w", digest, err)
	}
	return t, d.Type, nil
}

// Describe reads a description by its digest, with what a manager changed since to the good of those who follow it.
func Describe(db dbx.Builder, digest string) (sdk.Type, error) {
	t, of, err := unadjusted(db, digest)
	if err != nil {
		return t, err
	}
	row, err := Load[*Type](db, of)
	if err == ErrNotFound || err == nil && row.Terms == "" {
		return t, nil
	}
	if err != nil {
		return t, err
	}
	var terms flow.Terms
	if err := json.Unmarshal([]byte(row.Terms), &terms); err != nil {
		return t, fmt.Errorf("terms of %s: %w", of, err)
	}
	return terms.ForGood(t), nil
}

// AdjustmentsSince reads what was changed from a day on, of one type or of all, the last first.
func AdjustmentsSince(db dbx.Builder, day, typ string) ([]*Adjustment, error) {
	where := dbx.NewExp("on_day>={:day}", dbx.Params{"day": day})
	if typ != "" {
		return All[*Adjustment](db, dbx.And(where, dbx.HashExp{"type": typ}), "on_day DESC", "version DESC", "id")
	}
	return All[*Adjustment](db, where, "on_day DESC", "made DESC", "id")
}
