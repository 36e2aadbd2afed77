package incident

import "slices"

// inverse names the parts that an event changes, says so in words, and gives the events that restore what is there now. An
// event that nobody undoes has no parts.
func (in *Incident) inverse(e Event) step {
	switch e.(type) {
	case Joined, Left, ResponderRestored, RoleTaken, RoleLeft:
		return in.inversePeople(e)
	}
	part, what, back := in.inverseOfPart(e)
	if part == "" {
		return step{}
	}
	return step{[]subject{part}, what, back}
}

// inverseOfPart is the inverse of an event that changes one part at most.
func (in *Incident) inverseOfPart(e Event) (part subject, what string, back []Event) {
	switch e := e.(type) {
	case FieldSet:
		return in.inverseField(e.Field)
	case FieldAppended:
		return in.inverseField(e.Field)
	case NumberSet:
		return "field:number", "The number", []Event{NumberSet{in.Number}}
	case DateSet:
		return "field:date", "The date", []Event{DateSet{in.Date}}
	case ZoneSet:
		return "field:zone", "The zone", []Event{ZoneSet{in.Zone}}
	case PrecisionSet:
		return "field:precision", "The precision", []Event{PrecisionSet{in.Precision}}
	case PublishedSet:
		return "field:published", "The publication date", []Event{PublishedSet{in.Published}}
	case SeveritySet:
		return "severity", "The severity", []Event{SeveritySet{in.Severity}}
	case StatusSet:
		return in.inverseField(fieldStatus)
	case Mitigated, Resolved, StateRestored:
		return "state", "The state", []Event{StateRestored{in.State, in.Mitigated, in.Resolved}}
	case ReminderSnoozed:
		return subject("snooze:" + e.Reminder), "The snooze", []Event{ReminderSnoozed{e.Reminder, in.Snoozed[e.Reminder]}}
	case RoomLinked, RoomUnlinked:
		return in.inverseRoom(e)
	}
	if part, what, back = in.inverseEntry(e); part != "" {
		return part, what, back
	}
	return in.inverseList(e)
}

func (in *Incident) inverseField(f Field) (subject, string, []Event) {
	what := "The field " + string(f)
	if f == fieldStatus {
		what = "The status"
	}
	return subject("field:" + f), what, []Event{FieldSet{f, in.fields[f]}}
}

func (in *Incident) inverseEntry(e Event) (subject, string, []Event) {
	named := func(id EntryID) (subject, string) { return subject("entry:" + id), "Entry " + string(id) }
	switch e := e.(type) {
	case Noted:
		part, what := named(e.Entry)
		return part, what, []Event{EntryRemoved{e.Entry}}
	case EntryRemoved:
		part, what := named(e.Entry)
		return part, what, []Event{EntryRestored(e)}
	case EntryRestored:
		part, what := named(e.Entry)
		return part, what, []Event{EntryRemoved(e)}
	case EntryReworded:
		part, what := named(e.Entry)
		return part, what, in.hand(e.Entry, true, false)
	case EntryRetimed:
		part, what := named(e.Entry)
		return part, what, in.hand(e.Entry, false, true)
	case EntryFollows:
		part, what := named(e.Entry)
		return part, what, in.hand(e.Entry, e.Text, e.Time)
	case EntryMarked:
		part, what := named(e.Entry)
		x, ok := in.entries[e.Entry]
		if !ok {
			return "", "", nil
		}
		return part, what, []Event{EntryMarked{e.Entry, x.Marker}}
	default:
		return "", "", nil
	}
}

// hand restores what of an entry is set by hand now.
func (in *Incident) hand(id EntryID, text, clock bool) []Event {
	x, ok := in.entries[id]
	if !ok {
		return nil
	}
	var back []Event
	follow := EntryFollows{Entry: id, Text: text && !x.TextByHand, Time: clock && !x.TimeByHand}
	if follow.Text || follow.Time {
		back = append(back, follow)
	}
	if text && x.TextByHand {
		back = append(back, EntryReworded{id, x.hand.text})
	}
	if clock && x.TimeByHand {
		back = append(back, EntryRetimed{id, x.hand.at})
	}
	return back
}

func (in *Incident) inverseList(e Event) (subject, string, []Event) {
	switch e := e.(type) {
	case CauseAdded:
		return in.inverseCause(e.Cause.ID)
	case CauseRecommended:
		return in.inverseCause(e.Cause)
	case CauseRevised:
		return in.inverseCause(e.Cause.ID)
	case CauseRemoved:
		return in.inverseCause(e.Cause)
	case LessonAdded:
		return in.inverseLesson(e.Lesson.ID)
	case LessonRevised:
		return in.inverseLesson(e.Lesson.ID)
	case LessonRemoved:
		return in.inverseLesson(e.Lesson)
	case ActionAdded:
		return in.inverseAction(e.Action.ID)
	case ActionRevised:
		return in.inverseAction(e.Action.ID)
	case ActionFinished:
		return in.inverseAction(e.Action)
	case ActionConcluded:
		return in.inverseAction(e.Action)
	case ActionRemoved:
		return in.inverseAction(e.Action)
	case SupportAdded:
		return subject("support:" + e.Support.Entry), "The supporting information", []Event{SupportRemoved{e.Support.Entry}}
	case SupportRemoved:
		return subject("support:" + e.Entry), "The supporting information", []Event{SupportRestored(e)}
	case SupportRestored:
		return subject("support:" + e.Entry), "The supporting information", []Event{SupportRemoved(e)}
	default:
		return "", "", nil
	}
}

func (in *Incident) inverseCause(id CauseID) (subject, string, []Event) {
	i := slices.IndexFunc(in.Causes, func(c Cause) bool { return c.ID == id })
	if i < 0 {
		return subject("cause:" + id), "The cause", []Event{CauseRemoved{id}}
	}
	return subject("cause:" + id), "The cause", []Event{CauseRevised{in.Causes[i]}}
}

func (in *Incident) inverseLesson(id LessonID) (subject, string, []Event) {
	i := slices.IndexFunc(in.Lessons, func(l Lesson) bool { return l.ID == id })
	if i < 0 {
		return subject("lesson:" + id), "The lesson", []Event{LessonRemoved{id}}
	}
	return subject("lesson:" + id), "The lesson", []Event{LessonRevised{in.Lessons[i]}}
}

func (in *Incident) inverseAction(id ActionID) (subject, string, []Event) {
	i := slices.IndexFunc(in.Actions, func(a Action) bool { return a.ID == id })
	if i < 0 {
		return subject("action:" + id), "The action item", []Event{ActionRemoved{id}}
	}
	return subject("action:" + id), "The action item", []Event{ActionRevised{in.Actions[i]}}
}

// inversePeople restores everybody whom the event touches.
func (in *Incident) inversePeople(e Event) step {
	people, roles := in.concerned(e)
	s := step{what: peopleWords(e), back: in.restore(people...)}
	for _, p := range people {
		s.parts = append(s.parts, subject("person:"+p))
	}
	for _, r := range roles {
		s.parts = append(s.parts, subject("role:"+r))
	}
	return s
}

// concerned are everybody whose part the event changes, and the roles that it may leave without anybody: who takes such a
// role since has touched the same thing.
func (in *Incident) concerned(e Event) (people []PersonID, roles []Role) {
	switch e := e.(type) {
	case Joined:
		return []PersonID{e.Person}, nil
	case Left:
		return []PersonID{e.Person}, in.rolesOf(e.Person)
	case ResponderRestored:
		return []PersonID{e.Person}, in.rolesOf(e.Person)
	case RoleTaken:
		return append(in.holders(e.Role), e.Person), []Role{e.Role}
	case RoleLeft:
		return in.holders(e.Role), []Role{e.Role}
	default:
		return nil, nil
	}
}

// holders are the people who have a role now: one, or nobody.
func (in *Incident) holders(role Role) []PersonID {
	if p := in.Holder(role); p != "" {
		return []PersonID{p}
	}
	return nil
}

// rolesOf are the roles that a person has now.
func (in *Incident) rolesOf(p PersonID) []Role {
	var roles []Role
	r, _ := in.Responder(p)
	for _, span := range r.Roles {
		if span.To.IsZero() {
			roles = append(roles, span.Role)
		}
	}
	return roles
}

func peopleWords(e Event) string {
	switch e := e.(type) {
	case Joined:
		return "Joining"
	case Left:
		return "Leaving"
	case RoleTaken:
		return "The role " + string(e.Role)
	case RoleLeft:
		return "The role " + string(e.Role)
	default:
		return "The responder"
	}
}

func (in *Incident) restore(people ...PersonID) []Event {
	var back []Event
	for i, p := range people {
		if p == "" || slices.Contains(people[:i], p) {
			continue
		}
		event := ResponderRestored{Person: p}
		if r, ok := in.Responder(p); ok {
			event.Responder = &r
		}
		back = append(back, event)
	}
	return back
}

func (in *Incident) inverseRoom(e Event) (subject, string, []Event) {
	id := RoomID{}
	switch e := e.(type) {
	case RoomLinked:
		id = e.Room.RoomID
	case RoomUnlinked:
		id = e.Room
	}
	part := subject("room:" + id.Platform + "|" + id.Channel + "|" + id.Thread)
	if r, ok := in.Room(id); ok {
		return part, "The linked room", []Event{RoomLinked{r}}
	}
	return part, "The linked room", []Event{RoomUnlinked{id}}
}
