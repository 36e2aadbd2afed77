package local

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"boswell/chat"
)

// An Opening is a room to be made.
type Opening struct {
	// Key, if any, makes the same call again return the same room.
	Key     string
	Name    string // without "#"; made lower case, blanks become "-"
	Topic   string
	Private bool
	Members []chat.UserID // besides the one who opens it, and the bot
}

// CreateRoom makes a room with the bot in it. A name that is taken is a *Problem.
func (c *Chat) CreateRoom(ctx context.Context, by chat.UserID, o Opening) (chat.Place, error) {
	var id chat.ChannelID
	err := c.do(ctx, func(d *draft) error {
		if known, ok := d.state.roomKeys[personal(by, o.Key)]; ok {
			id = known
			return nil
		}
		t, err := d.state.opening(by, o)
		if err != nil {
			return err
		}
		if _, taken := d.state.names[t.Name]; taken {
			return problem("There is a room #%s already. Choose another name.", t.Name)
		}
		id = chat.ChannelID("r" + number(d.add(t)))
		return nil
	})
	return chat.Place{Platform: c.options.Platform, Channel: id}, err
}

// personal makes the keys that one person's client chose differ from everybody else's. No key stays none.
func personal(by chat.UserID, key string) string {
	if key == "" {
		return ""
	}
	return "by/" + string(by) + "/" + key
}

// opening checks a room that somebody wants.
func (s *state) opening(by chat.UserID, o Opening) (opened, error) {
	name := roomName(o.Name)
	if name == "" {
		return opened{}, problem("A room needs a name with letters or digits. Choose one.")
	}
	members, err := s.members(append([]chat.UserID{by, Boswell}, o.Members...))
	return opened{By: by, Name: name, Topic: oneLine(clip(o.Topic, MaxText)), Private: o.Private, Members: members,
		Key: personal(by, o.Key)}, err
}

// members are the people of a list, who must be here, each once.
func (s *state) members(ids []chat.UserID) ([]chat.UserID, error) {
	var members []chat.UserID
	for _, id := range ids {
		if _, err := s.known(id); err != nil {
			return nil, err
		}
		if !slices.Contains(members, id) {
			members = append(members, id)
		}
	}
	return members, nil
}

// roomName is a name as rooms have it: lower case, with "-" for whatever is no letter, digit or "_".
func roomName(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
	})
	return strings.Trim(clip(strings.Join(words, "-"), maxName), "-")
}

// Direct is the conversation of some people, which nobody else sees; the bot is in it if it is one of them. It is made when
// it is asked for the first time.
func (c *Chat) Direct(ctx context.Context, by chat.UserID, with ...chat.UserID) (chat.Place, error) {
	var id chat.ChannelID
	err := c.do(ctx, func(d *draft) error {
		members, err := d.state.members(append([]chat.UserID{by}, with...))
		if err != nil {
			return err
		}
		if len(members) < 2 {
			return problem("A direct conversation needs somebody else. Choose who.")
		}
		slices.Sort(members)
		key := fmt.Sprintf("direct/%q", members)
		known, ok := d.state.roomKeys[key]
		if id = known; !ok {
			id = chat.ChannelID("r" + number(d.add(opened{By: by, Direct: true, Members: members, Key: key})))
		}
		return nil
	})
	return chat.Place{Platform: c.options.Platform, Channel: id}, err
}

// Join lets a person enter a room, or bring somebody in. A private room is entered by being brought in.
func (c *Chat) Join(ctx context.Context, by, who chat.UserID, in chat.Place) error {
	return c.do(ctx, func(d *draft) error {
		r, err := d.state.writable(by, in.Channel)
		if err != nil {
			return err
		}
		if _, err := d.state.known(who); err != nil {
			return err
		}
		if r.direct {
			return problem("A direct conversation stays among its people. Begin another one.")
		}
		d.enter(r, who, by)
		return nil
	})
}

// enter adds a person to a room, unless they are in it.
func (d *draft) enter(r *room, who, by chat.UserID) {
	if !r.has(who) {
		d.add(joined{inRoom: inRoom{r.id}, User: who, By: by})
	}
}

// Leave lets a person leave a room, or take somebody out. The bot can be taken out, too.
func (c *Chat) Leave(ctx context.Context, by, who chat.UserID, in chat.Place) error {
	return c.do(ctx, func(d *draft) error {
		r, err := d.state.room(by, in.Channel)
		if err != nil {
			return err
		}
		if r.direct {
			return problem("A direct conversation keeps its people. Just write nothing more in it.")
		}
		if r.has(who) {
			d.add(joined{inRoom: inRoom{r.id}, User: who, By: by, Left: true})
		}
		return nil
	})
}

// Archive closes a room, in which nobody writes then, or opens it again.
func (c *Chat) Archive(ctx context.Context, by chat.UserID, in chat.Place, open bool) error {
	return c.do(ctx, func(d *draft) error {
		r, err := d.state.room(by, in.Channel)
		if err == nil && r.archived == open {
			d.add(archived{inRoom: inRoom{r.id}, By: by, Open: open})
		}
		return err
	})
}

// SetTopic says what a room is about, in one line.
func (c *Chat) SetTopic(ctx context.Context, by chat.UserID, in chat.Place, topic string) error {
	return c.do(ctx, func(d *draft) error {
		r, err := d.state.writable(by, in.Channel)
		if err != nil {
			return err
		}
		if topic = oneLine(clip(topic, MaxText)); topic != r.topic {
			d.add(retitled{inRoom: inRoom{r.id}, By: by, Topic: topic})
		}
		return nil
	})
}

// room is one that a person sees.
func (s *state) room(by chat.UserID, id chat.ChannelID) (*room, error) {
	if _, err := s.known(by); err != nil {
		return nil, err
	}
	r := s.rooms[id]
	if r == nil || !r.sees(by) {
		return nil, errNoRoom
	}
	return r, nil
}

// writable is a room that a person sees and that is not archived.
func (s *state) writable(by chat.UserID, id chat.ChannelID) (*room, error) {
	r, err := s.room(by, id)
	if err == nil && r.archived {
		return nil, errArchived
	}
	return r, err
}
