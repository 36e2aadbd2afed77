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

// World is the server of a simulator as chattest plays in it.
type World struct {
	*Sim
	platform chat.Platform
}

// World is the server, with the adapter that is connected to it.
func (s *Sim) World(platform chat.Platform) *World { return &World{Sim: s, platform: platform} }

// Platform is the adapter.
func (w *World) Platform() chat.Platform { return w.platform }

// Clock is what the simulator tells the time by.
func (w *World) Clock() *chattest.Clock { return w.clock }

// Idle waits until the bot has dealt with everything that it was told, and counts that.
func (w *World) Idle(ctx context.Context) (uint64, error) { return w.idle(ctx) }

func (w *World) place(r *room, thread string) chat.Place {
	return chat.Place{Platform: w.platform.ID(), Channel: chat.ChannelID(r.id), Thread: chat.ThreadID(thread)}
}

func (w *World) ref(m *message) chat.Ref {
	return chat.Ref{Platform: w.platform.ID(), Channel: chat.ChannelID(m.in.id), Message: chat.MessageID(m.id)}
}

// person is an account as people see it.
func (w *World) person(u *user) chat.User {
	return chat.User{ID: chat.UserID(u.id), Handle: u.username, Name: u.name, Zone: u.zone, Bot: u.isBot(),
		Guest: slices.Contains(u.roles, "guest"), Self: u.id == BotID}
}

// AddPerson makes an account.
func (w *World) AddPerson(_ context.Context, p chattest.Person) (chat.User, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	username := nearest(p.Handle)
	if w.named(username) != nil {
		return chat.User{}, fmt.Errorf("there is a %q already", username)
	}
	u := &user{id: w.newID(), username: username, name: p.Name, zone: p.Zone, roles: []string{"user"}}
	switch {
	case p.Bot:
		u.roles = []string{"bot"}
	case p.Guest:
		u.roles = []string{"guest"}
	}
	if u.name == "" {
		u.name = p.Handle
	}
	w.users[u.id] = u
	return w.person(u), nil
}

// nearest is the nearest name that a room or an account can have.
func nearest(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, name)
}

// AddRoom makes a room with the bot in it, unless it is Unseen.
func (w *World) AddRoom(_ context.Context, o chattest.Room) (chat.Place, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := &room{name: nearest(o.Name), kind: "c"}
	if o.Private || o.Unseen {
		r.kind = "p"
	}
	if w.roomNamed(r.name) != nil {
		return chat.Place{}, fmt.Errorf("the name %q is taken", r.name)
	}
	for _, id := range o.Members {
		r.members = append(r.members, string(id))
	}
	if !o.Unseen {
		r.members = append(r.members, BotID)
	}
	return w.place(w.newRoom(r), ""), nil
}

// inRoom finds a room in which somebody may act.
func (w *World) inRoom(by chat.UserID, id chat.ChannelID) (*user, *room, error) {
	u, r := w.users[string(by)], w.rooms[string(id)]
	switch {
	case u == nil:
		return nil, nil, fmt.Errorf("there is nobody with the identifier %q", by)
	case r == nil:
		return nil, nil, fmt.Errorf("there is no room %q", id)
	case !w.reaches(u, r):
		return nil, nil, fmt.Errorf("%s is not in the room #%s", u.name, r.name)
	}
	return u, r, nil
}

// Say posts a line.
func (w *World) Say(_ context.Context, by chat.UserID, to chat.Place, text string) (chat.Ref, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, err := w.post(by, to, &message{text: text}, false)
	return w.refTo(m, err)
}

func (w *World) refTo(m *message, err error) (chat.Ref, error) {
	if err != nil {
		return chat.Ref{}, err
	}
	return w.ref(m), nil
}

// post says something. It is called with the lock held.
func (w *World) post(by chat.UserID, to chat.Place, m *message, asked bool) (*message, error) {
	u, r, err := w.inRoom(by, to.Channel)
	if err != nil {
		return nil, err
	}
	m.by, m.in, m.thread = u, r, string(to.Thread)
	return m, w.say(m, asked)
}

// Reply answers a message in its thread.
func (w *World) Reply(ctx context.Context, by chat.UserID, on chat.Ref, text string) (chat.Ref, error) {
	return w.Say(ctx, by, w.thread(on), text)
}

// thread is the place where a message is answered.
func (w *World) thread(on chat.Ref) chat.Place {
	w.mu.Lock()
	defer w.mu.Unlock()
	thread := string(on.Message)
	if m := w.byMessage[thread]; m != nil && m.thread != "" {
		thread = m.thread
	}
	return chat.Place{Platform: on.Platform, Channel: on.Channel, Thread: chat.ThreadID(thread)}
}

// bridge is the account that carries what is said elsewhere.
const bridge = "bridgeBotId000001"

// SayAs posts through the bridge, under the name of somebody who has no account here.
func (w *World) SayAs(_ context.Context, alias string, to chat.Place, text string) (chat.Ref, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.carrier(w.rooms[string(to.Channel)])
	m, err := w.post(bridge, to, &message{text: text, alias: alias}, false)
	return w.refTo(m, err)
}

// carrier makes the bridge, and lets it into a room.
func (w *World) carrier(r *room) {
	if w.users[bridge] == nil {
		w.users[bridge] = &user{id: bridge, username: "bridge.bot", name: "Bridge", roles: []string{"bot"}}
	}
	if r != nil && !r.has(bridge) {
		r.members = append(r.members, bridge)
	}
}

// Carrier is the account of the bridge.
func (w *World) Carrier() chat.UserID {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.carrier(nil)
	return bridge
}

// Attach posts a message with a file. Older clients write the text on the file, newer ones beside it.
func (w *World) Attach(_ context.Context, by chat.UserID, to chat.Place, text string, f chattest.File) (chat.Ref, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, r, err := w.inRoom(by, to.Channel)
	if err != nil {
		return chat.Ref{}, err
	}
	stored := w.keep(&file{name: f.Name, kind: mediaType(f.Name), contents: f.Contents}, u, r)
	m := &message{text: text}
	if w.major() < 8 {
		m.text = ""
	}
	m, err = w.post(by, to, w.withFile(m, stored, strings.TrimPrefix(text, m.text)), false)
	return w.refTo(m, err)
}

// mediaType is what a browser takes a file for, by its name.
func mediaType(name string) string {
	kinds := map[string]string{"png": "image/png", "jpg": "image/jpeg", "md": "text/markdown", "txt": "text/plain", "log": "text/plain",
		"json": "application/json", "pdf": "application/pdf", "csv": "text/csv"}
	if kind := kinds[name[strings.LastIndexByte(name, '.')+1:]]; kind != "" {
		return kind
	}
	return "application/octet-stream"
}

// change does something with a message that somebody can see.
func (w *World) change(by chat.UserID, on chat.Ref, do func(*user, *message) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, r, err := w.inRoom(by, on.Channel)
	if err != nil {
		return err
	}
	m := w.at(r, string(on.Message))
	if m == nil {
		return fmt.Errorf("there is no message %q", on.Message)
	}
	return do(u, m)
}

// Edit changes a message of the person's own.
func (w *World) Edit(_ context.Context, by chat.UserID, on chat.Ref, text string) error {
	return w.change(by, on, func(u *user, m *message) error {
		if m.by != u {
			return errors.New("people edit their own messages only")
		}
		if m.file != nil && m.text == "" {
			m.attachments[0].(object)["description"] = text
			return w.edit(u, m, "")
		}
		return w.edit(u, m, text)
	})
}

// Preview shows a preview below a message, as the server does with links: a change that nobody made.
func (w *World) Preview(on chat.Ref) error {
	return w.change(BotID, on, func(_ *user, m *message) error {
		m.urls = append(m.urls, object{"url": "https://example.test/", "meta": object{"pageTitle": "a page"}})
		w.touch(m)
		w.tellMessage(m, false)
		return nil
	})
}

// Delete deletes a message of the person's own.
func (w *World) Delete(_ context.Context, by chat.UserID, on chat.Ref) error {
	return w.change(by, on, func(u *user, m *message) error {
		if m.by != u {
			return errors.New("people delete their own messages only")
		}
		w.remove(m)
		return nil
	})
}

// React sets or removes a reaction.
func (w *World) React(_ context.Context, by chat.UserID, on chat.Ref, emoji string, set bool) error {
	name, err := nameOf(emoji)
	if err != nil {
		return err
	}
	return w.change(by, on, func(u *user, m *message) error {
		if m.reacted(u, name) == set {
			return nil
		}
		return w.react(u, m, name, nil)
	})
}

// Pin sets or removes a pin, as somebody who owns the room.
func (w *World) Pin(_ context.Context, by chat.UserID, on chat.Ref, set bool) error {
	return w.change(by, on, func(u *user, m *message) error {
		if !slices.Contains(m.in.owners, u.id) {
			m.in.owners = append(m.in.owners, u.id)
		}
		return w.pin(u, m, set)
	})
}
