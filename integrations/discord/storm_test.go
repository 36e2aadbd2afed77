package discord_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/discord/discordsim"
)

// What is owed survives a storm of limits, of Cloudflare's pages and of lost answers: in the end it stands there once, in order.
func TestStorm(t *testing.T) {
	f := newFight(t, quick())
	cloudflare := discordsim.Fault{Status: http.StatusTooManyRequests, Header: map[string]string{"Retry-After": "0.01"}, Body: "<html>Access denied</html>"}
	limited := discordsim.Fault{Status: http.StatusTooManyRequests, Body: `{"message":"You are being rate limited.","retry_after":0.001,"global":false}`}
	for range 2 {
		f.h.world.Sim().Fail(posting, limited, cloudflare, discordsim.Fault{Status: http.StatusBadGateway, Body: "<html></html>"}, discordsim.Fault{Hang: true},
			discordsim.Fault{After: true, Status: http.StatusServiceUnavailable})
	}
	for _, text := range []string{"one", "two", "three"} {
		f.typing("update " + text)
	}
	var seen []string
	for range 300 {
		f.h.world.Clock().Advance(time.Minute)
		f.settle()
		if seen = f.updates(); len(seen) >= 3 {
			break
		}
	}
	if got := strings.Join(seen, " "); got != "one two three" {
		t.Errorf("after the storm people see the updates %q", got)
	}
}

// A message whose answer was lost, and after which the program ended, stands there once: long after Discord forgot its nonce it
// is found by what it says.
func TestDoubtOutlivesRestart(t *testing.T) {
	f := newFight(t, quick())
	f.typing("update one")
	f.h.world.Sim().Fail(posting, discordsim.Fault{After: true, Status: http.StatusBadGateway})
	f.typing("update two")
	check(t, f.h.stop())
	f.h.world.Clock().Advance(time.Hour)
	check(t, f.h.world.Renew(), f.h.start(t.Context()))
	f.settle()
	f.typing("update three")
	if got := strings.Join(f.updates(), " "); got != "one two three" {
		t.Errorf("people see the updates %q", got)
	}
}

// updates are the updates that people see in the room, in order.
func (f *fight) updates() []string {
	f.Helper()
	var seen []string
	for _, m := range must(f.h.world.Messages(f.Context(), f.room))(f) {
		if text, ok := strings.CutPrefix(m.Text(), "Update on INC-1"); ok && m.From.Self {
			_, said, _ := strings.Cut(text, "\n")
			seen = append(seen, said)
		}
	}
	return seen
}

// The topic of a channel can be changed twice in ten minutes. The third change hears at once when to come again, and holds up
// nothing else.
func TestTopicsAreSlow(t *testing.T) {
	d := newDesk(t, quick()).online()
	topicer := d.p.(chat.Topicer)
	check(t, topicer.SetTopic(t.Context(), d.room, "sev2"), topicer.SetTopic(t.Context(), d.room, "sev1"), topicer.SetTopic(t.Context(), d.room, "sev1"))
	began := time.Now()
	f := chat.AsFailure(topicer.SetTopic(t.Context(), d.room, "sev3"))
	if !f.Temporary || f.InDoubt || f.After < 9*time.Minute || time.Since(began) > 5*time.Second {
		t.Errorf("the third change within ten minutes gives %+v after %s", f, time.Since(began))
	}
	if _, err := d.post("k"); err != nil {
		t.Errorf("meanwhile a message gives %v", err)
	}
	if !d.p.Limits().SteadyTopics {
		t.Error("the limits do not say that topics are slow")
	}
}

// A closed channel is moved to the category that is configured, and moved nowhere when it is opened again.
func TestClosedChannelMoves(t *testing.T) {
	const archive = "100000000000000400"
	o := quick()
	o.Config.Closed = archive
	d := newDesk(t, o).online()
	place, _, err := d.p.(chat.RoomMaker).MakeRoom(t.Context(), "k", chat.NewRoom{Near: d.room, Name: "INC-7"})
	check(t, err)
	for _, open := range []bool{false, false, true} {
		check(t, d.p.(chat.Archiver).Archive(t.Context(), place, open))
		if look := must(d.w.Look(t.Context(), place))(t); look.Archived == open || d.w.Category(place) != archive {
			t.Errorf("open %v: archived %v, in the category %q", open, look.Archived, d.w.Category(place))
		}
	}
}

// While somebody types, Boswell offers what there is: incidents, entries, people, fields, commands.
func TestCompletions(t *testing.T) {
	f := newFight(t, quick())
	ben := must(f.h.world.AddPerson(t.Context(), chattest.Person{Handle: "ben", Name: "Ben Baker"}))(t)
	f.pin(f.say("the queue is full"))
	must(f.h.world.Type(t.Context(), ben.ID, f.room, "people join", nil))(t)
	f.settle()
	for _, c := range []struct{ line, value, label string }{
		{"people list INC", "INC-1", "Checkout"},
		{"timeline edit q", "e1", "the queue is full"},
		{"people role scribe Be", "@ben", "Ben Baker"},
		{"set sum", "summary", ""},
		{"help sev", "severity", ""},
	} {
		choices, err := f.h.world.Complete(t.Context(), f.ann.ID, f.room, c.line)
		check(t, err)
		if len(choices) == 0 || choices[0].Value != c.value || !strings.Contains(choices[0].Label, c.label) {
			t.Errorf("%q is completed with %+v, want %s first", c.line, choices, c.value)
		}
	}
}
