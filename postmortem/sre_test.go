package postmortem_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"boswell/incident"
	"boswell/postmortem"
)

func sre(b builder) string { return string(postmortem.SRE(postmortem.From(b.in, byName))) }

// A part of the document runs from a line that begins with its name to the next line that begins with the next.
func part(t *testing.T, text, from, to string) string {
	t.Helper()
	_, rest, found := strings.Cut("\n"+text, "\n"+from)
	if !found {
		t.Fatalf("no %q in\n%s", from, text)
	}
	body, _, found := strings.Cut(rest, "\n\n"+to)
	if !found {
		t.Fatalf("no %q behind %q in\n%s", to, from, text)
	}
	return from + body
}

func TestDate(t *testing.T) {
	published := incident.PublishedSet{At: time.Date(2024, 5, 20, 23, 30, 0, 0, time.FixedZone("", -3600))}
	for _, test := range []struct {
		name, want string
		events     []incident.Event
	}{
		{"nothing", "_Not recorded._", nil},
		{"only the publication, by its day in UTC", "not recorded (published 2024-05-21)", []incident.Event{published}},
		{"a day", "2024-05-14", []incident.Event{incident.DateSet{Date: day(t, "14 May 2024")}, published}},
		{"a span", "2024-05-14 – 2024-05-16", []incident.Event{incident.DateSet{Date: day(t, "2024-05-14 to 2024-05-16")}}},
		{"a month without entries", "2024-05", []incident.Event{incident.DateSet{Date: day(t, "May 2024")}}},
		{"a month with entries outside of it", "2024-05", []incident.Event{incident.DateSet{Date: day(t, "May 2024")},
			note(t, "e1", "2024-04-30T23:59", "x", "")}},
		{"a month with entries on one day", "2024-05-03", []incident.Event{incident.DateSet{Date: day(t, "May 2024")},
			note(t, "e1", "2024-05-03T09:00", "x", ""), note(t, "e2", "2024-05-03T10:00", "y", ""), note(t, "e3", "?", "z", "")}},
		{"a month with entries on several", "2024-05-02 – 2024-05-09", []incident.Event{incident.DateSet{Date: day(t, "May 2024")},
			note(t, "e1", "2024-05-09", "x", ""), note(t, "e2", "2024-05-02T10:00", "y", ""), note(t, "e3", "2024-06-01", "z", "")}},
		{"the end of a range counts", "2024-05-02 – 2024-05-03", []incident.Event{incident.DateSet{Date: day(t, "May 2024")},
			note(t, "e1", "2024-05-02T23:00~2024-05-03T01:00", "x", "")}},
		{"a month by the days of the zone", "2024-04-30", []incident.Event{incident.ZoneSet{Zone: incident.Zone{Name: "America/New_York"}},
			incident.DateSet{Date: day(t, "April 2024")}, note(t, "e1", "2024-05-01T03:00", "x", "")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := part(t, sre(build("x", test.events...)), "**Date:** ", "**Authors:**"); got != "**Date:** "+test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestLabels(t *testing.T) {
	for _, test := range []struct {
		name, want string
		event      incident.Event
	}{
		{"one line", "**Impact:** Ten users.", set(incident.FieldImpact, "  Ten users.\n ")},
		{"several lines", "**Impact:**\n\nTen users.\nTwo dogs.", set(incident.FieldImpact, "Ten users.\nTwo dogs.")},
		{"a list of one", "**Impact:** Ten users.", set(incident.FieldImpact, "Ten users.", "  ")},
		{"a list", "**Impact:**\n\n- Ten users.\n- Two dogs.", set(incident.FieldImpact, "Ten users.", "Two dogs.")},
		{"blanks only", "**Impact:** _Not recorded._", set(incident.FieldImpact, " \n ")},
		{"nothing is escaped", "**Impact:** <b>*all* | {users} & _dogs_ #1", set(incident.FieldImpact, "<b>*all* | {users} & _dogs_ #1")},
		{"line ends of Windows", "**Impact:**\n\na\nb", set(incident.FieldImpact, "a\r\nb")},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := part(t, sre(build("x", test.event)), "**Impact:**", "**Root Causes:**"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestCausesAndResolution(t *testing.T) {
	cause := func(c incident.Cause) incident.Event { return incident.CauseAdded{Cause: c} }
	for _, test := range []struct {
		name, from, to, want string
		events               []incident.Event
	}{
		{"one cause", "**Root Causes:**", "**Trigger:**", "**Root Causes:** Rust.", []incident.Event{cause(incident.Cause{ID: "c1", Kind: "superficial", Text: "Rust."})}},
		{"one cause with a title", "**Root Causes:**", "**Trigger:**", "**Root Causes:**\n\n*(Superficial)* **Rust**\n\nIt was wet.",
			[]incident.Event{cause(incident.Cause{ID: "c1", Kind: "superficial", Title: "Rust", Text: "It was wet."})}},
		{"one cause with a recommendation", "**Root Causes:**", "**Trigger:**", "**Root Causes:**\n\nRust.\n\n- Paint.",
			[]incident.Event{cause(incident.Cause{ID: "c1", Kind: "root", Text: "Rust.", Recommendations: []string{"Paint."}})}},
		{"two causes without titles", "**Root Causes:**", "**Trigger:**", "**Root Causes:**\n\nRust.\n\nRain.",
			[]incident.Event{cause(incident.Cause{ID: "c1", Kind: "root", Text: "Rust."}), cause(incident.Cause{ID: "c2", Kind: "root", Text: "Rain."})}},
		{"one step", "**Resolution:**", "**Detection:**", "**Resolution:** Painted.", []incident.Event{set(incident.FieldSteps, "Painted.")}},
		{"steps", "**Resolution:**", "**Detection:**", "**Resolution:**\n\n1. Dried.\n2. Painted.", []incident.Event{set(incident.FieldSteps, "Dried.", "Painted.")}},
		{"a text and a step", "**Resolution:**", "**Detection:**", "**Resolution:**\n\nPaint:\n\n1. Red.",
			[]incident.Event{set(incident.FieldResolution, "Paint:"), set(incident.FieldSteps, "Red.")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := part(t, sre(build("x", test.events...)), test.from, test.to); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestNothingIsPrintedTwice(t *testing.T) {
	b := build("x")
	for i := range 30 {
		id := incident.EntryID(fmt.Sprintf("e%d", i+1))
		b.apply(note(t, id, fmt.Sprintf("%d:%02d", i%10, i), fmt.Sprintf("Fact number %d.", i), ""))
	}
	text := sre(b)
	for i := range 30 {
		if n := strings.Count(text, fmt.Sprintf("Fact number %d.\n", i)); n != 1 {
			t.Errorf("fact %d is printed %d times", i, n)
		}
	}
}

func TestRespondersWithoutActionsMakeNoLine(t *testing.T) {
	b := build("x", incident.Joined{Person: "Omar"}, incident.RoleTaken{Role: incident.Scribe, Person: "Omar"}, set(incident.FieldRespondersNote, "We met."))
	if text := sre(b); strings.Contains(text, "## Responders") || strings.Contains(text, "We met.") {
		t.Errorf("a section without anybody's actions:\n%s", text)
	}
	b.apply(incident.Joined{Person: "Wanja", Did: "Second."}, incident.Joined{Person: "Omar", Did: "Third."}, incident.Joined{Person: "Wanja", Did: "Still first."})
	want := "## Responders\n\nWe met.\n\n- **Wanja** — Still first.\n- **Omar** — Third."
	if got := part(t, sre(b), "## Responders", "## Supporting"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
