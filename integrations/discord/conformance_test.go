package discord_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/discord/discordsim"
)

// vendor runs programs with the vendor's own packages.
var vendor = chattest.NodeProject{Source: "conformance"}

// TestMain removes what the tests of this process installed.
func TestMain(m *testing.M) {
	status := m.Run()
	if err := vendor.Remove(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

// TestVendorClient lets discord.js, which is not ours, do against the simulator what a bot does, so that the simulator is a
// check and no echo of this package.
func TestVendorClient(t *testing.T) {
	folder := vendor.Installed(t)
	w := open(t, discordsim.WorldOptions{})
	ctx := t.Context()
	ann := must(w.AddPerson(ctx, chattest.Person{Handle: "ann", Name: "Ann Archer"}))(t)
	room := must(w.AddRoom(ctx, chattest.Room{Name: "ops", Members: []chat.UserID{ann.ID}}))(t)
	client := start(t, folder, w, room)
	client.wait("ready", "guilds", 1.0)
	client.wait("done", "", nil)
	for _, want := range []struct {
		seen, key string
		value     any
	}{{"sent", "once", true}, {"edited", "content", "hello again"}, {"reacted", "emoji", "📌"}, {"pinned", "count", 1.0}, {"thread", "name", "a thread"},
		{"threads", "active", 0.0}, {"file", "contents", "contents"}, {"channel", "name", "inc-1"}, {"commands", "count", 2.0}} {
		client.wait(want.seen, want.key, want.value)
	}

	said := must(w.Say(ctx, ann.ID, room, "the queue is full"))(t)
	client.wait("message", "content", "the queue is full")
	check(t, w.React(ctx, ann.ID, said, "📎", true), w.Edit(ctx, ann.ID, said, "the queue was full"))
	client.wait("reacted", "user", string(ann.ID))
	client.wait("edited", "content", "the queue was full")

	w.Sim().Drop(0)
	client.wait("resumed", "", nil)

	go w.Sim().AskAsCommand(ann.ID, room, "note", map[string]any{"text": "it rains"})
	client.wait("command", "text", "it rains")
	client.wait("answered", "", nil)

	noted := must(w.Messages(ctx, room))(t)
	shown := noted[len(noted)-1]
	if len(shown.Buttons) != 1 || len(shown.Menus) != 1 || len(shown.Menus[0].Options) != 2 {
		t.Fatalf("people see the buttons %+v and the menus %+v of discord.js", shown.Buttons, shown.Menus)
	}
	go w.Press(ctx, ann.ID, shown, shown.Buttons[0])
	client.wait("button", "id", "join")
	go w.Press(ctx, ann.ID, shown, shown.Menus[0].Options[1])
	client.wait("picked", "value", "sev2")

	go w.Complete(ctx, ann.ID, room, "role sc")
	client.wait("autocomplete", "typed", "sc")
	go w.Call(ctx, ann.ID, chat.ActionTimeline, said)
	client.wait("menu", "target", "the queue was full")
	w.Sim().AskAsCommand(ann.ID, room, "form", nil)
	client.wait("shown", "", nil)
	form, ok := w.Sim().Shown()
	if !ok || form.Form.Title != "New incident" || len(form.Form.Fields) != 1 {
		t.Fatalf("people see the form %+v of discord.js", form)
	}
	go w.Submit(ctx, ann.ID, form, map[chat.FieldID]string{"title": "Lifts stand still"})
	client.wait("modal", "title", "Lifts stand still")
	if slices.ContainsFunc(client.lines(), func(l map[string]any) bool { return l["seen"] == "error" }) {
		t.Errorf("discord.js met errors: %v", client.lines())
	}
}

// A vendorRun is discord.js at work; it tells on lines of JSON what it saw.
type vendorRun struct {
	t    *testing.T
	said chan map[string]any
	seen []map[string]any
}

func start(t *testing.T, folder string, w *discordsim.World, room chat.Place) *vendorRun {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	run := exec.CommandContext(ctx, "node", "clients.mjs", w.Sim().URL(), discordsim.Token, discordsim.ChannelID(room))
	run.Dir, run.Stderr = folder, os.Stderr
	out := must(run.StdoutPipe())(t)
	in := must(run.StdinPipe())(t)
	check(t, run.Start())
	v := &vendorRun{t: t, said: make(chan map[string]any, 100)}
	go func() {
		defer close(v.said)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var line map[string]any
			if err := json.Unmarshal(lines.Bytes(), &line); err == nil {
				v.said <- line
			}
		}
	}()
	t.Cleanup(func() {
		if _, err := in.Write([]byte("quit\n")); err != nil {
			cancel()
		}
		for range v.said {
		}
		if err := run.Wait(); err != nil {
			t.Errorf("discord.js ended with %v", err)
		}
	})
	return v
}

// wait waits until the client has seen something.
func (v *vendorRun) wait(seen, key string, value any) {
	v.t.Helper()
	fits := func(l map[string]any) bool { return l["seen"] == seen && (key == "" || l[key] == value) }
	if slices.ContainsFunc(v.seen, fits) {
		return
	}
	late := time.After(30 * time.Second)
	for {
		select {
		case line, ok := <-v.said:
			if !ok {
				v.t.Fatalf("discord.js ended; it saw %v, and no %s with %s %v", v.seen, seen, key, value)
			}
			v.seen = append(v.seen, line)
			if fits(line) {
				return
			}
		case <-late:
			v.t.Fatalf("discord.js saw %v, and no %s with %s %v", v.seen, seen, key, value)
		}
	}
}

func (v *vendorRun) lines() []map[string]any { return v.seen }

// must is a value that came without an error, or the end of the test.
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func check(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestLibraryPins lets discordgo, which knows the old addresses of pins only, pin against the simulator.
func TestLibraryPins(t *testing.T) {
	w := open(t, discordsim.WorldOptions{})
	ann := must(w.AddPerson(t.Context(), chattest.Person{Handle: "ann"}))(t)
	room := must(w.AddRoom(t.Context(), chattest.Room{Name: "ops", Members: []chat.UserID{ann.ID}}))(t)
	said := must(w.Say(t.Context(), ann.ID, room, "pin me"))(t)
	session := must(discordgo.New("Bot " + discordsim.Token))(t)
	session.Client = &http.Client{Transport: toSimulator{must(url.Parse(w.Sim().URL()))(t)}}
	channel, message := discordsim.ChannelID(room), discordsim.MessageID(said)
	check(t, session.ChannelMessagePin(channel, message))
	pinned := must(session.ChannelMessagesPinned(channel))(t)
	if len(pinned) != 1 || pinned[0].ID != message || pinned[0].Content != "pin me" {
		t.Errorf("discordgo sees the pins %+v", pinned)
	}
	check(t, session.ChannelMessageUnpin(channel, message))
	if pinned := must(session.ChannelMessagesPinned(channel))(t); len(pinned) != 0 {
		t.Errorf("after it was unpinned discordgo sees the pins %+v", pinned)
	}
}

// toSimulator sends what is meant for Discord to the simulator.
type toSimulator struct{ base *url.URL }

// RoundTrip makes one request.
func (s toSimulator) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = s.base.Scheme, s.base.Host, s.base.Host
	return http.DefaultTransport.RoundTrip(r)
}
