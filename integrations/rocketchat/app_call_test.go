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

// TestWhisperWithoutApp: what the app does not show is said directly, also by a server that is in trouble for a moment. What was
// meant for buttons is there as lines to type. Where nothing can be said directly, the person reads that in the room, and nobody
// reads there what it was.
func TestWhisperWithoutApp(t *testing.T) {
	for name, c := range map[string]struct {
		app    http.HandlerFunc
		route  string
		faults []rocketsim.Fault
		inRoom bool
	}{
		"no app":              {app: http.NotFound},
		"a broken app":        {app: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "boom", 500) }},
		"a cut connection":    {app: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		"an endless answer":   {app: func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(strings.Repeat("x", 1<<20))) }},
		"somebody who is not": {app: func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{"shown":false}`)) }},
		"no direct messages":  {http.NotFound, "dm.create", []rocketsim.Fault{{Status: 400, Code: "error-not-allowed"}}, true},
		"a hiccup":            {http.NotFound, "chat.sendMessage", []rocketsim.Fault{{Status: 503}}, false},
		"an answer lost":      {http.NotFound, "chat.sendMessage", []rocketsim.Fault{{Cut: true, Late: true}, {Status: 504, Late: true}}, false},
		"a server in trouble": {http.NotFound, "chat.sendMessage", []rocketsim.Fault{{Status: 503}, {Status: 503}, {Status: 503}}, true},
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
			sim.Fail(c.route, c.faults...)
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
			if len(messages) != 1 || len(messages[0].Buttons) > 0 {
				t.Fatalf("people read %+v", messages)
			}
			says := strings.Contains(messages[0].Text(), "psst") && strings.Contains(messages[0].Text(), "/incident join")
			if says == c.inRoom || c.inRoom != (len(messages[0].Pinged) > 0) {
				t.Errorf("it reads %q and notifies %q", messages[0].Text(), messages[0].Pinged)
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
