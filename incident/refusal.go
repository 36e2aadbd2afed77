package incident

import "fmt"

// A Refusal is an answer to a person, shown to them as written: what is wrong, then what to do. It is a full sentence
// and names nothing internal. Every error that is not a Refusal is logged instead, and people see only that something
// broke and that nothing was changed.
type Refusal struct{ Text string }

// Error returns the sentence to show.
func (r Refusal) Error() string { return r.Text }

// Refuse makes a Refusal.
func Refuse(format string, args ...any) error {
	return Refusal{Text: fmt.Sprintf(format, args...)}
}
