package discord

import (
	"encoding/json"
	"slices"

	"boswell/chat"
)

// routeServer brings what is known of servers and channels up to date, and says what the bot is to hear of it.
func (r *running) routeServer(d dispatch) (string, func(), error) {
	switch d.kind {
	case "GUILD_CREATE", "GUILD_DELETE":
		return r.routeGuild(d)
	case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE":
		return "", nil, r.p.learnRole(d.data)
	case "THREAD_LIST_SYNC":
		var sync struct {
			GuildID string    `json:"guild_id"`
			Threads []channel `json:"threads"`
		}
		err := json.Unmarshal(d.data, &sync)
		for _, c := range sync.Threads {
			c.GuildID = sync.GuildID
			r.p.guilds.put(c)
		}
		return "", nil, err
	}
	var c channel
	if err := json.Unmarshal(d.data, &c); err != nil || c.ID == "" {
		return "", nil, err
	}
	lane, why := r.p.lane(c.ID), ""
	was, known := r.p.guilds.channel(c.ID)
	switch d.kind {
	case "CHANNEL_DELETE", "THREAD_DELETE":
		if known {
			c = was
		}
		r.p.guilds.forget(c.ID)
		why = "the channel was deleted"
	default:
		r.p.guilds.put(c)
		if c.locked() && !(known && was.locked()) {
			why = "the thread was archived"
		}
	}
	if why == "" || c.isThread() && !r.ownRoom(c) {
		return "", nil, nil
	}
	return lane, func() { r.gone(d, c, why) }, nil
}

// locked says of a thread that it is closed for good.
func (c channel) locked() bool { return c.Thread != nil && c.Thread.Archived && c.Thread.Locked }

// ownRoom says of a thread that it is a room by itself.
func (r *running) ownRoom(c channel) bool {
	parent, known := r.p.guilds.channel(c.ParentID)
	return c.OwnerID == r.p.knownSelf().user || known && parent.isForum()
}

func (r *running) routeGuild(d dispatch) (string, func(), error) {
	var g guild
	if err := json.Unmarshal(d.data, &g); err != nil {
		return "", nil, err
	}
	if d.kind == "GUILD_CREATE" && !g.Unavailable {
		if r.p.guilds.learn(g) {
			return "", func() { r.online(d) }, nil
		}
		return "", nil, nil
	}
	if g.Unavailable {
		r.p.log.Warn().Str("server", g.ID).Msg("the server is out of order at Discord; what happens there is read back when it returns")
		r.p.guilds.lose(g.ID)
		return "", nil, nil
	}
	had := r.p.guilds.leave(g.ID)
	return "", func() {
		for _, c := range had {
			r.gone(d, c, "the bot was removed from the server")
		}
	}, nil
}

// gone says that a room can no longer be read.
func (r *running) gone(d dispatch, c channel, why string) {
	s := spot{guild: c.GuildID, channel: c.ID, name: "#" + c.Name}
	r.deliver(chat.Gone{Meta: chat.Meta{Delivery: d.delivery() + chat.DeliveryID("/"+c.ID), At: r.p.o.Now(), Place: r.p.place(s),
		Room: s.name}, Why: why})
}

func (p *Platform) learnRole(data []byte) error {
	var said struct {
		GuildID string `json:"guild_id"`
		Role    role   `json:"role"`
	}
	if err := json.Unmarshal(data, &said); err != nil {
		return err
	}
	p.guilds.update(said.GuildID, func(g *guild) {
		g.Roles = append(slices.DeleteFunc(slices.Clone(g.Roles), func(o role) bool { return o.ID == said.Role.ID }), said.Role)
	})
	return nil
}
