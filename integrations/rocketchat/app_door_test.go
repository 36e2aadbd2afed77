package rocketchat

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"boswell/chat"
)

// noon is when the tests of the door happen.
var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

var appSecret = chat.NewSecret("a secret that both know")

// A host is a connection that remembers what it was asked.
type host struct {
	mu        sync.Mutex
	heard     []chat.Inbound
	posted    []string
	whispers  []string
	answer    func(chat.Inbound) (chat.Reply, error)
	whispered chan struct{}
}

func (h *host) ask(_ context.Context, in chat.Inbound) (chat.Reply, error) {
	h.mu.Lock()
	h.heard = append(h.heard, in)
	h.mu.Unlock()
	return h.answer(in)
}

func (h *host) inRoom(_ context.Context, _ string, do func() error) error { return do() }

func (h *host) account(_ context.Context, id string) (chat.User, error) {
	if id != "ann" {
		return chat.User{}, chat.ErrGone
	}
	return chat.User{ID: "ann", Handle: "ann", Name: "Ann Archer", Zone: "Europe/Berlin"}, nil
}

func (h *host) place(room, thread string) chat.Place {
	return chat.Place{Platform: "rc", Channel: chat.ChannelID(room), Thread: chat.ThreadID(thread)}
}

func (h *host) ref(room, message string) chat.Ref {
	return chat.Ref{Platform: "rc", Channel: chat.ChannelID(room), Message: chat.MessageID(message)}
}

func (h *host) Post(_ context.Context, key string, _ chat.Place, m chat.Message) (chat.Ref, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if m.Text.String() == "unspeakable" {
		return chat.Ref{}, errors.New("the room is read-only")
	}
	h.posted = append(h.posted, key+": "+m.Text.String())
	return chat.Ref{}, nil
}

func (h *host) whisper(_ context.Context, to chat.Place, user chat.UserID, m chat.Message) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.whispers = append(h.whispers, string(to.Channel)+" "+string(user)+": "+m.Text.String())
	close(h.whispered)
	return nil
}

// commandsOfTest are those that can be completed here.
var commandsOfTest = []chat.Command{
	{Name: "note", Help: "adds to the timeline", Args: []chat.Arg{{Name: "at", Kind: chat.ArgTime, Option: true, Help: "when"}, {Name: "text", Kind: chat.ArgText, Required: true}}},
	{Name: "set", Help: "sets a field", Args: []chat.Arg{{Name: "field", Kind: chat.ArgWord, Suggest: true}, {Name: "text", Kind: chat.ArgText}}},
	{Name: "people", Help: "who does what", Sub: []chat.Command{
		{Name: "role", Help: "gives a role", Args: []chat.Arg{{Name: "role", Kind: chat.ArgChoice, Choices: []chat.Choice{{Value: "scribe", Label: "scribe"}, {Value: "commander", Label: "incident commander"}}}}},
		{Name: "join", Help: "makes you a responder"},
	}},
}

func newDoor(t testing.TB, answer func(chat.Inbound) (chat.Reply, error)) (*door, *host) {
	t.Helper()
	h := &host{answer: answer, whispered: make(chan struct{})}
	return &door{host: h, self: "bot", secret: appSecret, now: func() time.Time { return noon }, within: 5 * time.Second,
		commands: func() []chat.Command { return commandsOfTest }, log: zerolog.Nop()}, h
}

// saying answers everything with a text.
func saying(text string) func(chat.Inbound) (chat.Reply, error) {
	return func(chat.Inbound) (chat.Reply, error) {
		return chat.Reply{Message: chat.Message{Text: chat.Say(text)}}, nil
	}
}

// knock sends a body as the app does, and returns what the door answers.
func knock(t testing.TB, d *door, body string, change ...func(*http.Request)) (int, appAnswer) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/rocketchat/rc/app", strings.NewReader(body))
	sign(r.Header, appSecret, body, noon)
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	var a appAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("the answer %q is no JSON: %v", w.Body.String(), err)
	}
	return w.Code, a
}

const typedNote = `{"id":"t1","kind":"command","user":{"id":"ann","username":"ann","name":"Ann"},"room":{"id":"R","name":"ops","type":"c"},"line":"note x","triggerId":"t1"}`

// TestDoorRefuses: nothing is read that is not vouched for, and what is refused is said in a sentence.
func TestDoorRefuses(t *testing.T) {
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	signed := func(secret, body string, age time.Duration) func(*http.Request) {
		return func(r *http.Request) { sign(r.Header, chat.NewSecret(secret), body, noon.Add(-age)) }
	}
	for _, c := range []struct {
		name, body string
		change     func(*http.Request)
		status     int
		says       string
	}{
		{"as the app does it", typedNote, nil, 200, ""},
		{"four minutes old", typedNote, signed(appSecret.Reveal(), typedNote, 4*time.Minute), 200, ""},
		{"six minutes old", typedNote, signed(appSecret.Reveal(), typedNote, 6*time.Minute), 401, saySkewed},
		{"six minutes from the future", typedNote, signed(appSecret.Reveal(), typedNote, -6*time.Minute), 401, saySkewed},
		{"another secret", typedNote, signed("another", typedNote, 0), 401, sayUnsigned},
		{"another secret and old", typedNote, signed("another", typedNote, time.Hour), 401, sayUnsigned},
		{"no secret", typedNote, signed("", typedNote, 0), 401, sayUnsigned},
		{"another body", typedNote + " ", signed(appSecret.Reveal(), typedNote, 0), 401, sayUnsigned},
		{"another time", typedNote, set(headerTimestamp, strconv.FormatInt(noon.Unix()+1, 10)), 401, sayUnsigned},
		{"no signature", typedNote, set(headerSignature, ""), 401, sayUnsigned},
		{"half a signature", typedNote, set(headerSignature, "v1="), 401, sayUnsigned},
		{"no JSON, not signed", `{`, set(headerSignature, ""), 401, sayUnsigned},
		{"no JSON", `{`, nil, 400, sayUnread},
		{"nothing in it", `{}`, nil, 400, sayUnread},
		{"nobody", `{"id":"1","kind":"command","room":{"id":"R"}}`, nil, 400, sayUnread},
		{"another kind", `{"id":"1","kind":"dance","user":{"id":"ann"},"room":{"id":"R"}}`, nil, 400, sayUnread},
		{"another action", `{"id":"1","kind":"action","action":"erase","message":"M","user":{"id":"ann"},"room":{"id":"R"}}`, nil, 400, sayUnread},
		{"too long", `"` + strings.Repeat("x", appRequestMost) + `"`, nil, 413, sayTooLong},
		{"read only", typedNote, func(r *http.Request) { r.Method = http.MethodGet }, 405, sayUnread},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, h := newDoor(t, saying("done"))
			change := func(r *http.Request) {
				if c.change != nil {
					c.change(r)
				}
			}
			status, a := knock(t, d, c.body, change)
			if status != c.status || a.Error != c.says {
				t.Errorf("the door answers %d %q, want %d %q", status, a.Error, c.status, c.says)
			}
			if (len(h.heard) > 0) != (c.status == 200) {
				t.Errorf("the bot was asked %d times", len(h.heard))
			}
		})
	}
}

// TestDoorWithoutSecret: a door without a secret is shut, also for who signs with none.
func TestDoorWithoutSecret(t *testing.T) {
	d, h := newDoor(t, saying("done"))
	d.secret = chat.Secret{}
	if status, _ := knock(t, d, typedNote, func(r *http.Request) { sign(r.Header, chat.Secret{}, typedNote, noon) }); status != 401 || len(h.heard) > 0 {
		t.Errorf("a door without a secret answers %d", status)
	}
}

// TestDoorHears: each kind of request arrives as what it means.
func TestDoorHears(t *testing.T) {
	ops := chat.Place{Platform: "rc", Channel: "R"}
	ann := chat.User{ID: "ann", Handle: "ann", Name: "Ann Archer", Zone: "Europe/Berlin"}
	meta := chat.Meta{Delivery: "app/ann/t1", From: ann, Place: ops, Room: "#ops", Trigger: "t1 ann R "}
	with := func(change func(*chat.Meta)) chat.Meta {
		m := meta
		change(&m)
		return m
	}
	inThread := with(func(m *chat.Meta) { m.Place.Thread, m.Trigger = "T", "t1 ann R T" })
	parent := chat.Ref{Platform: "rc", Channel: "R", Message: "T"}
	on := chat.Ref{Platform: "rc", Channel: "R", Message: "M"}
	for _, c := range []struct {
		name, more string
		want       chat.Inbound
	}{
		{"a command", `"kind":"command","line":"note x"`, chat.Invoked{Meta: meta, Line: "note x"}},
		{"a command in a thread", `"kind":"command","line":"note x","thread":"T"`, chat.Invoked{Meta: inThread, Line: "note x", On: &parent}},
		{"the menu of a message", `"kind":"action","action":"add_to_timeline","message":"M"`, chat.Shortcut{Meta: meta, Action: chat.ActionTimeline, On: on}},
		{"a button", `"kind":"press","action":"join","value":"INC-7","message":"M"`, chat.Pressed{Meta: meta, Action: "join", Value: "INC-7", On: on}},
		{"the second button of an action", `"kind":"press","action":"join#2","value":"INC-8","message":"M"`, chat.Pressed{Meta: meta, Action: "join", Value: "INC-8", On: on}},
		{"the button of a line", `"kind":"press","action":"open_form","value":"note"`, chat.Invoked{Meta: meta, Line: "note"}},
		{"somebody unknown", `"kind":"command","line":"note x","user":{"id":"eve","username":"eve","name":"Eve"}`,
			chat.Invoked{Meta: with(func(m *chat.Meta) {
				m.Delivery, m.From, m.Trigger = "app/eve/t1", chat.User{ID: "eve", Handle: "eve", Name: "Eve"}, "t1 eve R "
			}), Line: "note x"}},
		{"alone with the bot", `"kind":"command","line":"list","room":{"id":"D","type":"d","members":["ann","bot"]}`,
			chat.Invoked{Meta: with(func(m *chat.Meta) { m.Place.Channel, m.Room, m.Direct, m.Trigger = "D", "", true, "t1 ann D " }), Line: "list"}},
		{"two others alone", `"kind":"command","line":"list","room":{"id":"D","type":"d","members":["ann","eve"]}`,
			chat.Invoked{Meta: with(func(m *chat.Meta) { m.Place.Channel, m.Room, m.Trigger = "D", "", "t1 ann D " }), Line: "list"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, h := newDoor(t, saying("done"))
			// the last of two keys of the same name counts
			body := `{"id":"t1","triggerId":"t1","user":{"id":"ann","username":"ann","name":"Ann"},"room":{"id":"R","name":"ops","type":"c"},` + c.more + `}`
			if strings.Contains(c.more, `"type":"d"`) {
				body = strings.Replace(body, `"room":{"id":"R","name":"ops","type":"c"},`, "", 1)
			}
			status, a := knock(t, d, body)
			if status != 200 || len(a.Ephemeral) != 1 || a.Ephemeral[0].Text != "done" {
				t.Errorf("the door answers %d %+v", status, a)
			}
			if got, want := asJSON(t, h.heard), asJSON(t, []chat.Inbound{c.want}); got != want {
				t.Errorf("the bot hears\n%s, want\n%s", got, want)
			}
		})
	}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestDoorAnswers: what the bot says is shown to the person alone, unless it is for everybody.
func TestDoorAnswers(t *testing.T) {
	say := func(text string) chat.Message { return chat.Message{Text: chat.Say(text)} }
	for _, c := range []struct {
		name   string
		reply  chat.Reply
		err    error
		status int
		shown  []string
		posted []string
		says   string
	}{
		{name: "in private", reply: chat.Reply{Message: say("a"), More: []chat.Message{say("b")}}, status: 200, shown: []string{"a", "b"}},
		{name: "for all", reply: chat.Reply{Message: say("a"), Public: true, More: []chat.Message{say("b")}}, status: 200,
			posted: []string{"app/ann/t1/answer/0: a", "app/ann/t1/answer/1: b"}},
		{name: "for all, where the bot may not speak", reply: chat.Reply{Message: say("unspeakable"), Public: true}, status: 200, shown: []string{"unspeakable"}},
		{name: "nothing", status: 200},
		{name: "away", err: errAway, status: 503, says: sayAway},
		{name: "broken", err: errors.New("the disk is on fire"), status: 500, says: sayBroke},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, h := newDoor(t, func(chat.Inbound) (chat.Reply, error) { return c.reply, c.err })
			status, a := knock(t, d, typedNote)
			var shown []string
			for _, m := range a.Ephemeral {
				shown = append(shown, m.Text)
			}
			if status != c.status || a.Error != c.says || strings.Join(shown, "|") != strings.Join(c.shown, "|") || strings.Join(h.posted, "|") != strings.Join(c.posted, "|") {
				t.Errorf("%d %q, shown %q, posted %q; want %+v", status, a.Error, shown, h.posted, c)
			}
			if len(shown) > 0 && a.Room != "R" {
				t.Errorf("it is shown in the room %q", a.Room)
			}
		})
	}
}

// TestDoorAnswersLate: what takes longer than the app waits is shown all the same, and the app is told nothing meanwhile.
func TestDoorAnswersLate(t *testing.T) {
	release := make(chan struct{})
	d, h := newDoor(t, func(chat.Inbound) (chat.Reply, error) {
		<-release
		return chat.Reply{Message: chat.Message{Text: chat.Say("at last")}}, nil
	})
	d.within = 10 * time.Millisecond
	if status, a := knock(t, d, typedNote); status != 200 || len(a.Ephemeral) > 0 || a.Error != "" {
		t.Errorf("the door answers %d %+v, want nothing yet", status, a)
	}
	close(release)
	select {
	case <-h.whispered:
	case <-time.After(30 * time.Second):
		t.Fatal("the answer is never shown")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.whispers) != 1 || h.whispers[0] != "R ann: at last" {
		t.Errorf("people are whispered %q", h.whispers)
	}
}
