package rocketsim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"boswell/chat"
	"boswell/chat/chattest"
)

// Messages are those of a room as its members see them, without what the server says by itself.
func (w *World) Messages(_ context.Context, in chat.Place) ([]chattest.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.rooms[string(in.Channel)]
	if r == nil {
		return nil, fmt.Errorf("there is no room %q", in.Channel)
	}
	var all []chattest.Message
	for _, m := range r.live() {
		if m.kind == "" {
			all = append(all, w.look(m))
		}
	}
	return all, nil
}

// look is a message as people see it.
func (w *World) look(m *message) chattest.Message {
	from := w.person(m.by)
	from.Alias = m.alias
	seen := chattest.Message{Ref: w.ref(m), Place: w.place(m.in, m.thread), From: from, Shown: w.shownText(m), Edited: m.editedBy != nil,
		Pinned: m.pinned, Reactions: map[string][]chat.UserID{}, Pinged: w.pinged(m)}
	for _, r := range m.reactions {
		for _, who := range r.by {
			seen.Reactions[shownEmoji(r.emoji)] = append(seen.Reactions[shownEmoji(r.emoji)], chat.UserID(who.id))
		}
	}
	seen.Buttons = buttons(m.blocks)
	if m.file != nil {
		seen.Files = []chattest.File{{Name: m.file.name, Contents: m.file.contents}}
	}
	return seen
}

// shownText is the text of a message, or of its blocks in its place, and what stands on its attachments.
func (w *World) shownText(m *message) chat.Text {
	t := w.markup(m.text)
	if blocks, _ := m.blocks.([]any); len(blocks) > 0 {
		t = nil
		for _, x := range blocks {
			b, _ := x.(object)
			t = append(t, w.markup(uiText(b["text"]))...)
		}
	}
	for _, x := range m.attachments {
		a, _ := x.(object)
		for _, name := range []string{"description", "text"} {
			if text, _ := a[name].(string); text != "" {
				t = append(t, w.markup(text)...)
			}
		}
	}
	return t
}

// buttons are those in the blocks of a message.
func buttons(blocks any) []chat.Button {
	var all []chat.Button
	list, _ := blocks.([]any)
	for _, x := range list {
		b, _ := x.(object)
		elements, _ := b["elements"].([]any)
		for _, y := range elements {
			if e, _ := y.(object); e["type"] == "button" {
				action, _ := e["actionId"].(string)
				value, _ := e["value"].(string)
				all = append(all, chat.Button{Action: chat.ActionID(action), Value: value, Label: uiText(e["text"]),
					Primary: e["style"] == "primary", Danger: e["style"] == "danger"})
			}
		}
	}
	return all
}

// pinged are those whom a message notifies.
func (w *World) pinged(m *message) []chat.UserID {
	var ids []chat.UserID
	add := func(id string) {
		if !slices.Contains(ids, chat.UserID(id)) && id != m.by.id {
			ids = append(ids, chat.UserID(id))
		}
	}
	for _, x := range m.mentions {
		switch id := x["_id"].(string); id {
		case "all", "here":
			for _, member := range m.in.members {
				add(member)
			}
		default:
			add(id)
		}
	}
	return ids
}

// Look is what people see of a room besides its messages. Its bookmarks are the links of its announcement.
func (w *World) Look(_ context.Context, in chat.Place) (chattest.RoomLook, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.rooms[string(in.Channel)]
	if r == nil {
		return chattest.RoomLook{}, fmt.Errorf("there is no room %q", in.Channel)
	}
	look := chattest.RoomLook{Name: r.shown(), Topic: r.topic, Archived: r.archived, Bookmarks: map[string]string{}}
	for _, s := range w.markup(r.announcement) {
		if s.Kind == chat.SpanLink {
			look.Bookmarks[s.Text] = s.Link
		}
	}
	for _, id := range r.members {
		look.Members = append(look.Members, chat.UserID(id))
	}
	return look, nil
}

// A RoomSetup is what a room is besides what people see of every room.
type RoomSetup struct {
	Kind         string // c, p or d
	Announcement string
	Parent       chat.ChannelID // of a discussion
	Encrypted    bool
	ReadOnly     bool
}

// Setup tells what a room is.
func (w *World) Setup(in chat.Place) (RoomSetup, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.rooms[string(in.Channel)]
	if r == nil {
		return RoomSetup{}, fmt.Errorf("there is no room %q", in.Channel)
	}
	return RoomSetup{Kind: r.kind, Announcement: r.announcement, Parent: chat.ChannelID(r.parent), Encrypted: r.encrypted, ReadOnly: r.readOnly}, nil
}

// RoomNamed is the room of a name.
func (w *World) RoomNamed(name string) (chat.Place, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.order {
		if r.shown() == name && !r.gone {
			return w.place(r, ""), true
		}
	}
	return chat.Place{}, false
}

// withRoom does something with a room.
func (w *World) withRoom(in chat.Place, do func(*room) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.rooms[string(in.Channel)]
	if r == nil {
		return fmt.Errorf("there is no room %q", in.Channel)
	}
	return do(r)
}

// Archive archives a room, as one of its owners does.
func (w *World) Archive(_ context.Context, by chat.UserID, in chat.Place) error {
	return w.archiveAs(by, in, true)
}

// Unarchive opens it again.
func (w *World) Unarchive(_ context.Context, by chat.UserID, in chat.Place) error {
	return w.archiveAs(by, in, false)
}

func (w *World) archiveAs(by chat.UserID, in chat.Place, closed bool) error {
	return w.withRoom(in, func(r *room) error {
		w.archive(r, w.users[string(by)], closed)
		return nil
	})
}

// Join brings somebody into a room, the bot too.
func (w *World) Join(_ context.Context, who chat.UserID, in chat.Place) error {
	return w.withRoom(in, func(r *room) error {
		if r.has(string(who)) {
			return fmt.Errorf("they are in the room #%s", r.name)
		}
		w.enter(r, w.users[string(who)], w.users[string(who)])
		return nil
	})
}

// Leave takes somebody out of a room, the bot too.
func (w *World) Leave(_ context.Context, who chat.UserID, in chat.Place) error {
	return w.withRoom(in, func(r *room) error {
		if !r.has(string(who)) {
			return fmt.Errorf("they are not in the room #%s", r.name)
		}
		w.leave(r, w.users[string(who)], w.users[string(who)])
		return nil
	})
}

// Forget takes the bot out of a room without telling it.
func (w *World) Forget(in chat.Place) error {
	return w.withRoom(in, func(r *room) error {
		r.members = slices.DeleteFunc(r.members, func(id string) bool { return id == BotID })
		if r.kind == "c" {
			r.kind = "p" // and it became private
		}
		return nil
	})
}

// Destroy deletes a room.
func (w *World) Destroy(in chat.Place) error {
	return w.withRoom(in, func(r *room) error {
		w.destroy(r)
		return nil
	})
}

// MakeReadOnly lets only owners write in a room, or everybody again.
func (w *World) MakeReadOnly(in chat.Place, on bool) error {
	return w.withRoom(in, func(r *room) error {
		r.readOnly = on
		w.tellRoom(r)
		return nil
	})
}

// Mute takes the bot's word in a room.
func (w *World) Mute(in chat.Place, on bool) error {
	return w.withRoom(in, func(r *room) error {
		if r.muted = nil; on {
			r.muted = []string{BotName}
		}
		w.tellRoom(r)
		return nil
	})
}

// Encrypt makes a room one whose messages only its members can read, or an ordinary one again.
func (w *World) Encrypt(in chat.Place, on bool) error {
	return w.withRoom(in, func(r *room) error {
		r.encrypted = on
		w.tellRoom(r)
		return nil
	})
}

// SayEncrypted posts what the bot cannot read.
func (w *World) SayEncrypted(by chat.UserID, to chat.Place) (chat.Ref, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, err := w.post(by, to, &message{kind: "e2e", secret: "c2ltdWxhdGVk"}, false)
	return w.refTo(m, err)
}

// Discuss makes a discussion about a message, with the bot in it.
func (w *World) Discuss(by chat.UserID, on chat.Ref, name string) (chat.Place, error) {
	var place chat.Place
	err := w.change(by, on, func(u *user, m *message) error {
		place = w.place(w.discuss(u, m.in, m, name, "", "", []*user{w.users[BotID]}), "")
		return nil
	})
	return place, err
}

// Prune deletes the messages of a room between two others, ends included, as administrators do with many at once. Pinned
// ones stay where they are spared.
func (w *World) Prune(in chat.Place, from, to chat.Ref, sparePinned bool) error {
	return w.withRoom(in, func(r *room) error {
		first, last := w.at(r, string(from.Message)), w.at(r, string(to.Message))
		if first == nil || last == nil {
			return errors.New("there is no such message")
		}
		for _, m := range r.live() {
			if !m.at.Before(first.at) && !m.at.After(last.at) && !(sparePinned && m.pinned) {
				w.bury(m)
			}
		}
		span := object{"$gt": first.at.Add(-1), "$lt": last.at.Add(1_000_000)}
		w.hub.publish(event{stream: "stream-notify-room", key: r.id + "/deleteMessageBulk", message: "bulk " + first.id, last: true,
			args: []any{object{"rid": r.id, "excludePinned": sparePinned, "ignoreDiscussion": true, "ts": span, "users": []any{}}}})
		return nil
	})
}

// LinkTo is the address that a client copies for a message.
func (w *World) LinkTo(on chat.Ref) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.linkTo(on)
}

func (w *World) linkTo(on chat.Ref) string {
	r := w.rooms[string(on.Channel)]
	if r == nil {
		return ""
	}
	kind, name := map[string]string{"c": "channel", "p": "group", "d": "direct"}[r.kind], r.name
	if r.kind == "d" {
		name = r.id
	}
	return strings.Join([]string{w.URL(), kind, name}, "/") + "?msg=" + string(on.Message)
}
