package local

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"boswell/chat"
)

// How long it takes until something that the bot could not take is delivered again, by the machine's own clock.
const (
	firstRetry = 20 * time.Millisecond
	lastRetry  = 10 * time.Second
)

var errRunning = errors.New("the chat's bot runs already")

// serve delivers to h until ctx is done: a greeting, then what waits, each room in its order and the rooms beside each
// other.
func (c *Chat) serve(ctx context.Context, h chat.Handler) error {
	if !c.feed.start() {
		return errRunning
	}
	c.handler.Store(&h)
	defer c.handler.Store(nil)
	g, inner := errgroup.WithContext(ctx)
	g.Go(func() error { return c.distribute(inner, h, g) })
	err := g.Wait()
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = nil
	}
	return errors.Join(err, c.feed.stop())
}

// distribute greets the bot and starts a worker for each room that has something to deliver.
func (c *Chat) distribute(ctx context.Context, h chat.Handler, g *errgroup.Group) error {
	err := c.greet(ctx, h)
	c.feed.greeted()
	for err == nil {
		rooms, changed := c.feed.idle()
		for _, room := range rooms {
			g.Go(func() error { return c.work(ctx, h, room) })
		}
		select {
		case <-changed:
		case <-c.failed:
			return c.read(func(*state) error { return nil })
		case <-c.closing:
			return ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}

// greet says that the connection is up. Every greeting is one of its own.
func (c *Chat) greet(ctx context.Context, h chat.Handler) error {
	in := chat.Online{Meta: chat.Meta{Delivery: chat.DeliveryID("online/" + rand.Text()), At: c.options.Now(),
		Place: chat.Place{Platform: c.options.Platform}}}
	return again(ctx, func() error {
		_, err := h(ctx, in)
		return err
	})
}

// work delivers what waits in one room.
func (c *Chat) work(ctx context.Context, h chat.Handler, room chat.ChannelID) error {
	for {
		d, ok := c.feed.next(room)
		if !ok {
			return nil
		}
		if err := c.deliver(ctx, h, d); err != nil {
			c.feed.release(room)
			return err
		}
		c.feed.taken(room)
	}
}

// deliver hands one delivery to the bot until the bot has taken it and its answer is written down.
func (c *Chat) deliver(ctx context.Context, h chat.Handler, d delivery) error {
	return again(ctx, func() error {
		in, err := c.inbound(d)
		if err != nil || in == nil {
			return err
		}
		reply, err := h(ctx, in)
		if err != nil {
			return err
		}
		return c.answer(context.WithoutCancel(ctx), in.Origin(), reply)
	})
}

// inbound is what the bot is to hear; nil if it has answered that already.
func (c *Chat) inbound(d delivery) (in chat.Inbound, err error) {
	err = c.read(func(s *state) error {
		if a := s.asks[d.id()]; a == nil || !a.ended {
			in = s.inbound(d)
		}
		return nil
	})
	return in, err
}

// answer writes the bot's reply down, once: each of its messages by itself, the last one ending it.
func (c *Chat) answer(ctx context.Context, to chat.Meta, reply chat.Reply) error {
	parts := []chat.Reply{reply}
	for _, m := range reply.More {
		parts = append(parts, chat.Reply{Message: m, Public: reply.Public})
	}
	parts[0].More = nil
	return c.do(ctx, func(d *draft) error {
		a := d.state.asks[to.Delivery]
		if a == nil && reply.IsZero() || a != nil && a.ended {
			return nil
		}
		for i, part := range parts {
			d.add(answered{asking: asking{inRoom: inRoom{to.Place.Channel}, Thread: to.Place.Thread, By: to.From.ID},
				Of: to.Delivery, Reply: part, Half: i < len(parts)-1})
		}
		return nil
	})
}

// again calls fn until it succeeds, waiting longer each time. It gives up when ctx is done or the chat is closed or broken.
func again(ctx context.Context, fn func() error) error {
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		err := fn()
		if err == nil || errors.Is(err, ErrClosed) || errors.Is(err, errBroken) {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
