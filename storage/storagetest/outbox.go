package storagetest

import (
	"errors"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"boswell/chat"
	"boswell/storage"
)

func post(key string) storage.Owed {
	to := chat.Target{Place: chat.Place{Platform: "lake", Channel: "roof"}}
	return storage.Owed{Incident: 1, Key: key, Effect: chat.Post{To: to, Message: chat.Message{Text: chat.Say(key)}}, Lane: "lake/roof", Platform: "lake", Due: noon}
}

func (b *bench) owe(keys ...string) []chat.EffectID {
	b.Helper()
	var ids []chat.EffectID
	b.must(b.try(storage.Cause{At: noon}, func(tx storage.Tx) error {
		ids = nil
		for _, key := range keys {
			id, err := tx.Owe(post(key))
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	}))
	return ids
}

func owedKeys(r storage.Reader, after chat.EffectID) ([]string, error) {
	var keys []string
	for o, err := range r.Owed(after) {
		if err != nil {
			return nil, err
		}
		keys = append(keys, o.Key)
	}
	return keys, nil
}

func (b *bench) wantOwed(after chat.EffectID, want ...string) {
	b.Helper()
	b.read(func(r storage.Reader) {
		keys, err := owedKeys(r, after)
		if err != nil || !slices.Equal(keys, want) {
			b.Errorf("behind effect %d %v are owed, want %v (%v)", after, keys, want, err)
		}
	})
}

func testOwed(b *bench) {
	ids := b.owe("a", "b", "c")
	b.wantOwed(0, "a", "b", "c")
	b.wantOwed(ids[0], "b", "c")
	b.wantOwed(ids[2])
	changed := post("b")
	changed.ID, changed.Born = ids[1], noon
	changed.Begun, changed.Attempts, changed.Error, changed.Due = true, 3, "no answer", noon.Add(time.Minute)
	b.change(func(tx storage.Tx) error { return errors.Join(tx.PutEffect(changed), tx.Settle(ids[0])) })
	b.reopen()
	b.read(func(r storage.Reader) {
		for o, err := range r.Owed(ids[0]) {
			b.must(err)
			if diff := cmp.Diff(changed, o); diff != "" {
				b.Errorf("the effect differs (-want +have):\n%s", diff)
			}
			break
		}
	})
	b.wantOwed(0, "b", "c")
	if next := b.owe("d"); next[0] <= ids[2] {
		b.Errorf("effect %d comes after effect %d", next[0], ids[2])
	}
	b.verified()
}

// testOwedKeys wants a key to owe once as long as it is owed.
func testOwedKeys(b *bench) {
	ids := b.owe("a", "b", "a")
	if ids[2] != ids[0] {
		b.Errorf("one key owes %d and %d", ids[0], ids[2])
	}
	if again := b.owe("b", "c"); again[0] != ids[1] {
		b.Errorf("a key that is owed as %d owes %d too", ids[1], again[0])
	}
	b.change(func(tx storage.Tx) error { return tx.Settle(ids[0]) })
	if again := b.owe("a"); again[0] == ids[0] {
		b.Errorf("a settled effect is owed under its old number %d", again[0])
	}
	for name, fn := range map[string]func(storage.Tx) error{
		"settle twice":         func(tx storage.Tx) error { return tx.Settle(ids[0]) },
		"change a settled one": func(tx storage.Tx) error { o := post("a"); o.ID = ids[0]; return tx.PutEffect(o) },
		"look at a settled":    func(tx storage.Tx) error { _, err := tx.Effect(ids[0]); return err },
	} {
		if err := b.try(storage.Cause{}, fn); !errors.Is(err, storage.ErrNotFound) {
			b.Errorf("%s: %v", name, err)
		}
	}
	for name, fn := range map[string]func(storage.Tx) error{
		"no key":      func(tx storage.Tx) error { _, err := tx.Owe(post("")); return err },
		"no effect":   func(tx storage.Tx) error { o := post("x"); o.Effect = nil; _, err := tx.Owe(o); return err },
		"another key": func(tx storage.Tx) error { o := post("x"); o.ID = ids[1]; return tx.PutEffect(o) },
	} {
		if err := b.try(storage.Cause{}, fn); err == nil {
			b.Errorf("%s works", name)
		}
	}
	b.wantOwed(0, "b", "c", "a")
}

// testOwedInside wants a transaction to see what it owes, changes and settles, also while it goes through the list.
func testOwedInside(b *bench) {
	ids := b.owe("a", "b", "c")
	b.change(func(tx storage.Tx) error {
		if _, err := tx.Owe(post("d")); err != nil {
			return err
		}
		var keys []string
		for o, err := range tx.Owed(0) {
			if err != nil {
				return err
			}
			keys = append(keys, o.Key)
			if o.Key == "a" {
				if err := tx.Settle(ids[1]); err != nil {
					return err
				}
			}
		}
		if !slices.Equal(keys, []string{"a", "c", "d"}) {
			b.Errorf("the transaction went through %v", keys)
		}
		keys, err := owedKeys(tx, ids[0])
		if !slices.Equal(keys, []string{"c", "d"}) {
			b.Errorf("the transaction owes %v", keys)
		}
		return err
	})
	b.wantOwed(0, "a", "c", "d")
}

// testOwedUnknown wants an effect that this version has no type for to be kept as it was promised.
func testOwedUnknown(b *bench) {
	song := post("song")
	song.Effect = chat.Unknown{Kind: "sing", Data: []byte(`{"song":"loud"}`)}
	var id chat.EffectID
	b.change(func(tx storage.Tx) (err error) { id, err = tx.Owe(song); return err })
	b.reopen()
	b.change(func(tx storage.Tx) error {
		o, err := tx.Effect(id)
		if err != nil {
			return err
		}
		if diff := cmp.Diff(song.Effect, o.Effect); diff != "" {
			b.Errorf("the effect differs (-want +have):\n%s", diff)
		}
		return tx.PutEffect(o)
	})
	b.read(func(r storage.Reader) {
		for o, err := range r.Owed(0) {
			b.must(err)
			if diff := cmp.Diff(song.Effect, o.Effect); diff != "" {
				b.Errorf("once more written, the effect differs (-want +have):\n%s", diff)
			}
		}
	})
	b.verified()
}
