package postmortem_test

import (
	"testing"
	"time"

	"boswell/incident"
)

// start is when the incidents that tests build are opened.
var start = time.Date(2024, 5, 14, 8, 0, 0, 0, time.UTC)

// A builder makes an incident of events, one minute apart.
type builder struct {
	in *incident.Incident
}

func build(title string, events ...incident.Event) builder {
	b := builder{incident.New(7)}
	return b.apply(incident.Opened{Title: title, Zone: incident.Zone{Name: "UTC"}}).apply(events...)
}

func (b builder) apply(events ...incident.Event) builder {
	for _, e := range events {
		seq := b.in.Head + 1
		b.in.Apply(incident.Record{Incident: 7, Seq: seq, At: start.Add(time.Duration(seq) * time.Minute), By: "Ines", Event: e})
	}
	return b
}

func set(f incident.Field, values ...string) incident.Event {
	return incident.FieldSet{Field: f, Values: values}
}

// day is a date, as it was written.
func day(t testing.TB, text string) incident.Date {
	t.Helper()
	d, err := incident.ReadDate(text, start, incident.Zone{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// note is an entry at a time of day of the incident's first day, or at any time in the grammar that people type.
func note(t testing.TB, id incident.EntryID, at, text string, marker incident.Marker) incident.Event {
	t.Helper()
	r, err := incident.ReadMoment(at, start.Add(15*time.Hour), incident.Zone{})
	if err != nil {
		t.Fatal(err)
	}
	return incident.Noted{Entry: id, At: r.Moment, Text: text, Said: start, Marker: marker}
}
