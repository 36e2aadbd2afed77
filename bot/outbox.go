package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"boswell/chat"
	"boswell/storage"
)

// giveUp is the age at which an effect is dropped.
const giveUp = 24 * time.Hour

// outbox delivers what is owed: in order within a lane, lanes independent of each other. It mirrors in memory what the store
// owes; the store is the truth.
type outbox struct {
	b *Bot

	// reading keeps what is read from the store and what is known to have changed there in order. It is taken before mu.
	reading sync.Mutex

	mu     sync.Mutex
	lanes  *lanes
	closed bool
	wake   chan struct{}
	done   signal // hears of everything that is finished
}

func newOutbox(b *Bot) *outbox {
	return &outbox{b: b, lanes: newLanes(), wake: make(chan struct{}, 1)}
}

// run works until ctx is done. What cannot be read now is read later; meanwhile the rest is delivered.
func (o *outbox) run(ctx context.Context) error {
	commits := o.b.store.Watch(ctx)
	for failures := 0; ctx.Err() == nil; {
		err := o.read(ctx)
		next := o.start(ctx)
		if err == nil {
			failures = 0
			o.b.health.storeRead()
		} else if ctx.Err() == nil {
			failures++
			o.b.log.Error().Err(err).Msg("could not read what is owed; it is tried again")
			o.b.health.storeUnread(err, o.b.clock.Now())
			next = sooner(next, o.b.clock.Now().Add(growing(failures)))
		}
		o.sleep(ctx, next, commits)
	}
	return nil
}

// sooner is the earlier of two times, of which zero is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// growing is the distance to the next attempt after some that failed: it doubles from a second to five minutes.
func growing(failures int) time.Duration {
	return min(time.Second<<min(max(failures-1, 0), 10), 5*time.Minute)
}

// sleep waits for a time, zero being never, for a commit, or for something to be finished.
func (o *outbox) sleep(ctx context.Context, until time.Time, commits <-chan storage.Commit) {
	var timer <-chan time.Time
	if !until.IsZero() {
		var stop func()
		timer, stop = o.b.clock.NewTimer(until)
		defer stop()
	}
	select {
	case <-ctx.Done():
	case <-commits:
	case <-o.wake:
	case <-timer:
	}
}

// stop starts nothing more.
func (o *outbox) stop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
}

// read takes what is newly owed. One effect that is damaged keeps no other from being delivered.
func (o *outbox) read(ctx context.Context) error {
	o.reading.Lock()
	defer o.reading.Unlock()
	o.mu.Lock()
	newest := o.lanes.newest
	o.mu.Unlock()
	var fresh []storage.Owed
	err := o.b.store.View(ctx, func(r storage.Reader) error {
		for e, err := range r.Owed(newest) {
			switch {
			case errors.Is(err, storage.ErrDamaged):
				o.b.log.Error().Err(err).Msg("an effect that is owed is lost; `boswell verify` says more")
			case err != nil:
				return err
			default:
				fresh = append(fresh, e)
			}
			newest = e.ID
		}
		return nil
	})
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, e := range fresh {
		o.lanes.add(e)
	}
	o.lanes.newest = max(o.lanes.newest, newest)
	return nil
}

// start begins work on every lane whose next effect is due, and returns when the next one will be; zero is never.
func (o *outbox) start(ctx context.Context) (next time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return time.Time{}
	}
	begun, next := o.lanes.begin(o.b.clock.Now())
	for _, l := range begun {
		o.b.busy.add()
		go o.work(ctx, l, l.next())
	}
	return next
}

// work delivers the last of some effects of a lane and settles them all.
func (o *outbox) work(ctx context.Context, l *line, take []storage.Owed) {
	defer o.b.busy.done()
	last := len(take) - 1
	s, err := o.b.deliver(ctx, take[last], take[:last])
	if err != nil && ctx.Err() == nil {
		do := take[last]
		o.b.log.Error().Err(err).Str("effect", do.Key).Str("incident", do.Incident.String()).Msg("could not settle an effect; it is tried again")
	}
	o.finish(l, s)
}

// finish puts the memory in step with what the store now says.
func (o *outbox) finish(l *line, s settled) {
	o.reading.Lock()
	defer o.reading.Unlock()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, e := range s.changed {
		o.lanes.put(e)
	}
	for _, e := range s.gone {
		o.lanes.remove(e.ID)
	}
	o.lanes.end(l)
	o.done.tell()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// hangingOn are the effects that are known to wait for one, and the newest that is known at all.
func (o *outbox) hangingOn(of chat.EffectID) (ids []chat.EffectID, newest chat.EffectID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.lanes.hanging[of], o.lanes.newest
}

// idle waits for one thing to finish, or reports that nothing is due.
func (o *outbox) idle(ctx context.Context) (bool, error) {
	if err := o.read(ctx); err != nil {
		return false, err
	}
	done := o.done.next()
	o.mu.Lock()
	busy := o.lanes.busy(o.b.clock.Now())
	o.mu.Unlock()
	if !busy {
		return true, nil
	}
	select {
	case <-done:
		return false, nil
	case <-ctx.Done():
		return false, errors.Join(ctx.Err(), errors.New("the outbox did not come to rest"))
	}
}
