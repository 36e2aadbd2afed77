package rocketchat_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat"
	"boswell/integrations/rocketchat/rocketsim"
)

// patience is how long a test waits for what should have come long before.
const patience = 30 * time.Second

// A desk is a server with Ann, Ben and the channel #ops, and a bot that remembers what it was told.
type desk struct {
	*testing.T
	*chattest.Inbox
	ctx   context.Context
	w     *rocketsim.World
	p     *rocketchat.Platform
	clock *chattest.Clock
	ann   chat.UserID
	ben   chat.UserID
	ops   chat.Place
	ran   chan error
	stop  context.CancelFunc
}

// newDesk is a desk whose bot is not connected yet.
func newDesk(t *testing.T, o rocketsim.Options) *desk {
	t.Helper()
	return newDeskWith(t, o, func(*rocketchat.Config) {})
}

// newDeskWith is one whose bot is configured otherwise.
func newDeskWith(t *testing.T, o rocketsim.Options, configure func(*rocketchat.Config)) *desk {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	t.Cleanup(cancel)
	d := &desk{T: t, ctx: ctx, clock: chattest.NewClock(morning), Inbox: chattest.NewInbox(), stop: func() {}}
	d.w, d.p = newWorldWith(t, d.clock, o, configure)
	d.ann = d.person(chattest.Person{Handle: "ann", Name: "Ann Archer"})
	d.ben = d.person(chattest.Person{Handle: "ben", Name: "Ben Baker"})
	d.ops = d.room(chattest.Room{Name: "ops", Members: []chat.UserID{d.ann, d.ben}})
	return d
}

// openDesk is a desk whose bot is connected.
func openDesk(t *testing.T, o rocketsim.Options) *desk {
	t.Helper()
	d := newDesk(t, o)
	d.run()
	delivered[chat.Online](d, 1)
	return d
}

func (d *desk) run() {
	d.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	d.ran = make(chan error, 1)
	go func() { d.ran <- d.p.Run(ctx, d.Handle) }()
	d.stop = sync.OnceFunc(cancel)
	d.Cleanup(func() {
		d.stop()
		select {
		case <-d.ran:
		case <-time.After(patience):
			d.Error("Run goes on after its context is done")
		}
	})
}

// ended waits for Run to end by itself.
func (d *desk) ended() error {
	d.Helper()
	select {
	case err := <-d.ran:
		d.ran <- err
		return err
	case <-time.After(patience):
		d.Fatal("Run does not end")
		return nil
	}
}

func (d *desk) person(p chattest.Person) chat.UserID {
	d.Helper()
	u, err := d.w.AddPerson(d.ctx, p)
	d.must(err)
	return u.ID
}

func (d *desk) room(r chattest.Room) chat.Place {
	d.Helper()
	place, err := d.w.AddRoom(d.ctx, r)
	d.must(err)
	return place
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// replying answers everything that asks with a text.
func (d *desk) replying(text string) {
	d.Replying(chat.Reply{Message: chat.Message{Text: chat.Say(text)}})
}

// received are the deliveries of one type so far.
func received[T chat.Inbound](d *desk) []T { return chattest.Received[T](d.Inbox) }

// delivered waits for n deliveries of one type, and returns the last.
func delivered[T chat.Inbound](d *desk, n int) T {
	d.Helper()
	for {
		_, arrived := d.All()
		if found := received[T](d); len(found) >= n {
			return found[n-1]
		}
		select {
		case <-arrived:
		case <-d.ctx.Done():
			d.Fatalf("%T was not delivered %d times", *new(T), n)
		}
	}
}

// idle waits until everything is acknowledged.
func (d *desk) idle() {
	d.Helper()
	_, err := d.w.Idle(d.ctx)
	d.must(err)
}

// say lets Ann say something, a minute after what was before.
func (d *desk) say(text string) chat.Ref {
	d.Helper()
	d.clock.Advance(time.Minute)
	ref, err := d.w.Say(d.ctx, d.ann, d.ops, text)
	d.must(err)
	return ref
}

// post lets the bot say something in #ops.
func (d *desk) post(key, text string) (chat.Ref, error) {
	return d.p.Post(d.ctx, key, d.ops, chat.Message{Text: chat.Say(text)})
}

// count is how many calls of a route were made.
func (d *desk) count(route string) (n int) {
	for _, c := range d.w.Calls() {
		if c.Route == route {
			n++
		}
	}
	return n
}

// failure is an error as the outbox sees it.
func (d *desk) failure(err error) *chat.Failure {
	d.Helper()
	var f *chat.Failure
	if !errors.As(err, &f) {
		d.Fatalf("the error is %v, want a *chat.Failure", err)
	}
	return f
}
