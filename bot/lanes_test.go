package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// archive is a stage whose rooms take their time to be read.
type archive struct {
	*stage
	asked chan chat.Place // hears of every reading
	done  chan struct{}   // closed when they end
}

func (a archive) History(_ context.Context, room chat.Place, _ time.Time, _ func(chat.Seen) error) (time.Time, error) {
	a.asked <- room
	<-a.done
	return time.Time{}, nil
}

// TestReadingRoomsHoldsUpNothingElse: after an outage many rooms are read back at once, when people need the bot most.
func TestReadingRoomsHoldsUpNothingElse(t *testing.T) {
	const rooms = 12
	s := archive{newStage("one"), make(chan chat.Place, rooms), make(chan struct{})}
	posted := make(chan struct{})
	s.obey = func(c call) error {
		if c.Text == "mitigated" {
			close(posted)
		}
		return nil
	}
	th := open(t, s)
	release := sync.OnceFunc(func() { close(s.done) })
	defer release()
	for i := range rooms {
		th.incidentIn("one", fmt.Sprint("room-", i))
	}
	if _, err := s.handler()(t.Context(), chat.Online{Meta: chat.Meta{Delivery: "up", Place: chat.Place{Platform: "one"}}}); err != nil {
		t.Fatal(err)
	}
	th.until("rooms are read", func() bool { return len(s.asked) == atATime[reads] })
	th.owe("one", 1, "ops", say("ops", "mitigated"))
	select {
	case <-posted:
	case <-time.After(longest):
		t.Fatal("what is said waits for rooms that are being read")
	}
	release()
	th.settle()
	if n := len(s.asked); n != rooms {
		t.Errorf("%d of %d rooms were read", n, rooms)
	}
}

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

// TestTheOutboxOutlivesAStoreThatCannotBeRead: meanwhile operators see it, and afterwards everything is delivered.
func TestTheOutboxOutlivesAStoreThatCannotBeRead(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	th.settle()
	th.gate.spoil(nil, func() error { return errors.New("input/output error") })
	th.owe("one", 0, "a", say("ops", "first"))
	th.until("operators see it", func() bool {
		return strings.Contains(th.bot.Health()["one"].Trouble, "cannot be read since 2026-03-01 12:00 UTC: input/output error")
	})
	th.gate.spoil(nil, nil)
	th.until("what is owed is delivered", func() bool {
		th.clock.Advance(time.Second)
		return len(s.seen()) == 1
	})
	th.settle()
	if told := th.bot.Health()["one"].Trouble; told != "" {
		t.Errorf("operators still see %q", told)
	}
}

// TestAnEffectOfAnotherVersionIsGivenUp, where people see it, with what hangs on it; the others are delivered.
func TestAnEffectOfAnotherVersionIsGivenUp(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	id := th.incident("one")
	th.write(func(tx storage.Tx) error {
		song := chat.Unknown{Kind: "sing", Data: []byte(`{"song":"loud"}`)}
		sung, err := tx.Owe(storage.Owed{Incident: id, Key: "song", Lane: "ops", Platform: "one", Effect: song})
		if err != nil {
			return err
		}
		_, err = tx.Owe(storage.Owed{Incident: id, Key: "pin", Lane: "pin", Platform: "one", Effect: chat.Pin{On: chat.Target{Of: sung}}})
		return err
	})
	th.owe("one", id, "ops", say("ops", "behind it"))
	th.settle()
	if got := s.seen(); len(got) != 1 || th.owed() != 0 {
		t.Errorf("people see %q, and %d effects are owed", got, th.owed())
	}
	want := incident.SendFailed{What: "sing", Why: "This version does not know how to do that."}
	if log := th.log(id); log[len(log)-1] != want {
		t.Errorf("the log ends with %#v", log[len(log)-1])
	}
}

// TestARoomHearsTheBotAndItsCommandsInOrder: what is promised to a room later is not said before, whoever promised it.
func TestARoomHearsTheBotAndItsCommandsInOrder(t *testing.T) {
	s := newStage("one")
	s.obey = onceIt(chat.Temporary(errBusy, 10*time.Minute), func(c call) bool { return c.What == "post" })
	th := open(t, s)
	th.types(s, "start room:here Checkout is down")
	th.pass(5 * time.Minute)
	if got := s.seen(); len(got) != 0 {
		t.Errorf("people see %q before the card", got)
	}
	th.pass(5 * time.Minute)
	if got := s.seen(); len(got) != 2 || !strings.HasPrefix(got[1], "⏰") {
		t.Errorf("people see %q, want the card and then a reminder", got)
	}
}
