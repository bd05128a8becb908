package ledger

// The checkpoints that the log has to agree with: those kept with it, and those kept elsewhere.

import (
	"errors"
	"fmt"
)

func (v *verifier) checkpoints() error {
	var kept []struct {
		Size int64  `db:"size"`
		Note string `db:"note"`
		Made string `db:"made"`
	}
	if err := v.db.NewQuery("SELECT size, note, made FROM checkpoints ORDER BY size").All(&kept); err != nil {
		return err
	}
	if len(kept) > 0 && len(v.o.Public) == 0 {
		v.warn(Finding{Kind: Unsigned, Text: "no public key was given: signatures were not checked"})
		return nil
	}
	for _, k := range kept {
		v.kept[k.Size] = true
		m, err := readMark(k.Note, BadCheckpoint, v.o.Public)
		v.kept[m.size] = true
		if err == nil && m.size != k.Size {
			err = fmt.Errorf("it was signed for size %d", m.size)
		}
		if err == nil && m.made != k.Made {
			err = fmt.Errorf("it was signed at %s", m.made)
		}
		if err != nil {
			v.find(Finding{Kind: BadCheckpoint, Seq: k.Size, Text: err.Error()})
			continue
		}
		v.marks[m.size] = append(v.marks[m.size], m)
	}
	return nil
}

func (v *verifier) witnesses() error {
	if len(v.o.Witness) > 0 && len(v.o.Public) == 0 {
		return errors.New("checkpoints from elsewhere cannot be verified without a public key")
	}
	for _, text := range v.o.Witness {
		m, err := readMark(text, BadWitness, v.o.Public)
		if err != nil {
			v.find(Finding{Kind: BadWitness, Text: err.Error()})
			continue
		}
		if !v.kept[m.size] { // each one that is given out is kept here too
			v.find(Finding{Kind: BadCheckpoint, Seq: m.size, Text: fmt.Sprintf("the checkpoint at entry %d was given out and is kept no longer", m.size)})
		}
		v.marks[m.size] = append(v.marks[m.size], m)
	}
	return nil
}
