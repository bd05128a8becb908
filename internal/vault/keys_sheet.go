package vault

// The root key on paper: four lines that can be printed, read out and typed in again. Each carries its own check, so that a
// slip of the pen is found in the line in which it was made.

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
)

const (
	sheetLines = 4
	lineBytes  = 8 // of the key in a line
	lineCheck  = 2 // of check in a line
	lineSigns  = (lineBytes + lineCheck) * 8 / 5
)

// crockford leaves out the letters that are taken for digits, or for one another.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// ErrSheet says in which line of a recovery sheet there is a mistake.
type ErrSheet struct{ Line int }

// Error names the line; 0 is the number of lines itself.
func (e *ErrSheet) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("sheet_wrong: the key has %d lines of 16 letters and digits", sheetLines)
	}
	return fmt.Sprintf("sheet_wrong: line %d is not as it was printed", e.Line)
}

// Sheet writes a root key as four lines of four groups.
func Sheet(root [32]byte) string {
	var b strings.Builder
	for i := range sheetLines {
		part := root[i*lineBytes : (i+1)*lineBytes]
		signs := crockford.EncodeToString(append(append([]byte{}, part...), check(i, part)...))
		fmt.Fprintf(&b, "%d   %s  %s  %s  %s\n", i+1, signs[:4], signs[4:8], signs[8:12], signs[12:])
	}
	return b.String()
}

// check ties a line to its place: two lines that changed places are noticed.
func check(line int, part []byte) []byte {
	sum := sha256.Sum256(append([]byte(fmt.Sprintf("certdesk sheet v1 line %d ", line+1)), part...))
	return sum[:lineCheck]
}

// ReadSheet reads the four lines back, however they are spaced, in small or large letters, with or without their numbers;
// O is read as 0, I and L as 1. The error is an *ErrSheet that names the first line with a mistake.
func ReadSheet(text string) (root [32]byte, err error) {
	var lines []string
	for line := range strings.Lines(text) {
		if signs, ok := lineOf(line, len(lines)+1); ok {
			lines = append(lines, signs)
		}
	}
	if len(lines) != sheetLines {
		return root, &ErrSheet{}
	}
	for i, signs := range lines {
		raw, err := crockford.DecodeString(signs)
		if err != nil || len(raw) != lineBytes+lineCheck || string(check(i, raw[:lineBytes])) != string(raw[lineBytes:]) {
			return [32]byte{}, &ErrSheet{Line: i + 1}
		}
		copy(root[i*lineBytes:], raw)
	}
	return root, nil
}

// lineOf takes the signs out of a line. A line with other words, a title, is none of the key's.
func lineOf(line string, n int) (string, bool) {
	signs := strings.NewReplacer(" ", "", "\t", "", "-", "", ".", "", "\r", "", "\n", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(line))
	if len(signs) == lineSigns+1 {
		signs = strings.TrimPrefix(signs, fmt.Sprint(n))
	}
	return signs, len(signs) == lineSigns && strings.Trim(signs, "0123456789ABCDEFGHJKMNPQRSTVWXYZU") == ""
}
