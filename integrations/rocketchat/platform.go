// Package rocketchat is the connection to a Rocket.Chat server, of the versions 7 and 8.
//
// The invariant: what happens arrives over one DDP socket and is acknowledged to nobody, so an event stays in the lane of its
// room until the bot has taken it, and after every new connection the rooms are read back. The server sends a whole message
// on any change of it, so what changed is found by comparing with what was last seen of it; the reading back is a comparison
// too, against the bot's log, and fills the memory again after a restart. Everything that goes out goes over REST, with a
// message identifier made from the key of what is owed, so that trying again does not say it twice.
package rocketchat

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"boswell/chat"
	"boswell/chat/inorder"
	"boswell/chat/outage"
)

// pendingMost is how many events wait at most; then the socket is not read until there is room.
const pendingMost = 1000

// Options are what a connection needs beside its configuration. The zero value is of use.
type Options struct {
	// Name is the name of the connection; empty is "rocketchat".
	Name chat.PlatformID
	Log  zerolog.Logger
	// Now tells the time of what happens to people and by which rate limits are kept; nil is the system's. Sockets go by the
	// system's clock.
	Now func() time.Time
	// HTTP makes the requests; nil is a client with a timeout of a minute.
	HTTP *http.Client
	// Silence is how long the socket may be silent before it is taken for dead; 0 is a minute. It is asked for a sign of life
	// before.
	Silence time.Duration
	// Retry is the pause before the second attempt to connect or to hand over a delivery, which doubles up to five minutes;
	// 0 is a second.
	Retry time.Duration
	// Pace is how many subscriptions are asked for at most in ten seconds; 0 is 35, a little below what the server takes.
	Pace int
	// Trace, if set, hears of each stream event and of each connection: false when it arrived and before anything else is
	// read, true when it was dealt with.
	Trace func(done bool)
}

func (o Options) filled() Options {
	if o.Name == "" {
		o.Name = "rocketchat"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: time.Minute}
	}
	if o.Silence == 0 {
		o.Silence = time.Minute
	}
	if o.Retry == 0 {
		o.Retry = time.Second
	}
	if o.Pace == 0 {
		o.Pace = 35
	}
	if o.Trace == nil {
		o.Trace = func(bool) {}
	}
	return o
}

// A Platform is one bot account on one server. Make one with New; all methods may be called concurrently, and Run again
// after it ended.
type Platform struct {
	cfg  Config
	o    Options
	log  zerolog.Logger
	rest *rest

	server   atomic.Pointer[facts]
	asking   sync.Mutex // of who asks for the facts
	heeds    atomic.Pointer[func(chat.Place) bool]
	outage   outage.Outage
	heard    atomic.Int64 // until when there was a connection, in nanoseconds; 0 is never
	current  atomic.Pointer[running]
	lanes    *inorder.Lanes
	memory   memory
	people   people
	rooms    rooms
	uploads  bounded[string, string]
	directs  bounded[chat.UserID, string]
	shut     bounded[chat.UserID, bool] // who takes no direct messages
	ran      bounded[string, bool]      // messages that were run as commands
	instants bounded[instant, []string] // messages that were said at once

	readability readability
	rolesMissed atomic.Bool // it was logged that the server does not show roles
}

// What Rocket.Chat can do without an app: no buttons, no forms, and nothing that one person alone sees in a room.
var (
	_ chat.Platform     = (*Platform)(nil)
	_ chat.Editor       = (*Platform)(nil)
	_ chat.Director     = (*Platform)(nil)
	_ chat.Reactor      = (*Platform)(nil)
	_ chat.Pinner       = (*Platform)(nil)
	_ chat.RoomMaker    = (*Platform)(nil)
	_ chat.RoomFinder   = (*Platform)(nil)
	_ chat.Inviter      = (*Platform)(nil)
	_ chat.Topicer      = (*Platform)(nil)
	_ chat.Archiver     = (*Platform)(nil)
	_ chat.Bookmarker   = (*Platform)(nil)
	_ chat.Uploader     = (*Platform)(nil)
	_ chat.Downloader   = (*Platform)(nil)
	_ chat.Linker       = (*Platform)(nil)
	_ chat.Fetcher      = (*Platform)(nil)
	_ chat.Historian    = (*Platform)(nil)
	_ chat.Finder       = (*Platform)(nil)
	_ chat.Directory    = (*Platform)(nil)
	_ chat.Sifter       = (*Platform)(nil)
	_ chat.Informer     = (*Platform)(nil)
	_ chat.UploadFinder = (*Platform)(nil)
)

// New makes a connection. It touches no network. The error is that of Config.Validate.
func New(cfg Config, o Options) (*Platform, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg, o = cfg.filled(), o.filled()
	p := &Platform{cfg: cfg, o: o, log: o.Log.With().Str("platform", string(o.Name)).Logger()}
	p.rest = newRest(cfg, o)
	p.lanes = inorder.New(pendingMost, p.broke)
	return p, nil
}

// ID is the name of the connection.
func (p *Platform) ID() chat.PlatformID { return p.o.Name }

// Limits are the amounts that the server takes, as far as it was asked already. A message is known by its key for ever, but a
// file is not: whoever is in doubt asks Find.
func (p *Platform) Limits() chat.Limits {
	f := p.known()
	return chat.Limits{Text: f.textMost(), File: f.fileMost(), EditFor: f.editFor(), Slash: p.cfg.Prefix}
}

func (p *Platform) place(room, thread string) chat.Place {
	return chat.Place{Platform: p.o.Name, Channel: chat.ChannelID(room), Thread: chat.ThreadID(thread)}
}

func (p *Platform) ref(room, message string) chat.Ref {
	return chat.Ref{Platform: p.o.Name, Channel: chat.ChannelID(room), Message: chat.MessageID(message)}
}

// errBroken says that something in the lane of a room panicked. The log says where.
var errBroken = errors.New("it broke while it was under way")

// inRoom does something in the lane of a room, after everything that came from there before, and waits for it. It is not begun
// when ctx is done before.
func (p *Platform) inRoom(ctx context.Context, room string, do func() error) error {
	var begun sync.Once // by whoever comes first: the lane, or the end of the patience
	done := make(chan error, 1)
	taken := p.lanes.Do(ctx, room, func() {
		begun.Do(func() {
			err := errBroken
			defer func() { done <- err }() // whoever waits hears of a panic, too
			err = do()
		})
	})
	if !taken {
		return ctx.Err()
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		given := false
		begun.Do(func() { given = true })
		if given {
			return ctx.Err()
		}
		return <-done
	}
}
