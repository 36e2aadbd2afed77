package incident_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"boswell/incident"
)

// A growth makes the events that add one entry to a long timeline.
type growth func(n int) []incident.Event

func noteGrowth(n int) []incident.Event {
	return []incident.Event{incident.Noted{Entry: entryID(n), Text: "the gate moves", Said: minute(n), At: incident.At(minute(n), incident.Minute)}}
}

func tagGrowth(n int) []incident.Event {
	ref := inQuay(fmt.Sprintf("M-%d", n))
	return []incident.Event{
		incident.Tagged{Message: ref, Tag: timeline, Way: pushpin, Tagger: "p-ines", At: minute(n), Entry: entryID(n)},
		incident.MessageRead{Message: ref, Content: incident.Content{Author: "p-wen", Said: minute(n), Text: "the gate moves"}},
	}
}

func entryID(n int) incident.EntryID { return incident.EntryID(fmt.Sprintf("e%d", n)) }

// recordsOf are the records of entries from one number up to another.
func recordsOf(g growth, from, to int) []incident.Record {
	var records []incident.Record
	for n := from; n < to; n++ {
		for _, e := range g(n) {
			records = append(records, incident.Record{Incident: 7, Seq: uint64(len(records)) + 1, At: typedAt.Add(time.Duration(n) * time.Second),
				By: "p-ines", Cause: fmt.Sprintf("harbour|D-%d", n), Event: e})
		}
	}
	return records
}

func applyAll(in *incident.Incident, records []incident.Record) {
	for _, r := range records {
		in.Apply(r)
	}
}

// long is an incident with a number of entries.
func long(g growth, entries int) *incident.Incident {
	in := incident.New(7)
	in.Apply(incident.Record{Incident: 7, Seq: 1, At: typedAt, By: "p-ines", Event: incident.Opened{Title: "The east lock stands open"}})
	applyAll(in, recordsOf(g, 1, entries+1))
	return in
}

// costOf is what each of a thousand more entries allocates in an incident that has some.
func costOf(g growth, entries int) (allocations, bytes float64) {
	const more = 1000
	in, records := long(g, entries), recordsOf(g, entries+1, entries+1+more)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	applyAll(in, records)
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / more, float64(after.TotalAlloc-before.TotalAlloc) / more
}

// TestALongIncidentCostsNoMore keeps the cost of an entry from growing with the number of entries.
func TestALongIncidentCostsNoMore(t *testing.T) {
	const most = 1.5
	for name, g := range map[string]growth{"note": noteGrowth, "tagged message": tagGrowth} {
		allocations, bytes := costOf(g, 10)
		allocationsLong, bytesLong := costOf(g, 10_000)
		t.Logf("%s: %.1f allocations and %.0f bytes after 10 entries, %.1f and %.0f after 10,000", name, allocations, bytes, allocationsLong, bytesLong)
		if allocationsLong > most*allocations || bytesLong > most*bytes {
			t.Errorf("a %s costs %.1f allocations and %.0f bytes after 10 entries, but %.1f and %.0f after 10,000", name,
				allocations, bytes, allocationsLong, bytesLong)
		}
	}
}

func BenchmarkApply(b *testing.B) {
	for name, g := range map[string]growth{"note": noteGrowth, "tagged": tagGrowth} {
		for _, entries := range []int{10, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", name, entries), func(b *testing.B) {
				in, next := long(g, entries), recordsOf(g, entries, entries+1)
				b.ReportAllocs()
				for b.Loop() {
					applyAll(in, next)
				}
			})
		}
	}
}

func BenchmarkSeal(b *testing.B) {
	r := recordsOf(noteGrowth, 1, 2)[0]
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := incident.Seal(r, incident.Salt{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkClone is the cost of a snapshot, BenchmarkTimeline that of looking at one.
func BenchmarkClone(b *testing.B) {
	for _, entries := range []int{10, 10_000} {
		in := long(tagGrowth, entries)
		b.Run(fmt.Sprint(entries), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				in.Clone()
			}
		})
	}
}

func BenchmarkTimeline(b *testing.B) {
	for _, entries := range []int{10, 10_000} {
		in := long(tagGrowth, entries)
		b.Run(fmt.Sprint(entries), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				in.Timeline()
			}
		})
	}
}
