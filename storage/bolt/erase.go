package bolt

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"go.etcd.io/bbolt"

	"boswell/incident"
	"boswell/storage"
)

// Erase is described at storage.Store. With the contents go the stored answer to the command that made the record, and the
// files that no other record names; the unused parts of boswell.db, where older copies lie, are overwritten. That waits for
// a moment without a View: if ctx ends first, the record is erased, and erasing it again finishes the rest. Backups and the
// copies that migrations made keep what they have.
func (s *Store) Erase(ctx context.Context, id incident.ID, seq uint64) error {
	_, err := s.do(ctx, storage.Cause{}, func(t *tx) (storage.Outcome, error) {
		return storage.Outcome{}, t.erase(id, seq)
	})
	if err != nil {
		return fmt.Errorf("erase record %d of %s: %w", seq, id, err)
	}
	s.folds.forget(id)
	if err := s.scrub(ctx); err != nil {
		return fmt.Errorf("record %d of %s is erased, but older copies of it may lie in unused parts of the file; erase it again: %w", seq, id, err)
	}
	return nil
}

// erase empties one record and brings what follows from it up to date.
func (t *tx) erase(id incident.ID, seq uint64) error {
	key := recordKey(id, seq)
	stored := t.w.get(inEvents, key)
	if stored == nil {
		return storage.ErrNotFound
	}
	r, _, err := unseal(stored, id, seq)
	if err != nil {
		return err
	}
	if _, already := r.Event.(incident.Erased); already {
		return nil
	}
	before, err := t.claims(id)
	if err != nil {
		return err
	}
	if err := t.put(inEvents, key, incident.EraseSealed(stored)); err != nil {
		return err
	}
	if err := t.blankOutcome(r.Cause); err != nil {
		return err
	}
	if err := t.refold(id, before); err != nil {
		return err
	}
	return t.releaseFiles(r)
}

// refold replaces the draft of an incident by what its log now adds up to, and the links of its rooms likewise.
func (t *tx) refold(id incident.ID, before map[bucket][]link) error {
	d, err := t.draft(id)
	if err != nil {
		return err
	}
	fresh := incident.New(id)
	if err := eachRecord(t.w, id, 1, d.tip.seq, func(r incident.Record, _ incident.Hash) { fresh.Apply(r) }); err != nil {
		return err
	}
	t.touch(d)
	d.in = fresh
	d.tip.erased++
	d.tip.closed = fresh.Closed
	now, err := t.claims(id)
	if err != nil {
		return err
	}
	for _, b := range []bucket{inRooms, inLinked} {
		for _, l := range before[b] {
			t.w.delete(b, l.key())
		}
		for _, l := range now[b] {
			if err := t.put(b, l.key(), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// claims are the links that the log of an incident adds up to.
func (t *tx) claims(id incident.ID) (map[bucket][]link, error) {
	end, _, err := t.Head(id)
	if err != nil {
		return nil, err
	}
	in, l := incident.New(id), newLinks()
	err = eachRecord(t.w, id, 1, end, func(r incident.Record, _ incident.Hash) { l.add(apply(in, r), r) })
	return l.byBucket(), err
}

// blankOutcome leaves of the answer to a command that it was answered, and drops its words.
func (t *tx) blankOutcome(key string) error {
	stored := t.w.get(inSeen, []byte(key))
	if stored == nil {
		return nil
	}
	id, at, _, err := decodeSeen(stored)
	if err != nil {
		return err
	}
	text, err := json.Marshal(storage.Outcome{Incident: id})
	if err != nil {
		return err
	}
	return t.put(inSeen, []byte(key), encodeSeen(id, at, text))
}

// releaseFiles drops the references of a record, and the files that were named there only. The files go before the commit:
// if it fails, erasing the record again finds what is left to do.
func (t *tx) releaseFiles(r incident.Record) error {
	for _, hash := range fileHashes(r.Event) {
		key, ok := fileKey(hash, r.Incident, r.Seq)
		if !ok {
			continue
		}
		t.w.delete(inFiles, key)
		if t.w.last(inFiles, key[:hashSize]) != nil {
			continue
		}
		if err := t.store.cabinet.remove(hash); err != nil {
			return err
		}
	}
	return nil
}

// scrub overwrites the pages that the database does not use. It runs as a call of its own at a moment when nobody reads, so
// no page is taken into use and none that was freed is still looked at.
func (s *Store) scrub(ctx context.Context) error {
	for {
		var quiet bool
		var err error
		_, failed := s.do(ctx, storage.Cause{}, func(t *tx) (storage.Outcome, error) {
			quiet = s.views.without(func() { err = s.scrubPages(t) })
			return storage.Outcome{}, nil
		})
		switch {
		case failed != nil:
			return failed
		case quiet:
			return err
		}
		if err := s.views.wait(ctx); err != nil {
			return err
		}
	}
}

// scrubPages overwrites the pages that were free when the batch began.
func (s *Store) scrubPages(t *tx) error {
	file := t.w.tx
	f, err := os.OpenFile(s.db.Path(), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	zero := make([]byte, s.db.Info().PageSize)
	for id := 0; int64(id)*int64(len(zero)) < file.Size(); id++ {
		if err := blankPage(f, file, id, zero); err != nil {
			return err
		}
	}
	return f.Sync()
}

func blankPage(f *os.File, file *bbolt.Tx, id int, zero []byte) error {
	info, err := file.Page(id)
	if err != nil || info == nil || info.Type != "free" {
		return err
	}
	_, err = f.WriteAt(zero, int64(id)*int64(len(zero)))
	return err
}
