package bot

import (
	"fmt"
	"testing"
	"time"

	"boswell/chat"
)

func ref(n int) chat.Ref {
	return chat.Ref{Platform: "p", Channel: "c", Message: chat.MessageID(fmt.Sprint(n))}
}

func TestRecentKeepsTheNewestVersion(t *testing.T) {
	m := newRecent(10)
	edited := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	m.hear(chat.Said{Ref: ref(1), Text: "second", Edited: edited})
	m.hear(chat.Said{Ref: ref(1), Text: "first"})
	if got, _ := m.recall(ref(1)); got.said.Text != "second" {
		t.Errorf("an older version replaced a newer one: %q", got.said.Text)
	}
}

func TestRecentRemembersDeletions(t *testing.T) {
	m := newRecent(10)
	m.forget(ref(1))
	m.hear(chat.Said{Ref: ref(1), Text: "late"})
	if got, ok := m.recall(ref(1)); !ok || !got.gone || got.said.Text != "" {
		t.Errorf("a deleted message came back: %+v", got)
	}
}

func TestRecentIsBounded(t *testing.T) {
	m := newRecent(3)
	for i := range 3 {
		m.hear(chat.Said{Ref: ref(i)})
	}
	m.recall(ref(0)) // used: the next to go is 1
	m.hear(chat.Said{Ref: ref(3)})
	for i, want := range []bool{true, false, true, true} {
		if _, ok := m.recall(ref(i)); ok != want {
			t.Errorf("message %d is remembered: %v, want %v", i, ok, want)
		}
	}
}
