package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"boswell/chat"
	"boswell/storage"
)

// until waits for what must come.
func (th *theatre) until(what string, there func() bool) {
	th.t.Helper()
	end := time.After(longest)
	for again := time.NewTicker(time.Millisecond); !there(); {
		select {
		case <-again.C:
		case <-end:
			th.t.Fatalf("it did not come: %s", what)
		}
	}
}

// pass lets a time go by, and the bot do what is due then.
func (th *theatre) pass(d time.Duration) {
	th.t.Helper()
	th.clock.Advance(d)
	th.until("what is scheduled is done", func() bool {
		done := true
		err := th.store.View(th.t.Context(), func(r storage.Reader) error {
			for due := range r.Scheduled() {
				done = done && due.At.After(th.clock.Now())
			}
			return nil
		})
		return done && err == nil
	})
	th.settle()
}

// types lets Ada type a command in #ops.
func (th *theatre) types(s *stage, line string) chat.Reply {
	th.t.Helper()
	reply, err := s.handler()(th.t.Context(), chat.Invoked{Line: line, Meta: chat.Meta{
		Delivery: chat.DeliveryID(fmt.Sprint(line, th.clock.Now())), At: th.clock.Now(), From: ada, Place: chat.Place{Platform: s.id, Channel: "ops"}}})
	if err != nil {
		th.t.Fatal(err)
	}
	th.settle()
	return reply
}

// reminders are those that people see, and the keys under which they were posted.
func (s *stage) reminders() (texts, keys []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if c.What == "post" && strings.HasPrefix(c.Text, "⏰") && slices.Contains(s.arrived, c.Text) {
			texts, keys = append(texts, c.Text), append(keys, c.Key)
		}
	}
	return texts, keys
}

// away makes a platform take nothing, each time for a minute, until the function it returns is called.
func (s *stage) away() (back func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.obey = func(call) error { return chat.Temporary(errBusy, time.Minute) }
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.obey = nil
	}
}

// TestRemindersDoNotPileUp: after two hours in which nothing got through, each is given once, as it stands by then.
func TestRemindersDoNotPileUp(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	th.types(s, "start room:here severity:sev1 Checkout is down")
	back := s.away()
	for range 24 {
		th.pass(5 * time.Minute)
	}
	back()
	th.pass(time.Minute)
	got, _ := s.reminders()
	slices.Sort(got)
	want := []string{
		"⏰ INC-1 has no incident commander since 2 hours and 1 minute. /incident role commander me takes the role.",
		"⏰ Nobody outside has heard of INC-1 for 2 hours and 1 minute. /incident update <text> tells them how it stands.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("people see the reminders (-want +got):\n%s", diff)
	}
}

// TestALateReminderIsLeftOut where what it asks for was done meanwhile.
func TestALateReminderIsLeftOut(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	th.types(s, "start room:here Checkout is down")
	back := s.away()
	th.pass(5 * time.Minute)
	th.types(s, "role commander me")
	back()
	th.pass(time.Minute)
	if got, _ := s.reminders(); len(got) > 0 || th.owed() > 0 {
		t.Errorf("people are reminded %q, and %d effects are owed", got, th.owed())
	}
}

// TestEveryReminderIsAMessageOfItsOwn, also to a platform that never posts the same key twice.
func TestEveryReminderIsAMessageOfItsOwn(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	th.types(s, "start room:here Checkout is down")
	for range 3 {
		th.pass(5 * time.Minute)
	}
	_, keys := s.reminders()
	slices.Sort(keys)
	if len(keys) != 3 || len(slices.Compact(keys)) != 3 {
		t.Errorf("the reminders were posted under the keys %q", keys)
	}
}
