// Package localsim plays the people of the built-in chat, for tests and for replays.
//
// The invariant: there is no simulation in it. The chat is the real one on a real disk, and its people act through the
// methods that its pages use. Only what stands between the chat and the bot can be made to misbehave (platform.go).
package localsim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/local"
)

// A World is a built-in chat with people who do as they are told. It can all that a chattest.World can.
type World struct {
	chat   *local.Chat
	clock  *chattest.Clock
	bridge chat.UserID
	wire   *wire

	mu     sync.Mutex
	unseen map[chat.ChannelID]chat.UserID // somebody of each room that the bot is not in
}

// Open opens the chat in a folder, with people who tell the time by clock.
func Open(folder string, id chat.PlatformID, clock *chattest.Clock) (*World, error) {
	c, err := local.Open(local.Options{Platform: id, Folder: folder, Now: clock.Now})
	if err != nil {
		return nil, err
	}
	bridge, err := c.Arrive(context.Background(), local.Arrival{Key: "bridge", Handle: "bridge", Name: "Bridge", Bot: true})
	if err != nil {
		return nil, err
	}
	return &World{chat: c, clock: clock, bridge: bridge.ID, wire: newWire(c.Platform()),
		unseen: map[chat.ChannelID]chat.UserID{}}, nil
}

// Chat is the chat itself.
func (w *World) Chat() *local.Chat { return w.chat }

// Close closes the chat.
func (w *World) Close() error { return w.chat.Close() }

// Platform is the bot's side of the chat, behind the wire that can misbehave.
func (w *World) Platform() chat.Platform { return w.wire }

// Clock is what the chat tells the time by.
func (w *World) Clock() *chattest.Clock { return w.clock }

// AddPerson makes an account.
func (w *World) AddPerson(ctx context.Context, p chattest.Person) (chat.User, error) {
	return w.chat.Arrive(ctx, local.Arrival{Handle: p.Handle, Name: p.Name, Zone: p.Zone, Bot: p.Bot, Guest: p.Guest})
}

// AddRoom makes a room. One that the bot does not see is a direct conversation of its members.
func (w *World) AddRoom(ctx context.Context, r chattest.Room) (chat.Place, error) {
	if len(r.Members) == 0 {
		return chat.Place{}, fmt.Errorf("the room %q has no members to make it", r.Name)
	}
	if r.Unseen {
		room, err := w.chat.Direct(ctx, r.Members[0], r.Members[1:]...)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.unseen[room.Channel] = r.Members[0]
		return room, err
	}
	return w.chat.CreateRoom(ctx, r.Members[0], local.Opening{Name: r.Name, Private: r.Private, Members: r.Members[1:]})
}

// Say posts a line.
func (w *World) Say(ctx context.Context, by chat.UserID, to chat.Place, text string) (chat.Ref, error) {
	return w.chat.Say(ctx, local.Saying{By: by, To: to, Text: text})
}

// Reply answers a message in its thread.
func (w *World) Reply(ctx context.Context, by chat.UserID, on chat.Ref, text string) (chat.Ref, error) {
	return w.Say(ctx, by, chat.Place{Platform: on.Platform, Channel: on.Channel, Thread: chat.ThreadID(on.Message)}, text)
}

// SayAs posts a line through the bridge.
func (w *World) SayAs(ctx context.Context, alias string, to chat.Place, text string) (chat.Ref, error) {
	return w.chat.Say(ctx, local.Saying{By: w.bridge, Alias: alias, To: to, Text: text})
}

// Carrier is the bridge's account.
func (w *World) Carrier() chat.UserID { return w.bridge }

// Attach posts a line with a file.
func (w *World) Attach(ctx context.Context, by chat.UserID, to chat.Place, text string, f chattest.File) (chat.Ref, error) {
	return w.chat.Say(ctx, local.Saying{By: by, To: to, Text: text,
		Files: []local.Attachment{{Name: f.Name, Language: f.Language, Contents: bytes.NewReader(f.Contents)}}})
}

// Edit replaces the text of a message.
func (w *World) Edit(ctx context.Context, by chat.UserID, on chat.Ref, text string) error {
	return w.chat.Edit(ctx, by, on, text)
}

// Delete takes a message back.
func (w *World) Delete(ctx context.Context, by chat.UserID, on chat.Ref) error {
	return w.chat.Delete(ctx, by, on)
}

// React sets or removes a reaction.
func (w *World) React(ctx context.Context, by chat.UserID, on chat.Ref, emoji string, set bool) error {
	return w.chat.React(ctx, by, on, emoji, set)
}

// Pin sets or removes a pin.
func (w *World) Pin(ctx context.Context, by chat.UserID, on chat.Ref, set bool) error {
	return w.chat.Pin(ctx, by, on, set)
}

// Type gives the bot a command.
func (w *World) Type(ctx context.Context, by chat.UserID, to chat.Place, line string, on *chat.Ref) (chattest.Answer, error) {
	a, err := w.chat.Type(ctx, local.Typing{By: by, To: to, Line: line, On: on})
	return w.answer(ctx, by, a, err)
}

// Press presses a button, or picks the option of a menu.
func (w *World) Press(ctx context.Context, by chat.UserID, on chattest.Message, b chat.Button) (chattest.Answer, error) {
	a, err := w.chat.Press(ctx, local.Pressing{By: by, On: on.Ref, Action: b.Action, Value: b.Value})
	return w.answer(ctx, by, a, err)
}

// Submit fills in the form that an answer showed.
func (w *World) Submit(ctx context.Context, by chat.UserID, shown chattest.Answer, values map[chat.FieldID]string) (chattest.Answer, error) {
	on := shown.Message.Ref
	a, err := w.chat.Submit(ctx, local.Filling{By: by, On: on, Values: values})
	var problem *local.Problem
	if !errors.As(err, &problem) {
		return w.answer(ctx, by, a, err)
	}
	m, lookErr := w.chat.Message(by, on)
	if lookErr != nil || m.Problem == "" {
		return chattest.Answer{}, err
	}
	return chattest.Answer{Message: chattest.Message{Ref: on}, Form: m.Form, Problem: m.Problem}, nil
}

// Call calls an action from the menu of a message.
func (w *World) Call(ctx context.Context, by chat.UserID, action chat.ActionID, on chat.Ref) (chattest.Answer, error) {
	a, err := w.chat.Call(ctx, local.Calling{By: by, On: on, Action: action})
	return w.answer(ctx, by, a, err)
}

// Complete says what could follow a line.
func (w *World) Complete(ctx context.Context, by chat.UserID, in chat.Place, line string) ([]chat.Choice, error) {
	return w.chat.Complete(ctx, by, in, line)
}

// Idle waits until the bot has taken everything, and counts what it has taken.
func (w *World) Idle(ctx context.Context) (uint64, error) {
	if err := w.chat.Platform().Drained(ctx); err != nil {
		return 0, err
	}
	return w.wire.count(), nil
}

// Messages are those of a room that all its members see.
func (w *World) Messages(ctx context.Context, in chat.Place) ([]chattest.Message, error) {
	return w.look(ctx, w.somebody(in), in, false)
}

// somebody is who sees a room: the bot, or somebody of those among themselves.
func (w *World) somebody(in chat.Place) chat.UserID {
	w.mu.Lock()
	defer w.mu.Unlock()
	if member, ok := w.unseen[in.Channel]; ok {
		return member
	}
	return local.Boswell
}

// Whispers are those of a room that one person alone sees.
func (w *World) Whispers(ctx context.Context, to chat.UserID, in chat.Place) ([]chattest.Message, error) {
	return w.look(ctx, to, in, true)
}

// look is a room as one person sees it: what all see, or what they see alone.
func (w *World) look(ctx context.Context, by chat.UserID, in chat.Place, whispers bool) ([]chattest.Message, error) {
	all, err := w.chat.Messages(by, in, local.Span{})
	if err != nil {
		return nil, err
	}
	var messages []chattest.Message
	for _, m := range all {
		if m.Whisper != whispers {
			continue
		}
		shown, err := w.message(ctx, by, m)
		if err != nil {
			return nil, err
		}
		messages = append(messages, shown)
	}
	return messages, nil
}

// message is a message as people see it.
func (w *World) message(ctx context.Context, by chat.UserID, m local.Message) (chattest.Message, error) {
	shown := chattest.Message{Ref: m.Ref, Place: m.Place, From: m.From, Shown: shown(m.Content), Edited: !m.Edited.IsZero(),
		Pinned: m.Pinned, Reactions: map[string][]chat.UserID{}, Buttons: m.Content.Buttons, Menus: m.Content.Menus}
	for _, r := range m.Reactions {
		for _, u := range r.From {
			shown.Reactions[r.Emoji] = append(shown.Reactions[r.Emoji], u.ID)
		}
	}
	for _, s := range m.Content.Text {
		if s.Kind == chat.SpanMention {
			shown.Pinged = append(shown.Pinged, s.User)
		}
	}
	for _, f := range m.Files {
		contents, err := w.contents(ctx, by, m.Ref, f.ID)
		if err != nil {
			return chattest.Message{}, err
		}
		shown.Files = append(shown.Files, chattest.File{Name: f.Name, Language: f.Language, Contents: contents})
	}
	return shown, nil
}

// shown is a message as the page shows it: the text, then a line for each row.
func shown(m chat.Message) chat.Text {
	text := append(chat.Text{}, m.Text...)
	for _, row := range m.Rows {
		if len(text) > 0 && !strings.HasSuffix(text[len(text)-1].Text, "\n") {
			text = text.Plain("\n")
		}
		text = append(text.Bold(row.Label).Plain(": "), row.Text...)
	}
	return text
}

func (w *World) contents(ctx context.Context, by chat.UserID, on chat.Ref, id string) ([]byte, error) {
	r, _, err := w.chat.File(ctx, by, on, id)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	if closed := r.Close(); err == nil {
		err = closed
	}
	return data, err
}

// answer is an answer as the one who asked sees it. Of several messages, the texts stand one under the other.
func (w *World) answer(ctx context.Context, by chat.UserID, a local.Answer, err error) (chattest.Answer, error) {
	if err != nil || len(a.Messages) == 0 {
		return chattest.Answer{}, err
	}
	seen := chattest.Answer{Public: a.Public, Refused: a.Refused}
	for i, m := range a.Messages {
		next, err := w.message(ctx, by, m)
		if err != nil {
			return chattest.Answer{}, err
		}
		if m.Form != nil {
			seen.Form = m.Form
		}
		if i == 0 {
			seen.Message = next
			continue
		}
		seen.Message.Shown = append(seen.Message.Shown.Plain("\n"), next.Shown...)
	}
	return seen, nil
}
