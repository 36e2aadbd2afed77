package incident_test

import (
	"testing"
	"time"

	"boswell/incident"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const (
	pushpin  = incident.WayReaction + "📌"
	safety   = incident.WayReaction + "🧷"
	timeline = incident.TagTimeline
	support  = incident.TagSupporting
)

// minute is a time of these tests, in minutes after the first message.
func minute(n int) time.Time { return time.Date(2031, 5, 6, 7, n, 30, 0, time.UTC) }

// set is a tag that somebody set at a minute, unset one that they removed.
func set(tag incident.Tag, way incident.Way, p incident.PersonID, n int) incident.SeenTag {
	return incident.SeenTag{Tag: tag, Way: way, Person: p, At: minute(n)}
}

func unset(tag incident.Tag, way incident.Way, p incident.PersonID, n int) incident.SeenTag {
	t := set(tag, way, p, n)
	t.Removed = true
	return t
}

// untold is a tag whose time the platform does not tell.
func untold(t incident.SeenTag) incident.SeenTag {
	t.At = time.Time{}
	return t
}

// seen is a sighting of the message M-1 with these tags, at a minute.
func seen(n int, tags ...incident.SeenTag) incident.Sighting {
	return incident.Sighting{Message: inQuay("M-1"), Tags: tags, At: minute(n)}
}

// all says that a sighting shows all the tags there are.
func all(s incident.Sighting) incident.Sighting {
	s.Complete = true
	return s
}

// saying is a sighting with what the message said in a version of a minute, 0 being as first said.
func saying(s incident.Sighting, text string, version int) incident.Sighting {
	s.Content = &incident.Content{Author: "p-wen", Said: minute(0), Order: "0001", Text: text}
	if version > 0 {
		s.Content.Version = minute(version)
	}
	return s
}

// gone is a sighting of the deletion of M-1.
func gone(n int) incident.Sighting {
	return incident.Sighting{Message: inQuay("M-1"), Gone: true, At: minute(n)}
}

func TestObserve(t *testing.T) {
	pin := func(n int) incident.SeenTag { return set(timeline, incident.WayPin, "p-ines", n) }
	unpin := func(n int) incident.SeenTag { return unset(timeline, incident.WayPin, "p-tariq", n) }
	react := func(p incident.PersonID, n int) incident.SeenTag { return set(timeline, pushpin, p, n) }
	unreact := func(p incident.PersonID, n int) incident.SeenTag { return unset(timeline, pushpin, p, n) }
	shortcut := set(timeline, incident.WayShortcut, "p-ines", 1)
	everybody := unset(timeline, pushpin, "", 5)
	everybody.Every = true
	for _, c := range []struct {
		name      string
		sightings []incident.Sighting
		want      []string // the texts of the timeline
	}{
		{"untagged", []incident.Sighting{saying(seen(0), "dry", 0)}, nil},
		{"pinned", []incident.Sighting{saying(seen(1, pin(1)), "dry", 0)}, []string{"dry"}},
		{"unpinned by another", []incident.Sighting{saying(seen(1, pin(1)), "dry", 0), seen(2, unpin(2))}, nil},
		{"pinned again", []incident.Sighting{saying(seen(1, pin(1)), "dry", 0), seen(2, unpin(2)), seen(3, pin(3))}, []string{"dry"}},
		{"pinned again, the unpinning lost", []incident.Sighting{saying(seen(1, pin(1)), "dry", 0), seen(3, pin(3)), seen(2, unpin(2))}, []string{"dry"}},
		{"unpinning comes first", []incident.Sighting{seen(2, unpin(2)), saying(seen(1, pin(1)), "dry", 0)}, nil},
		{"unpinned in the same instant", []incident.Sighting{saying(seen(1, pin(1)), "dry", 0), seen(1, unpin(1))}, nil},
		{"unpinned in the same instant, first", []incident.Sighting{seen(1, unpin(1)), saying(seen(1, pin(1)), "dry", 0)}, nil},
		{"one reaction of two is gone", []incident.Sighting{saying(seen(1, react("p-ines", 1)), "dry", 0), seen(2, react("p-tariq", 2)),
			seen(3, unreact("p-ines", 3))}, []string{"dry"}},
		{"both reactions are gone", []incident.Sighting{saying(seen(1, react("p-ines", 1)), "dry", 0), seen(2, react("p-tariq", 2)),
			seen(3, unreact("p-ines", 3)), seen(4, unreact("p-tariq", 4))}, nil},
		{"somebody else's reaction is gone", []incident.Sighting{saying(seen(1, react("p-ines", 1)), "dry", 0), seen(3, unreact("p-tariq", 3))}, []string{"dry"}},
		{"everybody's reaction is gone", []incident.Sighting{saying(seen(1, react("p-ines", 1), react("p-tariq", 2)), "dry", 0), seen(5, everybody)}, nil},
		{"everybody's reaction is gone, the pin is not", []incident.Sighting{saying(seen(1, react("p-ines", 1), pin(2)), "dry", 0), seen(5, everybody)}, []string{"dry"}},
		{"two ways, one gone", []incident.Sighting{saying(seen(1, pin(1), react("p-ines", 1)), "dry", 0), seen(2, unpin(2))}, []string{"dry"}},
		{"edited", []incident.Sighting{saying(seen(1, pin(1)), "dry", 0), saying(seen(2), "wet", 2)}, []string{"wet"}},
		{"the older version comes later", []incident.Sighting{saying(seen(1, pin(1)), "wet", 2), saying(seen(3), "dry", 0)}, []string{"wet"}},
		{"edited back, the middle comes last", []incident.Sighting{saying(seen(1, pin(1)), "dry", 0), saying(seen(3), "dry", 3), saying(seen(3), "wet", 2)}, []string{"dry"}},
		{"edited while untagged", []incident.Sighting{saying(seen(1, pin(1)), "dry", 0), seen(2, unpin(2)), saying(seen(3), "wet", 3), seen(4, pin(4))}, []string{"wet"}},
		{"deleted", []incident.Sighting{saying(seen(1, pin(1)), "dry", 0), gone(2)}, nil},
		{"deleted for good", []incident.Sighting{saying(seen(1, pin(1)), "dry", 0), gone(2), saying(seen(3, pin(3), react("p-ines", 3)), "wet", 3)}, nil},
		{"read back without the pin", []incident.Sighting{saying(seen(1, pin(1)), "dry", 0), all(seen(5))}, nil},
		{"read back without one reaction", []incident.Sighting{saying(seen(1, react("p-ines", 1), react("p-tariq", 1)), "dry", 0),
			all(seen(5, untold(react("p-tariq", 0))))}, []string{"dry"}},
		{"read back without the shortcut, which leaves no mark", []incident.Sighting{saying(seen(1, shortcut), "dry", 0), all(seen(5))}, []string{"dry"}},
		{"read back, older than the pin", []incident.Sighting{saying(seen(6, pin(6)), "dry", 0), all(seen(5))}, []string{"dry"}},
		{"read back with a pin", []incident.Sighting{all(saying(seen(5, untold(pin(0))), "dry", 0))}, []string{"dry"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := newJournal(t)
			for _, s := range c.sightings {
				j.see(s)
				if again := j.in.Observe(s); len(again) > 0 {
					t.Errorf("delivered again, %+v yields %#v", s, again)
				}
			}
			if diff := cmp.Diff(c.want, texts(j.in), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("timeline (-want +got):\n%s", diff)
			}
			if again := j.in.Observe(c.sightings[0]); len(again) > 0 {
				t.Errorf("the first delivery, coming once more, yields %#v", again)
			}
		})
	}
}

func TestObserveCreditsAuthorAndTagger(t *testing.T) {
	j := newJournal(t)
	j.see(saying(seen(4, set(timeline, pushpin, "p-tariq", 4)), "dry", 0))
	j.see(seen(5, set(timeline, pushpin, "p-ines", 2)))
	e := j.in.Timeline()[0]
	want := incident.Entry{ID: "e1", Happened: incident.At(minute(0), incident.Minute), Text: "dry", Said: minute(0), Tagged: minute(2),
		Recorded: e.Recorded, Author: "p-wen", Tagger: "p-ines", Message: e.Message}
	if diff := cmp.Diff(want, e, cmpopts.IgnoreUnexported(incident.Entry{})); diff != "" {
		t.Errorf("the first tagger by time is kept beside the author (-want +got):\n%s", diff)
	}
	if e.Recorded.Equal(e.Said) || e.Recorded.IsZero() || *e.Message != inQuay("M-1") {
		t.Errorf("recorded %v, message %v", e.Recorded, e.Message)
	}
	j.see(seen(6, unset(timeline, pushpin, "p-ines", 6)))
	if e := j.in.Timeline()[0]; e.Tagger != "p-tariq" || !e.Tagged.Equal(minute(4)) {
		t.Errorf("once the first tag is gone, the tagger is %s at %v", e.Tagger, e.Tagged)
	}
}

func TestObserveOfATagLeavesTheTextToBeLookedUp(t *testing.T) {
	j := newJournal(t)
	j.see(seen(1, set(timeline, pushpin, "p-ines", 1)))
	if text, _ := j.in.Wants(inQuay("M-1")); !text || len(j.in.Timeline()) > 0 {
		t.Errorf("wants the text: %v, shows %v", text, texts(j.in))
	}
	if p := j.in.Pending(); len(p) != 1 || !p[0].Waiting || p[0].Lost != "" {
		t.Errorf("pending: %+v", p)
	}
	j.see(incident.Sighting{Message: inQuay("M-1"), Why: "missing permission"})
	if p := j.in.Pending(); len(p) != 1 || p[0].Waiting || p[0].Lost != "missing permission" {
		t.Errorf("pending: %+v", p)
	}
	if text, _ := j.in.Wants(inQuay("M-1")); text {
		t.Error("asks for the text of what cannot be read")
	}
	j.see(saying(seen(3), "dry", 0))
	if diff := cmp.Diff([]string{"dry"}, texts(j.in)); diff != "" || len(j.in.Pending()) > 0 {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	j.see(incident.Sighting{Message: inQuay("M-1"), Why: "missing permission"})
	if e := j.in.Timeline()[0]; e.Lost != "" {
		t.Error("what was read before is lost because it cannot be read now")
	}
}

func TestUntaggedMessagesAreNeverStored(t *testing.T) {
	j := newJournal(t)
	for _, s := range []incident.Sighting{
		saying(seen(0), "dry", 0),
		saying(seen(1, unset(timeline, pushpin, "p-ines", 1)), "dry", 0),
		seen(2, set(timeline, safety, "p-ines", 2)),
		saying(seen(3, unset(timeline, safety, "p-ines", 3)), "dry", 0),
		gone(4),
	} {
		for _, e := range j.see(s) {
			switch e.(type) {
			case incident.Tagged, incident.Untagged:
			default:
				t.Errorf("%+v stores %#v", s, e)
			}
		}
	}
}

// TestAMessageThatWasNeverTaggedHasNoHandle tells it from one whose tag came and went.
func TestAMessageThatWasNeverTaggedHasNoHandle(t *testing.T) {
	j := newJournal(t)
	j.see(seen(2, unset(timeline, pushpin, "p-ines", 2)))
	if id, ok := j.in.EntryOf(inQuay("M-1")); ok || id != "" || j.in.Knows(inQuay("M-1")) {
		t.Errorf("it has the handle %q", id)
	}
	j.see(seen(3, set(timeline, pushpin, "p-ines", 3)))
	j.see(seen(4, unset(timeline, pushpin, "p-ines", 4)))
	if id, ok := j.in.EntryOf(inQuay("M-1")); !ok || id != "e1" || j.in.IsTagged(inQuay("M-1"), timeline) {
		t.Errorf("it has the handle %q", id)
	}
}

func TestNothingIsObservedOnceItIsOver(t *testing.T) {
	for name, end := range map[string]incident.Event{"closed": incident.Closed{}, "cancelled": incident.Cancelled{}} {
		j := newJournal(t)
		j.see(saying(seen(1, set(timeline, pushpin, "p-ines", 1)), "dry", 0))
		j.record("p-ines", end)
		for _, s := range []incident.Sighting{saying(seen(2), "wet", 2), seen(2, set(support, pushpin, "p-ines", 2)), gone(2)} {
			if events := j.in.Observe(s); len(events) > 0 {
				t.Errorf("%s, and %+v yields %#v", name, s, events)
			}
		}
	}
}

// TestWhatWasTaggedIsReadOnceItIsOver closes an incident before the message that was tagged last could be read.
func TestWhatWasTaggedIsReadOnceItIsOver(t *testing.T) {
	pin := set(timeline, pushpin, "p-ines", 1)
	unread := seen(3)
	unread.Why = "nobody answers"
	for name, c := range map[string]struct {
		tags  []incident.SeenTag
		sight incident.Sighting
		want  incident.Event
	}{
		"read":       {[]incident.SeenTag{pin}, saying(seen(3), "dry", 0), incident.MessageRead{Message: inQuay("M-1"), Content: *saying(seen(3), "dry", 0).Content}},
		"gone":       {[]incident.SeenTag{pin}, gone(3), incident.MessageDeleted{Message: inQuay("M-1"), At: minute(3)}},
		"unreadable": {[]incident.SeenTag{pin}, unread, incident.MessageUnreadable{Message: inQuay("M-1"), Why: "nobody answers"}},
		"untagged":   {[]incident.SeenTag{pin, unset(timeline, pushpin, "p-ines", 2)}, saying(seen(3), "dry", 0), nil},
		"new tags":   {nil, saying(seen(3, pin), "dry", 0), nil},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJournal(t)
			for i := range c.tags {
				j.see(seen(i+1, c.tags[i]))
			}
			j.record("p-ines", incident.Closed{})
			var want []incident.Event
			if c.want != nil {
				want = append(want, c.want)
			}
			if diff := cmp.Diff(want, j.in.Observe(c.sight)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestFilesAreKeptOnceItIsOver keeps what was promised before the end, and keeps it once.
func TestFilesAreKeptOnceItIsOver(t *testing.T) {
	j := newJournal(t)
	j.see(saying(seen(1, set(timeline, pushpin, "p-ines", 1)), "dry", 0))
	j.record("p-ines", incident.Closed{})
	file := incident.File{ID: "F-1", Name: "tide.png", Hash: "9f"}
	j.record("", j.in.KeepFile(inQuay("M-1"), file)...)
	again := file
	again.Hash = "a0"
	if events := j.in.KeepFile(inQuay("M-1"), again); len(events) > 0 {
		t.Errorf("once more, it yields %#v", events)
	}
	if events := j.in.KeepFile(inQuay("M-2"), file); len(events) > 0 {
		t.Errorf("of a message that nobody tagged it yields %#v", events)
	}
}
