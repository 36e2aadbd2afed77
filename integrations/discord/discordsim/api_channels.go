package discordsim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

func listChannels(c *call) (any, *refusal) {
	if c.path("guild") != Server {
		return nil, noAccess
	}
	all := []object{}
	for _, ch := range c.s.order {
		if ch.guild != "" && !ch.gone && !ch.thread() && c.s.may(ch, bitView) {
			all = append(all, ch.object(c.s))
		}
	}
	return all, nil
}

func makeChannel(c *call) (any, *refusal) {
	var asked struct {
		Name       string      `json:"name"`
		Type       int         `json:"type"`
		Topic      string      `json:"topic"`
		Parent     string      `json:"parent_id"`
		Overwrites []overwrite `json:"permission_overwrites"`
	}
	switch {
	case !c.read(&asked) || asked.Name == "" || utf8.RuneCountInString(asked.Name) > 100 || utf8.RuneCountInString(asked.Topic) > 1024:
		return nil, badForm
	case c.s.o.Permissions&bitManageChannels == 0:
		return nil, noPermission
	}
	made := &channel{id: c.s.newID(), name: strings.ReplaceAll(strings.ToLower(asked.Name), " ", "-"), kind: asked.Type,
		topic: asked.Topic, parent: asked.Parent, guild: Server, overwrites: asked.Overwrites}
	c.s.addChannel(made, "CHANNEL_CREATE")
	return created{made.object(c.s)}, nil
}

func (s *Sim) addChannel(c *channel, kind string) {
	s.channels[c.id] = c
	s.order = append(s.order, c)
	if s.may(c, bitView) {
		o := c.object(s)
		if kind == "THREAD_CREATE" {
			o["newly_created"] = true
		}
		s.dispatch("", kind, o)
	}
}

func oneChannel(c *call) (any, *refusal) {
	ch, refused := c.s.channelOf(c.path("channel"))
	if refused != nil {
		return nil, refused
	}
	return ch.object(c.s), nil
}

func changeChannel(c *call) (any, *refusal) {
	ch, refused := c.s.channelOf(c.path("channel"))
	if refused != nil {
		return nil, refused
	}
	var asked struct {
		Topic    *string `json:"topic"`
		Parent   *string `json:"parent_id"`
		Archived *bool   `json:"archived"`
		Locked   *bool   `json:"locked"`
	}
	if !c.read(&asked) || asked.Topic != nil && utf8.RuneCountInString(*asked.Topic) > 1024 {
		return nil, badForm
	}
	if ch.thread() {
		return c.s.changeThread(ch, asked.Archived, asked.Locked)
	}
	if !c.s.may(ch, bitManageChannels) {
		return nil, noPermission
	}
	if asked.Topic != nil && *asked.Topic != ch.topic {
		if refused := ch.retitle(*asked.Topic, c.s.clock.Now()); refused != nil {
			return nil, refused
		}
	}
	if asked.Parent != nil {
		ch.parent = *asked.Parent
	}
	c.s.dispatch("", "CHANNEL_UPDATE", ch.object(c.s))
	return ch.object(c.s), nil
}

// Discord lets a bot change the topic of a channel this often.
const (
	topicsMost = 2
	topicsFor  = 10 * time.Minute
)

func (c *channel) retitle(topic string, now time.Time) *refusal {
	c.topics = slices.DeleteFunc(c.topics, func(at time.Time) bool { return now.Sub(at) >= topicsFor })
	if len(c.topics) >= topicsMost {
		return &refusal{status: http.StatusTooManyRequests, text: "You are being rate limited.", after: topicsFor - now.Sub(c.topics[0])}
	}
	c.topic, c.topics = topic, append(c.topics, now)
	return nil
}

func (s *Sim) changeThread(c *channel, archived, locked *bool) (any, *refusal) {
	if locked != nil && *locked != c.locked && !s.may(c, bitManageThreads) {
		return nil, noPermission
	}
	if archived != nil {
		c.archived, c.archivedAt = *archived, s.clock.Now()
	}
	if locked != nil {
		c.locked = *locked
	}
	s.dispatch("", "THREAD_UPDATE", c.object(s))
	return c.object(s), nil
}

func putOverwrite(c *call) (any, *refusal) {
	ch, refused := c.s.channelOf(c.path("channel"))
	if refused != nil {
		return nil, refused
	}
	asked := overwrite{Allow: "0", Deny: "0"}
	if !c.read(&asked) {
		return nil, badForm
	}
	asked.ID = c.path("id")
	mine := c.s.permitted(c.s.users[BotID], ch)
	if mine&bitManageRoles == 0 || number(asked.Allow)&^mine != 0 {
		return nil, noPermission
	}
	ch.overwrites = append(slices.DeleteFunc(ch.overwrites, func(o overwrite) bool { return o.ID == asked.ID }), asked)
	c.s.dispatch("", "CHANNEL_UPDATE", ch.object(c.s))
	return nil, nil
}

func activeThreads(c *call) (any, *refusal) {
	all := []object{}
	for _, ch := range c.s.order {
		if ch.thread() && !ch.archived && !ch.gone && c.s.may(ch, bitView) {
			all = append(all, ch.object(c.s))
		}
	}
	return object{"threads": all, "members": []object{}, "has_more": false}, nil
}

func archivedThreads(c *call) (any, *refusal) {
	parent, refused := c.s.channelOf(c.path("channel"))
	if refused != nil {
		return nil, refused
	}
	kind := kindPublicThread
	if c.path("kind") == "private" {
		kind = kindPrivateThread
		if !c.s.may(parent, bitManageThreads) {
			return nil, noPermission
		}
	}
	all := []object{}
	for _, ch := range slices.Backward(c.s.order) {
		if ch.parent == parent.id && ch.kind == kind && ch.archived && !ch.gone {
			all = append(all, ch.object(c.s))
		}
	}
	return object{"threads": all, "members": []object{}, "has_more": false}, nil
}

func threadFromMessage(c *call) (any, *refusal) {
	parent, refused := c.s.channelOf(c.path("channel"))
	if refused != nil {
		return nil, refused
	}
	m := parent.message(c.path("message"))
	switch {
	case m == nil:
		return nil, unknownMessage
	case c.s.channels[m.id] != nil:
		return nil, hasThread
	case !c.s.may(parent, bitPublicThreads):
		return nil, noPermission
	}
	return created{c.s.openThread(parent, m.id, c.name(), BotID, kindPublicThread).object(c.s)}, nil
}

func (c *call) name() string {
	var asked struct {
		Name string `json:"name"`
	}
	if !c.read(&asked) || asked.Name == "" {
		return "thread"
	}
	return asked.Name
}

// openThread makes a thread; that of a message has its number.
func (s *Sim) openThread(parent *channel, id, name, owner string, kind int) *channel {
	t := &channel{id: id, name: name, kind: kind, parent: parent.id, owner: owner, guild: parent.guild, members: []string{owner},
		archivedAt: s.clock.Now()}
	s.addChannel(t, "THREAD_CREATE")
	return t
}

func makeThread(c *call) (any, *refusal) {
	parent, refused := c.s.channelOf(c.path("channel"))
	if refused != nil {
		return nil, refused
	}
	asked := struct {
		Type    int             `json:"type"`
		Message json.RawMessage `json:"message"`
	}{Type: kindPrivateThread}
	if !c.read(&asked) || parent.kind == kindForum && asked.Message == nil {
		return nil, badForm
	}
	if !c.s.may(parent, threadRight(parent.kind, asked.Type)) {
		return nil, noPermission
	}
	if parent.kind != kindForum {
		t := c.s.openThread(parent, c.s.newID(), c.name(), BotID, asked.Type)
		if asked.Type == kindPublicThread {
			c.s.add(&message{id: c.s.newID(), in: parent, by: c.s.users[BotID], at: c.s.clock.Now(), kind: noticeThread, content: t.name})
		}
		return created{t.object(c.s)}, nil
	}
	t := c.s.openThread(parent, c.s.newID(), c.name(), BotID, kindPublicThread)
	first := &call{s: c.s, r: c.r, text: asked.Message}
	m, refused := first.compose(t)
	if refused != nil {
		return nil, refused
	}
	m.id = t.id
	c.s.add(m)
	o := t.object(c.s)
	o["message"] = m.object(c.s, true)
	return created{o}, nil
}

// threadRight is the permission that it takes to make a thread in a channel.
func threadRight(parent, kind int) uint64 {
	switch {
	case parent == kindForum:
		return bitSend
	case kind == kindPrivateThread:
		return bitPrivateThreads
	default:
		return bitPublicThreads
	}
}

func addThreadMember(c *call) (any, *refusal) {
	t, refused := c.s.channelOf(c.path("channel"))
	switch {
	case refused != nil:
		return nil, refused
	case !t.thread():
		return nil, no(400, 50024, "Cannot execute action on this channel type")
	case t.archived:
		return nil, archived
	case c.s.users[c.path("user")] == nil || c.s.users[c.path("user")].out:
		return nil, unknownUser
	}
	if !slices.Contains(t.members, c.path("user")) {
		t.members = append(t.members, c.path("user"))
	}
	return nil, nil
}
