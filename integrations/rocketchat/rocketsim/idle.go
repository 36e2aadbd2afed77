package rocketsim

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Trace hears from the adapter, with false, that it has read a frame that tells something, and with true, that it has dealt
// with one: the protocol has no acknowledgement.
func (s *Sim) Trace(done bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !done {
		s.hub.pending++
		return
	}
	s.hub.pending--
	s.hub.dealt++
	if s.hub.pending == 0 {
		s.hub.change()
	}
}

const barrier = "barrier-"

// echoed takes the answer to a ping.
func (h *hub) echoed(k *session, id string) {
	n, err := strconv.Atoi(strings.TrimPrefix(id, barrier))
	if err == nil && n > k.echoes {
		k.echoes = n
		h.change()
	}
}

// listener is the bot's present connection, over which something can be told; nil is none.
func (h *hub) listener() *session {
	for i := len(h.sessions) - 1; i >= 0; i-- {
		if k := h.sessions[i]; k.user != nil && k.user.id == BotID && !k.mute && !k.ended {
			return k
		}
	}
	return nil
}

// raise asks over a connection for an echo, which comes when everything that was sent before has been read.
func (h *hub) raise(k *session) int {
	k.barriers++
	k.send(object{"msg": "ping", "id": barrier + strconv.Itoa(k.barriers)})
	return k.barriers
}

// reached waits until an echo is there, or the connection is over.
func (s *Sim) reached(ctx context.Context, k *session, n int) error {
	return s.until(ctx, func() bool { return k.ended || k.mute || k.echoes >= n })
}

// until waits for a condition, which is judged with the lock held.
func (s *Sim) until(ctx context.Context, met func() bool) error {
	for {
		s.mu.Lock()
		ok, changed := met(), s.hub.changed
		s.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Until waits until a condition is met, which is judged again whenever something happens.
func (s *Sim) Until(ctx context.Context, met func() bool) error {
	for {
		s.mu.Lock()
		changed := s.hub.changed
		s.mu.Unlock()
		if met() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// flush waits until the bot has read what it was told so far.
func (h *hub) flush(ctx context.Context) {
	h.s.mu.Lock()
	k, n := h.listener(), 0
	if k != nil {
		n = h.raise(k)
	}
	h.s.mu.Unlock()
	if k != nil {
		// If the request is over before, nobody waits for its answer.
		_ = h.s.reached(ctx, k, n)
	}
}

// idle waits until the bot is connected, has read what it was told and has dealt with it, and counts what it dealt with. Of
// a bot that is cut off it waits only for what it has begun.
func (s *Sim) idle(ctx context.Context) (uint64, error) {
	for {
		var k *session
		var raised int
		var told uint64
		err := s.until(ctx, func() bool {
			k = s.hub.listener()
			return s.hub.pending == 0 && (k != nil || s.hub.cut)
		})
		if err != nil {
			return 0, fmt.Errorf("the simulator did not come to rest: %w", err)
		}
		s.mu.Lock()
		if s.hub.cut {
			defer s.mu.Unlock()
			return s.hub.dealt, nil
		}
		raised, told = s.hub.raise(k), s.hub.told
		s.mu.Unlock()
		if err := s.reached(ctx, k, raised); err != nil {
			return 0, fmt.Errorf("the bot does not answer: %w", err)
		}
		s.mu.Lock()
		rest := !k.ended && !k.mute && s.hub.pending == 0 && s.hub.told == told
		n := s.hub.dealt
		s.mu.Unlock()
		if rest {
			return n, nil
		}
	}
}
