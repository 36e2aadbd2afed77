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
	if d.kind == "CHANNEL_DELETE" || d.kind == "THREAD_DELETE" {
		return r.deleted(d, c)
	}
	was, known := r.p.guilds.channel(c.ID)
	r.p.guilds.put(c)
	mine, _ := r.p.closed.get(c.ID)
	switch {
	case !r.isRoom(c):
		return "", nil, nil
	case c.locked() && !mine && !(known && was.locked()):
		return r.p.lane(c.ID), func() { r.gone(d, c, "the thread was archived") }, nil
	case !c.locked() && (d.kind == "THREAD_UPDATE" || !known):
		return r.p.lane(c.ID), func() { r.back(d, c) }, nil
	default:
		return "", nil, nil
	}
}

// deleted takes that a channel is no more. With it go its threads, of which Discord says nothing.
func (r *running) deleted(d dispatch, c channel) (string, func(), error) {
	if was, known := r.p.guilds.channel(c.ID); known {
		c = was
	}
	lane := r.p.lane(c.ID)
	all := append(r.p.guilds.under(c.ID), c)
	rooms := slices.DeleteFunc(slices.Clone(all), func(c channel) bool { return !r.isRoom(c) })
	for _, c := range all {
		r.p.guilds.forget(c.ID)
	}
	if len(rooms) == 0 {
		return "", nil, nil
	}
	return lane, func() {
		for _, c := range rooms {
			r.gone(d, c, "the channel was deleted")
		}
	}, nil
}

// locked says of a thread that it is closed for good.
func (c channel) locked() bool { return c.Thread != nil && c.Thread.Archived && c.Thread.Locked }

// isRoom says that a channel is a room by itself: it is no thread of the people's.
func (r *running) isRoom(c channel) bool {
	parent, known := r.p.guilds.channel(c.ParentID)
	return !c.isThread() || c.OwnerID == r.p.knownSelf().user || known && parent.isForum()
}

func (r *running) routeGuild(d dispatch) (string, func(), error) {
	var g guild
	if err := json.Unmarshal(d.data, &g); err != nil {
		return "", nil, err
	}
	if d.kind == "GUILD_CREATE" && !g.Unavailable {
		return "", r.joined(d, g, r.p.guilds.learn(g)), nil
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

// joined is what to do about a server that Discord tells of: the bot may have been out of it, or out of some of its rooms.
func (r *running) joined(d dispatch, g guild, outage bool) func() {
	return func() {
		if outage {
			r.online(d)
		}
		for _, c := range slices.Concat(g.Channels, g.Threads) {
			c.GuildID = g.ID
			if r.isRoom(c) && !c.locked() {
				r.back(d, c)
			}
		}
	}
}

// back says that a room can be read, where that is of concern: it may have been gone.
func (r *running) back(d dispatch, c channel) {
	if r.p.heeded(spot{guild: c.GuildID, channel: c.ID}) {
		r.deliver(chat.Joined{Meta: r.room(d, c, chat.User{ID: chat.UserID(r.p.knownSelf().user), Self: true})})
	}
}

// gone says that a room can no longer be read.
func (r *running) gone(d dispatch, c channel, why string) {
	r.deliver(chat.Gone{Meta: r.room(d, c, chat.User{}), Why: why})
}

// room is where and when something happened to a whole room.
func (r *running) room(d dispatch, c channel, by chat.User) chat.Meta {
	s := spot{guild: c.GuildID, channel: c.ID, name: "#" + c.Name}
	return chat.Meta{Delivery: d.delivery() + chat.DeliveryID("/"+c.ID), At: r.p.o.Now(), From: by, Place: r.p.place(s), Room: s.name}
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
