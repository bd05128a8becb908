// Package sheet is how tables leave the desk and come to it: rows of texts as CSV or XLSX, written as they come and never
// held as a whole. Every cell is text, so that no spreadsheet makes a number of an ID, a date of a reference, or runs a
// cell that somebody filled in.
package sheet

import "io"

// A Writer takes a table row by row. Close ends the file; without it the file is broken, and is seen to be.
type Writer interface {
	Row(cells ...string) error
	Close() error
}

// A Kind is a kind of file.
type Kind struct {
	Name  string // csv or xlsx
	Media string
	New   func(w io.Writer, title string) (Writer, error)
}

// Kinds are the files that can be written.
var Kinds = map[string]Kind{
	"csv":  {"csv", "text/csv; charset=utf-8", newCSV},
	"xlsx": {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", newXLSX},
}
