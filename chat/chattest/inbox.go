package chattest

import (
	"context"
	"slices"
	"sync"

	"boswell/chat"
)

// An Inbox is a bot that remembers what it was told, and answers as a test wants: at first, nothing. All methods may be called
// concurrently.
type Inbox struct {
	mu      sync.Mutex
	arrived []chat.Inbound
	changed chan struct{} // closed at the next arrival
	answer  func(chat.Inbound) (chat.Reply, error)
}

// NewInbox is one that was told nothing yet.
func NewInbox() *Inbox { return &Inbox{changed: make(chan struct{})} }

// Handle is the bot, as chat.Platform runs it.
func (b *Inbox) Handle(_ context.Context, in chat.Inbound) (chat.Reply, error) {
	b.mu.Lock()
	b.arrived = append(b.arrived, in)
	close(b.changed)
	b.changed = make(chan struct{})
	answer := b.answer
	b.mu.Unlock()
	if answer == nil {
		return chat.Reply{}, nil
	}
	return answer(in)
}

// Answering sets what is answered from now on.
func (b *Inbox) Answering(answer func(chat.Inbound) (chat.Reply, error)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = answer
}

// Replying answers commands, buttons, forms and shortcuts with r.
func (b *Inbox) Replying(r chat.Reply) {
	b.Answering(func(in chat.Inbound) (chat.Reply, error) {
		switch in.(type) {
		case chat.Invoked, chat.Pressed, chat.Submitted, chat.Shortcut:
			return r, nil
		default:
			return chat.Reply{}, nil
		}
	})
}

// All is what was told so far, and what is closed when more is.
func (b *Inbox) All() ([]chat.Inbound, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]chat.Inbound{}, b.arrived...), b.changed
}

// Received are the deliveries of one type so far.
func Received[T chat.Inbound](b *Inbox) []T {
	arrived, _ := b.All()
	var found []T
	for _, in := range arrived {
		if t, ok := in.(T); ok {
			found = append(found, t)
		}
	}
	return found
}

// received are the deliveries of one type that fit, so far.
func received[T chat.Inbound](s *scene, fits func(T) bool) []T {
	return slices.DeleteFunc(Received[T](s.in), func(in T) bool { return fits != nil && !fits(in) })
}

// await is the first delivery of one type that fits. what names it where none comes.
func await[T chat.Inbound](s *scene, what string, fits func(T) bool) T {
	s.Helper()
	return awaitAll(s, what, 1, fits)[0]
}

// awaitAll are the first n such deliveries.
func awaitAll[T chat.Inbound](s *scene, what string, n int, fits func(T) bool) []T {
	s.Helper()
	for {
		_, changed := s.in.All()
		if found := received(s, fits); len(found) >= n {
			return found
		}
		select {
		case <-changed:
		case <-s.ctx.Done():
			arrived, _ := s.in.All()
			s.Fatalf("%s was not delivered %d times; what was:\n%#v", what, n, arrived)
		}
	}
}
