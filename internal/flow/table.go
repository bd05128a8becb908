package flow

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// Rules that are data are tables: comma-separated, a line of column names, "#" before a remark.

type tableRow struct {
	line  int
	cells []string
}

// readTable reads a table that has exactly these columns and at least one row.
func readTable(in io.Reader, columns ...string) ([]tableRow, error) {
	r := csv.NewReader(in)
	r.Comment, r.TrimLeadingSpace = '#', true
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("no column names: %w", err)
	}
	if !slices.Equal(head, columns) {
		return nil, fmt.Errorf("the columns are %q, not %q", head, columns)
	}
	var rows []tableRow
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		rows = append(rows, tableRow{line, cells})
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("no rows in it")
	}
	return rows, nil
}

// figure reads a whole number within bounds.
func figure(s string, low, high int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("%q is not a whole number from %d to %d", s, low, high)
	}
	return n, nil
}
