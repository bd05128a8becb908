package records

import (
	"github.com/pocketbase/dbx"

	"github.com/certdesk/certdesk/internal/sqlite"
)

// SamePicture says that a kept document of one case lies, byte for byte, in another one.
type SamePicture struct {
	Application string // the other case
	Digest      string // of the description that it follows
	Here, There string // the slots
}

// SamePictures finds the documents of a case in other cases that were handed in, by their marks.
func SamePictures(db dbx.Builder, application string) ([]SamePicture, error) {
	rows, err := sqlite.Direct(db).Query("SELECT DISTINCT o.application, a.digest, d.slot, o.slot FROM documents d JOIN documents o ON o.mark=d.mark AND o.application<>d.application"+
		" JOIN applications a ON a.id=o.application WHERE d.application=? AND d.state='kept' AND d.mark<>'' AND o.state='kept' AND o.origin='' AND d.origin='' AND a.ref<>'' LIMIT 50", application)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []SamePicture
	for rows.Next() {
		var s SamePicture
		if err := rows.Scan(&s.Application, &s.Digest, &s.Here, &s.There); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}
