package commands

import (
	"errors"

	"boswell/chat"
	"boswell/incident"
)

// A Misfit is the refusal of one argument of a command: a form that asked for it shows it there.
type Misfit struct {
	Field   chat.FieldID
	Refusal incident.Refusal
}

// Error is the sentence to show.
func (m Misfit) Error() string { return m.Refusal.Text }

// Unwrap is the refusal itself.
func (m Misfit) Unwrap() error { return m.Refusal }

// About says of a refusal which argument it is about, unless that is known already. Any other error stays as it is.
func About(field chat.FieldID, err error) error {
	var m Misfit
	var r incident.Refusal
	if errors.As(err, &m) || !errors.As(err, &r) {
		return err
	}
	return Misfit{Field: field, Refusal: r}
}
