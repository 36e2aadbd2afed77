package rocketchat

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"boswell/chat"
)

// memory is what was last seen of messages. It is filled by what arrives and by reading rooms back, so that after a restart
// the first reading says what there is to compare with.
type memory struct{ of bounded[messageKey, sight] }

type messageKey struct{ room, id string }

// sight is what was seen of one message.
type sight struct {
	said    time.Time
	version time.Time
	edited  time.Time
	by      string // username
	words   uint64
	marks   []mark
	pinned  bool
	gone    bool
}

// mark is a reaction of one person. A person who is not known is told by the name, with an @ before it.
type mark struct{ emoji, user string }

func (m *memory) get(room, id string) (sight, bool) { return m.of.get(messageKey{room, id}) }

func (m *memory) put(room, id string, s sight) { m.of.put(messageKey{room, id}, s) }

// gone says that a message is known to be deleted.
func (m *memory) gone(room, id string) bool {
	s, _ := m.get(room, id)
	return s.gone
}

// forget notes that a message is deleted.
func (m *memory) forget(room, id string) { m.put(room, id, sight{gone: true}) }

// fitting are the known messages of a room that are among those that were deleted at once.
func (m *memory) fitting(room string, many cleared) []string {
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	var ids []string
	for _, half := range []map[messageKey]sight{m.of.young, m.of.old} {
		for k, s := range half {
			if k.room == room && many.fits(s) && !slices.Contains(ids, k.id) {
				ids = append(ids, k.id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// fits says that a message was among those that were deleted.
func (c cleared) fits(s sight) bool {
	t := c.Said
	switch {
	case s.gone, s.said.IsZero(), c.KeepPinned && s.pinned:
		return false
	case t.Before.IsZero() && t.Until.IsZero() && t.After.IsZero() && t.From.IsZero():
		return false // nothing is said about which
	case !t.After.IsZero() && !s.said.After(t.After.Time), !t.From.IsZero() && s.said.Before(t.From.Time),
		!t.Before.IsZero() && !s.said.Before(t.Before.Time), !t.Until.IsZero() && s.said.After(t.Until.Time):
		return false
	default:
		return len(c.Users) == 0 || slices.Contains(c.Users, s.by)
	}
}

// sightOf is what a message is now; people are those who reacted, in the order of the marks.
func (p *Platform) sightOf(ctx context.Context, m *message) (s sight, people []chat.SeenReaction, err error) {
	people, err = p.reactions(ctx, m)
	if err != nil {
		return sight{}, nil, err
	}
	s = sight{said: m.Said.Time, version: m.Updated.Time, edited: m.Edited.Time, by: m.Sender.Username, words: m.wordsHash(), pinned: m.Pinned.v}
	for _, r := range people {
		s.marks = append(s.marks, mark{r.Emoji, first(string(r.From.ID), "@"+r.From.Handle)})
	}
	return s, people, nil
}

// reactions are the reactions of a message and who set them, in a fixed order. The server tells people by their usernames.
func (p *Platform) reactions(ctx context.Context, m *message) ([]chat.SeenReaction, error) {
	var all []chat.SeenReaction
	for name, r := range m.Reactions.v {
		for _, username := range r.Usernames {
			u, err := p.named(ctx, username)
			if err != nil {
				return nil, err
			}
			all = append(all, chat.SeenReaction{Emoji: emojiOf(name), From: u})
		}
	}
	slices.SortFunc(all, func(a, b chat.SeenReaction) int {
		return strings.Compare(a.Emoji+"\x00"+string(a.From.ID)+"\x00"+a.From.Handle, b.Emoji+"\x00"+string(b.From.ID)+"\x00"+b.From.Handle)
	})
	return slices.CompactFunc(all, func(a, b chat.SeenReaction) bool { return a.Emoji == b.Emoji && a.From == b.From }), nil
}

// wordsHash tells one text with its files from another.
func (m *message) wordsHash() uint64 {
	h := fnv.New64a()
	// A hash takes every write.
	_, _ = h.Write([]byte(m.words()))
	for _, f := range m.files() {
		_, _ = h.Write([]byte("\x00" + f.ID))
	}
	return h.Sum64()
}

// message takes a message as it now stands, and hands on what is different from what was seen before. What is older than
// that is late, and says nothing any more.
func (r *running) message(m *message) {
	if m.Hidden.v || m.Kind == "rm" {
		r.unsaid(m.Room, m.ID, m.Updated.Time)
		return
	}
	if m.Kind != "" {
		r.notice(m)
		return
	}
	if !r.p.heeded(m.Room, m.Thread) {
		r.command(m)
		return
	}
	was, known := r.p.memory.get(m.Room, m.ID)
	if known && (was.gone || m.Updated.Before(was.version)) {
		return
	}
	now, people, err := r.look(m)
	if err != nil {
		return
	}
	if r.tell(m, was, now, known, people) && r.command(m) {
		r.p.memory.put(m.Room, m.ID, now)
	}
}

// look finds out what a message is now, and tries again as long as that may help.
func (r *running) look(m *message) (sight, []chat.SeenReaction, error) {
	for wait := r.p.o.Retry; ; wait = min(2*wait, time.Minute) {
		s, people, err := r.p.sightOf(r.ctx, m)
		if err == nil {
			return s, people, nil
		}
		r.p.log.Warn().Err(err).Str("message", m.ID).Msg("could not find out who reacted; it is tried again")
		if !pause(r.ctx, max(wait, chat.AsFailure(err).After)) {
			return sight{}, nil, r.ctx.Err()
		}
	}
}

// tell hands on what is new of a message, in the order in which it can have happened. It says whether all was taken.
func (r *running) tell(m *message, was, now sight, known bool, people []chat.SeenReaction) bool {
	if !known || now.words != was.words || now.edited.After(was.edited) {
		if known && !now.edited.After(was.edited) {
			m.Edited = m.Updated // apps change words without saying so
		}
		if !r.say(m) {
			return false
		}
	}
	for _, gone := range was.marks {
		if !slices.Contains(now.marks, gone) && !r.reacted(m, gone, r.p.byID(r.ctx, gone.user), true) {
			return false
		}
	}
	for i, set := range now.marks {
		if !slices.Contains(was.marks, set) && !r.reacted(m, set, people[i].From, false) {
			return false
		}
	}
	return now.pinned == was.pinned || r.pinned(m)
}

func (r *running) reacted(m *message, what mark, who chat.User, removed bool) bool {
	how := "+"
	if removed {
		how = "-"
	}
	in := chat.Reacted{On: r.p.ref(m.Room, m.ID), Emoji: what.emoji, Removed: removed}
	in.Meta = r.meta(m.Room, fmt.Sprintf("mark/%s/%s/%s%s%d", m.ID, what.user, how, what.emoji, m.Updated.UnixMilli()), m.Updated.Time)
	in.From = who
	_, taken := r.deliver(in)
	return taken
}

func (r *running) pinned(m *message) bool {
	in := chat.Pinned{On: r.p.ref(m.Room, m.ID), Removed: !m.Pinned.v}
	in.Meta = r.meta(m.Room, fmt.Sprintf("pin/%s/%t/%d", m.ID, m.Pinned.v, m.Updated.UnixMilli()), m.Updated.Time)
	if by := m.PinnedBy.v; by.ID != "" {
		in.From = r.p.person(r.ctx, by)
	}
	_, taken := r.deliver(in)
	return taken
}

// notice takes what the server itself says in a room.
func (r *running) notice(m *message) {
	switch m.Kind {
	case "e2e":
		r.encrypted(m.Room, m.Sender.ID)
	case "room-archived", "room-unarchived", "room_e2e_enabled", "room_e2e_disabled":
		r.review(m.Room)
	case "uj", "ut", "au", "ul", "ru", "ult", "ujt":
		r.moved(m)
	}
}

// moved takes somebody who entered or left a room. Where others did it, the words of the notice are who was moved, by name.
func (r *running) moved(m *message) {
	left := m.Kind == "ul" || m.Kind == "ru" || m.Kind == "ult"
	who := r.p.person(r.ctx, m.Sender)
	if m.Kind == "au" || m.Kind == "ru" {
		u, err := r.p.named(r.ctx, m.Text)
		if err != nil || u.ID == "" {
			return
		}
		who = u
	}
	if who.Self {
		return // what the bot may read is told otherwise
	}
	in := chat.Joined{Meta: r.meta(m.Room, "moved/"+m.ID, m.Said.Time), Left: left}
	in.From = who
	r.deliver(in)
}
