package bot

import (
	"context"
	"fmt"
	"time"

	"boswell/chat"
	"boswell/commands"
	"boswell/incident"
	"boswell/storage"
)

// wanted says that the reminder is to be given now: there is a reason, and nobody snoozed it.
func (r Reminder) wanted(in *incident.Incident, now time.Time) bool {
	return in.State.Live() && !r.Since(in).IsZero() && !in.Snoozed[r.Name].After(now)
}

// nag promises to remind the rooms where the incident is fought. As long as that did not get through it is promised once,
// however long the platform is away.
func (b *Bot) nag(tx storage.Tx, in *incident.Incident, r Reminder) error {
	if !r.wanted(in, tx.Now()) {
		return nil
	}
	for _, room := range in.Rooms {
		to := placeOf(room.RoomID)
		if _, connected := b.platforms[to.Platform]; !room.Home || !connected {
			continue
		}
		lane := storage.LaneOf(to)
		_, err := tx.Owe(storage.Owed{Incident: in.ID, Key: remindKey(in.ID, r) + "/" + lane, Platform: to.Platform, Lane: lane,
			Effect: chat.Remind{To: chat.Target{Place: to}, Name: r.Name}})
		if err != nil {
			return err
		}
	}
	return nil
}

// remind gives a reminder, unless it is not wanted any more. Since the next one is owed under the same key, the platform gets
// one that names this one alone.
func (a *attempt) remind(ctx context.Context, e chat.Remind) (result, error) {
	m, wanted, err := a.reminder(ctx, e.Name)
	if err != nil || !wanted {
		return result{}, err
	}
	return a.post(ctx, fmt.Sprintf("%s/%d", a.owed.Key, a.owed.ID), e.To.Place, m)
}

// reminder is what a reminder says now.
func (a *attempt) reminder(ctx context.Context, name string) (m chat.Message, wanted bool, err error) {
	err = a.store.View(ctx, func(read storage.Reader) error {
		in, err := read.Incident(a.owed.Incident)
		if err != nil {
			return err
		}
		now, slash := a.clock.Now(), a.p.Limits().Slash
		for _, r := range a.o.Reminders {
			if r.Name != name || !r.wanted(in, now) {
				continue
			}
			wanted = true
			m.Text = append(chat.Say("⏰ "), chat.Typed(r.Text(in, now, slash))...)
			m.Buttons = []chat.Button{commands.SnoozeButton(in.ID, r.Name, slash)}
		}
		return nil
	})
	if err != nil {
		err = chat.Temporary(err, 0)
	}
	return m, wanted, err
}
