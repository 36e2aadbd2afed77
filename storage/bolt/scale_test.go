package bolt

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"boswell/incident"
	"boswell/storage"
)

// The size of a store after many years: most incidents are closed.
const (
	manyIncidents = 10_000
	eventsOfEach  = 100
	liveAmongThem = 50
)

// manyDir is the folder of such a store, once a benchmark asked for it.
var manyDir string

var makeMany = sync.OnceValue(func() (err error) {
	if manyDir, err = os.MkdirTemp("", "boswell-many-"); err != nil {
		return err
	}
	s, err := Open(manyDir, Options{NoSync: true})
	if err != nil {
		return err
	}
	for first := 0; first < manyIncidents; first += 100 {
		if err := hundred(s, first); err != nil {
			return err
		}
	}
	return s.Close()
})

func TestMain(m *testing.M) {
	code := m.Run()
	if manyDir != "" {
		if err := os.RemoveAll(manyDir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(code)
}

// hundred adds a hundred incidents.
func hundred(s *Store, first int) error {
	_, err := s.Do(context.Background(), storage.Cause{By: "p1"}, func(tx storage.Tx) (storage.Outcome, error) {
		for i := first; i < first+100; i++ {
			room := incident.Room{RoomID: incident.RoomID{Platform: "lake", Channel: fmt.Sprint("room-", i)}, Home: true}
			events := []incident.Event{incident.Opened{Title: fmt.Sprint("Pump ", i, " stands still")}, incident.RoomLinked{Room: room},
				incident.RoleTaken{Role: incident.Commander, Person: "p1"}}
			for len(events) < eventsOfEach-1 {
				events = append(events, incident.Noted{Entry: incident.EntryID(fmt.Sprintf("e%d", len(events))), Text: "The pressure falls below two bar and rises again.", Said: tx.Now()})
			}
			if i < manyIncidents-liveAmongThem {
				events = append(events, incident.Closed{})
			}
			if _, err := tx.Create(events...); err != nil {
				return storage.Outcome{}, err
			}
		}
		return storage.Outcome{}, nil
	})
	return err
}

func openMany(b *testing.B) *Store {
	b.Helper()
	if testing.Short() {
		b.Skip("a store of a million events takes a while to make")
	}
	if err := makeMany(); err != nil {
		b.Fatal(err)
	}
	s, err := Open(manyDir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// BenchmarkOpen opens a store of a million events and asks what a bot asks first.
func BenchmarkOpen(b *testing.B) {
	openMany(b).Close()
	for b.Loop() {
		s := openMany(b)
		err := s.View(context.Background(), func(r storage.Reader) error {
			if n := len(r.LiveRooms()); n != liveAmongThem {
				return fmt.Errorf("%d rooms are live", n)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkList lists 10,000 incidents.
func BenchmarkList(b *testing.B) {
	s := openMany(b)
	defer s.Close()
	for b.Loop() {
		n := 0
		err := s.View(context.Background(), func(r storage.Reader) error {
			for _, err := range r.Incidents() {
				if err != nil {
					return err
				}
				n++
			}
			return nil
		})
		if err != nil || n != manyIncidents {
			b.Fatal(n, err)
		}
	}
}

// BenchmarkShow folds closed incidents, each for the first time in a while.
func BenchmarkShow(b *testing.B) {
	s := openMany(b)
	defer s.Close()
	for i := 0; b.Loop(); i++ {
		id := incident.ID(i%manyIncidents + 1)
		err := s.View(context.Background(), func(r storage.Reader) error {
			in, err := r.Incident(id)
			if err == nil && in.Head != eventsOfEach {
				err = fmt.Errorf("%s has %d records", id, in.Head)
			}
			return err
		})
		if err != nil && i < manyIncidents-liveAmongThem {
			b.Fatal(err)
		}
	}
}

// BenchmarkAppendTo appends to a short incident and to a long one, without an fsync.
func BenchmarkAppendTo(b *testing.B) {
	for _, entries := range []int{10, 10_000} {
		b.Run(fmt.Sprintf("entries=%d", entries), func(b *testing.B) {
			s := openBench(b, Options{NoSync: true})
			id := withEntries(b, s, entries)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				note(b, s, id, fmt.Sprint("more", i))
			}
		})
	}
}
