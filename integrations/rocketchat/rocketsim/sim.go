// Package rocketsim is a small Rocket.Chat on loopback: the realtime protocol (DDP), the REST API and files, as far as a bot
// needs them, with a server behind it whose people do as they are told.
//
// The invariant: what it answers is decided by what Rocket.Chat does, not by what the adapter sends. A call without the
// permission, argument or membership that the server asks for gets the server's own error, a field that the server does not
// know is refused, every change of a message is told as the whole message, and the vendor's own client is run against it.
// Time is the clock of the World; only socket timeouts and the limits of a connection are real.
package rocketsim

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"boswell/chat/chattest"
)

// Options say how the server and the bot's account are set up. The zero value is of use.
type Options struct {
	// Version is that of the server; empty is the newest that is known.
	Version string
	// Roles are those of the bot's account; nil is the role bot.
	Roles []string
	// Grants are permissions that the role bot has besides those of a fresh server; nil is Granted.
	Grants []string
	// Settings replace settings of the server.
	Settings map[string]any
	// Prefix is what people type before a command; empty is "!incident".
	Prefix string
	// Limit is how many calls of one route are answered within LimitTime, to whoever may not bypass the limiter; 0 is 10
	// within a minute, by the clock of the World.
	Limit     int
	LimitTime time.Duration
	// Subscriptions is how many subscriptions one connection may make within SubscriptionTime of real time; 0 is 40 within
	// ten seconds. Methods are counted likewise, a quarter of that.
	Subscriptions    int
	SubscriptionTime time.Duration
	// Ping is how long a connection is silent before the server asks whether anybody is there, and then closes it; 0 is 15
	// seconds.
	Ping time.Duration
	// Heard is told every request and its answer; nil is nobody.
	Heard func(Exchange)
}

// The account of the bot, and the password and authenticator code of everybody.
const (
	Token    = "simulated-personal-access-token"
	BotID    = "boswellBotId00001"
	BotName  = "boswell"
	Password = "simulated"
	Code     = "123456"
)

// Granted are the permissions that a role has to be given for the bot to do all that it can.
var Granted = []string{"add-user-to-joined-room", "archive-room", "edit-room", "pin-message", "start-discussion",
	"start-discussion-other-user", "unarchive-room", "view-full-other-user-info"}

func (o Options) filled() Options {
	if o.Version == "" {
		o.Version = "8.8.1"
	}
	if o.Roles == nil {
		o.Roles = []string{"bot"}
	}
	if o.Grants == nil {
		o.Grants = Granted
	}
	if o.Prefix == "" {
		o.Prefix = "!incident"
	}
	if o.Limit == 0 {
		o.Limit, o.LimitTime = 10, time.Minute
	}
	if o.Subscriptions == 0 {
		o.Subscriptions, o.SubscriptionTime = 40, 10*time.Second
	}
	if o.Ping == 0 {
		o.Ping = 15 * time.Second
	}
	return o
}

// Sim is a running simulator. All methods may be called concurrently. Close it.
type Sim struct {
	clock    *chattest.Clock
	o        Options
	listener net.Listener
	server   *http.Server
	storage  *http.Server // where files lie, at another address
	store    net.Listener

	mu          sync.Mutex
	random      *rand.Rand
	users       map[string]*user
	rooms       map[string]*room
	order       []*room // in the order of their making
	byMessage   map[string]*message
	files       map[string]*file
	settings    map[string]any
	permissions map[string][]string
	tokens      map[string]string // of whom
	emoji       map[string]bool
	faults      map[string][]*Fault
	calls       []Exchange
	limited     map[string][]time.Time
	conditions
	hub hub

	app      *installed
	asked    int
	whispers []*whisper
	views    map[string]*view
	triggers map[string]*view // with who pulled it where
}

// conditions are how the server misbehaves at present.
type conditions struct {
	twoFactor  bool
	redirect   bool
	overtake   bool
	dropping   int // messages that an app drops
	overwrites int // reactions that another one overwrites
	down       bool
	sealing    bool     // new private rooms are encrypted whatever is asked for
	sealed     bool     // nobody can switch that off
	strayed    []string // credentials that reached the storage
}

// New starts a simulator. The clock is that of the World.
func New(clock *chattest.Clock, o Options) (*Sim, error) {
	s := &Sim{clock: clock, o: o.filled(), random: rand.New(rand.NewPCG(1, 2)), users: map[string]*user{}, rooms: map[string]*room{},
		byMessage: map[string]*message{}, files: map[string]*file{}, tokens: map[string]string{Token: BotID}, emoji: emojiNames(),
		faults: map[string][]*Fault{}, limited: map[string][]time.Time{}, views: map[string]*view{}, triggers: map[string]*view{}}
	s.settings, s.permissions = defaultSettings(o.Settings), defaultPermissions(s.o.Grants)
	s.users[BotID] = &user{id: BotID, username: BotName, name: "Boswell", roles: s.o.Roles}
	s.hub.start(s)
	for _, l := range []*net.Listener{&s.listener, &s.store} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			s.closeListeners()
			return nil, fmt.Errorf("start the simulator: %w", err)
		}
		*l = listener
	}
	s.server = &http.Server{Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second}
	s.storage = &http.Server{Handler: http.HandlerFunc(s.stored), ReadHeaderTimeout: 10 * time.Second}
	go serve(s.server, s.listener)
	go serve(s.storage, s.store)
	return s, nil
}

// serve returns when the server is closed; there is nothing else to tell.
func serve(server *http.Server, l net.Listener) { _ = server.Serve(l) }

func (s *Sim) closeListeners() {
	for _, l := range []net.Listener{s.listener, s.store} {
		if l != nil {
			l.Close()
		}
	}
}

// Close ends the simulator and every connection.
func (s *Sim) Close() {
	s.mu.Lock()
	s.hub.dropAll()
	s.mu.Unlock()
	// What is still under way is of no interest to anybody.
	_ = s.server.Close()
	_ = s.storage.Close()
}

// URL is the address of the server, without a slash at its end.
func (s *Sim) URL() string { return "http://" + s.listener.Addr().String() }

// handler is everything that is served.
func (s *Sim) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/websocket", s.socket)
	mux.HandleFunc("GET /api/info", s.rest)
	mux.HandleFunc("/api/v1/", s.rest)
	mux.HandleFunc("POST /api/apps/public/{app}/boswell", s.fromBot)
	mux.HandleFunc("GET /file-upload/{id}/{name}", s.download)
	return mux
}

func (s *Sim) now() time.Time { return s.clock.Now().Truncate(time.Millisecond) }

// major is the first number of the server's version.
func (s *Sim) major() int {
	var major int
	if _, err := fmt.Sscanf(s.o.Version, "%d", &major); err != nil {
		return 0
	}
	return major
}

const idLetters = "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz"

// newID is a new identifier of 17 characters. It is called with the lock held.
func (s *Sim) newID() string {
	var b strings.Builder
	for range 17 {
		b.WriteByte(idLetters[s.random.IntN(len(idLetters))])
	}
	return b.String()
}

// may says whether somebody has a permission, by a role of the account or in a room.
func (s *Sim) may(u *user, permission string, r *room) bool {
	roles := u.roles
	if r != nil && slices.Contains(r.owners, u.id) {
		roles = append([]string{"owner"}, roles...)
	}
	for _, role := range s.permissions[permission] {
		if slices.Contains(roles, role) {
			return true
		}
	}
	return false
}
