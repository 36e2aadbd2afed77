package discordsim

import (
	"net/url"
	"slices"
	"strings"
)

func (c *call) emoji() (string, *refusal) {
	name, err := url.PathUnescape(c.path("emoji"))
	if err != nil || name == "" {
		return "", unknownEmoji
	}
	if n, id, custom := strings.Cut(name, ":"); custom {
		known := slices.ContainsFunc(c.s.emojis, func(e object) bool { return e["id"] == id && e["name"] == n })
		if !known {
			return "", unknownEmoji
		}
	} else if name[0] < 0x80 {
		return "", unknownEmoji
	}
	return name, nil
}

func addReaction(c *call) (any, *refusal) {
	m, refused := c.target()
	if refused != nil {
		return nil, refused
	}
	emoji, refused := c.emoji()
	switch {
	case refused != nil:
		return nil, refused
	case m.in.archived:
		return nil, archived
	case !c.s.may(m.in, bitReact|bitHistory):
		return nil, noPermission
	case len(m.reacted) >= 20 && m.reaction(emoji) == nil:
		return nil, no(400, 30010, "Maximum number of reactions reached (20)")
	}
	c.s.react(m, c.s.users[BotID], emoji, true)
	return nil, nil
}

func removeReaction(c *call) (any, *refusal) {
	m, refused := c.target()
	if refused != nil {
		return nil, refused
	}
	emoji, refused := c.emoji()
	if refused != nil {
		return nil, refused
	}
	if r := m.reaction(emoji); r == nil || !slices.Contains(r.by, BotID) {
		return nil, unknownEmoji
	}
	c.s.react(m, c.s.users[BotID], emoji, false)
	return nil, nil
}

func (m *message) reaction(emoji string) *reaction {
	i := slices.IndexFunc(m.reacted, func(r *reaction) bool { return r.emoji == emoji })
	if i < 0 {
		return nil
	}
	return m.reacted[i]
}

// react sets or removes a reaction and tells of it.
func (s *Sim) react(m *message, by *user, emoji string, set bool) {
	r := m.reaction(emoji)
	if r == nil {
		r = &reaction{emoji: emoji}
		m.reacted = append(m.reacted, r)
	}
	if slices.Contains(r.by, by.id) == set {
		return
	}
	kind := "MESSAGE_REACTION_REMOVE"
	data := object{"user_id": by.id, "channel_id": m.in.id, "message_id": m.id, "emoji": emojiObject(emoji), "burst": false, "type": 0}
	if m.in.guild != "" {
		data["guild_id"] = m.in.guild
	}
	if set {
		kind = "MESSAGE_REACTION_ADD"
		r.by = append(r.by, by.id)
		data["message_author_id"] = m.by.id
		if m.in.guild != "" {
			data["member"] = by.fullMember()
		}
	} else {
		r.by = slices.DeleteFunc(r.by, func(id string) bool { return id == by.id })
	}
	m.reacted = slices.DeleteFunc(m.reacted, func(r *reaction) bool { return len(r.by)+len(r.super) == 0 })
	if s.may(m.in, bitView) {
		s.dispatch("reactions "+m.in.id, kind, data)
	}
}

func listReactions(c *call) (any, *refusal) {
	m, refused := c.target()
	if refused != nil {
		return nil, refused
	}
	emoji, refused := c.emoji()
	if refused != nil {
		return nil, refused
	}
	people := []object{}
	r := m.reaction(emoji)
	if r == nil {
		return people, nil
	}
	ids := slices.Clone(r.by)
	if c.r.URL.Query().Get("type") == "1" {
		ids = slices.Clone(r.super)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if number(id) > number(c.r.URL.Query().Get("after")) && len(people) < 100 {
			people = append(people, c.s.users[id].object())
		}
	}
	return people, nil
}

func listPins(c *call) (any, *refusal) {
	ch, refused := c.s.channelOf(c.path("channel"))
	if refused != nil {
		return nil, refused
	}
	items := []object{}
	for _, p := range ch.pins {
		if !p.on.gone && len(items) < 50 {
			items = append(items, object{"pinned_at": stamp(p.at), "message": p.on.object(c.s, c.s.seen(p.on))})
		}
	}
	return object{"items": items, "has_more": false}, nil
}

// listPinsOld is the list as it was before it had pages: the messages alone.
func listPinsOld(c *call) (any, *refusal) {
	ch, refused := c.s.channelOf(c.path("channel"))
	if refused != nil {
		return nil, refused
	}
	messages := []object{}
	for _, p := range ch.pins {
		if !p.on.gone && len(messages) < 50 {
			messages = append(messages, p.on.object(c.s, c.s.seen(p.on)))
		}
	}
	return messages, nil
}

func addPin(c *call) (any, *refusal)    { return c.pin(true) }
func removePin(c *call) (any, *refusal) { return c.pin(false) }

func (c *call) pin(set bool) (any, *refusal) {
	m, refused := c.target()
	switch {
	case refused != nil:
		return nil, refused
	case m.in.archived:
		return nil, archived
	case !c.s.may(m.in, bitPin):
		return nil, noPermission
	case set && !m.pinned && len(m.in.pins) >= 250:
		return nil, no(400, 30003, "Maximum number of pins reached (250)")
	}
	c.s.pin(m, c.s.users[BotID], set)
	return nil, nil
}

// pin pins or unpins a message and tells of it, as Discord does: that the message changed, that the pins of the channel did,
// and a line that says who it was.
func (s *Sim) pin(m *message, by *user, set bool) {
	if m.pinned == set {
		return
	}
	m.pinned = set
	m.in.pins = slices.DeleteFunc(m.in.pins, func(p *pin) bool { return p.on == m })
	if set {
		m.in.pins = append([]*pin{{s.clock.Now(), m}}, m.in.pins...)
	}
	group := "pin " + m.in.id
	if !s.o.QuietPins {
		s.dispatch(group, "MESSAGE_UPDATE", s.event(m))
	}
	data := object{"channel_id": m.in.id, "guild_id": m.in.guild, "last_pin_timestamp": nil}
	if len(m.in.pins) > 0 {
		data["last_pin_timestamp"] = stamp(m.in.pins[0].at)
	}
	s.dispatch(group, "CHANNEL_PINS_UPDATE", data)
	if set {
		notice := &message{id: s.newID(), in: m.in, by: by, at: s.clock.Now(), kind: noticePin, answers: m}
		m.in.messages = append(m.in.messages, notice)
		s.dispatch(group, "MESSAGE_CREATE", s.event(notice))
	}
}
