package bolt

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime/debug"
	"time"

	"boswell/incident"
	"boswell/storage"
)

// A tx is one transaction within a batch. Until it is kept or dropped its writes lie in the overlay, and the drafts of the
// writer show its records.
type tx struct {
	reader
	w     *overlay
	batch *batch
	cause storage.Cause
	now   time.Time
	// broken is the first write that failed; the transaction fails with it, whatever its function returns.
	broken error
	// touched are the incidents whose logs this transaction changed.
	touched []incident.ID
	// last are the sequences that it drew from.
	lastIncident, lastEffect uint64
	owed, scheduled          bool
	named                    []string // files that its records name
}

var _ storage.Tx = (*tx)(nil)

// call runs a function and turns a panic into an error, so that one caller's mistake stays its own.
func (t *tx) call(fn func(*tx) (storage.Outcome, error)) (out storage.Outcome, err error) {
	defer func() {
		t.over = true
		if p := recover(); p != nil {
			err = fmt.Errorf("a transaction panicked: %v\n%s", p, debug.Stack())
		}
	}()
	out, err = fn(t)
	if failure := errors.Join(t.broken, t.damage); failure != nil {
		return storage.Outcome{}, failure
	}
	return out, err
}

// breaks keeps the first failure of a write.
func (t *tx) breaks(err error) error {
	if err != nil && t.broken == nil {
		t.broken = err
	}
	return err
}

// put writes a key; it fails once the transaction is over.
func (t *tx) put(b bucket, key, value []byte) error {
	if err := t.usable(); err != nil {
		return err
	}
	return t.breaks(t.w.put(b, key, value))
}

func (t *tx) Now() time.Time { return t.now }

func (t *tx) Create(events ...incident.Event) (incident.ID, error) {
	if err := t.usable(); err != nil {
		return 0, err
	}
	if len(events) == 0 {
		return 0, errors.New("an incident is created with its first event")
	}
	if _, ok := events[0].(incident.Opened); !ok {
		return 0, fmt.Errorf("the first event of an incident is incident.Opened, not %T", events[0])
	}
	t.lastIncident++
	id := incident.ID(t.lastIncident)
	d := &draft{in: incident.New(id)}
	t.batch.drafts[id] = d
	t.touch(d)
	return id, t.Append(id, events...)
}

func (t *tx) Append(id incident.ID, events ...incident.Event) error {
	d, err := t.draft(id)
	if err != nil || len(events) == 0 {
		return err
	}
	for _, e := range events {
		if err := t.append(d, e); err != nil {
			return t.breaks(err)
		}
	}
	return nil
}

func (t *tx) append(d *draft, e incident.Event) error {
	if _, erased := e.(incident.Erased); erased || e == nil {
		return fmt.Errorf("a record of %T cannot be made", e)
	}
	r := incident.Record{Incident: d.in.ID, Seq: d.tip.seq + 1, At: t.now, By: t.cause.By, Cause: t.cause.Key, Prev: d.tip.hash, Event: e}
	if r.At.Before(d.tip.at) {
		r.At = d.tip.at
	}
	var salt incident.Salt
	if _, err := io.ReadFull(t.store.rand, salt[:]); err != nil {
		return fmt.Errorf("salt of a record: %w", err)
	}
	stored, sum, err := incident.Seal(r, salt)
	if err != nil {
		return err
	}
	if err := t.w.put(inEvents, recordKey(r.Incident, r.Seq), stored); err != nil {
		return err
	}
	if err := t.referFiles(r); err != nil {
		return err
	}
	t.touch(d)
	rooms := apply(d.in, r)
	d.tip = tip{seq: r.Seq, erased: d.tip.erased, hash: sum, at: r.At, closed: d.in.Closed}
	return t.claimRooms(rooms, r)
}

// touch notes that a draft shows what this transaction may yet take back.
func (t *tx) touch(d *draft) {
	if d.by != t {
		d.by = t
		t.touched = append(t.touched, d.in.ID)
	}
}

// draft is the writer's fold of an incident.
func (t *tx) draft(id incident.ID) (*draft, error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	return t.batch.draft(id)
}

func (t *tx) Incident(id incident.ID) (*incident.Incident, error) {
	d, err := t.draft(id)
	if err != nil {
		return nil, err
	}
	return d.in, nil
}

func (t *tx) Head(id incident.ID) (uint64, incident.Hash, error) {
	d, err := t.draft(id)
	if err != nil {
		return 0, incident.Hash{}, err
	}
	return d.tip.seq, d.tip.hash, nil
}

func (t *tx) Incidents() iter.Seq2[storage.Summary, error] {
	return func(yield func(storage.Summary, error) bool) {
		if err := t.usable(); err != nil {
			yield(storage.Summary{}, err)
			return
		}
		for id := t.lastIncident; id > t.file.sequence(inHeads); id-- {
			s, err := t.summarize(incident.ID(id))
			if !yield(s, err) || err != nil {
				return
			}
		}
		for s, err := range t.reader.Incidents() {
			if _, drafted := t.batch.drafts[s.ID]; err == nil && (drafted || t.batch.touched(s.ID)) {
				s, err = t.summarize(s.ID)
			}
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

// summarize is the summary of an incident as the transaction has it.
func (t *tx) summarize(id incident.ID) (storage.Summary, error) {
	d, err := t.draft(id)
	if err != nil {
		return storage.Summary{}, err
	}
	return summarize(d.in), nil
}
