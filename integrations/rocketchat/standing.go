package rocketchat

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"boswell/chat"
)

// rooms remembers the rooms that the bot is in, and what they are called.
type rooms struct {
	mu sync.Mutex
	in map[string]room
}

func (r *rooms) get(id string) (room, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.in[id]
	return known, ok
}

// joined says that the bot is in a room, as far as that is known.
func (r *rooms) joined(id string) bool {
	_, ok := r.get(id)
	return ok
}

// hear learns of a room from what happens in it; what is known already stays.
func (r *rooms) hear(heard room) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.in[heard.ID]
	if ok && (heard.Name == "" || known.Name == heard.Name) {
		return
	}
	known.ID, known.Kind = heard.ID, first(heard.Kind, known.Kind)
	if known.Parent == "" { // the server tells the title of a discussion for its name
		known.Name = first(heard.Name, known.Name)
	}
	r.keep(known)
}

func (r *rooms) put(all ...room) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, known := range all {
		r.keep(known)
	}
}

// keep is called with the lock held.
func (r *rooms) keep(known room) {
	if r.in == nil {
		r.in = map[string]room{}
	}
	r.in[known.ID] = known
}

func (r *rooms) drop(id string) (room, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.in[id]
	delete(r.in, id)
	return known, ok
}

// replace takes what the server says for all there is, and returns what was known before it. Both maps are the caller's alone.
func (r *rooms) replace(all map[string]room) (before map[string]room) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before, r.in = r.in, maps.Clone(all)
	return before
}

// called is the room of a name as people type it; a discussion goes by its title.
func (r *rooms) called(name string) (room, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found room
	for _, known := range r.in {
		if known.Kind == kindDirect {
			continue
		}
		if known.Name == name {
			return known, true
		}
		if strings.EqualFold(known.shown(), name) || strings.EqualFold(known.Title, name) {
			found = known
		}
	}
	return found, found.ID != ""
}

// stock is an answer that lists rooms or subscriptions.
type stock struct {
	Update []room `json:"update"`
}

// takeStock asks in which rooms the bot is, tells of those that it is no longer in, and returns them all, those first where
// incidents are likely to be.
func (r *running) takeStock(ctx context.Context) ([]string, error) {
	all, err := r.p.myRooms(ctx)
	if err != nil {
		return nil, err
	}
	before := r.p.rooms.replace(all)
	for id := range before {
		if _, still := all[id]; !still {
			r.unfollow(id)
			r.shut(id, whyMissed)
		}
	}
	for _, now := range all {
		r.stands(now)
	}
	ids := make([]string, 0, len(all))
	for id := range all {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		if x, y := all[a].Kind == kindDirect, all[b].Kind == kindDirect; x != y {
			if x {
				return 1
			}
			return -1
		}
		return all[b].Updated.Compare(all[a].Updated.Time) // where something happened lately, something will
	})
	return ids, nil
}

// myRooms are the rooms that the bot is in. Their subscriptions say which, the rooms themselves what they are like.
func (p *Platform) myRooms(ctx context.Context) (map[string]room, error) {
	var mine, details stock
	if err := p.rest.get(ctx, "subscriptions.get", nil, &mine); err != nil {
		return nil, sorted("ask which rooms the bot is in", err)
	}
	if err := p.rest.get(ctx, "rooms.get", nil, &details); err != nil {
		return nil, sorted("ask about the rooms", err)
	}
	all := make(map[string]room, len(mine.Update))
	for _, s := range mine.Update {
		s.ID = s.Of
		if s.ID != "" {
			all[s.ID] = s
		}
	}
	for _, d := range details.Update {
		if s, ok := all[d.ID]; ok {
			d.Kind, d.Name, d.Title = first(d.Kind, s.Kind), first(d.Name, s.Name), first(d.Title, s.Title)
			all[d.ID] = d
		}
	}
	return all, nil
}

// roomByID is a room that may be looked at, as the server has it now.
func (p *Platform) roomByID(ctx context.Context, id string) (room, error) {
	return p.roomInfo(ctx, url.Values{"roomId": {id}})
}

func (p *Platform) roomInfo(ctx context.Context, query url.Values) (room, error) {
	var answer struct {
		Room room `json:"room"`
	}
	if err := p.rest.get(ctx, "rooms.info", query, &answer); err != nil {
		return room{}, sorted("look at a room", err)
	}
	if answer.Room.ID == "" {
		return room{}, chat.Final(fmt.Errorf("%w: the server names no room", chat.ErrGone), tellNoRoom)
	}
	if p.rooms.joined(answer.Room.ID) {
		p.rooms.put(answer.Room)
	}
	return answer.Room, nil
}

// openRoom reads that the bot was let into a room or out of it, or that a room is another now.
func (r *running) openRoom(event string, args []json.RawMessage) (string, func(), error) {
	var action string
	var about room
	if err := unmarshalAll(args, &action, &about); err != nil {
		return "", nil, err
	}
	if event == eventJoined {
		about.ID = about.Of
	}
	if about.ID == "" {
		return "", nil, fmt.Errorf("%w: a room without an identifier", errUnreadable)
	}
	switch {
	case event == eventJoined && action == "removed":
		return about.ID, func() { r.leave(about.ID, whyRemoved) }, nil
	case event == eventRooms && action == "removed":
		return about.ID, func() { r.leave(about.ID, whyDeleted) }, nil
	case event == eventJoined && action == "inserted":
		since := r.p.o.Now().Add(-overlap)
		return about.ID, func() { r.enter(about, since) }, nil
	case event == eventRooms:
		return about.ID, func() { r.changed(about) }, nil
	default:
		return "", nil, nil // a subscription changes with each message that is read
	}
}

// leave takes it that the bot is in a room no more.
func (r *running) leave(id, why string) {
	r.unfollow(id)
	if _, was := r.p.rooms.drop(id); was {
		r.shut(id, why)
	}
}

// enter takes it that the bot was let into a room.
func (r *running) enter(about room, since time.Time) {
	if known, err := r.p.roomByID(r.ctx, about.ID); err == nil {
		about = known
	}
	r.p.rooms.put(about)
	if l := r.line.Load(); l != nil {
		r.follow(r.ctx, l, about.ID)
		if err := r.lookDeleted(r.ctx, about.ID, since); err != nil {
			r.p.log.Debug().Err(err).Str("room", about.ID).Msg("could not look what was deleted in a new room")
		}
	}
	r.stands(about)
}

// changed takes what a room is now.
func (r *running) changed(now room) {
	was, known := r.p.rooms.get(now.ID)
	if !known {
		return // it is not one of the bot's, or it is told of otherwise
	}
	now.Kind, now.Name, now.Title = first(now.Kind, was.Kind), first(now.Name, was.Name), first(now.Title, was.Title)
	r.p.rooms.put(now)
	r.stands(now)
}
