package discord

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"boswell/chat"
)

// madeRooms remembers the rooms that were made, and lets one be made at a time: two at once could both find nothing.
type madeRooms struct {
	making sync.Mutex
	byKey  bounded[string, madeRoom]
}

type madeRoom struct {
	place chat.Place
	name  string
}

// The shape of what makes and changes a channel.
type (
	newChannel struct {
		Name       string      `json:"name"`
		Type       int         `json:"type"`
		Topic      string      `json:"topic,omitempty"`
		ParentID   string      `json:"parent_id,omitempty"`
		Overwrites []overwrite `json:"permission_overwrites,omitempty"`
	}
	newThread struct {
		Name    string    `json:"name"`
		Type    int       `json:"type,omitempty"`
		Archive int       `json:"auto_archive_duration"`
		Message *outgoing `json:"message,omitempty"`
	}
)

// The amounts that rooms take, and how long a thread stays open without a word, in minutes.
const (
	nameMost   = 100
	topicMost  = 1024
	threadFor  = 10080
	typeRole   = 0
	typeMember = 1
)

// MakeRoom makes the room of an incident: a channel, a thread or a post, as configured. A private one is a channel or a private
// thread, since everybody reads a forum. A room made before with the key is found again: a channel by its topic, a thread by
// its first message.
func (p *Platform) MakeRoom(ctx context.Context, key string, r chat.NewRoom) (chat.Place, string, error) {
	near, ok := spotOf(r.Near)
	if !ok || near.guild == "" {
		return chat.Place{}, "", chat.Final(errors.New("a room was asked for outside of a server"),
			"I can make rooms in servers only. Start the incident in a channel of one.")
	}
	if _, err := p.self(ctx); err != nil {
		return chat.Place{}, "", err
	}
	p.rooms.making.Lock()
	defer p.rooms.making.Unlock()
	if known, ok := p.rooms.byKey.get(key); ok {
		return known.place, known.name, nil
	}
	c, err := p.makeRoom(ctx, key, near, r)
	if err != nil {
		return chat.Place{}, "", err
	}
	c.GuildID = near.guild
	p.guilds.put(c)
	p.pins.learn(c.ID, nil)
	room := madeRoom{place: p.place(spot{guild: near.guild, channel: c.ID}), name: "#" + c.Name}
	if c.isThread() {
		if err := p.bringIn(ctx, key, room.place, r.Users); err != nil {
			return chat.Place{}, "", err
		}
	}
	p.rooms.byKey.put(key, room)
	return room.place, room.name, nil
}

// bringIn brings people into a new thread. Somebody who cannot be brought in costs the others nothing: the thread says who.
func (p *Platform) bringIn(ctx context.Context, key string, room chat.Place, users []chat.UserID) error {
	err := p.Invite(ctx, room, users)
	if err == nil || chat.AsFailure(err).Temporary {
		return err
	}
	_, err = p.Post(ctx, "not brought in/"+key, room, chat.Message{Text: chat.Say(chat.AsFailure(err).Tell)})
	return err
}

func (p *Platform) makeRoom(ctx context.Context, key string, near spot, r chat.NewRoom) (channel, error) {
	switch {
	case p.cfg.Rooms == RoomsThread:
		return p.makeThread(ctx, key, near, r)
	case p.cfg.Rooms == RoomsForum && !r.Private:
		return p.makePost(ctx, key, near, r)
	default:
		return p.makeChannel(ctx, key, near, r)
	}
}

// marker ends a topic or a first message; it is by what a room is found again.
func marker(key string) string { return "boswell:" + nonceOf(key)[:12] }

// viewing is what a person, and the bot, may do in a private channel that was made for them.
const viewing = bitView | bitSend | bitHistory | bitReact | bitEmbed | bitAttach

func (p *Platform) makeChannel(ctx context.Context, key string, near spot, r chat.NewRoom) (channel, error) {
	var all []channel
	if err := p.rest.get(ctx, "/guilds/"+near.guild+"/channels", &all); err != nil {
		return channel{}, err
	}
	for _, c := range all {
		if strings.HasSuffix(c.Topic, marker(key)) {
			return c, nil
		}
	}
	body := newChannel{Name: channelName(r.Name), Topic: strings.TrimSpace(clip(r.Topic, topicMost-40) + " · " + marker(key)),
		ParentID: p.category(near, all)}
	if r.Private {
		body.Overwrites = []overwrite{{ID: near.guild, Type: typeRole, Deny: bitView},
			{ID: p.knownSelf().user, Type: typeMember, Allow: viewing}}
		for _, u := range r.Users {
			body.Overwrites = append(body.Overwrites, overwrite{ID: string(u), Type: typeMember, Allow: viewing})
		}
	}
	var made channel
	err := p.rest.do(ctx, request{method: "POST", path: "/guilds/" + near.guild + "/channels", body: body, reason: "room of an incident"}, &made)
	return made, err
}

// category is where a new channel goes: where it is configured, else beside the channel where it was asked for.
func (p *Platform) category(near spot, all []channel) string {
	if p.cfg.Rooms == RoomsChannel && p.cfg.Parent != "" {
		return p.cfg.Parent
	}
	i := slices.IndexFunc(all, func(c channel) bool { return c.ID == near.channel })
	if i < 0 {
		return ""
	}
	return all[i].ParentID
}

// threadParent is the channel that a new thread goes into: the one that is configured, else where it was asked for.
func (p *Platform) threadParent(near spot) string {
	if p.cfg.Parent != "" {
		return p.cfg.Parent
	}
	if c, known := p.guilds.channel(near.channel); known && c.isThread() {
		return c.ParentID
	}
	return near.channel
}

// makeThread makes a thread of its own. Of a private one only those know who are brought in. The thread cannot be made together
// with its marker, so one of the bot's with the same name whose marker does not stand yet is taken: an attempt that was broken
// off left it.
func (p *Platform) makeThread(ctx context.Context, key string, near spot, r chat.NewRoom) (channel, error) {
	parent := p.threadParent(near)
	c, state, err := p.madeThread(ctx, near.guild, parent, key, r)
	if err != nil || state == threadMarked {
		return c, err
	}
	if state == threadMissing {
		kind := channelPublicThread
		if r.Private {
			kind = channelPrivateThread
		}
		err := p.rest.do(ctx, request{method: "POST", path: "/channels/" + parent + "/threads",
			body: newThread{Name: clip(r.Name, nameMost), Type: kind, Archive: threadFor}}, &c)
		if err != nil {
			return channel{}, err
		}
	}
	_, err = p.Post(ctx, "marker/"+key, p.place(spot{guild: near.guild, channel: c.ID}), firstWords(key, r))
	return c, err
}

func firstWords(key string, r chat.NewRoom) chat.Message {
	return chat.Message{Text: chat.Say(orElse(r.Topic, r.Name) + "\n").Code(marker(key))}
}

// makePost makes a post in the forum.
func (p *Platform) makePost(ctx context.Context, key string, near spot, r chat.NewRoom) (channel, error) {
	if c, state, err := p.madeThread(ctx, near.guild, p.cfg.Parent, key, r); err != nil || state == threadMarked {
		return c, err
	}
	first, err := render(firstWords(key, r))
	if err != nil {
		return channel{}, err
	}
	if _, err := p.channel(ctx, p.cfg.Parent); err != nil {
		return channel{}, err
	}
	var made channel
	err = p.rest.do(ctx, request{method: "POST", path: "/channels/" + p.cfg.Parent + "/threads",
		body: newThread{Name: clip(r.Name, nameMost), Archive: threadFor, Message: &first}}, &made)
	return made, err
}

// How far the making of a thread has come.
type threadState int

const (
	threadMissing  threadState = iota
	threadUnmarked             // it is there by its name, and nothing tells whose it is
	threadMarked
)

// madeThread is the thread of the bot's that was made for a key, as far as that had come.
func (p *Platform) madeThread(ctx context.Context, guildID, parent, key string, r chat.NewRoom) (channel, threadState, error) {
	threads, err := p.activeThreads(ctx, guildID)
	if err != nil {
		return channel{}, threadMissing, err
	}
	var unmarked channel
	for _, c := range threads {
		if c.ParentID != parent || c.OwnerID != p.knownSelf().user {
			continue
		}
		marks, err := p.markersIn(ctx, c)
		switch {
		case err != nil:
			return channel{}, threadMissing, err
		case slices.Contains(marks, marker(key)):
			return c, threadMarked, nil
		case len(marks) == 0 && c.Name == clip(r.Name, nameMost):
			unmarked = c
		}
	}
	if unmarked.ID != "" {
		return unmarked, threadUnmarked, nil
	}
	return channel{}, threadMissing, nil
}

var anyMarker = regexp.MustCompile(`boswell:[a-z2-7]{12}`)

// markersIn are the markers among the first messages of a thread.
func (p *Platform) markersIn(ctx context.Context, c channel) ([]string, error) {
	var first []message
	if err := p.rest.get(ctx, "/channels/"+c.ID+"/messages?limit=5&after=0", &first); err != nil {
		return nil, err
	}
	var marks []string
	for _, m := range first {
		if m.Author != nil && m.Author.ID == p.knownSelf().user {
			marks = append(marks, anyMarker.FindAllString(m.Content, -1)...)
		}
	}
	return marks, nil
}

// channelName is a name as Discord takes one: lower case, with hyphens in the place of everything else.
func channelName(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	name = strings.TrimRight(b.String(), "-")
	if utf8.RuneCountInString(name) > nameMost {
		name = string([]rune(name)[:nameMost])
	}
	return orElse(name, "incident")
}

// FindRoom finds a channel by its name, a mention of it, or a link. Without a server near, all servers are looked through.
func (p *Platform) FindRoom(ctx context.Context, near chat.Place, name string) (chat.Place, string, error) {
	name = strings.TrimSpace(name)
	if t := token.FindStringSubmatch(name); t != nil && t[0] == name && t[2] != "" {
		return p.roomAt(ctx, t[2])
	}
	if _, id, _, ok := parseLink(name); ok {
		return p.roomAt(ctx, id)
	}
	servers := p.guilds.ids()
	if s, ok := spotOf(near); ok && s.guild != "" {
		servers = []string{s.guild}
	}
	var found []channel
	for _, id := range servers {
		all, err := p.namedIn(ctx, id, strings.TrimPrefix(name, "#"))
		if err != nil {
			return chat.Place{}, "", err
		}
		found = append(found, all...)
	}
	switch len(found) {
	case 1:
		return p.roomAt(ctx, found[0].ID)
	case 0:
		return chat.Place{}, "", chat.Final(fmt.Errorf("no channel %q", clip(name, nameMost)),
			fmt.Sprintf("There is no channel %q that I may see. Write its name as it stands in the list, and let me in.", clip(name, nameMost)))
	default:
		return chat.Place{}, "", chat.Final(fmt.Errorf("%d channels %q", len(found), clip(name, nameMost)),
			fmt.Sprintf("There are %d channels called %q. Name the one you mean by its link.", len(found), clip(name, nameMost)))
	}
}

// namedIn are the channels and threads of a server that have a name and can be written in.
func (p *Platform) namedIn(ctx context.Context, guildID, name string) ([]channel, error) {
	var all []channel
	if err := p.rest.get(ctx, "/guilds/"+guildID+"/channels", &all); err != nil {
		return nil, err
	}
	threads, err := p.activeThreads(ctx, guildID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(append(all, threads...), func(c channel) bool {
		return !strings.EqualFold(c.Name, name) || c.Type == channelCategory || c.isForum()
	}), nil
}

func (p *Platform) roomAt(ctx context.Context, id string) (chat.Place, string, error) {
	c, err := p.freshChannel(ctx, id)
	if err != nil {
		return chat.Place{}, "", err
	}
	s, err := p.locate(ctx, c.GuildID, id)
	if err != nil {
		return chat.Place{}, "", err
	}
	if !p.cfg.serves(s.guild) || s.guild == "" {
		return chat.Place{}, "", chat.Final(errors.New("a channel of another server"), "That channel is not in a server that I serve.")
	}
	return p.place(s), s.name, nil
}
