package bot

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"boswell/chat"
	"boswell/commands"
	"boswell/incident"
)

// An AnnouncementRoom is the room that hears of incidents and updates, as an operator names it. The zero one is none.
type AnnouncementRoom struct {
	Platform chat.PlatformID
	Name     string
}

// prepareWait is how long a platform may take to answer what is asked of it before it runs.
const prepareWait = 10 * time.Second

// A chore is something to be done once before everything works. The bot runs without it.
type chore struct {
	on   chat.PlatformID
	what string
	do   func(context.Context) error
	err  error // why it is not done yet
}

// Prepare makes the commands native to the platforms that have such, and finds the announcement room. What can never work
// with this configuration is a Refusal. Whatever else fails keeps nobody from starting, since the other platforms would be
// lost with it: it is logged, told by Health, and tried again while the bot runs. Prepare is called once, before Run.
func (b *Bot) Prepare(ctx context.Context) error {
	for _, c := range b.chores() {
		timed, cancel := context.WithTimeout(ctx, prepareWait)
		err := c.do(timed)
		cancel()
		if errors.As(err, new(incident.Refusal)) {
			return err
		}
		if err != nil {
			b.left = append(b.left, b.undone(c, err))
		}
	}
	b.health.leave(b.left)
	return nil
}

// undone notes why a chore failed. The same reason is logged once.
func (b *Bot) undone(c chore, err error) chore {
	if c.err == nil || c.err.Error() != err.Error() {
		level := zerolog.WarnLevel
		if !chat.AsFailure(err).Temporary {
			level = zerolog.ErrorLevel
		}
		b.log.WithLevel(level).Err(err).Str("platform", string(c.on)).Msg("could not " + c.what + "; it is tried again")
	}
	c.err = err
	return c
}

func (b *Bot) chores() []chore {
	var all []chore
	for id, p := range b.platforms {
		if r, ok := p.(chat.Registrar); ok {
			all = append(all, chore{on: id, what: "declare the commands", do: func(ctx context.Context) error {
				return r.Register(ctx, commands.Declared())
			}})
		}
	}
	if room := b.o.Announce; room.Name != "" {
		all = append(all, chore{on: room.Platform, what: "find the announcement room " + room.Name, do: b.findAnnouncementRoom})
	}
	return all
}

func (b *Bot) findAnnouncementRoom(ctx context.Context) error {
	room := b.o.Announce
	finder, ok := b.platforms[room.Platform].(chat.RoomFinder)
	if !ok {
		return incident.Refuse("The connection %q cannot find rooms by name, so nothing can be announced there. Take incidents.announce out of the configuration.", room.Platform)
	}
	place, _, err := finder.FindRoom(ctx, chat.Place{Platform: room.Platform}, room.Name)
	if err == nil {
		b.announce.Store(&place)
	}
	return err
}

// announceIn is the announcement room; the zero Place is none.
func (b *Bot) announceIn() chat.Place {
	if place := b.announce.Load(); place != nil {
		return *place
	}
	return chat.Place{}
}

// place is a place that is found out while others ask for it.
type place = atomic.Pointer[chat.Place]

// runChores does what Prepare left undone, at growing distances.
func (b *Bot) runChores(ctx context.Context) error {
	for n := 0; len(b.left) > 0; n++ {
		timer, stop := b.clock.NewTimer(b.clock.Now().Add(growing(n + 1)))
		select {
		case <-ctx.Done():
			stop()
			return nil
		case <-timer:
		}
		var left []chore
		for _, c := range b.left {
			if err := c.do(ctx); err != nil && ctx.Err() == nil {
				left = append(left, b.undone(c, err))
			}
		}
		b.left = left
		b.health.leave(left)
	}
	return nil
}
