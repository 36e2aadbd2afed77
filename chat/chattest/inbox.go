package chattest

import (
	"context"
	"sync"

	"boswell/chat"
)

// An inbox is a bot that remembers what it was told, and answers as a check wants.
type inbox struct {
	mu      sync.Mutex
	arrived []chat.Inbound
	changed chan struct{} // closed at the next arrival
	answer  func(chat.Inbound) (chat.Reply, error)
}

func newInbox() *inbox { return &inbox{changed: make(chan struct{})} }

func (b *inbox) handle(_ context.Context, in chat.Inbound) (chat.Reply, error) {
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

// answering sets what is answered from now on.
func (b *inbox) answering(answer func(chat.Inbound) (chat.Reply, error)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = answer
}

// replying answers commands, buttons, forms and shortcuts with r.
func (b *inbox) replying(r chat.Reply) {
	b.answering(func(in chat.Inbound) (chat.Reply, error) {
		switch in.(type) {
		case chat.Invoked, chat.Pressed, chat.Submitted, chat.Shortcut:
			return r, nil
		default:
			return chat.Reply{}, nil
		}
	})
}

func (b *inbox) all() ([]chat.Inbound, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]chat.Inbound{}, b.arrived...), b.changed
}

// received are the deliveries of one type that fit, so far.
func received[T chat.Inbound](s *scene, fits func(T) bool) []T {
	arrived, _ := s.in.all()
	var found []T
	for _, in := range arrived {
		if t, ok := in.(T); ok && (fits == nil || fits(t)) {
			found = append(found, t)
		}
	}
	return found
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
		_, changed := s.in.all()
		if found := received(s, fits); len(found) >= n {
			return found
		}
		select {
		case <-changed:
		case <-s.ctx.Done():
			arrived, _ := s.in.all()
			s.Fatalf("%s was not delivered %d times; what was:\n%#v", what, n, arrived)
		}
	}
}
