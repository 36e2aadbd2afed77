package localsim

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"

	"boswell/chat"
	"boswell/integrations/local"
)

// A wire stands between the chat and the bot. It is the platform itself, but for what arrives.
type wire struct {
	*local.Platform

	mu      sync.Mutex
	taken   uint64
	twice   bool
	holding bool
	held    []chat.Inbound
	handler chat.Handler
	cut     bool
	again   context.CancelFunc // makes the connection anew
	changed chan struct{}      // closed at the next greeting
}

func newWire(p *local.Platform) *wire { return &wire{Platform: p, changed: make(chan struct{})} }

// Run delivers until ctx is done, and connects anew after each cut.
func (w *wire) Run(ctx context.Context, h chat.Handler) error {
	for {
		inner, cancel := context.WithCancel(ctx)
		w.mu.Lock()
		w.handler, w.again = h, cancel
		w.mu.Unlock()
		err := w.Platform.Run(inner, w.pass)
		ended := inner.Err() == nil || ctx.Err() != nil
		cancel()
		if ended {
			return err
		}
	}
}

// pass is the handler that the chat knows.
func (w *wire) pass(ctx context.Context, in chat.Inbound) (chat.Reply, error) {
	h, twice, gone := w.route(in)
	if gone {
		return chat.Reply{}, nil
	}
	reply, err := h(ctx, in)
	if err == nil && twice {
		_, err = h(ctx, in)
	}
	if err != nil {
		return reply, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.taken++
	if _, ok := in.(chat.Online); ok {
		close(w.changed)
		w.changed = make(chan struct{})
	}
	return reply, nil
}

// route says where a delivery goes: to the bot, once or twice, or nowhere, because it is kept back or lost.
func (w *wire) route(in chat.Inbound) (h chat.Handler, twice, gone bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut {
		return nil, false, true
	}
	if w.holding && observed(in) {
		w.held = append(w.held, in)
		return nil, false, true
	}
	return w.handler, w.twice, false
}

// observed says that nobody waits for an answer.
func observed(in chat.Inbound) bool {
	switch in.(type) {
	case chat.Said, chat.Unsaid, chat.Reacted, chat.Pinned, chat.Joined:
		return true
	default:
		return false
	}
}

func (w *wire) count() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.taken
}

// Redeliver makes every delivery twice.
func (w *World) Redeliver(on bool) {
	w.wire.mu.Lock()
	defer w.wire.mu.Unlock()
	w.wire.twice = on
}

// Hold keeps deliveries back that nobody waits for.
func (w *World) Hold() {
	w.wire.mu.Lock()
	defer w.wire.mu.Unlock()
	w.wire.holding = true
}

// Release lets go what was kept back, in an order that r chooses, and keeps nothing back any more.
func (w *World) Release(ctx context.Context, r *rand.Rand) error {
	if err := w.chat.Platform().Drained(ctx); err != nil {
		return err
	}
	w.wire.mu.Lock()
	held := w.wire.held
	w.wire.held, w.wire.holding = nil, false
	w.wire.mu.Unlock()
	r.Shuffle(len(held), func(i, j int) { held[i], held[j] = held[j], held[i] })
	for _, in := range held {
		if _, err := w.wire.pass(ctx, in); err != nil {
			return err
		}
	}
	return nil
}

// Cut cuts the connection. What happens from now on is lost.
func (w *World) Cut(ctx context.Context) error {
	if err := w.chat.Platform().Drained(ctx); err != nil {
		return err
	}
	w.wire.mu.Lock()
	defer w.wire.mu.Unlock()
	w.wire.cut = true
	return nil
}

// Mend lets the bot connect again, and returns when it knows that it has.
func (w *World) Mend(ctx context.Context) error {
	if err := w.chat.Platform().Drained(ctx); err != nil {
		return err
	}
	w.wire.mu.Lock()
	w.wire.cut = false
	greeted, again := w.wire.changed, w.wire.again
	w.wire.mu.Unlock()
	if again == nil {
		return errors.New("nobody runs the platform, so nobody connects again")
	}
	again()
	select {
	case <-greeted:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
