package discord

import (
	"context"
	"strconv"
	"strings"
	"time"

	"boswell/chat"
)

// message takes a message that was written or changed.
func (r *running) message(d dispatch, s spot, m message) {
	if m.Flags&(flagEphemeral|flagLoading) != 0 {
		return
	}
	if m.Type == messagePin {
		r.pinNotice(d, s, m)
		return
	}
	if d.kind == "MESSAGE_UPDATE" && !m.Pinned && r.p.pins.take(m.ChannelID, m.ID) {
		r.pinned(d, s, m.ID, chat.User{}, true)
	}
	if !written(m.Type) {
		return
	}
	if m.Author == nil && r.p.rest.get(r.ctx, "/channels/"+m.ChannelID+"/messages/"+m.ID, &m) != nil {
		return // it is gone, or it is read back when its tag is looked up
	}
	said := r.p.said(r.ctx, s, m)
	if said.From.Self {
		r.p.echoed(m, said.Ref)
	}
	said.Direct = s.guild == ""
	line, mentions, command := r.p.asked(r.ctx, s, m)
	if !said.Direct {
		r.deliver(said)
	}
	if command && d.kind == "MESSAGE_CREATE" {
		r.typed(said, m, line, mentions)
	}
}

// written says that somebody wrote a message of this type.
func written(kind int) bool {
	return kind == messageDefault || kind == messageReply || kind == messageCommand || kind == messageContext
}

// versionOf names a version of a message: it has no other that both the gateway and the API tell.
func versionOf(m message) chat.DeliveryID {
	version := int64(0)
	if m.Edited != nil {
		version = m.Edited.UnixMilli()
	}
	return chat.DeliveryID("m" + m.ID + "." + strconv.FormatInt(version, 10))
}

// A happening is something about a message that is no message: its reactions, its pin, its deletion.
type happening struct {
	GuildID   string    `json:"guild_id"`
	ChannelID string    `json:"channel_id"`
	ID        string    `json:"id"`  // of the message, where it was deleted
	IDs       []string  `json:"ids"` // where many were
	MessageID string    `json:"message_id"`
	UserID    string    `json:"user_id"`
	Member    *member   `json:"member"`
	Emoji     emoji     `json:"emoji"`
	LastPin   time.Time `json:"last_pin_timestamp"`
}

func (r *running) happened(d dispatch, h happening) {
	s, ok := r.where(h.GuildID, h.ChannelID)
	if !ok {
		return
	}
	if !r.p.heeded(s) {
		if d.kind == "CHANNEL_PINS_UPDATE" {
			r.p.pins.forget(s.raw())
		}
		return
	}
	switch d.kind {
	case "MESSAGE_DELETE":
		r.unsaid(d, s, h.ID)
	case "MESSAGE_DELETE_BULK":
		for _, id := range h.IDs {
			r.unsaid(d, s, id)
		}
	case "CHANNEL_PINS_UPDATE":
		r.pinsChanged(d, s, h.LastPin)
	default:
		r.reacted(d, s, h)
	}
}

// meta is where and how something arrived. Discord tells the time of messages and questions alone.
func (r *running) meta(d dispatch, s spot, about string) chat.Meta {
	return chat.Meta{Delivery: d.delivery() + chat.DeliveryID("/"+about), Place: r.p.place(s), Direct: s.guild == "", Room: s.name}
}

func (r *running) unsaid(d dispatch, s spot, id string) {
	r.p.pins.take(s.raw(), id)
	r.deliver(chat.Unsaid{Meta: r.meta(d, s, id), Ref: r.p.ref(s, id)})
}

func (r *running) reacted(d dispatch, s spot, h happening) {
	in := chat.Reacted{Meta: r.meta(d, s, h.MessageID), On: r.p.ref(s, h.MessageID), Emoji: h.Emoji.String(),
		Removed: d.kind != "MESSAGE_REACTION_ADD"}
	switch d.kind {
	case "MESSAGE_REACTION_REMOVE_ALL":
		r.cleared(in)
		return
	case "MESSAGE_REACTION_REMOVE_EMOJI":
		in.Every = true
	default:
		in.From = r.p.personOf(r.ctx, s.guild, h.UserID, h.Member)
	}
	if !in.Removed {
		r.p.marks.put(in.On, in.Emoji)
	}
	r.deliver(in)
}

// cleared takes every emoji off a message, those that are known to have been on it.
func (r *running) cleared(in chat.Reacted) {
	in.Every = true
	for _, emoji := range r.p.marks.take(in.On) {
		each := in
		each.Emoji = emoji
		each.Delivery += chat.DeliveryID("/" + emoji)
		r.deliver(each)
	}
}

// asked says that a message is a command: in a direct message every line is, elsewhere what begins with a mention of the bot
// or with the prefix that is configured.
func (p *Platform) asked(ctx context.Context, s spot, m message) (line string, mentions []chat.User, ok bool) {
	if m.Author == nil || m.Author.Bot || m.WebhookID != "" {
		return "", nil, false
	}
	text, ok := p.addressed(m.Content)
	if !ok && s.guild != "" {
		return "", nil, false
	}
	if !ok {
		text = m.Content
	}
	for _, who := range m.Mentions {
		if who.ID != p.knownSelf().user {
			mentions = append(mentions, p.user(who.account, who.Member))
		}
	}
	return p.restored(ctx, s.guild, strings.TrimSpace(text), m.Mentions, handles), mentions, true
}

// addressed takes the bot's name, or the prefix, off the beginning of a line.
func (p *Platform) addressed(text string) (string, bool) {
	text = strings.TrimSpace(text)
	self := p.knownSelf().user
	for _, name := range []string{"<@" + self + ">", "<@!" + self + ">"} {
		if rest, ok := strings.CutPrefix(text, name); ok && self != "" {
			return strings.TrimSpace(rest), true
		}
	}
	if rest, ok := strings.CutPrefix(text, p.cfg.Prefix); ok && p.cfg.Prefix != "" && (rest == "" || rest[0] == ' ' || rest[0] == '\n') {
		return strings.TrimSpace(rest), true
	}
	return "", false
}
