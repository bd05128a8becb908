package command

import (
	"context"
	"errors"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/flow"
	"github.com/certdesk/certdesk/internal/records"
)

// Erased stays erased: keys whose rows say so are destroyed if the desk died before it came to that, and rows of a copy that was
// put back are emptied if their key was destroyed since the copy was made.

// FinishErasures destroys the keys of everything that the rows say is erased, and returns how many there still were.
func (d *Desk) FinishErasures(ctx context.Context) (n int, err error) {
	gone, err := d.Vault.Destroyed()
	if err != nil {
		return 0, err
	}
	for _, q := range []struct {
		table, prefix string
		erased        dbx.Expression
	}{{"applications", "case-", dbx.NewExp("erased_at<>''")}, {"holders", "holder-", dbx.NewExp("state='erased'")}} {
		var ids []string
		if err := d.App.DB().Select("id").From(q.table).Where(q.erased).Column(&ids); err != nil {
			return n, err
		}
		for _, id := range ids {
			if gone[q.prefix+id] {
				continue
			}
			if err := errors.Join(ctx.Err(), d.Vault.DestroyKey(q.prefix+id)); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// eraseAgain empties what a copy brought back of those whose keys were destroyed since it was made. Where the case was open at that
// time it is emptied all the same: nobody can read it any more.
func (tx *Tx) eraseAgain() (n int, err error) {
	gone, err := tx.Desk.Vault.Destroyed()
	if err != nil {
		return 0, err
	}
	for key := range gone {
		kind, id, _ := strings.Cut(key, "-")
		again := map[string]func(string) (bool, error){"case": tx.caseAgain, "holder": tx.holderAgain, "account": tx.accountAgain}[kind]
		if again == nil {
			continue
		}
		did, err := again(id)
		if err != nil {
			return n, err
		}
		if did {
			n++
		}
	}
	return n, nil
}

func (tx *Tx) caseAgain(id string) (bool, error) {
	app, err := records.Load[*records.Application](tx.DB, id)
	if err != nil || app.ErasedAt != "" {
		return false, ignoreMissing(err)
	}
	return true, tx.eraseCase(app)
}

func (tx *Tx) holderAgain(id string) (bool, error) {
	h, err := records.Load[*records.Holder](tx.DB, id)
	if err != nil || h.State == flow.Erased {
		return false, ignoreMissing(err)
	}
	h.Phone = "" // sealed with the key that is gone
	return true, tx.eraseHolder(h)
}

func (tx *Tx) accountAgain(id string) (bool, error) {
	a, err := records.Load[*records.Applicant](tx.DB, id)
	if err != nil || a.State == flow.Closed && a.Email == "" {
		return false, ignoreMissing(err)
	}
	a.State = flow.Closed
	tx.emptyAccount(a)
	return true, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, records.ErrNotFound) {
		return nil
	}
	return err
}
