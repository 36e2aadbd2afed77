package rocketsim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat/rocketsim"
)

var morning = time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC)

type object = map[string]any

// nobody is an adapter that does nothing; the tests here act in its place.
type nobody struct{}

func (nobody) ID() chat.PlatformID                     { return "chat" }
func (nobody) Limits() chat.Limits                     { return chat.Limits{} }
func (nobody) Run(context.Context, chat.Handler) error { return nil }
func (nobody) Post(context.Context, string, chat.Place, chat.Message) (chat.Ref, error) {
	return chat.Ref{}, nil
}

// A stage is a simulator with Ann in the rooms #ops, where the bot is, and #other, where it is not.
type stage struct {
	*testing.T
	w          *rocketsim.World
	clock      *chattest.Clock
	ann        chat.UserID
	ops, other chat.Place
}

func newStage(t *testing.T, o rocketsim.Options) *stage {
	t.Helper()
	clock := chattest.NewClock(morning)
	sim, err := rocketsim.New(clock, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	s := &stage{T: t, w: sim.World(nobody{}), clock: clock}
	u, err := s.w.AddPerson(t.Context(), chattest.Person{Handle: "ann", Name: "Ann Archer"})
	s.must(err)
	s.ann = u.ID
	s.ops, err = s.w.AddRoom(t.Context(), chattest.Room{Name: "ops", Members: []chat.UserID{u.ID}})
	s.must(err)
	s.other, err = s.w.AddRoom(t.Context(), chattest.Room{Name: "other", Members: []chat.UserID{u.ID}})
	s.must(err)
	s.must(s.w.Leave(t.Context(), rocketsim.BotID, s.other))
	return s
}

func (s *stage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// say lets Ann say something in #ops.
func (s *stage) say(text string) string {
	s.Helper()
	ref, err := s.w.Say(s.Context(), s.ann, s.ops, text)
	s.must(err)
	return string(ref.Message)
}

// request makes a request as the bot.
func (s *stage) request(method, path string, body any) (status int, answer object) {
	s.Helper()
	res := s.send(s.with(s.build(method, path, body)))
	defer res.Body.Close()
	s.must(json.NewDecoder(res.Body).Decode(&answer))
	return res.StatusCode, answer
}

func (s *stage) build(method, path string, body any) *http.Request {
	s.Helper()
	var in io.Reader
	if text, ok := body.(string); ok {
		in = strings.NewReader(text)
	} else if body != nil {
		data, err := json.Marshal(body)
		s.must(err)
		in = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(s.Context(), method, s.w.URL()+path, in)
	s.must(err)
	req.Header.Set("Content-Type", "application/json")
	return req
}

// with adds what the bot proves itself with.
func (s *stage) with(req *http.Request) *http.Request {
	req.Header.Set("X-Auth-Token", rocketsim.Token)
	req.Header.Set("X-User-Id", rocketsim.BotID)
	return req
}

func (s *stage) send(req *http.Request) *http.Response {
	s.Helper()
	res, err := http.DefaultClient.Do(req)
	s.must(err)
	return res
}

// post makes a request that has to work.
func (s *stage) post(route string, body any) object {
	s.Helper()
	status, answer := s.request("POST", "/api/v1/"+route, body)
	if status != http.StatusOK {
		s.Fatalf("%s: %d %v", route, status, answer)
	}
	return answer
}

// A line is a connection of the realtime protocol. Every frame that tells something is dealt with as soon as it is read.
type line struct {
	*stage
	conn *websocket.Conn

	mu     sync.Mutex
	frames []object
	came   chan struct{} // closed at the next frame
	over   bool
}

func (s *stage) dial() *line {
	s.Helper()
	conn, _, err := websocket.Dial(s.Context(), "ws"+strings.TrimPrefix(s.w.URL(), "http")+"/websocket", nil)
	s.must(err)
	l := &line{stage: s, conn: conn, came: make(chan struct{})}
	s.Cleanup(func() { conn.CloseNow() })
	go l.read()
	return l
}

// connect is a line on which the bot is logged in and hears of all messages.
func (s *stage) connect() *line {
	s.Helper()
	l := s.dial()
	l.write(object{"msg": "connect", "version": "1", "support": []string{"1"}})
	l.await(object{"msg": "connected"})
	l.write(object{"msg": "method", "method": "login", "id": "1", "params": []object{{"resume": rocketsim.Token}}})
	l.await(object{"msg": "result", "id": "1"})
	l.subscribe("all", "stream-room-messages", "__my_messages__")
	l.await(object{"msg": "ready"})
	return l
}

func (l *line) subscribe(id, stream, key string) {
	l.Helper()
	l.write(object{"msg": "sub", "id": id, "name": stream, "params": []any{key, object{"useCollection": false, "args": []any{}}}})
}

func (l *line) write(frame object) {
	l.Helper()
	data, err := json.Marshal(frame)
	l.must(err)
	l.raw(string(data))
}

func (l *line) raw(text string) {
	l.Helper()
	l.must(l.conn.Write(l.Context(), websocket.MessageText, []byte(text)))
}

func (l *line) read() {
	for {
		_, data, err := l.conn.Read(l.Context())
		var f object
		if err == nil {
			err = json.Unmarshal(data, &f)
		}
		tells := f["msg"] == "changed" || f["msg"] == "connected"
		if tells {
			l.w.Trace(false)
		}
		l.mu.Lock()
		l.frames, l.over = append(l.frames, f), err != nil
		close(l.came)
		l.came = make(chan struct{})
		l.mu.Unlock()
		if tells {
			l.w.Trace(true)
		}
		if err != nil {
			return
		}
		if id, _ := f["id"].(string); f["msg"] == "ping" && strings.HasPrefix(id, "barrier-") {
			// The connection being over shows in the next read.
			_ = l.conn.Write(l.Context(), websocket.MessageText, []byte(`{"msg":"pong","id":"`+id+`"}`))
		}
	}
}

// all are the frames so far that have what a pattern has.
func (l *line) all(pattern object) (found []object, came chan struct{}, over bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.frames {
		if has(f, pattern) {
			found = append(found, f)
		}
	}
	return found, l.came, l.over
}

func has(f, pattern object) bool {
	for key, want := range pattern {
		if f[key] != want {
			return false
		}
	}
	return true
}

// await is the first frame that has what a pattern has.
func (l *line) await(pattern object) object {
	l.Helper()
	return l.awaitAll(pattern, 1)[0]
}

func (l *line) awaitAll(pattern object, n int) []object {
	l.Helper()
	late := time.After(30 * time.Second)
	for {
		found, came, over := l.all(pattern)
		if len(found) >= n {
			return found
		}
		if over {
			l.Fatalf("the connection ended without %d of %v", n, pattern)
		}
		select {
		case <-came:
		case <-late:
			l.Fatalf("%d of %v did not come: %v", n, pattern, l.frames)
		}
	}
}

// ended waits for the end of the connection.
func (l *line) ended() {
	l.Helper()
	late := time.After(30 * time.Second)
	for {
		_, came, over := l.all(nil)
		if over {
			return
		}
		select {
		case <-came:
		case <-late:
			l.Fatal("the connection does not end")
		}
	}
}

// idle waits until everything was read.
func (l *line) idle() {
	l.Helper()
	_, err := l.w.Idle(l.Context())
	l.must(err)
}

// heard are the messages that were told of, each as it then stood.
func (l *line) heard() []object {
	l.Helper()
	l.idle()
	frames, _, _ := l.all(object{"msg": "changed", "collection": "stream-room-messages"})
	var messages []object
	for _, f := range frames {
		args := f["fields"].(object)["args"].([]any)
		messages = append(messages, args[0].(object))
	}
	return messages
}
