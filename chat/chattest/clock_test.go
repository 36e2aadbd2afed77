package chattest_test

import (
	"sync"
	"testing"
	"time"

	"boswell/chat/chattest"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// rang says whether a timer has fired, and at what time by the clock.
func rang(ring <-chan time.Time) (time.Time, bool) {
	select {
	case at := <-ring:
		return at, true
	default:
		return time.Time{}, false
	}
}

func TestClock(t *testing.T) {
	c := chattest.NewClock(noon)
	due, _ := c.NewTimer(noon)
	if _, ok := rang(due); !ok {
		t.Error("a timer for now does not fire at once")
	}
	later, _ := c.NewTimer(noon.Add(time.Minute))
	given, stop := c.NewTimer(noon.Add(time.Minute))
	after := c.After(time.Hour)
	stop()
	stop()
	c.Advance(59 * time.Second)
	if _, ok := rang(later); ok {
		t.Error("a timer fires too early")
	}
	c.Set(noon.Add(2 * time.Minute))
	if at, ok := rang(later); !ok || !at.Equal(noon.Add(2*time.Minute)) {
		t.Errorf("the timer fired: %v, at %v", ok, at)
	}
	if _, ok := rang(given); ok {
		t.Error("a timer that was given up fires")
	}
	c.Set(noon)
	if now := c.Now(); !now.Equal(noon.Add(2 * time.Minute)) {
		t.Errorf("the clock ran backwards to %v", now)
	}
	c.Advance(time.Hour)
	if _, ok := rang(after); !ok {
		t.Error("After does not fire")
	}
}

func TestClockByMany(t *testing.T) {
	c := chattest.NewClock(noon)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				ring, stop := c.NewTimer(c.Now().Add(time.Second))
				c.Advance(time.Second)
				<-ring
				stop()
			}
		})
	}
	all.Wait()
	if now := c.Now(); !now.Equal(noon.Add(800 * time.Second)) {
		t.Errorf("the clock shows %v", now)
	}
}
