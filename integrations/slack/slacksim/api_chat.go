package slacksim

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

var chatMethods = map[string]method{
	"chat.postMessage":   {scopes: []string{"chat:write"}, needs: []need{{"channel", "channel_not_found"}}, do: (*Sim).postMessage},
	"chat.postEphemeral": {scopes: []string{"chat:write"}, needs: []need{{"channel", "channel_not_found"}, {"user", "user_not_in_channel"}}, do: (*Sim).postEphemeral},
	"chat.update":        {scopes: []string{"chat:write"}, needs: []need{{"channel", "channel_not_found"}, {"ts", "message_not_found"}}, do: (*Sim).update},
	"chat.delete":        {scopes: []string{"chat:write"}, needs: []need{{"channel", "channel_not_found"}, {"ts", "message_not_found"}}, do: (*Sim).deleteOwn},
	"chat.getPermalink":  {needs: []need{{"channel", "channel_not_found"}, {"message_ts", "message_not_found"}}, do: (*Sim).permalink},
}

// textCut is where Slack cuts a text, metadataMost how long metadata may be.
const (
	textCut      = 40000
	metadataMost = 8000
)

// writable finds a channel that the bot may post in.
func (s *Sim) writable(c *call) (*channel, error) {
	ch, err := s.visible(c.text("channel"))
	switch {
	case err != nil:
		return nil, err
	case ch.archived:
		return nil, refuse("is_archived")
	case !ch.has(BotUser) && !(s.o.Scopes != nil && s.may("chat:write.public")):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// visible finds a channel that the bot can see.
func (s *Sim) visible(id string) (*channel, error) {
	if u := s.users[id]; u != nil && u.bot == "" {
		return s.im(id), nil
	}
	ch := s.channels[id]
	if ch == nil || ch.gone || ch.private && !ch.has(BotUser) {
		return nil, refuse("channel_not_found")
	}
	return ch, nil
}

// readable finds a channel whose messages the bot may read.
func (s *Sim) readable(id string) (*channel, error) {
	ch, err := s.visible(id)
	if err != nil {
		return nil, err
	}
	scope := map[string]string{"im": "im:history", "group": "groups:history", "channel": "channels:history"}[ch.kind()]
	if !s.may(scope) {
		return nil, refusal{code: "missing_scope", extra: object{"needed": scope, "provided": strings.Join(s.o.Scopes, ",")}}
	}
	if !ch.has(BotUser) {
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// composed reads what a call says into a message.
func (s *Sim) composed(c *call) (*message, error) {
	m := &message{user: BotUser, bot: BotID, text: c.text("text")}
	if m.text == "" && c.text("markdown_text") != "" {
		m.text = c.text("markdown_text")
	}
	if n := utf8.RuneCountInString(m.text); n > textCut {
		m.text = string([]rune(m.text)[:textCut])
	}
	var err error
	if m.blocks, err = c.value("blocks"); err != nil {
		return nil, refuse("invalid_blocks_format")
	}
	if m.attachments, err = c.value("attachments"); err != nil {
		return nil, refuse("invalid_attachments")
	}
	if err := checkBlocks(m.blocks, messageBlocks); err != nil {
		return nil, err
	}
	if m.blocks == nil && m.attachments == nil && strings.TrimSpace(m.text) == "" {
		return nil, refuse("no_text")
	}
	m.metadata, err = metadata(c)
	return m, err
}

// metadata reads what is attached to a message for machines.
func metadata(c *call) (any, error) {
	v, err := c.value("metadata")
	if err != nil {
		return nil, refuse("invalid_metadata_format")
	}
	if v == nil {
		return nil, nil
	}
	o, ok := v.(object)
	if !ok {
		return nil, refuse("invalid_metadata_format")
	}
	kind, named := o["event_type"].(string)
	payload, filled := o["event_payload"].(object)
	data, err := json.Marshal(payload)
	switch {
	case !named || kind == "" || !filled:
		return nil, refuse("invalid_metadata_schema")
	case err != nil || len(data) > metadataMost:
		return nil, refuse("metadata_too_large")
	}
	return o, nil
}

func (s *Sim) postMessage(c *call) (object, error) {
	ch, err := s.writable(c)
	if err != nil {
		return nil, err
	}
	m, err := s.composed(c)
	if err != nil {
		return nil, err
	}
	if m.thread, err = threadOf(ch, c); err != nil {
		return nil, err
	}
	m.ts = s.stamp(ch)
	ch.add(m)
	s.tellSaid(ch, m)
	return object{"channel": ch.id, "ts": m.ts, "message": s.messageObject(ch, m)}, nil
}

// threadOf is the thread that a call names. A reply to a reply goes into the thread of that one.
func threadOf(ch *channel, c *call) (string, error) {
	ts := c.text("thread_ts")
	if ts == "" {
		return "", nil
	}
	parent := ch.byTS[ts]
	if parent == nil {
		return "", refuse("thread_not_found")
	}
	if parent.thread != "" {
		return parent.thread, nil
	}
	return ts, nil
}

func (s *Sim) postEphemeral(c *call) (object, error) {
	ch, err := s.writable(c)
	if err != nil {
		return nil, err
	}
	to := c.text("user")
	if !ch.has(to) {
		return nil, refuse("user_not_in_channel")
	}
	m, err := s.composed(c)
	if err != nil {
		return nil, err
	}
	m.ts = s.stamp(ch)
	s.whispers = append(s.whispers, &whisper{channel: ch.id, to: to, thread: c.text("thread_ts"), message: m})
	return object{"message_ts": m.ts}, nil
}

func (s *Sim) update(c *call) (object, error) {
	ch, err := s.visible(c.text("channel"))
	if err != nil {
		return nil, err
	}
	m := ch.at(c.text("ts"))
	switch {
	case m == nil:
		return nil, refuse("message_not_found")
	case m.bot != BotID:
		return nil, refuse("cant_update_message")
	case ch.archived:
		return nil, refuse("is_archived")
	}
	next, err := s.composed(c)
	if err != nil {
		return nil, err
	}
	before := s.messageObject(ch, m)
	m.text, m.blocks, m.attachments = next.text, next.blocks, next.attachments
	if next.metadata != nil {
		m.metadata = next.metadata
	}
	m.editedBy, m.editedTS = BotUser, s.stamp(ch)
	s.tellChanged(ch, m, before)
	return object{"channel": ch.id, "ts": m.ts, "text": m.text, "message": s.messageObject(ch, m)}, nil
}

func (s *Sim) deleteOwn(c *call) (object, error) {
	ch, err := s.visible(c.text("channel"))
	if err != nil {
		return nil, err
	}
	m := ch.at(c.text("ts"))
	switch {
	case m == nil:
		return nil, refuse("message_not_found")
	case m.bot != BotID:
		return nil, refuse("cant_delete_message")
	}
	s.remove(ch, m)
	return object{"channel": ch.id, "ts": m.ts}, nil
}

// remove deletes a message.
func (s *Sim) remove(ch *channel, m *message) {
	before := s.messageObject(ch, m)
	m.deleted = true
	s.tellDeleted(ch, m, before)
}

func (s *Sim) permalink(c *call) (object, error) {
	ch, err := s.visible(c.text("channel"))
	if err != nil {
		return nil, err
	}
	if ch.at(c.text("message_ts")) == nil {
		return nil, refuse("message_not_found")
	}
	return object{"channel": ch.id, "permalink": s.linkTo(ch.id, c.text("message_ts"))}, nil
}

func (s *Sim) linkTo(channel, ts string) string {
	return s.workspace() + "archives/" + channel + "/p" + strings.Replace(ts, ".", "", 1)
}
