package bot

import (
	"context"
	"testing"

	"boswell/chat/chattest"
	"boswell/storage"
	"boswell/storage/bolt"
)

// watchedView is a store that lets a test look around while it is read.
type watchedView struct {
	storage.Store
	during func()
}

func (w watchedView) View(ctx context.Context, fn func(storage.Reader) error) error {
	err := w.Store.View(ctx, fn)
	w.during()
	return err
}

// TestLinksAreReadOneAfterTheOther: a reading that began before an incident was opened must not be set after one that knows it,
// or what is said in its room is dropped.
func TestLinksAreReadOneAfterTheOther(t *testing.T) {
	store, err := bolt.Open(t.TempDir(), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	b, err := New(store, nil, chattest.NewClock(curtain), Options{})
	if err != nil {
		t.Fatal(err)
	}
	looked := false
	b.store = watchedView{Store: store, during: func() {
		looked = true
		if b.links.reading.TryLock() {
			b.links.reading.Unlock()
			t.Error("another reading may begin before what this one says is set")
		}
	}}
	if err := b.refresh(t.Context()); err != nil || !looked {
		t.Errorf("the links were read %v, with %v", looked, err)
	}
}
