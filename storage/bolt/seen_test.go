package bolt

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"boswell/incident"
	"boswell/storage"
)

// testClock is a clock that a test moves.
type testClock struct{ now time.Time }

func (c *testClock) read() time.Time { return c.now }

func startClock() *testClock { return &testClock{time.Date(2031, 5, 6, 12, 0, 0, 0, time.UTC)} }

// known are the keys of a bucket that ends its keys after a while.
func known(t *testing.T, s *Store, b bucket) []string {
	t.Helper()
	var keys []string
	err := s.view(context.Background(), func(r *reader) error {
		for k := range r.src.scan(b, nil, nil) {
			keys = append(keys, string(k))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func command(t *testing.T, s *Store, key string, id incident.ID, events ...incident.Event) {
	t.Helper()
	_, err := s.Do(context.Background(), storage.Cause{Key: key, Once: true}, func(tx storage.Tx) (storage.Outcome, error) {
		if id == 0 {
			return storage.Outcome{}, nil
		}
		return storage.Outcome{}, tx.Append(id, events...)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestKeysFade moves a clock over the end of every key: a week after its incident was closed, or after it was stored.
func TestKeysFade(t *testing.T) {
	clock := startClock()
	s := openStore(t, t.TempDir(), Options{Clock: clock.read, NoSync: true})
	id := opened(t, s, "open")
	command(t, s, "loose", 0)
	command(t, s, "note", id, incident.StatusSet{Text: "x"})
	for _, step := range []struct {
		after time.Duration
		close bool
		want  []string
	}{
		{after: keptFor - time.Second, want: []string{"loose", "note", "open"}},
		{after: 2 * time.Second, want: []string{"note", "open"}},
		{after: 5 * keptFor, want: []string{"note", "open"}},
		{after: time.Hour, close: true, want: []string{"note", "open"}},
		{after: keptFor - time.Second, want: []string{"note", "open"}},
		{after: keptFor, want: nil},
	} {
		clock.now = clock.now.Add(step.after)
		if step.close {
			command(t, s, "loose later", id, incident.Closed{})
		}
		tick(t, s)
		keys := slices.DeleteFunc(known(t, s, inSeen), func(k string) bool { return strings.Contains(k, "later") })
		if !slices.Equal(keys, step.want) {
			t.Errorf("%s later %v are kept, want %v", step.after, keys, step.want)
		}
	}
	wantWhole(t, s)
}

// tick commits something that has no key, so that the commit may tidy.
func tick(t *testing.T, s *Store) {
	t.Helper()
	_, err := s.Do(context.Background(), storage.Cause{}, func(tx storage.Tx) (storage.Outcome, error) {
		return storage.Outcome{}, tx.SetCovered(incident.RoomID{Channel: "c"}, tx.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestValuesFade(t *testing.T) {
	clock := startClock()
	s := openStore(t, t.TempDir(), Options{Clock: clock.read, NoSync: true})
	put := func(key string, keep time.Duration) {
		_, err := s.Do(context.Background(), storage.Cause{}, func(tx storage.Tx) (storage.Outcome, error) {
			return storage.Outcome{}, tx.PutValue(key, []byte("x"), clock.now.Add(keep))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	put("short", time.Minute)
	put("moved", time.Minute)
	put("moved", time.Hour)
	put("cut", time.Hour)
	put("cut", time.Minute)
	clock.now = clock.now.Add(2 * time.Minute)
	tick(t, s)
	if keys := known(t, s, inValues); !slices.Equal(keys, []string{"moved"}) {
		t.Errorf("%v are kept", keys)
	}
	clock.now = clock.now.Add(time.Hour)
	tick(t, s)
	if keys := known(t, s, inValues); len(keys) != 0 {
		t.Errorf("%v are kept", keys)
	}
}

// TestTidyingIsSpread has many keys end at once: no commit may have to look at all of them.
func TestTidyingIsSpread(t *testing.T) {
	clock := startClock()
	s := openStore(t, t.TempDir(), Options{Clock: clock.read, NoSync: true})
	for i := range 50 {
		command(t, s, fmt.Sprintf("key-%02d", i), 0)
	}
	clock.now = clock.now.Add(keptFor + time.Second)
	left := 50
	for commits := 1; left > 0; commits++ {
		tick(t, s)
		now := len(known(t, s, inSeen))
		if gone := left - now; gone < 1 || gone > 10 {
			t.Fatalf("commit %d removed %d of %d keys", commits, gone, left)
		}
		left = now
	}
}

// TestTidyingGoesRound has keys that stay in front of one that may go: it must get its turn.
func TestTidyingGoesRound(t *testing.T) {
	clock := startClock()
	s := openStore(t, t.TempDir(), Options{Clock: clock.read, NoSync: true})
	id := opened(t, s, "open")
	for i := range 50 {
		command(t, s, fmt.Sprintf("key-%02d", i), id, incident.StatusSet{Text: "x"})
	}
	command(t, s, "last", 0)
	clock.now = clock.now.Add(keptFor + time.Second)
	for commits := 1; slices.Contains(known(t, s, inSeen), "last"); commits++ {
		if commits > 12 {
			t.Fatalf("after %d commits a key is kept whose time is over", commits)
		}
		tick(t, s)
	}
	if n := len(known(t, s, inSeen)); n != 51 {
		t.Errorf("%d keys of a live incident are kept, want 51", n)
	}
}
