// Which addresses we write to: stricter than mail's own grammar, so that nothing but one address ever reaches a server.

package notify

import (
	"errors"
	"net"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

// Errors of addresses.
var (
	// ErrAddress says that this is not one e-mail address that we can write to.
	ErrAddress = errors.New("mail_address_wrong")
	// ErrPhone says that this is not a phone number in international form.
	ErrPhone = errors.New("phone_wrong")
)

var (
	localPart = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*$`)
	hostName  = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$`)
	e164      = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
)

// Address returns the form in which a mail is addressed: the domain in lower case and ASCII. ErrAddress for names, lists,
// quoted or non-ASCII local parts, IP addresses and domains of one label.
func Address(s string) (string, error) {
	local, host, ok := strings.Cut(s, "@")
	if !ok || len(local) > 64 || !localPart.MatchString(local) {
		return "", ErrAddress
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		return "", ErrAddress
	}
	ascii = strings.ToLower(ascii)
	if !hostName.MatchString(ascii) || len(local)+1+len(ascii) > 254 {
		return "", ErrAddress
	}
	return local + "@" + ascii, nil
}

// Phone checks that a number is in the form +8613800001234.
func Phone(s string) (string, error) {
	if !e164.MatchString(s) {
		return "", ErrPhone
	}
	return s, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

var (
	anyAddress = regexp.MustCompile(`[^\s<>"'()\[\],;:]+@[^\s<>"'()\[\],;:]+`)
	anyNumber  = regexp.MustCompile(`\+?[0-9][0-9 -]{6,}[0-9]`)
)

// unnamed takes people's addresses and numbers out of a partner's words, and shortens them, so that they can stand beside
// the message in clear.
func unnamed(s string) string {
	s = anyNumber.ReplaceAllString(anyAddress.ReplaceAllString(oneLine(s), "(address)"), "(number)")
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "…"
	}
	return s
}
