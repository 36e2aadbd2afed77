// Package inorder runs jobs beside each other and keeps the order of those that belong together.
//
// Its invariant: two jobs of one lane never run at once, and they run in the order in which they were taken.
package inorder

import (
	"context"
	"runtime/debug"
	"sync"
)

// Lanes keep the order of each lane, such as a room, while lanes go on beside each other. Methods may be called from anywhere.
type Lanes struct {
	most  int
	broke Broke

	mu      sync.Mutex
	queues  map[string][]func()
	pending int
	room    chan struct{} // closed when there is room again, or nothing is left
}

// Broke hears of a job that panicked, with what it panicked and where. The jobs behind it go on.
type Broke func(lane string, fault any, stack []byte)

// New makes lanes in which at most so many jobs wait or run at a time.
func New(most int, broke Broke) *Lanes {
	return &Lanes{most: most, broke: broke, queues: map[string][]func(){}}
}

// Do runs job after everything that the lane was given before, and does not wait for its end. It waits while too much is
// pending, and says whether the job was taken; it is not when ctx is done first.
func (l *Lanes) Do(ctx context.Context, lane string, job func()) bool {
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

// Wait waits until everything that was taken is done. It returns the error of ctx if that is done first.
func (l *Lanes) Wait(ctx context.Context) error {
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

// add is called with the lock held.
func (l *Lanes) add(lane string, job func()) {
	queue, working := l.queues[lane]
	l.queues[lane] = append(queue, job)
	l.pending++
	if !working {
		go l.work(lane)
	}
}

// change is called with the lock held.
func (l *Lanes) change() chan struct{} {
	if l.room == nil {
		l.room = make(chan struct{})
	}
	return l.room
}

func (l *Lanes) work(lane string) {
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
		l.run(lane, queue[0])
	}
}

func (l *Lanes) run(lane string, job func()) {
	defer l.finished()
	defer func() {
		if fault := recover(); fault != nil {
			l.broke(lane, fault, debug.Stack())
		}
	}()
	job()
}

func (l *Lanes) finished() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending--
	if l.room != nil {
		close(l.room)
		l.room = nil
	}
}
