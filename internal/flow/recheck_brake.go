package flow

// A type that suddenly finds fault with many certificates is more likely to be wrong than they are: a register that has
// moved, a mistake in a new version. Its re-checks stop before they flood the desk.

const (
	adverseAtOnce  = 20 // re-checks of a type that may go badly on one day,
	adversePercent = 2  // or so many of a hundred that were due, where that is more
)

// TooManyAdverse reports whether so many adverse re-checks of one type on one day, of so many certificates that were due,
// are a reason to stop until a manager has looked.
func TooManyAdverse(adverse, due int64) bool {
	return adverse > adverseAtOnce && adverse*100 > due*adversePercent
}
