package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"boswell/incident"
	"boswell/storage"
)

func testCreated(b *bench) {
	first, second := b.opened("The lift stands still"), b.opened("The pump leaks", incident.SeveritySet{Severity: incident.Sev2})
	if first != 1 || second != 2 {
		b.Errorf("the incidents are %s and %s, want INC-1 and INC-2", first, second)
	}
	in := b.incident(second)
	if in.Title() != "The pump leaks" || in.Severity != incident.Sev2 || in.Head != 2 || in.Opener != ann {
		b.Errorf("%s is %q, %s, with %d records by %q", second, in.Title(), in.Severity, in.Head, in.Opener)
	}
	b.verified()
}

func testUnknown(b *bench) {
	b.read(func(r storage.Reader) {
		if _, err := r.Incident(7); !errors.Is(err, storage.ErrNotFound) {
			b.Errorf("an unknown incident: %v", err)
		}
		if _, _, err := r.Head(7); !errors.Is(err, storage.ErrNotFound) {
			b.Errorf("an unknown head: %v", err)
		}
		for record, err := range r.Records(7, 1) {
			b.Errorf("a record of an unknown incident: %v, %v", record, err)
		}
	})
	err := b.try(storage.Cause{}, func(tx storage.Tx) error { return tx.Append(7, incident.Closed{}) })
	if !errors.Is(err, storage.ErrNotFound) {
		b.Errorf("append to an unknown incident: %v", err)
	}
}

func testListed(b *bench) {
	b.opened("The lift stands still")
	id := b.opened("The pump leaks")
	b.append(id, incident.SeveritySet{Severity: incident.Sev1}, incident.StatusSet{Text: "Bailing out"}, incident.NumberSet{Number: 40},
		linked(room("deck", "")), linked(room("deck", "t1")), linked(incident.RoomID{Platform: "alp", Channel: "c"}),
		incident.Joined{Person: bob}, incident.RoleTaken{Role: incident.Commander, Person: ann}, incident.RoleTaken{Role: incident.Scribe, Person: ann})
	want := storage.Summary{ID: id, Number: 40, Title: "The pump leaks", State: incident.StateOpen, Status: "Bailing out", Severity: incident.Sev1,
		Commander: ann, Platforms: []string{"alp", "lake"}, Responders: map[incident.PersonID]string{bob: "", ann: "commander, scribe"}}
	check := func(r storage.Reader) {
		var list []storage.Summary
		for s, err := range r.Incidents() {
			b.must(err)
			list = append(list, s)
		}
		if len(list) != 2 || list[1].Title != "The lift stands still" {
			b.Fatalf("the list is %v", list)
		}
		if list[0].Opened.IsZero() {
			b.Error("the list does not say when an incident was opened")
		}
		list[0].Opened = time.Time{}
		if diff := cmp.Diff(want, list[0]); diff != "" {
			b.Errorf("the list differs (-want +have):\n%s", diff)
		}
	}
	b.read(check)
	b.change(func(tx storage.Tx) error { check(tx); return nil })
	b.change(listedInside)
	b.append(id, incident.Closed{})
	b.read(func(r storage.Reader) {
		for s, err := range r.Incidents() {
			b.must(err)
			if s.ID == id && (s.State != incident.StateClosed || s.Closed.IsZero()) {
				b.Errorf("a closed incident is listed as %s since %s", s.State, s.Closed)
			}
		}
	})
}

// listedInside wants a transaction to find in the list what it wrote.
func listedInside(tx storage.Tx) error {
	if err := tx.Append(1, incident.StatusSet{Text: "Climbing"}); err != nil {
		return err
	}
	if _, err := tx.Create(incident.Opened{Title: "The door is stuck"}); err != nil {
		return err
	}
	var titles []string
	for s, err := range tx.Incidents() {
		if err != nil {
			return err
		}
		titles = append(titles, s.Title+", "+s.Status)
	}
	if want := []string{"The door is stuck, ", "The pump leaks, Bailing out", "The lift stands still, Climbing"}; !slices.Equal(titles, want) {
		return fmt.Errorf("a transaction lists %q, want %q", titles, want)
	}
	return nil
}

// testLog wants a transaction to see what it wrote, and readers to see it afterwards.
func testLog(b *bench) {
	id := b.opened("The lift stands still")
	err := b.try(storage.Cause{Key: "k2", By: bob, At: noon.Add(24 * time.Hour * 3650)}, func(tx storage.Tx) error {
		if err := tx.Append(id, incident.StatusSet{Text: "Climbing"}); err != nil {
			return err
		}
		in, err := tx.Incident(id)
		if err != nil || in.Status() != "Climbing" {
			b.Errorf("the transaction sees the status %q: %v", in.Status(), err)
		}
		var seqs []uint64
		for r, err := range tx.Records(id, 2) {
			b.must(err)
			seqs = append(seqs, r.Seq)
		}
		if !slices.Equal(seqs, []uint64{2}) {
			b.Errorf("the transaction sees the records %v", seqs)
		}
		return nil
	})
	b.must(err)
	records := b.log(id)
	if len(records) != 2 {
		b.Fatalf("the log has %d records", len(records))
	}
	got := records[1]
	want := incident.Record{Incident: id, Seq: 2, At: noon.Add(24 * time.Hour * 3650), By: bob, Cause: "k2", Prev: got.Prev, Event: incident.StatusSet{Text: "Climbing"}}
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("the record differs (-want +have):\n%s", diff)
	}
	b.change(func(tx storage.Tx) error {
		if err := tx.Append(id); err != nil {
			return err
		}
		seq, _, err := tx.Head(id)
		if seq != 2 {
			b.Errorf("appending nothing leads to record %d", seq)
		}
		return err
	})
}

func testChain(b *bench) {
	id := b.opened("The lift stands still", incident.StatusSet{Text: "Climbing"}, incident.Closed{})
	records := b.log(id)
	if records[0].Prev != (incident.Hash{}) || records[1].Prev == records[2].Prev || records[1].Prev == (incident.Hash{}) {
		b.Errorf("the records are not chained: %s, %s, %s", records[0].Prev, records[1].Prev, records[2].Prev)
	}
	b.read(func(r storage.Reader) {
		seq, hash, err := r.Head(id)
		b.must(err)
		if seq != 3 || hash == records[2].Prev || hash == (incident.Hash{}) {
			b.Errorf("the head is record %d, %s", seq, hash)
		}
	})
}

// testTime wants records not to run backwards within an incident, whatever the deliveries say.
func testTime(b *bench) {
	id := b.opened("The lift stands still")
	late := noon.Add(100 * 365 * 24 * time.Hour)
	for _, at := range []time.Time{late, noon, late.Add(time.Nanosecond)} {
		b.must(b.try(storage.Cause{At: at}, func(tx storage.Tx) error {
			if !tx.Now().Equal(at) {
				b.Errorf("now is %s, want %s", tx.Now(), at)
			}
			return tx.Append(id, incident.StatusSet{Text: at.String()})
		}))
	}
	var times []time.Time
	for _, r := range b.log(id) {
		times = append(times, r.At)
	}
	want := []time.Time{times[0], late, late, late.Add(time.Nanosecond)}
	if diff := cmp.Diff(want, times); diff != "" {
		b.Errorf("the times differ (-want +have):\n%s", diff)
	}
}

// testSnapshot wants what a View gave to stay as it is.
func testSnapshot(b *bench) {
	id := b.opened("The lift stands still")
	before := b.incident(id)
	b.append(id, incident.FieldAppended{Field: incident.FieldImpact, Text: "Nobody gets to the roof."}, incident.Joined{Person: bob})
	if before.Head != 1 || len(before.Values(incident.FieldImpact)) != 0 || len(before.Responders) != 0 {
		b.Error("a snapshot changed after it was taken")
	}
	if now := b.incident(id); now.Head != 3 || len(now.Responders) != 1 {
		b.Errorf("a new snapshot has %d records and %d responders", now.Head, len(now.Responders))
	}
}

func testRefusedEvents(b *bench) {
	id := b.opened("The lift stands still")
	for name, fn := range map[string]func(storage.Tx) error{
		"create with nothing":     func(tx storage.Tx) error { _, err := tx.Create(); return err },
		"create without opening":  func(tx storage.Tx) error { _, err := tx.Create(incident.Closed{}); return err },
		"append nothing at all":   func(tx storage.Tx) error { return tx.Append(id, nil) },
		"append an erased record": func(tx storage.Tx) error { return tx.Append(id, incident.Erased{Kind: "opened"}) },
	} {
		if err := b.try(storage.Cause{}, fn); err == nil {
			b.Errorf("%s works", name)
		}
	}
	// A failure that the function overlooks fails the transaction all the same.
	err := b.try(storage.Cause{}, func(tx storage.Tx) error {
		_ = tx.Append(id, incident.StatusSet{Text: "half"}, nil)
		return nil
	})
	if err == nil || b.incident(id).Head != 1 {
		b.Errorf("half of an append was kept: %v", err)
	}
	if next := b.opened("The pump leaks"); next != 2 {
		b.Errorf("an incident that was not created took a number: the next is %s", next)
	}
}
