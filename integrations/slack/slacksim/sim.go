// Package slacksim is a small Slack on loopback: the Web API, Socket Mode, the Events API, slash commands, interactivity,
// views and files, as far as a bot needs them, with a workspace behind it whose people do as they are told.
//
// The invariant: what it answers is decided by what Slack documents, not by what the adapter sends. A call without the
// scope, argument or membership that Slack asks for gets Slack's own error code, events reach only an app that subscribed to
// them and is in the channel, and the vendor's own clients are run against it. Time is the clock of the World; only socket
// timeouts are real.
package slacksim

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"boswell/chat/chattest"
)

// Options say how the workspace and its app are set up. The zero value is of use.
type Options struct {
	// Scopes are what the bot token may do; nil is everything but to post in channels where the bot is not.
	Scopes []string
	// Events are the events that the app subscribed to; nil is all of them.
	Events []string
	// Commands are the slash commands that the app has; nil is /incident.
	Commands []string
	// Patience is how long the simulator waits for an acknowledgement before it delivers again; 0 is 3 seconds.
	Patience time.Duration
	// Retries are the pauses before the second, third and fourth delivery; nil is shorter than Slack's.
	Retries []time.Duration
	// Window is how many deliveries are under way at once; 0 is any number.
	Window int
	// Ping is how often sockets are pinged; 0 is 5 seconds.
	Ping time.Duration
	// Tiers limits the methods by the World's clock: 1 as Slack does, n to an nth of that; 0 is without limits.
	Tiers int
	// FreePlan hides messages that are older than 90 days.
	FreePlan bool
	// RequestURL is where events, commands and interactions are sent over HTTP, signed with SigningSecret; empty is Socket
	// Mode.
	RequestURL    string
	SigningSecret string
}

func (o Options) filled() Options {
	if o.Commands == nil {
		o.Commands = []string{"/incident"}
	}
	if o.Patience == 0 {
		o.Patience = 3 * time.Second
	}
	if o.Retries == nil {
		o.Retries = []time.Duration{0, 100 * time.Millisecond, 500 * time.Millisecond}
	}
	if o.Ping == 0 {
		o.Ping = 5 * time.Second
	}
	return o
}

// The tokens of the app, and its identity.
const (
	BotToken = "xoxb-simulated"
	AppToken = "xapp-simulated"
	BotUser  = "U0BOT"
	BotID    = "B0BOT"
	AppID    = "A0APP"
	TeamID   = "T0TEAM"
)

// Sim is a running simulator. All methods may be called concurrently. Close it.
type Sim struct {
	clock    *chattest.Clock
	o        Options
	listener net.Listener
	server   *http.Server
	done     context.Context
	stop     context.CancelFunc

	mu       sync.Mutex
	users    map[string]*user
	channels map[string]*channel
	order    []*channel // in the order of their making
	groups   map[string]*group
	files    map[string]*file
	emoji    map[string]string // of the workspace's own: an address, or alias: and a name
	views    map[string]*view
	triggers map[string]*trigger
	answers  map[string]*answerURL
	homes    map[string]object
	whispers []*whisper
	serial   int
	faults   map[string][]*Fault
	calls    []Call
	revoked  map[string]string // token -> error code
	hidden   Page              // what is shown in place of files

	mail  mailroom
	meter meter
}

// New starts a simulator. The clock is that of the World.
func New(clock *chattest.Clock, o Options) (*Sim, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the simulator: %w", err)
	}
	s := &Sim{clock: clock, o: o.filled(), listener: listener, users: map[string]*user{}, channels: map[string]*channel{},
		groups: map[string]*group{}, emoji: map[string]string{}, files: map[string]*file{}, views: map[string]*view{}, triggers: map[string]*trigger{},
		answers: map[string]*answerURL{}, homes: map[string]object{}, faults: map[string][]*Fault{}, revoked: map[string]string{}}
	s.done, s.stop = context.WithCancel(context.Background())
	s.mail.start(s)
	s.users[BotUser] = &user{id: BotUser, name: "boswell", display: "boswell", real: "Boswell", bot: BotID, team: TeamID}
	s.server = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		// Serve returns when Close is called; there is nothing else to tell.
		_ = s.server.Serve(listener)
	}()
	return s, nil
}

// Close ends the simulator and every socket.
func (s *Sim) Close() {
	s.stop()
	s.mail.dropAll()
	// What is still under way is of no interest to anybody.
	_ = s.server.Close()
}

// URL is the address of the simulator, without a slash at its end.
func (s *Sim) URL() string { return "http://" + s.listener.Addr().String() }

// APIURL is the address of its Web API.
func (s *Sim) APIURL() string { return s.URL() + "/api/" }

// SendTo makes the app one that takes requests over HTTP at an address.
func (s *Sim) SendTo(address, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.o.RequestURL, s.o.SigningSecret = address, secret
}

// number is a new number, for identifiers. It is called with the lock held.
func (s *Sim) number() int {
	s.serial++
	return s.serial
}

func (s *Sim) newID(prefix string) string { return fmt.Sprintf("%s%08X", prefix, s.number()+0x1000) }

// handler is everything that is served.
func (s *Sim) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.api)
	mux.HandleFunc("/link/", s.link)
	mux.HandleFunc("POST /upload/{id}", s.upload)
	mux.HandleFunc("GET /files/{id}/{name}", s.download)
	mux.HandleFunc("GET /signin", signIn)
	mux.HandleFunc("POST /answer/{id}", s.answer)
	return mux
}

func (s *Sim) now() time.Time { return s.clock.Now() }
