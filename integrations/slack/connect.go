package slack

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"boswell/chat"
)

// retryMost is the longest pause between two attempts to connect.
const retryMost = 5 * time.Minute

// drain is how long what was taken may take after the platform is told to stop.
const drain = 10 * time.Second

// Run keeps the sockets open, or takes requests, until ctx is done; then it takes nothing more, and finishes and
// acknowledges what it took. It gives up when Slack does not accept the tokens, or when Socket Mode is switched off.
func (p *Platform) Run(ctx context.Context, h chat.Handler) error {
	if err := p.greet(ctx); err != nil {
		return err
	}
	if p.cfg.Listen != "" {
		return p.serve(ctx, h)
	}
	c := &connections{p: p, h: h}
	group, inner := errgroup.WithContext(ctx)
	for n := range p.cfg.Connections {
		group.Go(func() error { return c.keep(inner, n) })
	}
	err := group.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// greet finds out who the bot is. It tries until Slack answers.
func (p *Platform) greet(ctx context.Context) error {
	for wait := p.o.Retry; ; wait = min(2*wait, retryMost) {
		_, err := p.self(ctx)
		switch {
		case err == nil:
			p.outage.End()
			return nil
		case ctx.Err() != nil:
			return nil
		case giveUp(err):
			return asFinal(err)
		}
		p.log.Warn().Err(err).Stringer("again_in", wait).Msg("Slack does not answer")
		p.outage.Begin(scrub(err).Error(), p.o.Now())
		if !pause(ctx, wait) {
			return nil
		}
	}
}

// asFinal is an error with which the platform gives up, in the words for people that it has.
func asFinal(err error) error {
	f := *chat.AsFailure(err)
	f.Temporary, f.InDoubt = false, false
	if f.Tell == "" {
		f.Tell = forOperators[code(err)]
	}
	return &f
}

// Trouble says that Slack cannot be reached, that what comes in its name is refused, or that it sends no events, since when and
// why; empty where all is well.
func (p *Platform) Trouble() string {
	return first(p.outage.Text("Slack cannot be reached"), p.refusals.Text("Requests in Slack's name are refused"), p.echoes.text(p.o.Now()))
}

// connections are the sockets of one Run. Each slot holds one and renews it without a gap.
type connections struct {
	p *Platform
	h chat.Handler

	mu    sync.Mutex
	up    int
	broke bool // a socket was closed without a warning
}

// keep keeps the socket of one slot open until ctx is done.
func (c *connections) keep(ctx context.Context, slot int) error {
	var old sync.WaitGroup
	defer old.Wait()
	wait := c.p.o.Retry
	held := func() {}
	defer func() { held() }()
	for ctx.Err() == nil {
		s, err := c.p.dial(ctx)
		if err != nil {
			held()
			if giveUp(err) {
				return asFinal(c.p.sorted("connect", err))
			}
			if stopped(ctx, err) || !c.pause(ctx, slot, err, &wait) {
				return nil
			}
			continue
		}
		c.came(ctx)
		held()
		old.Go(func() { c.read(ctx, s) })
		select {
		case <-s.leaving:
		case <-s.closed:
		}
		if s.warned() || s.used {
			wait = c.p.o.Retry
		}
		if s.warned() { // the next one is opened while this one is still read
			held = c.hold()
		} else if !c.lost(ctx, slot, s, &wait) {
			return nil
		}
		if errors.Is(s.why, errSwitchedOff) {
			s.expire()
			return chat.Final(s.why, "Socket Mode is switched off for my Slack app. An operator has to switch it on in the app's settings.")
		}
	}
	return nil
}

// lost takes a socket that was closed without a warning. One that was of no use is not replaced at once: a server that takes
// connections and drops them is not to be asked again and again.
func (c *connections) lost(ctx context.Context, slot int, s *socket, wait *time.Duration) bool {
	c.broken()
	if s.used || ctx.Err() != nil {
		c.p.log.Debug().Int("slot", slot).Err(s.why).Msg("a socket is closed")
		return true
	}
	return c.pause(ctx, slot, s.why, wait)
}

// pause waits before the next attempt, longer each time.
func (c *connections) pause(ctx context.Context, slot int, err error, wait *time.Duration) bool {
	d := *wait
	if f := chat.AsFailure(c.p.sorted("connect", err)); f.After > d {
		d = f.After
	}
	*wait = min(2**wait, retryMost)
	c.p.log.Warn().Int("slot", slot).Err(scrub(err)).Stringer("again_in", d).Msg("could not connect to Slack")
	if c.none() {
		c.p.outage.Begin(scrub(err).Error(), c.p.o.Now())
	}
	return pause(ctx, d)
}

// read reads a socket to its end.
func (c *connections) read(ctx context.Context, s *socket) {
	defer c.left()
	s.read(ctx, func(e envelope) { c.p.take(ctx, c.h, e) })
	if ctx.Err() != nil {
		c.finish()
	}
	s.close()
}

// finish waits for what was taken, so that it can still be acknowledged.
func (c *connections) finish() {
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if err := c.p.lanes.Wait(ctx); err != nil {
		c.p.log.Warn().Msg("stopped before everything that Slack delivered was handled; it comes again")
	}
}

// hold counts a socket that is being renewed as one that is up, until the returned function is called: the gap before the next
// one is no outage, unless there is none to be had.
func (c *connections) hold() (release func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.up++
	return sync.OnceFunc(c.left)
}

// came counts a socket that is open. The first one that comes up, and one in place of a socket that broke and may have taken
// something with it, says that the platform is online, before anything that arrives over it is taken.
func (c *connections) came(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.up++
	c.p.outage.End()
	if c.up > 1 && !c.broke {
		return
	}
	c.broke = false
	c.p.tellOnline(context.WithoutCancel(ctx), c.h)
}

// none says that no socket is up.
func (c *connections) none() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.up == 0
}

func (c *connections) broken() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.broke = true
}

func (c *connections) left() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.up--
}

// tellOnline says that it is time to look what was missed.
func (p *Platform) tellOnline(ctx context.Context, h chat.Handler) {
	p.echoes.heard() // those of before may be lost
	now, n := p.o.Now(), p.online.Add(1)
	in := chat.Online{Meta: chat.Meta{Delivery: chat.DeliveryID(fmt.Sprintf("online/%d/%d", now.UnixNano(), n)), At: now, Place: p.place("", "")}}
	if _, err := h(ctx, in); err != nil {
		p.log.Error().Err(err).Msg("could not promise to look what was missed")
	}
}
