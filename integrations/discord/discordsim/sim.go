// Package discordsim is a small Discord on loopback: the gateway and the API, as far as a bot needs them, with a server behind
// it whose people do as they are told.
//
// The invariant: what it answers is decided by what Discord documents, not by what the adapter sends. A call without the
// permission that Discord asks for gets Discord's own error code, content is hidden from a bot that did not ask for it, a
// nonce that is enforced makes one message, a session can be resumed as long as it lives, and the vendor's own client is run
// against it. Time is the clock of the World; only sockets are real.
package discordsim

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"boswell/chat/chattest"
)

// Options say how the server and the bot are set up. The zero value is of use.
type Options struct {
	// Permissions are what the bot's role grants; 0 is everything that a bot of this kind needs.
	Permissions uint64
	// NoContent says that the developer portal does not grant the intent to read messages.
	NoContent bool
	// Beat is the pause between heartbeats; 0 is Discord's.
	Beat time.Duration
	// Compress says that dispatches are compressed where the bot takes that.
	Compress bool
	// Identifies is how many new sessions there may be; 0 is a thousand.
	Identifies int
	// QuietPins says that pinning updates no message, so that only the list of pins tells.
	QuietPins bool
	// Forum is the identifier of a forum that is there; empty is none.
	Forum string
	// Heard, if set, is told of each request and its answer.
	Heard func(Exchange)
}

// An Exchange is a request to the API with its answer.
type Exchange struct {
	Method, Path string // without the version
	Request      []byte // JSON; nil where there is none
	Status       int
	Answer       []byte
}

// The bot and the server that it is in.
const (
	Token  = "MTAw.sim.token"
	AppID  = "100000000000000001"
	BotID  = "100000000000000001"
	Server = "100000000000000100"

	botRole = "100000000000000101"
	webhook = "100000000000000102"
)

// A Sim is a running simulator. All methods may be called concurrently. Close it.
type Sim struct {
	clock    *chattest.Clock
	o        Options
	listener net.Listener
	server   *http.Server

	mu           sync.Mutex
	serial       uint64
	users        map[string]*user
	channels     map[string]*channel
	order        []*channel
	roles        []object
	emojis       []object
	commands     map[string][]object // by scope
	registered   int
	interactions map[string]*interaction // by token
	files        map[string]*file
	nonces       map[string]*message
	revoked      bool

	faults faults
	gate   gateway
	markup []rule
}

type object = map[string]any

// New starts a simulator. The clock is that of the World.
func New(clock *chattest.Clock, o Options) (*Sim, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the simulator: %w", err)
	}
	if o.Beat == 0 {
		o.Beat = 41250 * time.Millisecond
	}
	if o.Identifies == 0 {
		o.Identifies = 1000
	}
	if o.Permissions == 0 {
		o.Permissions = usualPermissions
	}
	s := &Sim{clock: clock, o: o, listener: listener, users: map[string]*user{}, channels: map[string]*channel{},
		commands: map[string][]object{}, interactions: map[string]*interaction{}, files: map[string]*file{}, nonces: map[string]*message{}}
	s.users[BotID] = &user{id: BotID, handle: "boswell", name: "Boswell", bot: true}
	s.roles = []object{{"id": Server, "name": "@everyone", "permissions": strconv.FormatUint(everyonePermissions, 10)},
		{"id": botRole, "name": "Boswell", "permissions": strconv.FormatUint(o.Permissions, 10)}}
	s.emojis = []object{{"id": "100000000000000200", "name": "shipit", "animated": false}}
	if o.Forum != "" {
		s.channels[o.Forum] = &channel{id: o.Forum, name: "incidents", kind: kindForum, guild: Server}
		s.order = append(s.order, s.channels[o.Forum])
	}
	s.gate.start(s)
	s.markup = markup()
	s.server = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		// Serve returns when Close is called; there is nothing else to tell.
		_ = s.server.Serve(listener)
	}()
	return s, nil
}

// Close ends the simulator and every socket.
func (s *Sim) Close() {
	s.gate.drop(0)
	// What is still under way is of no interest to anybody.
	_ = s.server.Close()
}

// URL is the address of the simulator, without a slash at its end: what stands in for https://discord.com.
func (s *Sim) URL() string { return "http://" + s.listener.Addr().String() }

func (s *Sim) socketURL() string { return "ws://" + s.listener.Addr().String() }

// Revoke makes the token worthless.
func (s *Sim) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = true
}

// Registrations is how often commands were written.
func (s *Sim) Registrations() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.registered
}

const epoch = 1420070400000

// newID is an identifier of the present moment. It is called with the lock held.
func (s *Sim) newID() string { return s.idAt(s.clock.Now()) }

func (s *Sim) idAt(t time.Time) string {
	s.serial++
	ms := max(t.UnixMilli()-epoch, 1)
	return strconv.FormatUint(uint64(ms)<<22|s.serial&0x3fffff, 10)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000+00:00") }

// A call is one request of the API.
type call struct {
	s     *Sim
	r     *http.Request
	body  map[string]json.RawMessage
	text  []byte
	files []*file
}

func (c *call) path(name string) string { return c.r.PathValue(name) }

// read reads the body into a value; what is not there stays.
func (c *call) read(into any) bool {
	return len(c.text) == 0 || json.Unmarshal(c.text, into) == nil
}

// A refusal is an error of the API.
type refusal struct {
	status int
	code   int
	text   string
	after  time.Duration // of a limit: when to come again
}

func no(status, code int, text string) *refusal {
	return &refusal{status: status, code: code, text: text}
}

var (
	unknownChannel = no(404, 10003, "Unknown Channel")
	unknownMessage = no(404, 10008, "Unknown Message")
	unknownUser    = no(404, 10013, "Unknown User")
	unknownMember  = no(404, 10007, "Unknown Member")
	unknownEmoji   = no(400, 10014, "Unknown Emoji")
	unknownAsk     = no(404, 10062, "Unknown interaction")
	unknownHook    = no(404, 10015, "Unknown Webhook")
	answered       = no(400, 40060, "Interaction has already been acknowledged.")
	noAccess       = no(403, 50001, "Missing Access")
	noPermission   = no(403, 50013, "Missing Permissions")
	badForm        = no(400, 50035, "Invalid Form Body")
	archived       = no(400, 50083, "Thread is archived")
	hasThread      = no(400, 160004, "A thread has already been created for this message")
)
