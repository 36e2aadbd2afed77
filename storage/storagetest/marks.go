package storagetest

import (
	"errors"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"boswell/incident"
	"boswell/storage"
)

func testPeople(b *bench) {
	person := storage.Person{ID: ann, Name: "Ann", FullName: "Ann Example", Zone: "Europe/Zurich", Guest: true,
		Accounts: []storage.Account{{Platform: "lake", User: "U1", Handle: "ann"}}}
	check := func(r storage.Reader) {
		have, ok := r.Person(ann)
		if diff := cmp.Diff(person, have); diff != "" || !ok {
			b.Errorf("the person differs (-want +have):\n%s", diff)
		}
		if _, ok := r.Person(bob); ok {
			b.Error("somebody is known who was never put")
		}
		if all := slices.Collect(r.People()); len(all) != 1 || all[0].Name != person.Name {
			b.Errorf("the people are %v", all)
		}
		if until := r.Covered(room("roof", "")); !until.Equal(noon) {
			b.Errorf("the roof is covered until %s", until)
		}
		if until := r.Covered(room("roof", "t1")); !until.IsZero() {
			b.Errorf("a thread of the roof is covered until %s", until)
		}
	}
	b.change(func(tx storage.Tx) error {
		err := errors.Join(tx.PutPerson(storage.Person{ID: ann, Name: "A."}), tx.PutPerson(person), tx.SetCovered(room("roof", ""), noon))
		check(tx)
		return err
	})
	b.reopen()
	b.read(check)
	b.verified()
}

func testValues(b *bench) {
	later := time.Now().Add(time.Hour)
	b.change(func(tx storage.Tx) error {
		return errors.Join(
			tx.PutValue("form", []byte("half filled in"), later),
			tx.PutValue("moved", []byte("old"), time.Now().Add(-time.Hour)),
			tx.PutValue("moved", []byte("new"), later),
			tx.PutValue("empty", nil, later),
			tx.PutValue("over", []byte("x"), time.Now().Add(-time.Second)))
	})
	b.reopen()
	b.append(b.opened("The lift stands still"), incident.Closed{})
	b.read(func(r storage.Reader) {
		for key, want := range map[string]string{"form": "half filled in", "moved": "new", "empty": ""} {
			if have, ok := r.Value(key); !ok || string(have) != want {
				b.Errorf("%s is %q, %t", key, have, ok)
			}
		}
		for _, key := range []string{"over", "unknown"} {
			if have, ok := r.Value(key); ok {
				b.Errorf("%s is %q", key, have)
			}
		}
	})
	b.verified()
}

func testSchedule(b *bench) {
	due := func(key string, at time.Duration) storage.Due {
		return storage.Due{Key: key, At: noon.Add(at), Incident: 3, Kind: "reminder"}
	}
	check := func(want ...storage.Due) func(r storage.Reader) {
		return func(r storage.Reader) {
			b.Helper()
			if diff := cmp.Diff(want, slices.Collect(r.Scheduled())); diff != "" {
				b.Errorf("what is due differs (-want +have):\n%s", diff)
			}
		}
	}
	b.change(func(tx storage.Tx) error {
		return errors.Join(tx.Schedule(due("c", 3)), tx.Schedule(due("a", 5)), tx.Schedule(due("b", -1)), tx.Schedule(due("b2", -1)))
	})
	b.read(check(due("b", -1), due("b2", -1), due("c", 3), due("a", 5)))
	b.change(func(tx storage.Tx) error {
		err := errors.Join(tx.Schedule(due("a", 1)), tx.Unschedule("b"), tx.Unschedule("b"), tx.Unschedule("unknown"))
		check(due("b2", -1), due("a", 1), due("c", 3))(tx)
		return err
	})
	b.reopen()
	b.read(check(due("b2", -1), due("a", 1), due("c", 3)))
	b.verified()
}
