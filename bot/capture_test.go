package bot

import (
	"context"
	"errors"
	"testing"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

var (
	ada   = chat.User{ID: "u1", Handle: "ada", Name: "Ada"}
	brian = chat.User{ID: "u2", Handle: "brian", Name: "Brian"}
	ops   = chat.Place{Platform: "one", Channel: "ops"}
)

// fetching is a stage whose messages can be read.
type fetching struct {
	*stage
	messages map[chat.MessageID]chat.Said
}

func (f fetching) Fetch(_ context.Context, r chat.Ref) (chat.Seen, error) {
	if err := f.do(call{"fetch", string(r.Message), ""}); err != nil {
		return chat.Seen{}, err
	}
	said, ok := f.messages[r.Message]
	if !ok {
		return chat.Seen{}, chat.ErrGone
	}
	return chat.Seen{Said: said}, nil
}

func at(minute int) time.Time { return curtain.Add(time.Duration(minute) * time.Minute) }

func meta(id string, from chat.User, minute int) chat.Meta {
	return chat.Meta{Delivery: chat.DeliveryID(id), From: from, At: at(minute), Place: ops}
}

func opsRef(message string) chat.Ref {
	return chat.Ref{Platform: "one", Channel: "ops", Message: chat.MessageID(message)}
}

func said(message string, from chat.User, minute int, text string) chat.Said {
	return chat.Said{Meta: meta("said "+message, from, minute), Ref: opsRef(message), Text: text}
}

func pin(message string, by chat.User, minute int, removed bool) chat.Reacted {
	return chat.Reacted{Meta: meta("pin", by, minute), On: opsRef(message), Emoji: "📌", Removed: removed}
}

// hand gives deliveries to the bot as the platform would.
func (th *theatre) hand(s *stage, all ...chat.Inbound) {
	th.t.Helper()
	h := <-s.h
	s.h <- h
	for _, in := range all {
		if _, err := h(context.Background(), in); err != nil {
			th.t.Fatalf("%T: %v", in, err)
		}
	}
	th.settle()
}

// timeline is the texts of the timeline.
func (th *theatre) timeline(id incident.ID) (texts []string) {
	th.t.Helper()
	th.look(id, func(in *incident.Incident) {
		for _, e := range in.Timeline() {
			texts = append(texts, e.Text)
		}
	})
	return texts
}

func (th *theatre) look(id incident.ID, fn func(*incident.Incident)) {
	th.t.Helper()
	err := th.store.View(context.Background(), func(r storage.Reader) error {
		in, err := r.Incident(id)
		if err == nil {
			fn(in)
		}
		return err
	})
	if err != nil {
		th.t.Fatal(err)
	}
}

func (th *theatre) wantTimeline(id incident.ID, want ...string) {
	th.t.Helper()
	got := th.timeline(id)
	if len(got) != len(want) {
		th.t.Fatalf("the timeline is %q, want %q", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			th.t.Fatalf("the timeline is %q, want %q", got, want)
		}
	}
}

func TestPinUnpinPinAgain(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	id := th.incident("one")
	th.hand(s, said("m1", ada, 1, "The queue is full"), pin("m1", brian, 2, false))
	th.wantTimeline(id, "The queue is full")
	th.hand(s, pin("m1", brian, 3, true))
	th.wantTimeline(id)
	th.hand(s, pin("m1", brian, 4, false))
	th.wantTimeline(id, "The queue is full")
	th.hand(s, pin("m1", brian, 3, true), pin("m1", brian, 4, false)) // delivered again
	th.wantTimeline(id, "The queue is full")
	if got := s.said(); got[len(got)-1] != "react ✅true" {
		t.Errorf("the last reaction of the bot is %q", got[len(got)-1])
	}
}

func TestAuthorIsCreditedNotTagger(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	id := th.incident("one")
	th.hand(s, said("m1", ada, 1, "The queue is full"), pin("m1", brian, 2, false))
	th.look(id, func(in *incident.Incident) {
		e := in.Timeline()[0]
		if e.Author != personID("one", ada) || e.Tagger != personID("one", brian) {
			t.Errorf("author %s and tagger %s, want ada and brian", e.Author, e.Tagger)
		}
		if !e.Happened.Start.Equal(at(1)) || !e.Tagged.Equal(at(2)) {
			t.Errorf("it happened %v and was tagged %v", e.Happened.Start, e.Tagged)
		}
	})
}

func TestTagOnAMessageThatIsNotRemembered(t *testing.T) {
	f := fetching{newStage("one"), map[chat.MessageID]chat.Said{"old": said("old", ada, -30, "It began slowly")}}
	th := open(t, f)
	id := th.incident("one")
	th.hand(f.stage, pin("old", brian, 2, false))
	th.wantTimeline(id, "It began slowly")
}

func TestTagOnAMessageThatIsGoneBeforeItIsLookedUp(t *testing.T) {
	f := fetching{newStage("one"), map[chat.MessageID]chat.Said{}}
	th := open(t, f)
	id := th.incident("one")
	th.hand(f.stage, pin("old", brian, 2, false))
	th.wantTimeline(id)
	log := th.log(id)
	if _, ok := log[len(log)-1].(incident.MessageDeleted); !ok {
		t.Errorf("the log ends with %#v, want that the message is gone", log[len(log)-1])
	}
}

func TestTagOnAMessageThatCannotBeRead(t *testing.T) {
	f := fetching{newStage("one"), nil}
	f.obey = func(c call) error {
		if c.What == "fetch" {
			return chat.Final(errors.New("403"), "I may not read #ops. Invite me.")
		}
		return nil
	}
	th := open(t, f)
	id := th.incident("one")
	th.hand(f.stage, pin("old", brian, 2, false))
	th.look(id, func(in *incident.Incident) {
		if p := in.Pending(); len(p) != 1 || p[0].Lost != "I may not read #ops. Invite me." {
			t.Errorf("pending is %+v, want the message with the reason", p)
		}
	})
}

func TestEditsAndDeletionsAreFollowed(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	id := th.incident("one")
	edited := said("m1", ada, 1, "The queue is stuck")
	edited.Edited = at(3)
	th.hand(s, said("m1", ada, 1, "The queue is full"), pin("m1", brian, 2, false), edited)
	th.wantTimeline(id, "The queue is stuck")
	th.hand(s, said("m1", ada, 1, "The queue is full")) // the first version, delivered late
	th.wantTimeline(id, "The queue is stuck")
	th.hand(s, chat.Unsaid{Meta: meta("gone", ada, 4), Ref: opsRef("m1")})
	th.wantTimeline(id)
}

func TestWordsTag(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	id := th.incident("one")
	th.hand(s, said("m1", ada, 1, "Rolled back #timeline"), said("m2", ada, 2, "#timelines are nice"))
	th.wantTimeline(id, "Rolled back")
	edited := said("m1", ada, 1, "Rolled back")
	edited.Edited = at(3)
	th.hand(s, edited)
	th.wantTimeline(id)
}

func TestBotsOwnPostsAndReactionsNeverTag(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	id := th.incident("one")
	self := chat.User{ID: "b", Self: true, Bot: true}
	own := pin("m1", self, 2, false)
	th.hand(s, said("m1", ada, 1, "hm"), said("m2", self, 1, "#timeline"), own,
		chat.Pinned{Meta: meta("pinned", self, 2), On: opsRef("m1")})
	th.wantTimeline(id)
}

func TestUnlinkedRoomTouchesNoDisk(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	before := th.store.Stats()
	elsewhere := said("m1", ada, 1, "lunch? #timeline")
	elsewhere.Place.Channel, elsewhere.Ref.Channel = "random", "random"
	tag := pin("m1", brian, 2, false)
	tag.Place.Channel, tag.On.Channel = "random", "random"
	th.hand(s, elsewhere, tag)
	if after := th.store.Stats(); after != before {
		t.Errorf("the store went from %+v to %+v for a room without an incident", before, after)
	}
	if _, ok := th.bot.recent.recall(elsewhere.Ref); ok {
		t.Error("a message of a room without an incident is remembered")
	}
}

func TestNothingIsAcknowledgedBeforeItIsOnDisk(t *testing.T) {
	s := newStage("one")
	th := open(t, s)
	id := th.incident("one")
	th.settle()
	open := th.gate.close()
	defer open()
	h := <-s.h
	s.h <- h
	acknowledged := make(chan error, 1)
	go func() {
		_, err := h(context.Background(), pin("m1", brian, 2, false))
		acknowledged <- err
	}()
	<-th.gate.entered
	select {
	case <-acknowledged:
		t.Fatal("acknowledged while the commit was still under way")
	case <-time.After(100 * time.Millisecond): // whoever acknowledges too early is back by now
	}
	open()
	if err := <-acknowledged; err != nil {
		t.Fatal(err)
	}
	if _, tagged := th.log(id)[2].(incident.Tagged); !tagged {
		t.Errorf("acknowledged, but the log is %#v", th.log(id))
	}
}
