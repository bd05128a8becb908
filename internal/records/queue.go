package records

import "github.com/pocketbase/dbx"

// Queue reads at most limit cases for a list, in order, without the people around them.
func Queue(db dbx.Builder, where dbx.Expression, limit int64, order ...string) ([]*Application, error) {
	var rows []Application
	if err := db.Select().From("applications").Where(where).OrderBy(order...).Limit(limit).All(&rows); err != nil {
		return nil, err
	}
	list := make([]*Application, len(rows))
	for i := range rows {
		list[i] = &rows[i]
	}
	return list, nil
}
