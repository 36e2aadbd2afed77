package rocketsim

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"boswell/chat"
)

// Twice makes every event come twice.
func (s *Sim) Twice(on bool) { s.within(func() { s.hub.twice = on }) }

// Hold keeps back what happens to messages.
func (w *World) Hold() { w.within(func() { w.hub.holding = true }) }

// Release lets it go in any order.
func (w *World) Release(_ context.Context, r *rand.Rand) error {
	w.within(func() { w.hub.release(r) })
	return nil
}

// Cut ends every connection and lets none be opened; what happens until Mend is never told.
func (w *World) Cut(ctx context.Context) error {
	if _, err := w.Idle(ctx); err != nil {
		return err
	}
	w.within(func() {
		w.hub.cut = true
		w.hub.dropAll()
	})
	return nil
}

// Mend lets connections be opened again, and waits until the bot listens.
func (w *World) Mend(ctx context.Context) error {
	w.within(func() {
		w.hub.cut = false
		w.hub.change()
	})
	_, err := w.Idle(ctx)
	return err
}

func (s *Sim) within(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

// Fold tells of each message only how it stands when somebody gives a command, or when what was held is released: of two
// quick changes one is seen.
func (s *Sim) Fold(on bool) { s.within(func() { s.hub.folding = on }) }

// Flake breaks the connection with every twelfth event or so, before or after it was told.
func (s *Sim) Flake(r *rand.Rand) { s.within(func() { s.hub.flaky = r }) }

// Broken is how many connections were broken by Flake.
func (s *Sim) Broken() (n int) {
	s.within(func() { n = s.hub.broken })
	return n
}

// Drop ends every connection without a word.
func (s *Sim) Drop() { s.within(s.hub.dropAll) }

// Silence lets nothing through over the connections that are open, and tells nobody: a network that swallows packets.
func (s *Sim) Silence() {
	s.within(func() {
		for _, k := range s.hub.sessions {
			k.mute = true
		}
		s.hub.change()
	})
}

// TurnAway closes every connection as soon as it is open.
func (s *Sim) TurnAway(on bool) { s.within(func() { s.hub.hostile = on }) }

// DropIdle closes connections over which nothing went for that long, as proxies do; 0 is never.
func (s *Sim) DropIdle(after time.Duration) { s.within(func() { s.hub.idleMost = after }) }

// Stop takes the server down, with a word to every connection; requests get what a proxy in front of it says. What people do
// meanwhile is what they did before it came up again.
func (s *Sim) Stop() {
	s.within(func() {
		s.down = true
		for _, k := range slices.Clone(s.hub.sessions) {
			s.hub.end(k, true)
		}
	})
}

// Start brings it up again, as another version where one is given.
func (s *Sim) Start(version string) {
	s.within(func() {
		s.down = false
		if version != "" {
			s.o.Version = version
		}
		s.hub.change()
	})
}

// Listening are the keys that the bot's present connection subscribed to, as "stream key".
func (s *Sim) Listening() (keys []string) {
	s.within(func() {
		if k := s.hub.listener(); k != nil {
			for _, sub := range k.subs {
				keys = append(keys, sub.stream+" "+sub.key)
			}
		}
	})
	slices.Sort(keys)
	return keys
}

// Pinged is how often the bot asked over its present connection whether the server is there.
func (s *Sim) Pinged() (n int) {
	s.within(func() {
		if k := s.hub.listener(); k != nil {
			n = k.pinged
		}
	})
	return n
}

// Send sends the bot a frame as it stands, also one that nobody could read.
func (s *Sim) Send(frame string) {
	s.within(func() {
		if k := s.hub.listener(); k != nil {
			k.sendRaw([]byte(frame))
		}
	})
}

// Publish tells an event of a stream to whoever subscribed to it.
func (s *Sim) Publish(stream, key string, args ...any) {
	s.within(func() { s.hub.publish(event{stream: stream, key: key, args: args}) })
}

// Overtake answers the bot's requests only when it has read the events that they caused.
func (s *Sim) Overtake(on bool) { s.within(func() { s.overtake = on }) }

// Overwrite loses the next n reactions of the bot to others that were set at the same moment.
func (s *Sim) Overwrite(n int) { s.within(func() { s.overwrites = n }) }

// DropMessages lets an app of the server prevent the next n messages that are sent by REST.
func (s *Sim) DropMessages(n int) { s.within(func() { s.dropping = n }) }

// DemandTwoFactor asks for a code at every turn.
func (s *Sim) DemandTwoFactor(on bool) { s.within(func() { s.twoFactor = on }) }

// Seal encrypts each new private room, also where that is asked not to be; forGood lets nobody switch that off.
func (s *Sim) Seal(forGood bool) { s.within(func() { s.sealing, s.sealed = true, forGood }) }

// RedirectFiles gives files from a storage at another address.
func (s *Sim) RedirectFiles(on bool) { s.within(func() { s.redirect = on }) }

// Strayed are the credentials that reached the storage, by the names of their headers.
func (s *Sim) Strayed() (names []string) {
	s.within(func() { names = slices.Clone(s.strayed) })
	return names
}

// RevokeToken makes the bot's token worthless, and logs it out where it is connected.
func (s *Sim) RevokeToken() {
	s.within(func() {
		delete(s.tokens, Token)
		s.tellUser(BotID, "force_logout", true)
		s.hub.dropAll()
	})
}

// Rename gives an account another username. What it said bears the new one; reactions and mentions of before keep the old one.
func (s *Sim) Rename(who chat.UserID, username string) {
	s.within(func() {
		s.users[string(who)].username = username
		for _, r := range s.order {
			for _, m := range r.live() {
				if m.by.id == string(who) {
					m.updated = m.updated.Add(time.Millisecond)
				}
			}
		}
	})
}

// SetRoles gives the bot's account other roles.
func (s *Sim) SetRoles(roles ...string) { s.within(func() { s.users[BotID].roles = roles }) }
