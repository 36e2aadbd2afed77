package local

import (
	"context"
	"fmt"
	"strings"

	"boswell/chat"
)

// MakeRoom makes a room; the same key makes it once, for ever. A name that is taken gets a number.
func (p *Platform) MakeRoom(ctx context.Context, key string, r chat.NewRoom) (chat.Place, string, error) {
	var id chat.ChannelID
	var name string
	err := p.chat.do(ctx, func(d *draft) error {
		if known, ok := d.state.roomKeys[personal(Boswell, key)]; ok {
			id, name = known, d.state.rooms[known].written()
			return nil
		}
		t, err := d.state.opening(Boswell, Opening{Key: key, Name: r.Name, Topic: r.Topic, Private: r.Private, Members: r.Users})
		if err != nil {
			return err
		}
		t.Name = d.state.freeName(t.Name)
		id = chat.ChannelID("r" + number(d.add(t)))
		name = "#" + t.Name
		return nil
	})
	return chat.Place{Platform: p.ID(), Channel: id}, name, failure(err)
}

// freeName is a name that no room has, as near to the wanted one as possible.
func (s *state) freeName(wanted string) string {
	name := wanted
	for n := 2; ; n++ {
		if _, taken := s.names[name]; !taken {
			return name
		}
		name = fmt.Sprintf("%s-%d", wanted, n)
	}
}

// FindRoom finds a room by its name, with or without "#", or by the address of the room or of a message in it.
func (p *Platform) FindRoom(_ context.Context, _ chat.Place, name string) (chat.Place, string, error) {
	var found *room
	err := p.chat.read(func(s *state) error {
		wanted := strings.TrimSpace(name)
		if channel, _, ok := p.parse(wanted); ok {
			found = s.rooms[channel]
		} else {
			found = s.rooms[s.names[roomName(wanted)]]
		}
		if found == nil || !found.has(Boswell) {
			return gone(fmt.Sprintf("There is no room %s here that Boswell is in. Look at the list of rooms.", clip(wanted, maxName)))
		}
		return nil
	})
	if err != nil {
		return chat.Place{}, "", failure(err)
	}
	return chat.Place{Platform: p.ID(), Channel: found.id}, found.written(), nil
}

// Invite brings people into a room.
func (p *Platform) Invite(ctx context.Context, to chat.Place, users []chat.UserID) error {
	return failure(p.chat.do(ctx, func(d *draft) error {
		r, err := d.state.writable(Boswell, to.Channel)
		if err != nil {
			return err
		}
		if r.direct {
			return problem("A direct conversation stays among its people. Make a room for more of them.")
		}
		members, err := d.state.members(users)
		for _, id := range members {
			d.enter(r, id, Boswell)
		}
		return err
	}))
}

// SetTopic says what a room is about.
func (p *Platform) SetTopic(ctx context.Context, to chat.Place, topic string) error {
	return failure(p.chat.SetTopic(ctx, Boswell, to, topic))
}

// Archive closes a room, or opens it again.
func (p *Platform) Archive(ctx context.Context, to chat.Place, open bool) error {
	return failure(p.chat.Archive(ctx, Boswell, to, open))
}

// Bookmark puts a link at the top of a room. The same title replaces its link.
func (p *Platform) Bookmark(ctx context.Context, to chat.Place, title, link string) error {
	return failure(p.chat.do(ctx, func(d *draft) error {
		r, err := d.state.writable(Boswell, to.Channel)
		if err != nil {
			return err
		}
		b := Bookmark{Title: oneLine(clip(title, maxName)), Link: link}
		for _, old := range r.bookmarks {
			if old == b {
				return nil
			}
		}
		d.add(bookmarked{inRoom: inRoom{r.id}, Title: b.Title, Link: b.Link})
		return nil
	}))
}
