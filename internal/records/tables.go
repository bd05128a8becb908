package records

import "reflect"

// Tables lists every table of the desk, and whether the ledger names the digest of its rows. Rows that only serve the
// running (sessions, codes, the outbox, leases) are not named.
var Tables = []struct {
	Row    Row
	Logged bool
}{
	{&Desk{}, true}, {&Applicant{}, true}, {&Staff{}, true}, {&Holder{}, true}, {&Member{}, true}, {&Consent{}, true},
	{&Application{}, true}, {&Person{}, true}, {&Document{}, true}, {&Finding{}, true}, {&Verdict{}, true}, {&Note{}, true}, {&Correspondence{}, true},
	{&Correction{}, true}, {&Task{}, true}, {&Decision{}, true}, {&Appeal{}, true}, {&Reversal{}, true}, {&Certificate{}, true}, {&Type{}, true}, {&Description{}, true}, {&Feedback{}, true}, {&Brake{}, true}, {&Adjustment{}, true}, {&Sanction{}, true}, {&Gift{}, true}, {&Conduct{}, true}, {&Import{}, true}, {&Recovery{}, true},
	{&Session{}, false}, {&Code{}, false}, {&Message{}, false}, {&Job{}, false}, {&Viewing{}, false}, {&Counter{}, false}, {&Clock{}, false}, {&Month{}, false},
}

// Logged reports whether the ledger names the rows of this table.
func Logged(table string) bool {
	for _, t := range Tables {
		if t.Row.Table() == table {
			return t.Logged
		}
	}
	return false
}

// Blank makes an empty row of a table, nil if there is no such table.
func Blank(table string) Row {
	for _, t := range Tables {
		if t.Row.Table() == table {
			return reflect.New(reflect.TypeOf(t.Row).Elem()).Interface().(Row)
		}
	}
	return nil
}
