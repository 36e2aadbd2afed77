package bolt

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"go.etcd.io/bbolt"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// crowded runs a benchmark with more and more callers: in one incident, as on a bad night, and each in an incident of its
// own, where every commit touches as many places of the file as there are callers.
func crowded(b *testing.B, run func(b *testing.B, callers, incidents int)) {
	for _, n := range []int{1, 8, 64, 512} {
		b.Run(fmt.Sprintf("incidents=one/callers=%d", n), func(b *testing.B) { run(b, n, 1) })
	}
	for _, n := range []int{8, 64, 512} {
		b.Run(fmt.Sprintf("incidents=own/callers=%d", n), func(b *testing.B) { run(b, n, n) })
	}
}

// BenchmarkAppend is one durable command after another, from several callers.
func BenchmarkAppend(b *testing.B) {
	crowded(b, func(b *testing.B, callers, incidents int) {
		s := openBench(b, Options{})
		ids := make([]incident.ID, incidents)
		for i := range ids {
			ids[i] = opened(b, s, fmt.Sprintf("open-%d", i))
		}
		before := s.Stats().Commits
		spread(b, callers, func(caller, i int) {
			note(b, s, ids[caller%incidents], fmt.Sprintf("note-%d", i))
		})
		b.ReportMetric(float64(b.N)/float64(s.Stats().Commits-before), "ops/commit")
	})
}

// BenchmarkBatch is bbolt's own way to share a commit, with the keys and values that BenchmarkAppend writes.
func BenchmarkBatch(b *testing.B) {
	crowded(b, func(b *testing.B, callers, incidents int) {
		s, sample := sampled(b)
		spread(b, callers, func(caller, i int) {
			if err := s.db.Batch(func(tx *bbolt.Tx) error { return sample.put(tx, caller%incidents, i) }); err != nil {
				b.Error(err)
			}
		})
	})
}

// BenchmarkBare is a group commit that does nothing else, with the keys and values that BenchmarkAppend writes.
func BenchmarkBare(b *testing.B) {
	crowded(b, func(b *testing.B, callers, incidents int) {
		s, sample := sampled(b)
		bare := newBareLoop(s.db)
		defer bare.close()
		spread(b, callers, func(caller, i int) {
			if err := bare.do(func(tx *bbolt.Tx) error { return sample.put(tx, caller%incidents, i) }); err != nil {
				b.Error(err)
			}
		})
	})
}

// spread runs b.N operations from n goroutines.
func spread(b *testing.B, n int, op func(caller, i int)) {
	b.Helper()
	var next atomic.Int64
	var wait sync.WaitGroup
	b.ResetTimer()
	for caller := range n {
		wait.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				op(caller, int(i))
			}
		})
	}
	wait.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
}

func openBench(b *testing.B, o Options) *Store {
	b.Helper()
	s, err := Open(b.TempDir(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

func opened(tb testing.TB, s *Store, key string) incident.ID {
	tb.Helper()
	out, err := s.Do(context.Background(), storage.Cause{Key: key, Once: true, By: "p1"}, func(tx storage.Tx) (storage.Outcome, error) {
		id, err := tx.Create(incident.Opened{Title: "Checkout answers with 502"})
		return storage.Outcome{Incident: id}, err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out.Incident
}

func note(tb testing.TB, s *Store, id incident.ID, key string) {
	_, err := s.Do(context.Background(), storage.Cause{Key: key, Once: true, By: "p1"}, func(tx storage.Tx) (storage.Outcome, error) {
		in, err := tx.Incident(id)
		if err != nil {
			return storage.Outcome{}, err
		}
		noted := incident.Noted{Entry: incident.EntryID(fmt.Sprintf("e%d", in.Head)), Text: "The load balancer sends everything to one node.", Said: tx.Now()}
		reply := chat.Reply{Message: chat.Message{Text: chat.Say("Noted.")}}
		return storage.Outcome{Incident: id, Reply: reply}, tx.Append(id, noted)
	})
	if err != nil {
		tb.Error(err)
	}
}

// A sampleWrite is what one note writes.
type sampleWrite struct{ event, head, seen []byte }

// sampled gives a new store and what one note wrote to another.
func sampled(b *testing.B) (*Store, sampleWrite) {
	b.Helper()
	s := openBench(b, Options{})
	id := opened(b, s, "open-1")
	note(b, s, id, "note-1")
	var w sampleWrite
	err := s.view(context.Background(), func(r *reader) error {
		w.event = append(w.event, r.src.get(inEvents, recordKey(id, 2))...)
		w.head = append(w.head, r.src.get(inHeads, incidentKey(id))...)
		w.seen = append(w.seen, r.src.get(inSeen, []byte("note-1"))...)
		return nil
	})
	if err != nil || len(w.event) == 0 || len(w.head) == 0 || len(w.seen) == 0 {
		b.Fatal("no sample", err)
	}
	return s, w
}

func (w sampleWrite) put(tx *bbolt.Tx, caller, i int) error {
	id := incident.ID(caller + 2)
	key := []byte(fmt.Sprintf("note-%d", i))
	for _, kv := range []struct {
		b          bucket
		key, value []byte
	}{
		{inEvents, recordKey(id, uint64(i)), w.event},
		{inHeads, incidentKey(id), w.head},
		{inSeen, key, w.seen},
	} {
		if err := tx.Bucket([]byte(bucketNames[kv.b])).Put(kv.key, kv.value); err != nil {
			return err
		}
	}
	return nil
}

// A bareLoop is the smallest group commit: it shares nothing with the store but the file.
type bareLoop struct {
	db    *bbolt.DB
	calls chan bareCall
	done  chan struct{}
}

type bareCall struct {
	fn    func(*bbolt.Tx) error
	reply chan error
}

func newBareLoop(db *bbolt.DB) *bareLoop {
	l := &bareLoop{db: db, calls: make(chan bareCall, 1024), done: make(chan struct{})}
	go l.run()
	return l
}

func (l *bareLoop) do(fn func(*bbolt.Tx) error) error {
	c := bareCall{fn, make(chan error, 1)}
	l.calls <- c
	return <-c.reply
}

func (l *bareLoop) close() {
	close(l.calls)
	<-l.done
}

func (l *bareLoop) run() {
	defer close(l.done)
	for first := range l.calls {
		batch := []bareCall{first}
		for len(l.calls) > 0 {
			batch = append(batch, <-l.calls)
		}
		err := l.db.Update(func(tx *bbolt.Tx) error {
			for _, c := range batch {
				if err := c.fn(tx); err != nil {
					return err
				}
			}
			return nil
		})
		for _, c := range batch {
			c.reply <- err
		}
	}
}
