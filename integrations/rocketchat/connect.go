package rocketchat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"boswell/chat"
)

const (
	// retryMost is the longest pause between two attempts to connect.
	retryMost = 5 * time.Minute
	// drain is how long what was taken may take after the platform is told to stop.
	drain = 10 * time.Second
	// overlap is how much earlier than needed the server is asked what happened: clocks and writes are not in step.
	overlap = time.Minute
)

// running is one Run.
type running struct {
	p      *Platform
	h      chat.Handler
	ctx    context.Context // of Run
	turns  turns           // of subscriptions
	online atomic.Int64    // how often Online was told
	// standings is how often it was told whether a room can be read.
	standings atomic.Int64
	line      atomic.Pointer[line]

	mu      sync.Mutex
	follows map[string]bool // rooms whose deletions the line tells
}

// Run keeps the socket open until ctx is done; then it takes nothing more, and finishes what it took. It gives up when the
// server does not accept the token, or asks for a second factor.
func (p *Platform) Run(ctx context.Context, h chat.Handler) error {
	ctx, stop := context.WithCancel(ctx)
	r := &running{p: p, h: h, ctx: ctx, turns: turns{most: p.o.Pace}}
	p.current.Store(r)
	defer p.current.CompareAndSwap(r, nil)
	err := r.keep()
	stop() // what waits for its turn is read back at the next start
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if p.lanes.Wait(finish) != nil {
		p.log.Warn().Msg("stopped before everything that arrived was handled; it is read back at the next start")
	}
	return err
}

// keep connects again and again.
func (r *running) keep() error {
	for wait := r.p.o.Retry; r.ctx.Err() == nil; {
		used, err := r.connection()
		if r.ctx.Err() != nil {
			return nil
		}
		if tell, yes := hopeless(err); yes {
			return chat.Final(err, tell)
		}
		if used {
			wait = r.p.o.Retry
		}
		d := max(wait/2+rand.N(wait/2+1), afterOf(err))
		r.p.log.Warn().Err(err).Stringer("again_in", d).Bool("was_up", used).Msg("not connected to Rocket.Chat")
		r.p.outage.Begin(lostBy(err), r.p.o.Now()) // what is shown as lost, the log has told
		if !pause(r.ctx, d) {
			return nil
		}
		wait = min(2*wait, retryMost)
	}
	return nil
}

// lostBy says why there is no connection.
func lostBy(err error) string {
	if err == nil {
		return "the connection was closed"
	}
	return scrub(err).Error()
}

// Trouble says that Rocket.Chat cannot be reached, since when and why; empty where it can.
func (p *Platform) Trouble() string { return p.outage.Text("Rocket.Chat cannot be reached") }

// afterOf is how long the server itself wants to be left alone.
func afterOf(err error) time.Duration {
	var said *ddpError
	if errors.As(err, &said) {
		return said.wait()
	}
	var rest *apiError
	if errors.As(err, &rest) {
		return rest.after
	}
	return 0
}

// connection is one connection from its beginning to its end. It says whether it was of use.
func (r *running) connection() (used bool, err error) {
	if err := r.facts(); err != nil {
		return false, err
	}
	l, err := r.p.dial(r.ctx, r.stream)
	if err != nil {
		return false, fmt.Errorf("connect: %w", err)
	}
	ctx, cancel := context.WithCancel(r.ctx)
	go func() {
		l.read(ctx)
		cancel() // whoever waits for something over it waits in vain
	}()
	defer func() {
		cancel()
		<-l.ended
	}()
	used, err = r.over(ctx, l)
	if stopped(ctx, err) && r.ctx.Err() == nil {
		<-l.ended
		err = l.end()
	}
	return used, err
}

// over does what is to be done over a connection until it ends.
func (r *running) over(ctx context.Context, l *line) (used bool, err error) {
	since := r.p.o.Now().Add(-overlap)
	if err := l.greet(ctx); err != nil {
		return false, fmt.Errorf("connect: %w", err)
	}
	defer l.settled()
	if err := r.login(ctx, l); err != nil {
		return false, err
	}
	late, err := r.listen(ctx, l)
	if err != nil {
		return false, err
	}
	r.readMissed(ctx)
	r.p.outage.End()
	r.tellOnline()
	l.settled()
	r.followLate(ctx, l, late, since)
	<-l.ended
	r.p.heard.Store(l.alive.Load())
	return true, l.end()
}

// facts are asked for at each connection: the server may be a new one.
func (r *running) facts() error {
	f, err := r.p.refresh(r.ctx)
	if err != nil {
		return err
	}
	if f.self.ID != r.p.cfg.UserID {
		return &apiError{status: 401, text: "the token belongs to another account than user_id says"}
	}
	switch major := f.major(); {
	case major == 0:
		r.p.log.Warn().Str("version", f.version).Msg("the server does not say which version it is")
	case major < oldestKnown || major > newestKnown:
		r.p.log.Warn().Str("version", f.version).Msg("this version of Rocket.Chat is not one that Boswell was made for (7 and 8); some things may not work")
	default:
		r.p.log.Debug().Str("version", f.version).Msg("connected to Rocket.Chat")
	}
	return nil
}

// The versions of the server that this package was made for.
const (
	oldestKnown = 7
	newestKnown = 8
)

// login proves who the bot is.
func (r *running) login(ctx context.Context, l *line) error {
	_, err := l.call(ctx, "login", map[string]string{"resume": r.p.cfg.Token.Reveal()})
	var said *ddpError
	if !errors.As(err, &said) || said.wait() > 0 {
		return err
	}
	switch said.code() {
	case "403", "401":
		return &apiError{status: 401, text: said.Error()}
	case "totp-required":
		return &apiError{status: 400, code: "totp-required", text: said.Error()}
	}
	return err
}

// The streams, and what comes over them.
const (
	streamMessages = "stream-room-messages"
	streamRoom     = "stream-notify-room"
	streamUser     = "stream-notify-user"

	myMessages       = "__my_messages__"
	eventDeleted     = "deleteMessage"
	eventDeletedMany = "deleteMessageBulk"
	eventJoined      = "subscriptions-changed"
	eventRooms       = "rooms-changed"
)

// listen subscribes to everything, and finds out in which rooms the bot is. late are the rooms for whose deletions there was
// no turn left.
func (r *running) listen(ctx context.Context, l *line) (late []string, err error) {
	self := r.p.knownSelf()
	for _, s := range [][2]string{{streamMessages, myMessages}, {streamUser, self + "/" + eventJoined}, {streamUser, self + "/" + eventRooms}} {
		if err := r.subscribe(ctx, l, s[0], s[1]); err != nil {
			return nil, fmt.Errorf("subscribe to %s: %w", s[0], err)
		}
	}
	all, err := r.takeStock(ctx)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.follows = map[string]bool{}
	r.mu.Unlock()
	r.line.Store(l)
	for i, id := range all {
		if r.turns.left() < 2 {
			return all[i:], nil
		}
		r.follow(ctx, l, id)
	}
	return nil, ctx.Err()
}

// subscribe waits for its turn, and longer where the server says so.
func (r *running) subscribe(ctx context.Context, l *line, stream, key string) error {
	for {
		if err := r.turns.take(ctx); err != nil {
			return err
		}
		err := l.subscribe(ctx, stream, key)
		var said *ddpError
		if !errors.As(err, &said) || said.wait() == 0 {
			return err
		}
		if !pause(ctx, said.wait()) {
			return ctx.Err()
		}
	}
}

// follow asks to hear of the deletions in a room. Where the server refuses, they are found when the room is read back.
func (r *running) follow(ctx context.Context, l *line, id string) {
	r.mu.Lock()
	known := r.follows[id]
	r.follows[id] = true
	r.mu.Unlock()
	if known {
		return
	}
	for _, event := range []string{eventDeleted, eventDeletedMany} {
		if err := r.subscribe(ctx, l, streamRoom, id+"/"+event); err != nil && ctx.Err() == nil {
			r.p.log.Warn().Err(err).Str("room", id).Msg("the server does not tell of deletions in a room; they are found when it is read back")
		}
	}
}

// unfollow forgets a room that the bot is no longer in.
func (r *running) unfollow(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.follows, id)
}

// followLate follows the rooms that had no turn before, and looks what was deleted in them meanwhile.
func (r *running) followLate(ctx context.Context, l *line, late []string, since time.Time) {
	for _, id := range late {
		if ctx.Err() != nil {
			return
		}
		r.follow(ctx, l, id)
		if err := r.p.inRoom(ctx, id, func() error { return r.lookDeleted(ctx, id, since) }); err != nil && ctx.Err() == nil {
			r.p.log.Warn().Err(err).Str("room", id).Msg("could not look what was deleted in a room")
		}
	}
}

// tellOnline says that it is time to look what was missed.
func (r *running) tellOnline() {
	now := r.p.o.Now()
	r.deliver(chat.Online{Meta: chat.Meta{Delivery: chat.DeliveryID(fmt.Sprintf("online/%d/%d", now.UnixNano(), r.online.Add(1))),
		At: now, Place: r.p.place("", "")}})
}

// deliver hands something over until it is taken: until then nothing that follows in its room is. The answer is for whoever
// asked. It says no where the platform was stopped before.
func (r *running) deliver(in chat.Inbound) (chat.Reply, bool) {
	for wait := r.p.o.Retry; ; wait = min(2*wait, retryMost) {
		reply, err := r.h(context.WithoutCancel(r.ctx), in)
		if err == nil {
			return reply, true
		}
		r.p.log.Warn().Err(err).Str("delivery", string(in.Origin().Delivery)).Msg("a delivery was not taken; it comes again")
		if !pause(r.ctx, wait) {
			return chat.Reply{}, false
		}
	}
}

// errAway says that nobody takes anything just now.
var errAway = errors.New("the bot is not running")

// ask hands a question of somebody to the bot. It is errAway where the platform does not run.
func (p *Platform) ask(ctx context.Context, in chat.Inbound) (chat.Reply, error) {
	r := p.current.Load()
	if r == nil {
		return chat.Reply{}, errAway
	}
	return r.h(ctx, in)
}

// turnsIn is the time over which the server counts subscriptions.
const turnsIn = 10 * time.Second

// turns spread subscriptions: the server takes so many in ten seconds. It is the server's own clock, so it waits for real
// time.
type turns struct {
	most int

	mu   sync.Mutex
	used []time.Time // oldest first
}

// left is how many there are at once.
func (t *turns) left() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tidy()
	return t.most - len(t.used)
}

// tidy is called with the lock held.
func (t *turns) tidy() {
	old := time.Now().Add(-turnsIn)
	for len(t.used) > 0 && t.used[0].Before(old) {
		t.used = t.used[1:]
	}
}

// take waits for a turn.
func (t *turns) take(ctx context.Context) error {
	for {
		t.mu.Lock()
		t.tidy()
		if len(t.used) < t.most {
			t.used = append(t.used, time.Now())
			t.mu.Unlock()
			return ctx.Err()
		}
		wait := time.Until(t.used[0].Add(turnsIn))
		t.mu.Unlock()
		if !pause(ctx, max(wait, time.Millisecond)) {
			return ctx.Err()
		}
	}
}

// unmarshalAll reads the arguments of an event, as many as are wanted. Those that are missing are left as they are.
func unmarshalAll(args []json.RawMessage, into ...any) error {
	for i, v := range into {
		if i >= len(args) {
			break
		}
		if err := json.Unmarshal(args[i], v); err != nil {
			return err
		}
	}
	return nil
}
