package local

import (
	"fmt"

	"boswell/chat"
)

// A Problem is an error for the person who asked, to be shown as it is written: what is wrong, then what to do.
type Problem struct {
	Text string
	// Err tells some problems apart: chat.ErrGone is that something is no longer there.
	Err error
}

// Error is the text to show.
func (p *Problem) Error() string { return p.Text }

// Unwrap is what tells one problem from another.
func (p *Problem) Unwrap() error { return p.Err }

func problem(format string, args ...any) error { return &Problem{Text: fmt.Sprintf(format, args...)} }

func gone(text string) error { return &Problem{Text: text, Err: chat.ErrGone} }

var (
	errNobody    = gone("Nobody here has that account. Choose who you are again.")
	errNoRoom    = gone("There is no such room for you. Look at the list of rooms.")
	errNoMessage = gone("That message is no longer there.")
	errArchived  = problem("This room is archived. Open it again before you write in it.")
	errNoSpace   = &Problem{Text: "The disk is full, so nothing was changed. Make room on it and try again.", Err: errFull}
	errOnlyYou   = problem("Only you see that message, so it stays as it is.")
)
