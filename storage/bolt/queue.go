package bolt

import (
	"context"
	"sync"
	"sync/atomic"

	"boswell/storage"
)

// A call is one transaction that somebody waits for.
type call struct {
	cause storage.Cause
	fn    func(*tx) (storage.Outcome, error)
	// owner says who decides over the call: its caller may give it up only before the writer has taken it.
	owner atomic.Int32
	out   storage.Outcome
	err   error
	done  chan struct{}
}

// The owners of a call.
const (
	byNobody int32 = iota
	byWriter
	byCaller
)

func (c *call) claim(owner int32) bool { return c.owner.CompareAndSwap(byNobody, owner) }

func (c *call) answer(err error) {
	if err != nil {
		c.out, c.err = storage.Outcome{}, err
	}
	close(c.done)
}

// wait is the answer, or the end of ctx if that comes before the call's turn.
func (c *call) wait(ctx context.Context) (storage.Outcome, error) {
	select {
	case <-c.done:
	case <-ctx.Done():
		if c.claim(byCaller) {
			return storage.Outcome{}, ctx.Err()
		}
		<-c.done
	}
	return c.out, c.err
}

// A queue holds the calls that wait for a commit, in their order.
type queue struct {
	mu     sync.Mutex
	calls  []*call
	closed bool
	more   sync.Cond // signalled when calls or closed change
	length atomic.Int64
}

func newQueue() *queue {
	q := &queue{}
	q.more.L = &q.mu
	return q
}

func (q *queue) push(c *call) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return storage.ErrClosed
	}
	q.calls = append(q.calls, c)
	q.length.Store(int64(len(q.calls)))
	q.more.Signal()
	return nil
}

// take waits for calls and gives all that wait; none means that the queue is closed and empty.
func (q *queue) take() []*call {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.calls) == 0 && !q.closed {
		q.more.Wait()
	}
	return q.drain()
}

// poll gives all calls that wait, and does not wait itself.
func (q *queue) poll() []*call {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.drain()
}

func (q *queue) drain() []*call {
	calls := q.calls
	q.calls = nil
	q.length.Store(0)
	return calls
}

// putBack returns calls that found no room in a batch to the head of the queue.
func (q *queue) putBack(calls []*call) {
	if len(calls) == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.calls = append(calls, q.calls...)
	q.length.Store(int64(len(q.calls)))
	q.more.Signal()
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.more.Signal()
}

func (q *queue) isClosed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}

// waiting is how many calls wait.
func (q *queue) waiting() int { return int(q.length.Load()) }
