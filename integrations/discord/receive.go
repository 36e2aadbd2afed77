package discord

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bwmarrin/discordgo"

	"boswell/chat"
)

// arrived takes a dispatch from the socket. What is known of servers is brought up to date at once, in the order of the
// gateway; everything else goes into the lane of its room.
func (r *running) arrived(e *discordgo.Event) {
	d := dispatch{kind: e.Type, data: e.RawData, seq: e.Sequence, session: r.p.sessionName()}
	if e.Type == "READY" {
		d.session = r.p.ready(e.RawData)
	}
	if e.Type == "READY" || e.Type == "RESUMED" {
		r.p.outage.End()
	}
	r.p.o.Trace(d.session, d.seq, false)
	lane, job, err := r.route(d)
	if err != nil {
		r.p.log.Warn().Err(err).Str("event", d.kind).Msg("a dispatch could not be read")
	}
	if job == nil {
		r.p.o.Trace(d.session, d.seq, true)
		return
	}
	taken := r.p.lanes.Do(r.ctx, lane, func() {
		defer r.p.o.Trace(d.session, d.seq, true)
		if r.ctx.Err() == nil {
			job()
		}
	})
	if !taken {
		r.p.o.Trace(d.session, d.seq, true)
	}
}

// broke tells of a job that panicked; what came before and after it in its room is dealt with.
func (p *Platform) broke(lane string, fault any, stack []byte) {
	p.log.Error().Interface("panic", fault).Str("room", lane).Bytes("stack", stack).Msg("a dispatch broke its handling")
}

// A dispatch is one event of the gateway.
type dispatch struct {
	kind    string
	data    json.RawMessage
	session string
	seq     int64
}

// delivery names what has no name of its own: the same dispatch, replayed after a resumption, has the same.
func (d dispatch) delivery() chat.DeliveryID {
	return chat.DeliveryID(fmt.Sprintf("%s:%d", d.session, d.seq))
}

// route finds what to do about a dispatch, and in which lane; no job is nothing to do.
func (r *running) route(d dispatch) (lane string, job func(), err error) {
	switch d.kind {
	case "READY", "RESUMED":
		return "", func() { r.online(d) }, nil
	case "GUILD_CREATE", "GUILD_DELETE", "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "CHANNEL_CREATE", "CHANNEL_UPDATE",
		"CHANNEL_DELETE", "THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE", "THREAD_LIST_SYNC":
		return r.routeServer(d)
	case "MESSAGE_CREATE", "MESSAGE_UPDATE":
		var h heading
		if err = json.Unmarshal(d.data, &h); err != nil || !r.p.cfg.serves(h.GuildID) {
			return "", nil, err
		}
		return r.p.lane(h.ChannelID), func() { r.heard(d, h) }, nil
	case "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "CHANNEL_PINS_UPDATE", "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE",
		"MESSAGE_REACTION_REMOVE_ALL", "MESSAGE_REACTION_REMOVE_EMOJI":
		var h happening
		if err = json.Unmarshal(d.data, &h); err != nil || !r.p.cfg.serves(h.GuildID) {
			return "", nil, err
		}
		return r.p.lane(h.ChannelID), func() { r.happened(d, h) }, nil
	case "INTERACTION_CREATE":
		return r.routeInteraction(d)
	default:
		return "", nil, nil
	}
}

// lane is the room of a channel, as far as it is known without asking.
func (p *Platform) lane(channelID string) string {
	c, known := p.guilds.channel(channelID)
	if known && c.isThread() && c.OwnerID != p.knownSelf().user {
		return c.ParentID
	}
	return channelID
}

// ready takes in who the bot is, and names the session.
func (p *Platform) ready(data []byte) string {
	var said struct {
		Session     string  `json:"session_id"`
		User        account `json:"user"`
		Application struct {
			ID    string `json:"id"`
			Flags int    `json:"flags"`
		} `json:"application"`
	}
	if err := json.Unmarshal(data, &said); err != nil {
		p.log.Error().Err(err).Msg("the greeting of the gateway could not be read")
		return ""
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.session = said.Session
	p.who = identity{user: said.User.ID, application: said.Application.ID, flags: said.Application.Flags}
	return said.Session
}

func (p *Platform) sessionName() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.session
}

// online says that the connection is up, so that what was missed is read.
func (r *running) online(d dispatch) {
	r.deliver(chat.Online{Meta: chat.Meta{Delivery: "online/" + d.delivery(), At: r.p.o.Now(), Place: chat.Place{Platform: r.p.o.Name}}})
}

// deliver hands something over until it is taken: until then nothing that follows in its room is. The answer is for whoever
// asked.
func (r *running) deliver(in chat.Inbound) chat.Reply {
	for wait := r.p.o.Retry; ; wait = min(2*wait, retryMost) {
		reply, err := r.handle(context.WithoutCancel(r.ctx), in)
		if err == nil {
			return reply
		}
		r.p.log.Warn().Err(err).Str("delivery", string(in.Origin().Delivery)).Msg("a delivery was not taken; it comes again")
		if sleep(r.ctx, wait) != nil {
			return chat.Reply{}
		}
	}
}

// where locates a channel; what cannot be located is tried again as long as that may help.
func (r *running) where(guildID, channelID string) (spot, bool) {
	for wait := r.p.o.Retry; ; wait = min(2*wait, retryMost) {
		s, err := r.p.locate(r.ctx, guildID, channelID)
		if err == nil {
			return s, r.p.cfg.serves(s.guild)
		}
		f := chat.AsFailure(err)
		if !f.Temporary {
			r.p.log.Debug().Err(err).Str("channel", channelID).Msg("something happened in a channel that cannot be read")
			return spot{}, false
		}
		if sleep(r.ctx, max(wait, f.After)) != nil {
			return spot{}, false
		}
	}
}
