package bolt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// indexes compares every derived bucket with what it is derived from, and reads the rest.
func (v *verifier) indexes() {
	for _, b := range []bucket{inRooms, inLinked, inFiles} {
		v.implied(b)
	}
	v.outbox()
	v.schedule()
	v.kept()
	v.each(inPeople, func(_, value []byte) error { return readable[storage.Person](value) })
	v.each(inCovered, func(k, value []byte) error {
		_, _, err := cutRoom(k)
		_, _, timeErr := cutTime(value)
		return errors.Join(err, timeErr)
	})
}

// implied compares a bucket with the keys that the logs imply. Those of a log that is damaged anyway are left out.
func (v *verifier) implied(b bucket) {
	found := 0
	for k := range v.r.src.scan(b, nil, nil) {
		if v.expected[b][string(k)] {
			found++
		} else if !v.damaged[owner(b, k)] {
			v.problem("%q holds a key that no record accounts for (%x). %s", bucketNames[b], k, indexOnly)
		}
	}
	if found == len(v.expected[b]) {
		return
	}
	for k := range v.expected[b] {
		if v.r.src.get(b, []byte(k)) == nil {
			v.problem("%q lacks a key of %s (%x). %s", bucketNames[b], owner(b, []byte(k)), k, indexOnly)
		}
	}
}

// owner is the incident that a key of a derived bucket belongs to; it is the last number of a link, the last but one of a
// reference to a file.
func owner(b bucket, k []byte) incident.ID {
	from := len(k) - numberSize
	if b == inFiles {
		from -= numberSize
	}
	id, _, err := cutNumber(k[max(0, from):])
	if err != nil {
		return 0
	}
	return incident.ID(id)
}

// each reports the keys whose values check does not accept.
func (v *verifier) each(b bucket, check func(k, value []byte) error) {
	for k, value := range v.r.src.scan(b, nil, nil) {
		if err := check(k, value); err != nil {
			v.problem("%q is damaged at %q: %v. %s", bucketNames[b], k, err, indexOnly)
		}
	}
}

func readable[T any](value []byte) error {
	var into T
	return json.Unmarshal(value, &into)
}

func (v *verifier) outbox() {
	v.each(inOutbox, func(k, value []byte) error {
		id, _, err := cutNumber(k)
		if err != nil {
			return err
		}
		o, err := decodeOwed(chat.EffectID(id), value)
		if err != nil {
			return err
		}
		if !bytes.Equal(v.r.src.get(inOutboxKeys, []byte(o.Key)), k) {
			return errors.New("its key does not lead to it")
		}
		if u, unknown := o.Effect.(chat.Unknown); unknown && slices.Contains(chat.EffectKinds(), u.Kind) {
			return fmt.Errorf("it is no %s", u.Kind)
		}
		return nil
	})
	v.each(inOutboxKeys, func(_, id []byte) error { return v.leads(inOutbox, id) })
}

func (v *verifier) schedule() {
	v.each(inDue, func(k, value []byte) error {
		at, key, err := cutTime(k)
		if err != nil {
			return err
		}
		if !bytes.Equal(v.r.src.get(inDueKeys, key), appendTime(nil, at)) {
			return errors.New("its key does not lead to it")
		}
		return readable[storage.Due](value)
	})
	v.each(inDueKeys, func(key, at []byte) error { return v.leads(inDue, append(bytes.Clone(at), key...)) })
}

func (v *verifier) leads(b bucket, key []byte) error {
	if len(key) == 0 || v.r.src.get(b, key) == nil {
		return errors.New("it leads nowhere")
	}
	return nil
}

func (v *verifier) kept() {
	v.each(inSeen, func(_, value []byte) error {
		_, _, outcome, err := decodeSeen(value)
		if err != nil {
			return err
		}
		return readable[storage.Outcome](outcome)
	})
	v.each(inValues, func(_, value []byte) error {
		_, _, err := cutTime(value)
		return err
	})
}

// files reads every file that a record names.
func (v *verifier) files() error {
	for hash := range namedFiles(v.r.src) {
		if err := v.r.usable(); err != nil {
			return err
		}
		v.report.Files++
		v.step()
		err := v.store.cabinet.check(hash)
		switch {
		case errors.Is(err, storage.ErrNotFound):
			v.problem("The file %s is missing. Copy it from a backup into %s.", hash, v.store.cabinet.dir)
		case errors.Is(err, storage.ErrDamaged):
			v.problem("The file %s holds something else than was put there. Copy it from a backup into %s.", hash, v.store.cabinet.dir)
		case err != nil:
			v.problem("The file %s cannot be read: %v. Look at the disk, or copy the file from a backup into %s.", hash, err, v.store.cabinet.dir)
		}
	}
	return nil
}
