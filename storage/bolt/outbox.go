package bolt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// promise is storage.Owed as it is stored.
type promise struct {
	Incident incident.ID     `json:"incident,omitempty"`
	Key      string          `json:"key"`
	Kind     string          `json:"kind"`
	Effect   json.RawMessage `json:"effect"`
	Lane     string          `json:"lane,omitempty"`
	Platform chat.PlatformID `json:"platform,omitempty"`
	Born     time.Time       `json:"born"`
	Due      time.Time       `json:"due,omitzero"`
	Attempts int             `json:"attempts,omitempty"`
	Begun    bool            `json:"begun,omitempty"`
	Error    string          `json:"error,omitempty"`
}

func encodeOwed(o storage.Owed) ([]byte, error) {
	if o.Effect == nil {
		return nil, fmt.Errorf("effect %q has nothing to do", o.Key)
	}
	effect, err := chat.MarshalEffect(o.Effect)
	if err != nil {
		return nil, fmt.Errorf("effect %q: %w", o.Key, err)
	}
	return json.Marshal(promise{o.Incident, o.Key, chat.EffectKind(o.Effect), effect, o.Lane, o.Platform, o.Born, o.Due,
		o.Attempts, o.Begun, o.Error})
}

func decodeOwed(id chat.EffectID, stored []byte) (storage.Owed, error) {
	var p promise
	if err := decodeJSON(inOutbox, stored, &p); err != nil {
		return storage.Owed{ID: id}, fmt.Errorf("effect %d: %w", id, err)
	}
	return storage.Owed{ID: id, Incident: p.Incident, Key: p.Key, Effect: chat.UnmarshalEffect(p.Kind, p.Effect), Lane: p.Lane, Platform: p.Platform,
		Born: p.Born, Due: p.Due, Attempts: p.Attempts, Begun: p.Begun, Error: p.Error}, nil
}

func effectKey(id chat.EffectID) []byte { return number(uint64(id)) }

func (r *reader) Owed(after chat.EffectID) iter.Seq2[storage.Owed, error] {
	return func(yield func(storage.Owed, error) bool) {
		if err := r.usable(); err != nil {
			yield(storage.Owed{}, err)
			return
		}
		for k, stored := range r.src.scan(inOutbox, nil, effectKey(after+1)) {
			id, _, err := cutNumber(k)
			if err == nil {
				err = r.usable()
			}
			if err != nil {
				yield(storage.Owed{}, err)
				return
			}
			o, err := decodeOwed(chat.EffectID(id), stored)
			if !yield(o, err) {
				return
			}
		}
	}
}

func (t *tx) Owe(o storage.Owed) (chat.EffectID, error) {
	if err := t.usable(); err != nil {
		return 0, err
	}
	if o.Key == "" {
		return 0, t.breaks(errors.New("an effect is owed under a key"))
	}
	if there := t.w.get(inOutboxKeys, []byte(o.Key)); there != nil {
		id, _, err := cutNumber(there)
		return chat.EffectID(id), err
	}
	o.Born = t.now
	o.ID = chat.EffectID(t.lastEffect + 1)
	if err := t.putOwed(o); err != nil {
		return 0, err
	}
	t.lastEffect++
	return o.ID, t.put(inOutboxKeys, []byte(o.Key), effectKey(o.ID))
}

func (t *tx) putOwed(o storage.Owed) error {
	stored, err := encodeOwed(o)
	if err != nil {
		return t.breaks(err)
	}
	t.owed = true
	return t.put(inOutbox, effectKey(o.ID), stored)
}

func (t *tx) Effect(id chat.EffectID) (storage.Owed, error) {
	if err := t.usable(); err != nil {
		return storage.Owed{}, err
	}
	stored := t.w.get(inOutbox, effectKey(id))
	if stored == nil {
		return storage.Owed{}, fmt.Errorf("effect %d: %w", id, storage.ErrNotFound)
	}
	return decodeOwed(id, stored)
}

func (t *tx) PutEffect(o storage.Owed) error {
	old, err := t.Effect(o.ID)
	if err != nil {
		return err
	}
	if old.Key != o.Key {
		return t.breaks(fmt.Errorf("effect %d is owed under %q, which cannot become %q", o.ID, old.Key, o.Key))
	}
	return t.putOwed(o)
}

func (t *tx) Settle(id chat.EffectID) error {
	o, err := t.Effect(id)
	if err != nil {
		return err
	}
	t.owed = true
	t.w.delete(inOutbox, effectKey(id))
	if bytes.Equal(t.w.get(inOutboxKeys, []byte(o.Key)), effectKey(id)) {
		t.w.delete(inOutboxKeys, []byte(o.Key))
	}
	return nil
}
