package bot

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

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
	what string
	do   func(context.Context) error
}

// Prepare makes the commands native to the platforms that have such, and finds the announcement room. A room that does not
// exist is a Refusal; a platform that does not answer now is asked again while the bot runs. It is called once, before Run.
func (b *Bot) Prepare(ctx context.Context) error {
	for _, c := range b.chores() {
		timed, cancel := context.WithTimeout(ctx, prepareWait)
		err := c.do(timed)
		cancel()
		switch {
		case err == nil:
		case errors.As(err, new(incident.Refusal)):
			return err
		case chat.AsFailure(err).Temporary:
			b.log.Warn().Err(err).Msg("could not " + c.what + "; it is tried again")
			b.left = append(b.left, c)
		default:
			b.log.Error().Err(err).Msg("could not " + c.what)
		}
	}
	return nil
}

func (b *Bot) chores() []chore {
	var all []chore
	for id, p := range b.platforms {
		if r, ok := p.(chat.Registrar); ok {
			all = append(all, chore{fmt.Sprintf("declare the commands to %s", id), func(ctx context.Context) error {
				return r.Register(ctx, commands.Declared())
			}})
		}
	}
	if b.o.Announce.Name != "" {
		all = append(all, chore{"find the announcement room", b.findAnnouncementRoom})
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
	if err != nil && !chat.AsFailure(err).Temporary {
		return incident.Refuse("The announcement room %s of %s cannot be used: %v. Correct incidents.announce in the configuration.", room.Name, room.Platform, err)
	}
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
				b.log.Warn().Err(err).Msg("could not " + c.what)
				left = append(left, c)
			}
		}
		b.left = left
	}
	return nil
}
