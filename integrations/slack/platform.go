// Package slack is the connection to a Slack workspace, over Socket Mode or over HTTP.
//
// The invariant: an envelope is acknowledged only after the decision that it led to is on disk, and what cannot be read is
// acknowledged and logged, never dropped in silence. What Slack sends is read with structs of this package that ignore what
// they do not know, so that a new kind of block hides neither a message nor a page of history; what is sent goes through
// slack-go, whose own retries are off. Texts go out as rich text, which Slack does not parse, so that no user text formats
// or pings.
package slack

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"

	"boswell/chat"
	"boswell/chat/inorder"
	"boswell/chat/outage"
)

// pendingMost is how many deliveries wait at most; then the sockets are not read until there is room.
const pendingMost = 1000

// Options are what a connection needs beside its configuration. The zero value is of use.
type Options struct {
	// Name is the name of the connection; empty is "slack".
	Name chat.PlatformID
	Log  zerolog.Logger
	// Now tells the time by which people are remembered, rate limits kept and signatures judged; nil is the system's.
	Now func() time.Time
	// HTTP makes the requests; nil is a client with a timeout of a minute.
	HTTP *http.Client
	// Silence is how long a socket may go without a ping of Slack's before it is taken for dead; 0 is 30 seconds.
	Silence time.Duration
	// Retry is the pause before the second attempt to connect, which doubles up to five minutes; 0 is a second.
	Retry time.Duration
	// Pace is the pause between two messages to one channel, after a few that may follow each other at once; 0 is a second,
	// a negative one none.
	Pace time.Duration
	// Wait waits for as long as Slack asks, and says whether ctx let it; nil is real time.
	Wait func(ctx context.Context, d time.Duration) bool
}

func (o Options) filled() Options {
	if o.Name == "" {
		o.Name = "slack"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: time.Minute}
	}
	if o.Silence == 0 {
		o.Silence = 30 * time.Second
	}
	if o.Retry == 0 {
		o.Retry = time.Second
	}
	if o.Pace == 0 {
		o.Pace = time.Second
	}
	if o.Wait == nil {
		o.Wait = pause
	}
	return o
}

// A Platform is one connection to one workspace. Make one with New; all methods may be called concurrently.
type Platform struct {
	cfg    Config
	o      Options
	log    zerolog.Logger
	client *client
	api    *slack.Client

	who     identity
	people  people
	rooms   roomNames
	marks   marks
	threads threads
	aliases aliases
	missed  missed
	echoes  echoes
	online  atomic.Int64 // how often Online was told

	outage   outage.Outage
	refusals outage.Outage // of requests that say they are Slack's

	pace    pacer
	lanes   *inorder.Lanes
	shown   shown
	uploads uploads
}

// What Slack can do: all there is, but commands that are declared to it, which are in the manifest.
var (
	_ chat.Platform   = (*Platform)(nil)
	_ chat.Editor     = (*Platform)(nil)
	_ chat.Whisperer  = (*Platform)(nil)
	_ chat.Director   = (*Platform)(nil)
	_ chat.FormOpener = (*Platform)(nil)
	_ chat.Reactor    = (*Platform)(nil)
	_ chat.Pinner     = (*Platform)(nil)
	_ chat.RoomMaker  = (*Platform)(nil)
	_ chat.RoomFinder = (*Platform)(nil)
	_ chat.Inviter    = (*Platform)(nil)
	_ chat.Topicer    = (*Platform)(nil)
	_ chat.Archiver   = (*Platform)(nil)
	_ chat.Bookmarker = (*Platform)(nil)
	_ chat.Uploader   = (*Platform)(nil)
	_ chat.Downloader = (*Platform)(nil)
	_ chat.Linker     = (*Platform)(nil)
	_ chat.Fetcher    = (*Platform)(nil)
	_ chat.Historian  = (*Platform)(nil)
	_ chat.Finder     = (*Platform)(nil)
	_ chat.Directory  = (*Platform)(nil)
	_ chat.Summoner   = (*Platform)(nil)
	_ chat.Informer   = (*Platform)(nil)

	_ chat.UploadFinder = (*Platform)(nil)
)

// New makes a connection. It touches no network. The error is that of Config.Validate.
func New(cfg Config, o Options) (*Platform, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	o = o.filled()
	cfg = cfg.filled()
	p := &Platform{cfg: cfg, o: o, log: o.Log.With().Str("platform", string(o.Name)).Logger(), client: newClient(o)}
	p.api = slack.New(cfg.BotToken.Reveal(), slack.OptionAppLevelToken(cfg.AppToken.Reveal()),
		slack.OptionAPIURL(cfg.APIURL), slack.OptionHTTPClient(p.client))
	p.pace.every = o.Pace
	p.lanes = inorder.New(pendingMost, p.broke)
	return p, nil
}

// ID is the name of the connection.
func (p *Platform) ID() chat.PlatformID { return p.o.Name }

// The amounts that Slack takes.
const (
	textMost    = 3000
	buttonsMost = 25
	menusMost   = 5
	stateMost   = 2000 // leaves room in the metadata of a modal for where it was asked for, and for escapes
	fieldsMost  = 20
	choicesMost = 100
	fileMost    = 1 << 30
)

// Limits are the amounts that Slack takes. A message sent twice shows twice: whoever is in doubt asks Find.
func (p *Platform) Limits() chat.Limits {
	return chat.Limits{Text: textMost, Buttons: buttonsMost, Menus: menusMost, FormFields: fieldsMost, State: stateMost, Choices: choicesMost, File: fileMost,
		Slash: "/" + slashCommand}
}

// identity is who the token belongs to, asked once. Whoever only wants to know what is known waits for nobody who asks.
type identity struct {
	asking sync.Mutex
	known  atomic.Pointer[self]
}

// self is the bot in its workspace.
type self struct {
	user, bot, team string
	base            *url.URL // of the workspace, for links
}

// self asks whose token it is, unless that is known already.
func (p *Platform) self(ctx context.Context) (self, error) {
	if me := p.who.known.Load(); me != nil {
		return *me, nil
	}
	p.who.asking.Lock()
	defer p.who.asking.Unlock()
	if me := p.who.known.Load(); me != nil {
		return *me, nil // somebody else asked meanwhile
	}
	r, err := p.api.AuthTestContext(ctx)
	if err != nil {
		return self{}, p.sorted("ask who the token belongs to", err)
	}
	base, err := url.Parse(r.URL)
	if err != nil {
		base = nil
	}
	me := self{user: r.UserID, bot: r.BotID, team: r.TeamID, base: base}
	p.who.known.Store(&me)
	return me, nil
}

// knownSelf is the bot as far as it is known without asking.
func (p *Platform) knownSelf() self {
	if me := p.who.known.Load(); me != nil {
		return *me
	}
	return self{}
}

func (p *Platform) place(channel, thread string) chat.Place {
	return chat.Place{Platform: p.o.Name, Channel: chat.ChannelID(channel), Thread: chat.ThreadID(thread)}
}

func (p *Platform) ref(channel, ts string) chat.Ref {
	return chat.Ref{Platform: p.o.Name, Channel: chat.ChannelID(channel), Message: chat.MessageID(ts)}
}

// direct says that a channel is a conversation of one person with the bot.
func direct(channel string) bool { return strings.HasPrefix(channel, "D") }
