package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"boswell/incident"
	"boswell/storage"
)

// A Reminder nags the rooms of an incident until what it asks for is there.
type Reminder struct {
	// Name tells reminders apart; people snooze them by it.
	Name string
	// Every says when it comes, counted from Since.
	Every cron.Schedule
	// Since is what it is counted from; zero where the incident needs no such reminder now.
	Since func(in *incident.Incident) time.Time
	// Text is what it says.
	Text func(in *incident.Incident, now time.Time, slash string) string
}

// UsualReminders are: nobody is incident commander after five minutes; no update for thirty minutes at the highest severity.
func UsualReminders() []Reminder {
	return []Reminder{
		{Name: "commander", Every: cron.Every(5 * time.Minute), Since: withoutCommander, Text: commanderText},
		{Name: "update", Every: cron.Every(30 * time.Minute), Since: withoutUpdate, Text: updateText},
	}
}

func withoutCommander(in *incident.Incident) time.Time {
	if in.Holder(incident.Commander) != "" || in.State == incident.StateResolved {
		return time.Time{}
	}
	return in.Opened
}

func commanderText(in *incident.Incident, now time.Time, slash string) string {
	return fmt.Sprintf("%s has no incident commander since %s. `%s role commander me` takes the role.",
		in.ID, incident.Words(now.Sub(in.Opened).Truncate(time.Minute)), slash)
}

func withoutUpdate(in *incident.Incident) time.Time {
	if in.Severity != incident.Sev1 || in.State == incident.StateResolved {
		return time.Time{}
	}
	return lastUpdate(in)
}

func lastUpdate(in *incident.Incident) time.Time {
	if in.Updated.After(in.Opened) {
		return in.Updated
	}
	return in.Opened
}

func updateText(in *incident.Incident, now time.Time, slash string) string {
	return fmt.Sprintf("Nobody outside has heard of %s for %s. `%s update <text>` tells them how it stands.",
		in.ID, incident.Words(now.Sub(lastUpdate(in)).Truncate(time.Minute)), slash)
}

// remindKind marks what the schedule keeps for reminders.
const remindKind = "remind"

func remindKey(id incident.ID, r Reminder) string { return id.String() + "/" + r.Name }

// remind brings the schedule in step with the incidents that a command touched.
func (b *Bot) remind(tx storage.Tx, w *watchedTx) error {
	for id := range w.touched {
		in, err := tx.Incident(id)
		if err != nil {
			return err
		}
		for _, r := range b.o.Reminders {
			if err := reschedule(tx, in, r); err != nil {
				return err
			}
		}
	}
	return nil
}

func reschedule(tx storage.Tx, in *incident.Incident, r Reminder) error {
	at := r.next(in, tx.Now())
	if at.IsZero() {
		return tx.Unschedule(remindKey(in.ID, r))
	}
	return tx.Schedule(storage.Due{Key: remindKey(in.ID, r), At: at, Incident: in.ID, Kind: remindKind})
}

// next is when the reminder comes next, after now; zero is never.
func (r Reminder) next(in *incident.Incident, now time.Time) time.Time {
	if !in.State.Live() {
		return time.Time{}
	}
	at := r.Since(in)
	if at.IsZero() {
		return at
	}
	if snoozed := in.Snoozed[r.Name]; snoozed.After(now) {
		return snoozed
	}
	// Counting from the start one by one would take for ever in an incident that is months old.
	if behind := now.Sub(at); behind > 24*time.Hour {
		at = at.Add(behind.Truncate(24 * time.Hour))
	}
	for !at.After(now) {
		at = r.Every.Next(at)
	}
	return at
}

// runSchedule does what is due until ctx is done.
func (b *Bot) runSchedule(ctx context.Context) error {
	commits := b.store.Watch(ctx)
	cover := b.clock.Now().Add(coverEvery)
	for ctx.Err() == nil {
		next, err := b.fireDue(ctx)
		if err != nil && ctx.Err() == nil {
			b.log.Error().Err(err).Msg("could not do what is scheduled")
			next = b.clock.Now().Add(time.Minute)
		}
		cover = b.cover(ctx, cover)
		if next.IsZero() || cover.Before(next) {
			next = cover
		}
		b.sleep(ctx, next, commits)
	}
	return nil
}

// cover notes until when rooms were read, once the time for it has come, and returns when it comes next.
func (b *Bot) cover(ctx context.Context, due time.Time) time.Time {
	now := b.clock.Now()
	if now.Before(due) {
		return due
	}
	if err := b.heard.flush(ctx, b); err != nil && ctx.Err() == nil {
		b.log.Error().Err(err).Msg("could not note until when the rooms were read")
	}
	return now.Add(coverEvery)
}

// sleep waits for a time, or for the schedule to change.
func (b *Bot) sleep(ctx context.Context, until time.Time, commits <-chan storage.Commit) {
	timer, stop := b.clock.NewTimer(until)
	defer stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer:
			return
		case c, open := <-commits:
			if !open || c.Scheduled {
				return
			}
		}
	}
}

// fireDue does everything that is due and returns when the next thing will be; zero is never.
func (b *Bot) fireDue(ctx context.Context) (time.Time, error) {
	for {
		first, due, err := b.firstDue(ctx)
		if err != nil || !due {
			return first.At, err
		}
		if err := b.fire(ctx, first); err != nil {
			return time.Time{}, err
		}
		b.fired.tell()
	}
}

// firstDue is the first thing that is scheduled, and whether it is due.
func (b *Bot) firstDue(ctx context.Context) (first storage.Due, due bool, err error) {
	err = b.store.View(ctx, func(r storage.Reader) error {
		for d := range r.Scheduled() {
			first = d
			break
		}
		return nil
	})
	return first, first.Key != "" && !first.At.After(b.clock.Now()), err
}

// unfired waits for one thing that is due to be done, or reports that nothing is.
func (b *Bot) unfired(ctx context.Context) (none bool, err error) {
	told := b.fired.next()
	if _, due, err := b.firstDue(ctx); err != nil || !due {
		return err == nil, err
	}
	select {
	case <-told:
		return false, nil
	case <-ctx.Done():
		return false, errors.Join(ctx.Err(), errors.New("the schedule did not come to rest"))
	}
}

// fire does one thing that is due, once: its key names the time for which it was scheduled.
func (b *Bot) fire(ctx context.Context, d storage.Due) error {
	b.busy.add()
	defer b.busy.done()
	cause := storage.Cause{Key: fmt.Sprintf("%s/%d", d.Key, d.At.UnixNano())}
	_, err := b.store.Do(ctx, cause, func(tx storage.Tx) (storage.Outcome, error) {
		if err := tx.Unschedule(d.Key); err != nil || d.Kind != remindKind {
			return storage.Outcome{}, err
		}
		in, err := tx.Incident(d.Incident)
		if err != nil {
			return storage.Outcome{}, err
		}
		for _, r := range b.o.Reminders {
			if remindKey(in.ID, r) != d.Key {
				continue
			}
			if err := b.nag(tx, in, r); err != nil {
				return storage.Outcome{}, err
			}
			return storage.Outcome{}, reschedule(tx, in, r)
		}
		return storage.Outcome{}, nil
	})
	return err
}
