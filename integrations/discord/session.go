package discord

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// Intents are what the bot asks the gateway for. The last one is privileged: it has to be turned on in the developer portal.
const Intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsGuildMessageReactions |
	discordgo.IntentsDirectMessages | discordgo.IntentsDirectMessageReactions | discordgo.IntentMessageContent

// A session is one session of discordgo's, over one connection or several. It is given up by letting go of it: a session that
// hangs holds its own lock, so nothing here takes it.
type session struct {
	dg      *discordgo.Session
	dead    atomic.Bool
	greeted atomic.Bool   // READY or RESUMED came on this connection
	closed  chan struct{} // hears whenever discordgo has closed the connection
	turned  chan struct{} // hears of an order to reconnect

	mu   sync.Mutex
	line *lifeline
}

// newSession makes a session that hands its dispatches to take, in order, one at a time.
func (p *Platform) newSession(take func(*session, *discordgo.Event)) (*session, error) {
	dg, err := discordgo.New("Bot " + p.cfg.Token.Reveal())
	if err != nil {
		return nil, fmt.Errorf("make a session: %w", err)
	}
	s := &session{dg: dg, closed: make(chan struct{}, 1), turned: make(chan struct{}, 1)}
	dg.Identify.Intents = Intents
	dg.Client = &http.Client{Timeout: p.o.HTTP.Timeout, Transport: elsewhere{base: p.o.Base, next: p.o.HTTP.Transport}}
	dg.Dialer = &websocket.Dialer{HandshakeTimeout: 20 * time.Second, NetDialContext: s.dial(&p.net),
		NetDialTLSContext: s.dial(&tls.Dialer{NetDialer: &p.net})}
	dg.ShouldReconnectOnError, dg.ShouldRetryOnRateLimit, dg.MaxRestRetries = false, false, 0
	dg.StateEnabled, dg.SyncEvents, dg.LogLevel = false, true, -1
	dg.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		if s.dead.Load() {
			return
		}
		if e.Type == "READY" || e.Type == "RESUMED" {
			s.greeted.Store(true)
		}
		take(s, e)
	})
	dg.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case s.closed <- struct{}{}:
		default:
		}
	})
	return s, nil
}

// elsewhere sends the requests that discordgo makes itself to the base that is configured.
type elsewhere struct {
	base string
	next http.RoundTripper
}

// RoundTrip makes one request.
func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	base, err := url.Parse(e.base)
	if err != nil {
		return nil, fmt.Errorf("the base is no address: %w", err)
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = base.Scheme, base.Host, base.Host
	if e.next == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	return e.next.RoundTrip(r)
}

type contextDialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

func (s *session) dial(d contextDialer) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		line := newLifeline(conn, s.turned)
		s.mu.Lock()
		s.line = line
		s.mu.Unlock()
		if s.dead.Load() {
			return nil, errors.Join(errGivenUp, conn.Close())
		}
		return line, nil
	}
}

var errGivenUp = errors.New("the session was given up")

func (s *session) lifeline() *lifeline {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.line
}

// hangUp closes the connection under the session, which ends its reading.
func (s *session) hangUp() {
	if line := s.lifeline(); line != nil {
		// The peer may have closed it already; either way it is closed then.
		_ = line.Close()
	}
}

// giveUp lets go of the session.
func (s *session) giveUp() {
	s.dead.Store(true)
	s.hangUp()
}

// An ending is how a connection ended, and so what to do next.
type ending struct {
	code  int   // of the close frame; 0 where there was none
	err   error // of opening
	stuck bool  // discordgo hangs
}

// fatal are the codes after which connecting again does not help, with what people need to know.
var fatal = map[int]string{
	4004: "Discord does not accept the bot's token. Make a new one in the developer portal and put it into the configuration.",
	4010: "Discord did not accept the shard. This is a mistake of the program; please report it.",
	4011: "The bot is in so many servers that it needs sharding, which this program does not do. Use one bot account per organisation.",
	4012: "Discord no longer takes this version of its gateway. Update the program.",
	4013: "Discord did not accept the intents. This is a mistake of the program; please report it.",
	4014: "The bot may not read messages yet. Turn on Message Content Intent on the page Bot of the developer portal.",
}

// fresh says that the session itself is over, so that there is nothing to resume.
func (e ending) fresh() bool { return e.stuck || e.code == 4007 || e.code == codeSessionOver }

func (e ending) String() string {
	switch {
	case e.stuck:
		return "the session hangs"
	case e.code != 0:
		return fmt.Sprintf("closed with code %d", e.code)
	case e.err != nil:
		return e.err.Error()
	default:
		return "the connection ended"
	}
}

// open connects, and resumes where there was a connection before. It returns nil when the gateway has greeted.
func (s *session) open(ctx context.Context, silence time.Duration) *ending {
	s.begin()
	opened := make(chan error, 1)
	go func() { opened <- s.dg.Open() }()
	began := time.Now()
	beat := time.NewTicker(max(silence/4, time.Millisecond))
	defer beat.Stop()
	for {
		select {
		case err := <-opened:
			return s.openedWith(err)
		case <-ctx.Done():
			return &ending{err: ctx.Err(), stuck: true}
		case <-s.turned:
			if !s.greeted.Load() {
				return &ending{stuck: true} // discordgo waits for a lock that it holds itself
			}
		case <-beat.C:
			if line := s.lifeline(); time.Since(began) > silence && (line == nil || line.silent() > silence) {
				return &ending{stuck: true}
			}
		}
	}
}

func (s *session) openedWith(err error) *ending {
	var closed *websocket.CloseError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &closed):
		return &ending{code: closed.Code, err: err}
	case errors.Is(err, discordgo.ErrWSAlreadyOpen):
		return &ending{stuck: true}
	default:
		return &ending{code: s.endedWith(), err: errors.New(strings.ReplaceAll(err.Error(), s.dg.Token, "<secret>"))}
	}
}

// endedWith is the code with which the present connection ended, as far as it did.
func (s *session) endedWith() int {
	line := s.lifeline()
	if line == nil {
		return 0
	}
	select {
	case code := <-line.ended:
		return code
	default:
		return 0
	}
}

// begin forgets the connection before.
func (s *session) begin() {
	s.greeted.Store(false)
	s.mu.Lock()
	s.line = nil
	s.mu.Unlock()
	for _, heard := range []chan struct{}{s.closed, s.turned} {
		select {
		case <-heard:
		default:
		}
	}
}

// letGo is how long discordgo may take to close a connection: it sleeps a second over it.
const letGo = 5 * time.Second

// watch waits for the end of an open connection.
func (s *session) watch(ctx context.Context, silence time.Duration) ending {
	line := s.lifeline()
	beat := time.NewTicker(max(silence/4, time.Millisecond))
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return ending{err: ctx.Err(), stuck: true}
		case <-s.closed:
			return ending{}
		case code := <-line.ended:
			return s.settle(ctx, ending{code: code})
		case <-beat.C:
			if line.silent() > silence {
				s.hangUp()
				return s.settle(ctx, ending{err: fmt.Errorf("nothing came for %s", silence)})
			}
		}
	}
}

// settle waits until discordgo has let go of a connection that ended, so that the session can be resumed.
func (s *session) settle(ctx context.Context, e ending) ending {
	if _, hopeless := fatal[e.code]; hopeless || e.fresh() {
		return e
	}
	timer := time.NewTimer(letGo)
	defer timer.Stop()
	select {
	case <-s.closed:
	case <-timer.C:
		e.stuck = true
	case <-ctx.Done():
		e.stuck = true
	}
	return e
}
