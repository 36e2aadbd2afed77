package bolt

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"boswell/incident"
	"boswell/storage"
)

// errOver says that a Reader or Tx was used after its function returned.
var errOver = errors.New("the transaction is over")

// A reader answers the questions of storage.Reader from a source.
type reader struct {
	ctx   context.Context
	src   source
	file  *committed // what src has below the writes of a transaction
	store *Store
	over  bool
	// damage is the first thing that could not be read where a method has no error to say so; the transaction fails with it.
	damage error
}

var _ storage.Reader = (*reader)(nil)

func (r *reader) usable() error {
	if r.over {
		return errOver
	}
	return r.ctx.Err()
}

// note keeps an error for the end of the transaction.
func (r *reader) note(err error) bool {
	if err != nil && r.damage == nil {
		r.damage = err
	}
	return err == nil
}

// get is the value of a key, or nil after the transaction.
func (r *reader) get(b bucket, key []byte) []byte {
	if r.over {
		return nil
	}
	return r.src.get(b, key)
}

func (r *reader) tip(id incident.ID) (tip, error) {
	if err := r.usable(); err != nil {
		return tip{}, err
	}
	head := r.src.get(inHeads, incidentKey(id))
	if head == nil {
		return tip{}, noIncident(id)
	}
	t, _, err := decodeTip(head)
	return t, err
}

func noIncident(id incident.ID) error { return fmt.Errorf("%s: %w", id, storage.ErrNotFound) }

func (r *reader) Incident(id incident.ID) (*incident.Incident, error) {
	t, err := r.tip(id)
	if err != nil {
		return nil, err
	}
	return r.store.folds.at(r.src, id, t)
}

func (r *reader) Head(id incident.ID) (uint64, incident.Hash, error) {
	t, err := r.tip(id)
	return t.seq, t.hash, err
}

func (r *reader) Records(id incident.ID, from uint64) iter.Seq2[incident.Record, error] {
	return func(yield func(incident.Record, error) bool) {
		want := max(from, 1)
		if err := r.usable(); err != nil {
			yield(incident.Record{}, err)
			return
		}
		for k, stored := range r.src.scan(inEvents, incidentKey(id), recordKey(id, want)) {
			record, err := r.record(k, stored, id, want)
			if !yield(record, err) || err != nil {
				return
			}
			want++
		}
	}
}

func (r *reader) record(key, stored []byte, id incident.ID, want uint64) (incident.Record, error) {
	if err := r.usable(); err != nil {
		return incident.Record{}, err
	}
	if string(key) != string(recordKey(id, want)) {
		return incident.Record{}, missing(id, want)
	}
	record, _, err := unseal(stored, id, want)
	return record, err
}

func (r *reader) Incidents() iter.Seq2[storage.Summary, error] {
	return func(yield func(storage.Summary, error) bool) {
		if err := r.usable(); err != nil {
			yield(storage.Summary{}, err)
			return
		}
		next := incident.ID(r.file.sequence(inHeads))
		for k, head := range r.file.backwards(inHeads, nil) {
			s, err := r.summary(next, k, head)
			if !yield(s, err) || err != nil {
				return
			}
			next--
		}
		if next > 0 {
			yield(storage.Summary{}, headless(next))
		}
	}
}

// summary reads a head that must be that of an incident; their numbers have no gaps.
func (r *reader) summary(id incident.ID, key, head []byte) (storage.Summary, error) {
	if err := r.usable(); err != nil {
		return storage.Summary{}, err
	}
	if !bytes.Equal(key, incidentKey(id)) {
		return storage.Summary{}, headless(id)
	}
	return r.store.summaries.of(id, head)
}

func headless(id incident.ID) error {
	return fmt.Errorf("%w: the head of %s is missing", storage.ErrDamaged, id)
}

// decodeJSON reads a stored value; what cannot be read is ErrDamaged.
func decodeJSON(b bucket, stored []byte, v any) error {
	if err := json.Unmarshal(stored, v); err != nil {
		return fmt.Errorf("%w: %s: %v", storage.ErrDamaged, bucketNames[b], err)
	}
	return nil
}
