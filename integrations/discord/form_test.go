package discord_test

import (
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
)

// fill sends a form and says what Ann is shown.
func (f *fight) fill(shown chattest.Answer, values map[chat.FieldID]string) string {
	f.Helper()
	a := must(f.h.world.Submit(f.Context(), f.ann.ID, shown, values))(f)
	f.settle()
	return a.Text()
}

// bug is an address that no identifier of a form has room for.
var bug = "https://bugs.example.com/" + strings.Repeat("deep/", 40) + "7"

// opened is the form that asks what is to be done about the bug.
func (f *fight) opened() chattest.Answer {
	f.Helper()
	a := must(f.h.world.Type(f.Context(), f.ann.ID, f.room, "action owner:Ann bug:"+bug, nil))(f)
	if a.Form == nil || len(a.Form.Fields) == 0 {
		f.Fatalf("Ann was shown %q, want a form", a.Text())
	}
	return a
}

// A form that was opened before the program started again can be sent afterwards, however much its command was given before.
func TestFormOutlivesRestart(t *testing.T) {
	f := newFight(t, quick())
	shown := f.opened()
	check(t, f.h.Restart(t.Context()))
	if got := f.fill(shown, map[chat.FieldID]string{"text": "Look into it"}); !strings.Contains(got, "Look into it") {
		t.Errorf("the form is answered %q", got)
	}
	if got := f.typing("show actions"); !strings.Contains(got, bug) || !strings.Contains(got, "Look into it") {
		t.Errorf("the actions are %q, want what was typed before the form, and in it", got)
	}
}

// What was filled in is given back where nothing came of it: the form is gone from the screen.
func TestRefusedFormGivesBackWhatWasTyped(t *testing.T) {
	f := newFight(t, quick())
	long := strings.Repeat("*Long* story with <marks> & `ticks`,", 100)
	before := f.log()
	shown := must(f.h.world.Type(t.Context(), f.ann.ID, f.room, "note", nil))(t)
	got := f.fill(shown, map[chat.FieldID]string{"text": long, "at": "half past never"})
	if !strings.Contains(got, "at: half past never") || !strings.Contains(strings.ReplaceAll(got, "\ntext: ", ""), long) {
		t.Errorf("Ann is answered %q, want all that she typed", got)
	}
	shown = f.opened()
	f.h.world.Clock().Advance(8 * 24 * time.Hour)
	if got := f.fill(shown, map[chat.FieldID]string{"text": "Look into it"}); !strings.Contains(got, "too old") || !strings.Contains(got, "text: Look into it") {
		t.Errorf("a form that is too old is answered %q", got)
	}
	if after := f.log(); after != before {
		t.Errorf("the log was %s and is %s", before, after)
	}
}
