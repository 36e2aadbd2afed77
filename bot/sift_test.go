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
	var until time.Time
	if err := th.store.View(t.Context(), func(r storage.Reader) error {
		until = r.Covered(incident.RoomID{Platform: "one", Channel: "ops"})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if now := th.clock.Now(); !until.Equal(now) {
		t.Errorf("the room is covered until %v, want %v", until, now)
	}
}
