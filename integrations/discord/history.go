package discord

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"boswell/chat"
)

// pageMost is how many messages, reactions or threads Discord gives at once.
const pageMost = 100

// A pager reads the messages of one channel, oldest first.
type pager struct {
	p     *Platform
	s     spot
	after string
	page  []message // oldest first
	ended bool
}

// next is the next message; none is left where ok is false.
func (g *pager) next(ctx context.Context) (m message, ok bool, err error) {
	if len(g.page) == 0 && !g.ended {
		err = g.turn(ctx)
	}
	if err != nil || len(g.page) == 0 {
		return message{}, false, err
	}
	m = g.page[0]
	g.page = g.page[1:]
	return m, true, nil
}

func (g *pager) peek(ctx context.Context) (id string, ok bool, err error) {
	if len(g.page) == 0 && !g.ended {
		err = g.turn(ctx)
	}
	if err != nil || len(g.page) == 0 {
		return "", false, err
	}
	return orderOf(g.page[0].ID), true, nil
}

// turn reads the next page. Discord gives it newest first.
func (g *pager) turn(ctx context.Context) error {
	var page []message
	path := fmt.Sprintf("/channels/%s/messages?limit=%d&after=%s", g.s.raw(), pageMost, g.after)
	if err := g.p.rest.get(ctx, path, &page); err != nil {
		return err
	}
	slices.SortFunc(page, func(a, b message) int { return compare(orderOf(a.ID), orderOf(b.ID)) })
	g.ended = len(page) == 0
	if !g.ended {
		g.after = page[len(page)-1].ID
	}
	g.page = page
	return nil
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}

// History reads a room and its threads, oldest first, with reactions and pins. Discord keeps messages for ever. An empty room
// that should not be is said to lack the permission: Discord itself does not say so.
func (p *Platform) History(ctx context.Context, room chat.Place, since time.Time, yield func(chat.Seen) error) (time.Time, error) {
	s, ok := spotOf(room)
	if !ok {
		return time.Time{}, noSuchPlace()
	}
	if _, err := p.self(ctx); err != nil {
		return time.Time{}, err
	}
	pagers, err := p.pagers(ctx, s, since)
	if err != nil {
		return time.Time{}, err
	}
	if _, any, err := pagers[0].peek(ctx); err != nil || !any {
		if err == nil {
			err = p.mayRead(ctx, s)
		}
		if err != nil {
			return time.Time{}, err
		}
	}
	p.learnPins(ctx, s)
	for {
		g, err := oldest(ctx, pagers)
		if err != nil || g == nil {
			return time.Time{}, err
		}
		m, _, err := g.next(ctx)
		if err != nil {
			return time.Time{}, err
		}
		if !written(m.Type) || m.Flags&flagLoading != 0 {
			continue
		}
		seen, err := p.seen(ctx, g.s, m)
		if err != nil {
			return time.Time{}, err
		}
		if err := yield(seen); err != nil {
			return time.Time{}, err
		}
	}
}

// pagers are the room and those of its threads that can have anything new.
func (p *Platform) pagers(ctx context.Context, s spot, since time.Time) ([]*pager, error) {
	after := justBefore(since)
	all := []*pager{{p: p, s: s, after: after}}
	if s.thread != "" || s.guild == "" {
		return all, nil
	}
	c, err := p.channel(ctx, s.channel)
	if err != nil || c.isThread() {
		return all, err
	}
	threads, err := p.threadsOf(ctx, c, s.guild, since)
	for _, t := range threads {
		if t.OwnerID != p.knownSelf().user {
			all = append(all, &pager{p: p, s: spot{guild: s.guild, channel: s.channel, thread: t.ID, name: s.name}, after: after})
		}
	}
	return all, err
}

// threadsOf are the threads of a channel: the open ones, and those that were archived since.
func (p *Platform) threadsOf(ctx context.Context, c channel, guildID string, since time.Time) ([]channel, error) {
	active, err := p.activeThreads(ctx, guildID)
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(active, func(t channel) bool { return t.ParentID != c.ID })
	for _, kind := range []string{"public", "private"} {
		archived, err := p.archivedThreads(ctx, c.ID, kind, since)
		if kind == "private" && isCode(err, codeNoPermission, codeNoAccess) {
			continue // nobody who may not manage threads sees those of others
		}
		if err != nil {
			return nil, err
		}
		all = append(all, archived...)
	}
	return all, nil
}

func (p *Platform) activeThreads(ctx context.Context, guildID string) ([]channel, error) {
	var active struct {
		Threads []channel `json:"threads"`
	}
	if err := p.rest.get(ctx, "/guilds/"+guildID+"/threads/active", &active); err != nil {
		return nil, err
	}
	for i := range active.Threads {
		active.Threads[i].GuildID = guildID
		p.guilds.put(active.Threads[i])
	}
	return active.Threads, nil
}

// archivedThreads are those that were archived since a moment; Discord lists the newest first.
func (p *Platform) archivedThreads(ctx context.Context, channelID, kind string, since time.Time) ([]channel, error) {
	var all []channel
	for before := ""; ; {
		var page struct {
			Threads []channel `json:"threads"`
			More    bool      `json:"has_more"`
		}
		if err := p.rest.get(ctx, "/channels/"+channelID+"/threads/archived/"+kind+"?limit=100"+before, &page); err != nil {
			return nil, err
		}
		for _, t := range page.Threads {
			p.guilds.put(t)
			if t.Thread == nil || t.Thread.ArchivedAt.Before(since) {
				return all, nil
			}
			all = append(all, t)
			before = "&before=" + url.QueryEscape(t.Thread.ArchivedAt.UTC().Format(time.RFC3339Nano))
		}
		if !page.More || len(page.Threads) == 0 {
			return all, nil
		}
	}
}

// oldest is the pager whose next message is the oldest; nil where none has any.
func oldest(ctx context.Context, pagers []*pager) (found *pager, err error) {
	first := ""
	for _, g := range pagers {
		id, ok, err := g.peek(ctx)
		if err != nil {
			return nil, err
		}
		if ok && (found == nil || id < first) {
			found, first = g, id
		}
	}
	return found, nil
}

// learnPins takes in what is pinned in a room, so that what changes from now on can be told from it.
func (p *Platform) learnPins(ctx context.Context, s spot) {
	items, err := p.pinnedIn(ctx, s)
	if err != nil {
		p.log.Debug().Err(err).Str("channel", s.raw()).Msg("the pins of a room could not be read")
		return
	}
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.Message.ID
	}
	p.pins.learn(s.raw(), ids)
}

// seen is a message with its tags.
func (p *Platform) seen(ctx context.Context, s spot, m message) (chat.Seen, error) {
	seen := chat.Seen{Said: p.said(ctx, s, m), Pinned: m.Pinned}
	for _, r := range m.Reactions {
		p.marks.put(seen.Said.Ref, r.Emoji.String())
		people, err := p.reactors(ctx, s, m.ID, r.Emoji, r.kinds())
		if err != nil {
			return chat.Seen{}, err
		}
		for _, who := range people {
			seen.Reactions = append(seen.Reactions, chat.SeenReaction{Emoji: r.Emoji.String(), From: who})
		}
	}
	return seen, nil
}

// kinds is how many kinds of reaction there are of an emoji: the usual one, and one that was paid for.
func (r reactionCount) kinds() int {
	if r.Details.Burst > 0 {
		return 2
	}
	return 1
}

// reactors are those who set an emoji on a message, in the usual way or in the other as well.
func (p *Platform) reactors(ctx context.Context, s spot, id string, e emoji, kinds int) ([]chat.User, error) {
	var all []chat.User
	for kind := range kinds {
		for after := "0"; ; {
			var page []account
			path := "/channels/" + s.raw() + "/messages/" + id + "/reactions/" + url.PathEscape(e.forPath()) + "?limit=100&type=" +
				strconv.Itoa(kind) + "&after=" + after
			err := p.rest.get(ctx, path, &page)
			if isCode(err, codeUnknownEmoji, codeUnknownMessage) {
				break // it was taken back in between
			}
			if err != nil {
				return nil, err
			}
			for _, a := range page {
				all = append(all, p.known(a))
			}
			if len(page) < pageMost {
				break
			}
			after = page[len(page)-1].ID
		}
	}
	return all, nil
}

// known is an account by the name that the server knows it by, if that was heard before.
func (p *Platform) known(a account) chat.User {
	if u, ok := p.people.get(a.ID); ok {
		return u
	}
	return p.user(a, nil)
}

// Fetch reads one message, in a thread too. One that is gone is chat.ErrGone.
func (p *Platform) Fetch(ctx context.Context, r chat.Ref) (chat.Seen, error) {
	s, id, ok := messageOf(r)
	if !ok {
		return chat.Seen{}, noSuchPlace()
	}
	if _, err := p.self(ctx); err != nil {
		return chat.Seen{}, err
	}
	if c, known := p.guilds.channel(s.channel); known {
		s.name = "#" + c.Name
	}
	var m message
	if err := p.rest.get(ctx, "/channels/"+s.raw()+"/messages/"+id, &m); err != nil {
		return chat.Seen{}, err
	}
	return p.seen(ctx, s, m)
}
