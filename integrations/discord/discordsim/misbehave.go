package discordsim

import (
	"context"
	"math/rand/v2"
	"strings"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/discord"
)

// A wire is the adapter, as it is, but that the simulator knows whether it runs.
type wire struct {
	*discord.Platform
	gate *gateway
}

// Run runs the adapter.
func (w *wire) Run(ctx context.Context, h chat.Handler) error {
	w.gate.run(1)
	defer w.gate.run(-1)
	return w.Platform.Run(ctx, h)
}

func (g *gateway) run(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running += n
	if g.running == 0 {
		g.settleOld("") // nobody is left for whom it is on its way
		if g.now != nil && g.now.conn != nil {
			g.now.conn.close(0)
			g.now.conn = nil
		}
		g.now = nil
	}
	g.change()
}

// trace hears from the adapter what arrived and what was dealt with.
func (g *gateway) trace(name string, seq int64, done bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	key := dispatchKey{name, seq}
	p := g.sent[key]
	if p == nil {
		p = &progress{}
		g.sent[key] = p
	}
	if !done {
		p.arrived++
		return
	}
	p.done++
	g.taken++
	if p.done >= p.sent {
		g.change()
	}
}

// idle says that everything that was sent was dealt with, and that the bot is there if it should be.
func (g *gateway) idle() bool {
	if g.running > 0 && !g.cut && (g.now == nil || g.now.conn == nil) {
		return false
	}
	for key, p := range g.sent {
		if p.done < p.arrived || p.done < p.sent && !g.lost(key) {
			return false
		}
		if p.done >= p.sent && p.done >= p.arrived {
			delete(g.sent, key)
		}
	}
	return true
}

// lost says that a dispatch may never have arrived: its connection is over.
func (g *gateway) lost(key dispatchKey) bool {
	return g.cut || g.running == 0 || g.now == nil || key.session != g.now.id
}

// Idle waits until everything that was queued for the bot was dealt with, and says how much that is since the beginning.
func (w *World) Idle(ctx context.Context) (uint64, error) {
	g := &w.sim.gate
	for {
		g.mu.Lock()
		idle, taken, changed := g.idle(), g.taken, g.changed
		g.mu.Unlock()
		if idle {
			return taken, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return taken, ctx.Err()
		}
	}
}

// Connected waits until a bot runs and has been greeted, and has dealt with that.
func (w *World) Connected(ctx context.Context) error {
	g := &w.sim.gate
	for {
		g.mu.Lock()
		there, changed := g.running > 0 && g.now != nil && g.now.conn != nil, g.changed
		g.mu.Unlock()
		if there {
			_, err := w.Idle(ctx)
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Redeliver makes every dispatch come twice.
func (w *World) Redeliver(on bool) {
	w.sim.gate.mu.Lock()
	defer w.sim.gate.mu.Unlock()
	w.sim.gate.twice = on
}

// Hold keeps back what nobody waits for.
func (w *World) Hold() {
	w.sim.gate.mu.Lock()
	defer w.sim.gate.mu.Unlock()
	w.sim.gate.holding = true
}

// Release lets go what was kept back, in an order that r chooses. Only what nobody could put in order keeps it among itself: the
// reactions and the pins of a channel, which bear no time.
func (w *World) Release(_ context.Context, r *rand.Rand) error {
	w.sim.gate.release(r)
	return nil
}

// Cut ends the session and lets the bot begin no other: what happens now is lost.
func (w *World) Cut(ctx context.Context) error {
	if _, err := w.Idle(ctx); err != nil {
		return err
	}
	g := &w.sim.gate
	g.mu.Lock()
	g.cut = true
	g.mu.Unlock()
	g.drop(4009)
	return nil
}

// Mend lets the bot connect again and returns when it has.
func (w *World) Mend(ctx context.Context) error {
	g := &w.sim.gate
	g.mu.Lock()
	g.cut, g.now = false, nil
	g.change()
	g.mu.Unlock()
	_, err := w.Idle(ctx)
	return err
}

// Drop ends the connection, with a code unless that is 0. The session can be resumed.
func (s *Sim) Drop(code int) { s.gate.drop(code) }

// Lose ends the session, so that it cannot be resumed, and its connection.
func (s *Sim) Lose() {
	s.gate.mu.Lock()
	if s.gate.now != nil {
		s.gate.now.id += " is over"
	}
	s.gate.mu.Unlock()
	s.gate.drop(0)
}

// TurnAtOnce lets the next n connections begin with an order to reconnect.
func (s *Sim) TurnAtOnce(n int) {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	s.gate.turns += n
}

// Turn lets orders come in the place of the next answers to an identification or resumption: 7 to reconnect, 9 that the
// session is invalid.
func (s *Sim) Turn(orders ...byte) {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	s.gate.orders = append(s.gate.orders, orders...)
}

// Reconnect orders the bot to reconnect now.
func (s *Sim) Reconnect() {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	if s.gate.now != nil && s.gate.now.conn != nil {
		s.gate.now.conn.send(frame{Op: 7}, false)
	}
}

// Beat asks the bot for a heartbeat now.
func (s *Sim) Beat() {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	if s.gate.now != nil && s.gate.now.conn != nil {
		s.gate.now.conn.send(frame{Op: 1}, false)
	}
}

// Deaf leaves heartbeats without acknowledgement.
func (s *Sim) Deaf(on bool) {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	s.gate.deaf = on
}

// Refuse answers every identification by closing with a code; 0 ends that.
func (s *Sim) Refuse(code int) {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	s.gate.closeAll = code
}

// Sessions is how many sessions were begun, and how often one was resumed.
func (s *Sim) Sessions() (begun, resumed int) {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	return s.gate.identified, s.gate.resumed
}

// Send sends a dispatch as it stands.
func (s *Sim) Send(kind string, data any) { s.dispatch("", kind, data) }

// AskAsCommand lets somebody pick a command with options; nobody waits for the answer.
func (s *Sim) AskAsCommand(by chat.UserID, in chat.Place, command string, values map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	options := []object{}
	for name, value := range values {
		options = append(options, object{"type": 3, "name": name, "value": value})
	}
	s.ask(askCommand, s.users[string(by)], s.channels[ChannelID(in)], nested([]string{command}, options), nil)
}

// Shown is the newest form that anybody was shown, for whom nobody waits.
func (s *Sim) Shown() (chattest.Answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var newest *interaction
	for _, i := range s.interactions {
		if i.form != nil && (newest == nil || number(i.id) > number(newest.id)) {
			newest = i
		}
	}
	if newest == nil {
		return chattest.Answer{}, false
	}
	return chattest.Answer{Handle: newest.token, Form: formOf(newest.form)}, true
}

// ChannelID is the identifier that Discord knows a place by.
func ChannelID(at chat.Place) string {
	if at.Thread != "" {
		return string(at.Thread)
	}
	_, id, _ := strings.Cut(string(at.Channel), "/")
	return id
}

// MessageID is the identifier that Discord knows a message by.
func MessageID(r chat.Ref) string {
	id := string(r.Message)
	return id[strings.LastIndexByte(id, '/')+1:]
}

// Sleep archives a thread as Discord does after days without a word.
func (s *Sim) Sleep(at chat.Place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[ChannelID(at)]
	c.archived, c.archivedAt = true, s.clock.Now()
	s.dispatch("", "THREAD_UPDATE", c.object(s))
}
