package discordsim

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"boswell/chat"
	"boswell/chat/chattest"
)

// Messages are those of a room and its threads that all its members see.
func (w *World) Messages(_ context.Context, in chat.Place) ([]chattest.Message, error) {
	return w.look(in, "")
}

// Whispers are those that one person alone sees: in the room, and in their direct messages with the bot.
func (w *World) Whispers(_ context.Context, to chat.UserID, in chat.Place) ([]chattest.Message, error) {
	found, err := w.look(in, string(to))
	if err != nil {
		return nil, err
	}
	w.sim.mu.Lock()
	u := w.sim.users[string(to)]
	direct := w.sim.channels[u.direct]
	w.sim.mu.Unlock()
	if direct == nil {
		return found, nil
	}
	more, err := w.look(w.place(direct), "")
	return append(found, more...), err
}

func (w *World) look(in chat.Place, to string) ([]chattest.Message, error) {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	c := w.channel(in)
	if c == nil {
		return nil, fmt.Errorf("there is no room %v", in)
	}
	var all []*message
	for _, one := range s.order {
		if one == c || one.thread() && one.parent == c.id && !s.ownRoom(one) {
			all = append(all, one.messages...)
		}
	}
	slices.SortStableFunc(all, func(a, b *message) int { return int(int64(number(a.id)) - int64(number(b.id))) })
	var shown []chattest.Message
	for _, m := range all {
		if !m.gone && m.to == to && m.kind != noticePin && m.kind != noticeThread {
			shown = append(shown, w.shown(m))
		}
	}
	return shown, nil
}

// shown is a message as people see it.
func (w *World) shown(m *message) chattest.Message {
	s := w.sim
	from := w.user(m.by)
	if m.alias != "" {
		from = chat.User{ID: webhook, Alias: m.alias, Bot: true}
	}
	shown := chattest.Message{Ref: w.ref(m), Place: w.place(m.in), From: from, Shown: s.rendered(m.content), Edited: !m.edited.IsZero(),
		Pinned: m.pinned, Reactions: map[string][]chat.UserID{}}
	for _, e := range m.embeds {
		shown.Shown = append(shown.Shown, s.rendered(text(e, "description"))...)
	}
	for _, r := range m.reacted {
		o := emojiObject(r.emoji)
		name := o["name"].(string)
		if o["id"] != nil {
			name = ":" + name + ":"
		}
		for _, id := range r.by {
			shown.Reactions[name] = append(shown.Reactions[name], chat.UserID(id))
		}
	}
	for _, id := range m.pinged {
		shown.Pinged = append(shown.Pinged, chat.UserID(id))
	}
	for _, f := range m.files {
		shown.Files = append(shown.Files, chattest.File{Name: f.name, Contents: f.contents})
	}
	pressable(&shown, m.rows)
	return shown
}

// Look is what people see of a room besides its messages. A channel counts as archived where nobody may write.
func (w *World) Look(_ context.Context, in chat.Place) (chattest.RoomLook, error) {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	c := w.channel(in)
	if c == nil {
		return chattest.RoomLook{}, fmt.Errorf("there is no room %v", in)
	}
	look := chattest.RoomLook{Name: c.name, Topic: c.topic, Archived: c.archived && c.locked, Bookmarks: map[string]string{}}
	if !c.thread() {
		look.Archived = slices.ContainsFunc(c.overwrites, func(o overwrite) bool { return o.ID == Server && number(o.Deny)&bitSend != 0 })
	}
	for _, u := range s.sortedUsers() {
		in := s.permitted(u, c)&bitView != 0
		if c.thread() {
			in = slices.Contains(c.members, u.id)
		}
		if in {
			look.Members = append(look.Members, chat.UserID(u.id))
		}
	}
	return look, nil
}

// Archive closes a room for good: a thread is archived and locked, a channel deleted.
func (w *World) Archive(_ context.Context, _ chat.UserID, in chat.Place) error {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	c := w.channel(in)
	if c == nil {
		return fmt.Errorf("there is no room %v", in)
	}
	if c.thread() {
		c.archived, c.locked, c.archivedAt = true, true, s.clock.Now()
		s.dispatch("", "THREAD_UPDATE", c.object(s))
		return nil
	}
	c.gone = true
	s.dispatch("", "CHANNEL_DELETE", c.object(s))
	return nil
}

// Join lets a person into a room, Leave takes them out.
func (w *World) Join(_ context.Context, who chat.UserID, in chat.Place) error {
	return w.enter(who, in, true)
}

// Leave takes a person out of a room.
func (w *World) Leave(_ context.Context, who chat.UserID, in chat.Place) error {
	return w.enter(who, in, false)
}

func (w *World) enter(who chat.UserID, in chat.Place, join bool) error {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	u, c, err := w.who(who, in)
	if err != nil {
		return err
	}
	if c.thread() {
		c.members = slices.DeleteFunc(c.members, func(id string) bool { return id == u.id })
		if join {
			c.members = append(c.members, u.id)
		}
		return nil
	}
	c.overwrites = slices.DeleteFunc(c.overwrites, func(o overwrite) bool { return o.ID == u.id })
	o := overwrite{ID: u.id, Type: 1, Allow: strconv.FormatUint(everyonePermissions, 10), Deny: "0"}
	if !join {
		o.Allow, o.Deny = "0", strconv.FormatUint(bitView, 10)
	}
	c.overwrites = append(c.overwrites, o)
	s.dispatch("", "CHANNEL_UPDATE", c.object(s))
	return nil
}
