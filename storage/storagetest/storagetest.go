// Package storagetest is the conformance suite of storage.Store: what every store must do, whatever it stands on.
//
// The invariant: every function that a test gives to Do runs at least twice, the first time in a transaction that is taken
// back, so a store that keeps anything of what was not committed fails here, and so does a function with effects of its own.
package storagetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// Opener opens a new, empty store. reopen closes the store that is open and opens the same one again; the suite closes the
// last.
type Opener func(t *testing.T) (store storage.Store, reopen func() storage.Store)

// Run runs the suite. Each test opens a store of its own.
func Run(t *testing.T, open Opener) {
	for name, test := range map[string]func(*bench){
		"incidents/created":         testCreated,
		"incidents/unknown":         testUnknown,
		"incidents/listed":          testListed,
		"incidents/log":             testLog,
		"incidents/chain":           testChain,
		"incidents/time":            testTime,
		"incidents/snapshot":        testSnapshot,
		"incidents/refused events":  testRefusedEvents,
		"outcome/once":              testOnce,
		"outcome/refusal":           testRefusal,
		"outcome/failure":           testFailure,
		"outcome/observation":       testObservation,
		"outcome/panic":             testPanic,
		"outcome/cancelled":         testCancelled,
		"rooms/live and last":       testRooms,
		"rooms/threads":             testThreads,
		"rooms/two incidents":       testSharedRoom,
		"outbox/owed":               testOwed,
		"outbox/keys":               testOwedKeys,
		"outbox/in a transaction":   testOwedInside,
		"outbox/of another version": testOwedUnknown,
		"people and marks":          testPeople,
		"values":                    testValues,
		"schedule":                  testSchedule,
		"files":                     testFiles,
		"erase":                     testErase,
		"watch/tells":               testWatch,
		"watch/merges":              testWatchMerges,
		"together/serializable":     testSerializable,
		"together/same key":         testSameKeyTogether,
		"together/refused neighbor": testNeighbors,
		"together/views":            testViewsWhole,
		"reopen":                    testReopen,
		"backup and verify":         testBackup,
		"model":                     testModel,
	} {
		t.Run(name, func(t *testing.T) {
			b := &bench{T: t}
			store, reopen := open(t)
			b.Store, b.reopen = again{store}, func() { b.Store = again{reopen()} }
			t.Cleanup(func() { b.must(b.Close()) })
			test(b)
		})
	}
}

// bench is a store on the test bench.
type bench struct {
	*testing.T
	storage.Store
	reopen func()
}

// again runs every function twice: first in a transaction that it takes back.
type again struct{ storage.Store }

var errTakenBack = errors.New("taken back to run again")

func (a again) Do(ctx context.Context, cause storage.Cause, fn func(storage.Tx) (storage.Outcome, error)) (storage.Outcome, error) {
	out, err := a.Store.Do(ctx, cause, func(tx storage.Tx) (storage.Outcome, error) {
		if _, err := fn(tx); err != nil {
			// What it wrote before it failed must not be seen either; the failure itself comes with the second run.
			return storage.Outcome{}, errTakenBack
		}
		return storage.Outcome{}, errTakenBack
	})
	if !errors.Is(err, errTakenBack) {
		return out, err
	}
	return a.Store.Do(ctx, cause, fn)
}

const (
	ann = incident.PersonID("ann")
	bob = incident.PersonID("bob")
)

var noon = time.Date(2031, 5, 6, 12, 0, 0, 0, time.UTC)

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// change runs fn once and wants it to work.
func (b *bench) change(fn func(storage.Tx) error) {
	b.Helper()
	b.must(b.try(storage.Cause{By: ann}, fn))
}

func (b *bench) try(cause storage.Cause, fn func(storage.Tx) error) error {
	_, err := b.Do(context.Background(), cause, func(tx storage.Tx) (storage.Outcome, error) {
		return storage.Outcome{}, fn(tx)
	})
	return err
}

func (b *bench) read(fn func(storage.Reader)) {
	b.Helper()
	b.must(b.View(context.Background(), func(r storage.Reader) error {
		fn(r)
		return nil
	}))
}

// opened creates an incident.
func (b *bench) opened(title string, events ...incident.Event) incident.ID {
	b.Helper()
	var id incident.ID
	b.change(func(tx storage.Tx) (err error) {
		id, err = tx.Create(append([]incident.Event{incident.Opened{Title: title}}, events...)...)
		return err
	})
	return id
}

func (b *bench) append(id incident.ID, events ...incident.Event) {
	b.Helper()
	b.change(func(tx storage.Tx) error { return tx.Append(id, events...) })
}

// incident is a snapshot.
func (b *bench) incident(id incident.ID) *incident.Incident {
	b.Helper()
	var in *incident.Incident
	b.read(func(r storage.Reader) {
		var err error
		in, err = r.Incident(id)
		b.must(err)
	})
	return in
}

func (b *bench) log(id incident.ID) []incident.Record {
	b.Helper()
	var records []incident.Record
	b.read(func(r storage.Reader) {
		for record, err := range r.Records(id, 1) {
			b.must(err)
			records = append(records, record)
		}
	})
	return records
}

// verified wants a store without problems.
func (b *bench) verified() storage.Report {
	b.Helper()
	report, err := b.Verify(context.Background(), nil)
	b.must(err)
	for _, problem := range report.Problems {
		b.Error(problem)
	}
	return report
}

func room(channel, thread string) incident.RoomID {
	return incident.RoomID{Platform: "lake", Channel: channel, Thread: thread}
}

func linked(r incident.RoomID) incident.Event {
	return incident.RoomLinked{Room: incident.Room{RoomID: r, Name: "#" + r.Channel}}
}

func say(text string) storage.Outcome {
	return storage.Outcome{Reply: chat.Reply{Message: chat.Message{Text: chat.Say(text)}}}
}
