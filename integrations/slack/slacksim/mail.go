package slacksim

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// mailroom delivers to the app: over whichever socket is open, or over HTTP, again where nobody acknowledged.
type mailroom struct {
	sim *Sim

	mu        sync.Mutex
	sockets   []*socket
	next      int // which socket is next
	waiting   []*parcel
	out       map[string]*parcel // by envelope
	held      []*parcel
	holding   bool
	cut       bool
	twice     bool
	flaky     *rand.Rand
	broken    int
	hostile   bool
	took      []time.Duration // from delivery to acknowledgement
	serial    int
	delivered uint64
	lost      int
	change    chan struct{} // closed and made anew whenever something changed
}

// A parcel is one thing to deliver.
type parcel struct {
	kind    string // events_api, slash_commands, interactive
	payload object
	// carries says that the acknowledgement may carry an answer.
	carries bool
	attempt int
	again   bool // the second delivery of something that was acknowledged
	since   time.Time
	by      *socket
	// done hears what became of it; nil where nobody waits.
	done chan outcome
}

// outcome is the acknowledgement of a parcel, or why there was none.
type outcome struct {
	payload json.RawMessage
	err     error
}

func (m *mailroom) start(s *Sim) {
	m.sim, m.out, m.change = s, map[string]*parcel{}, make(chan struct{})
	go m.watch()
}

// changed is called with the lock held.
func (m *mailroom) changed() {
	close(m.change)
	m.change = make(chan struct{})
}

// watch delivers again what was not acknowledged in time.
func (m *mailroom) watch() {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-m.sim.done.Done():
			return
		case now := <-tick.C:
			m.overdue(now)
		}
	}
}

func (m *mailroom) overdue(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, p := range m.out {
		if now.Sub(p.since) > m.sim.o.Patience {
			delete(m.out, id)
			m.failed(p)
		}
	}
	m.flush()
}

// post queues an event for the app. It is kept back while the World holds, and lost while it is cut off.
func (m *mailroom) post(event object) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cut {
		m.lost++
		return
	}
	m.serial++
	p := &parcel{kind: "events_api", payload: object{"token": "verification", "team_id": TeamID, "api_app_id": AppID,
		"type": "event_callback", "event_id": fmt.Sprintf("Ev%08X", m.serial), "event_time": m.sim.now().Unix(), "event": event,
		"authorizations": []object{{"team_id": TeamID, "user_id": BotUser, "is_bot": true}}, "is_ext_shared_channel": false,
		"event_context": "4-simulated"}}
	if m.holding {
		m.held = append(m.held, p)
		return
	}
	m.waiting = append(m.waiting, p)
	m.flush()
}

// flush sends what waits, while there is somewhere to send it. It is called with the lock held.
func (m *mailroom) flush() {
	if m.sim.o.RequestURL != "" {
		for _, p := range m.waiting {
			m.sendHTTP(p)
		}
		m.waiting = nil
		return
	}
	var later []*parcel
	now := time.Now()
	for _, p := range m.waiting {
		s := m.pick()
		full := m.sim.o.Window > 0 && len(m.out) >= m.sim.o.Window
		if s == nil || full || p.since.After(now) {
			later = append(later, p)
			continue
		}
		m.send(s, p)
	}
	m.waiting = later
}

// pick is the next open socket; Slack uses whichever it likes, and one that is to be closed only where there is no other.
func (m *mailroom) pick() *socket {
	if m.cut || len(m.sockets) == 0 {
		return nil
	}
	for range m.sockets {
		m.next++
		if s := m.sockets[m.next%len(m.sockets)]; !s.leaving {
			return s
		}
	}
	return m.sockets[m.next%len(m.sockets)]
}

// sweep closes the sockets that are to be closed and owe no acknowledgement, once there is another one. It is called with
// the lock held.
func (m *mailroom) sweep() {
	if !slices.ContainsFunc(m.sockets, func(s *socket) bool { return !s.leaving }) {
		return
	}
	owing := map[*socket]bool{}
	for _, p := range m.out {
		owing[p.by] = true
	}
	for _, s := range m.sockets {
		if s.leaving && !owing[s] {
			s.write(object{"type": "disconnect", "reason": "refresh_requested", "debug_info": object{"host": "simulated"}})
			s.drop()
		}
	}
}

// flakyOneIn is how many deliveries a flaky connection lasts, about.
const flakyOneIn = 12

// send gives a parcel to a socket. It is called with the lock held.
func (m *mailroom) send(s *socket, p *parcel) {
	m.serial++
	id := fmt.Sprintf("envelope-%d", m.serial)
	p.since, p.by = time.Now(), s
	m.out[id] = p
	if m.flaky != nil && m.flaky.IntN(flakyOneIn) == 0 {
		m.broken++
		defer s.drop()
		if p.kind != "events_api" {
			return // the socket breaks before the command is on it: the person sees an error
		}
	}
	frame := object{"envelope_id": id, "type": p.kind, "payload": p.payload, "accepts_response_payload": p.carries}
	if p.kind == "events_api" {
		frame["retry_attempt"], frame["retry_reason"] = p.attempt, ""
		if p.attempt > 0 {
			frame["retry_reason"] = "timeout"
		}
	}
	s.write(frame)
}

// acked takes an acknowledgement.
func (m *mailroom) acked(id string, payload json.RawMessage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.out[id]
	if !ok {
		return // late: it was given up or delivered again
	}
	delete(m.out, id)
	m.took = append(m.took, time.Since(p.since))
	m.arrived(p, payload)
	m.sweep()
}

// arrived notes that a parcel was acknowledged. It is called with the lock held.
func (m *mailroom) arrived(p *parcel, payload json.RawMessage) {
	m.delivered++
	if p.done != nil && !p.again {
		p.done <- outcome{payload: payload}
	}
	if m.twice && !p.again {
		repeat := *p
		repeat.again, repeat.attempt, repeat.since = true, 1, time.Time{}
		m.waiting = append(m.waiting, &repeat)
	}
	if len(m.waiting) > 0 {
		m.flush()
	}
	m.changed()
}

// failed takes a parcel that was not acknowledged: events are delivered again, three times at most; whoever waits for the
// answer to a command sees that there is none. It is called with the lock held.
func (m *mailroom) failed(p *parcel) {
	defer m.changed()
	if p.kind != "events_api" {
		if p.done != nil && !p.again {
			p.done <- outcome{err: errNoAnswer}
		}
		return
	}
	if p.attempt >= len(m.sim.o.Retries) {
		m.lost++
		return
	}
	p.since = time.Now().Add(m.sim.o.Retries[p.attempt])
	p.attempt++
	m.waiting = append(m.waiting, p)
}

// join takes a socket that is open now.
func (m *mailroom) join(s *socket) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.hostile {
		s.drop()
	}
	m.sockets = append(m.sockets, s)
	return len(m.sockets)
}

// open begins to deliver over the sockets that are there.
func (m *mailroom) ready() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changed()
	m.flush()
	m.sweep()
}

// leave takes a socket that is closed: what it did not acknowledge is delivered over another one.
func (m *mailroom) leave(s *socket) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sockets = slices.DeleteFunc(m.sockets, func(x *socket) bool { return x == s })
	for id, p := range m.out {
		if p.by == s {
			delete(m.out, id)
			m.failed(p)
		}
	}
	m.flush()
	m.changed()
}

// dropAll closes every socket without a word.
func (m *mailroom) dropAll() {
	m.mu.Lock()
	sockets := slices.Clone(m.sockets)
	m.mu.Unlock()
	for _, s := range sockets {
		s.drop()
	}
}

// ask delivers something that somebody waits for. Where no connection comes in time, they are told so.
func (m *mailroom) ask(ctx context.Context, kind string, payload object, carries bool) (json.RawMessage, error) {
	p := &parcel{kind: kind, payload: payload, carries: carries, done: make(chan outcome, 1)}
	if err := m.hurry(ctx, p); err != nil {
		return nil, err
	}
	select {
	case o := <-p.done:
		return o.payload, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hurry sends a parcel as soon as there is somewhere to send it.
func (m *mailroom) hurry(ctx context.Context, p *parcel) error {
	ctx, cancel := context.WithTimeout(ctx, m.sim.o.Patience)
	defer cancel()
	for {
		m.mu.Lock()
		s, change, sent := m.pick(), m.change, true
		switch {
		case m.sim.o.RequestURL != "":
			m.sendHTTP(p)
		case s != nil:
			m.send(s, p)
		default:
			sent = false
		}
		cut := m.cut
		m.mu.Unlock()
		switch {
		case sent:
			return nil
		case cut:
			return errNotConnected
		}
		select {
		case <-change:
		case <-ctx.Done():
			return errNotConnected
		}
	}
}

func (m *mailroom) isCut() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.cut
}

// idle waits until everything is acknowledged, and a socket is open to deliver what comes next unless the World is cut off.
func (m *mailroom) idle(ctx context.Context) (uint64, error) {
	for {
		m.mu.Lock()
		rest := len(m.waiting) == 0 && len(m.out) == 0
		open := m.cut || len(m.sockets) > 0 || m.sim.o.RequestURL != ""
		n, change := m.delivered, m.change
		if rest && open {
			m.mu.Unlock()
			return n, nil
		}
		m.mu.Unlock()
		select {
		case <-change:
		case <-ctx.Done():
			return n, fmt.Errorf("the simulator did not come to rest: %w", ctx.Err())
		}
	}
}

// release lets go what was held, in any order.
func (m *mailroom) release(r *rand.Rand) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.holding = false
	r.Shuffle(len(m.held), func(i, j int) { m.held[i], m.held[j] = m.held[j], m.held[i] })
	m.waiting = append(m.waiting, m.held...)
	m.held = nil
	m.flush()
}
