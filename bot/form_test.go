package bot

import (
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/incident"
)

// TestLongStateIsKept: the state that a form cannot carry waits in the store, the same for a delivery that comes twice, and is
// refused with words when it is gone.
func TestLongStateIsKept(t *testing.T) {
	s := newSifting("one")
	th := open(t, s)
	id := th.incident("one")
	th.settle()
	h := s.handler()
	ask := func(delivery, line string) chat.Reply {
		t.Helper()
		in := chat.Invoked{Meta: meta(delivery, ada, 1), Line: line}
		in.Trigger = "trigger"
		reply, err := h(t.Context(), in)
		if err != nil || reply.Form == nil {
			t.Fatalf("%s is answered %+v: %v", line, reply, err)
		}
		return reply
	}
	short := ask("d1", "note").Form.State
	long := ask("d2", "action owner:"+strings.Repeat("x", 80)).Form.State
	again := ask("d2", "action owner:"+strings.Repeat("x", 80)).Form.State
	if strings.HasPrefix(short, keptForm) || !strings.HasPrefix(long, keptForm) || len(long) > s.limits.State || again != long {
		t.Errorf("the states are %q, %q and again %q", short, long, again)
	}
	fill := func(delivery, state string) string {
		t.Helper()
		reply, err := h(t.Context(), chat.Submitted{Meta: meta(delivery, ada, 2), State: state, Values: map[chat.FieldID]string{"text": "Look into it"}})
		if err != nil {
			t.Fatal(err)
		}
		return reply.Text.String()
	}
	if got := fill("d3", long); !strings.Contains(got, "Look into it") {
		t.Errorf("the form is answered %q", got)
	}
	th.clock.Advance(formFor + time.Minute)
	for _, state := range []string{long, keptForm + "unknown"} {
		if got := fill("d4/"+state, state); !strings.Contains(got, "too old") {
			t.Errorf("the state %q is answered %q", state, got)
		}
	}
	th.look(id, func(in *incident.Incident) {
		if len(in.Actions) != 1 {
			t.Errorf("there are %d action items, want one", len(in.Actions))
		}
	})
}
