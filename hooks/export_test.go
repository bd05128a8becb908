package hooks

import (
	"context"
	"time"
)

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

// Line is what one line of the clock does.
func (s *Server) Line(name string) func(context.Context) error {
	for _, l := range s.schedule() {
		if l.Name == name {
			return l.Run
		}
	}
	return nil
}

// CopyState is what the lead's page says about the copies.
func (s *Server) CopyState() copyShown { return s.copyState() }

// AskAgain forgets the last answer about being ready.
func (s *Server) AskAgain() { s.ready.until = time.Time{} }
