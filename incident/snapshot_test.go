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
	"undo": func(w string) incident.Event { return incident.EntryRemoved{Entry: incident.EntryID("e" + w)} },
}

// TestSnapshotsGrowApart goes on from an incident and from its snapshot, with different records in the middle of one cause.
// Each comes to what its own log adds up to.
func TestSnapshotsGrowApart(t *testing.T) {
	for name, event := range growing {
		for shared := range 6 {
			in := folded(event, shared)
			snapshot := in.Clone()
			grow(in, event, "90")
			grow(snapshot, event, "91")
			for own, in := range map[string]*incident.Incident{"90": in, "91": snapshot} {
				alone := folded(event, shared)
				grow(alone, event, own)
				want, _, errWant := alone.Undo("p-ines")
				got, _, errGot := in.Undo("p-ines")
				if diff := diffViews(viewsOf(alone), viewsOf(in)) + cmp.Diff(want, got); diff != "" || fmt.Sprint(errWant) != fmt.Sprint(errGot) {
					t.Errorf("%s, after %d in common (-want +got):\n%s", name, shared, diff)
				}
			}
		}
	}
}

// folded is an incident with a cause, a tagged message and some of the events.
func folded(event func(string) incident.Event, n int) *incident.Incident {
	in := incident.New(7)
	for _, e := range []incident.Event{
		incident.CauseAdded{Cause: incident.Cause{ID: "c1"}},
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

// grow applies one more of the events, of one and the same cause.
func grow(in *incident.Incident, event func(string) incident.Event, word string) {
	in.Apply(incident.Record{Incident: 7, Seq: in.Head + 1, At: minute(int(in.Head)), By: "p-ines", Cause: "harbour|D-1", Event: event(word)})
}
