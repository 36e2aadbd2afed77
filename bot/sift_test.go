package bot

import (
	"context"
	"testing"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// sifting is a stage that asks before it hands over, and that shows forms which carry hardly any state.
type sifting struct {
	*stage
	heeds chan func(chat.Place) bool
}

func (s sifting) Sift(heeds func(chat.Place) bool)                        { s.heeds <- heeds }
func (s sifting) OpenForm(context.Context, chat.Trigger, chat.Form) error { return nil }

func newSifting(id chat.PlatformID) sifting {
	s := sifting{stage: newStage(id), heeds: make(chan func(chat.Place) bool, 1)}
	s.limits.FormFields, s.limits.State = 5, 60
	return s
}

// TestWhatIsLeftOutWasHeard: only rooms of incidents are heeded, and whoever asks about another has heard something all the same,
// so nobody takes the time for missed.
func TestWhatIsLeftOutWasHeard(t *testing.T) {
	s := newSifting("one")
	th := open(t, s)
	th.incident("one")
	th.settle()
	heeds := <-s.heeds
	fought, elsewhere := chat.Place{Platform: "one", Channel: "ops"}, chat.Place{Platform: "one", Channel: "random"}
	thread := fought
	thread.Thread = "t1"
	if !heeds(fought) || !heeds(thread) || heeds(elsewhere) {
		t.Errorf("heeded: the room %v, its thread %v, another room %v", heeds(fought), heeds(thread), heeds(elsewhere))
	}
	th.clock.Advance(time.Hour)
	heeds(elsewhere)
	if err := th.bot.heard.flush(t.Context(), th.bot); err != nil {
		t.Fatal(err)
	}
	if until, want := th.covered("ops"), th.clock.Now(); !until.Equal(want) {
		t.Errorf("the room is covered until %v, want %v", until, want)
	}
}

// TestReadingIsNotedOnceAMinute: until when rooms were read is worth a commit a minute, however often the schedule wakes up.
func TestReadingIsNotedOnceAMinute(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	th.incident("one")
	th.settle()
	th.hand(s, said("m1", ada, 1, "The queue is full"))
	now, before := th.clock.Now(), th.store.Stats()
	due := now.Add(time.Second)
	if next := th.bot.cover(t.Context(), due); !next.Equal(due) || th.store.Stats() != before {
		t.Errorf("before its time it went from %+v to %+v, and comes next at %v, want %v", before, th.store.Stats(), next, due)
	}
	if next := th.bot.cover(t.Context(), now); !next.Equal(now.Add(coverEvery)) || !th.covered("ops").Equal(now) {
		t.Errorf("the room is covered until %v, want %v; it comes next at %v", th.covered("ops"), now, next)
	}
}

// covered is until when a channel was read.
func (th *theatre) covered(channel string) (until time.Time) {
	th.t.Helper()
	if err := th.store.View(th.t.Context(), func(r storage.Reader) error {
		until = r.Covered(incident.RoomID{Platform: "one", Channel: channel})
		return nil
	}); err != nil {
		th.t.Fatal(err)
	}
	return until
}
