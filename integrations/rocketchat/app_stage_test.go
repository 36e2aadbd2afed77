package rocketchat_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"boswell/bot"
	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/commands"
	"boswell/incident"
	"boswell/integrations/rocketchat"
	"boswell/integrations/rocketchat/rocketsim"
	"boswell/storage/bolt"
)

// sharedSecret is what the app and the bot know both.
const sharedSecret = "sh4red-s3cret-0f-both"

// appPatience is how long a test of the app waits for what should have come long before.
const appPatience = 30 * time.Second

// An appStage is a server with the real app in it, compiled and run by Node, and the whole bot behind the door, with Ann and
// Ben in #ops.
type appStage struct {
	*testing.T
	ctx   context.Context
	clock *chattest.Clock
	world *rocketsim.World
	with  *rocketchat.WithApp
	node  *appNode
	door  *appDoor

	bot    *bot.Bot
	cancel context.CancelFunc

	ann, ben chat.UserID
	ops      chat.Place
}

// newAppStage is a stage whose bot runs.
func newAppStage(t *testing.T) *appStage {
	t.Helper()
	name := appPackage(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*appPatience)
	t.Cleanup(cancel)
	s := &appStage{T: t, ctx: ctx, clock: chattest.NewClock(morning), node: startNode(t, name)}
	sim, err := rocketsim.New(s.clock, rocketsim.Options{})
	s.must(err)
	t.Cleanup(sim.Close)
	o := quick(t, sim, s.clock)
	c := config(sim)
	c.AppSecret, c.Listen, c.URL = chat.NewSecret(sharedSecret), freeAddress(t), s.front(sim.URL())
	p, err := rocketchat.New(c, o)
	s.must(err)
	s.with = p.WithApp()
	s.world = sim.World(s.with)
	s.door = openDoor(t, "http://"+c.Listen)
	s.ann = s.person("ann", "Ann Archer")
	s.ben = s.person("ben", "Ben Baker")
	s.ops, err = s.world.AddRoom(ctx, chattest.Room{Name: "ops", Members: []chat.UserID{s.ann, s.ben}})
	s.must(err)
	s.start()
	s.setUp(s.door.URL+"/rocketchat/rocket/app", sharedSecret)
	return s
}

// front is the address of a server that has the app: what is for the app goes to Node, the rest to the simulator.
func (s *appStage) front(sim string) string {
	s.Helper()
	server := httptest.NewServer(before(s.T, sim, forward(s.T, s.node.address)))
	s.Cleanup(server.Close)
	return server.URL
}

// forward hands requests on to another address.
func forward(t testing.TB, address string) http.Handler {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p := httputil.NewSingleHostReverseProxy(u)
	p.ErrorLog = log.New(io.Discard, "", 0) // tests cut connections
	return p
}

// freeAddress is an address where nobody listens.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs the bot.
func (s *appStage) start() {
	s.Helper()
	store, err := bolt.Open(s.TempDir(), bolt.Options{Clock: s.clock.Now, NoSync: true})
	s.must(err)
	settings := commands.Settings{Zone: incident.Zone{Name: "UTC"}, Slash: "/incident"}
	s.bot, err = bot.New(store, []chat.Platform{s.with}, s.clock, bot.Options{Settings: settings})
	s.must(err)
	s.must(s.bot.Prepare(s.ctx))
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- s.bot.Run(ctx) }()
	s.cancel = sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-ran, store.Close()); err != nil {
			s.Errorf("the bot did not stop: %v", err)
		}
	})
	s.Cleanup(s.cancel)
	s.settle()
}

// setUp fills in the settings of the app, and tells the server whom and what there is.
func (s *appStage) setUp(url, secret string) {
	s.Helper()
	s.node.do(s, map[string]any{"do": "know", "now": s.clock.Now().UnixMilli(),
		"settings": map[string]string{"bot_url": url, "secret": secret},
		"users": map[string]any{
			string(s.ann): map[string]string{"id": string(s.ann), "username": "ann", "name": "Ann Archer", "statusConnection": "online"},
			string(s.ben): map[string]string{"id": string(s.ben), "username": "ben", "name": "Ben Baker", "statusConnection": "offline"},
		},
		"rooms": map[string]any{string(s.ops.Channel): map[string]string{"id": string(s.ops.Channel), "slugifiedName": "ops", "type": "c"}},
	})
}

func (s *appStage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *appStage) person(handle, name string) chat.UserID {
	s.Helper()
	u, err := s.world.AddPerson(s.ctx, chattest.Person{Handle: handle, Name: name})
	s.must(err)
	return u.ID
}

func (s *appStage) settle() {
	s.Helper()
	s.must(chattest.Settle(s.ctx, s.world, s.bot))
}

// texts are what people read in a room.
func (s *appStage) texts(in chat.Place) string {
	s.Helper()
	messages, err := s.world.Messages(s.ctx, in)
	s.must(err)
	var all []string
	for _, m := range messages {
		all = append(all, m.Text())
	}
	return strings.Join(all, "\n")
}

// did lets Ann do something in #ops, and returns what she was shown.
func (s *appStage) did(what string, more map[string]any) did {
	s.Helper()
	deed := map[string]any{"do": what, "user": s.ann, "room": s.ops.Channel, "triggerId": nextTrigger()}
	for name, value := range more {
		deed[name] = value
	}
	d := s.node.do(s, deed)
	s.settle()
	return d
}

// types lets Ann type a line behind /incident and send it as it stands.
func (s *appStage) types(line string) did {
	s.Helper()
	return s.did("type", map[string]any{"line": line})
}

// wantOne is the one text that Ann alone was shown, and nobody else.
func (s *appStage) wantOne(d did, part string) shown {
	s.Helper()
	if d.Failed != "" || len(d.Shown) != 1 || d.Shown[0].User != string(s.ann) || !strings.Contains(d.Shown[0].plain(), part) {
		s.Fatalf("Ann was shown %+v (%s), want one message with %q", d.Shown, d.Failed, part)
	}
	return d.Shown[0]
}

// wantAnswer is the text that answers what Ann did: the one that she alone was shown, else the newest of the room.
func (s *appStage) wantAnswer(d did, part string) string {
	s.Helper()
	if len(d.Shown) > 0 || d.Failed != "" {
		return s.wantOne(d, part).plain()
	}
	messages, err := s.world.Messages(s.ctx, s.ops)
	s.must(err)
	if len(messages) == 0 || !strings.Contains(messages[len(messages)-1].Text(), part) {
		s.Fatalf("in #ops people read\n%s, want %q at its end", s.texts(s.ops), part)
	}
	return messages[len(messages)-1].Text()
}

var triggers atomic.Int64

// nextTrigger is one that was not used before.
func nextTrigger() string { return fmt.Sprintf("trigger%d", triggers.Add(1)) }

// An appDoor stands before the door that the bot opens. It keeps what came, and can lose answers.
type appDoor struct {
	*httptest.Server
	mu    sync.Mutex
	heard []string // headers and bodies
	lose  atomic.Int32
}

func openDoor(t *testing.T, address string) *appDoor {
	t.Helper()
	d, h := &appDoor{}, forward(t, address)
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var request bytes.Buffer
		_ = r.Header.Write(&request) // to a buffer
		d.mu.Lock()
		d.heard = append(d.heard, request.String()+string(body))
		d.mu.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
		if d.lose.Add(-1) < 0 {
			h.ServeHTTP(w, r)
			return
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler) // the bot has done it, and the answer is lost
	}))
	t.Cleanup(d.Close)
	return d
}

// count is how many requests of a kind came.
func (d *appDoor) count(kind string) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.heard {
		if strings.Contains(r, `"kind":"`+kind+`"`) {
			n++
		}
	}
	return n
}

// An appNode is the app, run by Node within a server that it plays.
type appNode struct {
	address string
	in      io.WriteCloser
	out     *bufio.Reader
}

// did is what came of something that somebody did.
type did struct {
	Response json.RawMessage `json:"response"`
	Failed   string          `json:"failed"`
	Shown    []shown         `json:"shown"`
}

type shown struct {
	User   string    `json:"user"`
	Room   string    `json:"room"`
	Thread string    `json:"thread"`
	Text   string    `json:"text"`
	Blocks []uiShown `json:"blocks"`
	Modal  *uiModal  `json:"modal"`
}

type (
	uiShown struct {
		Elements []struct {
			ActionID string `json:"actionId"`
			Value    string `json:"value"`
		} `json:"elements"`
	}
	uiModal struct {
		ID    string `json:"id"`
		AppID string `json:"appId"`
		Title struct {
			Text string `json:"text"`
		} `json:"title"`
		Blocks []struct {
			Element struct {
				ActionID string `json:"actionId"`
			} `json:"element"`
		} `json:"blocks"`
	}
)

// plain is a text without the characters that keep it from being read as markup.
func (s shown) plain() string { return strings.NewReplacer("\u200b", "", `\`, "").Replace(s.Text) }

func startNode(t *testing.T, name string) *appNode {
	t.Helper()
	c := exec.Command("node", "test/host.mjs", name)
	c.Dir = filepath.Dir(name)
	var problems bytes.Buffer
	c.Stderr = &problems
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	n := &appNode{in: in, out: bufio.NewReader(out)}
	t.Cleanup(func() {
		in.Close()
		if err := c.Wait(); err != nil {
			t.Errorf("the app ended with %v\n%s", err, problems.String())
		}
	})
	var hello struct{ Address string }
	line, err := n.out.ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &hello) != nil {
		t.Fatalf("the app says %q, %v", line, err)
	}
	n.address = hello.Address
	return n
}

// do lets something happen in the server.
func (n *appNode) do(t testing.TB, deed map[string]any) (d did) {
	t.Helper()
	data, err := json.Marshal(deed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.in.Write(append(data, '\n')); err != nil {
		t.Fatal(err)
	}
	line, err := n.out.ReadBytes('\n')
	if err != nil {
		t.Fatalf("the app says nothing to %s: %v", data, err)
	}
	if err := json.Unmarshal(line, &d); err != nil {
		t.Fatalf("the app says %s: %v", line, err)
	}
	return d
}
