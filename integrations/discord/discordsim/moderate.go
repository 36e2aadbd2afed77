package discordsim

import (
	"context"
	"fmt"

	"boswell/chat"
)

// Rooms are the channels, threads and posts that are there.
func (w *World) Rooms() []chat.Place {
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	var all []chat.Place
	for _, c := range w.sim.order {
		if !c.gone {
			all = append(all, w.place(c))
		}
	}
	return all
}

// Category is the category that a channel is in; empty is none.
func (w *World) Category(at chat.Place) string {
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	if c := w.channel(at); c != nil {
		return c.parent
	}
	return ""
}

// Purge deletes messages of one channel at once, as moderators do.
func (w *World) Purge(_ context.Context, on ...chat.Ref) error {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	var in *channel
	ids := []string{}
	for _, ref := range on {
		m := w.message(ref)
		if m == nil || m.gone || in != nil && m.in != in {
			return fmt.Errorf("%v is no message of that channel", ref)
		}
		in, m.gone = m.in, true
		ids = append(ids, m.id)
	}
	if in != nil && s.may(in, bitView) {
		s.dispatch("", "MESSAGE_DELETE_BULK", object{"ids": ids, "channel_id": in.id, "guild_id": in.guild})
	}
	return nil
}

// Publish opens a post in the forum of the server, which its first message begins.
func (w *World) Publish(_ context.Context, by chat.UserID, title, text string) (chat.Place, chat.Ref, error) {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	forum := s.channels[s.o.Forum]
	if forum == nil || s.users[string(by)] == nil {
		return chat.Place{}, chat.Ref{}, fmt.Errorf("there is no forum, or nobody %q", by)
	}
	post := s.openThread(forum, s.newID(), title, string(by), kindPublicThread)
	m := s.line(s.users[string(by)], post, s.typed(text))
	m.id = post.id
	s.add(m)
	return w.place(post), w.ref(m), nil
}

// Preview lets Discord find what a link in a message leads to: the message is sent again with a card, and nobody has edited it.
func (w *World) Preview(_ context.Context, on chat.Ref) error {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	m := w.message(on)
	if m == nil || m.gone {
		return fmt.Errorf("there is no message %v", on)
	}
	m.embeds = append(m.embeds, object{"type": "link", "url": "https://example.com/", "title": "A page", "description": "about things"})
	s.dispatch(m.group(), "MESSAGE_UPDATE", s.event(m))
	return nil
}

// Destroy deletes a channel or thread with all that was said there. Of the threads of a channel nothing is told.
func (w *World) Destroy(_ context.Context, at chat.Place) error {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	c := w.channel(at)
	if c == nil || c.gone {
		return fmt.Errorf("there is no room %v", at)
	}
	c.gone = true
	for _, t := range s.order {
		t.gone = t.gone || t.thread() && t.parent == c.id
	}
	kind := "CHANNEL_DELETE"
	if c.thread() {
		kind = "THREAD_DELETE"
	}
	s.dispatch("", kind, object{"id": c.id, "guild_id": c.guild, "parent_id": c.parent, "type": c.kind})
	return nil
}

// Expel takes somebody out of the server. Their direct messages to the bot go on: they share another server with it.
func (w *World) Expel(who chat.UserID) {
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	w.sim.users[string(who)].out = true
}

// Kick takes the bot out of the server; Invite lets it in again, with what the server has by then.
func (w *World) Kick() {
	w.sim.dispatch("", "GUILD_DELETE", object{"id": Server})
}

// Invite lets the bot into the server.
func (w *World) Invite() {
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	w.sim.dispatch("", "GUILD_CREATE", w.sim.guildObject())
}

// Reopen opens a thread that was archived and locked.
func (w *World) Reopen(at chat.Place) {
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	c := w.channel(at)
	c.archived, c.locked = false, false
	w.sim.dispatch("", "THREAD_UPDATE", c.object(w.sim))
}

// SuperReact sets a reaction that was paid for.
func (w *World) SuperReact(by chat.UserID, on chat.Ref, emoji string) {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	m := w.message(on)
	r := m.reaction(emoji)
	if r == nil {
		r = &reaction{emoji: emoji}
		m.reacted = append(m.reacted, r)
	}
	r.super = append(r.super, string(by))
	s.dispatch("reactions "+m.in.id, "MESSAGE_REACTION_ADD", object{"user_id": string(by), "channel_id": m.in.id, "message_id": m.id,
		"guild_id": m.in.guild, "emoji": emojiObject(emoji), "burst": true, "type": 1, "member": s.users[string(by)].fullMember()})
}
