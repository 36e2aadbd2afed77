package chat

import (
	"fmt"
	"io"
)

// hidden is what is printed in place of a secret.
const hidden = "<secret>"

// A Secret is a token or a password. However it is printed or written, alone or inside of something else, what comes out is
// "<secret>"; only Reveal tells it. The zero Secret is none.
type Secret struct{ value *string } // a pointer, so that printing a struct around it by reflection shows an address

// NewSecret keeps text as a secret; the empty text is none.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{value: &text}
}

// IsZero says that there is no secret.
func (s Secret) IsZero() bool { return s.value == nil }

// Reveal is the secret itself, to be handed to the outside system and nowhere else.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// String is "<secret>", or empty where there is none.
func (s Secret) String() string {
	if s.value == nil {
		return ""
	}
	return hidden
}

// Format prints String for every verb, those of Go syntax included.
func (s Secret) Format(f fmt.State, _ rune) {
	// A fmt.State takes every write; there is nobody to tell if it did not.
	_, _ = io.WriteString(f, s.String())
}

// MarshalText writes String: the form of a secret in JSON, YAML and logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
