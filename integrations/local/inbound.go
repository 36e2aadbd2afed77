package local

import "boswell/chat"

// A delivery is one thing for the bot to hear. A message that is said to the bot is two: the message and the command.
type delivery struct {
	entry   entry
	room    chat.ChannelID
	command bool
}

func (d delivery) id() chat.DeliveryID {
	if d.command {
		return commandID(d.entry.seq)
	}
	return chat.DeliveryID(number(d.entry.seq))
}

// deliveries are what the bot hears of a line that was just applied: what happens in the rooms it is in.
func (s *state) deliveries(e entry) []delivery {
	t, ok := e.thing.(interface{ where() chat.ChannelID })
	if !ok {
		return nil
	}
	r := s.rooms[t.where()]
	if r == nil || !r.has(Boswell) && !leaves(e.thing) {
		return nil
	}
	d := delivery{entry: e, room: r.id}
	switch t := e.thing.(type) {
	case said:
		return s.ofSaid(d, r, t)
	case answered:
		if speaks(t.Reply) && inOpen(r, t.Reply) && !r.withBot() {
			return []delivery{d}
		}
	case edited, reacted, pinned, unsaid, joined, archived, typed, pressed, submitted, called:
		return []delivery{d}
	}
	return nil
}

// leaves says that the bot was taken out of the room, which it is told.
func leaves(t thing) bool {
	j, ok := t.(joined)
	return ok && j.Left && j.User == Boswell
}

func (s *state) ofSaid(d delivery, r *room, t said) []delivery {
	var all []delivery
	if t.To == "" && !r.withBot() {
		all = append(all, d)
	}
	if _, ok := s.toBot(t); ok {
		d.command = true
		all = append(all, d)
	}
	return all
}

// inbound is a delivery as the bot hears it; nil is nothing to hear. A message says what it said then; who it was is said as it is now known.
func (s *state) inbound(d delivery) chat.Inbound {
	e := d.entry
	switch t := e.thing.(type) {
	case said:
		if d.command {
			return s.spoken(d, t)
		}
		return s.ofMessage(d, t.Room, chat.MessageID(number(e.seq)), t.Content)
	case answered:
		return s.ofMessage(d, t.Room, chat.MessageID(number(e.seq)), t.Reply.Message)
	case edited:
		return s.ofMessage(d, t.Room, t.Message, t.Content)
	case typed:
		return chat.Invoked{Meta: s.question(d, t.asking), Line: t.Line, Mentions: s.mentions(t.Line), On: s.onto(t.Room, t.On)}
	case pressed:
		return chat.Pressed{Meta: s.question(d, t.asking), Action: t.Action, Value: t.Value, On: *s.onto(t.Room, t.On)}
	case submitted:
		return chat.Submitted{Meta: s.question(d, t.asking), Action: t.Action, State: t.State, Values: t.Values}
	case called:
		return s.shortcut(d, t)
	default:
		return s.happening(d)
	}
}

// happening is what befell a message or a room.
func (s *state) happening(d delivery) chat.Inbound {
	switch t := d.entry.thing.(type) {
	case unsaid:
		return chat.Unsaid{Meta: s.about(d, t.By, t.Message), Ref: *s.onto(t.Room, t.Message)}
	case reacted:
		return chat.Reacted{Meta: s.about(d, t.By, t.Message), On: *s.onto(t.Room, t.Message), Emoji: t.Emoji, Removed: t.Removed}
	case pinned:
		return chat.Pinned{Meta: s.about(d, t.By, t.Message), On: *s.onto(t.Room, t.Message), Removed: t.Removed}
	case joined:
		if t.Left && t.User == Boswell {
			return chat.Gone{Meta: s.meta(d, t.By, ""), Why: "the bot was taken out of the room"}
		}
		return chat.Joined{Meta: s.meta(d, t.User, ""), Left: t.Left}
	case archived:
		if t.Open {
			return chat.Joined{Meta: s.meta(d, Boswell, "")}
		}
		return chat.Gone{Meta: s.meta(d, t.By, ""), Why: "the room was archived"}
	}
	return nil
}
