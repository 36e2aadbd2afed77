package discord_test

import (
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/discord"
	"boswell/integrations/discord/discordsim"
)

func (f *fight) pin(on chat.Ref) {
	f.Helper()
	check(f, f.h.world.React(f.Context(), f.ann.ID, on, "📌", true))
	f.settle()
}

// Messages that are deleted at once leave the timeline at once.
func TestBulkDeletion(t *testing.T) {
	f := newFight(t, quick())
	first, second, third := f.say("one is wrong"), f.say("two is wrong"), f.say("three stays")
	for _, ref := range []chat.Ref{first, second, third} {
		f.pin(ref)
	}
	check(t, f.h.world.Purge(t.Context(), first, second))
	f.settle()
	if got := f.typing("timeline"); strings.Contains(got, "is wrong") || !strings.Contains(got, "three stays") {
		t.Errorf("the timeline is %q", got)
	}
}

// A message that Discord sends again because it found what a link leads to was edited by nobody.
func TestPreviewIsNoEdit(t *testing.T) {
	const text = "see https://example.com/"
	for name, say := range map[string]func(*fight) chat.Ref{
		"a person's": func(f *fight) chat.Ref { return f.say(text) },
		"a webhook's": func(f *fight) chat.Ref {
			return must(f.h.world.SayAs(f.Context(), "Deploys", f.room, text))(f)
		},
	} {
		f := newFight(t, quick())
		ref := say(f)
		f.pin(ref)
		before := f.log()
		check(t, f.h.world.Preview(t.Context(), ref))
		f.settle()
		if after := f.log(); after != before {
			t.Errorf("%s: the log was %s and is %s", name, before, after)
		}
		if got := f.typing("timeline"); !strings.Contains(got, text) || strings.Contains(got, "A page") {
			t.Errorf("%s: the timeline is %q", name, got)
		}
	}
	f := newFight(t, quick())
	ref := f.say(text)
	f.pin(ref)
	check(t, f.h.world.Preview(t.Context(), ref), f.h.world.Edit(t.Context(), f.ann.ID, ref, "see the page"))
	f.settle()
	if got := f.typing("timeline"); !strings.Contains(got, "see the page") || strings.Contains(got, "https://") {
		t.Errorf("the timeline is %q", got)
	}
}

// A post in a forum is a room by itself: its first message, which bears the number of the post, is tagged like any other.
func TestForumPost(t *testing.T) {
	o := quick()
	o.Sim.Forum = "100000000000000300"
	f := newFight(t, o)
	place, first, err := f.h.world.Publish(t.Context(), f.ann.ID, "Checkout again", "the queue is full again")
	check(t, err)
	f.room = place
	if got := f.typing("start sure:yes Checkout answers 502"); !strings.Contains(got, "INC-2") {
		t.Fatalf("the post is answered %q", got)
	}
	f.pin(first)
	f.pin(f.say("drained by hand"))
	if got := f.typing("timeline"); !strings.Contains(got, "the queue is full again") || !strings.Contains(got, "drained by hand") {
		t.Errorf("the timeline is %q", got)
	}
}

// What was tagged in a thread while nobody listened is read back, although the thread fell asleep meanwhile.
func TestArchivedThreadIsReadBack(t *testing.T) {
	f := newFight(t, quick())
	root := f.say("payments are slow")
	f.h.world.Clock().Advance(time.Minute)
	reply := must(f.h.world.Reply(t.Context(), f.ann.ID, root, "since the deploy"))(t)
	f.settle()
	check(t, f.h.stop())
	check(t, f.h.world.React(t.Context(), f.ann.ID, reply, "📌", true))
	thread, _, _ := strings.Cut(string(reply.Message), "/")
	f.h.world.Sim().Sleep(chat.Place{Platform: f.room.Platform, Channel: f.room.Channel, Thread: chat.ThreadID(thread)})
	check(t, f.h.world.Renew(), f.h.start(t.Context()))
	f.settle()
	if got := f.typing("timeline"); !strings.Contains(got, "since the deploy") || strings.Contains(got, "payments are slow") {
		t.Errorf("the timeline is %q", got)
	}
}

// The thread of an incident is deleted in the middle: the incident says so, and goes on from another room.
func TestThreadDeleted(t *testing.T) {
	o := quick()
	o.Config.Rooms = discord.RoomsThread
	f := newFight(t, o)
	f.typing("start room:new sure:yes Search is slow")
	f.settle()
	thread := f.roomNamed("inc-2")
	check(t, f.h.world.Destroy(t.Context(), thread))
	f.settle()
	if got := f.typing("show in:INC-2"); !strings.Contains(got, "cannot be read") {
		t.Errorf("the incident is %q, want it to say that its room is gone", got)
	}
	if got := f.typing("note in:INC-2 it goes on"); !strings.Contains(got, "it goes on") {
		t.Errorf("a note is answered %q", got)
	}
}

// roomNamed is the room whose name begins so.
func (f *fight) roomNamed(begins string) chat.Place {
	f.Helper()
	for _, p := range f.h.world.Rooms() {
		if look := must(f.h.world.Look(f.Context(), p))(f); strings.HasPrefix(look.Name, begins) {
			return p
		}
	}
	f.Fatalf("there is no room %q…", begins)
	return chat.Place{}
}

// People who are named in an option, as mentions, are let into the private channel of the incident; nobody else is.
func TestInvitedInOption(t *testing.T) {
	f := newFight(t, quick())
	for _, handle := range []string{"ben", "cleo", "dora"} {
		must(f.h.world.AddPerson(t.Context(), chattest.Person{Handle: handle}))(t)
	}
	f.typing(`start room:new private:yes sure:yes invite:"@ben @cleo" Search is slow`)
	if got := membersOf(t, f.h.world, f.roomNamed("inc-2")); got != "ann ben boswell cleo" {
		t.Errorf("in the channel are %s", got)
	}
}

// In a channel where the bot may not write, the incident is fought all the same: commands are answered, tags are taken, and that
// the card could not be shown stands in the record.
func TestMayNotWriteInOneChannel(t *testing.T) {
	f := newFight(t, quick())
	quiet := must(f.h.world.AddRoom(t.Context(), chattest.Room{Name: "quiet", Members: []chat.UserID{f.ann.ID}}))(t)
	f.h.world.Sim().Forbid(discordsim.ChannelID(quiet), 1<<11|1<<6, true)
	f.room = quiet
	if got := f.typing("start sure:yes Search is slow"); !strings.Contains(got, "INC-2") {
		t.Fatalf("start is answered %q", got)
	}
	f.pin(f.say("the index is cold"))
	f.settle()
	if got := f.typing("timeline"); !strings.Contains(got, "the index is cold") {
		t.Errorf("the timeline is %q", got)
	}
	if log := f.logOf(2); !strings.Contains(log, "SendFailed") {
		t.Errorf("the log is %s, want what could not be sent in it", log)
	}
}

// A reaction that was paid for is a tag like any other, also when it is read back.
func TestSuperReactionIsReadBack(t *testing.T) {
	f := newFight(t, quick())
	heard, missed := f.say("heard at once"), f.say("read back")
	f.h.world.SuperReact(f.ann.ID, heard, "📌")
	f.settle()
	check(t, f.h.stop())
	f.h.world.SuperReact(f.ann.ID, missed, "📌")
	check(t, f.h.world.Renew(), f.h.start(t.Context()))
	f.settle()
	if got := f.typing("timeline"); !strings.Contains(got, "heard at once") || !strings.Contains(got, "read back") {
		t.Errorf("the timeline is %q", got)
	}
}
