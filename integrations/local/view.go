package local

import (
	"cmp"
	"slices"
	"time"

	"boswell/chat"
)

// A Room is a room as one person sees it.
type Room struct {
	Place     chat.Place
	Name      string // of a direct conversation, those who are in it
	Topic     string
	Private   bool
	Direct    bool
	Archived  bool
	Member    bool // the person is in it
	Members   []chat.User
	Bookmarks []Bookmark
	Last      time.Time // of the newest message; zero without one
}

// A Bookmark is a link at the top of a room.
type Bookmark struct{ Title, Link string }

// A Message is a message as one person sees it.
type Message struct {
	Ref     chat.Ref
	Place   chat.Place
	Order   string // sorts messages as they were said
	At      time.Time
	From    chat.User
	Content chat.Message
	Files   []chat.File
	Edited  time.Time // zero where it says what it said at first
	Pinned  bool
	// Whisper says that nobody else sees it.
	Whisper   bool
	Reactions []Reaction
	Replies   int // in its thread
	// Form, if any, is to be filled in.
	Form *chat.Form
	// Problem is what the bot found wrong with Form as it was filled in; its fields hold what was sent.
	Problem string
}

// A Reaction is an emoji on a message, with those who set it, in order.
type Reaction struct {
	Emoji string
	From  []chat.User
}

// A Span is a part of a room's messages. Zero amounts are no bounds.
type Span struct {
	After, Before string // Order of messages that are not part of it
	Last          int    // so many, the newest
}

// Rooms are those that a person sees, direct ones last, each kind in the order of names.
func (c *Chat) Rooms(by chat.UserID) (rooms []Room, err error) {
	err = c.read(func(s *state) error {
		if _, err := s.known(by); err != nil {
			return err
		}
		for _, id := range s.inOrder {
			if r := s.rooms[id]; r.sees(by) {
				rooms = append(rooms, s.look(by, r))
			}
		}
		return nil
	})
	slices.SortStableFunc(rooms, func(a, b Room) int { return cmp.Compare(a.rank(), b.rank()) })
	return rooms, err
}

// rank sorts rooms as text.
func (r Room) rank() string {
	if r.Direct {
		return "direct " + r.Name
	}
	return "@" + r.Name
}

// Room is one room as a person sees it.
func (c *Chat) Room(by chat.UserID, in chat.Place) (look Room, err error) {
	err = c.read(func(s *state) error {
		r, err := s.room(by, in.Channel)
		if err == nil {
			look = s.look(by, r)
		}
		return err
	})
	return look, err
}

func (s *state) look(by chat.UserID, r *room) Room {
	look := Room{Place: s.place(r.id, ""), Name: r.name, Topic: r.topic, Private: r.private, Direct: r.direct,
		Archived: r.archived, Member: r.has(by), Bookmarks: slices.Clone(r.bookmarks)}
	for _, id := range r.members {
		look.Members = append(look.Members, s.people[id])
		if r.direct && id != by {
			look.Name = listed(look.Name, s.people[id].Display())
		}
	}
	if n := len(r.messages); n > 0 {
		look.Last = r.messages[n-1].at
	}
	return look
}

func listed(names, name string) string {
	if names == "" {
		return name
	}
	return names + ", " + name
}

// Messages are those of a room that a person sees, thread replies included, oldest first; of a Place with a Thread, the
// thread's with the message that it is about.
func (c *Chat) Messages(by chat.UserID, in chat.Place, part Span) (messages []Message, err error) {
	err = c.read(func(s *state) error {
		r, err := s.room(by, in.Channel)
		if err != nil {
			return err
		}
		for _, m := range r.part(by, in.Thread, part) {
			messages = append(messages, s.view(by, m))
		}
		return nil
	})
	return messages, err
}

// part are the messages that a person sees of a part of a room. It looks from the end, where people look.
func (r *room) part(by chat.UserID, thread chat.ThreadID, part Span) []*message {
	var found []*message
	for _, m := range slices.Backward(r.messages) {
		order := orderOf(m.seq)
		if order <= part.After || part.Last > 0 && len(found) == part.Last {
			break
		}
		if (part.Before == "" || order < part.Before) && m.shows(by) && m.in(thread) {
			found = append(found, m)
		}
	}
	slices.Reverse(found)
	return found
}

// in says that a message belongs to a thread; everything belongs to none.
func (m *message) in(thread chat.ThreadID) bool {
	return thread == "" || m.thread == thread || m.id == chat.MessageID(thread)
}

// Message is one message as a person sees it.
func (c *Chat) Message(by chat.UserID, on chat.Ref) (view Message, err error) {
	err = c.read(func(s *state) error {
		m, err := s.visible(by, on)
		if err == nil {
			view = s.view(by, m)
		}
		return err
	})
	return view, err
}

// Pins are the pinned messages of a room, oldest first.
func (c *Chat) Pins(by chat.UserID, in chat.Place) (pins []Message, err error) {
	err = c.read(func(s *state) error {
		r, err := s.room(by, in.Channel)
		if err != nil {
			return err
		}
		for _, m := range r.messages {
			if m.pinned && m.shows(by) {
				pins = append(pins, s.view(by, m))
			}
		}
		return nil
	})
	return pins, err
}

func (s *state) view(by chat.UserID, m *message) Message {
	view := Message{Ref: s.ref(m), Place: s.place(m.room, m.thread), Order: orderOf(m.seq), At: m.at, From: s.author(m),
		Content: m.content, Files: slices.Clone(m.files), Edited: m.editedAt, Pinned: m.pinned, Whisper: m.to != "",
		Replies: m.replies}
	if m.to == by || s.rooms[m.room].withBot() {
		view.Form, view.Problem = m.form, m.problem
	}
	for _, r := range m.reactions {
		view.react(r.emoji, s.people[r.by])
	}
	return view
}

func (m *Message) react(emoji string, from chat.User) {
	for i := range m.Reactions {
		if m.Reactions[i].Emoji == emoji {
			m.Reactions[i].From = append(m.Reactions[i].From, from)
			return
		}
	}
	m.Reactions = append(m.Reactions, Reaction{Emoji: emoji, From: []chat.User{from}})
}
