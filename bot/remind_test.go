package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"boswell/chat"
)

// pass lets a time go by, and the bot do what is due then.
func (th *theatre) pass(d time.Duration) {
	th.t.Helper()
	th.clock.Advance(d)
	th.settle()
}

// types lets Ada type a command in #ops.
func (th *theatre) types(s *stage, line string) {
	th.t.Helper()
	th.hears(s, chat.Invoked{Line: line, Meta: th.meta(s, line)})
}

func (th *theatre) meta(s *stage, delivery string) chat.Meta {
	now := th.clock.Now()
	return chat.Meta{Delivery: chat.DeliveryID(fmt.Sprint(delivery, now)), At: now, From: ada, Place: chat.Place{Platform: s.id, Channel: "ops"}}
}

func (th *theatre) hears(s *stage, in chat.Inbound) {
	th.t.Helper()
	if reply, err := s.handler()(th.t.Context(), in); err != nil || reply.Refused {
		th.t.Fatalf("%+v: %q, %v", in, reply.Text, err)
	}
	th.settle()
}

// reminders are those that people see, apart from what they were shown before.
func (s *stage) reminders() (fresh []chat.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.arrived {
		if strings.HasPrefix(m.Text.String(), "⏰") {
			fresh = append(fresh, m)
		}
	}
	s.arrived = nil
	return fresh
}

// textsOf are the texts of messages, in alphabetical order.
func textsOf(messages []chat.Message) (texts []string) {
	for _, m := range messages {
		texts = append(texts, m.Text.String())
	}
	slices.Sort(texts)
	return texts
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

func commandless(time string) string {
	return "⏰ INC-1 has no incident commander since " + time + ". /incident role commander me takes the role."
}

func unheard(time string) string {
	return "⏰ Nobody outside has heard of INC-1 for " + time + ". /incident update <text> tells them how it stands."
}

// TestRemindersComeAndGo follows both reminders through one incident, a step at a time.
func TestRemindersComeAndGo(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	th.types(s, "start room:here severity:sev1 Checkout is down")
	for _, step := range []struct {
		does string // before the time passes
		pass time.Duration
		want []string
	}{
		{"", 4 * time.Minute, nil},
		{"", time.Minute, []string{commandless("5 minutes")}},
		{"", 5 * time.Minute, []string{commandless("10 minutes")}},
		{"snooze commander", 59 * time.Minute, []string{unheard("1 hour and 9 minutes")}},
		{"", time.Minute, []string{commandless("1 hour and 10 minutes")}},
		{"role commander me", 19 * time.Minute, nil},
		{"", time.Minute, []string{unheard("1 hour and 30 minutes")}},
		{"update We know the cause", 29 * time.Minute, nil},
		{"", time.Minute, []string{unheard("30 minutes")}},
		{"role commander -", 5 * time.Minute, []string{commandless("2 hours and 5 minutes")}},
		{"resolve", 24 * time.Hour, nil},
		{"close", 24 * time.Hour, nil},
	} {
		if step.does != "" {
			th.types(s, step.does)
		}
		th.pass(step.pass)
		if diff := cmp.Diff(step.want, textsOf(s.reminders())); diff != "" {
			t.Fatalf("%s after %q people see (-want +got):\n%s", step.pass, step.does, diff)
		}
	}
}

// TestTheButtonOfAReminderSilencesIt, and no other.
func TestTheButtonOfAReminderSilencesIt(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	th.types(s, "start room:here severity:sev1 Checkout is down")
	th.pass(5 * time.Minute)
	shown := s.reminders()
	if len(shown) != 1 || len(shown[0].Buttons) != 1 {
		t.Fatalf("people see %+v, want a reminder with a button", shown)
	}
	snooze := shown[0].Buttons[0]
	th.hears(s, chat.Pressed{Meta: th.meta(s, "press"), Action: snooze.Action, Value: snooze.Value})
	for range 5 {
		th.pass(5 * time.Minute)
	}
	if diff := cmp.Diff([]string{unheard("30 minutes")}, textsOf(s.reminders())); diff != "" {
		t.Errorf("after half an hour people see (-want +got):\n%s", diff)
	}
}

// TestRemindersOfWhenTheBotWasAway are given once, when it is back.
func TestRemindersOfWhenTheBotWasAway(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	th.types(s, "start room:here Checkout is down")
	th.end()
	th.clock.Advance(time.Hour + time.Minute)
	again := newStage("one")
	th.start(again)
	th.settle()
	if diff := cmp.Diff([]string{commandless("1 hour and 1 minute")}, textsOf(again.reminders())); diff != "" {
		t.Errorf("people see (-want +got):\n%s", diff)
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
	want := []string{commandless("2 hours and 1 minute"), unheard("2 hours and 1 minute")}
	if diff := cmp.Diff(want, textsOf(s.reminders())); diff != "" {
		t.Errorf("people see (-want +got):\n%s", diff)
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
	if got := textsOf(s.reminders()); len(got) > 0 || th.owed() > 0 {
		t.Errorf("people see %q, and %d effects are owed", got, th.owed())
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
	var keys []string
	for key := range s.posts {
		if strings.HasPrefix(key, "INC-1/commander/") {
			keys = append(keys, key)
		}
	}
	if n := len(s.reminders()); n != 3 || len(keys) != n {
		t.Errorf("%d reminders were posted under the keys %q", n, keys)
	}
}
