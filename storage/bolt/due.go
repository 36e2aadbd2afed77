package bolt

import (
	"encoding/json"
	"fmt"
	"iter"

	"boswell/storage"
)

func (r *reader) Scheduled() iter.Seq[storage.Due] {
	return func(yield func(storage.Due) bool) {
		if r.over {
			return
		}
		for _, stored := range r.src.scan(inDue, nil, nil) {
			var d storage.Due
			if r.note(decodeJSON(inDue, stored, &d)) && !yield(d) || r.over {
				return
			}
		}
	}
}

func (t *tx) Schedule(d storage.Due) error {
	text, err := json.Marshal(d)
	if err != nil {
		return t.breaks(fmt.Errorf("what is due under %q: %w", d.Key, err))
	}
	if err := t.Unschedule(d.Key); err != nil {
		return err
	}
	t.scheduled = true
	at := appendTime(nil, d.At)
	if err := t.put(inDueKeys, []byte(d.Key), at); err != nil {
		return err
	}
	return t.put(inDue, append(at, d.Key...), text)
}

func (t *tx) Unschedule(key string) error {
	if err := t.usable(); err != nil {
		return err
	}
	at := t.w.get(inDueKeys, []byte(key))
	if at == nil {
		return nil
	}
	t.scheduled = true
	t.w.delete(inDue, append(at[:len(at):len(at)], key...))
	t.w.delete(inDueKeys, []byte(key))
	return nil
}
