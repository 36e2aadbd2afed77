package incident

import (
	"strings"
	"time"
)

// An Opening is what `start` says.
type Opening struct {
	Title    string
	Severity Severity
	Drill    bool
	Private  bool
	Zone     Zone
	// Since is how far back messages are read; zero leaves it to whoever reads.
	Since time.Time
	// Room is where it was started; nil where a room is still to be made.
	Room *Room
}

// Open decides the opening of an incident.
func Open(o Opening) ([]Event, error) {
	title, err := words(o.Title, "title", MaxTitle)
	if err != nil {
		return nil, err
	}
	events := []Event{Opened{Title: title, Zone: o.Zone, Severity: o.Severity, Drill: o.Drill, Private: o.Private, Since: o.Since}}
	if o.Room != nil {
		home := *o.Room
		home.Home = true
		events = append(events, RoomLinked{home})
	}
	return events, nil
}

// SetSeverity decides a new severity.
func (in *Incident) SetSeverity(s Severity) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	if s == in.Severity {
		return nil, nil
	}
	return []Event{SeveritySet{s}}, nil
}

// SetStatus decides new words of the status. The machine's state stays.
func (in *Incident) SetStatus(text string) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	text, err := words(text, "status", MaxWords)
	if err != nil || text == in.Status() {
		return nil, err
	}
	return []Event{StatusSet{text}}, nil
}

// Update decides a status update for everybody.
func (in *Incident) Update(text string) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	text, err := prose(text, "update")
	if err != nil {
		return nil, err
	}
	return []Event{UpdatePosted{strings.TrimSpace(text)}}, nil
}

// Mitigate decides that the impact is contained. at may be unknown; a resolved incident only gets the milestone.
func (in *Incident) Mitigate(at Moment) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	switch {
	case in.State == StateResolved && !at.Known():
		return nil, Refuse("%s is resolved already. To say when it was mitigated, add the time: `%s`.", in.ID, in.typed("mitigate at:14:05"))
	case in.State == StateResolved && !at.Equal(in.Mitigated):
		return []Event{StateRestored{StateResolved, at, in.Resolved}}, nil
	case in.State != StateOpen && (!at.Known() || at.Equal(in.Mitigated)):
		return nil, nil
	default:
		return []Event{Mitigated{at}}, nil
	}
}

// Resolve decides that the impact is over. at may be unknown. Capture goes on.
func (in *Incident) Resolve(at Moment) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	if in.State == StateResolved && (!at.Known() || at.Equal(in.Resolved)) {
		return nil, nil
	}
	return []Event{Resolved{at}}, nil
}

// Close decides the end of the incident. Closing what is closed changes nothing.
func (in *Incident) Close() ([]Event, error) {
	if in.State == StateClosed {
		return nil, nil
	}
	if err := in.live(); err != nil {
		return nil, err
	}
	return []Event{Closed{}}, nil
}

// Cancel decides that the incident was opened by mistake.
func (in *Incident) Cancel(reason string) ([]Event, error) {
	if in.State == StateCancelled {
		return nil, nil
	}
	if err := in.live(); err != nil {
		return nil, err
	}
	if strings.TrimSpace(reason) != "" {
		text, err := words(reason, "reason", MaxWords)
		if err != nil {
			return nil, err
		}
		reason = text
	}
	return []Event{Cancelled{strings.TrimSpace(reason)}}, nil
}

// Reopen decides that an incident goes on: one that has ended in the state that it had, one under way because it broke again.
// That takes its mitigation and its resolution back, with their times.
func (in *Incident) Reopen() ([]Event, error) {
	switch {
	case !in.State.Live():
		return []Event{Reopened{}}, nil
	case in.State != StateOpen:
		return []Event{StateRestored{State: StateOpen}}, nil
	default:
		return nil, nil
	}
}

// Snooze decides that a reminder is silent until a time.
func (in *Incident) Snooze(reminder string, until time.Time) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	if !until.After(in.Snoozed[reminder]) {
		return nil, nil
	}
	return []Event{ReminderSnoozed{reminder, until}}, nil
}

// Link decides that a room is one of the incident's.
func (in *Incident) Link(r Room) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	old, linked := in.Room(r.RoomID)
	if linked {
		r.Home, r.Made = r.Home || old.Home, r.Made || old.Made
	}
	if linked && old == r {
		return nil, nil
	}
	return []Event{RoomLinked{r}}, nil
}

// Unlink decides that a room is no longer the incident's. The room it was started in stays.
func (in *Incident) Unlink(id RoomID) ([]Event, error) {
	if err := in.live(); err != nil {
		return nil, err
	}
	r, linked := in.Room(id)
	switch {
	case !linked:
		return nil, nil
	case r.Home:
		return nil, Refuse("%s is fought in %s, so that room stays linked. When it is over, `%s` ends it.", in.ID, r.Name, in.typed("close"))
	default:
		return []Event{RoomUnlinked{id}}, nil
	}
}

// ShowCard records which message shows the state in a room.
func (in *Incident) ShowCard(card MessageRef) []Event {
	if in.Cards[RoomID{Platform: card.Platform, Channel: card.Channel}] == card {
		return nil
	}
	return []Event{CardPosted{card}}
}
