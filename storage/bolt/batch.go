package bolt

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"boswell/incident"
	"boswell/storage"
)

// A batch is the transactions that share one commit. Each sees what those before it wrote.
type batch struct {
	*writer
	file  *committed
	calls []*call
	taken int       // how many of the calls are part of it
	until time.Time // when it no longer waits for calls
	bytes int
	wrote bool
	// writes are those of the transaction that runs, which comes after the one before it was kept or dropped.
	writes overlay
	// failure is why the batch as a whole cannot be committed.
	failure error
	// ready says that all that was left was the commit itself.
	ready bool
	txid  int
	// tips are the ends of the logs that kept transactions lengthened.
	tips                     map[incident.ID]tip
	lastIncident, lastEffect uint64
	owed, scheduled          bool
	named                    []string
}

func (b *batch) begin(file *bbolt.Tx) {
	b.file, b.txid = newCommitted(file), file.ID()
	b.writes.committed = b.file
	b.lastIncident, b.lastEffect = b.file.sequence(inHeads), b.file.sequence(inOutbox)
}

// next takes the next call into the batch; nil says that the batch is complete.
func (b *batch) next() *call {
	if b.taken >= maxBatchCalls || b.bytes >= maxBatchBytes {
		return nil
	}
	if b.taken == len(b.calls) {
		b.gather()
	}
	if b.taken == len(b.calls) {
		return nil
	}
	b.taken++
	return b.calls[b.taken-1]
}

// gather draws the calls that came meanwhile. Callers who were just answered, and have more to write, get a moment to come;
// nobody who writes alone waits.
func (b *batch) gather() {
	for b.store.queue.waiting() == 0 && b.taken < b.company && time.Now().Before(b.until) {
		runtime.Gosched()
	}
	b.calls = append(b.calls, b.store.queue.poll()...)
}

// run runs one call, unless its caller gave it up.
func (b *batch) run(c *call) {
	if !c.claim(byWriter) {
		return
	}
	if c.cause.Once {
		if out, known, err := recall(b.file, c.cause.Key); known || err != nil {
			c.out, c.err = out, err
			return
		}
	}
	t := b.newTx(c.cause)
	// What a function that panics or ends its goroutine leaves behind is dropped too.
	kept := false
	defer func() {
		if !kept {
			b.dropTx(t)
		}
	}()
	var err error
	if c.out, err = t.call(c.fn); err == nil {
		if err = b.keep(t, &c.out); err == nil {
			kept = true
			return
		}
	}
	c.out, c.err = b.refused(c.cause, c.out, err)
}

func (b *batch) newTx(cause storage.Cause) *tx {
	b.writes.reset()
	t := &tx{w: &b.writes, batch: b, cause: cause, now: cause.At,
		lastIncident: b.lastIncident, lastEffect: b.lastEffect}
	if t.now.IsZero() {
		t.now = b.store.clock()
	}
	t.now = t.now.Round(0).UTC()
	t.reader = reader{ctx: context.Background(), src: t.w, file: b.file, store: b.store}
	return t
}

// keep makes what a transaction wrote part of the batch.
func (b *batch) keep(t *tx, out *storage.Outcome) error {
	if t.cause.Once {
		if err := t.remember(out); err != nil {
			return err
		}
	}
	if t.w.empty() {
		return nil
	}
	b.wrote = true
	b.bytes += t.w.bytes
	b.lastIncident, b.lastEffect = t.lastIncident, t.lastEffect
	b.owed, b.scheduled = b.owed || t.owed, b.scheduled || t.scheduled
	b.named = append(b.named, t.named...)
	for _, id := range t.touched {
		d := b.drafts[id]
		b.tips[id], d.by = d.tip, nil
	}
	if err := t.w.flush(); err != nil {
		b.failure = err
	}
	return nil
}

// refused is the outcome of a transaction that failed: of a command that was refused, the key is kept with it.
func (b *batch) refused(cause storage.Cause, out storage.Outcome, err error) (storage.Outcome, error) {
	var refusal incident.Refusal
	if !errors.As(err, &refusal) {
		return storage.Outcome{}, err
	}
	out.Refused = refusal.Text
	if !cause.Once {
		return out, err
	}
	if keyErr := b.keep(b.newTx(cause), &out); keyErr != nil {
		return storage.Outcome{}, keyErr
	}
	return out, err
}

// dropTx forgets the drafts that show what a transaction did not keep.
func (b *batch) dropTx(t *tx) {
	for _, id := range t.touched {
		delete(b.drafts, id)
	}
}

func (b *batch) touched(id incident.ID) bool {
	_, ok := b.tips[id]
	return ok
}

// draft is the fold of an incident as the batch has it.
func (b *batch) draft(id incident.ID) (*draft, error) {
	if d, ok := b.drafts[id]; ok {
		return d, nil
	}
	fold := b.redraft
	if !b.touched(id) {
		fold = b.firstDraft
	}
	d, err := fold(id)
	if err == nil {
		b.drafts[id] = d
	}
	return d, err
}

// firstDraft begins with what is committed, and keeps that for readers and for the next time.
func (b *batch) firstDraft(id incident.ID) (*draft, error) {
	head := b.file.get(inHeads, incidentKey(id))
	if head == nil {
		return nil, noIncident(id)
	}
	end, _, err := decodeTip(head)
	if err != nil {
		return nil, err
	}
	in, err := b.store.folds.at(b.file, id, end)
	if err != nil {
		return nil, err
	}
	return &draft{in: in.Clone(), tip: end}, nil
}

// redraft brings back a draft that a later transaction of the batch spoiled.
func (b *batch) redraft(id incident.ID) (*draft, error) {
	in, err := b.store.folds.private(b.file, id, b.tips[id])
	return &draft{in: in, tip: b.tips[id]}, err
}

// finish writes what every commit carries: the heads of the logs that grew, the sequences, and a little tidying.
func (b *batch) finish() error {
	switch {
	case b.failure != nil:
		return b.failure
	case !b.wrote:
		return errUnwritten
	}
	for id := range b.tips {
		if err := b.putHead(id); err != nil {
			return err
		}
	}
	if err := b.file.setSequence(inHeads, b.lastIncident); err != nil {
		return err
	}
	if err := b.file.setSequence(inOutbox, b.lastEffect); err != nil {
		return err
	}
	if err := b.tidier.tidy(b); err != nil {
		return err
	}
	b.ready = true
	return nil
}

func (b *batch) putHead(id incident.ID) error {
	d, err := b.draft(id)
	if err != nil {
		return err
	}
	head, err := d.head()
	if err != nil {
		return err
	}
	return b.file.put(inHeads, incidentKey(id), head)
}

func (b *batch) commit() storage.Commit {
	return storage.Commit{Incidents: slices.Sorted(maps.Keys(b.tips)), Owed: b.owed, Scheduled: b.scheduled}
}
