package bot

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// remembering is a stage whose rooms can be read back.
type remembering struct {
	fetching
	history []chat.Seen
	kept    time.Time
}

func (r *remembering) History(_ context.Context, _ chat.Place, since time.Time, yield func(chat.Seen) error) (time.Time, error) {
	if err := r.do(call{"history", "", ""}); err != nil {
		return time.Time{}, err
	}
	for _, s := range r.history {
		if s.Said.At.Before(since) {
			continue
		}
		if err := yield(s); err != nil {
			return time.Time{}, err
		}
	}
	return r.kept, nil
}

func newRemembering() *remembering {
	return &remembering{fetching: fetching{newStage("one"), map[chat.MessageID]chat.Said{}}}
}

// has puts messages into the room, so that they can be read back and fetched.
func (r *remembering) has(all ...chat.Seen) {
	r.history = append(r.history, all...)
	for _, s := range all {
		r.messages[s.Said.Ref.Message] = s.Said
	}
}

func online(minute int) chat.Online {
	return chat.Online{Meta: chat.Meta{Delivery: chat.DeliveryID("online" + at(minute).String()), Place: chat.Place{Platform: "one"}}}
}

func seen(message string, minute int, text string, pinnedBy ...chat.User) chat.Seen {
	s := chat.Seen{Said: said(message, ada, minute, text)}
	for _, u := range pinnedBy {
		s.Reactions = append(s.Reactions, chat.SeenReaction{Emoji: "📌", From: u})
	}
	return s
}

func TestWhatWasMissedIsReadBack(t *testing.T) {
	r := newRemembering()
	th := open(t, r)
	id := th.incident("one")
	th.hand(r.stage, said("m1", ada, 1, "The queue is full"), pin("m1", brian, 2, false))

	// While the connection was away: m1 was unpinned, m2 was said and pinned, m3 edited and pinned.
	edited := seen("m3", 4, "It drains", brian)
	edited.Said.Edited = at(5)
	r.has(seen("m1", 1, "The queue is full"), seen("m2", 3, "Restarted the worker", ada), edited)
	th.clock.Advance(10 * time.Minute)
	th.hand(r.stage, online(10))
	th.wantTimeline(id, "Restarted the worker", "It drains")

	log := len(th.log(id))
	th.clock.Advance(time.Minute)
	th.hand(r.stage, online(11))
	if n := len(th.log(id)); n != log {
		t.Errorf("reading the same again added %d records", n-log)
	}
}

func TestADeletionIsFoundByComparing(t *testing.T) {
	r := newRemembering()
	th := open(t, r)
	id := th.incident("one")
	th.hand(r.stage,
		said("m1", ada, 1, "first"), pin("m1", brian, 1, false),
		said("m2", ada, 2, "second"), pin("m2", brian, 2, false),
		said("m3", ada, 3, "third"), pin("m3", brian, 3, false))
	r.has(seen("m1", 1, "first", brian), seen("m3", 3, "third", brian)) // m2 was deleted meanwhile
	th.clock.Advance(10 * time.Minute)
	th.hand(r.stage, online(10))
	th.wantTimeline(id, "first", "third")
}

// TestWhatIsNotReadBackIsLookedUp reads a room back that ends before the last message that was tagged.
func TestWhatIsNotReadBackIsLookedUp(t *testing.T) {
	for _, there := range []bool{true, false} {
		r := newRemembering()
		th := open(t, r)
		id := th.incident("one")
		th.hand(r.stage, said("m1", ada, 1, "first"), pin("m1", brian, 1, false), said("m2", ada, 2, "second"), pin("m2", brian, 2, false))
		r.has(seen("m1", 1, "first", brian))
		want := []string{"first"}
		if there {
			r.messages["m2"] = said("m2", ada, 2, "second")
			want = append(want, "second")
		}
		th.clock.Advance(10 * time.Minute)
		th.hand(r.stage, online(10))
		th.wantTimeline(id, want...)
	}
}

// TestWhatThePlatformNoLongerKeepsIsNotGone reads a room back of which the platform keeps the last minutes only.
func TestWhatThePlatformNoLongerKeepsIsNotGone(t *testing.T) {
	r := newRemembering()
	r.kept = at(2)
	th := open(t, r)
	id := th.incident("one")
	th.hand(r.stage, said("m1", ada, 1, "first"), pin("m1", brian, 1, false))
	r.has(seen("m2", 3, "chatter"))
	th.clock.Advance(10 * time.Minute)
	th.hand(r.stage, online(10))
	th.wantTimeline(id, "first")
}

func TestOlderTagsAreOfferedNotTaken(t *testing.T) {
	r := newRemembering()
	r.has(seen("runbook", -60, "Runbook: how to restart", ada), seen("m1", -5, "It began slowly", brian), seen("m2", -4, "chatter"))
	th := open(t, r)
	id := th.incident("one")
	th.write(func(tx storage.Tx) error {
		_, err := tx.Owe(storage.Owed{Incident: id, Key: "offer", Lane: "offer", Platform: "one", Effect: chat.CatchUp{Room: ops, Offer: true}})
		return err
	})
	th.settle()
	th.wantTimeline(id)
	offer := strings.Join(r.said(), "\n")
	if !strings.Contains(offer, "2 tagged messages") {
		t.Errorf("the room heard %q, want an offer of 2 tagged messages", offer)
	}

	th.clock.Advance(time.Minute)
	th.hand(r.stage, online(1)) // a new connection does not take them either
	th.wantTimeline(id)

	th.write(func(tx storage.Tx) error {
		_, err := tx.Owe(storage.Owed{Incident: id, Key: "take", Lane: "take", Platform: "one", Effect: chat.CatchUp{Room: ops, Take: true}})
		return err
	})
	th.settle()
	th.wantTimeline(id, "Runbook: how to restart", "It began slowly")
}

// TestARoomThatWasTakenAwayIsNotRead unlinks a room before what it holds could be read: it hears of the incident no more, and
// gives nothing.
func TestARoomThatWasTakenAwayIsNotRead(t *testing.T) {
	w := &wharf{*newRemembering(), map[chat.ChannelID]bool{}}
	pinned := seen("m1", -5, "It began slowly", brian)
	pinned.Said.Place.Channel, pinned.Said.Ref.Channel = "db", "db"
	w.has(pinned)
	var mended atomic.Bool
	w.obey = func(c call) error {
		if c.What == "history" && !mended.Load() {
			return chat.Temporary(errBusy, time.Minute)
		}
		return nil
	}
	th := open(t, w)
	id := th.incident("one")
	th.says(w.stage, "link", "link #db")
	th.says(w.stage, "unlink", "unlink #db")
	log := len(th.log(id))
	mended.Store(true)
	th.clock.Advance(time.Minute)
	th.settle()
	if n := len(th.log(id)); n != log {
		t.Errorf("%d records came of the room", n-log)
	}
	for _, said := range w.seen() {
		if strings.Contains(said, "I found") {
			t.Errorf("it was told %q", said)
		}
	}
}

func TestWhatCannotBeReadBackIsSaid(t *testing.T) {
	r := newRemembering()
	r.obey = func(c call) error {
		if c.What == "history" {
			return chat.Final(errBusy, "missing permission")
		}
		return nil
	}
	th := open(t, r)
	id := th.incident("one")
	th.clock.Advance(10 * time.Minute)
	th.hand(r.stage, online(10))
	th.look(id, func(in *incident.Incident) {
		if len(in.Gaps) != 1 || in.Gaps[0].Why != "missing permission" || !in.Gaps[0].To.Equal(at(10)) {
			t.Errorf("the gaps are %+v, want one until 12:10 with the platform's reason", in.Gaps)
		}
	})
}

func TestAPlatformThatGivesUpIsToldElsewhere(t *testing.T) {
	other := &dying{newStage("two"), make(chan struct{})}
	s := newStage("one")
	th := open(t, s, other)
	th.incident("one")
	commits, late := th.store.Watch(t.Context()), time.After(30*time.Second)
	close(other.die)
	for len(s.said()) == 0 {
		select {
		case <-commits:
			th.settle()
		case <-late:
			t.Fatal("nobody was told")
		}
	}
	if got := s.said()[0]; !strings.Contains(got, `"two" is lost`) || !strings.Contains(got, "The token was revoked.") {
		t.Errorf("the room heard %q", got)
	}
	if got := th.bot.Health()["two"]; !got.Lost || got.Trouble != "The token was revoked." {
		t.Errorf("its health is %+v", got)
	}
}

// dying is a platform whose token is revoked.
type dying struct {
	*stage
	die chan struct{}
}

func (d *dying) Run(ctx context.Context, _ chat.Handler) error {
	select {
	case <-d.die:
		return chat.Final(errBusy, "The token was revoked.")
	case <-ctx.Done():
		return nil
	}
}
