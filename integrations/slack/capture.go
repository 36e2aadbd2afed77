package slack

import (
	"context"
	"errors"

	"boswell/chat"
)

// account is who has an identifier. One that is gone keeps the identifier as its name; with an error it is the identifier alone,
// of a guest: nobody sees more than they may because Slack does not answer.
func (p *Platform) account(ctx context.Context, id string) (chat.User, error) {
	u, err := p.Person(ctx, chat.UserID(id))
	if err == nil {
		return u, nil
	}
	if !chat.AsFailure(err).Temporary {
		return chat.User{ID: chat.UserID(id)}, nil
	}
	return chat.User{ID: chat.UserID(id), Guest: true}, err
}

// account is who did something, as far as Slack tells in time.
func (d *delivery) account(ctx context.Context, id string) (chat.User, error) {
	return soon(ctx, d, func(ctx context.Context) (chat.User, error) { return d.p.account(ctx, id) })
}

// author is who said a message; with an error, as far as that is known. A bot that speaks under another name than its own
// carries somebody's words over a bridge.
func (p *Platform) author(ctx context.Context, m *wireMessage) (chat.User, error) {
	if m.BotID == "" && m.Subtype != "bot_message" {
		return p.account(ctx, m.User)
	}
	me, err := p.self(ctx)
	u := chat.User{ID: chat.UserID(first(m.User, m.BotID)), Name: first(m.BotProfile.Name, m.Username), Bot: true,
		Self: err == nil && (m.BotID == me.bot || m.User == me.user)}
	u.Handle = u.Name
	if m.Username != "" && m.BotProfile.Name != "" && m.Username != m.BotProfile.Name && !u.Self {
		u.Alias = m.Username
	}
	return u, err
}

// said is a message as the rest of the program sees it. With an error it is whole but for the names that could not be looked up
// for the moment: identifiers stand in their place.
func (p *Platform) said(ctx context.Context, channel string, m *wireMessage) (chat.Said, error) {
	from, err := p.author(ctx, m)
	n := &names{p: p, ctx: ctx}
	s := chat.Said{Ref: p.ref(channel, m.TS), Text: plain(m.words(), n), Order: m.TS, Edited: moment(m.Edited.TS)}
	s.Meta = chat.Meta{At: moment(m.TS), From: from, Place: p.place(channel, m.thread()), Direct: direct(channel)}
	s.Link = p.Link(s.Ref)
	for _, f := range m.Files {
		whole, unread := p.wholeFile(ctx, f)
		s.Files, err = append(s.Files, whole.file()), errors.Join(err, unread)
	}
	p.threads.learn(s.Ref, m.thread())
	return s, errors.Join(err, n.err)
}

// message takes an event of the type "message", which is many things.
func (d *delivery) message(ctx context.Context, m *wireMessage) error {
	d.p.echoes.heard()
	switch {
	case m.Subtype == "message_changed" && m.Message != nil:
		return d.changed(ctx, m)
	case m.Subtype == "message_deleted":
		return d.unsaid(ctx, m.Channel, first(m.DeletedTS, previousTS(m)), m.EventTS)
	case m.Hidden || !m.spoken():
		return nil
	}
	if err := d.say(ctx, m.Channel, m); err != nil {
		return err
	}
	if direct(m.Channel) && m.BotID == "" && m.Subtype == "" {
		return d.told(ctx, m)
	}
	return nil
}

func previousTS(m *wireMessage) string {
	if m.Previous == nil {
		return ""
	}
	return m.Previous.TS
}

func (d *delivery) say(ctx context.Context, channel string, m *wireMessage) error {
	s, err := soon(ctx, d, func(ctx context.Context) (chat.Said, error) { return d.p.said(ctx, channel, m) })
	if err != nil && d.again() {
		return err
	}
	s.Delivery = d.id
	return d.hand(ctx, s)
}

// changed takes a message_changed. Slack sends one for a preview of a link and for each reply in a thread too: it is an edit
// where somebody edited, or where the words are others.
func (d *delivery) changed(ctx context.Context, m *wireMessage) error {
	now, before := m.Message, m.Previous
	switch {
	case now.gone():
		return d.unsaid(ctx, m.Channel, now.TS, m.EventTS)
	case !now.spoken():
		return nil
	case before != nil && now.Edited.TS == before.Edited.TS && now.words() == before.words() && len(now.Files) == len(before.Files):
		return nil
	case now.Edited.TS == "" || before != nil && now.Edited.TS == before.Edited.TS:
		now.Edited.TS = first(m.EventTS, m.TS) // apps edit without saying so
	}
	return d.say(ctx, m.Channel, now)
}

func (d *delivery) unsaid(ctx context.Context, channel, ts, at string) error {
	if ts == "" {
		return errUnreadable
	}
	return d.hand(ctx, chat.Unsaid{Meta: d.meta(channel, at), Ref: d.p.ref(channel, ts)})
}

// wireItem is what a reaction or a pin is on.
type wireItem struct {
	Type    string      `json:"type"`
	Channel string      `json:"channel"`
	TS      string      `json:"ts"`
	Message wireMessage `json:"message"`
}

// wireEvent is an event that is no message.
type wireEvent struct {
	Type      string   `json:"type"`
	User      wireID   `json:"user"`
	Reaction  string   `json:"reaction"`
	Item      wireItem `json:"item"`
	ChannelID string   `json:"channel_id"`
	Channel   wireID   `json:"channel"`
	EventTS   string   `json:"event_ts"`
	Tab       string   `json:"tab"`
}

// reacted takes a reaction that was set or removed.
func (d *delivery) reacted(ctx context.Context, e *wireEvent) error {
	if e.Item.Type != "message" {
		return nil
	}
	emoji, err := soon(ctx, d, func(ctx context.Context) (string, error) { return d.p.emoji(ctx, e.Reaction) })
	if err != nil && d.again() {
		return err
	}
	r := chat.Reacted{Meta: d.meta(e.Item.Channel, e.EventTS), On: d.p.ref(e.Item.Channel, e.Item.TS), Emoji: emoji,
		Removed: e.Type == "reaction_removed"}
	return d.handFrom(ctx, string(e.User), &r.Meta, func() chat.Inbound { return r })
}

// pinned takes a pin that was set or removed.
func (d *delivery) pinned(ctx context.Context, e *wireEvent) error {
	ts := first(e.Item.Message.TS, e.Item.TS)
	if ts == "" {
		return nil // a file or something else is pinned
	}
	r := chat.Pinned{Meta: d.meta(e.ChannelID, e.EventTS), On: d.p.ref(e.ChannelID, ts), Removed: e.Type == "pin_removed"}
	return d.handFrom(ctx, string(e.User), &r.Meta, func() chat.Inbound { return r })
}

// handFrom hands on what somebody did, once it is known who.
func (d *delivery) handFrom(ctx context.Context, user string, m *chat.Meta, in func() chat.Inbound) error {
	u, err := d.account(ctx, user)
	if err != nil && d.again() {
		return err
	}
	m.From = u
	return d.hand(ctx, in())
}

// moved takes somebody who entered or left a channel. The bot itself leaving means that it cannot be read any more.
func (d *delivery) moved(ctx context.Context, e *wireEvent) error {
	me, err := d.p.self(ctx)
	if err != nil {
		return err
	}
	left := e.Type == "member_left_channel"
	if string(e.User) == me.user {
		d.p.rooms.forget(string(e.Channel))
	}
	if string(e.User) == me.user && left {
		return d.gone(ctx, e, "I was removed from the channel")
	}
	j := chat.Joined{Meta: d.meta(string(e.Channel), e.EventTS), Left: left}
	return d.handFrom(ctx, string(e.User), &j.Meta, func() chat.Inbound { return j })
}

// gone takes a channel that cannot be read any more.
func (d *delivery) gone(ctx context.Context, e *wireEvent, why string) error {
	d.p.rooms.forget(string(e.Channel))
	g := chat.Gone{Meta: d.meta(string(e.Channel), e.EventTS), Why: why}
	if e.User == "" {
		return d.hand(ctx, g)
	}
	return d.handFrom(ctx, string(e.User), &g.Meta, func() chat.Inbound { return g })
}

// errUnreadable says that a delivery cannot be understood, now or later.
var errUnreadable = errors.New("not understood")
