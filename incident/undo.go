package incident

import (
	"maps"
	"slices"
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
	s, final := in.inverse(r.Event), irreversible(r.Event)
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

func irreversible(e Event) string {
	switch e.(type) {
	case Opened:
		return "Your last change opened the incident. If that was a mistake, `/incident cancel` ends it."
	case Closed:
		return "Your last change closed the incident. `/incident reopen` opens it again."
	case Reopened:
		return "Your last change reopened the incident. `/incident close` closes it."
	case Cancelled:
		return "Your last change cancelled the incident. `/incident reopen` opens it again."
	case UpdatePosted:
		return "Your last change was an update that people have read by now. Post another with `/incident update <text>`."
	default:
		return ""
	}
}

// Undo takes back the last change of a person, if nothing touched the same thing since. what names what was taken back.
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
		if !slices.Contains(what, s.what) {
			what = append(what, s.what)
		}
	}
	return events, what, nil
}
