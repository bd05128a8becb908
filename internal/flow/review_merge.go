package flow

// Two applications of one holder for the same thing can become one; never those of two holders.

// Mergeable is what counts of an application that is to be merged.
type Mergeable struct{ ID, Holder, Type, Kind string }

// CheckMerge refuses to merge an application with itself (merge_itself), with one of another holder (merge_other_holder) or
// for something else (merge_other_type), and re-checks, which the desk opened itself (merge_other_type).
func CheckMerge(ends, stays Mergeable) error {
	switch {
	case ends.ID == stays.ID:
		return Refuse("merge_itself")
	case ends.Holder != stays.Holder:
		return Refuse("merge_other_holder")
	case ends.Type != stays.Type || ends.Kind != stays.Kind || ends.Kind == "recheck":
		return Refuse("merge_other_type")
	}
	return nil
}
