package vault

// Sealing texts: AES-256-GCM with the key of a case, a holder or the desk, tied to the place where the text is kept.

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

const sealMark = "v1."

// Seal seals a text for one place; context names it (table.column and row). Sealing twice gives two different texts.
// ErrErased or ErrKeyUnknown.
func (v *Vault) Seal(keyID, context string, plain []byte) (string, error) {
	m, err := v.key(keyID)
	if err != nil {
		return "", err
	}
	sealed, err := lock(m.secret(), place(keyID, context), plain)
	if err != nil {
		return "", err
	}
	return sealMark + base64.RawURLEncoding.EncodeToString(sealed), nil
}

// Unseal opens what Seal made with the same key for the same place. ErrErased if the key was destroyed; ErrForged if
// the text was changed, moved from another place, or is none of ours.
func (v *Vault) Unseal(keyID, context, sealed string) ([]byte, error) {
	m, err := v.key(keyID)
	if err != nil {
		return nil, err
	}
	text, ok := strings.CutPrefix(sealed, sealMark)
	if !ok || strings.ContainsAny(text, "\r\n") { // base64 would read over line breaks
		return nil, fmt.Errorf("%w: %s is not a sealed text", ErrForged, context)
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrForged, context, err)
	}
	plain, err := unlock(m.secret(), place(keyID, context), raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrForged, context, err)
	}
	return plain, nil
}

// DeskSeal seals with the desk's own key: settings, second factors, messages.
func (v *Vault) DeskSeal(context string, plain []byte) (string, error) {
	return v.Seal(deskKey, context, plain)
}

// DeskUnseal opens what DeskSeal made for the same place.
func (v *Vault) DeskUnseal(context, sealed string) ([]byte, error) {
	return v.Unseal(deskKey, context, sealed)
}

// place joins key and context so that no other pair gives the same text.
func place(keyID, context string) string {
	return strconv.Itoa(len(keyID)) + ":" + keyID + " " + context
}

func lock(key []byte, place string, plain []byte) ([]byte, error) {
	gcm, err := sealer(key)
	if err != nil {
		return nil, err
	}
	return gcm.Seal(nil, nil, plain, []byte(place)), nil
}

func unlock(key []byte, place string, sealed []byte) ([]byte, error) {
	gcm, err := sealer(key)
	if err != nil {
		return nil, err
	}
	return gcm.Open(nil, nil, sealed, []byte(place))
}

// sealer puts a random nonce in front of what it seals.
func sealer(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
