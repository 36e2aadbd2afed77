package discord

import (
	"encoding/json"

	"boswell/chat"
)

// A heading is the part of a message that tells whether the rest is worth reading.
type heading struct {
	ChannelID string `json:"channel_id"`
	GuildID   string `json:"guild_id"`
	Content   string `json:"content"`
	Author    struct {
		ID string `json:"id"`
	} `json:"author"`
}

// Sift says how to ask whether a place is heeded. What happens in others is dropped unread, but for commands and what the bot
// itself said.
func (p *Platform) Sift(heeds func(chat.Place) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heeds = heeds
}

// heeded says whether anything in a place may be of concern. Direct messages always are.
func (p *Platform) heeded(s spot) bool {
	p.mu.Lock()
	heeds := p.heeds
	p.mu.Unlock()
	return heeds == nil || s.guild == "" || heeds(p.place(s))
}

// concerns says that a message is to be read: where it is heeded, it asks something, or the bot said it, which answers whether
// what it sent has arrived.
func (p *Platform) concerns(s spot, h heading) bool {
	if p.heeded(s) || h.Author.ID == p.knownSelf().user {
		return true
	}
	_, asks := p.addressed(h.Content)
	return asks
}

// heard reads a message if it is worth it.
func (r *running) heard(d dispatch, h heading) {
	s, ok := r.where(h.GuildID, h.ChannelID)
	if !ok || !r.p.concerns(s, h) {
		return
	}
	var m message
	if err := json.Unmarshal(d.data, &m); err != nil {
		r.p.log.Warn().Err(err).Str("event", d.kind).Msg("a message could not be read")
		return
	}
	r.message(d, s, m)
}
