package discord_test

import (
	"strings"
	"testing"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/discord"
	"boswell/integrations/discord/discordsim"
)

// threads are quick, and let rooms be threads.
func threads() discordsim.WorldOptions {
	o := quick()
	o.Config.Rooms = discord.RoomsThread
	return o
}

// threadOf begins a second incident in a thread of its own and returns that.
func (f *fight) threadOf() chat.Place {
	f.Helper()
	f.typing("start room:new sure:yes Search is slow")
	f.settle()
	return f.roomNamed("inc-2")
}

// A bot that was thrown out and invited again takes its rooms up again: updates go there, and what was tagged meanwhile is
// read back.
func TestKickedAndInvitedAgain(t *testing.T) {
	f := newFight(t, quick())
	f.h.world.Kick()
	f.settle()
	if got := f.typing("show"); !strings.Contains(got, "cannot be read") {
		t.Fatalf("while the bot is out, the incident is %q", got)
	}
	ref := f.say("said while the bot was out")
	f.h.world.Invite()
	f.settle()
	f.pin(ref)
	f.typing("update rolled back")
	if got := f.updates(); len(got) != 1 || got[0] != "rolled back" {
		t.Errorf("people see the updates %q, want it in the room", got)
	}
	if got := f.typing("show"); strings.Contains(got, "cannot be read") {
		t.Errorf("after the bot is back, the incident is %q", got)
	}
	if got := f.typing("timeline"); !strings.Contains(got, "said while the bot was out") {
		t.Errorf("the timeline is %q", got)
	}
}

// A thread that a moderator locks by mistake is a room again once it is open.
func TestThreadLockedAndOpenedByHand(t *testing.T) {
	for _, restarted := range []bool{false, true} {
		f := newFight(t, threads())
		thread := f.threadOf()
		check(t, f.h.world.Archive(t.Context(), f.ann.ID, thread))
		f.settle()
		if got := f.typing("show in:INC-2"); !strings.Contains(got, "cannot be read") {
			t.Fatalf("restarted %v: while the thread is locked, the incident is %q", restarted, got)
		}
		if restarted {
			check(t, f.h.Restart(t.Context()))
		}
		f.h.world.Reopen(thread)
		f.settle()
		if got := f.typing("show in:INC-2"); strings.Contains(got, "cannot be read") {
			t.Errorf("restarted %v: after the thread was opened again, the incident is %q", restarted, got)
		}
	}
}

// A thread that the bot itself closes was not taken from it, even if the gateway tells of it and the answer is lost.
func TestThreadClosedByTheBot(t *testing.T) {
	d := newDesk(t, threads()).online()
	place, _, err := d.p.(chat.RoomMaker).MakeRoom(t.Context(), "k", chat.NewRoom{Near: d.room, Name: "INC-7"})
	check(t, err)
	d.w.Sim().Fail("PATCH /channels/{}", discordsim.Fault{After: true, Status: 502})
	if err := d.p.(chat.Archiver).Archive(t.Context(), place, false); !chat.AsFailure(err).InDoubt {
		t.Fatalf("a lost answer gives %v, want doubt", err)
	}
	d.idle()
	check(t, d.p.(chat.Archiver).Archive(t.Context(), place, false))
	if gone := of[chat.Gone](d); len(gone) != 0 {
		t.Errorf("gone: %+v", gone)
	}
}

// With a channel go the threads in it, of which Discord says nothing: incidents that are fought there say so.
func TestParentOfThreadDeleted(t *testing.T) {
	f := newFight(t, threads())
	f.threadOf()
	other := must(f.h.world.AddRoom(t.Context(), chattest.Room{Name: "war-room", Members: []chat.UserID{f.ann.ID}}))(t)
	check(t, f.h.world.Destroy(t.Context(), f.room))
	f.settle()
	f.room = other
	for _, id := range []string{"INC-1", "INC-2"} {
		if got := f.typing("show in:" + id); !strings.Contains(got, "cannot be read: the channel was deleted") {
			t.Errorf("%s is %q, want it to say that its room is gone", id, got)
		}
	}
}
