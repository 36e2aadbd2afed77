package incident_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"boswell/incident"
)

// typedAt is when people type in these tests: a Thursday, 16:04:05 in Paris.
var typedAt = time.Date(2024, 3, 21, 15, 4, 5, 0, time.UTC)

// A failer is a test that can be given up: of package testing or of package rapid.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func zoneNamed(t failer, name string) incident.Zone {
	t.Helper()
	z, err := incident.ParseZone(name)
	if err != nil {
		t.Fatalf("zone %s: %v", name, err)
	}
	return z
}

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// wantRefusal fails unless err is a Refusal with exactly this text.
func wantRefusal(t testing.TB, err error, text string) {
	t.Helper()
	var refusal incident.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v, want the refusal %q", err, text)
	}
	if refusal.Text != text {
		t.Errorf("refused with\n  %s\nwant\n  %s", refusal.Text, text)
	}
}

func TestAtCutsAndNeverRounds(t *testing.T) {
	at := time.Date(2024, 3, 21, 0, 40, 42, 999, time.FixedZone("", 3600))
	for _, c := range []struct {
		precision incident.Precision
		want      string
	}{
		{incident.Second, `{"start":"2024-03-20T23:40:42Z","precision":"second"}`},
		{incident.Minute, `{"start":"2024-03-20T23:40:00Z","precision":"minute"}`},
		{incident.Day, `{"start":"2024-03-20T00:00:00Z","precision":"day"}`},
		{incident.Unknown, `{}`},
		{"fortnight", `{}`},
	} {
		m := incident.At(at, c.precision)
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != c.want {
			t.Errorf("precision %q: got %s, want %s", c.precision, text, c.want)
		}
		var again incident.Moment
		if err := json.Unmarshal(text, &again); err != nil || again != m {
			t.Errorf("precision %q: %s reads back as %+v (%v)", c.precision, text, again, err)
		}
	}
}

func TestMomentKnownAndClock(t *testing.T) {
	for _, c := range []struct {
		moment       incident.Moment
		known, clock bool
	}{
		{incident.Moment{}, false, false},
		{incident.OnDay(2024, 3, 21), true, false},
		{incident.At(typedAt, incident.Minute), true, true},
		{incident.At(typedAt, incident.Second), true, true},
	} {
		if c.moment.Known() != c.known || c.moment.Clock() != c.clock {
			t.Errorf("%+v: known %t and clock %t, want %t and %t", c.moment, c.moment.Known(), c.moment.Clock(), c.known, c.clock)
		}
	}
}

func TestInstantOfADayIsItsBeginningInTheZone(t *testing.T) {
	for _, c := range []struct {
		zone   string
		moment incident.Moment
		want   string
	}{
		{"UTC", incident.OnDay(2024, 3, 21), "2024-03-21T00:00:00Z"},
		{"America/New_York", incident.OnDay(2024, 3, 10), "2024-03-10T05:00:00Z"},
		{"Asia/Kolkata", incident.OnDay(2024, 3, 21), "2024-03-20T18:30:00Z"},
		{"Asia/Beirut", incident.OnDay(2022, 3, 27), "2022-03-26T22:00:00Z"},    // no midnight: the clocks went from 00:00 to 01:00
		{"America/Havana", incident.OnDay(2023, 11, 5), "2023-11-05T04:00:00Z"}, // two midnights: the first
		{"Pacific/Apia", incident.OnDay(2011, 12, 30), "2011-12-30T10:00:00Z"},  // a day that Samoa left out
		{"Europe/Paris", incident.At(typedAt, incident.Second), "2024-03-21T15:04:05Z"},
	} {
		if got := c.moment.Instant(zoneNamed(t, c.zone).Location()); !got.Equal(instant(t, c.want)) || got.Location() != time.UTC {
			t.Errorf("%s %v: got %s, want %s", c.zone, c.moment.Start, got, c.want)
		}
	}
	if at := (incident.Moment{}).Instant(time.UTC); !at.IsZero() {
		t.Errorf("an unknown time sorts at %s", at)
	}
}

func TestMomentEqual(t *testing.T) {
	base := incident.At(typedAt, incident.Minute)
	about, longer, finer := base, base, incident.At(base.Start, incident.Second)
	about.Approximate = true
	longer.End = base.Start.Add(time.Minute)
	for _, other := range []incident.Moment{about, longer, finer, {}} {
		if base.Equal(other) {
			t.Errorf("%+v equals %+v", base, other)
		}
	}
	elsewhere := base
	elsewhere.Start = base.Start.In(time.FixedZone("", 3600))
	if !base.Equal(elsewhere) {
		t.Error("the same instant in another location is not equal")
	}
	if !(incident.Moment{}).Equal(incident.Moment{Approximate: true}) {
		t.Error("two unknown times are not equal")
	}
}

func TestCivilJSON(t *testing.T) {
	type page struct {
		Day incident.Civil `json:"day,omitzero"`
	}
	for _, c := range []struct{ text, want string }{
		{`{"day":"2024-02-29"}`, `{"day":"2024-02-29"}`},
		{`{"day":""}`, `{}`},
		{`{}`, `{}`},
	} {
		var p page
		if err := json.Unmarshal([]byte(c.text), &p); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(p); err != nil || string(got) != c.want {
			t.Errorf("%s became %s (%v), want %s", c.text, got, err, c.want)
		}
	}
	if err := json.Unmarshal([]byte(`{"day":"2023-02-29"}`), &page{}); err == nil {
		t.Error("29 February 2023 was read")
	}
}

func TestCivilCompare(t *testing.T) {
	ordered := []incident.Civil{{}, {Year: 2023, Month: 12, Day: 31}, {Year: 2024, Month: 1, Day: 2}, {Year: 2024, Month: 2, Day: 1}, {Year: 2024, Month: 2, Day: 2}}
	for i, a := range ordered {
		for j, b := range ordered {
			if got := a.Compare(b); (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%s against %s: %d", a, b, got)
			}
		}
	}
}
