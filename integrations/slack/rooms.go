package slack

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/slack-go/slack"

	"boswell/chat"
)

// roomNames remembers which channel a name stands for.
type roomNames struct {
	mu     sync.Mutex
	byName map[string]string
	byID   map[string]string
}

// namesMost bounds how many names of channels are remembered.
const namesMost = 50000

func (r *roomNames) learn(name, id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byName == nil || len(r.byName) > namesMost {
		r.byName, r.byID = map[string]string{}, map[string]string{}
	}
	r.byName[name], r.byID[id] = id, name
}

func (r *roomNames) nameOf(id string) (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	name, ok := r.byID[id]
	return name, ok
}

func (r *roomNames) idOf(name string) (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id, ok := r.byName[name]
	return id, ok
}

// forget drops a channel whose name or standing has changed.
func (r *roomNames) forget(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.byName, r.byID[id])
	delete(r.byID, id)
}

type wireRoom struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Archived bool   `json:"is_archived"`
	Member   bool   `json:"is_member"`
	Creator  string `json:"creator"`
	Purpose  struct {
		Value string `json:"value"`
	} `json:"purpose"`
}

func (p *Platform) roomInfo(ctx context.Context, id string) (wireRoom, error) {
	var answer struct {
		Channel wireRoom `json:"channel"`
	}
	if err := p.read(ctx, "conversations.info", url.Values{"channel": {id}}, &answer); err != nil {
		return wireRoom{}, p.sorted("look at a channel", err)
	}
	if answer.Channel.Name != "" {
		p.rooms.learn(answer.Channel.Name, id)
	}
	return answer.Channel, nil
}

// FindRoom finds a channel by its name, its mention or a link to it, and enters it where it is public. One that is archived,
// or private without the bot in it, is a Failure that says what to do.
func (p *Platform) FindRoom(ctx context.Context, _ chat.Place, name string) (chat.Place, string, error) {
	id, err := p.roomID(ctx, strings.TrimSpace(name))
	if err != nil {
		return chat.Place{}, "", err
	}
	info, err := p.roomInfo(ctx, id)
	if err != nil {
		return chat.Place{}, "", err
	}
	if info.Archived {
		return chat.Place{}, "", chat.Final(errors.New("the channel is archived"),
			"The channel #"+info.Name+" is archived. Unarchive it first, or name another one.")
	}
	if !info.Member && !direct(id) {
		if err := p.join(ctx, id); err != nil {
			return chat.Place{}, "", err
		}
	}
	return p.place(id, ""), "#" + info.Name, nil
}

// roomID reads what people write for a channel.
func (p *Platform) roomID(ctx context.Context, typed string) (string, error) {
	if parts := p.archive(typed); len(parts) > 0 {
		return parts[0], nil
	}
	if inside, ok := strings.CutPrefix(typed, "<#"); ok {
		id, _, _ := strings.Cut(strings.TrimSuffix(inside, ">"), "|")
		return id, nil
	}
	name := safeName(strings.TrimPrefix(typed, "#"))
	if id, ok := p.rooms.idOf(name); ok {
		return id, nil
	}
	if id, err := p.listed(ctx, name); err != nil || id != "" {
		return id, err
	}
	return "", chat.Final(fmt.Errorf("no channel %q", name), "I see no channel #"+name+
		". If it is private, `/invite @boswell` there lets me in.")
}

// listed looks for a name in the list of all channels that the bot can see; empty is none.
func (p *Platform) listed(ctx context.Context, name string) (id string, err error) {
	args := url.Values{"types": {"public_channel,private_channel"}}
	err = p.pagesOn(ctx, "conversations.list", args, func(page *listPage) error {
		for _, c := range page.Channels {
			p.rooms.learn(c.Name, c.ID)
			if c.Name == name {
				id = c.ID
				return errEnough
			}
		}
		return nil
	})
	return id, p.sorted("read the list of channels", err)
}

// join enters a public channel.
func (p *Platform) join(ctx context.Context, id string) error {
	_, _, _, err := p.api.JoinConversationContext(ctx, id)
	if c := code(err); c == "channel_not_found" || c == "method_not_supported_for_channel_type" {
		return chat.Final(err, forPeople["not_in_channel"])
	}
	return p.sorted("enter the channel", err)
}

// joined does something in a channel, and once more after entering it where the bot was not in it.
func (p *Platform) joined(ctx context.Context, channel string, do func() error) error {
	err := do()
	if code(err) != "not_in_channel" {
		return err
	}
	if err := p.join(ctx, channel); err != nil {
		return err
	}
	return do()
}

// nameMost is how long the name of a channel may be, topicMost its topic and purpose.
const (
	nameMost  = 80
	topicMost = 250
)

// safeName makes a name that Slack takes: lower case, and "-" for what cannot stand in it.
func safeName(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r == '_' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimRight(cut(b.String(), nameMost), "-")
}

// cut keeps the first most characters.
func cut(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most])
}

// suffixesMost is how many channels of one name are tried.
const suffixesMost = 20

// MakeRoom opens a channel. The key stands in its purpose, so that the channel is found again when an earlier attempt got no
// answer. A name that is taken gets a number.
func (p *Platform) MakeRoom(ctx context.Context, key string, r chat.NewRoom) (chat.Place, string, error) {
	base := safeName(r.Name)
	if base == "" {
		base = "incident"
	}
	for n := 1; n <= suffixesMost; n++ {
		name := base
		if n > 1 {
			suffix := "-" + strconv.Itoa(n)
			name = cut(base, nameMost-len(suffix)) + suffix
		}
		id, err := p.create(ctx, key, name, r.Private)
		if err != nil {
			return chat.Place{}, "", err
		}
		if id != "" {
			return p.place(id, ""), "#" + name, p.furnish(ctx, id, key, r)
		}
	}
	return chat.Place{}, "", chat.Final(errors.New("every name is taken"), "All names like #"+base+" are taken. Give the incident another title.")
}

// create makes a channel, or finds the one that was made with this key. Empty says that the name belongs to somebody else.
func (p *Platform) create(ctx context.Context, key, name string, private bool) (string, error) {
	c, err := p.api.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: name, IsPrivate: private})
	switch {
	case code(err) == "name_taken":
		return p.adopt(ctx, key, name)
	case err != nil:
		return "", p.sorted("open the channel #"+name, err)
	default:
		return c.ID, nil
	}
}

// adopt finds the channel of a name if it is ours: its purpose holds the key, or nothing yet.
func (p *Platform) adopt(ctx context.Context, key, name string) (id string, err error) {
	me, err := p.self(ctx)
	if err != nil {
		return "", err
	}
	args := url.Values{"types": {"public_channel,private_channel"}, "exclude_archived": {"true"}}
	err = p.pages(ctx, "users.conversations", args, func(page *listPage) error {
		for _, c := range page.Channels {
			if c.Name == name && (c.Purpose.Value == purpose(key) || c.Creator == me.user && c.Purpose.Value == "") {
				id = c.ID
				return errEnough
			}
		}
		return nil
	})
	return id, p.sorted("look for the channel", err)
}

func purpose(key string) string { return cut("Opened by Boswell for an incident ("+key+")", topicMost) }

// furnish gives a new channel its purpose, topic and people. What Slack refuses for good is left out and logged: the channel is
// there, and is of use without it.
func (p *Platform) furnish(ctx context.Context, id, key string, r chat.NewRoom) error {
	place := p.place(id, "")
	steps := []func() error{
		func() error {
			_, err := p.api.SetPurposeOfConversationContext(ctx, id, purpose(key))
			return p.sorted("set the purpose", err)
		},
		func() error {
			if r.Topic == "" {
				return nil
			}
			return p.SetTopic(ctx, place, r.Topic)
		},
		func() error { return p.Invite(ctx, place, r.Users) },
	}
	for _, do := range steps {
		err := do()
		if err != nil && chat.AsFailure(err).Temporary {
			return err
		}
		if err != nil {
			p.log.Warn().Err(err).Str("channel", id).Msg("a new channel lacks something")
		}
	}
	return nil
}

// SetTopic sets the topic; what is longer than Slack takes is cut.
func (p *Platform) SetTopic(ctx context.Context, to chat.Place, topic string) error {
	return p.sorted("set the topic", p.joined(ctx, string(to.Channel), func() error {
		_, err := p.api.SetTopicOfConversationContext(ctx, string(to.Channel), cut(topic, topicMost))
		return err
	}))
}

// Archive archives a channel. Slack does not let apps open one again: a person has to.
func (p *Platform) Archive(ctx context.Context, to chat.Place, open bool) error {
	if open {
		err := p.api.UnArchiveConversationContext(ctx, string(to.Channel))
		if code(err) == "not_in_channel" || code(err) == "channel_not_found" {
			return chat.Final(err, "Slack lets only a person unarchive the channel. Do that, then `/invite @boswell` there.")
		}
		return p.sorted("unarchive the channel", ignore(err, "not_archived"))
	}
	return p.sorted("archive the channel", ignore(p.api.ArchiveConversationContext(ctx, string(to.Channel)), "already_archived"))
}

// Bookmark puts a link at the top of a channel. One of the same title gets the new link.
func (p *Platform) Bookmark(ctx context.Context, to chat.Place, title, link string) error {
	channel := string(to.Channel)
	marks, err := p.api.ListBookmarksContext(ctx, channel)
	if err != nil {
		return p.sorted("read the bookmarks", err)
	}
	for _, m := range marks {
		if m.Title != title {
			continue
		}
		if m.Link != link {
			_, err = p.api.EditBookmarkContext(ctx, channel, m.ID, slack.EditBookmarkParameters{Link: link})
		}
		return p.sorted("change the bookmark", err)
	}
	_, err = p.api.AddBookmarkContext(ctx, channel, slack.AddBookmarkParameters{Title: title, Type: "link", Link: link})
	return p.sorted("set the bookmark", err)
}
