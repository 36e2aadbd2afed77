package slacksim

import (
	"regexp"
	"slices"
)

var tagMethods = map[string]method{
	"reactions.add":    {scopes: []string{"reactions:write"}, needs: []need{{"name", "invalid_name"}, {"channel", "channel_not_found"}, {"timestamp", "no_item_specified"}}, do: (*Sim).addReaction},
	"reactions.remove": {scopes: []string{"reactions:write"}, needs: []need{{"name", "invalid_name"}, {"channel", "channel_not_found"}, {"timestamp", "no_item_specified"}}, do: (*Sim).removeReaction},
	"reactions.get":    {scopes: []string{"reactions:read"}, needs: []need{{"channel", "channel_not_found"}, {"timestamp", "no_item_specified"}}, do: (*Sim).getReactions},
	"pins.add":         {scopes: []string{"pins:write"}, needs: []need{{"channel", "channel_not_found"}, {"timestamp", "no_item_specified"}}, do: (*Sim).addPin},
	"pins.remove":      {scopes: []string{"pins:write"}, needs: []need{{"channel", "channel_not_found"}, {"timestamp", "no_item_specified"}}, do: (*Sim).removePin},
	"pins.list":        {scopes: []string{"pins:read"}, needs: []need{{"channel", "channel_not_found"}}, do: (*Sim).listPins},
}

var emojiName = regexp.MustCompile(`^[\p{L}\p{N}_'+-]+(::skin-tone-[2-6])?$`)

// pinsMost is how many messages of a channel can be pinned.
const pinsMost = 100

// tagged finds the message that a call tags.
func (s *Sim) tagged(c *call) (*channel, *message, error) {
	ch, err := s.writable(c)
	if err != nil {
		return nil, nil, err
	}
	m := ch.at(c.text("timestamp"))
	if m == nil {
		return nil, nil, refuse("message_not_found")
	}
	return ch, m, nil
}

// react sets or removes somebody's reaction, and says whether that changed anything.
func (s *Sim) react(ch *channel, m *message, by, name string, set bool) bool {
	i := slices.IndexFunc(m.reactions, func(r reaction) bool { return r.name == name })
	there := i >= 0 && slices.Contains(m.reactions[i].users, by)
	switch {
	case there == set:
		return false
	case set && i < 0:
		m.reactions = append(m.reactions, reaction{name: name, users: []string{by}})
	case set:
		m.reactions[i].users = append(slices.Clone(m.reactions[i].users), by)
	default:
		users := slices.DeleteFunc(slices.Clone(m.reactions[i].users), func(u string) bool { return u == by })
		if m.reactions[i].users = users; len(users) == 0 {
			m.reactions = slices.Delete(slices.Clone(m.reactions), i, i+1)
		}
	}
	s.tellReaction(ch, m, by, name, set)
	return true
}

func (s *Sim) addReaction(c *call) (object, error) {
	if !emojiName.MatchString(c.text("name")) {
		return nil, refuse("invalid_name")
	}
	ch, m, err := s.tagged(c)
	if err != nil {
		return nil, err
	}
	if !s.react(ch, m, BotUser, c.text("name"), true) {
		return nil, refuse("already_reacted")
	}
	return object{}, nil
}

func (s *Sim) removeReaction(c *call) (object, error) {
	ch, m, err := s.tagged(c)
	if err != nil {
		return nil, err
	}
	if !s.react(ch, m, BotUser, c.text("name"), false) {
		return nil, refuse("no_reaction")
	}
	return object{}, nil
}

func (s *Sim) getReactions(c *call) (object, error) {
	ch, err := s.visible(c.text("channel"))
	if err != nil {
		return nil, err
	}
	m := ch.at(c.text("timestamp"))
	if m == nil {
		return nil, refuse("message_not_found")
	}
	return object{"type": "message", "channel": ch.id, "message": s.messageObject(ch, m)}, nil
}

// pin sets or removes a pin, and says whether that changed anything.
func (s *Sim) pin(ch *channel, m *message, by string, set bool) bool {
	if m.pinned == set {
		return false
	}
	m.pinned = set
	s.tellPin(ch, m, by, set)
	return true
}

func (s *Sim) addPin(c *call) (object, error) {
	ch, m, err := s.tagged(c)
	if err != nil {
		return nil, err
	}
	if s.pins(ch) >= pinsMost {
		return nil, refuse("too_many_pins")
	}
	if !s.pin(ch, m, BotUser, true) {
		return nil, refuse("already_pinned")
	}
	return object{}, nil
}

func (s *Sim) pins(ch *channel) (n int) {
	for _, m := range ch.messages {
		if m.pinned && !m.deleted {
			n++
		}
	}
	return n
}

func (s *Sim) removePin(c *call) (object, error) {
	ch, m, err := s.tagged(c)
	if err != nil {
		return nil, err
	}
	if !s.pin(ch, m, BotUser, false) {
		return nil, refuse("no_pin")
	}
	return object{}, nil
}

func (s *Sim) listPins(c *call) (object, error) {
	ch, err := s.visible(c.text("channel"))
	if err != nil {
		return nil, err
	}
	if !ch.has(BotUser) {
		return nil, refuse("not_in_channel")
	}
	items := []object{}
	for _, m := range ch.messages {
		if m.pinned && !m.deleted {
			items = append(items, object{"type": "message", "channel": ch.id, "created": 1, "message": s.messageObject(ch, m)})
		}
	}
	return object{"items": items}, nil
}
