package hooks

// What the tests of this package read of its inside: the authorisation table, and the list of PocketBase's routes that answer.

// Line is one route of the authorisation table.
type Line = line

// Lines is the authorisation table of a running desk.
func (s *Server) Lines() []Line { return s.lines }

// FilePatterns are the routes without an act: style sheet, modules, and both kinds of 404.
func FilePatterns() []string { return filePatterns }

// Emptied are PocketBase's routes that answer superusers with nothing in it, and what they answer.
func Emptied() map[string]string { return emptied }

// AllowedPatterns are PocketBase's routes that answer, and whether only for the superusers' own collection.
func AllowedPatterns() map[string]bool {
	all := map[string]bool{}
	for _, a := range allowed {
		all[a.pattern] = a.superset
	}
	return all
}

// ForgetCounts forgets what was counted at the public doors: a walk through them is no guessing.
func (s *Server) ForgetCounts() { s.counter = newCounter() }
