package bolt

import (
	"slices"
	"time"

	"boswell/incident"
)

func (r *reader) Covered(room incident.RoomID) time.Time {
	stored := r.get(inCovered, roomKey(room))
	if stored == nil {
		return time.Time{}
	}
	until, _, err := cutTime(stored)
	r.note(err)
	return until
}

func (t *tx) SetCovered(room incident.RoomID, until time.Time) error {
	return t.put(inCovered, roomKey(room), appendTime(nil, until))
}

func (r *reader) Value(key string) ([]byte, bool) {
	stored := r.get(inValues, []byte(key))
	if stored == nil {
		return nil, false
	}
	until, value, err := cutTime(stored)
	if !r.note(err) || !until.After(r.store.clock()) {
		return nil, false
	}
	return slices.Clone(value), true
}

func (t *tx) PutValue(key string, value []byte, until time.Time) error {
	return t.put(inValues, []byte(key), append(appendTime(nil, until), value...))
}
