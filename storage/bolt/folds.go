package bolt

import (
	"bytes"
	"container/list"
	"fmt"
	"sync"

	"boswell/incident"
	"boswell/storage"
)

// How many folds are kept for readers. The live ones have a place of their own, so that reading many closed incidents does
// not push them out.
const (
	liveFolds   = 512
	closedFolds = 32
)

// folds keeps what committed logs add up to, for readers and as a start for the writer. A kept fold is never changed, so it
// is handed out as it is: one that has fallen behind is replaced by a clone that went on.
type folds struct {
	mu     sync.Mutex
	live   recent
	closed recent
}

func newFolds() *folds {
	return &folds{live: newRecent(liveFolds), closed: newRecent(closedFolds)}
}

type fold struct {
	tip tip
	in  *incident.Incident
}

// at is the incident as of a tip that src has committed.
func (f *folds) at(src source, id incident.ID, t tip) (*incident.Incident, error) {
	if kept, ok := f.lookup(id); ok && kept.tip.seq == t.seq && kept.tip.erased == t.erased {
		return kept.in, nil
	}
	in, err := f.private(src, id, t)
	if err != nil {
		return nil, err
	}
	f.keep(fold{t, in})
	return in, nil
}

// private is the incident as of a tip, to be changed by the caller alone.
func (f *folds) private(src source, id incident.ID, t tip) (*incident.Incident, error) {
	in := incident.New(id)
	if kept, ok := f.lookup(id); ok && kept.tip.erased == t.erased && kept.tip.seq <= t.seq {
		in = kept.in.Clone()
	}
	err := eachRecord(src, id, in.Head+1, t.seq, func(r incident.Record, _ incident.Hash) { in.Apply(r) })
	return in, err
}

func (f *folds) lookup(id incident.ID) (fold, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if kept, ok := f.live.get(id); ok {
		return kept, true
	}
	return f.closed.get(id)
}

// keep keeps a fold unless a later one is there.
func (f *folds) keep(fresh fold) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id := fresh.in.ID
	for _, shelf := range []*recent{&f.live, &f.closed} {
		if kept, ok := shelf.get(id); ok {
			if kept.tip.seq > fresh.tip.seq || kept.tip.erased > fresh.tip.erased {
				return
			}
			shelf.drop(id)
		}
	}
	if fresh.in.State.Live() {
		f.live.put(id, fresh)
		return
	}
	f.closed.put(id, fresh)
}

// forget drops a fold whose contents may not stay in memory.
func (f *folds) forget(id incident.ID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.live.drop(id)
	f.closed.drop(id)
}

// eachRecord reads the records from one number to another. A record that is missing, unreadable or out of its place is
// ErrDamaged.
func eachRecord(src source, id incident.ID, from, to uint64, visit func(incident.Record, incident.Hash)) error {
	want := from
	for k, stored := range src.scan(inEvents, incidentKey(id), recordKey(id, from)) {
		if want > to {
			break
		}
		if !bytes.Equal(k, recordKey(id, want)) {
			break
		}
		r, sum, err := unseal(stored, id, want)
		if err != nil {
			return err
		}
		visit(r, sum)
		want++
	}
	if want <= to {
		return missing(id, want)
	}
	return nil
}

// unseal reads the record that must be found at a place of a log.
func unseal(stored []byte, id incident.ID, seq uint64) (incident.Record, incident.Hash, error) {
	r, sum, err := incident.Unseal(stored)
	switch {
	case err != nil:
		err = fmt.Errorf("%w: record %d of %s: %w", storage.ErrDamaged, seq, id, err)
	case r.Incident != id || r.Seq != seq:
		err = fmt.Errorf("%w: record %d of %s lies in the place of record %d of %s", storage.ErrDamaged, r.Seq, r.Incident, seq, id)
	}
	return r, sum, err
}

func missing(id incident.ID, seq uint64) error {
	return fmt.Errorf("%w: record %d of %s is missing", storage.ErrDamaged, seq, id)
}

// recent keeps the folds that were used last.
type recent struct {
	max   int
	order *list.List // of fold, the one used last in front
	byID  map[incident.ID]*list.Element
}

func newRecent(max int) recent {
	return recent{max: max, order: list.New(), byID: map[incident.ID]*list.Element{}}
}

func (r *recent) get(id incident.ID) (fold, bool) {
	e, ok := r.byID[id]
	if !ok {
		return fold{}, false
	}
	r.order.MoveToFront(e)
	return e.Value.(fold), true
}

func (r *recent) put(id incident.ID, f fold) {
	r.byID[id] = r.order.PushFront(f)
	if r.order.Len() > r.max {
		r.drop(r.order.Back().Value.(fold).in.ID)
	}
}

func (r *recent) drop(id incident.ID) {
	if e, ok := r.byID[id]; ok {
		r.order.Remove(e)
		delete(r.byID, id)
	}
}
