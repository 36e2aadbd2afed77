package local

import (
	"context"
	"strings"
	"time"

	"boswell/chat"
)

// Link is the address of a message on the chat's pages.
func (p *Platform) Link(r chat.Ref) string {
	return linkTo(p.chat.options.URL, r)
}

// ParseLink reads an address that Link made. What else is written there is no address.
func (p *Platform) ParseLink(text string) (chat.Ref, bool) {
	channel, message, ok := p.parse(strings.TrimSpace(text))
	return chat.Ref{Platform: p.ID(), Channel: channel, Message: message}, ok && message != ""
}

// parse reads the address of a message or of a room.
func (p *Platform) parse(text string) (chat.ChannelID, chat.MessageID, bool) {
	rest, ok := strings.CutPrefix(text, p.chat.options.URL+linkRoom)
	channel, message, whole := strings.Cut(rest, linkMessage)
	if !ok || channel == "" || strings.ContainsAny(channel+message, "/ ?#") || whole && message == "" {
		return "", "", false
	}
	return chat.ChannelID(channel), chat.MessageID(message), true
}

// Fetch reads one message. One that is gone, or that one person alone sees, is chat.ErrGone.
func (p *Platform) Fetch(ctx context.Context, r chat.Ref) (seen chat.Seen, err error) {
	err = p.chat.read(func(s *state) error {
		m, err := s.readable(r)
		if err == nil {
			seen = s.seen(m)
		}
		return err
	})
	if err == nil {
		err = ctx.Err()
	}
	return seen, failure(err)
}

// readable is a message that the bot can read back.
func (s *state) readable(r chat.Ref) (*message, error) {
	room := s.rooms[r.Channel]
	if room == nil || !room.has(Boswell) || r.Platform != s.platform {
		return nil, errNoRoom
	}
	m := room.byID[r.Message]
	if m == nil || m.deleted || m.to != "" {
		return nil, errNoMessage
	}
	return m, nil
}

// historyPart is how many messages are read at once, so that a long history holds nobody up.
const historyPart = 200

// History reads a room, or a thread of it with the message that it is about. Messages are kept for ever.
func (p *Platform) History(ctx context.Context, in chat.Place, since time.Time, yield func(chat.Seen) error) (time.Time, error) {
	for next, last := 0, false; !last; {
		var part []chat.Seen
		err := p.chat.read(func(s *state) (err error) {
			part, next, err = s.history(in, since, next)
			last = len(part) == 0
			return err
		})
		if err != nil {
			return time.Time{}, failure(err)
		}
		for _, m := range part {
			if err := ctx.Err(); err != nil {
				return time.Time{}, failure(err)
			}
			if err := yield(m); err != nil {
				return time.Time{}, err
			}
		}
	}
	return time.Time{}, nil
}

// history is a part of a room's messages, those from the one at index from on; next is where the part after it begins. An
// empty part is the end.
func (s *state) history(in chat.Place, since time.Time, from int) (part []chat.Seen, next int, err error) {
	r := s.rooms[in.Channel]
	if r == nil || !r.has(Boswell) || in.Platform != s.platform {
		return nil, 0, errNoRoom
	}
	for next = from; next < len(r.messages) && len(part) < historyPart; next++ {
		m := r.messages[next]
		if !m.deleted && m.to == "" && !m.at.Before(since) && m.in(in.Thread) {
			part = append(part, s.seen(m))
		}
	}
	return part, next, nil
}

// Find says whether a message with this key was posted already, whenever that was.
func (p *Platform) Find(_ context.Context, key string, _ chat.Place, _ time.Time) (ref chat.Ref, ok bool, err error) {
	err = p.chat.read(func(s *state) error {
		ref, ok = s.messageKeys[botKey(key)]
		return nil
	})
	return ref, ok, failure(err)
}

// Person is one account.
func (p *Platform) Person(_ context.Context, id chat.UserID) (chat.User, error) {
	u, err := p.chat.person(id)
	return u, failure(err)
}

// People are those whose handle or name begins with a text, "@" or not: first the one whom it names exactly, then in the
// order of their arrival.
func (p *Platform) People(_ context.Context, _ chat.Place, typed string, limit int) ([]chat.User, error) {
	typed = strings.TrimPrefix(strings.TrimSpace(typed), "@")
	people, err := p.chat.People()
	if err != nil {
		return nil, failure(err)
	}
	var exact, others []chat.User
	for _, u := range people {
		switch {
		case strings.EqualFold(u.Handle, typed), strings.EqualFold(u.Name, typed):
			exact = append(exact, u)
		case begins(u.Handle, typed), begins(u.Name, typed):
			others = append(others, u)
		}
	}
	found := append(exact, others...)
	return found[:min(len(found), max(limit, 0))], nil
}

func begins(text, prefix string) bool {
	return strings.HasPrefix(strings.ToLower(text), strings.ToLower(prefix))
}
