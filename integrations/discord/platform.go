// Package discord is the connection to Discord over its gateway.
//
// The invariant: discordgo keeps the socket, and nothing else is asked of it. What arrives is decoded here from the raw
// payload, so that no kind of message is lost to its parser; each dispatch goes into the lane of its room before the next one
// is read and leaves it only when the bot has taken it; a session that is hopeless or hangs is noticed from outside, without
// touching its locks, and replaced. Requests are made here too, paced by bucket, never repeated by themselves, and every
// message that is sent says whom it may ping.
package discord

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"boswell/chat"
	"boswell/chat/inorder"
	"boswell/chat/outage"
)

// pendingMost is how many deliveries wait at most; then the socket is not read until there is room.
const pendingMost = 1000

// Options are what a connection needs beside its configuration. The zero value is of use.
type Options struct {
	// Name is the name of the connection; empty is "discord".
	Name chat.PlatformID
	Log  zerolog.Logger
	// Now tells the time of what happens to people; nil is the system's. Sockets and rate limits go by the system's clock.
	Now func() time.Time
	// Base is the scheme and host that stand in for https://discord.com, without a slash at the end; empty is that.
	Base string
	// HTTP makes the requests; nil is a client with a timeout of 20 seconds.
	HTTP *http.Client
	// Silence is how long the socket may be silent before it is taken for dead; 0 is two minutes, three beats of Discord's.
	Silence time.Duration
	// Retry is the pause before the second attempt to connect or to hand over a delivery, which doubles up to five minutes;
	// 0 is a second. A connection that ends within a minute is an attempt that failed.
	Retry time.Duration
	// Apart is the least time between two new sessions; 0 is the five seconds that Discord asks for.
	Apart time.Duration
	// Defer is how long an answer may take before the person is told that it comes; 0 is two seconds. Discord waits three.
	Defer time.Duration
	// Patience is how long a request waits for its turn under a rate limit; beyond it the caller is told when to come again.
	// 0 is ten seconds.
	Patience time.Duration
	// Trace, if set, hears of each dispatch when it has arrived, and again when it was dealt with.
	Trace func(session string, seq int64, done bool)
}

func (o Options) filled() Options {
	if o.Name == "" {
		o.Name = "discord"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Base == "" {
		o.Base = "https://discord.com"
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: 20 * time.Second}
	}
	if o.Trace == nil {
		o.Trace = func(string, int64, bool) {}
	}
	for _, d := range []struct {
		at    *time.Duration
		usual time.Duration
	}{{&o.Silence, 2 * time.Minute}, {&o.Retry, time.Second}, {&o.Apart, 5 * time.Second}, {&o.Defer, 2 * time.Second}, {&o.Patience, 10 * time.Second}} {
		if *d.at == 0 {
			*d.at = d.usual
		}
	}
	return o
}

// A Platform is one bot account. Make one with New; all methods may be called concurrently, and Run again after it ended.
type Platform struct {
	cfg  Config
	o    Options
	log  zerolog.Logger
	rest *rest
	net  net.Dialer

	guilds   guilds
	outage   outage.Outage
	lanes    *inorder.Lanes
	pins     pins
	marks    marks
	people   bounded[string, chat.User]
	members  bounded[string, membership]
	directs  bounded[chat.UserID, chat.Place]
	rooms    madeRooms
	closed   bounded[string, bool] // threads that the bot itself closed or opened
	nonces   bounded[string, chat.Ref]
	answered bounded[string, bool]
	tokens   tokens

	mu      sync.Mutex
	heeds   func(chat.Place) bool // nil heeds everything
	who     identity
	session string // of the gateway
}

// What Discord can do: all but bookmarks. Forms are opened with the answer to a question, not by themselves.
var (
	_ chat.Platform     = (*Platform)(nil)
	_ chat.Editor       = (*Platform)(nil)
	_ chat.Whisperer    = (*Platform)(nil)
	_ chat.Director     = (*Platform)(nil)
	_ chat.Reactor      = (*Platform)(nil)
	_ chat.Pinner       = (*Platform)(nil)
	_ chat.RoomMaker    = (*Platform)(nil)
	_ chat.RoomFinder   = (*Platform)(nil)
	_ chat.Inviter      = (*Platform)(nil)
	_ chat.Topicer      = (*Platform)(nil)
	_ chat.Archiver     = (*Platform)(nil)
	_ chat.Uploader     = (*Platform)(nil)
	_ chat.Downloader   = (*Platform)(nil)
	_ chat.Registrar    = (*Platform)(nil)
	_ chat.Linker       = (*Platform)(nil)
	_ chat.Sifter       = (*Platform)(nil)
	_ chat.Informer     = (*Platform)(nil)
	_ chat.Fetcher      = (*Platform)(nil)
	_ chat.Historian    = (*Platform)(nil)
	_ chat.Finder       = (*Platform)(nil)
	_ chat.PostFinder   = (*Platform)(nil)
	_ chat.UploadFinder = (*Platform)(nil)
	_ chat.Directory    = (*Platform)(nil)
)

// identity is the bot as Discord knows it.
type identity struct {
	user, application string
	flags             int // of the application
}

// New makes a connection. It touches no network. The error is that of Config.Validate.
func New(cfg Config, o Options) (*Platform, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.Rooms == "" {
		cfg.Rooms = RoomsChannel
	}
	o = o.filled()
	p := &Platform{cfg: cfg, o: o, log: o.Log.With().Str("platform", string(o.Name)).Logger()}
	p.rest = newRest(cfg.Token, o)
	p.lanes = inorder.New(pendingMost, p.broke)
	return p, nil
}

// ID is the name of the connection.
func (p *Platform) ID() chat.PlatformID { return p.o.Name }

// The amounts that Discord takes. A message that grows over its text by markup goes into an embed, which takes twice as much.
const (
	textMost    = 2000
	embedMost   = 4096
	buttonsMost = 10
	menusMost   = 3
	fieldsMost  = 5
	choicesMost = 25
	fileMost    = 10 << 20
	nonceFor    = 2 * time.Minute
)

// Limits are the amounts that Discord takes. A key is known for the few minutes that Discord remembers a nonce.
func (p *Platform) Limits() chat.Limits {
	return chat.Limits{Text: textMost, Buttons: buttonsMost, Menus: menusMost, FormFields: fieldsMost, State: stateMost, Choices: choicesMost, File: fileMost,
		Idempotent: nonceFor, SteadyTopics: true, Slash: "/" + commandName}
}

// self is the bot, asked once.
func (p *Platform) self(ctx context.Context) (identity, error) {
	if who := p.knownSelf(); who.user != "" && who.application != "" {
		return who, nil
	}
	var app struct {
		ID    string   `json:"id"`
		Flags int      `json:"flags"`
		Bot   *account `json:"bot"`
	}
	if err := p.rest.get(ctx, "/applications/@me", &app); err != nil {
		return identity{}, err
	}
	who := identity{user: app.ID, application: app.ID, flags: app.Flags}
	if app.Bot != nil && app.Bot.ID != "" {
		who.user = app.Bot.ID
	}
	p.setSelf(who)
	return who, nil
}

func (p *Platform) knownSelf() identity {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.who
}

func (p *Platform) setSelf(who identity) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.who = who
}
