package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/incident"
	"boswell/storage"
	"boswell/storage/bolt"
)

// stage is a platform that does what a test tells it, where a real one would have to be broken in the right way at the right
// moment.
type stage struct {
	id     chat.PlatformID
	limits chat.Limits
	// obey decides what a call does; nil lets it work.
	obey func(call) error
	// loses says that a post in doubt did not arrive.
	loses bool

	mu      sync.Mutex
	calls   []call
	posts   map[string]chat.Ref
	arrived []chat.Message // the posts that people see
	h       chan chat.Handler
}

// call is one call of a platform, in words.
type call struct {
	What string
	Key  string
	Text string
}

func newStage(id chat.PlatformID) *stage {
	return &stage{id: id, limits: chat.Limits{Text: 2000, Buttons: 5, Slash: "/incident"}, posts: map[string]chat.Ref{}, h: make(chan chat.Handler, 1)}
}

func (s *stage) ID() chat.PlatformID { return s.id }
func (s *stage) Limits() chat.Limits { return s.limits }

func (s *stage) Run(ctx context.Context, h chat.Handler) error {
	s.h <- h
	<-ctx.Done()
	return nil
}

func (s *stage) do(c call) error {
	s.mu.Lock()
	s.calls = append(s.calls, c)
	obey := s.obey
	s.mu.Unlock()
	if obey == nil {
		return nil
	}
	return obey(c)
}

func (s *stage) Post(_ context.Context, key string, to chat.Place, m chat.Message) (chat.Ref, error) {
	err := s.do(call{"post", key, m.Text.String()})
	s.mu.Lock()
	defer s.mu.Unlock()
	ref := chat.Ref{Platform: s.id, Channel: to.Channel, Message: chat.MessageID(fmt.Sprint("m", len(s.posts)+1))}
	if err == nil || chat.AsFailure(err).InDoubt && !s.loses {
		s.posts[key] = ref
		s.arrived = append(s.arrived, m)
	}
	return ref, err
}

func (s *stage) Edit(_ context.Context, on chat.Ref, m chat.Message) error {
	return s.do(call{"edit", string(on.Message), m.Text.String()})
}

func (s *stage) React(_ context.Context, on chat.Ref, emoji string, set bool) error {
	return s.do(call{"react", string(on.Message), fmt.Sprint(emoji, set)})
}

func (s *stage) Pin(_ context.Context, on chat.Ref, set bool) error {
	return s.do(call{"pin", string(on.Message), fmt.Sprint(set)})
}

func (s *stage) MakeRoom(_ context.Context, key string, r chat.NewRoom) (chat.Place, string, error) {
	return chat.Place{Platform: s.id, Channel: "made"}, "#made", s.do(call{"room", key, r.Name})
}

func (s *stage) said() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, c := range s.calls {
		all = append(all, c.What+" "+c.Text)
	}
	return all
}

// seen is what people see of the posts.
func (s *stage) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var texts []string
	for _, m := range s.arrived {
		texts = append(texts, m.Text.String())
	}
	return texts
}

// finding is a stage that can say whether a key was posted.
type finding struct{ *stage }

func (f finding) Find(_ context.Context, key string, _ chat.Place, _ time.Time) (chat.Ref, bool, error) {
	if err := f.do(call{"find", key, ""}); err != nil {
		return chat.Ref{}, false, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	ref, ok := f.posts[key]
	return ref, ok, nil
}

// whispering is a stage that can say something to one person alone.
type whispering struct{ *stage }

func (w whispering) Whisper(_ context.Context, _ chat.Place, user chat.UserID, m chat.Message) error {
	return w.do(call{"whisper", string(user), m.Text.String()})
}

// theatre is a running bot on stages.
type theatre struct {
	t     testing.TB
	dir   string
	clock *chattest.Clock
	store *bolt.Store
	gate  *gated // what the bot sees of the store
	bot   *Bot
	end   func()
}

var curtain = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func open(t testing.TB, platforms ...chat.Platform) *theatre {
	t.Helper()
	th := &theatre{t: t, dir: t.TempDir(), clock: chattest.NewClock(curtain)}
	th.start(platforms...)
	t.Cleanup(func() { th.end() })
	return th
}

func (th *theatre) start(platforms ...chat.Platform) {
	th.t.Helper()
	store, err := bolt.Open(th.dir, bolt.Options{Clock: th.clock.Now})
	if err != nil {
		th.t.Fatal(err)
	}
	gate := &gated{Store: store, entered: make(chan struct{}, 2*atOnce)}
	b, err := New(gate, platforms, th.clock, Options{})
	if err != nil {
		th.t.Fatal(err)
	}
	th.store, th.gate, th.bot = store, gate, b
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	th.end = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			th.t.Errorf("the bot ended with: %v", err)
		}
		if err := store.Close(); err != nil {
			th.t.Errorf("the store did not close: %v", err)
		}
	})
}

// gated is a store whose transactions can be made to wait or to fail.
type gated struct {
	storage.Store
	entered chan struct{} // hears of every transaction that waits

	mu   sync.Mutex
	wait chan struct{} // what they wait for; nil is nothing
	fail func(storage.Cause) error
	deny func() error // what fails a View
}

func (g *gated) Do(ctx context.Context, c storage.Cause, fn func(storage.Tx) (storage.Outcome, error)) (storage.Outcome, error) {
	g.mu.Lock()
	wait, fail := g.wait, g.fail
	g.mu.Unlock()
	if wait != nil {
		g.entered <- struct{}{}
		<-wait
	}
	if fail != nil {
		if err := fail(c); err != nil {
			return storage.Outcome{}, err
		}
	}
	return g.Store.Do(ctx, c, fn)
}

func (g *gated) View(ctx context.Context, fn func(storage.Reader) error) error {
	g.mu.Lock()
	deny := g.deny
	g.mu.Unlock()
	if deny != nil {
		if err := deny(); err != nil {
			return err
		}
	}
	return g.Store.View(ctx, fn)
}

// spoil makes transactions and Views fail where the functions say so.
func (g *gated) spoil(fail func(storage.Cause) error, deny func() error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fail, g.deny = fail, deny
}

// close makes transactions wait until the function it returns is called.
func (g *gated) close() (open func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wait = make(chan struct{})
	return sync.OnceFunc(func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		close(g.wait)
		g.wait = nil
	})
}

// settle waits for the bot to come to rest.
func (th *theatre) settle() {
	th.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := th.bot.Settle(ctx); err != nil {
		th.t.Fatal(err)
	}
}

// incident opens one in the channel "ops" of a platform.
func (th *theatre) incident(platform chat.PlatformID) incident.ID {
	return th.incidentIn(platform, "ops")
}

func (th *theatre) incidentIn(platform chat.PlatformID, channel string) incident.ID {
	th.t.Helper()
	var id incident.ID
	room := incident.Room{RoomID: incident.RoomID{Platform: string(platform), Channel: channel}, Name: "#" + channel}
	th.write(func(tx storage.Tx) error {
		events, err := incident.Open(incident.Opening{Title: "Checkout is down", Room: &room})
		if err != nil {
			return err
		}
		id, err = tx.Create(events...)
		return err
	})
	th.bot.relink(context.Background())
	return id
}

func (th *theatre) write(fn func(storage.Tx) error) {
	th.t.Helper()
	_, err := th.store.Do(context.Background(), storage.Cause{Key: "test"}, func(tx storage.Tx) (storage.Outcome, error) {
		return storage.Outcome{}, fn(tx)
	})
	if err != nil {
		th.t.Fatal(err)
	}
}

// owe promises effects, each under its own key, all in one lane.
func (th *theatre) owe(platform chat.PlatformID, id incident.ID, lane string, effects ...chat.Effect) (ids []chat.EffectID) {
	th.t.Helper()
	th.write(func(tx storage.Tx) error {
		ids = nil
		for i, e := range effects {
			o, err := tx.Owe(storage.Owed{Incident: id, Key: fmt.Sprintf("%s/%d", lane, i), Lane: lane, Platform: platform, Effect: e})
			if err != nil {
				return err
			}
			ids = append(ids, o)
		}
		return nil
	})
	return ids
}

func (th *theatre) log(id incident.ID) (events []incident.Event) {
	th.t.Helper()
	err := th.store.View(context.Background(), func(r storage.Reader) error {
		for rec, err := range r.Records(id, 1) {
			if err != nil {
				return err
			}
			events = append(events, rec.Event)
		}
		return nil
	})
	if err != nil {
		th.t.Fatal(err)
	}
	return events
}

func (th *theatre) owed() (n int) {
	th.t.Helper()
	err := th.store.View(context.Background(), func(r storage.Reader) error {
		for _, err := range r.Owed(0) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		th.t.Fatal(err)
	}
	return n
}

func say(channel, text string) chat.Post {
	return chat.Post{To: chat.Target{Place: chat.Place{Platform: "one", Channel: chat.ChannelID(channel)}}, Message: chat.Message{Text: chat.Say(text)}}
}

var errBusy = errors.New("busy")
