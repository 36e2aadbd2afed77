package bot

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

func TestLaneKeepsItsOrder(t *testing.T) {
	s := newStage("one")
	failures := 2
	s.obey = func(c call) error {
		if c.Text == "first" && failures > 0 {
			failures--
			return chat.Temporary(errBusy, time.Second)
		}
		return nil
	}
	th := open(t, s)
	th.owe("one", 0, "lane", say("ops", "first"), say("ops", "second"), say("ops", "third"))
	for range 3 {
		th.settle()
		th.clock.Advance(time.Minute)
	}
	th.settle()
	want := []string{"post first", "post first", "post first", "post second", "post third"}
	if diff := cmp.Diff(want, s.said()); diff != "" {
		t.Errorf("the platform was called (-want +got):\n%s", diff)
	}
	if n := th.owed(); n != 0 {
		t.Errorf("%d effects are still owed", n)
	}
}

func TestLanesAreIndependent(t *testing.T) {
	s := newStage("one")
	s.obey = func(c call) error {
		if c.Text == "stuck" {
			return chat.Temporary(errBusy, time.Hour)
		}
		return nil
	}
	th := open(t, s)
	th.owe("one", 0, "a", say("a", "stuck"), say("a", "behind it"))
	th.owe("one", 0, "b", say("b", "free"))
	th.settle()
	got := s.said()
	slices.Sort(got)
	if diff := cmp.Diff([]string{"post free", "post stuck"}, got); diff != "" {
		t.Errorf("the platform was called (-want +got):\n%s", diff)
	}
}

func TestPlatformsOwnDelayIsKept(t *testing.T) {
	s := newStage("one")
	busy := true
	s.obey = func(call) error {
		if busy {
			return chat.Temporary(errBusy, 90*time.Second)
		}
		return nil
	}
	th := open(t, s)
	th.owe("one", 0, "lane", say("ops", "hello"))
	th.settle()
	busy = false
	th.clock.Advance(89 * time.Second)
	th.settle()
	if n := len(s.said()); n != 1 {
		t.Fatalf("the platform was called %d times before its delay was over", n)
	}
	th.clock.Advance(time.Second)
	th.settle()
	if n := len(s.said()); n != 2 {
		t.Errorf("the platform was called %d times, want 2", n)
	}
}

func TestWhatIsGivenUpIsSeen(t *testing.T) {
	s := newStage("one")
	s.obey = func(call) error {
		return chat.Final(errors.New("403"), "I may not write in #ops. Invite me.")
	}
	th := open(t, s)
	id := th.incident("one")
	th.settle()
	th.write(func(tx storage.Tx) error {
		card, err := tx.Owe(storage.Owed{Incident: id, Key: "card", Lane: "card", Platform: "one", Effect: say("ops", "card")})
		if err != nil {
			return err
		}
		_, err = tx.Owe(storage.Owed{Incident: id, Key: "pin", Lane: "pin", Platform: "one", Effect: chat.Pin{On: chat.Target{Of: card}}})
		return err
	})
	th.settle()
	if n := th.owed(); n != 0 {
		t.Errorf("%d effects are still owed; what hangs on a dropped one is dropped with it", n)
	}
	log := th.log(id)
	failed, ok := log[len(log)-1].(incident.SendFailed)
	if !ok || failed.Why != "I may not write in #ops. Invite me." || failed.What != "post" {
		t.Errorf("the log ends with %#v, want the failure in the platform's words", log[len(log)-1])
	}
}

// TestARoomThatCouldNotBeMadeIsTold where it was asked for, of a private incident to whoever asked alone.
func TestARoomThatCouldNotBeMadeIsTold(t *testing.T) {
	for _, c := range []struct{ line, what string }{
		{"start room:new Checkout is down", "post"},
		{"start room:new private:yes Checkout is down", "whisper"},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := whispering{newStage("one")}
			s.obey = func(c call) error {
				if c.What == "room" {
					return chat.Final(errors.New("restricted_action"), "I may not make rooms here.")
				}
				return nil
			}
			th := open(t, s)
			th.types(s.stage, c.line)
			want := c.what + " ⚠️ I could not make a room for INC-1: I may not make rooms here. Make a room and invite me, or take one" +
				" that is there: /incident link <room> in:INC-1 makes it one of the incident's."
			if got := s.said(); !slices.Contains(got, want) {
				t.Errorf("the platform was called %q, want %q", got, want)
			}
			if n := th.owed(); n != 0 {
				t.Errorf("%d effects are still owed", n)
			}
		})
	}
}

func TestOldEffectsAreGivenUp(t *testing.T) {
	s := newStage("one")
	s.obey = func(call) error { return chat.Temporary(errBusy, 0) }
	th := open(t, s)
	id := th.incident("one")
	th.owe("one", id, "lane", say("ops", "never"))
	for range 300 {
		th.settle()
		th.clock.Advance(5 * time.Minute)
	}
	th.settle()
	if n := th.owed(); n != 0 {
		t.Errorf("after 25 hours %d effects are still owed", n)
	}
	if _, ok := th.log(id)[len(th.log(id))-1].(incident.SendFailed); !ok {
		t.Errorf("nobody sees that it was given up")
	}
}

func TestEditsCollapse(t *testing.T) {
	s := newStage("one")
	busy := true
	s.obey = func(c call) error {
		if busy {
			return chat.Temporary(errBusy, time.Minute)
		}
		return nil
	}
	th := open(t, s)
	on := chat.Target{Ref: chat.Ref{Platform: "one", Channel: "ops", Message: "card"}}
	edit := func(text string) chat.Edit { return chat.Edit{On: on, Message: chat.Message{Text: chat.Say(text)}} }
	th.owe("one", 0, "lane", say("ops", "before"), edit("one"), edit("two"), edit("three"))
	th.settle()
	busy = false
	th.clock.Advance(time.Minute)
	th.settle()
	if diff := cmp.Diff([]string{"post before", "post before", "edit three"}, s.said()); diff != "" {
		t.Errorf("the platform was called (-want +got):\n%s", diff)
	}
	if n := th.owed(); n != 0 {
		t.Errorf("%d effects are still owed", n)
	}
}

func TestEffectsWaitForWhatTheyHangOn(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	id := th.incident("one")
	th.write(func(tx storage.Tx) error {
		room, err := tx.Owe(storage.Owed{Incident: id, Key: "room", Lane: "room", Platform: "one", Effect: chat.MakeRoom{Room: chat.NewRoom{Name: "inc-1"}}})
		if err != nil {
			return err
		}
		card, err := tx.Owe(storage.Owed{Incident: id, Key: "card", Lane: "card", Platform: "one",
			Effect: chat.Post{To: chat.Target{Of: room}, Message: chat.Message{Text: chat.Say("card")}, Card: true}})
		if err != nil {
			return err
		}
		_, err = tx.Owe(storage.Owed{Incident: id, Key: "pin", Lane: "pin", Platform: "one", Effect: chat.Pin{On: chat.Target{Of: card}}})
		return err
	})
	th.settle()
	if diff := cmp.Diff([]string{"room inc-1", "post card", "pin true"}, s.said()); diff != "" {
		t.Errorf("the platform was called (-want +got):\n%s", diff)
	}
	if got, linked := th.bot.links.of(chat.Place{Platform: "one", Channel: "made"}); !linked || got != id {
		t.Errorf("the room that was made is not the incident's")
	}
}

func TestWhatIsOwedOutlivesTheProcess(t *testing.T) {
	s := newStage("one")
	s.obey = func(call) error { return chat.Temporary(errBusy, time.Hour) }
	th := open(t, s)
	th.owe("one", 0, "lane", say("ops", "later"))
	th.settle()
	th.end()

	again := newStage("one")
	th.clock.Advance(time.Hour)
	th.start(again)
	th.settle()
	if diff := cmp.Diff([]string{"post later"}, again.said()); diff != "" {
		t.Errorf("the platform was called (-want +got):\n%s", diff)
	}
}

func TestTwoPlatformsOfOneName(t *testing.T) {
	th := open(t)
	if _, err := New(th.store, []chat.Platform{newStage("one"), newStage("one")}, th.clock, Options{}); err == nil {
		t.Error("two platforms of one name are taken")
	}
}
