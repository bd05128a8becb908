package cli

import (
	"bufio"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// Passwords are never arguments: other users of the machine see those.

const shortest = 12

// choosePassword reads a password from a file or standard input, or makes one.
func choosePassword(cmd *cobra.Command, file string) (password string, made bool, err error) {
	if file == "" {
		raw := make([]byte, 15)
		rand.Read(raw)
		return strings.ToLower(base32.StdEncoding.EncodeToString(raw)), true, nil
	}
	in := cmd.InOrStdin()
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", false, err
		}
		defer f.Close()
		in = f
	}
	password, err = bufio.NewReader(in).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", false, err
	}
	password = strings.TrimRight(password, "\r\n")
	if len([]rune(password)) < shortest || len(password) > 72 {
		return "", false, fmt.Errorf("the password has to have %d characters or more, and at most 72 bytes", shortest)
	}
	return password, false, nil
}
