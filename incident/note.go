package incident

import (
	"strconv"
	"strings"
	"time"
)

// A Note is an entry as a person types it.
type Note struct {
	Text string
	// At is when it happened; unknown is a note without a time.
	At Moment
	// Said is when it was typed.
	Said time.Time
	// After is the label of the entry that it stands behind: a number of the timeline, or a handle. Empty is none.
	After  string
	Marker Marker
}

// Note decides a new entry.
func (in *Incident) Note(n Note) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	text, err := prose(n.Text, "note")
	if err != nil {
		return nil, err
	}
	e := Noted{Entry: in.nextEntry(), At: n.At, Text: text, Said: n.Said, Marker: n.Marker}
	if n.After == "" {
		return []Event{e}, nil
	}
	before, err := in.Find(n.After)
	if err != nil {
		return nil, err
	}
	loc := in.Zone.Location()
	if n.At.Known() && (!before.Happened.Known() || !n.At.Instant(loc).Equal(before.Happened.Instant(loc))) {
		return nil, Refuse("Entry %s has another time, so the order follows from the times. Leave out after:%s, or give at:? for a note without a time.", before.ID, cut(n.After, 40))
	}
	e.After = before.ID
	return []Event{e}, nil
}

// Find is the entry that a label names: its number in the timeline ("3") or its handle ("e12").
func (in *Incident) Find(label string) (Entry, error) {
	label = strings.ToLower(strings.TrimSpace(label))
	if n, err := strconv.Atoi(label); err == nil {
		return in.Numbered(n)
	}
	if entryNumber(EntryID(label)) == 0 || label[0] != 'e' {
		return Entry{}, Refuse("%q is not an entry. Write its number in the timeline, like 3, or its handle, like e12. `%s` shows both.", cut(label, 40), in.typed("timeline"))
	}
	if e, ok := in.Entry(EntryID(label)); ok {
		return e, nil
	}
	return Entry{}, Refuse("Entry %s is not in the timeline of %s. `%s` shows it.", cut(label, 40), in.ID, in.typed("timeline"))
}

// Edit decides a new text or time of an entry, by hand; nil leaves a part as it is.
func (in *Incident) Edit(label string, text *string, at *Moment) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	e, err := in.Find(label)
	if err != nil {
		return nil, err
	}
	var events []Event
	if text != nil {
		fresh, err := prose(*text, "text")
		if err != nil {
			return nil, err
		}
		if fresh != e.Text {
			events = append(events, EntryReworded{e.ID, fresh})
		}
	}
	if at != nil && !at.Equal(e.Happened) {
		events = append(events, EntryRetimed{e.ID, *at})
	}
	return events, nil
}

// Remove decides that an entry is not in the timeline.
func (in *Incident) Remove(label string) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	e, err := in.Find(label)
	if err != nil {
		return nil, err
	}
	return []Event{EntryRemoved{e.ID}}, nil
}

// Mark decides the marker of an entry; an empty one takes it away.
func (in *Incident) Mark(label string, m Marker) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	e, err := in.Find(label)
	if err != nil || e.Marker == m {
		return nil, err
	}
	return []Event{EntryMarked{e.ID, m}}, nil
}
