package vault

import (
	"errors"
	"strings"
	"testing"
)

func sheetRoot() (root [32]byte) {
	for i := range root {
		root[i] = byte(i*37 + 11)
	}
	return root
}

// TestSheet reads a key back however it was typed in, and names the line in which there is a slip.
func TestSheet(t *testing.T) {
	root := sheetRoot()
	sheet := Sheet(root)
	lines := strings.Split(strings.TrimSpace(sheet), "\n")
	bare := func(s string) string { return strings.ReplaceAll(s[1:], " ", "") }
	all := ""
	for _, l := range lines {
		all += bare(l) + "\r\n"
	}
	for name, text := range map[string]string{
		"as printed":          sheet,
		"small letters":       strings.ToLower(sheet),
		"without numbers":     all,
		"with hyphens":        strings.ReplaceAll(sheet, "  ", "-"),
		"letters for figures": strings.NewReplacer("0", "O", "1", "l").Replace(strings.Join([]string{bare(lines[0]), bare(lines[1]), bare(lines[2]), bare(lines[3])}, "\n")),
		"with its title":      "Recovery sheet 恢复单\n\n" + sheet + "\nlock it away\n",
	} {
		if got, err := ReadSheet(text); err != nil || got != root {
			t.Errorf("%s: %x, %v", name, got, err)
		}
	}
	for i := range lines {
		for at := 4; at < len(lines[i]); at++ {
			if lines[i][at] == ' ' {
				continue
			}
			slip := append([]string{}, lines...)
			other := byte('A')
			if slip[i][at] == 'A' {
				other = 'B'
			}
			slip[i] = slip[i][:at] + string(other) + slip[i][at+1:]
			_, err := ReadSheet(strings.Join(slip, "\n"))
			var wrong *ErrSheet
			if !errors.As(err, &wrong) || wrong.Line != i+1 {
				t.Errorf("a slip in line %d at %d: %v", i+1, at, err)
			}
		}
	}
	swapped := []string{bare(lines[1]), bare(lines[0]), bare(lines[2]), bare(lines[3])}
	if _, err := ReadSheet(strings.Join(swapped, "\n")); err == nil {
		t.Error("two lines in each other's place were not noticed")
	}
	if _, err := ReadSheet(strings.Join(lines[:3], "\n")); err == nil {
		t.Error("a line too few was not noticed")
	}
}
