package vault

// Blind indexes: equal names and numbers give equal marks, and nobody without the root key can tell from which.

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"io"
	"strconv"
)

// Blind returns the mark of a normalised text: 43 characters, another one for each kind.
func (v *Vault) Blind(kind, normalised string) string {
	mac := v.blinder(kind)
	io.WriteString(mac, normalised)
	return mark(mac)
}

func (v *Vault) blinder(kind string) hash.Hash {
	mac := hmac.New(sha256.New, v.blind)
	io.WriteString(mac, strconv.Itoa(len(kind))+":"+kind+" ")
	return mac
}

func mark(mac hash.Hash) string { return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)) }
