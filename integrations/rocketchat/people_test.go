package rocketchat_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestGuestsAndBots: a guest does not see the incidents of rooms that they are not in, and what another bot writes is no
// command.
func TestGuestsAndBots(t *testing.T) {
	p := newParty(t, rocketsim.Options{})
	p.types(p.ops, "start room:here Merger talks leaked")
	lobby := chattest.Room{Name: "lobby"}
	for _, who := range []chattest.Person{{Handle: "gus", Name: "Gus", Guest: true}, {Handle: "robot", Name: "Robot", Bot: true}} {
		u, err := p.world.AddPerson(p.ctx, who)
		p.must(err)
		lobby.Members = append(lobby.Members, u.ID)
	}
	room, err := p.world.AddRoom(p.ctx, lobby)
	p.must(err)
	p.settle()
	a, err := p.world.Type(p.ctx, lobby.Members[0], room, "list", nil)
	p.must(err)
	if a.Text() == "" || strings.Contains(a.Text(), "Merger") {
		t.Errorf("a guest reads %q", a.Text())
	}
	_, err = p.world.Say(p.ctx, lobby.Members[1], room, "!incident start room:here The robot's own")
	p.must(err)
	p.settle()
	if all := p.types(p.ops, "list"); strings.Contains(all.Text(), "robot") || !strings.Contains(all.Text(), "Merger") {
		t.Errorf("the incidents are %q", all.Text())
	}
}

// TestRolesNotShown: where the server does not show who is a guest, the log says so, once, and with the permission to give.
func TestRolesNotShown(t *testing.T) {
	var log bytes.Buffer
	d := newDesk(t, rocketsim.Options{})
	d.hurry(func(o *rocketchat.Options) { o.Log = zerolog.New(zerolog.SyncWriter(&log)) })
	d.w.Revoke("view-full-other-user-info")
	for _, id := range []chat.UserID{d.ann, d.ben} {
		_, err := d.p.Person(d.ctx, id)
		d.must(err)
	}
	if n := strings.Count(log.String(), "view-full-other-user-info"); n != 1 {
		t.Errorf("the log says it %d times, want once:\n%s", n, log.String())
	}
}
