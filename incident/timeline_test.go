package incident_test

import (
	"testing"
	"time"

	"boswell/incident"

	"github.com/google/go-cmp/cmp"
)

// said is a sighting of a tagged message of an id, sent at a time and shown by its platform in an order.
func said(id, order string, sent time.Time, tagged int) incident.Sighting {
	s := seen(tagged, set(timeline, pushpin, "p-ines", tagged))
	s.Message = inQuay(id)
	s.Content = &incident.Content{Author: "p-wen", Said: sent, Order: order, Text: id}
	return s
}

// onTheDay is a time of 6 May 2031.
func onTheDay(hour, minute, second int) time.Time {
	return time.Date(2031, 5, 6, hour, minute, second, 0, time.UTC)
}

// typed is a note as p-ines types it; at is read in UTC on 6 May 2031, as people write times.
func typed(t failer, at, text, after string) incident.Note {
	t.Helper()
	read, err := incident.ReadMoment(at, onTheDay(23, 59, 0), incident.Zone{})
	if err != nil {
		t.Fatalf("%s: %v", at, err)
	}
	return incident.Note{Text: text, At: read.Moment, After: after}
}

// orders are timelines, and the texts in the order in which they stand.
var orders = []struct {
	name  string
	build func(j *journal)
	want  []string
}{
	{"by when it happened, not when it was typed", func(j *journal) {
		j.note(typed(j.t, "10:00", "a", ""))
		j.note(typed(j.t, "09:00", "b", ""))
		j.note(typed(j.t, "2031-05-05T23:00", "c", ""))
	}, []string{"c", "b", "a"}},
	{"without a time first, in order of entry", func(j *journal) {
		j.note(typed(j.t, "09:00", "a", ""))
		j.note(typed(j.t, "?", "b", ""))
		early := typed(j.t, "?", "c", "")
		early.Said = minute(-50) // typed on a machine whose clock is late
		j.note(early)
	}, []string{"b", "c", "a"}},
	{"messages whose time nobody knows, in order of entry", func(j *journal) {
		j.see(said("a", "2", onTheDay(9, 0, 0), 1))
		j.see(said("b", "1", onTheDay(8, 0, 0), 1))
		for _, label := range []string{"e1", "e2"} {
			j.must("p-ines")(j.in.Edit(label, nil, &incident.Moment{}))
		}
	}, []string{"a", "b"}},
	{"equal minutes by when they were said, to the second", func(j *journal) {
		j.see(said("a", "", onTheDay(9, 0, 42), 1))
		j.see(said("b", "", onTheDay(9, 0, 7), 2))
		j.see(said("c", "", onTheDay(9, 0, 21), 0))
	}, []string{"b", "c", "a"}},
	{"equal seconds as the platform orders its messages", func(j *journal) {
		j.see(said("a", "0002", onTheDay(9, 0, 7), 1))
		j.see(said("b", "0003", onTheDay(9, 0, 7), 0))
		j.see(said("c", "0001", onTheDay(9, 0, 7), 2))
	}, []string{"c", "a", "b"}},
	{"without an order, as they were recorded", func(j *journal) {
		j.see(said("b", "", onTheDay(9, 0, 7), 2))
		j.see(said("a", "", onTheDay(9, 0, 7), 1))
	}, []string{"b", "a"}},
	{"a note among messages by when it was typed", func(j *journal) {
		j.see(said("a", "", onTheDay(9, 0, 7), 1))
		n := typed(j.t, "09:00", "b", "")
		n.Said = onTheDay(8, 0, 0)
		j.note(n)
	}, []string{"b", "a"}},
	{"an edit does not move a message", func(j *journal) {
		j.see(said("a", "", onTheDay(9, 0, 7), 1))
		j.see(said("b", "", onTheDay(9, 0, 8), 1))
		edit := said("a", "", onTheDay(9, 0, 7), 1)
		edit.Content.Text, edit.Content.Version = "a, edited", minute(40)
		j.see(edit)
	}, []string{"a, edited", "b"}},
	{"a day before the times of that day", func(j *journal) {
		j.note(typed(j.t, "00:00", "b", ""))
		j.note(typed(j.t, "2031-05-06", "a", ""))
		j.note(typed(j.t, "2031-05-05T23:59:59", "before", ""))
	}, []string{"before", "a", "b"}},
	{"a range by its start", func(j *journal) {
		j.note(typed(j.t, "09:05", "b", ""))
		j.note(typed(j.t, "09:00~10:00", "a", ""))
		j.note(typed(j.t, "~09:02", "between", ""))
	}, []string{"a", "between", "b"}},
	{"in seconds, once messages are taken in seconds", func(j *journal) {
		j.see(said("b", "", onTheDay(9, 0, 42), 1))
		j.note(typed(j.t, "09:00:10", "a", ""))
		j.must("p-ines")(j.in.Set(incident.FieldPrecision, "second", j.now))
	}, []string{"a", "b"}},
	{"in days, before the times of the day", func(j *journal) {
		j.see(said("b", "", onTheDay(9, 0, 42), 1))
		j.see(said("a", "", onTheDay(8, 0, 42), 1))
		j.note(typed(j.t, "00:10", "c", ""))
		j.must("p-ines")(j.in.Set(incident.FieldPrecision, "day", j.now))
	}, []string{"a", "b", "c"}},
	{"in days of the zone", func(j *journal) {
		j.see(said("b", "", onTheDay(23, 0, 0), 1))
		j.note(typed(j.t, "2031-05-06", "a", ""))
		j.note(typed(j.t, "23:10", "c", ""))
		j.must("p-ines")(j.in.Set(incident.FieldPrecision, "day", j.now))
		j.must("p-ines")(j.in.Set(incident.FieldZone, "Asia/Kolkata", j.now))
	}, []string{"a", "b", "c"}},
	{"a day where it begins in UTC", func(j *journal) {
		j.note(typed(j.t, "2031-05-06", "b", ""))
		j.note(typed(j.t, "2031-05-05T20:00", "a", ""))
	}, []string{"a", "b"}},
	{"a day where it begins in the zone", func(j *journal) {
		j.note(typed(j.t, "2031-05-06", "b", ""))
		j.note(typed(j.t, "2031-05-05T20:00", "a", ""))
		j.must("p-ines")(j.in.Set(incident.FieldZone, "Asia/Kolkata", j.now))
	}, []string{"b", "a"}},
	{"behind an entry", func(j *journal) {
		j.note(typed(j.t, "09:00", "a", ""))
		j.note(typed(j.t, "10:00", "b", ""))
		j.note(typed(j.t, "?", "behind a", "1"))
		j.note(typed(j.t, "?", "behind that", "2"))
		j.note(typed(j.t, "?", "also behind a", "e1"))
	}, []string{"a", "behind a", "behind that", "also behind a", "b"}},
	{"behind an entry of the same time, before what was said later", func(j *journal) {
		j.see(said("m", "", onTheDay(9, 0, 50), 1))
		j.note(typed(j.t, "09:00", "a", ""))
		j.note(typed(j.t, "09:00", "same minute", "e2"))
		j.note(typed(j.t, "?", "no time", "e2"))
	}, []string{"a", "same minute", "no time", "m"}},
	{"what was behind a removed entry", func(j *journal) {
		j.note(typed(j.t, "09:00", "a", ""))
		j.note(typed(j.t, "08:00", "b", ""))
		j.note(typed(j.t, "?", "behind a", "e1"))
		j.must("p-ines")(j.in.Remove("e1"))
	}, []string{"behind a", "b"}},
	{"what was behind an entry moves with it", func(j *journal) {
		j.note(typed(j.t, "09:00", "a", ""))
		j.note(typed(j.t, "10:00", "b", ""))
		j.note(typed(j.t, "?", "behind a", "e1"))
		j.note(typed(j.t, "09:00", "had its time", "e1"))
		later := incident.At(onTheDay(11, 0, 0), incident.Minute)
		j.must("p-ines")(j.in.Edit("e1", nil, &later))
	}, []string{"had its time", "b", "a", "behind a"}},
}

func TestTimelineOrder(t *testing.T) {
	for _, c := range orders {
		t.Run(c.name, func(t *testing.T) {
			j := newJournal(t)
			c.build(j)
			if diff := cmp.Diff(c.want, texts(j.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.want, texts(j.reread())); diff != "" {
				t.Errorf("read from the log (-want +got):\n%s", diff)
			}
			checkPlaces(t, j.in)
		})
	}
}

// TestPrecisionAndZoneChangeTheDayOfMessages shows that only what messages say of time follows the incident's settings.
func TestPrecisionAndZoneChangeTheDayOfMessages(t *testing.T) {
	j := newJournal(t)
	j.see(said("a", "", onTheDay(23, 0, 42), 1))
	j.note(typed(t, "2031-05-06", "b", ""))
	happened := func() (message, note incident.Moment) {
		a, _ := j.in.Entry("e1")
		b, _ := j.in.Entry("e2")
		return a.Happened, b.Happened
	}
	for _, c := range []struct {
		field incident.Field
		value string
		want  incident.Moment // of the message
	}{
		{incident.FieldPrecision, "minute", incident.At(onTheDay(23, 0, 0), incident.Minute)},
		{incident.FieldPrecision, "second", incident.At(onTheDay(23, 0, 42), incident.Second)},
		{incident.FieldPrecision, "day", incident.OnDay(2031, 5, 6)},
		{incident.FieldZone, "Asia/Kolkata", incident.OnDay(2031, 5, 7)},
		{incident.FieldZone, "America/New_York", incident.OnDay(2031, 5, 6)},
	} {
		j.must("p-ines")(j.in.Set(c.field, c.value, j.now))
		if message, note := happened(); !message.Equal(c.want) || !note.Equal(incident.OnDay(2031, 5, 6)) {
			t.Errorf("with %s %s the message is of %+v, the note of %+v", c.field, c.value, message, note)
		}
	}
}

// checkPlaces fails unless numbers and handles name the same entries.
func checkPlaces(t *testing.T, in *incident.Incident) {
	t.Helper()
	for i, want := range in.Timeline() {
		got, err := in.Numbered(i + 1)
		if err != nil || got.ID != want.ID || in.Place(want.ID) != i+1 {
			t.Errorf("entry %d is %s, Numbered gives %s (%v), and Place %d", i+1, want.ID, got.ID, err, in.Place(want.ID))
		}
	}
	if in.Place("e99") != 0 {
		t.Errorf("an entry that is not there stands at %d", in.Place("e99"))
	}
}
