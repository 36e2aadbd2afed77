package commands_test

import (
	"strings"
	"testing"

	"boswell/chat"
	"boswell/incident"
)

func cardText(s sending) string {
	switch e := s.effect.(type) {
	case chat.Edit:
		return shown(chat.Reply{Message: e.Message})
	case chat.Post:
		return shown(chat.Reply{Message: e.Message})
	default:
		return ""
	}
}

func TestJoinAndLeave(t *testing.T) {
	h := started(t)
	h.says("Grace", ops, "join", "Grace takes part in INC-1")
	h.says("Grace", ops, "join", "already")
	h.says("Grace", ops, "join Found the deploy.", "“Found the deploy.”")
	h.expectSent()
	h.must("Grace", ops, "role scribe me")
	h.says("Ada", ops, "responders", "1 responder", "Grace · since 21 Mar 14:30 · scribe since 21 Mar 14:30: Found the deploy.")
	h.says("Grace", ops, "leave", "no longer", "Nobody is scribe now", "undo")
	h.says("Grace", ops, "leave", "no part")
	h.says("Ada", ops, "people", "scribe 21 Mar 14:30 to 21 Mar 14:30")
}

func TestJoinFromElsewhereInvites(t *testing.T) {
	h := newHouse(t)
	h.must("Ada", ops, "start room:new Search is slow")
	h.took()
	h.must("Grace", alerts, "INC-1 join")
	h.expectSent("invite inc-1-search-is-slow")
}

func TestRoles(t *testing.T) {
	h := started(t)
	h.says("Ada", ops, "role commander me", "@Ada is incident commander of INC-1")
	sent := h.expectSent("edit ops")
	if got := cardText(sent[0]); !strings.Contains(got, "Incident commander: Ada") || strings.Contains(got, "Take command") {
		t.Errorf("the card says %q", got)
	}
	h.says("Ada", ops, "role commander Grace", "@Grace is incident commander", "after Ada", "undo")
	h.says("Ada", ops, "role commander @grace", "already")
	h.says("Ada", ops, "role liaison -", "Nobody is liaison", "Nothing was changed")
	h.says("Ada", ops, "role commander -", "Nobody is incident commander", "it was Grace")
	h.refuses("Ada", ops, "role boss me", `"boss"`, "commander")
	if holder := h.incident(1).Holder(incident.Commander); holder != "" {
		t.Errorf("%s is commander", holder)
	}
}

func TestTakeCommandButton(t *testing.T) {
	h := newHouse(t)
	reply, err := h.ask("Ada", ops, "start Checkout answers 500")
	if err != nil {
		t.Fatal(err)
	}
	if len(reply.Buttons) != 1 || reply.Buttons[0].Typed != "/incident role commander in:INC-1 me" {
		t.Fatalf("the buttons are %+v", reply.Buttons)
	}
	if _, err := h.press("Grace", ops, reply.Buttons[0]); err != nil {
		t.Fatal(err)
	}
	if holder := h.incident(1).Holder(incident.Commander); holder != person("Grace").ID {
		t.Errorf("%s is commander", holder)
	}
}

func TestLink(t *testing.T) {
	h := started(t)
	h.says("Ada", ops, "link #alerts", "Linked #alerts to INC-1", "📌", "undo")
	sent := h.expectSent("post alerts", "catch_up alerts")
	if e := sent[1].effect.(chat.CatchUp); !e.Offer || e.Take {
		t.Errorf("what the room holds is read as %+v", e)
	}
	h.says("Ada", ops, "link #alerts", "linked to INC-1 already")
	h.says("Ada", ops, "link telegram:Some Room", "Linked Some Room to INC-1", "cannot read it", "telegram is not connected")
	h.expectSent()
	h.says("Ada", ops, "show", "Some Room (cannot be read: telegram is not connected)")
	h.says("Ada", ops, "unlink #alerts", "not linked to INC-1 any more")
	h.says("Ada", ops, "unlink #alerts", "Nothing was changed")
	h.refuses("Ada", ops, "unlink #ops", "stays linked")
	h.must("Ada", alerts, "start sure:yes Another")
	h.refuses("Ada", ops, "link #alerts", "#alerts belongs to INC-2", "Another")
	h.must("Ada", "third", "start sure:yes private:yes Hidden")
	if _, err := h.ask("Grace", ops, "link #third"); err == nil || !strings.Contains(err.Error(), "another incident") || strings.Contains(err.Error(), "Hidden") {
		t.Errorf("a hidden incident is told of: %v", err)
	}
}

func TestTake(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "link #alerts")
	h.took()
	h.says("Ada", ops, "take", "2 rooms")
	for _, s := range h.expectSent("catch_up ops", "catch_up alerts") {
		if e := s.effect.(chat.CatchUp); !e.Take || e.Offer {
			t.Errorf("%+v", e)
		}
	}
}

func TestCardShowsOnlyItsOwnRooms(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "note one")
	h.must("Ada", ops, "action x")
	h.expectSent()
	h.says("Ada", ops, "show", "Status: open", "Incident commander: nobody yet", "Timeline: 1 entry", "Action items: 1 open, 0 done", "Rooms: #ops")
}
