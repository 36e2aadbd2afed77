package commands_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"boswell/chat"
)

func TestStartHere(t *testing.T) {
	h := newHouse(t)
	h.says("Ada", ops, "start severity:2 Checkout  answers 500 (again)", "INC-1", "“Checkout answers 500 (again)”", "📌", "📎", "Take command")
	sent := h.expectSent("post ops", "pin ops", "post news", "catch_up ops")
	in := h.incident(1)
	if in.Title() != "Checkout  answers 500 (again)" || in.Severity != "sev2" || in.Private || in.Drill {
		t.Errorf("opened %q %s private=%v drill=%v", in.Title(), in.Severity, in.Private, in.Drill)
	}
	if len(in.Rooms) != 1 || !in.Rooms[0].Home || in.Rooms[0].Name != "#ops" {
		t.Errorf("its rooms are %v", in.Rooms)
	}
	card, ok := sent[0].effect.(chat.Post)
	if !ok || !card.Card || !strings.Contains(card.Message.Text.String(), "INC-1 · Checkout") {
		t.Errorf("the first thing sent is %+v", sent[0].effect)
	}
	if len(in.Cards) != 1 {
		t.Errorf("its cards are %v", in.Cards)
	}
}

func TestStartInNewRoom(t *testing.T) {
	h := newHouse(t)
	h.says("Ada", ops, "start room:new drill:yes Search is slow", "DRILL", "INC-1", "room")
	const room = "inc-1-search-is-slow"
	h.expectSent("make_room "+ops, "invite "+room, "post "+room, "pin "+room, "post news")
	if in := h.incident(1); len(in.Rooms) != 1 || in.Rooms[0].Name != "#"+room || len(in.Cards) != 1 {
		t.Errorf("its rooms are %v, its cards %v", in.Rooms, in.Cards)
	}
	h.says("Ada", room, "note It is slow", "Noted as 1")
}

func TestStartPrivatelyTellsNobody(t *testing.T) {
	h := newHouse(t)
	h.must("Ada", ops, "start private:yes Keys leaked")
	h.expectSent("post ops", "pin ops", "catch_up ops")
	h.must("Ada", ops, "update We are changing them.")
	h.expectSent("post ops")
	h.must("Ada", ops, "resolve")
	h.expectSent("edit ops")
}

func TestStartSince(t *testing.T) {
	h := newHouse(t)
	h.must("Ada", ops, `start since:"2h ago" Mail was late`)
	if got, want := h.incident(1).Since, h.now.Add(-2*time.Hour); !got.Equal(want) {
		t.Errorf("since %v, want %v", got, want)
	}
}

func TestAnnouncement(t *testing.T) {
	h := newHouse(t)
	h.must("Ada", ops, "start drill:yes severity:sev3 Checkout answers 500")
	for _, s := range h.took() {
		if s.room != news {
			continue
		}
		want := "DRILL · INC-1 “Checkout answers 500” was opened by Ada as sev3 in #ops.\n[Join]"
		if got := cardText(s); got != want {
			t.Errorf("announced %q, want %q", got, want)
		}
	}
	h.must("Ada", news, "start sure:yes room:new Search is slow")
	if got := kinds(h.took()); !slices.Contains(got, "post "+news) {
		t.Errorf("sent %q", got)
	}
	h.must("Ada", news, "start sure:yes Mail is late")
	if got := kinds(h.took()); len(got) != 3 {
		t.Errorf("sent %q", got)
	}
}

func TestStartWhereNewRoomsAreUsual(t *testing.T) {
	h := newHouse(t)
	h.settings.NewRoom = true
	h.must("Ada", ops, "start Search is slow")
	if in := h.incident(1); in.Rooms[0].Name == "#ops" {
		t.Errorf("its room is %v", in.Rooms)
	}
	h.now = h.now.Add(time.Hour)
	h.must("Ada", ops, "start room:here Search is slow")
	if in := h.incident(2); in.Rooms[0].Name != "#ops" {
		t.Errorf("its room is %v", in.Rooms)
	}
}

func TestStartRefuses(t *testing.T) {
	h := newHouse(t)
	h.refuses("Ada", ops, "start "+strings.Repeat("x", 5000), "5000", "200")
	h.refuses("Ada", ops, "start a\x07b", "U+0007")
	h.refuses("Ada", ops, "start a\u202eb", "U+202E")
	h.refuses("Ada", ops, "start since:tomorrow x")
	h.refuses("Ada", ops, `start since:"last night" x`, "last night")
	h.here.MakesRooms = false
	h.refuses("Ada", ops, "start room:new x", "cannot make rooms")
	h.direct = true
	h.refuses("Ada", "dm", "start x", "direct message")
	h.direct = false
	h.must("Ada", ops, "start Checkout answers 500")
	h.now = h.now.Add(time.Hour)
	h.refuses("Grace", ops, "start Another", "INC-1", "Checkout answers 500", "/incident join")
	if got := h.must("Ada", ops, "start"); !strings.Contains(got, "form: Start") {
		t.Errorf("start without a title: %q", got)
	}
}

func TestStartNamesFreshIncidents(t *testing.T) {
	h := started(t)
	h.now = h.now.Add(5 * time.Minute)
	reply, err := h.ask("Grace", alerts, "start severity:sev1 The shop is down")
	if err != nil {
		t.Fatal(err)
	}
	if got := shown(reply); !strings.Contains(got, "INC-1") || !strings.Contains(got, "5 minutes ago") || reply.Public {
		t.Errorf("answered %q", got)
	}
	h.expectSent()
	join, anyway := reply.Buttons[0], reply.Buttons[len(reply.Buttons)-1]
	if anyway.Typed != "/incident start severity:sev1 sure:yes The shop is down" || len(anyway.Action)+len(anyway.Value) > 60 {
		t.Errorf("to start anyway is %+v", anyway)
	}
	if _, err := h.press("Grace", alerts, join); err != nil {
		t.Fatal(err)
	}
	if len(h.incident(1).Responders) != 1 {
		t.Error("the button joined nobody")
	}
	if _, err := h.press("Grace", alerts, anyway); err != nil {
		t.Fatal(err)
	}
	if in := h.incident(2); in.Title() != "The shop is down" || in.Severity != "sev1" || in.Rooms[0].Name != "#alerts" {
		t.Errorf("started %q %s in %v", in.Title(), in.Severity, in.Rooms)
	}
	h.now = h.now.Add(time.Minute)
	h.says("Ada", "third", "start sure:yes It is", "INC-3 is open")
}

func TestStartDoesNotNameWhatIsOldEndedOrHidden(t *testing.T) {
	h := newHouse(t)
	h.must("Ada", ops, "start Old")
	h.now = h.now.Add(16 * time.Minute)
	h.says("Grace", alerts, "start Ended", "INC-2 is open")
	h.must("Grace", alerts, "cancel")
	h.says("Ada", "secret", "start private:yes sure:yes Hidden", "INC-3 is open")
	h.says("Grace", "fourth", "start New", "INC-4 is open")
	h.guests["Eve"] = true
	h.says("Eve", "fifth", "start From outside", "INC-5 is open")
}

func TestOldDraft(t *testing.T) {
	h := newHouse(t)
	_, err := h.press("Ada", ops, chat.Button{Action: "start", Value: "start/none"})
	if err == nil || !strings.Contains(err.Error(), "too old") {
		t.Errorf("got %v", err)
	}
}

func TestACardThatIsStillOwedIsKeptUpToDate(t *testing.T) {
	h := newHouse(t)
	h.hold = true
	h.must("Ada", ops, "start room:new Search is slow")
	h.must("Grace", alerts, "INC-1 severity sev1")
	h.hold = false
	h.must("Grace", alerts, "INC-1 join")
	const room = "inc-1-search-is-slow"
	sent := h.expectSent("make_room ops", "invite "+room, "post "+room, "pin "+room, "post news", "edit "+room, "set_topic "+room, "post "+room, "post news",
		"invite "+room)
	var last string
	for _, s := range sent {
		if _, edit := s.effect.(chat.Edit); edit {
			last = cardText(s)
		}
	}
	if !strings.Contains(last, "Severity: sev1") {
		t.Errorf("the card says %q", last)
	}
}
