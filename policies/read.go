package policies

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
)

// The files are read by ourselves, not by Casbin's adapter: it skips what it does not understand.

type word struct{ kind, id, group, zh, en string }

// words are the words of words.csv in their order, and by kind and id.
type words struct {
	list []word
	by   map[[2]string]word
}

func (w words) find(kind, id string) (word, bool) {
	x, ok := w.by[[2]string{kind, id}]
	return x, ok
}

func (w words) ids(kind string) []string {
	var all []string
	for _, x := range w.list {
		if x.kind == kind {
			all = append(all, x.id)
		}
	}
	return all
}

// know refuses a word that is not in words.csv. A state may also be any.
func (w words) know(kind, id string) error {
	if _, ok := w.by[[2]string{kind, id}]; ok || kind == "state" && id == Any {
		return nil
	}
	return fmt.Errorf("unknown %s %q", kind, id)
}

func readWords() (words, error) {
	rows, err := readTable(embedded, "words.csv", 5)
	if err != nil {
		return words{}, err
	}
	all := words{by: map[[2]string]word{}}
	for _, r := range rows[1:] { // the first are the names of the columns
		w := word{r.cells[0], r.cells[1], r.cells[2], r.cells[3], r.cells[4]}
		if _, twice := all.find(w.kind, w.id); twice || w.zh == "" || w.en == "" {
			return words{}, fmt.Errorf("words.csv:%d: %s %q is given twice or has no name", r.line, w.kind, w.id)
		}
		all.list, all.by[[2]string{w.kind, w.id}] = append(all.list, w), w
	}
	return all, nil
}

type row struct {
	line  int
	cells []string
}

// readTable reads rows of so many cells (-1: any number), without spaces around them. Lines that begin with # are remarks.
func readTable(fsys fs.FS, name string, cells int) ([]row, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comment, r.TrimLeadingSpace, r.FieldsPerRecord = '#', true, cells
	var rows []row
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		line, _ := r.FieldPos(0)
		for i, c := range record {
			record[i] = strings.TrimSpace(c)
		}
		rows = append(rows, row{line, record})
	}
	if rows == nil {
		return nil, fmt.Errorf("%s: no rows in it", name)
	}
	return rows, nil
}

// counted checks the last line, "# rows: 12": a file cut off at the end of a line loses its denials without a trace.
func counted(fsys fs.FS, name string, rows int) error {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	said, ok := strings.CutPrefix(strings.TrimSpace(lines[len(lines)-1]), "# rows: ")
	n, err := strconv.Atoi(said)
	if !ok || err != nil {
		return fmt.Errorf("%s: it must end with the line \"# rows: %d\"; is it cut off?", name, rows)
	}
	if n != rows {
		return fmt.Errorf("%s: it has %d rows, but says %d in its last line", name, rows, n)
	}
	return nil
}

func readRules(fsys fs.FS, w words) (links, []rule, error) {
	const name = "policy.csv"
	rows, err := readTable(fsys, name, -1)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]int{}
	var groups links
	var rules []rule
	for _, r := range rows {
		c := r.cells
		if grouped[c[0]] != [2]string{} {
			err = groups.add(r.line, c, w)
		} else if err = checkRule(c, w, groups); err == nil {
			key := strings.Join(c[1:5], ",")
			if seen[key] > 0 {
				err = fmt.Errorf("line %d says it already, or the opposite", seen[key])
			}
			seen[key] = r.line
			rules = append(rules, rule{r.line, c[1], c[2], c[3], c[4], c[5], groups.of("g2", c[1], c[1]), groups.of("g", c[4], c[4])})
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s:%d: %w", name, r.line, err)
		}
	}
	return groups, rules, counted(fsys, name, len(rows))
}

func checkRule(c []string, w words, groups links) error {
	if c[0] != "p" {
		return fmt.Errorf("%q: a line begins with p, g or g2", c[0])
	}
	if len(c) != 6 {
		return fmt.Errorf("p, role, act, state, relation, effect: it has %d parts", len(c))
	}
	for i, kind := range []string{"role", "act", "state", "relation"} {
		letter := map[string]string{"role": "g2", "relation": "g"}[kind]
		if err := w.know(kind, c[i+1]); err != nil && (letter == "" || groups.of(letter, c[i+1]) == nil) {
			return err
		}
	}
	if c[5] != "allow" && c[5] != "deny" {
		return fmt.Errorf("%q is neither allow nor deny", c[5])
	}
	return nil
}
