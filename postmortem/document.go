// Package postmortem turns an incident into a document and the document into text.
//
// The invariant: what is printed was said by somebody. From is a pure function of the incident, so an export can be
// repeated at any time; a field that nobody filled says so, and a renderer adds nothing of its own. Texts are printed as
// they were typed.
package postmortem

import (
	"time"

	"boswell/incident"
)

// People gives the name to print for a person; empty if there is none any more.
type People func(incident.PersonID) string

// A Document is a postmortem before it has a layout. All texts are Markdown as people typed it, without blanks at their two
// ends; an empty one was not recorded.
type Document struct {
	Title    string
	Number   int // 0 is none
	Preamble string

	Days       Days
	Published  time.Time // zero if it was not said
	Authors    []string
	Status     string // the free words, never the state
	Network    string
	Duration   string // in words
	Summary    string
	Background string
	References []string
	Impact     []string
	Causes     []incident.Cause
	Trigger    string
	Resolution Resolution
	Detection  string

	Actions []incident.Action
	Lessons Lessons

	Zone          incident.Zone // in which the timeline is printed
	TimelineNotes []string
	Timeline      []Line
	// Unread says, in sentences, what of the chat could not be read.
	Unread []string

	RespondersNote string
	Responders     []Responder
	Supporting     []Exhibit
	Closing        string
}

// Days are the day or days of an incident.
type Days struct {
	From incident.Civil
	To   incident.Civil // the last day of a span, else zero
	// Month says that no day is known, only the month of From.
	Month bool
}

// Resolution is what ended the incident, and how, step by step.
type Resolution struct {
	Text  string
	Steps []string
}

// Lessons are what was learned, one paragraph each.
type Lessons struct {
	General, Well, Wrong, Lucky []string
}

// A Line is one entry of the timeline.
type Line struct {
	Happened incident.Moment
	Marker   incident.Marker
	Text     string
	Files    []incident.File
}

// A Responder is what somebody did.
type Responder struct{ Name, Did string }

// An Exhibit is one item of supporting information. Kind is one of incident.SupportKinds. The text of a paste keeps the
// blanks of its first line.
type Exhibit struct {
	Kind     string
	Title    string
	Language string
	Text     string
	File     *incident.File
}
