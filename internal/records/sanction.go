package records

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
)

// Sanction is what false information of a holder leads to. Its texts are sealed under the holder's key and go with it; its blind
// indexes stay, so that whoever is erased and comes back with the same number is the same.
type Sanction struct {
	Head
	Holder     string `db:"holder"`
	Kind       string `db:"kind"`     // flow.SanctionWait or flow.SanctionBlock
	Days       int64  `db:"days"`     // wait: so many days longer after each refusal
	Until      string `db:"until"`    // the last day on which it is in force
	Reason     string `db:"reason"`   // sealed: what the holder is told
	Evidence   string `db:"evidence"` // sealed: by what it was seen, for colleagues
	FoundIn    string `db:"found_in"` // the case in which it was found, if it was in one
	By         string `db:"by"`
	LiftedBy   string `db:"lifted_by"`
	LiftedAt   string `db:"lifted_at"`
	NameBlind  string `db:"name_blind"`
	IDBlind    string `db:"id_blind"`
	PhoneBlind string `db:"phone_blind"`
}

// Table names the table.
func (*Sanction) Table() string { return "sanctions" }

// Rule is the sanction as the rules look at it.
func (s *Sanction) Rule() flow.Sanctioned {
	return flow.Sanctioned{ID: s.ID, Kind: s.Kind, Until: flow.Day(s.Until), Days: int(s.Days), Lifted: s.State != flow.Active}
}

// SanctionsOn reads the sanctions that were ever set on a holder: on this row, or on whoever has the same ID number, here or among
// the numbers named. Those that are lifted or over are among them.
func SanctionsOn(db dbx.Builder, holder string, numbers ...string) ([]*Sanction, error) {
	on := []dbx.Expression{
		dbx.HashExp{"holder": holder},
		dbx.NewExp("id_blind<>'' AND id_blind IN (SELECT id_blind FROM holders WHERE id={:holder})", dbx.Params{"holder": holder}),
	}
	if list := filled(numbers); len(list) > 0 {
		on = append(on, dbx.And(dbx.NewExp("id_blind<>''"), dbx.In("id_blind", list...)))
	}
	return All[*Sanction](db, dbx.Or(on...), "made DESC", "id DESC")
}

// SanctionsLike reads the sanctions in force on people who have a name or a phone in common with these blind indexes: perhaps the
// same person under another number, perhaps somebody else. Only people can tell.
func SanctionsLike(db dbx.Builder, blinds []string, today flow.Day) ([]*Sanction, error) {
	list := filled(blinds)
	if len(list) == 0 {
		return nil, nil
	}
	return All[*Sanction](db, dbx.And(dbx.HashExp{"state": string(flow.Active)}, dbx.NewExp("until>={:today}", dbx.Params{"today": string(today)}), dbx.Or(
		dbx.And(dbx.NewExp("name_blind<>''"), dbx.In("name_blind", list...)), dbx.And(dbx.NewExp("phone_blind<>''"), dbx.In("phone_blind", list...)))), "made DESC", "id DESC")
}

func filled(list []string) (all []any) {
	for _, s := range list {
		if s != "" {
			all = append(all, s)
		}
	}
	return all
}
