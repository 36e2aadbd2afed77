package bot

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"boswell/chat"
	"boswell/storage"
)

// persist lets the bot try for some minutes.
func (th *theatre) persist() {
	th.t.Helper()
	for range 4 {
		th.settle()
		th.clock.Advance(time.Minute)
	}
	th.settle()
	if n := th.owed(); n != 0 {
		th.t.Errorf("%d effects are still owed", n)
	}
}

// onceIt is the answer to the first call that is meant by which.
func onceIt(answer error, which func(call) bool) func(call) error {
	answered := false
	return func(c call) error {
		if answered || !which(c) {
			return nil
		}
		answered = true
		return answer
	}
}

func posting(text string) func(call) bool {
	return func(c call) bool { return c.What == "post" && strings.HasPrefix(c.Text, text) }
}

var errSilence = errors.New("no answer")

// TestEveryPartOfALongMessageIsSeenOnce wherever on the way one of them gets stuck.
func TestEveryPartOfALongMessageIsSeenOnce(t *testing.T) {
	parts := []string{strings.Repeat("a", 99) + "\n", strings.Repeat("b", 99) + "\n", strings.Repeat("c", 99)}
	for _, stuck := range []string{"a", "b", "c"} {
		for name, c := range map[string]struct {
			answer error
			loses  bool
		}{
			"refused for the moment":  {answer: chat.Temporary(errBusy, time.Second)},
			"lost on the way":         {answer: chat.InDoubt(errSilence), loses: true},
			"there without an answer": {answer: chat.InDoubt(errSilence)},
		} {
			t.Run(stuck+" is "+name, func(t *testing.T) {
				s := finding{newStage("one")}
				s.limits.Text = 200
				s.loses = c.loses
				s.obey = onceIt(c.answer, posting(stuck))
				th := open(t, s)
				th.owe("one", 0, "lane", say("ops", strings.Join(parts, "")))
				th.persist()
				if diff := cmp.Diff(parts, s.seen()); diff != "" {
					t.Errorf("people see (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestInDoubtIsLookedUp(t *testing.T) {
	s := finding{newStage("one")}
	s.obey = onceIt(chat.InDoubt(errSilence), posting("once"))
	th := open(t, s)
	th.owe("one", 0, "lane", say("ops", "once"))
	th.persist()
	if diff := cmp.Diff([]string{"post once", "find "}, s.said()); diff != "" {
		t.Errorf("the platform was called (-want +got):\n%s", diff)
	}
}

func TestInDoubtIsPostedAgainWhereNobodyCanLook(t *testing.T) {
	s := newStage("one")
	s.obey = func(c call) error {
		if len(s.said()) == 1 {
			return chat.InDoubt(errors.New("no answer"))
		}
		return nil
	}
	th := open(t, s)
	th.owe("one", 0, "lane", say("ops", "at least once"))
	th.settle()
	th.clock.Advance(time.Minute)
	th.settle()
	if n := len(s.said()); n != 2 {
		t.Errorf("posted %d times, want twice: a doubled line is better than a missing one", n)
	}
}

// TestDoubtOutlivesALookUpThatFails: only an answer ends it.
func TestDoubtOutlivesALookUpThatFails(t *testing.T) {
	s := finding{newStage("one")}
	s.obey = answers(
		chat.InDoubt(errSilence),             // it is there
		chat.Temporary(errBusy, time.Second), // and cannot be looked for
	)
	th := open(t, s)
	th.owe("one", 0, "lane", say("ops", "once"))
	th.persist()
	if diff := cmp.Diff([]string{"post once", "find ", "find "}, s.said()); diff != "" {
		t.Errorf("the platform was called (-want +got):\n%s", diff)
	}
}

// answers are what the platform says to the first calls.
func answers(all ...error) func(call) error {
	return func(call) error {
		if len(all) == 0 {
			return nil
		}
		err := all[0]
		all = all[1:]
		return err
	}
}

// TestDoubtOutlivesARefusal where it is not looked for: the platform took the key once, and forgets it after a while.
func TestDoubtOutlivesARefusal(t *testing.T) {
	s := finding{newStage("one")}
	s.limits.Idempotent = time.Minute
	s.obey = answers(chat.InDoubt(errSilence), chat.Temporary(errBusy, 2*time.Minute))
	th := open(t, s)
	th.owe("one", 0, "lane", say("ops", "once"))
	th.settle()
	th.clock.Advance(2 * time.Second)
	th.persist()
	if diff := cmp.Diff([]string{"post once", "post once", "find "}, s.said()); diff != "" {
		t.Errorf("the platform was called (-want +got):\n%s", diff)
	}
}

// TestWhoMayNotLookSendsAgain: what may be missing is not given up for that.
func TestWhoMayNotLookSendsAgain(t *testing.T) {
	s := finding{newStage("one")}
	s.loses = true
	s.obey = answers(chat.InDoubt(errSilence), chat.Final(errors.New("missing_scope"), "I may not read here."))
	th := open(t, s)
	th.owe("one", 0, "lane", say("ops", "at least once"))
	th.persist()
	if diff := cmp.Diff([]string{"at least once"}, s.seen()); diff != "" {
		t.Errorf("people see (-want +got):\n%s", diff)
	}
}

// TestWhatCouldNotBeSettledIsLookedUp: that the store did not take what came of it does not make it unsaid.
func TestWhatCouldNotBeSettledIsLookedUp(t *testing.T) {
	s := finding{newStage("one")}
	th := open(t, s)
	th.gate.spoil(func(storage.Cause) error {
		if len(s.seen()) == 1 && len(s.said()) == 1 {
			return storage.ErrFull
		}
		return nil
	}, nil)
	th.owe("one", 0, "lane", say("ops", "once"))
	th.settle()
	th.gate.spoil(nil, nil)
	th.persist()
	if diff := cmp.Diff([]string{"post once", "find "}, s.said()); diff != "" {
		t.Errorf("the platform was called (-want +got):\n%s", diff)
	}
}

// TestATellWaitsForADirectMessage rather than to be read by the whole room; only where there is none for good the room hears it.
func TestATellWaitsForADirectMessage(t *testing.T) {
	for name, c := range map[string]struct {
		answer error
		want   string
	}{
		"for a moment": {chat.Temporary(errBusy, time.Second), "psst"},
		"for good":     {chat.Final(errors.New("no"), "They take no messages."), "@ben psst"},
	} {
		t.Run(name, func(t *testing.T) {
			s := directing{newStage("one")}
			s.obey = answers(c.answer)
			th := open(t, s)
			th.owe("one", 0, "lane", chat.Tell{To: "ben", Near: say("ops", "").To.Place, Message: chat.Message{Text: chat.Say("psst")}})
			th.persist()
			if diff := cmp.Diff([]string{c.want}, s.seen()); diff != "" {
				t.Errorf("it was said as (-want +got):\n%s", diff)
			}
		})
	}
}
