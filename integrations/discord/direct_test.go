package discord_test

import (
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/discord/discordsim"
)

// directly writes to the bot in a direct message, and returns what it says there afterwards.
func (f *fight) directly(by chat.UserID, line string) string {
	f.Helper()
	f.h.world.Clock().Advance(2 * time.Minute)
	place := must(f.h.world.Platform().(chat.Director).Direct(f.Context(), by))(f)
	before := len(must(f.h.world.Messages(f.Context(), place))(f))
	must(f.h.world.Say(f.Context(), by, place, line))(f)
	f.settle()
	var said []string
	for _, m := range must(f.h.world.Messages(f.Context(), place))(f)[before:] {
		if m.From.Self {
			said = append(said, m.Text())
		}
	}
	return strings.Join(said, "\n")
}

// Anybody who shares any server with the bot can write to it: only members of the servers that are served see or change
// anything by that.
func TestStrangerIsNotListenedTo(t *testing.T) {
	for _, servers := range [][]string{nil, {discordsim.Server}} {
		o := quick()
		o.Config.Servers = servers
		f := newFight(t, o)
		mallory := must(f.h.world.AddPerson(t.Context(), chattest.Person{Handle: "mallory"}))(t)
		if got := f.directly(mallory.ID, "list"); !strings.Contains(got, "Checkout answers 500") {
			t.Errorf("servers %v: a member is answered %q, want the incident", servers, got)
		}
		f.h.world.Expel(mallory.ID)
		before := f.log()
		for _, line := range []string{"list", "close in:INC-1", "show in:INC-1"} {
			if got := f.directly(mallory.ID, line); !strings.Contains(got, "you are in none of them") || strings.Contains(got, "Checkout") {
				t.Errorf("servers %v: a stranger's %q is answered %q", servers, line, got)
			}
		}
		place := must(f.h.world.Platform().(chat.Director).Direct(t.Context(), mallory.ID))(t)
		for _, line := range []string{"list", "timeline show in:INC-1"} {
			if a := must(f.h.world.Type(t.Context(), mallory.ID, place, line, nil))(t); !strings.Contains(a.Text(), "you are in none of them") {
				t.Errorf("servers %v: a stranger who picks %q from the menu is answered %q", servers, line, a.Text())
			}
		}
		if choices := must(f.h.world.Complete(t.Context(), mallory.ID, place, "people list INC"))(t); len(choices) != 0 {
			t.Errorf("servers %v: a stranger is offered %+v", servers, choices)
		}
		if after := f.log(); after != before {
			t.Errorf("servers %v: the log was %s and is %s", servers, before, after)
		}
	}
}

// Where Discord does not say who somebody is, nothing is done, and they hear to try again.
func TestMembershipIsUnknown(t *testing.T) {
	f := newFight(t, quick())
	before := f.log()
	f.h.world.Sim().Fail("GET /guilds/{}/members/{}", discordsim.Fault{Status: 503})
	if got := f.directly(f.ann.ID, "close in:INC-1"); !strings.Contains(got, "Try again in a minute") || f.log() != before {
		t.Errorf("Ann is answered %q, and the log is %s", got, f.log())
	}
	if got := f.directly(f.ann.ID, "close in:INC-1"); !strings.Contains(got, "INC-1") || f.log() == before {
		t.Errorf("afterwards Ann is answered %q, and the log is %s", got, f.log())
	}
}
