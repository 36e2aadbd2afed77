// Package bot is the engine between chats, commands and the store: intake, capture, outbox, catching up, schedule.
//
// The invariant: neither side knows the other. A platform hands in what arrives and hears nothing before it is on disk;
// a command promises effects in the transaction that causes them, and only the outbox talks to a platform about them. The
// network is never touched inside a transaction.
package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"boswell/chat"
	"boswell/commands"
	"boswell/incident"
	"boswell/storage"
)

// A Clock tells the time and wakes at a time. Tests share one with the chats they simulate.
type Clock interface {
	// Now is the time, in UTC.
	Now() time.Time
	// NewTimer sends once when it is at or past a time; stop releases it.
	NewTimer(at time.Time) (c <-chan time.Time, stop func())
}

// Options are what a Bot needs beside store and platforms. The zero value is of use.
type Options struct {
	// Settings are what commands look at. Their Slash is set by the bot: each platform has its own.
	Settings commands.Settings
	// Announce is the room that hears of incidents and updates.
	Announce AnnouncementRoom
	// TimelineEmoji and SupportEmoji are the reactions that tag: unicode characters or ":name:". None are the usual ones.
	TimelineEmoji, SupportEmoji []string
	// Window is how far back a room is read when an incident starts; 0 is the usual one.
	Window time.Duration
	// MaxFile is the size in bytes up to which files are kept; 0 is the usual one.
	MaxFile int64
	// Reminders are the reminders to give; nil are the usual ones, an empty list none.
	Reminders []Reminder
	Log       zerolog.Logger
}

// A Bot runs incidents in chats. Make one with New; Run it once.
type Bot struct {
	store     storage.Store
	platforms map[chat.PlatformID]chat.Platform
	clock     Clock
	o         Options
	log       zerolog.Logger

	links  links
	recent *recent
	people peopleCache
	busy   inflight
	outbox *outbox
	health health
	heard  heard
	fired  signal // hears of all that the schedule does

	announce place
	left     []chore // what Prepare could not do
}

// New makes a bot. It reads what is linked and owed, and touches no network.
func New(store storage.Store, platforms []chat.Platform, clock Clock, o Options) (*Bot, error) {
	b := &Bot{store: store, platforms: map[chat.PlatformID]chat.Platform{}, clock: clock, o: o.filled(), log: o.Log,
		recent: newRecent(recentMessages)}
	for _, p := range platforms {
		if _, twice := b.platforms[p.ID()]; twice {
			return nil, fmt.Errorf("two platforms are called %q", p.ID())
		}
		b.platforms[p.ID()] = p
	}
	b.outbox = newOutbox(b)
	b.health.start(platforms)
	return b, b.refresh(context.Background())
}

// Usual are the options that hold where none are given.
func Usual() Options {
	return Options{
		TimelineEmoji: []string{"📌", "📍", ":pushpin:"},
		SupportEmoji:  []string{"📎", ":paperclip:"},
		Window:        24 * time.Hour,
		MaxFile:       25 << 20,
		Reminders:     UsualReminders(),
	}
}

func (o Options) filled() Options {
	usual := Usual()
	if len(o.TimelineEmoji) == 0 {
		o.TimelineEmoji = usual.TimelineEmoji
	}
	if len(o.SupportEmoji) == 0 {
		o.SupportEmoji = usual.SupportEmoji
	}
	if o.Window == 0 {
		o.Window = usual.Window
	}
	if o.MaxFile == 0 {
		o.MaxFile = usual.MaxFile
	}
	if o.Reminders == nil {
		o.Reminders = usual.Reminders
	}
	return o
}

// drain is how long what was begun may take after the bot is told to stop.
const drain = 10 * time.Second

// Run takes what arrives, delivers what is owed and reminds people, until ctx is done. Then platforms take nothing more,
// and what was begun is finished, within ten seconds. It does not close the store.
func (b *Bot) Run(ctx context.Context) error {
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	var inner errgroup.Group
	inner.Go(func() error { return b.outbox.run(work) })
	inner.Go(func() error { return b.runSchedule(work) })
	inner.Go(func() error { return b.runChores(work) })

	var outer errgroup.Group
	for _, p := range b.platforms {
		outer.Go(func() error { b.runPlatform(ctx, p); return nil })
	}
	<-ctx.Done()
	err := outer.Wait()
	b.finish()
	stopWork()
	return errors.Join(err, inner.Wait())
}

// finish waits for what was begun, but not for ever.
func (b *Bot) finish() {
	b.outbox.stop()
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if err := b.busy.wait(ctx); err != nil {
		b.log.Warn().Msg("stopped before everything that was begun had an answer; it is tried again at the next start")
	}
	if err := b.heard.flush(context.Background(), b); err != nil {
		b.log.Error().Err(err).Msg("could not note until when the rooms were read")
	}
}

// runPlatform keeps one platform running. One that gives up for good is told about; the others go on.
func (b *Bot) runPlatform(ctx context.Context, p chat.Platform) {
	if s, sifts := p.(chat.Sifter); sifts {
		s.Sift(b.heeds)
	}
	err := p.Run(ctx, b.handler(p))
	if ctx.Err() != nil {
		return
	}
	if err == nil {
		err = errors.New("it stopped without saying why")
	}
	b.log.Error().Err(err).Str("platform", string(p.ID())).Msg("the platform gave up; the others go on")
	b.health.down(p.ID(), err)
	if err := b.tellOthers(ctx, p.ID(), err); err != nil {
		b.log.Error().Err(err).Str("platform", string(p.ID())).Msg("could not tell the other platforms")
	}
}

// tellOthers says in the rooms of the other platforms that one is lost.
func (b *Bot) tellOthers(ctx context.Context, lost chat.PlatformID, why error) error {
	text := chat.Say(fmt.Sprintf("⚠️ The connection %q is lost and does not come back by itself: %s", lost, wordsOf(why)))
	key := fmt.Sprintf("down/%s/%d", lost, b.clock.Now().Unix())
	_, err := b.store.Do(ctx, storage.Cause{Key: key}, func(tx storage.Tx) (storage.Outcome, error) {
		for room, id := range tx.LiveRooms() {
			if chat.PlatformID(room.Platform) == lost {
				continue
			}
			if err := owePost(tx, id, key, placeOf(room), chat.Message{Text: text}); err != nil {
				return storage.Outcome{}, err
			}
		}
		return storage.Outcome{}, nil
	})
	return err
}

// Settle waits until every delivery that was taken is handled, and nothing that is scheduled or owed is due. Tests wait on it
// instead of on time.
func (b *Bot) Settle(ctx context.Context) error {
	for {
		if err := b.busy.wait(ctx); err != nil {
			return err
		}
		rests, err := b.unfired(ctx)
		if rests {
			rests, err = b.outbox.idle(ctx)
		}
		if err != nil || rests && b.busy.none() {
			return err
		}
	}
}

// refresh reads which rooms are linked to live incidents.
func (b *Bot) refresh(ctx context.Context) error {
	b.links.reading.Lock()
	defer b.links.reading.Unlock()
	return b.store.View(ctx, func(r storage.Reader) error {
		b.links.set(r.LiveRooms())
		return nil
	})
}

// relink reads the links again after something may have changed them. What was decided stands even if that fails.
func (b *Bot) relink(ctx context.Context) {
	if err := b.refresh(context.WithoutCancel(ctx)); err != nil {
		b.log.Error().Err(err).Msg("could not read which rooms are linked; messages of new rooms may be missed until the next command")
	}
}

// wordsOf is what people may read of an error: a refusal as it is, the platform's own words where it has some, else that
// something broke.
func wordsOf(err error) string {
	var r incident.Refusal
	if errors.As(err, &r) {
		return r.Text
	}
	var f *chat.Failure
	if errors.As(err, &f) && f.Tell != "" {
		return f.Tell
	}
	return "the operator finds the reason in the log."
}

// inflight counts what is being handled.
type inflight struct {
	mu   sync.Mutex
	n    int
	free chan struct{} // closed when n is 0; nil while nobody waits for that
}

func (f *inflight) add() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n++
}

func (f *inflight) done() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n--
	if f.n == 0 && f.free != nil {
		close(f.free)
		f.free = nil
	}
}

func (f *inflight) none() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.n == 0
}

func (f *inflight) wait(ctx context.Context) error {
	f.mu.Lock()
	if f.n > 0 && f.free == nil {
		f.free = make(chan struct{})
	}
	free, n := f.free, f.n
	f.mu.Unlock()
	if n == 0 {
		return nil
	}
	select {
	case <-free:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
