package local

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"boswell/chat"
)

// meta is what every delivery tells.
func (s *state) meta(d delivery, by chat.UserID, thread chat.ThreadID) chat.Meta {
	r := s.rooms[d.room]
	return chat.Meta{Delivery: d.id(), At: d.entry.at, From: s.people[by], Place: s.place(d.room, thread), Direct: r.withBot(), Room: r.written()}
}

// question is the meta of a question. Its trigger is the delivery, on which a form can be opened.
func (s *state) question(d delivery, a asking) chat.Meta {
	m := s.meta(d, a.By, a.Thread)
	m.Trigger = chat.Trigger(m.Delivery)
	return m
}

// about is the meta of something done to a message, which happened where the message is.
func (s *state) about(d delivery, by chat.UserID, id chat.MessageID) chat.Meta {
	var thread chat.ThreadID
	if m := s.message(d.room, id); m != nil {
		thread = m.thread
	}
	return s.meta(d, by, thread)
}

// onto is the address of a message, nil for none.
func (s *state) onto(room chat.ChannelID, id chat.MessageID) *chat.Ref {
	if id == "" {
		return nil
	}
	return &chat.Ref{Platform: s.platform, Channel: room, Message: id}
}

// ofMessage is a message with what it said at the time of a delivery. Its time is when it was first said.
func (s *state) ofMessage(d delivery, room chat.ChannelID, id chat.MessageID, content chat.Message) chat.Inbound {
	m := s.message(room, id)
	if m == nil {
		return nil
	}
	in := s.seen(m).Said
	in.Delivery, in.Text, in.Edited = d.id(), legible(content), d.editedAt()
	return in
}

// editedAt is when a message was changed, if that is what is delivered.
func (d delivery) editedAt() (at time.Time) {
	if _, ok := d.entry.thing.(edited); ok {
		at = d.entry.at
	}
	return at
}

// seen is a message as it now stands.
func (s *state) seen(m *message) chat.Seen {
	d := delivery{entry: entry{seq: m.seq, at: m.at}, room: m.room}
	seen := chat.Seen{Pinned: m.pinned, Said: chat.Said{Meta: s.meta(d, m.by, m.thread), Ref: s.ref(m), Text: legible(m.content),
		Files: slices.Clone(m.files), Edited: m.editedAt, Order: orderOf(m.seq), Link: s.published(m)}}
	seen.Said.From = s.author(m)
	for _, r := range m.reactions {
		seen.Reactions = append(seen.Reactions, chat.SeenReaction{Emoji: r.emoji, From: s.people[r.by], At: r.at})
	}
	return seen
}

// An address is the pages' own, then these with what they name behind them.
const (
	linkRoom    = "/rooms/"
	linkMessage = "/messages/"
)

// published is the address of a message, if the pages have one that means something elsewhere.
func (s *state) published(m *message) string {
	if s.url == "" {
		return ""
	}
	return linkTo(s.url, s.ref(m))
}

// linkTo is the address of a message on the pages at url.
func linkTo(url string, r chat.Ref) string {
	return url + linkRoom + string(r.Channel) + linkMessage + string(r.Message)
}

// orderOf sorts messages as text in the order in which they were said.
func orderOf(seq uint64) string { return fmt.Sprintf("%020d", seq) }

// legible is a message as it is read: its text, then a line for each row.
func legible(m chat.Message) string {
	text := m.Text.String()
	for _, row := range m.Rows {
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		text += row.Label + ": " + row.Text.String()
	}
	return text
}

// spoken is a command that was said as a message. Said in a thread, it answers to the message that the thread is about.
func (s *state) spoken(d delivery, t said) chat.Inbound {
	line, _ := s.toBot(t)
	if rest, slash := slashed(line); slash {
		line = rest
	}
	m := s.question(d, asking{inRoom: t.inRoom, Thread: t.Thread, By: t.By})
	return chat.Invoked{Meta: m, Line: line, Mentions: s.mentions(line), On: s.onto(t.Room, chat.MessageID(t.Thread))}
}

// shortcut is an action on a message, with the message.
func (s *state) shortcut(d delivery, t called) chat.Inbound {
	in := chat.Shortcut{Meta: s.question(d, t.asking), Action: t.Action, On: *s.onto(t.Room, t.On)}
	if m := s.message(t.Room, t.On); m != nil && !m.deleted {
		on := s.seen(m).Said
		in.Message = &on
	}
	return in
}

// mentions are the people whose @handle stands in a text, in its order, each once.
func (s *state) mentions(text string) []chat.User {
	var found []chat.User
	for _, part := range strings.Split(text, "@")[1:] {
		end := strings.IndexFunc(part, func(r rune) bool { return !inHandle(r) })
		if end < 0 {
			end = len(part)
		}
		u, ok := s.byHandle(strings.TrimRight(part[:end], ".-_"))
		if !ok {
			u, ok = s.byHandle(part[:end])
		}
		if ok && !slices.ContainsFunc(found, func(f chat.User) bool { return f.ID == u.ID }) {
			found = append(found, u)
		}
	}
	return found
}

// inHandle says that r may stand in a handle.
func inHandle(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(".-_", r)
}
