package incident

import (
	"slices"
	"strings"
	"time"
)

// Apply adds one record to the state. It never fails and never refuses: a handle that is unknown, a field that is new or
// an event that makes no sense here changes what it can and leaves the rest.
func (in *Incident) Apply(r Record) {
	in.remember(r)
	in.Head, in.LastAt, in.LastBy = r.Seq, r.At, r.By
	switch e := r.Event.(type) {
	case Opened:
		in.open(r, e)
	case FieldSet, FieldAppended, NumberSet, DateSet, ZoneSet, PrecisionSet, PublishedSet:
		in.applyField(e)
	case SeveritySet, StatusSet, Mitigated, Resolved, StateRestored, Closed, Reopened, Cancelled, UpdatePosted, ReminderSnoozed:
		in.applyState(r, e)
	case Noted, EntryReworded, EntryRetimed, EntryFollows, EntryMarked, EntryRemoved, EntryRestored:
		in.applyEntry(r, e)
	case Tagged, Untagged, MessageRead, MessageDeleted, MessageUnreadable, TagsOffered, FileKept:
		in.applyMessage(r, e)
	case CauseAdded, CauseRecommended, CauseRevised, CauseRemoved, LessonAdded, LessonRevised, LessonRemoved:
		in.applyAnalysis(e)
	case ActionAdded, ActionRevised, ActionFinished, ActionConcluded, ActionRemoved:
		in.applyAction(e)
	case SupportAdded, SupportRemoved, SupportRestored:
		in.applySupport(e)
	case Joined, Left, ResponderRestored, RoleTaken, RoleLeft:
		in.applyPeople(r, e)
	case RoomLinked, RoomUnlinked, CardPosted, Missed, SendFailed:
		in.applyRoom(r, e)
	case Erased:
		in.applyErased(r, e)
	}
}

func (in *Incident) open(r Record, e Opened) {
	in.State, in.Opened, in.Opener = StateOpen, r.At, r.By
	in.fields[FieldTitle] = []string{e.Title}
	in.Severity, in.Drill, in.Private, in.Zone, in.Since = e.Severity, e.Drill, e.Private, e.Zone, e.Since
	if e.Precision != Unknown {
		in.Precision = e.Precision
	}
}

func (in *Incident) applyField(e Event) {
	switch e := e.(type) {
	case FieldSet:
		in.fields[e.Field] = e.Values
	case FieldAppended:
		in.fields[e.Field] = append(slices.Clip(in.fields[e.Field]), e.Text)
	case NumberSet:
		in.Number = e.Number
	case DateSet:
		in.Date = e.Date
	case ZoneSet:
		in.Zone = e.Zone
	case PrecisionSet:
		in.Precision = e.Precision
	case PublishedSet:
		in.Published = e.At
	}
}

func (in *Incident) applyState(r Record, e Event) {
	switch e := e.(type) {
	case SeveritySet:
		in.Severity = e.Severity
	case StatusSet:
		in.fields[fieldStatus] = []string{e.Text}
	case Mitigated:
		in.State, in.Mitigated = StateMitigated, e.At
	case Resolved:
		in.State, in.Resolved = StateResolved, e.At
	case StateRestored:
		in.State, in.Mitigated, in.Resolved = e.State, e.Mitigated, e.Resolved
	case Closed:
		in.Reopens, in.State, in.Closed = in.State, StateClosed, r.At
	case Cancelled:
		in.Reopens, in.State, in.Closed = in.State, StateCancelled, r.At
		in.Reason = e.Reason
	case Reopened:
		in.State, in.Closed, in.Reason = in.Reopens, time.Time{}, ""
	case UpdatePosted:
		in.Updated = r.At
	case ReminderSnoozed:
		in.snooze(e)
	}
}

func (in *Incident) snooze(e ReminderSnoozed) {
	if e.Until.IsZero() {
		delete(in.Snoozed, e.Reminder)
		return
	}
	in.Snoozed[e.Reminder] = e.Until
}

func (in *Incident) applyAnalysis(e Event) {
	switch e := e.(type) {
	case CauseAdded:
		in.given.causes++
		in.Causes = putCause(in.Causes, e.Cause)
	case CauseRevised:
		in.Causes = putCause(in.Causes, e.Cause)
	case CauseRecommended:
		in.recommend(e)
	case CauseRemoved:
		in.Causes = without(in.Causes, func(c Cause) bool { return c.ID == e.Cause })
	case LessonAdded:
		in.given.lessons++
		in.Lessons = putLesson(in.Lessons, e.Lesson)
	case LessonRevised:
		in.Lessons = putLesson(in.Lessons, e.Lesson)
	case LessonRemoved:
		in.Lessons = without(in.Lessons, func(l Lesson) bool { return l.ID == e.Lesson })
	}
}

func (in *Incident) recommend(e CauseRecommended) {
	i := slices.IndexFunc(in.Causes, func(c Cause) bool { return c.ID == e.Cause })
	if i < 0 {
		return
	}
	c := in.Causes[i]
	c.Recommendations = append(slices.Clip(c.Recommendations), e.Text)
	in.Causes = putCause(in.Causes, c)
}

func (in *Incident) applyAction(e Event) {
	switch e := e.(type) {
	case ActionAdded:
		in.given.actions++
		in.Actions = putAction(in.Actions, e.Action)
	case ActionRevised:
		in.Actions = putAction(in.Actions, e.Action)
	case ActionFinished:
		in.reviseAction(e.Action, func(a *Action) { a.Done = e.Done })
	case ActionConcluded:
		in.reviseAction(e.Action, func(a *Action) { a.Outcome = e.Text })
	case ActionRemoved:
		in.Actions = without(in.Actions, func(a Action) bool { return a.ID == e.Action })
	}
}

func (in *Incident) reviseAction(id ActionID, revise func(*Action)) {
	i := slices.IndexFunc(in.Actions, func(a Action) bool { return a.ID == id })
	if i < 0 {
		return
	}
	a := in.Actions[i]
	revise(&a)
	in.Actions = putAction(in.Actions, a)
}

func (in *Incident) applyRoom(r Record, e Event) {
	switch e := e.(type) {
	case RoomLinked:
		in.listen(e.Room, r.At)
		in.Rooms = put(in.Rooms, e.Room, func(r Room) bool { return r.RoomID == e.Room.RoomID }, nil)
	case RoomUnlinked:
		delete(in.deaf, e.Room)
		in.Rooms = without(in.Rooms, func(r Room) bool { return r.RoomID == e.Room })
	case CardPosted:
		in.Cards[RoomID{Platform: e.Card.Platform, Channel: e.Card.Channel}] = e.Card
	case Missed:
		in.Gaps = withGap(in.Gaps, Gap(e))
	case SendFailed:
		in.Failures = append(slices.Clip(in.Failures), e)
	}
}

// put replaces the element that is already there, or adds one: at its place in the order that less gives, else at the end.
// The slice it returns is a new one.
func put[T any](list []T, v T, same func(T) bool, less func(a, b T) int) []T {
	list = slices.Clone(list)
	if i := slices.IndexFunc(list, same); i >= 0 {
		list[i] = v
		return list
	}
	list = append(list, v)
	if less != nil {
		slices.SortStableFunc(list, less)
	}
	return list
}

func putCause(list []Cause, c Cause) []Cause {
	return put(list, c, func(o Cause) bool { return o.ID == c.ID }, func(a, b Cause) int { return compareHandles(string(a.ID), string(b.ID)) })
}

func putLesson(list []Lesson, l Lesson) []Lesson {
	return put(list, l, func(o Lesson) bool { return o.ID == l.ID }, func(a, b Lesson) int { return compareHandles(string(a.ID), string(b.ID)) })
}

func putAction(list []Action, a Action) []Action {
	return put(list, a, func(o Action) bool { return o.ID == a.ID }, func(a, b Action) int { return compareHandles(string(a.ID), string(b.ID)) })
}

func without[T any](list []T, gone func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(list), gone)
}

// compareHandles orders handles of one prefix by their number.
func compareHandles(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

func joinParagraphs(values []string) string { return strings.Join(values, "\n\n") }
