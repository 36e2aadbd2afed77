package bolt

import (
	"testing"

	"boswell/chat"
	"boswell/storage"
	"boswell/storage/storagetest"
)

// openStore opens the store of a folder and has bbolt check its own pages once the test is over.
func openStore(t *testing.T, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestConformance(t *testing.T) {
	storagetest.Run(t, func(t *testing.T) (storage.Store, func() storage.Store) {
		dir := t.TempDir()
		s := openStore(t, dir, Options{})
		return s, func() storage.Store {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			s = openStore(t, dir, Options{})
			return s
		}
	})
}

// pin is some effect.
var pin = chat.Pin{On: chat.Target{Ref: chat.Ref{Platform: "lake", Channel: "roof", Message: "m1"}}}
