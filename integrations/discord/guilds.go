package discord

import (
	"context"
	"sync"
)

// guilds remembers servers and their channels, as the gateway tells of them and as they were asked for.
type guilds struct {
	mu       sync.RWMutex
	byID     map[string]guild
	channels map[string]channel
	lost     map[string]bool // servers that are out of order
}

func (g *guilds) channel(id string) (channel, bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	c, ok := g.channels[id]
	return c, ok
}

func (g *guilds) put(c channel) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.channels == nil {
		g.channels = map[string]channel{}
	}
	if old, known := g.channels[c.ID]; known && c.GuildID == "" {
		c.GuildID = old.GuildID
	}
	g.channels[c.ID] = c
}

func (g *guilds) forget(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.channels, id)
}

// under are the threads of a channel.
func (g *guilds) under(id string) []channel {
	g.mu.RLock()
	defer g.mu.RUnlock()
	var all []channel
	for _, c := range g.channels {
		if c.isThread() && c.ParentID == id {
			all = append(all, c)
		}
	}
	return all
}

// learn takes a whole server in. It says whether the server was out of order before.
func (g *guilds) learn(in guild) (back bool) {
	for _, list := range [][]channel{in.Channels, in.Threads} {
		for _, c := range list {
			c.GuildID = in.ID
			g.put(c)
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.byID == nil {
		g.byID, g.lost = map[string]guild{}, map[string]bool{}
	}
	in.Channels, in.Threads = nil, nil
	g.byID[in.ID] = in
	back = g.lost[in.ID]
	delete(g.lost, in.ID)
	return back
}

// lose notes that a server is out of order for a while.
func (g *guilds) lose(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lost == nil {
		g.lost = map[string]bool{}
	}
	g.lost[id] = true
}

// leave forgets a server and says which channels it had.
func (g *guilds) leave(id string) []channel {
	g.mu.Lock()
	defer g.mu.Unlock()
	var had []channel
	for _, c := range g.channels {
		if c.GuildID == id {
			had = append(had, c)
			delete(g.channels, c.ID)
		}
	}
	delete(g.byID, id)
	return had
}

// guild is what is known of a server; nothing where that is nothing.
func (g *guilds) guild(id string) guild {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.byID[id]
}

// update changes what is known of a server, if it is.
func (g *guilds) update(id string, change func(*guild)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if known, ok := g.byID[id]; ok {
		change(&known)
		g.byID[id] = known
	}
}

// ids are the servers that are known.
func (g *guilds) ids() []string {
	g.mu.RLock()
	defer g.mu.RUnlock()
	var ids []string
	for id := range g.byID {
		ids = append(ids, id)
	}
	return ids
}

// channel is a channel as it is known, else as it is asked for.
func (p *Platform) channel(ctx context.Context, id string) (channel, error) {
	if c, known := p.guilds.channel(id); known {
		return c, nil
	}
	return p.freshChannel(ctx, id)
}

func (p *Platform) freshChannel(ctx context.Context, id string) (c channel, err error) {
	if err := p.rest.get(ctx, "/channels/"+id, &c); err != nil {
		return channel{}, err
	}
	p.guilds.put(c)
	return c, nil
}
