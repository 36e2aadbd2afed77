package bot

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"boswell/chat"
	"boswell/storage"
)

// perPlatform is how many lanes of one platform are worked on at once, so that a slow platform delays only itself.
const perPlatform = 8

// giveUp is the age at which an effect is dropped.
const giveUp = 24 * time.Hour

// outbox delivers what is owed: in order within a lane, lanes independent of each other. It mirrors in memory what the store
// owes; the store is the truth.
type outbox struct {
	b *Bot

	// reading keeps what is read from the store and what is known to have changed there in order. It is taken before mu.
	reading sync.Mutex

	mu      sync.Mutex
	lanes   map[string][]storage.Owed // first is next
	working map[string]bool
	load    map[chat.PlatformID]int
	seen    chat.EffectID // the newest that was read
	closed  bool
	wake    chan struct{}
	change  chan struct{} // closed and made anew whenever something is finished
}

func newOutbox(b *Bot) *outbox {
	return &outbox{b: b, lanes: map[string][]storage.Owed{}, working: map[string]bool{}, load: map[chat.PlatformID]int{},
		wake: make(chan struct{}, 1), change: make(chan struct{})}
}

// run works until ctx is done.
func (o *outbox) run(ctx context.Context) error {
	commits := o.b.store.Watch(ctx)
	for {
		if err := o.read(ctx); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		timer, stop := o.timer(o.start(ctx))
		select {
		case <-ctx.Done():
			stop()
			return nil
		case <-commits:
		case <-o.wake:
		case <-timer:
		}
		stop()
	}
}

func (o *outbox) timer(at time.Time) (<-chan time.Time, func()) {
	if at.IsZero() {
		return nil, func() {}
	}
	return o.b.clock.NewTimer(at)
}

// stop starts nothing more.
func (o *outbox) stop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
}

// read takes what is newly owed.
func (o *outbox) read(ctx context.Context) error {
	o.reading.Lock()
	defer o.reading.Unlock()
	o.mu.Lock()
	seen := o.seen
	o.mu.Unlock()
	var fresh []storage.Owed
	err := o.b.store.View(ctx, func(r storage.Reader) error {
		for e, err := range r.Owed(seen) {
			if err != nil {
				return err
			}
			fresh = append(fresh, e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, e := range fresh {
		if e.ID > o.seen {
			o.lanes[e.Lane] = append(o.lanes[e.Lane], e)
			o.seen = e.ID
		}
	}
	return nil
}

// start begins work on every lane whose next effect is due, and returns when the next one will be; zero is never.
func (o *outbox) start(ctx context.Context) (next time.Time) {
	now := o.b.clock.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	for lane, queue := range o.lanes {
		e := queue[0]
		switch {
		case o.closed || o.working[lane] || waits(e) || o.load[e.Platform] >= perPlatform:
		case e.Due.After(now):
			if next.IsZero() || e.Due.Before(next) {
				next = e.Due
			}
		default:
			o.working[lane] = true
			o.load[e.Platform]++
			o.b.busy.add()
			go o.work(ctx, lane, newest(queue))
		}
	}
	return next
}

// waits says that an effect's target is the result of another one that is still owed.
func waits(e storage.Owed) bool { return targetOf(e.Effect).Of != 0 }

// newest is the first effect of a lane, with the later ones that make it needless.
func newest(queue []storage.Owed) []storage.Owed {
	take := []storage.Owed{queue[0]}
	for _, e := range queue[1:] {
		if replaces(e.Effect, queue[0].Effect) {
			take = append(take, e)
		}
	}
	return take
}

// replaces says that a later effect leaves nothing of an earlier one: both edit one message, or set the topic of one room.
func replaces(later, earlier chat.Effect) bool {
	switch e := earlier.(type) {
	case chat.Edit:
		l, ok := later.(chat.Edit)
		return ok && l.On == e.On
	case chat.SetTopic:
		l, ok := later.(chat.SetTopic)
		return ok && l.To == e.To
	default:
		return false
	}
}

// work delivers the last of some effects of a lane and settles them all.
func (o *outbox) work(ctx context.Context, lane string, take []storage.Owed) {
	defer o.b.busy.done()
	do := take[len(take)-1]
	changed, err := o.b.deliver(ctx, do, take[:len(take)-1])
	if err != nil && ctx.Err() == nil {
		o.b.log.Error().Err(err).Str("effect", do.Key).Str("incident", do.Incident.String()).Msg("could not settle an effect; it is tried again")
	}
	o.finished(lane, do.Platform, take, changed)
}

// finished puts the memory in step with what the store now says.
func (o *outbox) finished(lane string, platform chat.PlatformID, take []storage.Owed, c settled) {
	o.reading.Lock()
	defer o.reading.Unlock()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.working[lane] = false
	o.load[platform]--
	gone := map[chat.EffectID]bool{}
	if c.again.IsZero() {
		for _, e := range take {
			gone[e.ID] = true
		}
	}
	for _, id := range c.dropped {
		gone[id] = true
	}
	o.update(gone, c, take)
	close(o.change)
	o.change = make(chan struct{})
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

func (o *outbox) update(gone map[chat.EffectID]bool, c settled, take []storage.Owed) {
	tried := map[chat.EffectID]bool{}
	for _, e := range take {
		tried[e.ID] = true
	}
	fresh := map[chat.EffectID]storage.Owed{}
	for _, e := range c.changed {
		fresh[e.ID] = e
	}
	for lane, queue := range o.lanes {
		queue = slices.DeleteFunc(queue, func(e storage.Owed) bool { return gone[e.ID] })
		for i, e := range queue {
			if f, ok := fresh[e.ID]; ok {
				queue[i] = f
			}
			if tried[e.ID] && !c.again.IsZero() {
				queue[i].Due = c.again
			}
		}
		if len(queue) == 0 {
			delete(o.lanes, lane)
			delete(o.working, lane)
			continue
		}
		o.lanes[lane] = queue
	}
}

// idle waits for one thing to finish, or reports that nothing is due.
func (o *outbox) idle(ctx context.Context) (bool, error) {
	if err := o.read(ctx); err != nil {
		return false, err
	}
	now := o.b.clock.Now()
	o.mu.Lock()
	busy := false
	for lane, queue := range o.lanes {
		busy = busy || o.working[lane] || !waits(queue[0]) && !queue[0].Due.After(now)
	}
	change := o.change
	o.mu.Unlock()
	if !busy {
		return true, nil
	}
	select {
	case <-change:
		return false, nil
	case <-ctx.Done():
		return false, errors.Join(ctx.Err(), errors.New("the outbox did not come to rest"))
	}
}
