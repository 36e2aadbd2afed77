package bot

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// storing is a stage whose files can be downloaded.
type storing struct{ fetching }

func (s storing) Download(_ context.Context, f chat.File) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("3 of 4 nodes")), s.do(call{"download", f.ID, ""})
}

// says gives a command in #ops and returns the answer.
func (th *theatre) says(s *stage, delivery, line string) string {
	th.t.Helper()
	h := <-s.h
	s.h <- h
	reply, err := h(context.Background(), chat.Invoked{Meta: chat.Meta{Delivery: chat.DeliveryID(delivery), From: ada, Place: ops}, Line: line})
	if err != nil {
		th.t.Fatalf("%s: %v", line, err)
	}
	th.settle()
	return reply.Text.String()
}

// TestClosingWaitsForWhatIsStillRead closes an incident while a message that was tagged, or its file, cannot be read for the
// moment: its postmortem comes once, and holds it.
func TestClosingWaitsForWhatIsStillRead(t *testing.T) {
	old := said("old", ada, -30, "It began slowly")
	old.Files = []chat.File{{ID: "F1", Name: "nodes.txt", Type: "text/plain", Size: 12}}
	for _, c := range []struct {
		fails string
		why   error
		after time.Duration // until it is over
		want  []string
	}{
		{"fetch", chat.Temporary(errBusy, time.Minute), time.Minute, []string{"It began slowly", "[nodes.txt](files/"}},
		{"download", chat.Temporary(errBusy, time.Minute), time.Minute, []string{"It began slowly", "[nodes.txt](files/"}},
		{"fetch", chat.Temporary(errBusy, giveUp), giveUp, []string{"could not be read"}},
		{"download", chat.Temporary(errBusy, giveUp), giveUp, []string{"It began slowly", "nodes.txt (not kept"}},
	} {
		t.Run(fmt.Sprint(c.fails, " for ", c.after), func(t *testing.T) {
			s := storing{fetching{newStage("one"), map[chat.MessageID]chat.Said{"old": old}}}
			s.limits.Text = 1 << 20
			var mended atomic.Bool
			s.obey = func(call call) error {
				if call.What == c.fails && !mended.Load() {
					return c.why
				}
				return nil
			}
			th := open(t, s)
			id := th.incident("one")
			th.hand(s.stage, pin("old", brian, 2, false))
			if got := th.says(s.stage, "close", "close"); !strings.Contains(got, "once all that was marked is read") {
				t.Errorf("the answer is %q, want that the file waits", got)
			}
			if got := exports(s.stage); len(got) > 0 {
				t.Fatalf("the room has %q already", got)
			}
			mended.Store(c.after != giveUp)
			th.clock.Advance(c.after)
			th.settle()
			got := exports(s.stage)
			if len(got) != 1 {
				t.Fatalf("the room has %d postmortems, want one: %q", len(got), s.seen())
			}
			for _, want := range c.want {
				if !strings.Contains(got[0], want) {
					t.Errorf("the postmortem lacks %q:\n%s", want, got[0])
				}
			}
			checkProof(t, th, id, s.seen())
		})
	}
}

// exports are the postmortems that the room has, as text.
func exports(s *stage) []string {
	return slices.DeleteFunc(s.seen(), func(text string) bool { return !strings.Contains(text, "## Timeline") })
}

// checkProof fails unless the last words in the room hold the hash of the log.
func checkProof(t *testing.T, th *theatre, id incident.ID, seen []string) {
	t.Helper()
	err := th.store.View(t.Context(), func(r storage.Reader) error {
		_, hash, err := r.Head(id)
		if last := seen[len(seen)-1]; !strings.Contains(last, hash.String()) {
			t.Errorf("the last words are %q, want the hash %s in them", last, hash)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnEndedIncidentTakesInNoMoreThanItAwaits(t *testing.T) {
	s := storing{fetching{newStage("one"), nil}}
	th := open(t, s)
	id := th.incident("one")
	th.hand(s.stage, said("m1", ada, 1, "The queue is full"), pin("m1", brian, 2, false))
	th.says(s.stage, "close", "close")
	log := len(th.log(id))
	edited := said("m1", ada, 1, "The queue is stuck")
	edited.Edited = at(3)
	for _, s := range []sight{
		{ref: opsRef("m1"), said: &edited},
		{ref: opsRef("m1"), gone: true},
		{ref: opsRef("m2"), said: &edited, tags: pinTags()},
	} {
		if err := th.bot.observe(t.Context(), id, meta("late", ada, 4), s); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(th.log(id)); n != log {
		t.Errorf("after it was closed the log grew by %d records", n-log)
	}
}

func pinTags() []incident.SeenTag {
	return []incident.SeenTag{{Tag: incident.TagTimeline, Way: incident.WayPin, Person: "p-x", At: at(3)}}
}
