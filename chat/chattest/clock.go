package chattest

import (
	"sync"
	"time"
)

// A Clock is a clock that stands still until a test moves it. World, simulators and bot share one, so an incident of two
// days is played in a second. All methods may be called concurrently.
type Clock struct {
	mu     sync.Mutex
	now    time.Time
	timers map[*timer]struct{}
}

type timer struct {
	at   time.Time
	ring chan time.Time
}

// NewClock is a clock that shows t.
func NewClock(t time.Time) *Clock {
	return &Clock{now: t, timers: map[*timer]struct{}{}}
}

// Now is what the clock shows, in UTC like the machine's.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now.UTC()
}

// Set moves the clock to t and fires the timers that are due by then. A clock never runs backwards: an earlier t leaves it
// as it is.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(t)
}

// Advance moves the clock on by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(c.now.Add(d))
}

func (c *Clock) set(t time.Time) {
	if t.After(c.now) {
		c.now = t
	}
	for due := range c.timers {
		if !due.at.After(c.now) {
			c.fire(due)
		}
	}
}

func (c *Clock) fire(t *timer) {
	delete(c.timers, t)
	t.ring <- c.now
}

// NewTimer fires once when the clock shows at or later, at once if it does already. Calling stop gives the timer up; it may
// be called more than once.
func (c *Clock) NewTimer(at time.Time) (ring <-chan time.Time, stop func()) {
	t := &timer{at: at, ring: make(chan time.Time, 1)}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timers[t] = struct{}{}
	if !at.After(c.now) {
		c.fire(t)
	}
	return t.ring, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.timers, t)
	}
}

// After is NewTimer for a duration from now, for code that never gives a timer up.
func (c *Clock) After(d time.Duration) <-chan time.Time {
	ring, _ := c.NewTimer(c.Now().Add(d))
	return ring
}
