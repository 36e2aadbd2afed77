package commands_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/incident"
)

// apart is the room that house makes for an incident "Search is slow".
const apart = "inc-1-search-is-slow"

// only are the effects of one type among those that were sent.
func only[T chat.Effect](sent []sending) (found []T) {
	for _, s := range sent {
		if e, ok := s.effect.(T); ok {
			found = append(found, e)
		}
	}
	return found
}

func TestTopicOfARoomThatWasMade(t *testing.T) {
	h := newHouse(t)
	h.must("Ada", ops, "start room:new severity:sev2 Search is slow")
	made := only[chat.MakeRoom](h.took())[0]
	if made.Room.Topic != "INC-1 Search is slow · sev2" {
		t.Errorf("the room begins with the topic %q", made.Room.Topic)
	}
	for _, c := range []struct{ line, full, steady string }{
		{"severity sev1", "INC-1 Search is slow · sev1", "INC-1 Search is slow · sev1"},
		{"role commander me", "INC-1 Search is slow · sev1 · incident commander Ada", "INC-1 Search is slow · sev1"},
		{"status Cause found", "INC-1 Search is slow · sev1 · open · Cause found · incident commander Ada", "INC-1 Search is slow · sev1"},
		{"set title Search is down", "INC-1 Search is down · sev1 · open · Cause found · incident commander Ada", "INC-1 Search is down · sev1"},
		{"undo", "INC-1 Search is slow · sev1 · open · Cause found · incident commander Ada", "INC-1 Search is slow · sev1"},
		{"mitigate", "INC-1 Search is slow · sev1 · mitigated · Cause found · incident commander Ada", "INC-1 Search is slow · sev1"},
		{"close", "INC-1 Search is slow · sev1 · closed · Cause found · incident commander Ada", "INC-1 Search is slow · sev1"},
		{"reopen", "INC-1 Search is slow · sev1 · mitigated · Cause found · incident commander Ada", "INC-1 Search is slow · sev1"},
	} {
		h.must("Ada", apart, c.line)
		topics := only[chat.SetTopic](h.took())
		if len(topics) != 1 || topics[0].Topic != c.full || topics[0].Steady != c.steady {
			t.Errorf("%s sets the topics %+v, want %q and, steady, %q", c.line, topics, c.full, c.steady)
		}
	}
	for _, line := range []string{"note it rains", "join", "set summary It was slow.", "cause root The index"} {
		h.must("Ada", apart, line)
		if topics := only[chat.SetTopic](h.took()); len(topics) > 0 {
			t.Errorf("%s sets the topic %+v", line, topics)
		}
	}
}

// TestTopicOfARoomThatWasThere: it belongs to the people of the room.
func TestTopicOfARoomThatWasThere(t *testing.T) {
	h := started(t)
	for _, line := range []string{"severity sev1", "role commander me", "status Cause found", "close"} {
		h.must("Ada", ops, line)
	}
	if topics := only[chat.SetTopic](h.took()); len(topics) > 0 {
		t.Errorf("the topic of a room that was there before is set: %+v", topics)
	}
}

// TestTopicsWaitForEachOther: changes of a minute are told together, and stand in nobody's way.
func TestTopicsWaitForEachOther(t *testing.T) {
	h := newHouse(t)
	h.must("Ada", ops, "start room:new Search is slow")
	h.hold = true
	h.must("Ada", apart, "severity sev1")
	h.must("Ada", apart, "close")
	var dues []time.Duration
	for _, o := range h.owed() {
		_, topic := o.Effect.(chat.SetTopic)
		_, post := o.Effect.(chat.Post)
		if topic {
			dues = append(dues, o.Due.Sub(h.now))
		}
		if beside := strings.HasPrefix(o.Lane, "frame|"); topic && !beside || post && beside {
			t.Errorf("%T is owed in the lane %q", o.Effect, o.Lane)
		}
	}
	if len(dues) != 2 || dues[0] <= 0 || dues[0] > time.Minute || dues[1] > 0 {
		t.Errorf("the topics wait for %v, want a moment for the first, none for that of the end", dues)
	}
}

func TestBookmark(t *testing.T) {
	h := newHouse(t)
	h.settings.WebURL = "https://boswell.example"
	page := chat.Bookmark{Title: "Incident postmortem", Link: "https://boswell.example/incidents/INC-1"}
	for _, line := range []string{"start room:new Search is slow", "close in:INC-1", "reopen in:INC-1", "close in:INC-1", "export in:INC-1"} {
		h.must("Ada", ops, line)
		marks := only[chat.Bookmark](h.took())
		if line == "reopen in:INC-1" {
			continue
		}
		if len(marks) != 1 || marks[0].Title != page.Title || marks[0].Link != page.Link {
			t.Errorf("%s puts the bookmarks %+v, want %+v", line, marks, page)
		}
	}
}

// TestBookmarkOfTheFile: without a page it leads to the newest postmortem that was sent into the room, and to no other file.
func TestBookmarkOfTheFile(t *testing.T) {
	h := started(t)
	if marks := only[chat.Bookmark](h.took()); len(marks) > 0 {
		t.Errorf("without a page the start puts the bookmarks %+v", marks)
	}
	for line, want := range map[string]int{"export": 1, "export json": 0, "close": 1} {
		h.must("Ada", ops, line)
		marks := only[chat.Bookmark](h.took())
		if len(marks) != want || want == 1 && (marks[0].Link != "" || marks[0].To.Of == 0) {
			t.Errorf("%s puts the bookmarks %+v, want %d, of the file", line, marks, want)
		}
	}
	h.must("Ada", alerts, "export in:INC-1")
	if marks := only[chat.Bookmark](h.took()); len(marks) > 0 {
		t.Errorf("a file elsewhere puts the bookmarks %+v", marks)
	}
}

func TestInvite(t *testing.T) {
	h := newHouse(t)
	h.must("Ada", ops, "start room:new invite:\"@grace @sre\" Search is slow")
	if got := invited(h.took()); !slices.Equal(got, []string{"Ada", "Grace", "Sre"}) {
		t.Errorf("invited are %v", got)
	}
	h.says("Ada", apart, "invite @linus @sre", "Linus and the group Sre")
	if got := invited(h.expectSent("invite " + apart)); !slices.Equal(got, []string{"Linus", "Sre"}) {
		t.Errorf("invited are %v", got)
	}
	h.must("Ada", apart, "role scribe @linus")
	if got := invited(h.took()); !slices.Equal(got, []string{"Linus"}) {
		t.Errorf("with a role, invited are %v", got)
	}
	h.must("Ada", apart, "close")
	h.refuses("Ada", apart, "invite @linus", "reopen")
}

func invited(sent []sending) (names []string) {
	for _, e := range only[chat.Invite](sent) {
		for _, u := range e.Users {
			names = append(names, string(u))
		}
	}
	slices.Sort(names)
	return names
}

// TestSummoned: those who come to every incident of a severity are brought into the room that was made for it, also when it
// becomes one of theirs; into a room that was there before nobody is.
func TestSummoned(t *testing.T) {
	h := newHouse(t)
	h.here.Summon = func(p chat.PlatformID, s incident.Severity) []chat.UserID {
		if p != platform {
			t.Errorf("asked for %s", p)
		}
		return map[incident.Severity][]chat.UserID{"": {"S-oncall"}, incident.Sev1: {"S-managers", "Boss"}}[s]
	}
	h.must("Ada", ops, "start room:new severity:sev2 Search is slow")
	if got := invited(h.took()); !slices.Equal(got, []string{"Ada", "S-oncall"}) {
		t.Errorf("at the start invited are %v", got)
	}
	h.must("Ada", apart, "severity sev1")
	if got := invited(h.took()); !slices.Equal(got, []string{"Boss", "S-managers"}) {
		t.Errorf("at the highest severity invited are %v", got)
	}
	h.must("Ada", ops, "start room:here severity:sev1 sure:yes Mail is late")
	if got := invited(h.took()); len(got) > 0 {
		t.Errorf("into a room that was there before invited are %v", got)
	}
}

// TestArchiveComesLast: it waits for the last words in the room and for what is beside them; what comes after a reopening
// waits for the room to be open.
func TestArchiveComesLast(t *testing.T) {
	h := newHouse(t)
	h.settings.ArchiveOnClose = true
	h.must("Ada", ops, "start room:new Search is slow")
	h.must("Ada", apart, "close")
	sent := h.took()
	if archived := only[chat.Archive](sent); len(archived) != 1 || archived[0].Open || archived[0].To.Of == 0 {
		t.Errorf("archived by %+v, want it once the last words are said", archived)
	}
	h.must("Ada", ops, "reopen in:INC-1")
	sent = h.took()
	if first, ok := sent[0].effect.(chat.Archive); !ok || !first.Open {
		t.Errorf("at first comes %+v", sent[0].effect)
	}
	if topics := only[chat.SetTopic](sent); len(topics) != 1 || topics[0].To.Of == 0 {
		t.Errorf("the topic is set by %+v, want it once the room is open", topics)
	}
}

// TestUndoOfUnlink links a room again, reads what it missed, and leaves a room to the incident that took it since.
func TestUndoOfUnlink(t *testing.T) {
	h := started(t)
	for _, line := range []string{"link #alerts", "unlink #alerts"} {
		h.must("Ada", ops, line)
	}
	h.took()
	h.says("Ada", ops, "undo", "#alerts is linked again")
	h.expectSent("catch_up alerts")
	h.must("Ada", ops, "unlink #alerts")
	h.must("Ben", alerts, "start sure:yes Search is slow")
	h.refuses("Ada", ops, "undo", "#alerts belongs to INC-2 “Search is slow”")
	h.says("Ben", alerts, "note Whose is it", "Noted as 1")
	if n := len(h.incident(2).Timeline()); n != 1 {
		t.Errorf("INC-2 has %d entries", n)
	}
}

// TestHintsNameTheIncident: a command that a refusal names is about the incident that was asked for, not about the room's.
func TestHintsNameTheIncident(t *testing.T) {
	h := started(t)
	h.must("Ada", ops, "close")
	h.must("Ada", ops, "start sure:yes Search is slow")
	h.must("Ada", ops, "cancel")
	for line, hint := range map[string]string{
		"note in:INC-1 late":         "/incident INC-1 reopen",
		"take in:INC-1":              "/incident reopen in:INC-1",
		"invite in:INC-1 @grace":     "/incident reopen in:INC-1",
		"INC-1 cause 3 recommend x":  "/incident INC-1 reopen",
		"edit in:INC-1 3 at:14:05 x": "/incident INC-1 reopen",
	} {
		h.refuses("Ada", ops, line, hint)
	}
	h.must("Ada", ops, "INC-1 reopen")
	if one, two := h.incident(1), h.incident(2); !one.State.Live() || two.State.Live() {
		t.Errorf("INC-1 is %s, INC-2 %s", one.State, two.State)
	}
	h.refuses("Ada", alerts, "INC-1 undo", "/incident INC-1 close")
	h.refuses("Ada", alerts, "INC-1 mark 3 TRIGGER", "/incident INC-1 note <text>")
}
