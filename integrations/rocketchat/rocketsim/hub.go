package rocketsim

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// hub gives to whoever listens what happens. The simulator's lock guards it.
type hub struct {
	s        *Sim
	sessions []*session // that are connected
	changed  chan struct{}
	// pending is how many frames the bot has read and not dealt with; dealt how many it has dealt with since the beginning.
	pending int
	dealt   uint64
	told    uint64 // events that were given to a connection

	cut      bool
	twice    bool
	holding  bool
	folding  bool
	hostile  bool // connections are closed as soon as they are open
	idleMost time.Duration
	flaky    *rand.Rand
	broken   int
	held     []event
}

// An event is something to tell: on a stream, under a key.
type event struct {
	stream, key string
	args        []any
	room        *room  // of a message
	message     string // which message it is about, if any
	last        bool   // nothing can follow of that message
	asked       bool   // somebody waits for the answer
}

func (h *hub) start(s *Sim) { h.s, h.changed = s, make(chan struct{}) }

// change tells those who wait that something changed.
func (h *hub) change() {
	close(h.changed)
	h.changed = make(chan struct{})
}

func (h *hub) join(k *session) {
	h.sessions = append(h.sessions, k)
	h.change()
}

// end ends a session; politely, what is queued is sent first.
func (h *hub) end(k *session, polite bool) {
	if k.ended {
		return
	}
	k.ended, k.polite = true, polite
	close(k.over)
	h.leave(k)
}

func (h *hub) leave(k *session) {
	if !k.ended {
		k.ended = true
		close(k.over)
	}
	h.sessions = slices.DeleteFunc(h.sessions, func(x *session) bool { return x == k })
	h.change()
}

func (h *hub) dropAll() {
	for _, k := range slices.Clone(h.sessions) {
		h.end(k, false)
	}
}

// publish tells an event, unless it is kept back or the bot is cut off.
func (h *hub) publish(e event) {
	e.args = ejson(e.args).([]any)
	defer h.change()
	switch {
	case h.cut || h.s.down:
	case (h.holding || h.folding) && e.message != "" && !e.asked:
		h.held = append(h.held, e)
	default:
		h.deliver(e)
	}
}

// flakyOneIn is how many events a flaky connection lasts, about.
const flakyOneIn = 12

// deliver gives an event to every session that subscribed to it.
func (h *hub) deliver(e event) {
	for _, k := range slices.Clone(h.sessions) {
		lost := false
		if h.flaky != nil && e.message != "" && h.flaky.IntN(flakyOneIn) == 0 {
			h.broken++
			lost = h.flaky.IntN(2) == 0
			defer h.end(k, !lost)
		}
		if !lost {
			h.give(k, e)
		}
	}
}

// give sends an event over one session, once for each subscription that it fits.
func (h *hub) give(k *session, e event) {
	if k.mute {
		return
	}
	for _, sub := range k.subs {
		args, fits := h.fits(k, sub, e)
		if !fits {
			continue
		}
		data, err := json.Marshal(object{"msg": "changed", "collection": e.stream, "id": "id", "fields": object{"eventName": sub.key, "args": args}})
		if err != nil {
			continue // what was published has a form in JSON
		}
		k.sendRaw(data)
		if h.twice {
			k.sendRaw(data)
		}
		h.told++
	}
}

// fits says whether a subscription is told of an event, and what.
func (h *hub) fits(k *session, sub *subscription, e event) ([]any, bool) {
	if sub.stream != e.stream || k.user == nil {
		return nil, false
	}
	if e.room == nil {
		return e.args, sub.key == e.key && h.still(k, e)
	}
	switch {
	case !h.s.reaches(k.user, e.room):
		return nil, false
	case sub.key == "__my_messages__":
		return append(slices.Clone(e.args), object{"roomParticipant": e.room.has(k.user.id), "roomType": e.room.kind, "roomName": e.room.name}), true
	default:
		return e.args, sub.key == e.key
	}
}

// still says whether somebody who subscribed to what happens in a room is in it.
func (h *hub) still(k *session, e event) bool {
	if e.stream != "stream-notify-room" {
		return true
	}
	id, _, _ := strings.Cut(e.key, "/")
	r := h.s.rooms[id]
	return r != nil && r.has(k.user.id)
}

// release lets go what was kept back, in any order where r is given; when changes are folded, of each message only the last.
// That a message is gone is told after everything else of it.
func (h *hub) release(r *rand.Rand) {
	held := h.held
	h.held, h.holding = nil, false
	if h.folding {
		held = folded(held)
	}
	if r != nil {
		r.Shuffle(len(held), func(i, j int) { held[i], held[j] = held[j], held[i] })
		slices.SortStableFunc(held, func(a, b event) int { return rank(a) - rank(b) })
	}
	for _, e := range held {
		h.deliver(e)
	}
}

func rank(e event) int {
	if e.last {
		return 1
	}
	return 0
}

// folded leaves of the changes of each message the last.
func folded(all []event) []event {
	var rest []event
	for i, e := range all {
		same := func(x event) bool { return x.message == e.message && x.key == e.key && x.stream == e.stream }
		if !slices.ContainsFunc(all[i+1:], same) {
			rest = append(rest, e)
		}
	}
	return rest
}

// tellMessage tells a message as it now stands.
func (s *Sim) tellMessage(m *message, asked bool) {
	s.hub.publish(event{stream: "stream-room-messages", key: m.in.id, args: []any{s.messageObject(m)}, room: m.in, message: m.id, asked: asked})
}

func (s *Sim) tellGone(m *message) {
	s.hub.publish(event{stream: "stream-notify-room", key: m.in.id + "/deleteMessage", args: []any{object{"_id": m.id}}, message: m.id, last: true})
}

// tellRoom tells those in a room that it changed.
func (s *Sim) tellRoom(r *room) {
	r.updated = s.now()
	for _, id := range r.members {
		s.tellUser(id, "rooms-changed", "updated", s.roomObject(r))
	}
}

// tellMember tells somebody of being in a room, or no more.
func (s *Sim) tellMember(r *room, u *user, action string) {
	what := object{"_id": "sub" + r.id + u.id, "rid": r.id, "u": object{"_id": u.id}}
	if action != "removed" {
		what = s.subscriptionObject(r, u)
	}
	s.tellUser(u.id, "subscriptions-changed", action, what)
}

func (s *Sim) tellUser(id, what string, args ...any) {
	s.hub.publish(event{stream: "stream-notify-user", key: id + "/" + what, args: args})
}
