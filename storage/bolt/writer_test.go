package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"boswell/incident"
	"boswell/storage"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

func nothing(storage.Tx) (storage.Outcome, error) { return storage.Outcome{}, nil }

// busy keeps the writer in a transaction until release is called, so that calls queue up behind it. They join its batch, and
// release gives its answer.
func busy(t *testing.T, s *Store) (release func() error) {
	t.Helper()
	started, end, answered := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		_, err := s.Do(context.Background(), storage.Cause{}, func(storage.Tx) (storage.Outcome, error) {
			close(started)
			<-end
			return storage.Outcome{}, nil
		})
		answered <- err
	}()
	<-started
	return sync.OnceValue(func() error {
		close(end)
		return <-answered
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

// withBusy runs n calls that queue up behind a busy writer, and says how many commits they took. The answer to the call that
// kept it busy comes last.
func withBusy(t *testing.T, s *Store, n int, call func(i int) error) (commits uint64, errs []error) {
	t.Helper()
	release := busy(t, s)
	before := s.Stats().Commits
	errs = make([]error, n+1)
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() { errs[i] = call(i) })
	}
	queued(t, s, n)
	errs[n] = release()
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

// TestLateCallJoinsTheBatch has a call arrive while another, which wrote, still runs.
func TestLateCallJoinsTheBatch(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{})
	id := opened(t, s, "open")
	before := s.Stats().Commits
	late := make(chan error, 1)
	_, err := s.Do(context.Background(), storage.Cause{}, func(tx storage.Tx) (storage.Outcome, error) {
		err := tx.Append(id, incident.StatusSet{Text: "early"})
		go func() { late <- setStatus(s, id, "late") }()
		queued(t, s, 1)
		return storage.Outcome{}, err
	})
	if err := errors.Join(err, <-late); err != nil {
		t.Error(err)
	}
	if commits := s.Stats().Commits - before; commits != 1 || statusOf(t, s, id) != "late" {
		t.Errorf("%d commits, want 1; the status is %q", commits, statusOf(t, s, id))
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
	if err := release(); err != nil {
		t.Error(err)
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
	if err := errors.Join(release(), <-answered, <-closed, s.Close()); err != nil {
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
