package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"boswell/incident"
	"boswell/storage"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// together runs fn from n goroutines at once.
func together(n int, fn func(i int)) {
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() { fn(i) })
	}
	wait.Wait()
}

// testSerializable counts with increments that read what they write: any that is lost, or sees another halfway, shows.
func testSerializable(b *bench) {
	const workers, each = 8, 25
	ids := []incident.ID{b.opened("left"), b.opened("right")}
	count := func(tx storage.Reader, id incident.ID) int {
		in, err := tx.Incident(id)
		if err != nil {
			b.Error(err)
			return 0
		}
		return len(in.Values(incident.FieldImpact))
	}
	together(workers, func(i int) {
		for range each {
			err := b.try(storage.Cause{}, func(tx storage.Tx) error {
				left, right := count(tx, ids[0]), count(tx, ids[1])
				if left != right {
					b.Errorf("a transaction sees %d on the left and %d on the right", left, right)
				}
				for _, id := range ids {
					if err := tx.Append(id, incident.FieldAppended{Field: incident.FieldImpact, Text: fmt.Sprint(left)}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Errorf("worker %d: %v", i, err)
			}
		}
	})
	values := b.incident(ids[0]).Values(incident.FieldImpact)
	if len(values) != workers*each {
		b.Errorf("%d increments are kept of %d", len(values), workers*each)
	}
	for i, v := range values {
		if v != fmt.Sprint(i) {
			b.Fatalf("increment %d saw %s", i, v)
		}
	}
	b.verified()
}

// testSameKeyTogether sends one command many times at once: one runs, the others get its answer.
func testSameKeyTogether(b *bench) {
	id := b.opened("The lift stands still")
	var fresh atomic.Int32
	together(32, func(int) {
		out, err := b.Do(context.Background(), storage.Cause{Key: "cmd", Once: true}, func(tx storage.Tx) (storage.Outcome, error) {
			return say("Done."), tx.Append(id, incident.FieldAppended{Field: incident.FieldImpact, Text: "one"})
		})
		if err != nil || out.Reply.Text.String() != "Done." {
			b.Errorf("%+v, %v", out, err)
		}
		if !out.Again {
			fresh.Add(1)
		}
	})
	if n := len(b.incident(id).Values(incident.FieldImpact)); n != 1 || fresh.Load() != 1 {
		b.Errorf("the command changed something %d times and was new %d times", n, fresh.Load())
	}
}

// testNeighbors sends commands that are refused, that break and that work, all at once: none may hurt another.
func testNeighbors(b *bench) {
	id := b.opened("The lift stands still")
	broke := errors.New("broke")
	together(48, func(i int) {
		out, err := b.Do(context.Background(), storage.Cause{Key: fmt.Sprintf("cmd-%d", i), Once: true}, func(tx storage.Tx) (storage.Outcome, error) {
			err := tx.Append(id, incident.FieldAppended{Field: incident.FieldImpact, Text: fmt.Sprint(i % 3)})
			return say("Done."), errors.Join(err, []error{nil, incident.Refuse("No."), broke}[i%3])
		})
		var refusal incident.Refusal
		ok := []bool{err == nil && out.Refused == "", errors.As(err, &refusal) && out.Refused == "No.", errors.Is(err, broke)}[i%3]
		if !ok {
			b.Errorf("command %d: %+v, %v", i, out, err)
		}
	})
	values := b.incident(id).Values(incident.FieldImpact)
	if len(values) != 16 || slices.ContainsFunc(values, func(v string) bool { return v != "0" }) {
		b.Errorf("%v is kept", values)
	}
	b.verified()
}

// testViewsWhole reads while two incidents change together: no view may see one without the other.
func testViewsWhole(b *bench) {
	left, right := b.opened("left"), b.opened("right")
	ctx, stop := context.WithCancel(context.Background())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				if err := b.View(context.Background(), func(r storage.Reader) error { return bothSame(r, left, right) }); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	for i := range 40 {
		b.change(func(tx storage.Tx) error {
			return errors.Join(tx.Append(left, incident.StatusSet{Text: fmt.Sprint(i)}), tx.Append(right, incident.StatusSet{Text: fmt.Sprint(i)}))
		})
	}
	stop()
	readers.Wait()
}

func bothSame(r storage.Reader, left, right incident.ID) error {
	l, err := r.Incident(left)
	if err != nil {
		return err
	}
	n, err := r.Incident(right)
	if err != nil {
		return err
	}
	seq, _, err := r.Head(left)
	if l.Status() != n.Status() || l.Head != n.Head || seq != l.Head {
		return errors.Join(err, fmt.Errorf("a view sees %q and %q, records %d, %d and %d", l.Status(), n.Status(), l.Head, n.Head, seq))
	}
	return err
}

// next waits for a commit.
func (b *bench) next(ch <-chan storage.Commit) storage.Commit {
	b.Helper()
	select {
	case c, open := <-ch:
		if !open {
			b.Fatal("the watch ended")
		}
		return c
	case <-time.After(patience):
		b.Fatal("no commit was told of")
	}
	return storage.Commit{}
}

func testWatch(b *bench) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ch := b.Watch(ctx)
	id := b.opened("The lift stands still")
	if c := b.next(ch); !slices.Equal(c.Incidents, []incident.ID{id}) || c.Owed || c.Scheduled {
		b.Errorf("a new incident is told as %+v", c)
	}
	b.owe("a")
	if c := b.next(ch); len(c.Incidents) != 0 || !c.Owed || c.Scheduled {
		b.Errorf("a new effect is told as %+v", c)
	}
	b.change(func(tx storage.Tx) error { return tx.Schedule(storage.Due{Key: "k", At: noon}) })
	if c := b.next(ch); len(c.Incidents) != 0 || c.Owed || !c.Scheduled {
		b.Errorf("a new due time is told as %+v", c)
	}
	cancel()
	for range ch {
		b.Error("a watch that ended tells of a commit that it had not told before")
	}
	b.append(id, incident.Closed{})
}

// testWatchMerges has a watcher that reads nothing for a while: it must not hold anybody up, and miss nothing.
func testWatchMerges(b *bench) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ch := b.Watch(ctx)
	for range 5 {
		b.opened("The lift stands still")
	}
	b.owe("a")
	b.append(2, incident.Closed{})
	seen := map[incident.ID]bool{}
	owed := false
	for len(seen) < 5 || !owed {
		c := b.next(ch)
		if !slices.IsSorted(c.Incidents) {
			b.Errorf("the incidents are told as %v", c.Incidents)
		}
		for _, id := range c.Incidents {
			seen[id] = true
		}
		owed = owed || c.Owed
	}
}

func testReopen(b *bench) {
	id := b.opened("The lift stands still", linked(room("roof", "")))
	b.append(id, incident.StatusSet{Text: "Climbing"})
	_, hash := b.head(id)
	b.reopen()
	if _, again := b.head(id); again != hash {
		b.Errorf("the head was %s and is %s", hash, again)
	}
	if status := b.incident(id).Status(); status != "Climbing" {
		b.Errorf("the status is %q", status)
	}
	b.append(id, incident.Closed{})
	if next := b.opened("The pump leaks"); next != id+1 {
		b.Errorf("the next incident is %s", next)
	}
	b.verified()
	closed := b.Store
	b.reopen()
	if err := closed.View(context.Background(), func(storage.Reader) error { return nil }); !errors.Is(err, storage.ErrClosed) {
		b.Errorf("a view of a closed store: %v", err)
	}
	_, err := closed.Do(context.Background(), storage.Cause{}, func(storage.Tx) (storage.Outcome, error) { return storage.Outcome{}, nil })
	if !errors.Is(err, storage.ErrClosed) {
		b.Errorf("a transaction of a closed store: %v", err)
	}
}
