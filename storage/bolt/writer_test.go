package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"boswell/incident"
	"boswell/storage"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

func nothing(storage.Tx) (storage.Outcome, error) { return storage.Outcome{}, nil }

// busy keeps the writer in a transaction until release is called, so that calls queue up behind it.
func busy(t *testing.T, s *Store) (release func()) {
	t.Helper()
	started, end, answered := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(answered)
		_, err := s.Do(context.Background(), storage.Cause{}, func(storage.Tx) (storage.Outcome, error) {
			close(started)
			<-end
			return storage.Outcome{}, nil
		})
		if err != nil {
			t.Error(err)
		}
	}()
	<-started
	return sync.OnceFunc(func() {
		close(end)
		<-answered
	})
}

// queued waits until n calls wait for the writer.
func queued(t *testing.T, s *Store, n int) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		s.queue.mu.Lock()
		waiting := len(s.queue.calls)
		s.queue.mu.Unlock()
		if waiting == n {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d calls wait, want %d", waiting, n)
		}
		runtime.Gosched()
	}
}

// withBusy runs n calls that queue up behind a busy writer, and says how many commits they took.
func withBusy(t *testing.T, s *Store, n int, call func(i int) error) (commits uint64, errs []error) {
	t.Helper()
	release := busy(t, s)
	before := s.Stats().Commits
	errs = make([]error, n)
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() { errs[i] = call(i) })
	}
	queued(t, s, n)
	release()
	wait.Wait()
	return s.Stats().Commits - before, errs
}

func setStatus(s *Store, id incident.ID, text string) error {
	_, err := s.Do(context.Background(), storage.Cause{}, func(tx storage.Tx) (storage.Outcome, error) {
		return storage.Outcome{}, tx.Append(id, incident.StatusSet{Text: text})
	})
	return err
}

func statusOf(t *testing.T, s *Store, id incident.ID) string {
	t.Helper()
	var status string
	err := s.View(context.Background(), func(r storage.Reader) error {
		in, err := r.Incident(id)
		if err == nil {
			status = in.Status()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return status
}

func wantWhole(t *testing.T, s *Store) {
	t.Helper()
	report, err := s.Verify(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range report.Problems {
		t.Error(problem)
	}
	if s.writer == nil {
		return // the pages that are free are not loaded
	}
	err = s.db.View(func(tx *bbolt.Tx) error {
		var all error
		for err := range tx.Check() {
			all = errors.Join(all, err)
		}
		return all
	})
	if err != nil {
		t.Error(err)
	}
}

func TestQueuedCallsShareACommit(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	id := opened(t, s, "open")
	commits, errs := withBusy(t, s, 64, func(i int) error { return setStatus(s, id, fmt.Sprint(i)) })
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if commits != 1 {
		t.Errorf("64 calls that waited together took %d commits, want 1", commits)
	}
}

func TestBatchIsBounded(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{NoSync: true})
	id := opened(t, s, "open")
	commits, errs := withBusy(t, s, maxBatchCalls+10, func(i int) error { return setStatus(s, id, "x") })
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if commits != 2 {
		t.Errorf("%d calls took %d commits, want 2", maxBatchCalls+10, commits)
	}
	large := strings.Repeat("x", maxBatchBytes/4)
	commits, errs = withBusy(t, s, 10, func(i int) error { return setStatus(s, id, large) })
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if commits != 3 {
		t.Errorf("10 calls of a quarter of a batch each took %d commits, want 3", commits)
	}
	wantWhole(t, s)
}

func TestNothingWrittenIsNotCommitted(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	id := opened(t, s, "open")
	before := s.Stats().Commits
	for name, call := range map[string]func() error{
		"nothing": func() error {
			_, err := s.Do(context.Background(), storage.Cause{Key: "seen"}, nothing)
			return err
		},
		"a command that was answered": func() error {
			_, err := s.Do(context.Background(), storage.Cause{Key: "open", Once: true}, nothing)
			return err
		},
		"an append of no events": func() error {
			_, err := s.Do(context.Background(), storage.Cause{}, func(tx storage.Tx) (storage.Outcome, error) {
				return storage.Outcome{}, tx.Append(id)
			})
			return err
		},
	} {
		if err := call(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if commits := s.Stats().Commits - before; commits != 0 {
			t.Errorf("%s took %d commits", name, commits)
		}
	}
}

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
	if err := setStatus(s, id, text+text); !errors.Is(err, storage.ErrFull) {
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

func TestCallerGivesUpInTheQueue(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	release := busy(t, s)
	defer release()
	ctx, cancel := context.WithCancel(context.Background())
	answered := make(chan error)
	go func() {
		_, err := s.Do(ctx, storage.Cause{}, func(storage.Tx) (storage.Outcome, error) {
			t.Error("a call that was given up ran")
			return storage.Outcome{}, nil
		})
		answered <- err
	}()
	queued(t, s, 1)
	cancel()
	if err := <-answered; !errors.Is(err, context.Canceled) {
		t.Errorf("a call that was given up: %v", err)
	}
}

func TestTakenCallIsFinished(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	id := opened(t, s, "open")
	ctx, cancel := context.WithCancel(context.Background())
	_, err := s.Do(ctx, storage.Cause{}, func(tx storage.Tx) (storage.Outcome, error) {
		cancel()
		return storage.Outcome{}, tx.Append(id, incident.StatusSet{Text: "kept"})
	})
	if err != nil || statusOf(t, s, id) != "kept" {
		t.Errorf("a call whose caller left while it ran: %v", err)
	}
}

// TestFunctionEndsGoroutine has a function do what a failing test does: the writer must go on.
func TestFunctionEndsGoroutine(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	id := opened(t, s, "open")
	_, errs := withBusy(t, s, 3, func(i int) error {
		_, err := s.Do(context.Background(), storage.Cause{}, func(tx storage.Tx) (storage.Outcome, error) {
			if err := tx.Append(id, incident.StatusSet{Text: "never"}); err != nil {
				return storage.Outcome{}, err
			}
			runtime.Goexit()
			return storage.Outcome{}, nil
		})
		return err
	})
	if slices.Contains(errs, nil) {
		t.Errorf("calls that ended the writer are answered with %v", errs)
	}
	if err := setStatus(s, id, "on"); err != nil || statusOf(t, s, id) != "on" {
		t.Errorf("the call after them: %v", err)
	}
	wantWhole(t, s)
}

// TestCloseServesTheQueue wants whoever waits to be served before the store is closed.
func TestCloseServesTheQueue(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	id := opened(t, s, "open")
	release := busy(t, s)
	answered := make(chan error, 1)
	go func() { answered <- setStatus(s, id, "served") }()
	queued(t, s, 1)
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	release()
	if err := errors.Join(<-answered, <-closed, s.Close()); err != nil {
		t.Error(err)
	}
	if _, _, err := s.PutFile(strings.NewReader(""), 1); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("a file after the end: %v", err)
	}
}

// TestNoSalt has no random numbers for a record: the transaction fails, whatever its function makes of it.
func TestNoSalt(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{Rand: strings.NewReader("0123456789abcdef and too little")})
	id := opened(t, s, "open")
	_, err := s.Do(context.Background(), storage.Cause{}, func(tx storage.Tx) (storage.Outcome, error) {
		if tx.Append(id, incident.Closed{}) == nil {
			t.Error("a record was made without a salt")
		}
		return storage.Outcome{}, nil
	})
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a record without a salt: %v", err)
	}
	wantWhole(t, s)
}
