package discord

import (
	"context"
	"slices"
	"sync"
	"time"

	"boswell/chat"
)

// pins remembers which messages are pinned, in channels where that was ever asked. Discord says that the pins of a channel
// changed and not which, so what is there is compared with what was.
type pins struct {
	mu    sync.Mutex
	known map[string]map[string]bool // channel -> messages; nil where it was never asked
	mine  map[string]bool            // messages that the bot itself pinned
}

// learn replaces what is known of a channel and says what was added and removed, and whether anything was known.
func (p *pins) learn(channelID string, now []string) (added, removed []string, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		p.known = map[string]map[string]bool{}
	}
	before, known := p.known[channelID]
	after := map[string]bool{}
	for _, id := range now {
		after[id] = true
		if !before[id] {
			added = append(added, id)
		}
	}
	for id := range before {
		if !after[id] {
			removed = append(removed, id)
		}
	}
	p.known[channelID] = after
	return slices.DeleteFunc(added, func(id string) bool { return p.mine[id] }), removed, known
}

// forget says that nothing is known of a channel any more: its pins changed, and nobody looked.
func (p *pins) forget(channelID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, channelID)
}

// add notes one pin and says whether it is news.
func (p *pins) add(channelID, id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mine[id] || p.known[channelID][id] {
		return false
	}
	if p.known[channelID] != nil {
		p.known[channelID][id] = true
	}
	return true
}

// take notes that a message is not pinned any more and says whether that is news.
func (p *pins) take(channelID, id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	news := p.known[channelID][id] && !p.mine[id]
	delete(p.known[channelID], id)
	return news
}

// own notes a message that the bot pins or unpins itself.
func (p *pins) own(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mine == nil || len(p.mine) > rememberMost {
		p.mine = map[string]bool{}
	}
	p.mine[id] = true
}

// pinNotice takes the line by which Discord says who pinned what.
func (r *running) pinNotice(d dispatch, s spot, m message) {
	if m.Reference == nil || m.Author == nil || !r.p.pins.add(s.raw(), m.Reference.MessageID) {
		return
	}
	r.pinned(d, s, m.Reference.MessageID, r.p.user(*m.Author, m.Member), false)
}

func (r *running) pinned(d dispatch, s spot, id string, by chat.User, removed bool) {
	in := chat.Pinned{Meta: r.meta(d, s, "pin/"+id), On: r.p.ref(s, id), Removed: removed}
	in.From = by
	r.deliver(in)
}

// pinsChanged compares the pins of a channel with what is known. Where nothing is known, only what was pinned by this very
// change is news: older pins were set for other reasons.
func (r *running) pinsChanged(d dispatch, s spot, last time.Time) {
	items, err := r.p.pinnedIn(r.ctx, s)
	if err != nil {
		r.p.log.Warn().Err(err).Str("channel", s.raw()).Msg("the pins of a channel could not be read")
		return
	}
	var ids []string
	when := map[string]time.Time{}
	for _, item := range items {
		ids = append(ids, item.Message.ID)
		when[item.Message.ID] = item.At
	}
	added, removed, known := r.p.pins.learn(s.raw(), ids)
	if !known {
		added = slices.DeleteFunc(added, func(id string) bool { return last.IsZero() || when[id].Before(last) })
	}
	for _, id := range removed {
		r.pinned(d, s, id, chat.User{}, true)
	}
	for _, id := range added {
		r.pinned(d, s, id, r.p.whoPinned(r.ctx, s, id), false)
	}
}

type pinItem struct {
	At      time.Time `json:"pinned_at"`
	Message message   `json:"message"`
}

// pinnedIn are the pins of a channel, newest first.
func (p *Platform) pinnedIn(ctx context.Context, s spot) ([]pinItem, error) {
	var all []pinItem
	path := "/channels/" + s.raw() + "/messages/pins?limit=50"
	for before := ""; ; {
		var page struct {
			Items []pinItem `json:"items"`
			More  bool      `json:"has_more"`
		}
		if err := p.rest.get(ctx, path+before, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if !page.More || len(page.Items) == 0 {
			return all, nil
		}
		before = "&before=" + page.Items[len(page.Items)-1].At.UTC().Format("2006-01-02T15:04:05.000000Z")
	}
}

// whoPinned looks for the notice of a pin among the newest messages; nobody where it is not there.
func (p *Platform) whoPinned(ctx context.Context, s spot, id string) chat.User {
	var newest []message
	if err := p.rest.get(ctx, "/channels/"+s.raw()+"/messages?limit=20", &newest); err != nil {
		return chat.User{}
	}
	for _, m := range newest {
		if m.Type == messagePin && m.Reference != nil && m.Reference.MessageID == id && m.Author != nil {
			return p.user(*m.Author, m.Member)
		}
	}
	return chat.User{}
}

// Pin pins a message or unpins it.
func (p *Platform) Pin(ctx context.Context, on chat.Ref, set bool) error {
	s, id, ok := messageOf(on)
	if !ok {
		return noSuchPlace()
	}
	p.pins.own(id)
	method := "DELETE"
	if set {
		method = "PUT"
	}
	return p.unarchived(ctx, s, func() error {
		return p.rest.do(ctx, request{method: method, path: "/channels/" + s.raw() + "/messages/pins/" + id}, nil)
	})
}
