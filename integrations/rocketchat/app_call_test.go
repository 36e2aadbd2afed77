package rocketchat_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestWhisperWithoutApp: what the app does not show is said directly, and where that cannot be either, in the room, to the
// person by name. What was meant for buttons is there as lines to type.
func TestWhisperWithoutApp(t *testing.T) {
	for name, c := range map[string]struct {
		app    http.HandlerFunc
		shut   bool
		inRoom bool
	}{
		"no app":              {http.NotFound, false, false},
		"a broken app":        {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "boom", 500) }, false, false},
		"a cut connection":    {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false, false},
		"an endless answer":   {func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(strings.Repeat("x", 1<<20))) }, false, false},
		"no direct messages":  {http.NotFound, true, true},
		"somebody who is not": {func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{"shown":false}`)) }, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			clock := chattest.NewClock(morning)
			sim, err := rocketsim.New(clock, rocketsim.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(sim.Close)
			front := httptest.NewServer(before(t, sim.URL(), c.app))
			t.Cleanup(front.Close)
			cfg := config(sim)
			cfg.URL, cfg.AppSecret, cfg.Listen = front.URL, chat.NewSecret(sharedSecret), freeAddress(t)
			p, err := rocketchat.New(cfg, quick(t, sim, clock))
			if err != nil {
				t.Fatal(err)
			}
			with := p.WithApp()
			w := sim.World(with)
			ann, err := w.AddPerson(t.Context(), chattest.Person{Handle: "ann", Name: "Ann Archer"})
			if err != nil {
				t.Fatal(err)
			}
			ops, err := w.AddRoom(t.Context(), chattest.Room{Name: "ops", Members: []chat.UserID{ann.ID}})
			if err != nil {
				t.Fatal(err)
			}
			if c.shut {
				sim.Fail("dm.create", rocketsim.Fault{Status: 400, Code: "error-not-allowed"})
			}
			m := chat.Message{Text: chat.Say("psst"), Buttons: []chat.Button{{Action: "join", Label: "Join", Typed: "/incident join"}}}
			if err := with.Whisper(t.Context(), ops, ann.ID, m); err != nil {
				t.Fatal(err)
			}
			to := ops
			if !c.inRoom {
				to = w.Alone(ann.ID)
			}
			messages, err := w.Messages(t.Context(), to)
			if err != nil {
				t.Fatal(err)
			}
			if len(messages) != 1 || !strings.Contains(messages[0].Text(), "psst") || !strings.Contains(messages[0].Text(), "/incident join") || len(messages[0].Buttons) > 0 {
				t.Fatalf("people read %+v", messages)
			}
			if c.inRoom != (len(messages[0].Pinged) > 0) {
				t.Errorf("it notifies %q", messages[0].Pinged)
			}
		})
	}
}

// before is a server whose app does as it is told, with the simulator behind it.
func before(t testing.TB, sim string, app http.Handler) http.Handler {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/api/apps/", app)
	mux.Handle("/", forward(t, sim))
	return mux
}

// TestCardHasNoButtons: the server changes the text of a message and never its blocks, so what is edited has lines to type
// from the beginning. Other messages have buttons.
func TestCardHasNoButtons(t *testing.T) {
	clock := chattest.NewClock(morning)
	w, p := newWorld(t, clock, rocketsim.Options{})
	with := p.WithApp()
	ann, err := w.AddPerson(t.Context(), chattest.Person{Handle: "ann", Name: "Ann Archer"})
	if err != nil {
		t.Fatal(err)
	}
	ops, err := w.AddRoom(t.Context(), chattest.Room{Name: "ops", Members: []chat.UserID{ann.ID}})
	if err != nil {
		t.Fatal(err)
	}
	buttons := []chat.Button{{Action: "join", Value: "INC-7", Label: "Join", Typed: "/incident join"}}
	rows := []chat.Row{{Label: "Status", Text: chat.Say("open")}}
	card, err := with.Post(t.Context(), "card", ops, chat.Message{Text: chat.Say("INC-7"), Rows: rows, Buttons: buttons})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := with.Post(t.Context(), "offer", ops, chat.Message{Text: chat.Say("Take part?"), Buttons: buttons}); err != nil {
		t.Fatal(err)
	}
	if err := with.Edit(t.Context(), card, chat.Message{Text: chat.Say("INC-7 again"), Rows: rows, Buttons: buttons}); err != nil {
		t.Fatal(err)
	}
	for _, c := range w.Calls() {
		if has := strings.Contains(string(c.Body), `"blocks"`); has != strings.Contains(string(c.Body), "Take part?") {
			t.Errorf("%s has blocks: %v, in %s", c.Route, has, c.Body)
		}
	}
	messages, err := w.Messages(t.Context(), ops)
	if err != nil {
		t.Fatal(err)
	}
	if got := messages[0].Text(); !strings.Contains(got, "INC-7 again") || !strings.Contains(got, "/incident join") {
		t.Errorf("the card is %q", got)
	}
	if got := messages[1].Text(); !strings.Contains(got, "Take part?") || strings.Contains(got, "/incident join") {
		t.Errorf("the offer is %q", got)
	}
}
