package bolt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"boswell/storage"
)

// A Store keeps incidents in a folder. It is made by Open.
type Store struct {
	dir       string
	db        *bbolt.DB
	cabinet   *cabinet
	folds     *folds
	summaries *summaries
	queue     *queue
	writer    *writer // nil where the store is open for reading only
	hub       *hub
	views     views
	clock     func() time.Time
	rand      io.Reader
	fatal     func(error)
	commits   atomic.Uint64

	closing  sync.Once
	closeErr error
}

var _ storage.Store = (*Store)(nil)

// Stats counts what the store did since it was opened.
type Stats struct {
	// Commits is how many times something was made durable.
	Commits uint64
}

// Stats tells what the store did since it was opened.
func (s *Store) Stats() Stats { return Stats{Commits: s.commits.Load()} }

// Do is described at storage.Store.
func (s *Store) Do(ctx context.Context, cause storage.Cause, fn func(storage.Tx) (storage.Outcome, error)) (storage.Outcome, error) {
	if cause.Once && cause.Key == "" {
		return storage.Outcome{}, errors.New("a command has a key")
	}
	return s.do(ctx, cause, func(t *tx) (storage.Outcome, error) { return fn(t) })
}

func (s *Store) do(ctx context.Context, cause storage.Cause, fn func(*tx) (storage.Outcome, error)) (storage.Outcome, error) {
	if err := s.writable(); err != nil {
		return storage.Outcome{}, err
	}
	if err := ctx.Err(); err != nil {
		return storage.Outcome{}, err
	}
	c := &call{cause: cause, fn: fn, done: make(chan struct{})}
	if err := s.queue.push(c); err != nil {
		return storage.Outcome{}, err
	}
	return c.wait(ctx)
}

// View is described at storage.Store.
func (s *Store) View(ctx context.Context, fn func(storage.Reader) error) error {
	return s.view(ctx, func(r *reader) error { return fn(r) })
}

func (s *Store) view(ctx context.Context, fn func(*reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.views.begin()
	defer s.views.end()
	err := s.db.View(func(file *bbolt.Tx) error {
		src := newCommitted(file)
		r := &reader{ctx: ctx, src: src, file: src, store: s}
		defer func() { r.over = true }()
		if err := fn(r); err != nil {
			return err
		}
		return r.damage
	})
	if errors.Is(err, bbolterrors.ErrDatabaseNotOpen) {
		return storage.ErrClosed
	}
	return err
}

// Watch is described at storage.Store. Closing the store ends every watch.
func (s *Store) Watch(ctx context.Context) <-chan storage.Commit { return s.hub.watch(ctx) }

// PutFile is described at storage.Store.
func (s *Store) PutFile(r io.Reader, max int64) (hash string, size int64, err error) {
	if err := s.writable(); err != nil {
		return "", 0, err
	}
	return s.cabinet.put(r, max)
}

func (s *Store) writable() error {
	switch {
	case s.writer == nil:
		return storage.ErrReadOnly
	case s.queue.isClosed():
		return storage.ErrClosed
	default:
		return nil
	}
}

// OpenFile is described at storage.Store.
func (s *Store) OpenFile(hash string) (io.ReadCloser, error) { return s.cabinet.open(hash) }

// Close finishes what waits, ends every watch, waits for every View and closes the file. Calls that come later are
// storage.ErrClosed.
func (s *Store) Close() error {
	s.closing.Do(func() {
		if s.writer != nil {
			s.queue.close()
			<-s.writer.done
		}
		s.hub.close()
		if err := s.db.Close(); err != nil {
			s.closeErr = fmt.Errorf("close %s: %w", s.dir, err)
		}
	})
	return s.closeErr
}
