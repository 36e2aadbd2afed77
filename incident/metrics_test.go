package incident_test

import (
	"math"
	"testing"
	"time"

	"boswell/incident"
)

// A marked is an entry of a made-up timeline: when, in the grammar that people type, and what it is marked as.
type marked struct {
	at     string
	marker incident.Marker
}

// timelineOf plays entries into a new incident that lives in a zone. They are typed on 10 March 2024 at noon, UTC.
func timelineOf(t *testing.T, zone string, entries []marked) (*incident.Incident, func([]incident.Event, error)) {
	t.Helper()
	in := incident.New(3)
	typed := time.Date(2024, 3, 10, 12, 0, 0, 0, time.UTC)
	z, err := incident.ParseZone(zone)
	if err != nil {
		t.Fatal(err)
	}
	play := func(events []incident.Event, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			in.Apply(incident.Record{Incident: 3, Seq: in.Head + 1, At: typed, By: "ada", Event: e})
		}
	}
	play(incident.Open(incident.Opening{Title: "The printer is on fire", Zone: z}))
	for _, e := range entries {
		r, err := incident.ReadMoment(e.at, typed, z)
		if err != nil {
			t.Fatal(err)
		}
		play(in.Note(incident.Note{Text: "at " + e.at, At: r.Moment, Said: typed, Marker: e.marker}))
	}
	return in, play
}

func TestMetricsOfMarkers(t *testing.T) {
	for _, test := range []struct {
		name    string
		zone    string
		entries []marked
		// The spans in words; empty is not known.
		ttd, tta, ttm, ttr, duration, detectedToResolved string
	}{
		{
			name: "nothing marked", entries: []marked{{"9:00", ""}, {"9:30", ""}},
		},
		{
			name: "all marked",
			entries: []marked{{"8:00", ""}, {"9:00", incident.OutageBegins}, {"9:05:36", incident.Detected}, {"9:06", incident.IncidentBegins},
				{"9:40", incident.OutageMitigated}, {"10:00", incident.OutageEnds}, {"11:30", incident.IncidentEnds}},
			ttd: "5 minutes and 36 seconds", tta: "24 seconds", ttm: "40 minutes", ttr: "1 hour", duration: "1 hour",
		},
		{
			name:    "detected by whoever reports it first, taken on at once",
			entries: []marked{{"9:00", incident.OutageBegins}, {"9:10", incident.FirstReport}, {"9:10", incident.IncidentBegins}},
			ttd:     "10 minutes", tta: "0 minutes",
		},
		{
			name:    "detected by taking it on",
			entries: []marked{{"9:00", incident.OutageBegins}, {"9:20", incident.IncidentBegins}, {"9:30", incident.MarkedResolved}},
			ttd:     "20 minutes", tta: "0 minutes", ttr: "30 minutes",
		},
		{
			name: "the incident counted from before the impact is no response",
			entries: []marked{{"7:00", incident.IncidentBegins}, {"9:00", incident.OutageBegins}, {"9:20", incident.Detected},
				{"10:00", incident.OutageEnds}},
			ttd: "20 minutes", ttr: "1 hour", duration: "3 hours",
		},
		{
			name: "no start of the impact", entries: []marked{{"9:00", incident.Detected}, {"9:30", incident.IncidentBegins}, {"11:00", incident.OutageEnds}},
			tta: "30 minutes", detectedToResolved: "2 hours",
		},
		{
			name:    "approximate",
			entries: []marked{{"~9:00", incident.OutageBegins}, {"9:30", incident.Detected}, {"11:19", incident.OutageEnds}},
			ttd:     "~30 minutes", ttr: "~2 hours and 19 minutes", duration: "~2 hours and 19 minutes",
		},
		{
			name:    "ranges count from end to end and are approximate",
			entries: []marked{{"9:00~9:10", incident.OutageBegins}, {"9:20~9:30", incident.Detected}, {"10:00~10:15", incident.OutageEnds}},
			ttd:     "~20 minutes", ttr: "~1 hour and 15 minutes", duration: "~1 hour and 15 minutes",
		},
		{
			name: "the first beginning, the last mitigation and the last end",
			entries: []marked{{"6:00", incident.OutageBegins}, {"6:10", incident.OutageMitigated}, {"6:30", incident.OutageEnds},
				{"8:00", incident.OutageBegins}, {"8:20", incident.OutageMitigated}, {"9:00", incident.OutageEnds}},
			ttm: "2 hours and 20 minutes", ttr: "3 hours", duration: "3 hours",
		},
		{
			name:    "days",
			entries: []marked{{"2024-03-01", incident.OutageBegins}, {"2024-03-01", incident.Detected}, {"2024-03-04T00:10", incident.OutageEnds}},
			ttr:     "3 days",
		},
		{
			name: "days are those of the zone", zone: "America/New_York",
			entries: []marked{{"2024-03-01", incident.OutageBegins}, {"2024-03-04T03:10Z", incident.OutageEnds}},
			ttr:     "2 days",
		},
		{
			name:    "a range of days ends on its last",
			entries: []marked{{"2024-03-01", incident.OutageBegins}, {"~2024-03-02~2024-03-05", incident.OutageEnds}},
			ttr:     "~4 days",
		},
		{
			name:    "what would be negative is not known",
			entries: []marked{{"9:00", incident.OutageEnds}, {"10:00", incident.OutageBegins}, {"9:30", incident.Detected}},
		},
		{
			name:    "a marker without a time is no milestone",
			entries: []marked{{"?", incident.OutageBegins}, {"9:00", incident.Detected}, {"9:30", incident.OutageEnds}},
			// The first response is not known either: nobody marked it.
			detectedToResolved: "30 minutes",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.zone == "" {
				test.zone = "UTC"
			}
			in, _ := timelineOf(t, test.zone, test.entries)
			m := in.Metrics()
			for _, figure := range []struct {
				name string
				span incident.Span
				want string
			}{
				{"TTD", m.TTD, test.ttd}, {"TTA", m.TTA, test.tta}, {"TTM", m.TTM, test.ttm}, {"TTR", m.TTR, test.ttr},
				{"Duration", m.Duration, test.duration}, {"DetectedToResolved", m.DetectedToResolved, test.detectedToResolved},
			} {
				if got := figure.span.String(); got != figure.want {
					t.Errorf("%s is %q, want %q", figure.name, got, figure.want)
				}
			}
		})
	}
}

func TestMetricsOfCommands(t *testing.T) {
	in, play := timelineOf(t, "UTC", []marked{{"9:00", incident.OutageBegins}, {"9:10", incident.Detected}})
	at := func(text string) incident.Moment {
		r, err := incident.ReadMoment(text, time.Date(2024, 3, 10, 12, 0, 0, 0, time.UTC), in.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return r.Moment
	}
	play(in.Mitigate(incident.Moment{}))
	if m := in.Metrics(); m.Mitigated.Known() || m.TTM.Known {
		t.Errorf("mitigated without a time set the milestone %v", m.Mitigated)
	}
	play(in.Mitigate(at("9:30")))
	play(in.Resolve(at("~10:00")))
	m := in.Metrics()
	if m.TTM.String() != "30 minutes" || m.TTR.String() != "~1 hour" {
		t.Errorf("TTM %q, TTR %q, want 30 minutes and ~1 hour", m.TTM, m.TTR)
	}
	if m.Duration.Known {
		t.Errorf("the duration is %q although no entry marks the end of the outage", m.Duration)
	}
	if m.Resolved.Number != 0 || m.Resolved.Entry != "" {
		t.Errorf("a milestone of a command names entry %d %q", m.Resolved.Number, m.Resolved.Entry)
	}
	play(in.Mark("2", incident.OutageEnds))
	if m := in.Metrics(); m.Resolved.Number != 2 || m.TTR.String() != "10 minutes" {
		t.Errorf("the marker does not go before the command: entry %d, TTR %q", m.Resolved.Number, m.TTR)
	}
}

func TestMetricsOfTimeline(t *testing.T) {
	in, play := timelineOf(t, "UTC", []marked{{"?", ""}, {"2024-03-09", ""}, {"~8:00", ""}, {"8:30~11:00", ""}, {"9:00:20", ""}, {"9:30:50", ""}})
	play(in.AddAction(incident.Action{Text: "Buy a bucket", Owner: "Ada"}))
	play(in.AddAction(incident.Action{Text: "Buy sand"}))
	play(in.FinishAction(1, true))
	play(in.Join("ada", ""))
	m := in.Metrics()
	if m.Entries != 6 || m.Timed != 5 || m.Approximate != 1 {
		t.Errorf("%d entries, %d with a time, %d approximate; want 6, 5 and 1", m.Entries, m.Timed, m.Approximate)
	}
	if got := m.ApproximateShare(); math.Abs(got-0.2) > 1e-9 {
		t.Errorf("share of approximate times %v, want 0.2", got)
	}
	if m.OpenActions != 1 || m.DoneActions != 1 || m.UnownedActions != 1 || m.Responders != 1 {
		t.Errorf("actions open %d, done %d, without owner %d, responders %d; want one each", m.OpenActions, m.DoneActions, m.UnownedActions, m.Responders)
	}
	if got := m.TimelineSpan.String(); got != "~1 hour, 30 minutes, and 50 seconds" {
		t.Errorf("the timeline spans %q", got)
	}
	if l := m.LargestGap; l.After != 5 || l.Before != 6 || l.String() != "30 minutes and 30 seconds" {
		t.Errorf("largest gap %q after %d before %d, want 30 minutes and 30 seconds after 5 before 6", l, l.After, l.Before)
	}
}

func TestMetricsOfEmptyIncident(t *testing.T) {
	in, _ := timelineOf(t, "UTC", nil)
	if got := in.Metrics(); got != (incident.Metrics{}) {
		t.Errorf("an incident without anything has the metrics %+v", got)
	}
}

func TestLargestGapIsTheFirstOfEqualOnes(t *testing.T) {
	in, _ := timelineOf(t, "UTC", []marked{{"8:00", ""}, {"8:10", ""}, {"8:20", ""}})
	if l := in.Metrics().LargestGap; l.After != 1 || l.Before != 2 {
		t.Errorf("largest gap after %d before %d, want after 1 before 2", l.After, l.Before)
	}
}
