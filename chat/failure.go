package chat

import (
	"errors"
	"time"
)

// ErrGone says that a message, room or person is no longer there.
var ErrGone = errors.New("no longer there")

// A Failure is an error of a platform, sorted for whoever may try again. Only the outbox does.
type Failure struct {
	Err error
	// Temporary says that trying again may help; After is the platform's own delay, if it gave one.
	Temporary bool
	After     time.Duration
	// InDoubt says that it may have worked all the same.
	InDoubt bool
	// Tell is a sentence for people: what is wrong and what to do. Empty where the words of Err must do.
	Tell string
}

// Error is the error's own text.
func (f *Failure) Error() string { return f.Err.Error() }

// Unwrap gives the error itself.
func (f *Failure) Unwrap() error { return f.Err }

// Final is a failure that trying again does not mend. tell says to people what is wrong and what to do.
func Final(err error, tell string) error { return &Failure{Err: err, Tell: tell} }

// Temporary is a failure that certainly did nothing and may be tried again after a time.
func Temporary(err error, after time.Duration) error {
	return &Failure{Err: err, Temporary: true, After: after}
}

// InDoubt is a failure after which nobody knows whether it worked: a timeout, a cut connection.
func InDoubt(err error) error { return &Failure{Err: err, Temporary: true, InDoubt: true} }

// AsFailure sorts any error; one that is no Failure is temporary and in doubt.
func AsFailure(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	if errors.Is(err, ErrGone) {
		return &Failure{Err: err}
	}
	return &Failure{Err: err, Temporary: true, InDoubt: true}
}
