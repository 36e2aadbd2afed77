package commands_test

import (
	"strings"
	"testing"
	"time"

	"boswell/incident"
)

func TestNote(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "set zone Europe/Paris")
	h.took()
	h.says("Ada", ops, "note Failover  is done", "Noted as 1 (e1) for 15:30 Europe/Paris today", "“Failover is done”", "/incident undo")
	h.says("Grace", ops, "note at:22:16 marker:DETECTED First alert", "Noted as 1 (e2) for 22:16 Europe/Paris, yesterday", "DETECTED", "“First alert”")
	h.says("Ada", ops, "note at:~14:10 Somebody pulled a cable", "as 2 (e3) for ~14:10")
	h.says("Ada", ops, "note at:? Nobody knows when", "as 1 (e4) for no time known")
	h.says("Ada", ops, `note at:"14:05 UTC~14:20" A range`, "15:05–15:20 Europe/Paris")
	h.says("Ada", ops, "note after:2 Right behind it", "as 3", "22:16 Europe/Paris, yesterday")
	h.says("Ada", ops, "note at:? after:1 Also unknown", "as 2", "no time known")
	texts := []string{}
	for _, e := range h.incident(1).Timeline() {
		texts = append(texts, e.Text)
	}
	want := "Nobody knows when|Also unknown|First alert|Right behind it|Somebody pulled a cable|A range|Failover  is done"
	if got := strings.Join(texts, "|"); got != want {
		t.Errorf("the timeline is %q, want %q", got, want)
	}
	h.expectSent()
}

func TestNotePrecision(t *testing.T) {
	h := started(t)
	h.now = time.Date(2024, time.March, 21, 23, 30, 45, 0, time.UTC)
	h.must("Ada", ops, "set precision second")
	h.says("Ada", ops, "note to the second", "23:30:45 UTC today")
	h.must("Ada", ops, "set precision day")
	h.must("Ada", ops, "set zone Asia/Tokyo")
	h.says("Ada", ops, "note on the next day there", "22 March 2024 (no time of day)")
}

func TestNoteRefuses(t *testing.T) {
	h := started(t)
	h.refuses("Ada", ops, "note at:25:00 x", "25:00")
	h.refuses("Ada", ops, "note at:soonish x", "soonish")
	h.refuses("Ada", ops, "note at:2024-02-30 x", "2024-02-30")
	h.refuses("Ada", ops, "note at:2024-03-23T10:00 x", "still to come", "sure:yes")
	h.refuses("Ada", ops, "note at:2022-03-21 x", "more than a year ago", "sure:yes")
	h.says("Ada", ops, "note at:2022-03-21 sure:yes x", "21 March 2022")
	h.refuses("Ada", ops, "note after:9 x", "no entry 9")
	h.refuses("Ada", ops, "note at:14:00 after:1 x", "another time")
	h.refuses("Ada", ops, "note a\u202ex", "U+202E")
	h.refuses("Ada", ops, "note "+strings.Repeat("x", 20001), "20001")
	h.refuses("Ada", alerts, "note x", "no incident", "/incident start", "/incident note in:INC-1", "Checkout answers 500")
	h.refuses("Ada", alerts, "note in:INC-9 x", "no INC-9")
	h.must("Ada", ops, "close")
	h.refuses("Ada", ops, "note x", "INC-1 is closed", "reopen")
}

func TestTimeline(t *testing.T) {
	h := started(t)
	h.says("Ada", ops, "timeline", "empty", "📌")
	h.must("Ada", ops, "note at:? Somebody restarted it")
	h.must("Ada", ops, "note at:2024-03-20 Quiet day")
	h.must("Ada", ops, "note at:2024-03-20T23:50:10~23:59 marker:TRIGGER Deploy\nof the shop")
	h.must("Ada", ops, "note at:~00:10 It broke")
	want := []string{"4 entries", "no time known\n1 e1 Somebody restarted it", "2024-03-20 (UTC)\n2 e2 Quiet day",
		"\n3 e3 23:50:10–23:59:00 TRIGGER — Deploy of the shop", "2024-03-21 (UTC)\n4 e4 ~00:10 It broke"}
	h.says("Grace", ops, "timeline", want...)
	for range 30 {
		h.must("Ada", ops, "note again")
	}
	if got := h.must("Ada", ops, "timeline"); strings.Contains(got, "It broke") || !strings.Contains(got, "34 entries, the last 30 of them") ||
		!strings.Contains(got, "\n34 e34 ") || !strings.Contains(got, "timeline all") {
		t.Errorf("the timeline is\n%s", got)
	}
	h.says("Grace", ops, "timeline all", want[1:]...)
}

func TestEditRemoveMark(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "note at:14:00 One")
	h.must("Ada", ops, "note at:14:10 Two")
	h.says("Grace", ops, "edit 1 at:14:20 One, later", "Entry 2 (e1) “One, later” for 14:20 UTC today", "it said “One”", "it stood at 14:00 UTC today", "undo")
	h.says("Grace", ops, "edit e1 One, later", "says so already")
	h.says("Grace", ops, "edit 1 at:?", "Entry 1 (e2) “Two” for no time known")
	h.says("Grace", ops, "undo", "Entry e2")
	h.says("Ada", ops, "mark 1 outage begins", "Marked entry 1 (e2) “Two” as OUTAGE BEGINS")
	h.says("Ada", ops, "mark 1 OUTAGE BEGINS", "marked so already")
	h.says("Ada", ops, "mark 1 -", "no marker now")
	h.says("Ada", ops, "remove 2", "Took out entry 2 (e1) “One, later”", "undo")
	if n := len(h.incident(1).Timeline()); n != 1 {
		t.Errorf("%d entries are left", n)
	}
	h.says("Ada", ops, "undo", "Entry e1")
	if n := len(h.incident(1).Timeline()); n != 2 {
		t.Errorf("%d entries are there after undo", n)
	}
	h.refuses("Ada", ops, "edit 1", "changes nothing", "at:14:05")
	h.refuses("Ada", ops, "edit 7 x", "no entry 7", "1 to 2")
	h.refuses("Ada", ops, "remove e77", "e77")
	h.refuses("Ada", ops, "mark first TRIGGER", "first")
	h.refuses("Ada", ops, "mark 1 OUTAGE STARTS", "OUTAGE")
	h.expectSent()
}

func TestAnswersAreForTheRoom(t *testing.T) {
	h := started(t)
	for line, public := range map[string]bool{"note x": true, "edit 1 y": true, "remove 1": true, "timeline": false, "check": false, "show": true, "responders": true,
		"status fine": true, "help": false, "list": false, "find x": false, "update y": false, "export": false} {
		for where, here := range map[string]bool{ops: true, alerts: false} {
			h := started(t)
			h.must("Ada", ops, "note first")
			named := line
			if !here && line != "help" && line != "list" && line != "find x" {
				named = "INC-1 " + line
			}
			reply, err := h.ask("Ada", where, named)
			if err != nil {
				t.Errorf("%s: %v", named, err)
			}
			if reply.Public != (public && here) {
				t.Errorf("%q in #%s is answered to everybody: %v", named, where, reply.Public)
			}
		}
	}
	if h.incident(1).State != incident.StateOpen {
		t.Error("not open")
	}
}
