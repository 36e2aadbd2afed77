package bolt

import (
	"context"
	"errors"
	"testing"

	"boswell/chat"
	"boswell/storage"
)

// TestADamagedEffectHidesNoOther: it is told of in its place, and the list goes on.
func TestADamagedEffectHidesNoOther(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{})
	_, err := s.Do(context.Background(), storage.Cause{}, func(tx storage.Tx) (storage.Outcome, error) {
		_, first := tx.Owe(storage.Owed{Key: "first", Effect: pin})
		_, second := tx.Owe(storage.Owed{Key: "second", Effect: pin})
		return storage.Outcome{}, errors.Join(first, second)
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	tamper(t, dir, spoil(inOutbox))
	s = openStore(t, dir, Options{})
	var damaged []chat.EffectID
	var whole []string
	err = s.View(context.Background(), func(r storage.Reader) error {
		for o, err := range r.Owed(0) {
			switch {
			case errors.Is(err, storage.ErrDamaged):
				damaged = append(damaged, o.ID)
			case err != nil:
				return err
			default:
				whole = append(whole, o.Key)
			}
		}
		return nil
	})
	if err != nil || len(damaged) != 1 || damaged[0] != 1 || len(whole) != 1 || whole[0] != "second" {
		t.Errorf("damaged are %v, owed %q (%v)", damaged, whole, err)
	}
}
