package slacksim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Redeliver makes every delivery twice.
func (w *World) Redeliver(on bool) {
	w.mail.mu.Lock()
	defer w.mail.mu.Unlock()
	w.mail.twice = on
}

// Hold keeps events back.
func (w *World) Hold() {
	w.mail.mu.Lock()
	defer w.mail.mu.Unlock()
	w.mail.holding = true
}

// Release lets them go in any order.
func (w *World) Release(_ context.Context, r *rand.Rand) error {
	w.mail.release(r)
	return nil
}

// Cut closes every socket and lets none be opened; what happens until Mend is never delivered.
func (w *World) Cut(context.Context) error {
	w.mail.mu.Lock()
	w.mail.cut = true
	w.mail.lost += len(w.mail.waiting)
	w.mail.waiting = nil
	w.mail.mu.Unlock()
	w.mail.dropAll()
	return nil
}

// Mend lets sockets be opened again, and waits until the app has taken something over them.
func (w *World) Mend(ctx context.Context) error {
	w.mail.mu.Lock()
	w.mail.cut = false
	w.mail.changed()
	w.mail.mu.Unlock()
	w.mail.post(object{"type": "emoji_changed", "subtype": "add", "name": "mended", "event_ts": stampOf(w.now())})
	_, err := w.mail.idle(ctx)
	return err
}

// Left waits until Slack has seen every socket of the app closed, so that nothing is delivered to an app that is gone.
func (s *Sim) Left(ctx context.Context) error {
	for {
		s.mail.mu.Lock()
		open, change := len(s.mail.sockets), s.mail.change
		s.mail.mu.Unlock()
		if open == 0 {
			return nil
		}
		select {
		case <-change:
		case <-ctx.Done():
			return fmt.Errorf("%d sockets are still open: %w", open, ctx.Err())
		}
	}
}

// Flake breaks the socket under every twelfth delivery or so: an event is perhaps read and not acknowledged, a command does
// not get through.
func (s *Sim) Flake(r *rand.Rand) {
	s.mail.mu.Lock()
	defer s.mail.mu.Unlock()
	s.mail.flaky = r
}

// TurnAway closes every socket as soon as it is open.
func (s *Sim) TurnAway(on bool) {
	s.mail.mu.Lock()
	defer s.mail.mu.Unlock()
	s.mail.hostile = on
}

// Broken is how many sockets were broken by Flake.
func (s *Sim) Broken() int {
	s.mail.mu.Lock()
	defer s.mail.mu.Unlock()
	return s.mail.broken
}

// Drop closes every socket without a word, in the middle of whatever there is; what was not acknowledged is delivered again.
func (s *Sim) Drop() { s.mail.dropAll() }

// Renew tells every socket that it will be closed, and closes it when another one is open.
func (s *Sim) Renew() {
	s.mail.mu.Lock()
	defer s.mail.mu.Unlock()
	for _, k := range s.mail.sockets {
		if !k.leaving {
			k.leaving = true
			k.write(object{"type": "disconnect", "reason": "warning", "debug_info": object{"host": "simulated"}})
		}
	}
}

// SwitchOff tells every socket that Socket Mode was switched off.
func (s *Sim) SwitchOff() {
	s.mail.mu.Lock()
	sockets := slices.Clone(s.mail.sockets)
	s.mail.mu.Unlock()
	for _, k := range sockets {
		k.write(object{"type": "disconnect", "reason": "link_disabled", "debug_info": object{"host": "simulated"}})
	}
}

// Sockets is how many are open.
func (s *Sim) Sockets() int {
	s.mail.mu.Lock()
	defer s.mail.mu.Unlock()
	return len(s.mail.sockets)
}

// Delivered is how many deliveries were acknowledged so far.
func (s *Sim) Delivered() uint64 {
	s.mail.mu.Lock()
	defer s.mail.mu.Unlock()
	return s.mail.delivered
}

// Lost is how many deliveries were given up.
func (s *Sim) Lost() int {
	s.mail.mu.Lock()
	defer s.mail.mu.Unlock()
	return s.mail.lost
}

// Deliver sends any event to the app, also one that no client could read.
func (s *Sim) Deliver(event map[string]any) { s.mail.post(event) }

// Took is how long each delivery so far took from the socket to its acknowledgement, in the order of the latter.
func (s *Sim) Took() []time.Duration {
	s.mail.mu.Lock()
	defer s.mail.mu.Unlock()
	return slices.Clone(s.mail.took)
}

// Queued is how many deliveries wait for a socket.
func (s *Sim) Queued() int {
	s.mail.mu.Lock()
	defer s.mail.mu.Unlock()
	return len(s.mail.waiting)
}
