package bolt

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"boswell/incident"
	"boswell/storage"
)

// keptFor is how long the key of a command is kept after its incident was closed; without an incident, after it was stored.
const keptFor = 7 * 24 * time.Hour

// The kinds of keys that fade.
const (
	fadingSeen  = 's'
	fadingValue = 'v'
)

func fadingKey(at time.Time, kind byte, key []byte) []byte {
	return append(append(appendTime(nil, at), kind), key...)
}

// remember keeps the outcome of a command with its key. A key belongs to the incident that its outcome names, else to the
// first one that it changed.
func (t *tx) remember(out storage.Outcome) error {
	id := out.Incident
	if ids := slices.Sorted(maps.Keys(t.tips)); id == 0 && len(ids) > 0 {
		id = ids[0]
	}
	text, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("the outcome of %q: %w", t.cause.Key, err)
	}
	key := []byte(t.cause.Key)
	if err := t.w.put(inSeen, key, append(incidentKey(id), text...)); err != nil {
		return err
	}
	return t.w.put(inFading, fadingKey(t.store.clock().Add(keptFor), fadingSeen, key), nil)
}

// recall is the outcome that was kept with a key. A refusal comes back as one.
func recall(src source, key string) (out storage.Outcome, known bool, err error) {
	stored := src.get(inSeen, []byte(key))
	if stored == nil {
		return out, false, nil
	}
	_, text, err := cutNumber(stored)
	if err != nil {
		return out, false, err
	}
	if err := decodeJSON(inSeen, text, &out); err != nil {
		return out, false, err
	}
	out.Again = true
	if out.Refused != "" {
		err = incident.Refusal{Text: out.Refused}
	}
	return out, true, err
}

// fade removes keys whose time is over. Each commit looks at a few, more than it can have added, so that none has to look
// at many. An entry that cannot be read is removed like one whose time is over: it must not stand in the way of a commit.
func (b *batch) fade() error {
	now := b.store.clock()
	limit := 2*b.taken + 8
	var due [][]byte
	for k := range b.file.scan(inFading, nil, nil) {
		if at, _, err := cutTime(k); len(due) == limit || err == nil && at.After(now) {
			break
		}
		due = append(due, slices.Clone(k))
	}
	for _, k := range due {
		if err := b.fadeKey(k, now); err != nil {
			return err
		}
	}
	return nil
}

// fadeKey removes one key, or looks again when it may go.
func (b *batch) fadeKey(k []byte, now time.Time) error {
	if err := b.file.delete(inFading, k); err != nil || len(k) <= timeSize+1 {
		return err
	}
	kind, key := k[timeSize], k[timeSize+1:]
	if kind == fadingValue {
		if b.valueUntil(key).After(now) {
			return nil // kept anew since, with an entry of its own
		}
		return b.file.delete(inValues, key)
	}
	if until := b.seenUntil(key, now); until.After(now) {
		return b.file.put(inFading, fadingKey(until, kind, key), nil)
	}
	return b.file.delete(inSeen, key)
}

func (b *batch) valueUntil(key []byte) time.Time {
	until, _, err := cutTime(b.file.get(inValues, key))
	if err != nil {
		return time.Time{}
	}
	return until
}

// seenUntil is the time until which the key of a command stays; for that of a live incident, when to look again.
func (b *batch) seenUntil(key []byte, now time.Time) time.Time {
	id, _, err := cutNumber(b.file.get(inSeen, key))
	if err != nil || id == 0 {
		return time.Time{}
	}
	s, err := decodeSummary(b.file.get(inHeads, number(id)))
	if err != nil || s.State.Live() {
		return now.Add(keptFor)
	}
	return s.Closed.Add(keptFor)
}
