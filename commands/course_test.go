package commands_test

import (
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/incident"
)

func TestStatusAndSeverityAreNews(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "link #alerts")
	h.expectSent("post alerts", "catch_up alerts")
	h.says("Ada", ops, "status Over; looking why", "Over; looking why", "undo")
	h.expectSent("edit ops", "post alerts", "post news")
	h.says("Ada", ops, "status Over; looking why", "already")
	h.expectSent()
	h.says("Ada", alerts, "severity sev3", "sev3")
	h.says("Ada", alerts, "severity 1", "sev1, before sev3")
	h.expectSent("edit ops", "edit ops", "post ops", "post ops", "post news", "post news")
	h.says("Ada", alerts, "severity critical", "already")
	h.refuses("Ada", ops, "status "+strings.Repeat("x", 301), "301")
}

func TestUpdateGoesEverywhere(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "link other:Elsewhere")
	h.took()
	h.says("Ada", ops, "update It works for most.", "goes to 2 rooms")
	sent := h.expectSent("post ops", "post news")
	post := sent[0].effect.(chat.Post)
	if text := post.Message.Text.String(); !strings.Contains(text, "Update on INC-1") || !strings.HasSuffix(text, "\nIt works for most.") {
		t.Errorf("told %q", text)
	}
	if in := h.incident(1); !in.Updated.Equal(h.now) {
		t.Errorf("updated at %v", in.Updated)
	}
}

func TestResolveSaysWhatItUnderstood(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "note at:12:00 marker:\"OUTAGE BEGINS\" It broke")
	h.says("Ada", ops, "mitigate at:13:30", "is mitigated: 13:30 UTC today", "contained after 1 hour and 30 minutes")
	h.says("Ada", ops, "resolve at:~14:10", "is resolved: ~14:10 UTC today", "The impact lasted ~2 hours and 10 minutes")
	h.says("Ada", ops, "resolve", "already")
	h.says("Ada", ops, "note still counts", "Noted as 2")
	if in := h.incident(1); in.State != incident.StateResolved || !in.Resolved.Approximate {
		t.Errorf("it is %s at %v", in.State, in.Resolved)
	}
	h.says("Ada", ops, "undo", "Entry e2 “still counts” is off the timeline again")
	h.refuses("Ada", ops, "resolve at:2024-03-25T10:00", "still to come")
	h.refuses("Ada", ops, "resolve at:tonight", "tonight")
}

func TestResolveWithoutATime(t *testing.T) {
	h := started(t)
	if got := h.must("Ada", ops, "resolve"); strings.Contains(got, "lasted") || !strings.Contains(got, "is resolved.") {
		t.Errorf("answered %q", got)
	}
	if h.incident(1).Resolved.Known() {
		t.Error("a resolution without a time set a milestone")
	}
}

func TestClose(t *testing.T) {
	h := started(t)
	h.settings.ArchiveOnClose, h.settings.WebURL = true, "https://boswell.example"
	h.must("Ada", ops, "link #alerts")
	h.took()
	h.says("Ada", ops, "close", "is closed", "still lacks", "summary", "/incident export sre in:INC-1", "/incident reopen in:INC-1", "check in:INC-1")
	sent := h.expectSent("edit ops", "upload ops", "bookmark ops", "post ops", "post alerts", "post news", "archive ops")
	file := sent[1].effect.(chat.Upload)
	if file.Name != "INC-1-checkout-answers-500.md" || file.Style != "sre" || file.Type != "text/markdown" || file.Hash != "" {
		t.Errorf("the file is %+v", file)
	}
	checkFarewell(t, h, sent[3].effect.(chat.Post))
	h.says("Ada", ops, "close", "closed already")
	h.expectSent()
	for _, line := range []string{"set summary x", "status x", "join", "role scribe me", "resolve", "cause root x", "lesson well x",
		"action x", "support x", "link #third", "mark 1 TRIGGER", "undo", "snooze", "update x", "severity sev1", "take"} {
		h.refuses("Ada", ops, line, "reopen")
	}
	for _, line := range []string{"show", "timeline", "check", "responders", "export", "export json"} {
		h.must("Ada", ops, line)
	}
	h.took()
	h.says("Ada", ops, "reopen", "is open again")
	h.expectSent("edit ops", "archive ops", "catch_up ops", "catch_up alerts", "post alerts", "post news")
	h.says("Ada", ops, "reopen", "Nothing was changed")
	h.must("Ada", ops, "note It goes on")
}

func checkFarewell(t *testing.T, h *house, post chat.Post) {
	t.Helper()
	text := post.Message.Text.String()
	at := strings.LastIndex(text, "hash ")
	if at < 0 || len(text) < at+5+64 || !strings.Contains(text, "https://boswell.example") {
		t.Fatalf("the room is told %q", text)
	}
	found := false
	hash := text[at+5 : at+5+64]
	for r, err := range records(t, h, 1) {
		if err != nil {
			t.Fatal(err)
		}
		found = found || r.Prev.String() == hash
	}
	if head := headOf(h, 1); !found && head != hash {
		t.Errorf("%s is the hash of no record", hash)
	}
}

func TestReopenRefusesATakenRoom(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "close")
	h.now = h.now.Add(time.Hour)
	h.must("Ada", ops, "start Another")
	h.refuses("Ada", ops, "reopen in:INC-1", "#ops", "INC-2", "Another")
}

func TestCancel(t *testing.T) {
	h := started(t)
	h.says("Ada", ops, "cancel It was the load test", "is cancelled", "It was the load test", "reopen in:INC-1")
	h.expectSent("edit ops", "post news")
	h.refuses("Ada", ops, "note x", "was cancelled", "reopen")
	h.says("Ada", ops, "cancel", "cancelled already")
	h.says("Ada", ops, "show", "Status: cancelled\nReason: It was the load test")
	h.must("Ada", ops, "reopen")
	if in := h.incident(1); in.State != incident.StateOpen || in.Reason != "" {
		t.Errorf("it is %s, for the reason %q", in.State, in.Reason)
	}
}

func TestSnooze(t *testing.T) {
	h := started(t)
	h.says("Ada", ops, "snooze", "commander and update", "1 hour")
	h.says("Ada", ops, "snooze for:30m update", "longer already")
	h.says("Ada", ops, "snooze for:2d update", "2 days")
	if got, want := h.incident(1).Snoozed["update"], h.now.Add(48*time.Hour); !got.Equal(want) {
		t.Errorf("silent until %v, want %v", got, want)
	}
	h.refuses("Ada", ops, "snooze updates", `"update"`)
	h.refuses("Ada", ops, "snooze for:8d", "7 days")
	h.here.Reminders = []string{"weekly"}
	h.says("Ada", ops, "snooze weekly", "weekly")
	h.refuses("Ada", ops, "snooze update", "weekly")
	h.here.Reminders = nil
	h.refuses("Ada", ops, "snooze", "No reminders")
}

func TestUndo(t *testing.T) {
	h := started(t)
	h.refuses("Ada", ops, "undo", "cancel")
	h.refuses("Grace", ops, "undo", "changed nothing")
	h.must("Grace", ops, "set summary First")
	h.must("Ada", ops, "set summary Second")
	h.refuses("Grace", ops, "undo", "changed again since")
	h.says("Ada", ops, "undo", "The field summary says “First” again")
	if got := h.incident(1).Text(incident.FieldSummary); got != "First" {
		t.Errorf("the summary is %q", got)
	}
	h.must("Ada", ops, "set title Another name")
	h.took()
	h.must("Ada", ops, "undo")
	h.expectSent("edit ops")
}

// TestBrokenAgain: what was resolved too early is open again for everybody, and resolved a second time.
func TestBrokenAgain(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "resolve at:14:00")
	h.took()
	h.says("Ben", ops, "reopen", "INC-1 “Checkout answers 500” is open again; it was resolved.", "time that was given", "undo takes it back")
	h.expectSent("edit ops", "post news")
	if in := h.incident(1); in.State != incident.StateOpen || in.Resolved.Known() {
		t.Errorf("it is %s, resolved %v", in.State, in.Resolved)
	}
	h.says("Ben", ops, "reopen", "Nothing was changed")
	h.says("Ada", ops, "resolve at:14:20", "is resolved: 14:20 UTC today")
	h.must("Ada", ops, "close")
	h.says("Ada", ops, "reopen", "in the state resolved")
	h.says("Ada", ops, "reopen", "is open again; it was resolved")
	h.says("Ada", ops, "undo", "The state is as it was before")
	if in := h.incident(1); in.State != incident.StateResolved || !in.Resolved.Known() {
		t.Errorf("undone, it is %s, resolved %v", in.State, in.Resolved)
	}
}

// TestUndoTwice: the second undo takes back the first, and both say what they came to.
func TestUndoTwice(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "note Disk is full")
	h.must("Ada", ops, "note Disk is slow")
	h.says("Ada", ops, "undo", "“Disk is slow” is off the timeline again", "A second /incident undo does not go further")
	h.says("Ada", ops, "undo", "“Disk is slow” is on the timeline again")
	h.says("Ada", alerts, "undo in:INC-1", "off the timeline", "/incident undo in:INC-1 does not go further")
	if n := len(h.incident(1).Timeline()); n != 1 {
		t.Errorf("the timeline has %d entries", n)
	}
}
