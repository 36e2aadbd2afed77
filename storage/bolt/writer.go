package bolt

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"

	"boswell/incident"
)

// The bounds of one commit, so that nobody waits long for the others.
const (
	maxBatchCalls = 1024
	maxBatchBytes = 8 << 20
	// maxDrafts is how many incidents the writer keeps folded between commits.
	maxDrafts = 1024
	// maxLinger is how long a batch waits for more calls at most.
	maxLinger = time.Millisecond
)

var (
	// errUnwritten ends a batch in which nothing was written: there is nothing to commit.
	errUnwritten = errors.New("nothing was written")
	// errAborted is the answer to whoever was in a batch that did not come to its end.
	errAborted = errors.New("the batch was aborted")
)

// A draft is the writer's fold of an incident; it runs ahead of what is committed. A batch that fails takes its drafts with
// it.
type draft struct {
	in  *incident.Incident
	tip tip
	by  *tx // the transaction that changed it and is not kept yet; nil where there is none

	// summary is the encoded summary as of shown.
	shown   shown
	summary []byte
}

// head is the head that the draft gives its incident.
func (d *draft) head() ([]byte, error) {
	if now := show(d.in); d.summary == nil || !d.shown.same(now) {
		text, err := encodeSummary(summarize(d.in))
		if err != nil {
			return nil, err
		}
		d.shown, d.summary = now, text
	}
	return encodeHead(d.tip, d.summary), nil
}

// A writer is the one goroutine that changes the file.
type writer struct {
	store  *Store
	drafts map[incident.ID]*draft
	tidier *tidier
	// commit ends a batch durably.
	commit func(*bbolt.DB, func(*bbolt.Tx) error) error
	// company is how many callers waited, or were answered, when the last batch ended; lasted is how long it took.
	company int
	lasted  time.Duration
	// broken is what made going on impossible.
	broken error
	done   chan struct{}
}

func newWriter(s *Store) *writer {
	return &writer{store: s, drafts: map[incident.ID]*draft{}, tidier: newTidier(), commit: (*bbolt.DB).Update, done: make(chan struct{})}
}

// run writes until the queue is closed and empty. A function that ends the goroutine (as a failing test does) is answered
// like any other failure, and another goroutine goes on.
func (w *writer) run() {
	ended := false
	defer func() {
		if !ended {
			go w.run()
		}
	}()
	for calls := w.store.queue.take(); len(calls) > 0; calls = w.store.queue.take() {
		w.serve(calls)
	}
	ended = true
	close(w.done)
}

// serve runs calls, and those that come meanwhile, in one batch and answers them. Those that found no room go back to the
// queue.
func (w *writer) serve(calls []*call) {
	begun := time.Now()
	b := &batch{writer: w, calls: calls, until: begun.Add(min(w.lasted/4, maxLinger)), tips: map[incident.ID]tip{}}
	err := errAborted
	defer func() {
		if err != nil {
			w.drop(b)
		}
		w.company, w.lasted = w.store.queue.waiting()+len(b.calls), time.Since(begun)
		for _, c := range b.calls[:b.taken] {
			c.answer(err)
		}
		w.store.queue.putBack(b.calls[b.taken:])
	}()
	err = w.write(b)
	if err == nil {
		w.trim()
	}
}

func (w *writer) write(b *batch) error {
	if w.broken != nil {
		b.taken = len(b.calls)
		return w.broken
	}
	err := w.update(func(file *bbolt.Tx) error {
		b.begin(file)
		for c := b.next(); c != nil; c = b.next() {
			b.run(c)
		}
		return b.finish()
	})
	if errors.Is(err, errUnwritten) {
		return nil
	}
	if err != nil {
		return w.failed(b, err)
	}
	w.store.commits.Add(1)
	w.store.cabinet.named(b.named)
	w.store.hub.tell(b.commit())
	return nil
}

// update commits; a panic inside bbolt is an error like another.
func (w *writer) update(fn func(*bbolt.Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", errPanicked, p, debug.Stack())
		}
	}()
	return w.commit(w.store.db, fn)
}

// drop forgets the drafts that show what was not kept.
func (w *writer) drop(b *batch) {
	for id := range b.tips {
		delete(w.drafts, id)
	}
}

// trim bounds the drafts: an incident that is needed again is folded again.
func (w *writer) trim() {
	for id, d := range w.drafts {
		if !d.in.State.Live() || len(w.drafts) > maxDrafts {
			delete(w.drafts, id)
		}
	}
}
