package slacksim

// tell sends an event to the app, if it subscribed to it. It is called with the lock held.
func (s *Sim) tell(subscription string, event object) {
	if s.o.Events != nil {
		found := false
		for _, e := range s.o.Events {
			found = found || e == subscription
		}
		if !found {
			return
		}
	}
	s.mail.post(event)
}

// hears says that the app is in a channel.
func hears(c *channel) bool { return c.has(BotUser) }

// tellMessage sends an event about a message.
func (s *Sim) tellMessage(c *channel, event object) {
	if !hears(c) {
		return
	}
	names := map[string]string{"im": "message.im", "group": "message.groups", "channel": "message.channels"}
	event["type"], event["channel"], event["channel_type"] = "message", c.id, c.kind()
	s.tell(names[c.kind()], event)
}

// tellSaid sends a new message, and that it mentions the app where it does.
func (s *Sim) tellSaid(c *channel, m *message) {
	event := s.messageObject(c, m)
	event["event_ts"] = m.ts
	s.tellMessage(c, event)
	if m.bot == "" && c.with == "" && hears(c) && mentions(m.text, BotUser) {
		mention := s.messageObject(c, m)
		mention["type"], mention["channel"], mention["event_ts"] = "app_mention", c.id, m.ts
		s.tell("app_mention", mention)
	}
}

// tellChanged sends that a message is another one now.
func (s *Sim) tellChanged(c *channel, m *message, before object) {
	ts := s.stamp(c)
	s.tellMessage(c, object{"subtype": "message_changed", "hidden": true, "ts": ts, "event_ts": ts,
		"message": s.messageObject(c, m), "previous_message": before})
}

// tellDeleted sends that a message is gone. One with replies leaves a shadow, which is a change.
func (s *Sim) tellDeleted(c *channel, m *message, before object) {
	ts := s.stamp(c)
	if c.shadow(m) {
		s.tellMessage(c, object{"subtype": "message_changed", "hidden": true, "ts": ts, "event_ts": ts,
			"message": s.tombstone(c, m), "previous_message": before})
		return
	}
	s.tellMessage(c, object{"subtype": "message_deleted", "hidden": true, "ts": ts, "event_ts": ts, "deleted_ts": m.ts,
		"previous_message": before})
}

// tombstone is what is left of a deleted message with replies.
func (s *Sim) tombstone(c *channel, m *message) object {
	o := object{"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": true, "ts": m.ts,
		"text": "This message was deleted.", "thread_ts": m.ts}
	if replies := c.replies(m.ts); len(replies) > 0 {
		o["reply_count"], o["latest_reply"] = len(replies), replies[len(replies)-1].ts
	}
	return o
}

// tellReaction sends a reaction that was set or removed.
func (s *Sim) tellReaction(c *channel, m *message, by, name string, set bool) {
	if !hears(c) {
		return
	}
	kind := "reaction_added"
	if !set {
		kind = "reaction_removed"
	}
	s.tell(kind, object{"type": kind, "user": by, "reaction": name, "item_user": m.user,
		"item": object{"type": "message", "channel": c.id, "ts": m.ts}, "event_ts": s.stamp(c)})
}

// tellPin sends a pin that was set or removed.
func (s *Sim) tellPin(c *channel, m *message, by string, set bool) {
	if !hears(c) {
		return
	}
	kind := "pin_added"
	if !set {
		kind = "pin_removed"
	}
	s.tell(kind, object{"type": kind, "user": by, "channel_id": c.id, "event_ts": s.stamp(c),
		"item": object{"type": "message", "channel": c.id, "message": s.messageObject(c, m)}})
}

// tellMoved sends that somebody entered or left.
func (s *Sim) tellMoved(c *channel, who string, left bool) {
	kind := "member_joined_channel"
	if left {
		kind = "member_left_channel"
	}
	if !hears(c) && who != BotUser {
		return
	}
	letter := "C"
	if c.private {
		letter = "G"
	}
	s.tell(kind, object{"type": kind, "user": who, "channel": c.id, "channel_type": letter, "team": TeamID, "event_ts": s.stamp(c)})
}
