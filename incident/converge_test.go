package incident_test

import (
	"slices"
	"testing"

	"boswell/incident"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// A room is what is known of M-1 outside the log: what was heard of it so far, and what the platform would show of it in
// the end.
type room struct {
	*journal
	heard, truth incident.Sighting
	// eager says that a text that the log lacks is looked up at once, else when all has been delivered.
	eager bool
}

// deliver observes a delivery together with what was heard of the message before, as the bot does.
func (r *room) deliver(s incident.Sighting) {
	r.heard = merged(r.heard, s)
	if len(s.Tags) > 0 {
		s.Content, s.Gone = r.heard.Content, r.heard.Gone
	}
	r.see(s)
	if r.eager {
		r.lookUp()
	}
}

func (r *room) lookUp() {
	if text, _ := r.in.Wants(inQuay("M-1")); text {
		s := r.truth
		s.Tags = nil
		r.see(s)
	}
}

// merged is the newest that two sightings say.
func merged(a, b incident.Sighting) incident.Sighting {
	a.Message, a.At, a.Gone = b.Message, b.At, a.Gone || b.Gone
	if a.Content == nil || b.Content != nil && b.Content.Version.After(a.Content.Version) {
		a.Content = b.Content
	}
	return a
}

// permutations calls visit with every order of 0 to n-1.
func permutations(n int, visit func(order []int)) {
	order := make([]int, 0, n)
	var extend func()
	extend = func() {
		if len(order) == n {
			visit(order)
			return
		}
		for i := range n {
			if !slices.Contains(order, i) {
				order = append(order, i)
				extend()
				order = order[:len(order)-1]
			}
		}
	}
	extend()
}

// entry is the entry that M-1 becomes, tagged first by somebody at a minute.
func entry(text string, tagger incident.PersonID, n int) []incident.Entry {
	return []incident.Entry{{Happened: incident.At(minute(0), incident.Minute), Text: text, Said: minute(0), Tagged: minute(n),
		Author: "p-wen", Tagger: tagger}}
}

// item is the supporting information that M-1 becomes, tagged first at a minute.
func item(text string, n int) []incident.Support {
	return []incident.Support{{Kind: "text", Text: text, Captured: minute(n), Author: "p-wen"}}
}

// TestAnyOrderOfDeliveriesGivesTheSame plays the same deliveries in every order there is.
func TestAnyOrderOfDeliveriesGivesTheSame(t *testing.T) {
	first := saying(seen(0), "dry", 0)
	wet := saying(seen(3), "wet", 3)
	for _, c := range []struct {
		name       string
		deliveries []incident.Sighting
		entries    []incident.Entry
		support    []incident.Support
	}{
		{"two people set and remove", []incident.Sighting{first, wet,
			seen(2, set(timeline, pushpin, "p-ines", 2)), seen(4, set(timeline, pushpin, "p-tariq", 4)),
			seen(5, unset(timeline, pushpin, "p-ines", 5)), seen(6, unset(timeline, pushpin, "p-tariq", 6))}, nil, nil},
		{"edited and edited back", []incident.Sighting{first, wet, saying(seen(5), "dry", 5),
			seen(1, set(timeline, pushpin, "p-ines", 1)), seen(4, unset(timeline, pushpin, "p-ines", 4)),
			seen(2, set(timeline, pushpin, "p-tariq", 2))}, entry("dry", "p-tariq", 2), nil},
		{"deleted", []incident.Sighting{first, wet, gone(7),
			seen(2, set(timeline, pushpin, "p-ines", 2)), seen(4, set(support, pushpin, "p-tariq", 4)),
			seen(6, unset(timeline, pushpin, "p-ines", 6))}, nil, nil},
		{"set, removed and set again", []incident.Sighting{first, wet,
			seen(1, set(timeline, pushpin, "p-ines", 1)), seen(2, unset(timeline, pushpin, "p-ines", 2)),
			seen(4, set(timeline, pushpin, "p-ines", 4)), seen(5, set(support, pushpin, "p-tariq", 5))},
			entry("wet", "p-ines", 4), item("wet", 5)},
		{"a pin is everybody's", []incident.Sighting{first, wet,
			seen(1, set(timeline, incident.WayPin, "p-ines", 1)), seen(2, unset(timeline, incident.WayPin, "p-tariq", 2)),
			seen(4, set(support, incident.WayPin, "p-tariq", 4)), seen(6, unset(support, incident.WayPin, "p-ines", 6))}, nil, nil},
		{"two emoji of one person", []incident.Sighting{first, wet,
			seen(1, set(timeline, pushpin, "p-ines", 1)), seen(2, set(timeline, safety, "p-ines", 2)),
			seen(4, unset(timeline, pushpin, "p-ines", 4)), seen(5, set(support, pushpin, "p-tariq", 5))},
			entry("wet", "p-ines", 2), item("wet", 5)},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, eager := range []bool{true, false} {
				permutations(len(c.deliveries), func(order []int) {
					r := play(t, c.deliveries, order, eager)
					if diff := diffOutcome(c.entries, c.support, r.in); diff != "" {
						t.Fatalf("in the order %v, looked up at once %v (-want +got):\n%s", order, eager, diff)
					}
				})
			}
		})
	}
}

// play delivers in an order, and looks up in the end what the log still lacks.
func play(t *testing.T, deliveries []incident.Sighting, order []int, eager bool) room {
	t.Helper()
	r := room{journal: newJournal(t), eager: eager}
	for _, d := range deliveries {
		r.truth = merged(r.truth, d)
	}
	for _, i := range order {
		r.deliver(deliveries[i])
	}
	r.lookUp()
	return r
}

// diffOutcome is how an incident differs from what was to be captured. When it was recorded plays no part.
func diffOutcome(entries []incident.Entry, support []incident.Support, in *incident.Incident) string {
	return cmp.Diff(entries, append(in.Timeline(), in.Pending()...), cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(incident.Entry{}),
		cmpopts.IgnoreFields(incident.Entry{}, "ID", "Recorded", "Message")) +
		cmp.Diff(support, in.Supporting(), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(incident.Support{}, "Entry"))
}
