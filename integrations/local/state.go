package local

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"boswell/chat"
)

// Boswell is the account of the bot, which is there from the beginning.
const Boswell chat.UserID = "boswell"

// A state is the chat as the lines of the file made it. It is guarded by Chat.mu.
type state struct {
	url      string // of the pages
	platform chat.PlatformID
	seq      uint64
	people   map[chat.UserID]chat.User
	handles  map[string]chat.UserID // lower case
	arrivals []chat.UserID          // in order
	rooms    map[chat.ChannelID]*room
	names    map[string]chat.ChannelID // of rooms that are not direct
	inOrder  []chat.ChannelID          // in order
	// keys are the messages, rooms and questions that a key made, so that it makes them once.
	messageKeys map[string]chat.Ref
	roomKeys    map[string]chat.ChannelID
	personKeys  map[string]chat.UserID
	askKeys     map[string]chat.DeliveryID
	asks        map[chat.DeliveryID]*ask
	// uses counts the messages that a file stands in.
	uses map[string]int
}

// A room is a conversation. A direct one has no name and is seen by its members alone.
type room struct {
	id        chat.ChannelID
	name      string
	topic     string
	private   bool
	direct    bool
	archived  bool
	members   []chat.UserID // in order of entry
	bookmarks []Bookmark
	messages  []*message // oldest first
	byID      map[chat.MessageID]*message
}

// A message keeps its place when it is deleted, without what it said.
type message struct {
	id        chat.MessageID
	seq       uint64
	room      chat.ChannelID
	thread    chat.ThreadID
	by        chat.UserID
	alias     string
	to        chat.UserID
	at        time.Time
	editedAt  time.Time
	content   chat.Message
	files     []chat.File
	reactions []reaction
	pinned    bool
	deleted   bool
	replies   int        // in its thread
	form      *chat.Form // to be filled in
	sent      bool       // it is filled in, and the bot has not answered yet
	problem   string     // what the bot found wrong with it; then it can be sent again
}

type reaction struct {
	emoji string
	by    chat.UserID
	at    time.Time
}

// An ask is a question to the bot: a command, a button, a form.
type ask struct {
	by      chat.UserID
	place   chat.Place
	done    chan struct{} // closed once the answer is durable
	ended   bool          // the bot has said all it had to say
	shown   []*message
	public  bool                    // everybody in the room saw it
	refused bool                    // what was asked for was not done
	form    *message                // whose form was sent
	values  map[chat.FieldID]string // that stand in it
	// problem is why the form was refused; empty is that it was not.
	problem string
}

func newState(platform chat.PlatformID, url string) *state {
	boswell := chat.User{ID: Boswell, Handle: string(Boswell), Name: "Boswell", Bot: true, Self: true}
	return &state{
		url:         url,
		platform:    platform,
		people:      map[chat.UserID]chat.User{Boswell: boswell},
		handles:     map[string]chat.UserID{boswell.Handle: Boswell},
		rooms:       map[chat.ChannelID]*room{},
		names:       map[string]chat.ChannelID{},
		messageKeys: map[string]chat.Ref{},
		roomKeys:    map[string]chat.ChannelID{},
		personKeys:  map[string]chat.UserID{},
		askKeys:     map[string]chat.DeliveryID{},
		asks:        map[chat.DeliveryID]*ask{},
		uses:        map[string]int{},
	}
}

// number is the name of what the line seq made.
func number(seq uint64) string { return strconv.FormatUint(seq, 10) }

func (r *room) has(user chat.UserID) bool { return slices.Contains(r.members, user) }

// sees says that a person may look into the room. The bot looks into those alone that it is in.
func (r *room) sees(user chat.UserID) bool {
	return r.has(user) || user != Boswell && !r.private && !r.direct
}

// written is the name as people write it; a conversation has none.
func (r *room) written() string {
	if r.direct || r.name == "" {
		return ""
	}
	return "#" + r.name
}

// withBot says that the room is a conversation of one person with the bot: all that is said there is said to it.
func (r *room) withBot() bool { return r.direct && len(r.members) == 2 && r.has(Boswell) }

// shows says that a person sees the message, who sees the room.
func (m *message) shows(user chat.UserID) bool { return !m.deleted && (m.to == "" || m.to == user) }

func (m *message) reactionOf(user chat.UserID, emoji string) int {
	return slices.IndexFunc(m.reactions, func(r reaction) bool { return r.by == user && r.emoji == emoji })
}

// byHandle finds a person by what people type after "@".
func (s *state) byHandle(handle string) (chat.User, bool) {
	u, ok := s.people[s.handles[strings.ToLower(handle)]]
	return u, ok
}

// author is who wrote a message, by the name that it carries.
func (s *state) author(m *message) chat.User {
	u := s.people[m.by]
	u.Alias = m.alias
	return u
}

// slashed is what stands after the command's name, if text is a command.
func slashed(text string) (line string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(text, " \n\t"), Slash)
	if !ok || rest != "" && !strings.ContainsAny(rest[:1], " \n\t") {
		return "", false
	}
	return strings.TrimSpace(rest), true
}

// toBot is the command within a message, if it is said to the bot: a line that begins with its name, or anything in a direct
// conversation. What bots say is no command.
func (s *state) toBot(t said) (line string, ok bool) {
	if s.people[t.By].Bot || t.To != "" {
		return "", false
	}
	text := strings.TrimSpace(t.Content.Text.String())
	if line, ok := mentioned(text); ok {
		return line, true
	}
	return text, s.rooms[t.Room].withBot()
}

// mentioned is what stands behind the bot's name at the beginning of a text.
func mentioned(text string) (line string, ok bool) {
	name := "@" + string(Boswell)
	if len(text) < len(name) || !strings.EqualFold(text[:len(name)], name) {
		return "", false
	}
	rest := strings.TrimLeft(text[len(name):], ":,")
	if rest != "" && !strings.ContainsAny(rest[:1], " \n\t") {
		return "", false
	}
	return strings.TrimSpace(rest), true
}

// commandID is the delivery of the command within the message that the line seq made.
func commandID(seq uint64) chat.DeliveryID { return chat.DeliveryID(number(seq) + "/command") }
