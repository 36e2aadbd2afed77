package local

import (
	"context"
	"maps"
	"slices"
	"sync"

	"boswell/chat"
)

// A Change says what a page has to look at again.
type Change struct {
	// Rooms are those where something happened, in ascending order.
	Rooms []chat.ChannelID
	// Lists says that people or rooms were added.
	Lists bool
}

// An audience is those who look at pages.
type audience struct {
	mu        sync.Mutex
	listeners map[*listener]struct{}
}

// A listener gathers what one page has not been told yet.
type listener struct {
	rooms map[chat.ChannelID]bool
	lists bool
	ready chan struct{} // holds one when there is something to tell
}

func newAudience() *audience { return &audience{listeners: map[*listener]struct{}{}} }

// add lets everybody know of a line.
func (a *audience) add(e entry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for l := range a.listeners {
		l.add(e)
		select {
		case l.ready <- struct{}{}:
		default:
		}
	}
}

func (l *listener) add(e entry) {
	switch e.thing.(type) {
	case arrived, opened, joined, archived:
		l.lists = true
	}
	if t, ok := e.thing.(interface{ where() chat.ChannelID }); ok {
		l.rooms[t.where()] = true
	}
}

// Subscribe tells what happens from now on until ctx is done, then closes the channel. Who is slow is never waited for: the
// changes in between arrive as one.
func (c *Chat) Subscribe(ctx context.Context) <-chan Change {
	l := &listener{rooms: map[chat.ChannelID]bool{}, ready: make(chan struct{}, 1)}
	c.live.mu.Lock()
	c.live.listeners[l] = struct{}{}
	c.live.mu.Unlock()
	changes := make(chan Change)
	go func() {
		defer close(changes)
		defer c.live.leave(l)
		for {
			select {
			case <-l.ready:
			case <-ctx.Done():
				return
			}
			select {
			case changes <- c.live.take(l):
			case <-ctx.Done():
				return
			}
		}
	}()
	return changes
}

func (a *audience) leave(l *listener) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.listeners, l)
}

// take is what a listener has gathered.
func (a *audience) take(l *listener) Change {
	a.mu.Lock()
	defer a.mu.Unlock()
	change := Change{Rooms: slices.Sorted(maps.Keys(l.rooms)), Lists: l.lists}
	clear(l.rooms)
	l.lists = false
	return change
}
