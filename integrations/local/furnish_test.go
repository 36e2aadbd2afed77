package local_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/integrations/local"
)

// command types a command in a room and lets the bot come to rest.
func (h *pageHouse) command(room chat.Place, line string) acted {
	h.t.Helper()
	a := h.act(h.ada, "/rooms/"+string(room.Channel)+"/messages", url.Values{"text": {"/incident " + line}})
	h.settle()
	return a
}

// roomNamed is a room as Ada sees it.
func (h *pageHouse) roomNamed(name string) local.Room {
	h.t.Helper()
	rooms, err := h.world.Chat().Rooms(h.ada)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range rooms {
		if r.Name == name {
			return r
		}
	}
	h.t.Fatalf("there is no room %q among %+v", name, rooms)
	return local.Room{}
}

// TestRoomOfAnIncident: its topic follows, who gets a role is brought in, and its bookmark leads to the newest postmortem.
func TestRoomOfAnIncident(t *testing.T) {
	h := newPageHouse(t)
	h.people()
	h.command(h.room, "start room:new severity:sev2 Lifts stand still")
	const name = "inc-1-lifts-stand-still"
	room := h.roomNamed(name)
	if room.Topic != "INC-1 Lifts stand still · sev2" {
		t.Errorf("the topic begins as %q", room.Topic)
	}
	h.command(room.Place, "severity sev1")
	h.command(room.Place, "role commander @grace")
	h.clock.Advance(time.Minute)
	h.settle()
	if got := h.roomNamed(name); got.Topic != "INC-1 Lifts stand still · sev1 · incident commander Grace" {
		t.Errorf("the topic is %q", got.Topic)
	}
	h.command(room.Place, "close")
	h.command(room.Place, "reopen")
	h.clock.Advance(time.Minute)
	h.command(room.Place, "close")
	got := h.roomNamed(name)
	if len(got.Bookmarks) != 1 || got.Bookmarks[0].Title != "Incident postmortem" || !strings.Contains(got.Bookmarks[0].Link, "/messages/") {
		t.Errorf("the bookmarks are %+v, want that of the file", got.Bookmarks)
	}
	if messages, err := h.world.Chat().Messages(h.grace, room.Place, local.Span{}); err != nil || len(messages) == 0 {
		t.Errorf("Grace reads %d messages there: %v", len(messages), err)
	}
	rooms, err := h.world.Chat().Rooms(h.grace)
	if in := func(r local.Room) bool { return r.Name == name && r.Member }; err != nil || !slices.ContainsFunc(rooms, in) {
		t.Errorf("Grace is not in the room: %v", err)
	}
}
