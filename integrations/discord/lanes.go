package discord

import (
	"context"
	"sync"
)

// pendingMost is how many deliveries wait at most; then the socket is not read until there is room.
const pendingMost = 1000

// lanes keep the order of each room while rooms go on beside each other.
type lanes struct {
	most int

	mu      sync.Mutex
	queues  map[string][]func()
	pending int
	room    chan struct{} // closed when there is room again, or nothing is left
}

// do runs job after everything that the lane was given before. It waits while too much is pending, and says whether the job
// was taken; it is not when ctx is done first.
func (l *lanes) do(ctx context.Context, lane string, job func()) bool {
	for {
		l.mu.Lock()
		if l.pending < l.most {
			l.add(lane, job)
			l.mu.Unlock()
			return true
		}
		room := l.change()
		l.mu.Unlock()
		select {
		case <-room:
		case <-ctx.Done():
			return false
		}
	}
}

// add is called with the lock held.
func (l *lanes) add(lane string, job func()) {
	if l.queues == nil {
		l.queues = map[string][]func(){}
	}
	queue, working := l.queues[lane]
	l.queues[lane] = append(queue, job)
	l.pending++
	if !working {
		go l.work(lane)
	}
}

// change is called with the lock held.
func (l *lanes) change() chan struct{} {
	if l.room == nil {
		l.room = make(chan struct{})
	}
	return l.room
}

func (l *lanes) work(lane string) {
	for {
		l.mu.Lock()
		queue := l.queues[lane]
		if len(queue) == 0 {
			delete(l.queues, lane)
			l.mu.Unlock()
			return
		}
		l.queues[lane] = queue[1:]
		l.mu.Unlock()
		queue[0]()
		l.finished()
	}
}

func (l *lanes) finished() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending--
	if l.room != nil {
		close(l.room)
		l.room = nil
	}
}

// wait waits until everything that was taken is done, or ctx is.
func (l *lanes) wait(ctx context.Context) error {
	for {
		l.mu.Lock()
		if l.pending == 0 {
			l.mu.Unlock()
			return nil
		}
		change := l.change()
		l.mu.Unlock()
		select {
		case <-change:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
