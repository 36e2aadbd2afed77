package discord_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/discord"
	"boswell/integrations/discord/discordsim"
)

// A desk is a World with one person in one room and a bot that remembers what it hears.
type desk struct {
	*testing.T
	w    *discordsim.World
	p    chat.Platform
	ann  chat.User
	room chat.Place
	ran  chan error
	stop context.CancelFunc

	mu     sync.Mutex
	heard  []chat.Inbound
	answer func(chat.Inbound) (chat.Reply, error)
}

func newDesk(t *testing.T, o discordsim.WorldOptions) *desk {
	t.Helper()
	d := &desk{T: t, w: open(t, o)}
	d.p = d.w.Platform()
	d.ann = must(d.w.AddPerson(t.Context(), chattest.Person{Handle: "ann", Name: "Ann Archer"}))(t)
	d.room = must(d.w.AddRoom(t.Context(), chattest.Room{Name: "ops", Members: []chat.UserID{d.ann.ID}}))(t)
	return d
}

// run runs the platform until the test ends.
func (d *desk) run() {
	d.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	d.stop, d.ran = cancel, make(chan error, 1)
	go func() { d.ran <- d.p.Run(ctx, d.handle) }()
	d.Cleanup(cancel)
}

// online runs the platform and waits until it is greeted.
func (d *desk) online() *desk {
	d.Helper()
	d.run()
	check(d, d.w.Connected(d.within()))
	return d
}

func (d *desk) within() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	d.Cleanup(cancel)
	return ctx
}

func (d *desk) handle(_ context.Context, in chat.Inbound) (chat.Reply, error) {
	d.mu.Lock()
	d.heard = append(d.heard, in)
	answer := d.answer
	d.mu.Unlock()
	if answer == nil {
		return chat.Reply{}, nil
	}
	return answer(in)
}

func (d *desk) idle() {
	d.Helper()
	if _, err := d.w.Idle(d.within()); err != nil {
		d.Fatalf("the simulator does not come to rest: %v", err)
	}
}

func (d *desk) say(text string) chat.Ref {
	d.Helper()
	d.w.Clock().Advance(time.Minute)
	return must(d.w.Say(d.Context(), d.ann.ID, d.room, text))(d)
}

// of are the deliveries of a type so far.
func of[T chat.Inbound](d *desk) []T {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []T
	for _, in := range d.heard {
		if t, ok := in.(T); ok {
			all = append(all, t)
		}
	}
	return all
}

// texts are what was said, each delivery once.
func (d *desk) texts() string {
	var all []string
	for _, s := range of[chat.Said](d) {
		all = append(all, s.Text)
	}
	return strings.Join(all, ",")
}

// until waits for a condition that the simulator's rest does not tell of.
func (d *desk) until(what string, reached func() bool) {
	d.Helper()
	late := time.After(30 * time.Second)
	beat := time.NewTicker(2 * time.Millisecond)
	defer beat.Stop()
	for !reached() {
		select {
		case <-beat.C:
		case <-late:
			d.Fatalf("%s: it does not come to that", what)
		}
	}
}

// quick is a bot that does not wait for its turn for long.
func quick() discordsim.WorldOptions {
	return discordsim.WorldOptions{Adapter: discord.Options{Patience: 200 * time.Millisecond}}
}

// hasty is quick, and tells people at once that their answer comes. Whether it does so before the answer is there is chance.
func hasty() discordsim.WorldOptions {
	o := quick()
	o.Adapter.Defer = time.Millisecond
	return o
}

// impatient is quick, and takes a socket for dead after a second, or after five beats without an answer. A busy machine can be
// silent for that long, too, so sessions are not to be counted with it, nor is what was said at such a moment heard.
func impatient() discordsim.WorldOptions {
	o := quick()
	o.Adapter.Silence, o.Sim.Beat = time.Second, 100*time.Millisecond
	return o
}

// hearsAgain waits until what is said is heard.
func (d *desk) hearsAgain() {
	d.Helper()
	d.until("hearing what is said", func() bool {
		d.say("after")
		d.idle()
		return strings.Contains(d.texts(), "after")
	})
}
