// Package incident is one incident: its events, its state, its decisions, its idea of time.
//
// The invariant: an incident is its log. Deciding is pure: a method of Incident looks at the state and returns events, or
// a Refusal for the person who asked; asking for what already is yields no events and no error. Applying is total: a
// recorded event never fails. There is no clock, context, network or disk in this package.
package incident

import (
	"maps"
	"slices"
	"time"
)

// An Incident is the state that the log of one incident adds up to. Its fields are read by everybody and written by Apply
// alone. What slices, maps and pointers lead to is never changed in place, so a Clone stays as it is.
type Incident struct {
	ID ID

	// How it stands.
	State    State
	Reopens  State  // the state that a closed or cancelled incident would reopen to
	Reason   string // why it was cancelled
	Severity Severity
	Drill    bool
	Private  bool

	// What its document says; fields are the words of it.
	Zone      Zone
	Precision Precision
	Number    int // printed number; 0 is none
	Date      Date
	Published time.Time
	fields    map[Field][]string

	// When it went which way.
	Opened    time.Time
	Opener    PersonID
	Since     time.Time // messages from then on may be tagged
	Closed    time.Time // when it was closed or cancelled
	Updated   time.Time // the last status update told to people
	Mitigated Moment    // as said with the command; markers go before it
	Resolved  Moment
	Snoozed   map[string]time.Time

	// The timeline, and the messages that it and the supporting information follow.
	entries    map[EntryID]*Entry
	messages   map[MessageRef]*message
	offered    map[MessageRef]bool
	supports   []Support
	outSupport map[EntryID]bool

	// What was made of it.
	Causes  []Cause
	Lessons []Lesson
	Actions []Action
	given   given

	Responders []Responder // in the order in which they joined

	// Its rooms.
	Rooms    []Room
	Cards    map[RoomID]MessageRef
	Gaps     []Gap                // Unread adds those that go on
	deaf     map[RoomID]time.Time // since when rooms cannot be read that could be
	Failures []SendFailed

	// Its log, and what of it can be undone.
	Head    uint64    // number of the last record
	LastAt  time.Time // when it was recorded
	LastBy  PersonID
	touched map[subject]uint64
	undo    map[PersonID]change
}

// given are the last numbers of each sort of handle; none is ever given twice. Entries and supporting items share theirs.
type given struct{ entries, causes, lessons, actions int }

// New is an incident before its first event.
func New(id ID) *Incident {
	return &Incident{
		ID:         id,
		Precision:  Minute,
		Snoozed:    map[string]time.Time{},
		fields:     map[Field][]string{},
		entries:    map[EntryID]*Entry{},
		messages:   map[MessageRef]*message{},
		offered:    map[MessageRef]bool{},
		outSupport: map[EntryID]bool{},
		Cards:      map[RoomID]MessageRef{},
		deaf:       map[RoomID]time.Time{},
		touched:    map[subject]uint64{},
		undo:       map[PersonID]change{},
	}
}

// Clone is a snapshot that later events do not change.
func (in *Incident) Clone() *Incident {
	c := *in
	c.Snoozed = maps.Clone(in.Snoozed)
	c.fields = maps.Clone(in.fields)
	c.entries = maps.Clone(in.entries)
	c.messages = maps.Clone(in.messages)
	c.offered = maps.Clone(in.offered)
	c.outSupport = maps.Clone(in.outSupport)
	c.Cards = maps.Clone(in.Cards)
	c.deaf = maps.Clone(in.deaf)
	c.touched = maps.Clone(in.touched)
	c.undo = cloneUndo(in.undo)
	// Appending to a slice that a snapshot shares writes behind the snapshot's end only if both append; clipping makes
	// the snapshot's slices copy first.
	c.Causes, c.Lessons, c.Actions = slices.Clip(in.Causes), slices.Clip(in.Lessons), slices.Clip(in.Actions)
	c.supports, c.Responders, c.Rooms = slices.Clip(in.supports), slices.Clip(in.Responders), slices.Clip(in.Rooms)
	c.Gaps, c.Failures = slices.Clip(in.Gaps), slices.Clip(in.Failures)
	return &c
}

// Title is what happened, as a phrase.
func (in *Incident) Title() string { return in.Text(FieldTitle) }

// Status is the free words of the status; empty if nobody set them.
func (in *Incident) Status() string { return in.Text(fieldStatus) }

// fieldStatus keeps the free words of the status among the other words; it is set by its own command only.
const fieldStatus Field = "status"

// Values are the items of a list field, or the paragraphs of a text field; the caller only reads them.
func (in *Incident) Values(f Field) []string { return in.fields[f] }

// Text is a text field with its paragraphs apart by an empty line.
func (in *Incident) Text(f Field) string { return joinParagraphs(in.fields[f]) }

// FrontKeys are the keys of front matter that were set, sorted.
func (in *Incident) FrontKeys() []string {
	var keys []string
	for f, values := range in.fields {
		if f.Front() && len(values) > 0 {
			keys = append(keys, string(f)[len(FrontPrefix):])
		}
	}
	slices.Sort(keys)
	return keys
}

// Holder is the person who has a role now; empty is nobody.
func (in *Incident) Holder(role Role) PersonID {
	for _, r := range in.Responders {
		for _, span := range r.Roles {
			if span.Role == role && span.To.IsZero() {
				return r.Person
			}
		}
	}
	return ""
}

// Responder is a person's part in the incident.
func (in *Incident) Responder(p PersonID) (Responder, bool) {
	i := in.responder(p)
	if i < 0 {
		return Responder{}, false
	}
	return in.Responders[i], true
}

func (in *Incident) responder(p PersonID) int {
	return slices.IndexFunc(in.Responders, func(r Responder) bool { return r.Person == p })
}

// Room is a linked room.
func (in *Incident) Room(id RoomID) (Room, bool) {
	i := in.room(id)
	if i < 0 {
		return Room{}, false
	}
	return in.Rooms[i], true
}

func (in *Incident) room(id RoomID) int {
	return slices.IndexFunc(in.Rooms, func(r Room) bool { return r.RoomID == id })
}
