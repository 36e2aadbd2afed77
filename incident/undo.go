package incident

import (
	"maps"
	"slices"
	"strings"
)

// subject is a part of the incident that one change touches and a later one may touch again.
type subject string

// change is the last thing a person changed, with what takes it back.
type change struct {
	cause string
	seq   uint64
	steps []step // of each record, in their order
	final string // why it cannot be taken back; empty where it can
}

// step is what one record changes, in words, and the events that restore what was there before it.
type step struct {
	parts []subject
	what  string
	back  []Event
}

// remember keeps what would take the record back, before it is applied.
func (in *Incident) remember(r Record) {
	s, final := in.inverse(r.Event), in.irreversible(r.Event)
	for _, part := range s.parts {
		in.touched[part] = r.Seq
	}
	if r.By == "" || len(s.parts) == 0 && final == "" {
		return
	}
	c := in.undo[r.By]
	if c.cause != r.Cause || r.Cause == "" {
		c = change{cause: r.Cause}
	}
	c.seq = r.Seq
	if final != "" {
		c.final = final
	} else {
		c.steps = append(c.steps, s)
	}
	in.undo[r.By] = c
}

// cloneUndo gives a snapshot changes that grow apart from these.
func cloneUndo(undo map[PersonID]change) map[PersonID]change {
	undo = maps.Clone(undo)
	for p, c := range undo {
		c.steps = slices.Clip(c.steps)
		undo[p] = c
	}
	return undo
}

// irreversible says why an event cannot be undone, and what to do instead; empty where it can.
func (in *Incident) irreversible(e Event) string {
	switch e.(type) {
	case Opened:
		return "Your last change opened the incident. If that was a mistake, `" + in.typed("cancel") + "` ends it."
	case Closed:
		return "Your last change closed the incident. `" + in.typed("reopen") + "` opens it again."
	case Reopened:
		return "Your last change reopened the incident. `" + in.typed("close") + "` closes it."
	case Cancelled:
		return "Your last change cancelled the incident. `" + in.typed("reopen") + "` opens it again."
	case UpdatePosted:
		return "Your last change was an update that people have read by now. Post another with `" + in.typed("update <text>") + "`."
	default:
		return ""
	}
}

// Undo takes back the last change of a person, if nothing touched the same thing since. what says how things stand then. A
// person's last change may be an undo: taking that back does the change again.
func (in *Incident) Undo(by PersonID) (events []Event, what []string, err error) {
	if err := in.live(); err != nil {
		return nil, nil, err
	}
	c, ok := in.undo[by]
	switch {
	case !ok:
		return nil, nil, Refuse("You have changed nothing in %s that could be undone. A tag is undone by removing the reaction or pin.", in.ID)
	case c.final != "":
		return nil, nil, Refuse("%s", c.final)
	}
	for _, s := range slices.Backward(c.steps) {
		if slices.ContainsFunc(s.parts, func(part subject) bool { return in.touched[part] > c.seq }) {
			return nil, nil, Refuse("%s was changed again since, so your change cannot be undone. Set it to what it should be.", s.what)
		}
		events = append(events, s.back...)
	}
	for _, s := range c.steps {
		if said := in.outcome(s); !slices.Contains(what, said) {
			what = append(what, said)
		}
	}
	return events, what, nil
}

// outcome says how what a step changed stands once it is taken back.
func (in *Incident) outcome(s step) string {
	if len(s.back) == 0 {
		return s.what + " is as it was before"
	}
	switch e := s.back[0].(type) {
	case EntryRemoved:
		return s.what + in.textOf(e.Entry) + " is off the timeline again"
	case EntryRestored:
		return s.what + in.textOf(e.Entry) + " is on the timeline again"
	case EntryReworded:
		return s.what + " says" + quoted(e.Text) + " again"
	case EntryRetimed:
		return s.what + in.textOf(e.Entry) + " is as it was before"
	case EntryFollows:
		return s.what + in.textOf(e.Entry) + " is as it was before"
	case EntryMarked:
		return s.what + in.textOf(e.Entry) + " is marked as it was before"
	case FieldSet:
		if len(e.Values) == 0 {
			return s.what + " is empty again"
		}
		return s.what + " says" + quoted(joinParagraphs(e.Values)) + " again"
	case CauseRemoved, LessonRemoved, ActionRemoved, SupportRemoved:
		return s.what + " is taken out again"
	case SupportRestored:
		return s.what + " is back"
	case RoomLinked:
		return e.Room.Name + " is linked again"
	case RoomUnlinked:
		return s.what + " is not linked any more"
	default:
		return s.what + " is as it was before"
	}
}

// textOf is the beginning of the text of an entry, whether or not it was removed by hand.
func (in *Incident) textOf(id EntryID) string {
	x, ok := in.entries[id]
	if !ok {
		return ""
	}
	kept := *x
	kept.removed = false
	e, _ := in.seen(&kept)
	return quoted(e.Text)
}

// quoted is the beginning of a text in one line, with a blank before it; nothing of an empty one.
func quoted(text string) string {
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		return ""
	}
	return " “" + cut(text, 80) + "”"
}
