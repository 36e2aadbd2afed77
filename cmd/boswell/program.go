package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"boswell/bot"
	"boswell/chat"
	"boswell/commands"
	"boswell/incident"
	"boswell/storage"
	"boswell/storage/bolt"
)

// A program is the whole bot, put together and not running yet.
type program struct {
	store     storage.Store
	socket    net.Listener
	web       net.Listener // nil where there are no pages
	platforms []connected
	bot       *bot.Bot
	pulse     *pulse
	pages     http.Handler
	log       zerolog.Logger
	folder    string // the data folder
}

// build puts the program together from a configuration. What can fail at all fails here: the data folder, the port, the
// connections' own settings. On an error nothing stays open.
func build(ctx context.Context, c config, log zerolog.Logger) (_ *program, err error) {
	p := &program{log: log, folder: c.Data}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	clock := bot.SystemClock{}
	if p.store, err = openStore(c.Data, clock.Now); err != nil {
		return nil, err
	}
	if p.socket, err = openSocket(ctx, c.Data); err != nil {
		return nil, err
	}
	if p.web, err = listen(ctx, c.Web.Addr); err != nil {
		return nil, err
	}
	if err := p.connect(c, site{data: c.Data, url: p.address(c.Web.URL), now: clock.Now, log: p.log}); err != nil {
		return nil, err
	}
	if p.bot, err = bot.New(p.store, p.chats(), clock, p.options(c)); err != nil {
		return nil, err
	}
	if err := p.bot.Prepare(ctx); err != nil {
		return nil, err
	}
	if text := damage(ctx, p.store); text != "" {
		p.log.Error().Msg(text)
	}
	p.pulse, p.pages = &pulse{store: p.store}, p.browse(c)
	return p, nil
}

// openStore opens the store. Only a real store gets into the interface: a nil pointer in it would not compare as nil.
func openStore(dir string, now func() time.Time) (storage.Store, error) {
	store, err := bolt.Open(dir, bolt.Options{Clock: now})
	if errors.Is(err, syscall.ENOTDIR) || errors.Is(err, fs.ErrNotExist) {
		return nil, incident.Refuse("%s cannot be a data folder: %v. Name another one.", dir, err)
	}
	if err != nil {
		return nil, err
	}
	return store, nil
}

// listen opens the port of the pages; nil where there are none.
func listen(ctx context.Context, a address) (net.Listener, error) {
	if a == "" {
		return nil, nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", string(a))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, incident.Refuse("The port of %s is taken by another program. Stop that program, or choose another port with web.addr in the configuration (--addr of `boswell try`).", a)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", a, err)
	}
	return l, nil
}

// address is where the pages are: as configured, else where this machine finds them.
func (p *program) address(configured baseURL) string {
	if configured != "" || p.web == nil {
		return string(configured)
	}
	return "http://" + p.web.Addr().String()
}

func (p *program) connect(c config, s site) error {
	for _, name := range c.Platforms.sorted() {
		opened, err := c.Platforms[name].open(chat.PlatformID(name), s)
		if err != nil {
			return fmt.Errorf("connection %s: %w", name, err)
		}
		p.platforms = append(p.platforms, opened)
	}
	return nil
}

func (p *program) chats() []chat.Platform {
	var chats []chat.Platform
	for _, c := range p.platforms {
		chats = append(chats, c.Platform)
	}
	return chats
}

// options are what the bot needs to know of the configuration.
func (p *program) options(c config) bot.Options {
	keys := c.Incidents
	return bot.Options{
		Settings: commands.Settings{WebURL: string(c.Web.URL), NewRoom: keys.NewRoom, Zone: keys.Zone,
			ArchiveOnClose: keys.ArchiveOnClose, Version: version},
		Announce:      bot.AnnouncementRoom{Platform: chat.PlatformID(keys.Announce.Platform), Name: keys.Announce.Room},
		TimelineEmoji: keys.Emoji.Timeline,
		SupportEmoji:  keys.Emoji.Supporting,
		Window:        time.Duration(keys.Window),
		MaxFile:       int64(keys.MaxFile),
		Reminders:     c.reminders(),
		Log:           p.log,
	}
}

// run does what a bot does until ctx is done, then stops in order: the chats take nothing more and what was begun is
// finished within a budget, while pages and socket finish their requests. The store stays open until close.
func (p *program) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return p.bot.Run(ctx) })
	g.Go(func() error {
		return serve(ctx, p.socket, desk{store: p.store, folder: p.folder, health: p.health}.handler())
	})
	if p.web != nil {
		g.Go(func() error { return serve(ctx, p.web, p.pages) })
	}
	return g.Wait()
}

// close closes what build opened, the store last.
func (p *program) close() error {
	var open []io.Closer
	if p.web != nil {
		open = append(open, p.web)
	}
	if p.socket != nil {
		open = append(open, p.socket)
	}
	for _, c := range p.platforms {
		open = append(open, c.Closer)
	}
	if p.store != nil {
		open = append(open, p.store)
	}
	var errs error
	for _, c := range open {
		// A server that has stopped has closed its listener already.
		if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = errors.Join(errs, err)
		}
	}
	return errs
}

// health is how the running bot is.
func (p *program) health(ctx context.Context) health {
	return healthOf(p.pulse.feel(ctx), p.bot.Health())
}
