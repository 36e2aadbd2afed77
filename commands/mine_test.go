package commands_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestMine(t *testing.T) {
	h := newHouse(t)
	h.says("Ada", ops, "mine", "Nothing waits for you", "/incident list shows")
	h.must("Ben", ops, "start severity:sev1 Checkout answers 500")
	h.must("Ada", ops, "role commander me")
	h.must("Ada", ops, "action due:2024-05-01 owner:Ada Limit retries to three")
	h.must("Ada", ops, "action owner:Ben Not hers")
	h.must("Ben", alerts, "start sure:yes Search is slow")
	h.must("Ada", alerts, "join")
	h.must("Ada", alerts, "leave")
	h.must("Ben", "third", "start sure:yes Mail is late")
	got := h.must("Ada", "fourth", "mine")
	want := []string{
		"You take part in:",
		"INC-1 Checkout answers 500 · open · sev1 · incident commander Ada · opened 2024-03-21 14:30 UTC · you: incident commander · in #ops",
		"Your open action items:",
		"INC-1 Checkout answers 500 · action item 1, owner Ada, due 2024-05-01: “Limit retries to three”",
		"/incident show in:INC-1 shows how it stands.",
		"/incident action in:INC-1 1 done says that it is done.",
	}
	if lines := strings.Split(got, "\n"); !slices.Equal(lines, want) {
		t.Errorf("the answer is\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	h.must("Ada", "fourth", "action in:INC-1 1 done")
	h.must("Ada", ops, "role commander -")
	if got := h.must("Ada", ops, "mine"); strings.Contains(got, "action item") || !strings.Contains(got, "you: responder") {
		t.Errorf("with the item done it is\n%s", got)
	}
}

// TestMineNames finds the person who asks by each of their names, and nobody who is called nearly so.
func TestMineNames(t *testing.T) {
	h := started(t)
	for owner, mine := range map[string]bool{"ada": true, "@Ada": true, "me": true, `"Ben, Ada"`: true, `"ben and ada"`: true, "Adam": false, `"Ada Byron"`: false, "ops": false} {
		h.must("Ada", ops, "action owner:"+owner+" Do it")
		got := h.must("Ada", ops, "mine")
		if strings.Contains(got, "Do it") != mine {
			t.Errorf("owner %s: the answer is\n%s", owner, got)
		}
		h.must("Ada", ops, "action 1 remove")
	}
	h.must("Ada", ops, "action owner:ME Do it")
	if owner := h.incident(1).Actions[0].Owner; owner != "Ada" {
		t.Errorf("the owner is %q", owner)
	}
}

// TestMineSeesWhatThePersonSees: nothing of a private incident is told to somebody who may not see it, nor aloud.
func TestMineSeesWhatThePersonSees(t *testing.T) {
	h := newHouse(t)
	h.must("Ben", alerts, "start private:yes Keys leaked")
	h.must("Ben", alerts, "action owner:Ada Change the locks")
	if got := h.must("Ada", ops, "mine"); strings.Contains(got, "INC-1") {
		t.Errorf("a stranger is told %q", got)
	}
	h.must("Ada", alerts, "join")
	reply, err := h.ask("Ada", ops, "mine")
	if got := shown(reply); err != nil || !strings.Contains(got, "Change the locks") || !strings.Contains(got, "you: responder") {
		t.Errorf("a responder is told %q, error %v", got, err)
	}
	if reply.Public || !reply.Confidential {
		t.Errorf("public %v, confidential %v", reply.Public, reply.Confidential)
	}
	h.must("Ben", alerts, "cancel")
	h.says("Ada", ops, "mine", "Nothing waits for you")
}

// TestMineAfterTheEnd: an action item outlives its incident.
func TestMineAfterTheEnd(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "join")
	h.must("Ada", ops, "action owner:me Limit retries")
	h.must("Ada", ops, "close")
	got := h.must("Ada", ops, "mine")
	if strings.Contains(got, "You take part in") || !strings.Contains(got, "“Limit retries” · closed") || !strings.Contains(got, "/incident reopen in:INC-1 comes first") {
		t.Errorf("the answer is\n%s", got)
	}
}

func TestMineIsBounded(t *testing.T) {
	h := started(t)
	for i := range 22 {
		h.must("Ada", ops, fmt.Sprint("action owner:Ada Item ", i))
	}
	h.broken = 7
	if got := h.must("Ada", ops, "mine"); !strings.Contains(got, "Item 19”\nand 2 more.") {
		t.Errorf("the answer is\n%s", got)
	}
	h.broken = 1
	h.says("Ada", ops, "mine", "Nothing waits for you")
}

// TestMineIsOneCommand: typed by its own word, and native in the group of people.
func TestMineIsOneCommand(t *testing.T) {
	h := started(t)
	for _, line := range []string{"mine", "people mine", "min"} {
		h.says("Grace", ops, line, "Nothing waits for you")
	}
	h.says("Ada", ops, "help mine", "/incident mine", "your open action items")
	choices := h.complete("Ada", ops, "help", "command", "mine", nil)
	if len(choices) != 1 || choices[0].Value != "people mine" {
		t.Errorf("completion offers %v", choices)
	}
}
