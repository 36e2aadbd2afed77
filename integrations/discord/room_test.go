package discord_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

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

// roomsOf counts the rooms of a name.
func (d *desk) roomsOf(name string) int {
	d.Helper()
	n := 0
	for _, p := range d.w.Rooms() {
		if look := must(d.w.Look(d.Context(), p))(d); look.Name == name {
			n++
		}
	}
	return n
}

// A thread that was made is found again by whoever makes it once more: long after Discord forgot every nonce, and where the
// attempt was broken off before its marker stood.
func TestThreadIsMadeOnce(t *testing.T) {
	for _, private := range []bool{false, true} {
		o := threads()
		d := newDesk(t, o).online()
		wanted := chat.NewRoom{Near: d.room, Name: "INC-7: Shop", Users: []chat.UserID{d.ann.ID}, Private: private}
		d.w.Sim().Fail(posting, discordsim.Fault{Status: 503}, discordsim.Fault{Status: 503})
		for range 2 {
			if _, _, err := d.p.(chat.RoomMaker).MakeRoom(t.Context(), "k", wanted); !chat.AsFailure(err).Temporary {
				t.Fatalf("private %v: a thread without its marker gives %v", private, err)
			}
		}
		place, _, err := d.p.(chat.RoomMaker).MakeRoom(t.Context(), "k", wanted)
		check(t, err)
		d.w.Clock().Advance(10 * time.Minute)
		again := must(restartedMakes(t, d, o.Config, "k", wanted))(t)
		if n := d.roomsOf(wanted.Name); again != place || n != 1 {
			t.Errorf("private %v: %v and %v were made, %d threads in all, want one", private, place, again, n)
		}
		other := must(restartedMakes(t, d, o.Config, "another key", wanted))(t)
		if other == place {
			t.Errorf("private %v: another key gets the same thread", private)
		}
	}
}

// Somebody who cannot be brought in costs the incident neither its private thread nor the others: the thread says who it is.
// Where it may help, all are tried again.
func TestSomebodyCannotBeBroughtIn(t *testing.T) {
	unknown := discordsim.Fault{Status: 404, Body: `{"code":10013,"message":"Unknown User"}`}
	const missing = "Ann Archer could not be brought in. That person is not in the server. Invite them into it first."
	for name, c := range map[string]struct {
		faults   []discordsim.Fault
		attempts int
		in, said string
	}{
		"for good":      {[]discordsim.Fault{unknown}, 1, "ben boswell cleo", missing},
		"for a moment":  {[]discordsim.Fault{{Status: 503}}, 2, "ann ben boswell cleo", ""},
		"one of either": {[]discordsim.Fault{unknown, {Status: 503}}, 2, "ann ben boswell cleo", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, threads()).online()
			wanted := chat.NewRoom{Near: d.room, Name: "INC-7: Shop", Private: true, Users: []chat.UserID{d.ann.ID}}
			for _, handle := range []string{"ben", "cleo"} {
				wanted.Users = append(wanted.Users, must(d.w.AddPerson(t.Context(), chattest.Person{Handle: handle}))(t).ID)
			}
			d.w.Sim().Fail("PUT /channels/{}/thread-members/{}", c.faults...)
			for range c.attempts - 1 {
				if _, _, err := d.p.(chat.RoomMaker).MakeRoom(t.Context(), "k", wanted); !chat.AsFailure(err).Temporary {
					t.Fatalf("the thread is made, or never: %v", err)
				}
			}
			thread, _, err := d.p.(chat.RoomMaker).MakeRoom(t.Context(), "k", wanted)
			check(t, err)
			if got := membersOf(t, d.w, thread); got != c.in {
				t.Errorf("in the thread are %q, want %q", got, c.in)
			}
			said := ""
			for _, m := range must(d.w.Messages(t.Context(), thread))(t)[1:] {
				said += m.Text()
			}
			if said != c.said {
				t.Errorf("the thread says %q, want %q", said, c.said)
			}
		})
	}
}

// membersOf are the handles of those who are in a room, in their order.
func membersOf(t *testing.T, w *discordsim.World, room chat.Place) string {
	t.Helper()
	var names []string
	for _, id := range must(w.Look(t.Context(), room))(t).Members {
		names = append(names, must(w.Platform().(chat.Directory).Person(t.Context(), id))(t).Handle)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// A closed channel is one in which nobody may write, whatever role they have. Opened again it is what it was: whom it was denied
// before is not allowed by that, and what was granted meanwhile stays.
func TestClosedChannelIsOpenedAsItWas(t *testing.T) {
	const (
		react, view, send, embed = 1 << 6, 1 << 10, 1 << 11, 1 << 14
		writing                  = react | send | 1<<38
		writers, muted           = "100000000000000150", "100000000000000160"
	)
	through := discordsim.Fault{After: true, Status: 204}
	for _, name := range []string{"at once", "at the second attempt"} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, quick()).online()
			d.w.Grant(d.room, discordsim.BotID, true, view|send, 0)
			d.w.Grant(d.room, discordsim.Server, false, 0, send)
			d.w.Grant(d.room, writers, false, view|send|react, 0)
			d.w.Grant(d.room, muted, false, 0, react)
			d.w.Grant(d.room, string(d.ann.ID), true, view|send|embed, 0)
			before := d.w.Granted(d.room)
			d.idle()
			archiver := d.p.(chat.Archiver)
			if name != "at once" { // all but the bot's own permission, and that of everybody, fail
				d.w.Sim().Fail("PUT /channels/{}/permissions/{}", through, through, discordsim.Fault{Status: 503})
				if err := archiver.Archive(t.Context(), d.room, false); !chat.AsFailure(err).Temporary {
					t.Fatalf("the first attempt gives %v", err)
				}
			}
			check(t, archiver.Archive(t.Context(), d.room, false), archiver.Archive(t.Context(), d.room, false))
			for id, o := range d.w.Granted(d.room) {
				if o[0]&writing != 0 || id == discordsim.Server && o[1]&writing != writing {
					t.Errorf("in the closed channel %s is allowed %b and denied %b", id, o[0], o[1])
				}
			}
			d.w.Grant(d.room, muted, false, embed, react)
			before[muted] = [2]uint64{embed, react}
			d.idle()
			check(t, archiver.Archive(t.Context(), d.room, true), archiver.Archive(t.Context(), d.room, true))
			if after := d.w.Granted(d.room); !maps.Equal(after, before) {
				t.Errorf("before it was closed people were granted %v, and after it was opened %v", before, after)
			}
			if seen := must(d.w.Messages(t.Context(), d.room))(t); len(seen) != 0 {
				t.Errorf("in the open channel stand %d messages of the bot's", len(seen))
			}
		})
	}
}
