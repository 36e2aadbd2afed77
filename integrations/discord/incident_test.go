package discord_test

import (
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/discord/discordsim"
)

// A fight is an incident in one room with the whole bot.
type fight struct {
	*testing.T
	h    *house
	ann  chat.User
	room chat.Place
}

func newFight(t *testing.T, o discordsim.WorldOptions) *fight {
	t.Helper()
	f := &fight{T: t, h: newHouse(t, chattest.NewClock(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)), o)}
	f.ann = must(f.h.world.AddPerson(t.Context(), chattest.Person{Handle: "ann", Name: "Ann Archer"}))(t)
	f.room = must(f.h.world.AddRoom(t.Context(), chattest.Room{Name: "ops", Members: []chat.UserID{f.ann.ID}}))(t)
	f.typing("start Checkout answers 500")
	return f
}

func (f *fight) typing(line string) string {
	f.Helper()
	f.h.world.Clock().Advance(time.Minute)
	a := must(f.h.world.Type(f.Context(), f.ann.ID, f.room, line, nil))(f)
	check(f, chattest.Settle(f.Context(), f.h.world, f.h))
	return a.Text()
}

func (f *fight) settle() {
	f.Helper()
	check(f, chattest.Settle(f.Context(), f.h.world, f.h))
}

func (f *fight) say(text string) chat.Ref {
	f.Helper()
	f.h.world.Clock().Advance(time.Minute)
	return must(f.h.world.Say(f.Context(), f.ann.ID, f.room, text))(f)
}

// A message of a thread is tagged, and that very message is captured, not its neighbour.
func TestThreadReplyIsCaptured(t *testing.T) {
	f := newFight(t, quick())
	root := f.say("payments are slow")
	var replies []chat.Ref
	for _, text := range []string{"since when?", "since the deploy", "rolled back"} {
		f.h.world.Clock().Advance(time.Minute)
		replies = append(replies, must(f.h.world.Reply(t.Context(), f.ann.ID, root, text))(t))
	}
	f.settle()
	check(t, f.h.Restart(t.Context())) // nobody remembers the text, so it is looked up
	check(t, f.h.world.React(t.Context(), f.ann.ID, replies[1], "📌", true))
	f.settle()
	if got := f.typing("timeline"); !strings.Contains(got, "since the deploy") || strings.Contains(got, "since when") || strings.Contains(got, "rolled back") {
		t.Errorf("the timeline is %q", got)
	}
}

// A message that is deleted between its tag and the reading of its text is said to be gone, and the rest goes on.
func TestDeletedBeforeItIsRead(t *testing.T) {
	f := newFight(t, quick())
	ref := f.say("never mind")
	f.settle()
	check(t, f.h.Restart(t.Context()))
	f.h.world.Sim().Fail("GET /channels/{}/messages/{}", discordsim.Fault{Status: 404, Body: `{"code":10008,"message":"Unknown Message"}`})
	check(t, f.h.world.React(t.Context(), f.ann.ID, ref, "📌", true), f.h.world.Delete(t.Context(), f.ann.ID, ref))
	f.settle()
	if got := f.typing("timeline"); strings.Contains(got, "never mind") {
		t.Errorf("the timeline is %q", got)
	}
	if got := f.typing("note it goes on"); !strings.Contains(got, "it goes on") {
		t.Errorf("afterwards a note is answered %q", got)
	}
}

// The channel is deleted in the middle: the incident goes on from another room.
func TestChannelDeleted(t *testing.T) {
	f := newFight(t, quick())
	f.typing("note before")
	other := must(f.h.world.AddRoom(t.Context(), chattest.Room{Name: "war-room", Members: []chat.UserID{f.ann.ID}}))(t)
	check(t, f.h.world.Archive(t.Context(), f.ann.ID, f.room))
	f.settle()
	f.room = other
	if got := f.typing("timeline show in:INC-1"); !strings.Contains(got, "before") {
		t.Errorf("from another room the timeline is %q", got)
	}
}

// A missing argument opens a form, whose lines survive; a button of the card works.
func TestFormAndButton(t *testing.T) {
	f := newFight(t, quick())
	a := must(f.h.world.Type(t.Context(), f.ann.ID, f.room, "note", nil))(t)
	if a.Form == nil || len(a.Form.Fields) == 0 || len(a.Form.Fields) > 5 {
		t.Fatalf("Ann was shown %+v", a)
	}
	b := must(f.h.world.Submit(t.Context(), f.ann.ID, a, map[chat.FieldID]string{"text": "two\nlines"}))(t)
	if !strings.Contains(b.Text(), "two") {
		t.Errorf("the form is answered %q", b.Text())
	}
	for _, m := range must(f.h.world.Messages(t.Context(), f.room))(t) {
		for _, button := range m.Buttons {
			if button.Label == "Join" {
				c := must(f.h.world.Press(t.Context(), f.ann.ID, m, button))(t)
				if !strings.Contains(c.Text(), "INC-1") {
					t.Errorf("the button is answered %q", c.Text())
				}
				return
			}
		}
	}
	t.Error("no message has the button to join")
}
