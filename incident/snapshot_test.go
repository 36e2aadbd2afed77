package incident_test

import (
	"fmt"
	"testing"

	"boswell/incident"

	"github.com/google/go-cmp/cmp"
)

// growing are events that add to what is there already, each with a word of their own.
var growing = map[string]func(word string) incident.Event{
	"field": func(w string) incident.Event { return incident.FieldAppended{Field: incident.FieldImpact, Text: w} },
	"cause": func(w string) incident.Event {
		return incident.CauseAdded{Cause: incident.Cause{ID: incident.CauseID("c" + w)}}
	},
	"recommendation": func(w string) incident.Event { return incident.CauseRecommended{Cause: "c1", Text: w} },
	"lesson": func(w string) incident.Event {
		return incident.LessonAdded{Lesson: incident.Lesson{ID: incident.LessonID("l" + w)}}
	},
	"action item": func(w string) incident.Event {
		return incident.ActionAdded{Action: incident.Action{ID: incident.ActionID("a" + w)}}
	},
	"support": func(w string) incident.Event {
		return incident.SupportAdded{Support: incident.Support{Entry: incident.EntryID("e" + w), Text: w}}
	},
	"responder": func(w string) incident.Event { return incident.Joined{Person: incident.PersonID(w)} },
	"role":      func(w string) incident.Event { return incident.RoleTaken{Role: incident.Role(w), Person: "p-ines"} },
	"room": func(w string) incident.Event {
		return incident.RoomLinked{Room: incident.Room{Name: w, RoomID: incident.RoomID{Channel: w}}}
	},
	"gap":     func(w string) incident.Event { return incident.Missed{Why: w} },
	"failure": func(w string) incident.Event { return incident.SendFailed{Why: w} },
	"note":    func(w string) incident.Event { return incident.Noted{Entry: incident.EntryID("e" + w), Text: w} },
	"file": func(w string) incident.Event {
		return incident.FileKept{Message: inQuay("M-1"), File: incident.File{ID: "F-1", Hash: w}}
	},
	"tag": func(w string) incident.Event {
		return incident.Tagged{Message: inQuay("M-1"), Tag: timeline, Way: pushpin, Tagger: incident.PersonID(w), Entry: "e1", At: minute(len(w))}
	},
	"offer":           func(w string) incident.Event { return incident.TagsOffered{Messages: []incident.MessageRef{inQuay(w)}} },
	"snooze":          func(w string) incident.Event { return incident.ReminderSnoozed{Reminder: w, Until: minute(5)} },
	"card":            func(w string) incident.Event { return incident.CardPosted{Card: incident.MessageRef{Channel: w}} },
	"removed support": func(w string) incident.Event { return incident.SupportRemoved{Entry: incident.EntryID("e" + w)} },
	"undo":            func(w string) incident.Event { return incident.EntryRemoved{Entry: incident.EntryID("e" + w)} },
}

// TestSnapshotsGrowApart goes on from an incident and from its snapshot, with different records in the middle of one cause.
// Each comes to what its own log adds up to.
func TestSnapshotsGrowApart(t *testing.T) {
	for name, event := range growing {
		for shared := range 6 {
			in := folded(event, shared)
			snapshot := in.Clone()
			grow(snapshot, event, "91")
			grow(in, event, "90", "92")
			alone := folded(event, shared)
			grow(alone, event, "90", "92")
			snapshotAlone := folded(event, shared)
			grow(snapshotAlone, event, "91")
			if diff := diffGrown(alone, in) + diffGrown(snapshotAlone, snapshot); diff != "" {
				t.Errorf("%s, after %d in common (-want +got):\n%s", name, shared, diff)
			}
		}
	}
}

// diffGrown is how two incidents differ in what they show, what they would undo and what they would offer.
func diffGrown(a, b *incident.Incident) string {
	answers := func(in *incident.Incident) []any {
		events, what, err := in.Undo("p-ines")
		return []any{events, what, fmt.Sprint(err), in.Offer([]incident.MessageRef{inQuay("90"), inQuay("91")})}
	}
	return diffViews(viewsOf(a), viewsOf(b)) + cmp.Diff(answers(a), answers(b))
}

// folded is an incident with a cause, supporting information, a tagged message and some of the events.
func folded(event func(string) incident.Event, n int) *incident.Incident {
	in := incident.New(7)
	for _, e := range []incident.Event{
		incident.CauseAdded{Cause: incident.Cause{ID: "c1"}},
		incident.SupportAdded{Support: incident.Support{Entry: "e90", Text: "chart"}},
		incident.SupportAdded{Support: incident.Support{Entry: "e91", Text: "log"}},
		incident.Tagged{Message: inQuay("M-1"), Tag: timeline, Way: incident.WayPin, Tagger: "p-wen", Entry: "e1", At: minute(9)},
		incident.MessageRead{Message: inQuay("M-1"), Content: incident.Content{Text: "dry", Said: minute(0), Files: []incident.File{{ID: "F-1"}}}},
	} {
		in.Apply(incident.Record{Incident: 7, Seq: in.Head + 1, At: minute(0), Event: e})
	}
	for i := range n {
		grow(in, event, fmt.Sprint(10+i))
	}
	return in
}

// grow applies more of the events, all of one and the same cause.
func grow(in *incident.Incident, event func(string) incident.Event, words ...string) {
	for _, w := range words {
		in.Apply(incident.Record{Incident: 7, Seq: in.Head + 1, At: minute(int(in.Head)), By: "p-ines", Cause: "harbour|D-1", Event: event(w)})
	}
}
