package bolt

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"

	"go.etcd.io/bbolt"

	"boswell/incident"
	"boswell/storage"
)

func TestFoldsAreBounded(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{NoSync: true})
	live := opened(t, s, "live")
	statusOf(t, s, live)
	for i := range closedFolds + 10 {
		id := opened(t, s, fmt.Sprint("open", i))
		command(t, s, fmt.Sprint("close", i), id, incident.Closed{})
		statusOf(t, s, id)
	}
	if n := len(s.folds.closed.byID); n != closedFolds {
		t.Errorf("%d closed incidents are kept folded, want %d", n, closedFolds)
	}
	if _, kept := s.folds.lookup(live); !kept {
		t.Error("closed incidents pushed a live one out")
	}
	if _, kept := s.folds.lookup(live + 1); kept {
		t.Error("the closed incident that was read first is kept")
	}
	if n := len(s.writer.drafts); n != 1 {
		t.Errorf("the writer keeps %d drafts, want that of the live incident", n)
	}
}

// TestFoldGoesOn wants a reader to apply what is new, not to fold a long log again.
func TestFoldGoesOn(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{NoSync: true})
	id := opened(t, s, "open")
	for i := range 100 {
		if err := setStatus(s, id, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	statusOf(t, s, id)
	if err := setStatus(s, id, "last"); err != nil {
		t.Fatal(err)
	}
	read := 0
	err := s.view(context.Background(), func(r *reader) error {
		r.src = counting{r.src, &read}
		_, err := r.Incident(id)
		return err
	})
	if err != nil || read != 1 {
		t.Errorf("after one more record a reader reads %d, %v", read, err)
	}
}

// counting counts the records that are read.
type counting struct {
	source
	n *int
}

func (c counting) scan(b bucket, prefix, from []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		for k, v := range c.source.scan(b, prefix, from) {
			*c.n++
			if !yield(k, v) {
				return
			}
		}
	}
}

// TestOlderViewIsServed has a view ask for an incident after others have read a later state of it.
func TestOlderViewIsServed(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{NoSync: true})
	id := opened(t, s, "open")
	err := s.View(context.Background(), func(r storage.Reader) error {
		if err := setStatus(s, id, "later"); err != nil {
			return err
		}
		if status := statusOf(t, s, id); status != "later" {
			return fmt.Errorf("a new view sees %q", status)
		}
		in, err := r.Incident(id)
		if err == nil && in.Status() != "" {
			err = errors.New("an old view sees what was written after it began")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if kept, _ := s.folds.lookup(id); kept.tip.seq != 2 {
		t.Errorf("an old view put record %d in the place of a later one", kept.tip.seq)
	}
}

// TestAppendCostsTheSame appends to a short incident and to a long one.
func TestAppendCostsTheSame(t *testing.T) {
	short, long := appendAllocs(t, 10), appendAllocs(t, 10_000)
	if long > 1.5*short {
		t.Errorf("a note takes %.0f allocations in an incident of 10 entries and %.0f in one of 10,000", short, long)
	}
}

func appendAllocs(t *testing.T, entries int) float64 {
	t.Helper()
	s := openStore(t, t.TempDir(), Options{NoSync: true})
	id := withEntries(t, s, entries)
	n := 0
	return testing.AllocsPerRun(200, func() {
		n++
		note(t, s, id, fmt.Sprintf("more-%d", n))
	})
}

// TestLogsFillTheirPages grows one log in large steps, and several in small ones side by side.
func TestLogsFillTheirPages(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{NoSync: true})
	withEntries(t, s, 1000)
	for i := range 1000 {
		note(t, s, opened(t, s, fmt.Sprint("open ", i%8)), fmt.Sprint("note ", i))
	}
	err := s.db.View(func(tx *bbolt.Tx) error {
		pages := newCommitted(tx).bucket(inEvents).Stats()
		if filled := float64(pages.LeafInuse) / float64(pages.LeafAlloc); filled < 0.75 {
			t.Errorf("the records fill %.2f of their %d pages", filled, pages.LeafPageN)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// withEntries is an incident with a timeline of so many notes.
func withEntries(tb testing.TB, s *Store, n int) incident.ID {
	tb.Helper()
	id := opened(tb, s, fmt.Sprintf("open with %d", n))
	for n > 0 {
		_, err := s.Do(context.Background(), storage.Cause{By: "p1"}, func(tx storage.Tx) (storage.Outcome, error) {
			for i := n; i > max(0, n-500); i-- {
				noted := incident.Noted{Entry: incident.EntryID(fmt.Sprintf("e%d", i)), Text: "The lift stands still on the way up.", Said: tx.Now()}
				if err := tx.Append(id, noted); err != nil {
					return storage.Outcome{}, err
				}
			}
			return storage.Outcome{}, nil
		})
		if err != nil {
			tb.Fatal(err)
		}
		n -= 500
	}
	return id
}
