package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"go.etcd.io/bbolt"

	"boswell/incident"
	"boswell/storage"
)

// TestReaderOfABatchWaitsForIt has a call see what another of its batch wrote: it may answer only if that is kept.
func TestReaderOfABatchWaitsForIt(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	id := opened(t, s, "open")
	broke := &os.PathError{Op: "write", Path: "boswell.db", Err: syscall.EIO}
	s.writer.commit = failing(s, broke)
	_, errs := withBusy(t, s, 2, func(i int) error {
		_, err := s.Do(context.Background(), storage.Cause{}, func(tx storage.Tx) (storage.Outcome, error) {
			in, err := tx.Incident(id)
			if err == nil && in.Head == 1 {
				err = tx.Append(id, incident.StatusSet{Text: "seen by the other"})
			}
			return storage.Outcome{}, err
		})
		return err
	})
	for i, err := range errs {
		if !errors.Is(err, syscall.EIO) {
			t.Errorf("call %d of a batch that failed: %v", i, err)
		}
	}
	s.writer.commit = (*bbolt.DB).Update
	if status := statusOf(t, s, id); status != "" {
		t.Errorf("a failed batch left the status %q", status)
	}
	if err := setStatus(s, id, "again"); err != nil {
		t.Errorf("after a failed write: %v", err)
	}
	wantWhole(t, s)
}

// failing runs a batch up to its commit, and fails there. The writer must be idle when it is put in place.
func failing(s *Store, err error) func(*bbolt.DB, func(*bbolt.Tx) error) error {
	return func(db *bbolt.DB, fn func(*bbolt.Tx) error) error {
		return db.Update(func(tx *bbolt.Tx) error {
			if fnErr := fn(tx); fnErr != nil {
				return fnErr
			}
			return err
		})
	}
}

// TestFullDisk fills the file up to a bound that is lifted later.
func TestFullDisk(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{NoSync: true})
	id := opened(t, s, "open")
	fillUp(t, s, id, func() { s.db.MaxSize = 24 << 20 }, func() { s.db.MaxSize = 0 })
}

// TestFullFileSystem fills a real file system, where the test may mount one.
func TestFullFileSystem(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root may mount a small file system")
	}
	dir := t.TempDir()
	if err := mountSmall(dir, "4m"); err != nil {
		t.Skip("a small file system cannot be mounted: ", err)
	}
	t.Cleanup(func() {
		if err := unmount(dir); err != nil {
			t.Error(err)
		}
	})
	s := openStore(t, dir, Options{})
	id := opened(t, s, "open")
	fillUp(t, s, id, func() {}, func() {
		if err := resize(dir, "64m"); err != nil {
			t.Fatal(err)
		}
	})
	if _, _, err := s.PutFile(strings.NewReader(strings.Repeat("x", 100<<20)), 1<<30); !errors.Is(err, storage.ErrFull) {
		t.Errorf("a file on a full disk: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func fillUp(t *testing.T, s *Store, id incident.ID, bound, lift func()) {
	t.Helper()
	bound()
	text := strings.Repeat("x", 100<<10)
	kept, err := 0, error(nil)
	for ; err == nil && kept < 1000; kept++ {
		err = setStatus(s, id, fmt.Sprint(kept, text))
	}
	if !errors.Is(err, storage.ErrFull) {
		t.Fatalf("a full disk is answered with %v", err)
	}
	kept--
	if status := statusOf(t, s, id); !strings.HasPrefix(status, fmt.Sprint(kept-1, "x")) {
		t.Errorf("after the disk was full the status is %.10q, want that of change %d", status, kept-1)
	}
	if err := setStatus(s, id, strings.Repeat(text, 50)); !errors.Is(err, storage.ErrFull) {
		t.Errorf("the disk is full still: %v", err)
	}
	lift()
	if err := setStatus(s, id, "room again"); err != nil {
		t.Errorf("with room on the disk: %v", err)
	}
	if status := statusOf(t, s, id); status != "room again" {
		t.Errorf("the status is %.20q", status)
	}
	wantWhole(t, s)
}

// TestDoubtfulCommit wants the process to end where nobody knows what is on the disk.
func TestDoubtfulCommit(t *testing.T) {
	commitThen := func(err error) func(*bbolt.DB, func(*bbolt.Tx) error) error {
		return func(db *bbolt.DB, fn func(*bbolt.Tx) error) error { return errors.Join(db.Update(fn), err) }
	}
	for name, c := range map[string]struct {
		commit func(*Store) func(*bbolt.DB, func(*bbolt.Tx) error) error
	}{
		"fsync fails":                    {func(s *Store) func(*bbolt.DB, func(*bbolt.Tx) error) error { return failing(s, syscall.EIO) }},
		"the disk is full after the act": {func(*Store) func(*bbolt.DB, func(*bbolt.Tx) error) error { return commitThen(syscall.ENOSPC) }},
		"bbolt panics": {func(*Store) func(*bbolt.DB, func(*bbolt.Tx) error) error {
			return func(*bbolt.DB, func(*bbolt.Tx) error) error { panic("page 7 already freed") }
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var fatal error
			s := openStore(t, t.TempDir(), Options{Fatal: func(err error) { fatal = err }})
			id := opened(t, s, "open")
			s.writer.commit = c.commit(s)
			err := setStatus(s, id, "lost")
			if err == nil || fatal == nil {
				t.Errorf("the caller gets %v, the process %v", err, fatal)
			}
			s.writer.commit = (*bbolt.DB).Update
			if err := setStatus(s, id, "later"); !errors.Is(err, fatal) {
				t.Errorf("a call that comes later: %v", err)
			}
		})
	}
}
