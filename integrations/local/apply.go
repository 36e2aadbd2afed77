package local

import (
	"slices"
	"strings"

	"boswell/chat"
)

// apply takes a line in. It never fails: what a line refers to was there when the line was written, and what is not there is
// left alone.
func (s *state) apply(e entry) {
	s.seq = e.seq
	switch t := e.thing.(type) {
	case arrived:
		s.arrive(e, t)
	case opened:
		s.open(e, t)
	case joined:
		s.join(t)
	case said:
		s.say(e, t)
	case typed:
		s.ask(e, t.asking)
	case pressed:
		s.ask(e, t.asking)
	case submitted:
		s.ask(e, t.asking)
		s.submit(e, t)
	case called:
		s.ask(e, t.asking)
	case answered:
		s.answer(e, t)
	default:
		s.change(e)
	}
}

// change takes in what happened to a message or room that is there.
func (s *state) change(e entry) {
	switch t := e.thing.(type) {
	case edited:
		if m := s.message(t.Room, t.Message); m != nil {
			m.content, m.editedAt = t.Content, e.at
		}
	case unsaid:
		if m := s.message(t.Room, t.Message); m != nil && !m.deleted {
			s.count(m, -1)
			m.erase()
		}
	case reacted:
		if m := s.message(t.Room, t.Message); m != nil {
			m.react(e, t)
		}
	case pinned:
		if m := s.message(t.Room, t.Message); m != nil {
			m.pinned = !t.Removed
		}
	case retitled:
		if r := s.rooms[t.Room]; r != nil {
			r.topic = t.Topic
		}
	case archived:
		if r := s.rooms[t.Room]; r != nil {
			r.archived = !t.Open
		}
	case bookmarked:
		if r := s.rooms[t.Room]; r != nil {
			r.bookmark(Bookmark{Title: t.Title, Link: t.Link})
		}
	}
}

func (s *state) message(room chat.ChannelID, id chat.MessageID) *message {
	r := s.rooms[room]
	if r == nil {
		return nil
	}
	return r.byID[id]
}

func (s *state) arrive(e entry, t arrived) {
	u := chat.User{ID: chat.UserID("u" + number(e.seq)), Handle: t.Handle, Name: t.Name, Zone: t.Zone, Bot: t.Bot, Guest: t.Guest}
	s.people[u.ID] = u
	s.handles[strings.ToLower(t.Handle)] = u.ID
	s.arrivals = append(s.arrivals, u.ID)
	if t.Key != "" {
		s.personKeys[t.Key] = u.ID
	}
}

func (s *state) open(e entry, t opened) {
	r := &room{id: chat.ChannelID("r" + number(e.seq)), name: t.Name, topic: t.Topic, private: t.Private, direct: t.Direct,
		members: slices.Clone(t.Members), byID: map[chat.MessageID]*message{}}
	s.rooms[r.id] = r
	s.inOrder = append(s.inOrder, r.id)
	if r.name != "" {
		s.names[r.name] = r.id
	}
	if t.Key != "" {
		s.roomKeys[t.Key] = r.id
	}
}

func (s *state) join(t joined) {
	r := s.rooms[t.Room]
	if r == nil {
		return
	}
	r.members = slices.DeleteFunc(r.members, func(id chat.UserID) bool { return id == t.User })
	if !t.Left {
		r.members = append(r.members, t.User)
	}
}

func (s *state) say(e entry, t said) {
	r := s.rooms[t.Room]
	if r == nil {
		return
	}
	m := &message{thread: t.Thread, by: t.By, alias: t.Alias, to: t.To, content: t.Content, files: t.Files}
	s.add(e, r, m)
	if t.Key != "" {
		s.messageKeys[t.Key] = s.ref(m)
	}
	if _, ok := s.toBot(t); ok {
		s.asks[commandID(e.seq)] = newAsk(t.By, s.place(t.Room, t.Thread))
	}
}

// add puts a new message at the end of a room.
func (s *state) add(e entry, r *room, m *message) {
	m.id, m.seq, m.room, m.at = chat.MessageID(number(e.seq)), e.seq, r.id, e.at
	r.messages = append(r.messages, m)
	r.byID[m.id] = m
	s.count(m, 1)
}

// count keeps account of a message that is new, or about to be erased.
func (s *state) count(m *message, n int) {
	if about := s.message(m.room, chat.MessageID(m.thread)); about != nil && m.to == "" {
		about.replies += n
	}
	for _, f := range m.files {
		s.uses[f.ID] += n
	}
}

func newAsk(by chat.UserID, place chat.Place) *ask {
	return &ask{by: by, place: place, done: make(chan struct{})}
}

func (s *state) ask(e entry, a asking) {
	id := chat.DeliveryID(number(e.seq))
	s.asks[id] = newAsk(a.By, s.place(a.Room, a.Thread))
	if a.Key != "" {
		s.askKeys[a.Key] = id
	}
}

func (s *state) submit(e entry, t submitted) {
	m, a := s.message(t.Room, t.On), s.asks[chat.DeliveryID(number(e.seq))]
	if m == nil || m.form == nil {
		return
	}
	m.sent, m.problem = true, ""
	a.form, a.values = m, t.Values
}

// conclude ends a form that was sent, and says whether it has to be sent again: one that was refused stands there as it was
// filled in.
func (a *ask) conclude(r chat.Reply) (again bool) {
	m := a.form
	if m == nil || m.form == nil {
		return false
	}
	a.form, m.sent = nil, false
	if !r.Refused {
		m.form = nil
		return false
	}
	m.form, m.problem = withValues(m.form, a.values), legible(r.Message)
	a.problem = m.problem
	return true
}

// withValues is a form in which some values stand at first.
func withValues(f *chat.Form, values map[chat.FieldID]string) *chat.Form {
	filled := *f
	filled.Fields = slices.Clone(f.Fields)
	for i := range filled.Fields {
		filled.Fields[i].Value = values[filled.Fields[i].ID]
	}
	return &filled
}

// answer shows the bot's answer: in the room if it is public or there is nobody else, otherwise to the one who asked.
func (s *state) answer(e entry, t answered) {
	r := s.rooms[t.Room]
	if r == nil {
		return
	}
	a := s.asks[t.Of]
	if a == nil {
		a = newAsk(t.By, s.place(t.Room, t.Thread))
		s.asks[t.Of] = a
	}
	a.ended = a.ended || !t.Half
	a.refused = a.refused || t.Reply.Refused || t.Reply.Form != nil
	if !t.Half && a.conclude(t.Reply) || !speaks(t.Reply) {
		return
	}
	m := &message{thread: t.Thread, by: Boswell, to: t.By, content: t.Reply.Message, form: t.Reply.Form}
	if inOpen(r, t.Reply) {
		m.to = ""
	}
	s.add(e, r, m)
	a.shown, a.public = append(a.shown, m), m.to == ""
}

// speaks says that there is something to show.
func speaks(r chat.Reply) bool {
	return len(r.Text) > 0 || len(r.Rows) > 0 || len(r.Buttons) > 0 || len(r.Menus) > 0 || r.Form != nil
}

// inOpen says that everybody in the room sees a reply. A form is for the one who asked.
func inOpen(r *room, reply chat.Reply) bool {
	return r.withBot() || reply.Public && reply.Form == nil
}

// erase forgets what a message said, and keeps that there was one.
func (m *message) erase() {
	m.deleted, m.pinned = true, false
	m.content, m.files, m.reactions, m.form, m.problem = chat.Message{}, nil, nil, nil, ""
}

func (m *message) react(e entry, t reacted) {
	if i := m.reactionOf(t.By, t.Emoji); i >= 0 {
		m.reactions = slices.Delete(m.reactions, i, i+1)
	}
	if !t.Removed {
		m.reactions = append(m.reactions, reaction{emoji: t.Emoji, by: t.By, at: e.at})
	}
}

func (r *room) bookmark(b Bookmark) {
	for i := range r.bookmarks {
		if r.bookmarks[i].Title == b.Title {
			r.bookmarks[i] = b
			return
		}
	}
	r.bookmarks = append(r.bookmarks, b)
}

func (s *state) ref(m *message) chat.Ref {
	return chat.Ref{Platform: s.platform, Channel: m.room, Message: m.id}
}

func (s *state) place(room chat.ChannelID, thread chat.ThreadID) chat.Place {
	return chat.Place{Platform: s.platform, Channel: room, Thread: thread}
}
