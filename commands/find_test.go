package commands_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/commands"
)

func TestList(t *testing.T) {
	h := newHouse(t)
	h.says("Ada", ops, "list", "No incident is under way", "list all")
	h.says("Ada", ops, "list all", "no incident that you can see", "start")
	h.must("Ada", ops, "start severity:sev2 drill:yes Checkout answers 500")
	h.must("Ada", ops, "role commander me")
	h.must("Ada", ops, "status Nearly over")
	h.must("Ada", alerts, "start sure:yes Search is slow")
	h.must("Ada", alerts, "close")
	h.says("Grace", ops, "list", "INC-1 Checkout answers 500 · open · Nearly over · sev2 · incident commander Ada · opened 2024-03-21 14:30 UTC · DRILL")
	if got := h.must("Grace", ops, "list"); strings.Contains(got, "INC-2") {
		t.Errorf("the list is %q", got)
	}
	h.says("Grace", ops, "list all", "INC-2 Search is slow · closed", "INC-1")
}

func TestListIsBounded(t *testing.T) {
	h := newHouse(t)
	for i := range 31 {
		h.must("Ada", fmt.Sprint("room-", i), "start sure:yes Again")
	}
	if got := h.must("Ada", ops, "list"); strings.Contains(got, "INC-1 ") || !strings.Contains(got, "the newest 30") {
		t.Errorf("the list is\n%s", got)
	}
}

func TestFind(t *testing.T) {
	h := newHouse(t)
	h.must("Ada", ops, "start Checkout answers 500")
	h.must("Ada", ops, "note The Queue was full, said the alert")
	h.must("Ada", ops, "note Something secret")
	h.must("Ada", ops, "remove 2")
	h.must("Ada", alerts, "start sure:yes Search is slow")
	h.must("Ada", alerts, "set summary The index grew")
	h.must("Ada", "third", "start sure:yes private:yes Queue of keys")
	h.says("Grace", ops, "find QUEUE full", "INC-1", "The Queue was full")
	h.says("Grace", ops, "find index", "INC-2", "The index grew")
	h.says("Grace", ops, "find secret", "Nothing that you can see has “secret”")
	h.says("Ada", ops, "find queue", "INC-1", "INC-3")
	if got := h.must("Grace", ops, "find queue"); strings.Contains(got, "INC-3") {
		t.Errorf("a hidden incident is found: %q", got)
	}
	for i := range 11 {
		h.must("Ada", fmt.Sprint("room-", i), "start sure:yes Again")
	}
	h.says("Ada", ops, "find again", "more than these 10", "INC-14")
}

func TestWhoSees(t *testing.T) {
	h := newHouse(t)
	h.guests["Eve"] = true
	h.must("Ada", ops, "start Public one")
	h.must("Ada", alerts, "start sure:yes private:yes Private one")
	for _, c := range []struct {
		who, where, line string
		sees             bool
	}{
		{"Grace", "third", "INC-1 show", true},
		{"Grace", "third", "INC-2 show", false},
		{"Grace", alerts, "show", true},
		{"Ada", "third", "INC-2 show", true},
		{"Eve", ops, "show", true},
		{"Eve", "third", "INC-1 show", false},
		{"Eve", alerts, "INC-1 show", false},
		{"Eve", alerts, "show", true},
	} {
		reply, err := h.ask(c.who, c.where, c.line)
		if (err == nil) != c.sees {
			t.Errorf("%s in #%s: %s: %q %v", c.who, c.where, c.line, shown(reply), err)
		}
	}
	unknown := refusal(t, h, "Grace", "third", "INC-9 show")
	if hidden := refusal(t, h, "Grace", "third", "INC-2 show"); hidden != strings.ReplaceAll(unknown, "INC-9", "INC-2") {
		t.Errorf("a hidden incident is answered %q, an unknown one %q", hidden, unknown)
	}
	h.must("Grace", alerts, "join")
	h.says("Grace", "third", "INC-2 show", "Private one")
	h.says("Grace", "third", "list", "INC-1", "INC-2")
	if got := h.must("Eve", ops, "list all"); !strings.Contains(got, "INC-1") || strings.Contains(got, "INC-2") {
		t.Errorf("somebody from outside sees %q", got)
	}
	if got := h.must("Eve", "third", "list all"); strings.Contains(got, "INC-") {
		t.Errorf("somebody from outside sees %q elsewhere", got)
	}
}

// TestWhatIsConfidential asks everywhere about a private incident in #ops and one in #alerts that is not.
func TestWhatIsConfidential(t *testing.T) {
	h := newHouse(t)
	h.must("Ada", ops, "start private:yes Breach of customer data")
	h.must("Ada", alerts, "start sure:yes Queue is full")
	for _, c := range []struct {
		who, where, line string
		want             bool
	}{
		{"Ada", ops, "show", false},
		{"Grace", ops, "show", false},
		{"Ada", alerts, "show", false},
		{"Ada", "third", "show in:INC-2", false},
		{"Ada", "third", "show in:INC-1", true},
		{"Ada", alerts, "timeline in:INC-1", true},
		{"Ada", alerts, "note in:INC-1 The vault is shut", true},
		{"Ada", alerts, "status in:INC-1 contained", true},
		{"Ada", "third", "list", true},
		{"Grace", "third", "list", false},
		{"Ada", ops, "list", false},
		{"Ada", "third", "find breach", true},
		{"Grace", "third", "find breach", false},
		{"Ada", "third", "remove 99 in:INC-1", true}, // refused, with words of the incident
		{"Ada", "third", "export in:INC-1", true},
		{"Ada", "third", "note where", true}, // refused, with the incidents under way
		{"Grace", "third", "note where", false},
		{"Grace", "third", "show in:INC-1", false}, // there is none for her
		{"Ada", alerts, "link #ops", true},         // refused, with what #ops belongs to
		{"Ada", "third", "start Something else", true},
		{"Ada", "third", "start sure:yes room:new private:yes Merger talks leaked", true},
	} {
		reply, err := h.ask(c.who, c.where, c.line)
		if reply.Confidential != c.want {
			t.Errorf("%s in #%s: %s: confidential is %v of %q %v", c.who, c.where, c.line, reply.Confidential, shown(reply), err)
		}
		if reply.Public && c.want {
			t.Errorf("%s in #%s: %s: it is said for all to hear: %q", c.who, c.where, c.line, shown(reply))
		}
	}
	h.direct = true
	if reply, err := h.ask("Ada", "dm", "show in:INC-1"); err != nil || reply.Confidential {
		t.Errorf("in the conversation with one person: %+v, %v", reply, err)
	}
}

// TestRoomThatBelongedToAPrivateIncident is like any other to those who come there later.
func TestRoomThatBelongedToAPrivateIncident(t *testing.T) {
	h := newHouse(t)
	h.must("Ada", ops, "start private:yes Breach of customer data")
	h.must("Ada", ops, "link #alerts")
	h.must("Ada", ops, "unlink #alerts")
	if got := h.must("Grace", alerts, "list"); strings.Contains(got, "INC-1") {
		t.Errorf("the list tells %q", got)
	}
	if got := refusal(t, h, "Grace", alerts, "show"); strings.Contains(got, "INC-1") {
		t.Errorf("the refusal tells %q", got)
	}
	h.says("Grace", alerts, "start Queue is full", "INC-2 is open")
}

// TestPrivateIncidentWithoutARoom is closed in a room that has nothing to do with it.
func TestPrivateIncidentWithoutARoom(t *testing.T) {
	h := newHouse(t)
	h.hold = true // its room is never made
	h.must("Ada", "third", "start private:yes room:new Breach of customer data")
	h.forget()
	h.refuses("Ada", "third", "close in:INC-1", "is private and has no room", "in a direct message")
	h.direct = true
	h.says("Ada", "dm", "close in:INC-1", "is closed")
}

// TestErasedTitleHides erases what a private incident was opened with: strangers still do not see it.
func TestErasedTitleHides(t *testing.T) {
	h := newHouse(t)
	h.must("Ada", ops, "start private:yes Vault code 4711")
	h.must("Ada", ops, "note The vault stands open")
	if err := h.store.Erase(context.Background(), 1, 1); err != nil {
		t.Fatal(err)
	}
	h.refuses("Grace", "third", "INC-1 show", "no INC-1")
	for _, line := range []string{"list all", "find vault"} {
		if got := h.must("Grace", "third", line); strings.Contains(got, "INC-1") {
			t.Errorf("%s tells a stranger %q", line, got)
		}
	}
	h.says("Ada", "third", "list", "INC-1 (erased)")
	h.says("Ada", "third", "INC-1 timeline", "The vault stands open")
}

func TestWhoSeesFromElsewhere(t *testing.T) {
	h := started(t)
	in := h.incident(1)
	for _, c := range []struct {
		req  commands.Request
		sees bool
	}{
		{commands.Request{By: "p-eve", Place: chat.Place{Platform: platform, Channel: "third"}}, true},
		{commands.Request{By: "p-eve", Place: chat.Place{Platform: "other", Channel: ops}}, false},
		{commands.Request{By: "p-ada", Place: chat.Place{Platform: "other", Channel: ops}}, true},
		{commands.Request{By: "p-eve", Place: chat.Place{Platform: platform, Channel: ops, Thread: "7"}}, true},
		{commands.Request{By: "p-eve", Direct: true, User: chat.User{Guest: true}, Place: chat.Place{Platform: platform, Channel: ops}}, false},
		{commands.Request{Place: chat.Place{Platform: platform, Channel: "third"}}, false},
	} {
		if got := commands.Sees(in, &c.req); got != c.sees {
			t.Errorf("%s in %v sees it: %v", c.req.By, c.req.Place, got)
		}
	}
}

func refusal(t *testing.T, h *house, who, where, line string) string {
	t.Helper()
	_, err := h.ask(who, where, line)
	if err == nil {
		t.Errorf("%s: no refusal", line)
		return ""
	}
	return err.Error()
}

func TestDirectMessages(t *testing.T) {
	h := started(t)
	h.direct = true
	h.refuses("Ada", "dm", "show", "direct message", "INC-1", "/incident show in:INC-1")
	h.says("Ada", "dm", "INC-1 show", "Checkout answers 500")
	h.must("Ada", "dm", "export in:INC-1")
	h.expectSent("upload dm")
	h.must("Ada", "dm", "status in:INC-1 Fine")
	h.expectSent("edit ops", "post ops", "post news")
}

func TestNowhere(t *testing.T) {
	h := newHouse(t)
	h.refuses("Ada", ops, "note x", "This room has no incident.", "/incident start <title>")
	if got := refusal(t, h, "Ada", ops, "note x"); strings.Contains(got, "in:") {
		t.Errorf("nothing is under way, yet: %q", got)
	}
}

func TestExport(t *testing.T) {
	h := started(t)
	h.says("Ada", ops, "export json", "follows as a file")
	h.says("Ada", ops, "export json", "follows as a file")
	h.expectSent("upload ops", "upload ops")
	h.refuses("Ada", ops, "export pdf", "sre or json")
	h.must("Ada", alerts, "start sure:yes private:yes Keys leaked")
	h.took()
	h.refuses("Ada", "third", "INC-2 export", "private")
	h.must("Ada", alerts, "export")
	h.expectSent("upload alerts", "bookmark alerts")
}

func TestCheck(t *testing.T) {
	h := started(t)
	h.says("Ada", ops, "check", "remarks on the postmortem of INC-1", "F1", "summary")
	h.must("Ada", ops, "set summary It was broken for 10 minutes.")
	if got := h.must("Ada", ops, "check"); strings.Contains(got, "The summary is empty") {
		t.Errorf("checked: %q", got)
	}
}

// TestDamagedRecords: one incident that cannot be read keeps nobody from the others.
func TestDamagedRecords(t *testing.T) {
	h := started(t)
	h.must("Ada", alerts, "start sure:yes Search is slow")
	h.must("Ada", alerts, "note The disk is full")
	h.must("Ada", "third", "start sure:yes private:yes Keys leaked")
	h.broken = 1
	h.refuses("Ada", ops, "note x", "The records of INC-1 are damaged", "boswell verify", "/incident start room:new <title>")
	h.refuses("Ada", alerts, "INC-1 show", "The records of INC-1 are damaged")
	h.refuses("Ada", ops, "start Another", "The records of INC-1 are damaged")
	h.refuses("Ada", alerts, "link #ops", "another incident")
	h.says("Ada", ops, "find disk", "INC-2", "The records of INC-1 are damaged")
	h.says("Ada", ops, "list", "INC-1 Checkout answers 500", "INC-2")
	h.says("Ada", ops, "start sure:yes room:new Another", "INC-4 is open")
	h.broken = 3
	h.refuses("Ada", ops, "INC-3 show", "no INC-3 that you can see")
	h.refuses("Ada", "third", "show", "The records of INC-3 are damaged")
	if got := h.must("Ada", ops, "list"); strings.Contains(got, "INC-3") {
		t.Errorf("the list is %q", got)
	}
}
