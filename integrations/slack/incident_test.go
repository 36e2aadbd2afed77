package slack_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
)

// TestIncidentInItsOwnChannel lives through an incident with the whole bot: a channel of its own with a pinned card that
// follows, people in it, buttons, forms, a thread, and the postmortem as a file.
func TestIncidentInItsOwnChannel(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 4*patience)
	defer cancel()
	o := newOffice(t, chattest.NewClock(morning), quick())
	w := o.world
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	settle := func() { t.Helper(); must(chattest.Settle(ctx, w, o)) }
	ann, err := w.AddPerson(ctx, chattest.Person{Handle: "ann", Name: "Ann Archer"})
	must(err)
	ben, err := w.AddPerson(ctx, chattest.Person{Handle: "ben", Name: "Ben Baker"})
	must(err)
	ops, err := w.AddRoom(ctx, chattest.Room{Name: "ops", Members: []chat.UserID{ann.ID, ben.ID}})
	must(err)
	settle()

	started, err := w.Type(ctx, ann.ID, ops, "start room:new Checkout is <down> & slow!", nil)
	must(err)
	settle()
	room, ok := w.ChannelNamed("inc-1-checkout-is-down-slow")
	if !ok {
		t.Fatalf("there is no channel for the incident; Ann was told %q", started.Text())
	}
	card := pinnedIn(ctx, t, w.Messages, room)
	if !strings.Contains(card.Text(), "Checkout is <down> & slow!") || len(card.Buttons) == 0 {
		t.Errorf("the card is %q with %v", card.Text(), card.Buttons)
	}
	look, err := w.Look(ctx, room)
	must(err)
	if len(look.Members) != 2 || look.Topic == "" {
		t.Errorf("the channel has the topic %q and the members %v, want the bot and Ann", look.Topic, look.Members)
	}
	must(w.Join(ctx, ben.ID, room))
	for _, b := range card.Buttons {
		if b.Label == "Take command" {
			_, err := w.Press(ctx, ben.ID, card, b)
			must(err)
		}
	}
	settle()
	if card = pinnedIn(ctx, t, w.Messages, room); !strings.Contains(card.Text(), "Ben Baker") {
		t.Errorf("the card does not follow: %q", card.Text())
	}
	o.clock.Advance(time.Minute)
	said, err := w.Say(ctx, ann.ID, room, "the cache was full")
	must(err)
	reply, err := w.Reply(ctx, ben.ID, said, "emptied it")
	must(err)
	_, err = w.Call(ctx, ben.ID, "timeline", said)
	must(err)
	must(w.React(ctx, ann.ID, reply, "📌🏽", true))
	must(w.Edit(ctx, ann.ID, said, "the cache was full, we think"))
	settle()
	asked, err := w.Type(ctx, ann.ID, room, "note", nil)
	must(err)
	if asked.Form == nil {
		t.Fatalf("a command without its argument was answered %q, want a form", asked.Text())
	}
	filled, err := w.Submit(ctx, ann.ID, asked, map[chat.FieldID]string{"text": "load is <back> to normal"})
	must(err)
	thread := chat.Place{Platform: room.Platform, Channel: room.Channel, Thread: chat.ThreadID(said.Message)}
	_, err = w.Tell(ctx, ann.ID, thread, "set summary Checkout was down.")
	must(err)
	settle()
	for _, line := range []string{"resolve", "export sre"} {
		a, err := w.Type(ctx, ann.ID, room, line, nil)
		must(err)
		t.Logf("%s: %s", line, a.Text())
		settle()
	}
	report := lastFile(ctx, t, w.Messages, room)
	for _, want := range []string{"Checkout is <down> & slow!", "the cache was full, we think", "emptied it", "load is <back> to normal", "Checkout was down."} {
		if !strings.Contains(report, want) {
			t.Errorf("the postmortem lacks %q (the form was answered %q):\n%s", want, filled.Text(), report)
		}
	}
}

type reader func(context.Context, chat.Place) ([]chattest.Message, error)

// pinnedIn is the message of a room that is pinned.
func pinnedIn(ctx context.Context, t *testing.T, read reader, room chat.Place) chattest.Message {
	t.Helper()
	messages, err := read(ctx, room)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		if m.Pinned {
			return m
		}
	}
	t.Fatalf("nothing is pinned among %+v", messages)
	return chattest.Message{}
}

// lastFile is the newest file in a room.
func lastFile(ctx context.Context, t *testing.T, read reader, room chat.Place) (contents string) {
	t.Helper()
	messages, err := read(ctx, room)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		for _, f := range m.Files {
			contents = string(f.Contents)
		}
	}
	return contents
}
