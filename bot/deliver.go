package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// settled is what became of the effects that were worked on.
type settled struct {
	again   time.Time       // when to try once more; zero where it is over
	dropped []chat.EffectID // what hung on it and is dropped with it
	changed []storage.Owed  // what hung on it and knows its target now
}

// result is what a platform made of an effect.
type result struct {
	place chat.Place // of a room
	name  string
	ref   chat.Ref // of a message
	// then records what follows in the log, in the transaction that settles the effect.
	then func(tx storage.Tx) error
}

// deliver does one effect and settles it, together with those that it makes needless. If the store does not take what came
// of it, it is done again, and what is known of this attempt is not forgotten.
func (b *Bot) deliver(ctx context.Context, o storage.Owed, needless []storage.Owed) (settled, error) {
	res, o, err := b.handOver(ctx, o)
	if err != nil && ctx.Err() != nil {
		return settled{again: b.clock.Now(), changed: []storage.Owed{o}}, nil // stopped in the middle: the store still owes it
	}
	s, err := b.conclude(ctx, o, needless, res, err)
	if err != nil {
		return settled{again: b.retryAt(o, 0), changed: []storage.Owed{o}}, err
	}
	return s, nil
}

// handOver gives an effect to its platform, which may take its time, but not for ever.
func (b *Bot) handOver(ctx context.Context, o storage.Owed) (result, storage.Owed, error) {
	p, connected := b.platforms[o.Platform]
	if !connected {
		err := errors.New("the connection is not configured any more")
		return result{}, o, chat.Final(err, fmt.Sprintf("The connection %q is not configured any more.", o.Platform))
	}
	ctx, cancel := context.WithTimeout(ctx, patience(o.Effect))
	defer cancel()
	return b.attempt(ctx, p, o)
}

// conclude writes down what came of an attempt: it worked, it is to be tried again, or it is given up.
func (b *Bot) conclude(ctx context.Context, o storage.Owed, needless []storage.Owed, res result, err error) (settled, error) {
	if err == nil {
		b.health.worked(o.Platform)
		return b.settle(ctx, o, needless, res)
	}
	f := chat.AsFailure(err)
	b.log.Warn().Err(err).Str("effect", o.Key).Str("incident", o.Incident.String()).Str("platform", string(o.Platform)).
		Bool("temporary", f.Temporary).Int("attempt", o.Attempts).Msg("an effect did not get through")
	if f.Temporary {
		b.health.failed(o.Platform, f, b.clock.Now())
	}
	if f.Temporary && b.clock.Now().Sub(o.Born) < giveUp {
		return b.postpone(ctx, o, needless, f)
	}
	return b.drop(ctx, o, needless, f)
}

// patience is how long a platform may take over an effect before its answer is no longer waited for.
func patience(e chat.Effect) time.Duration {
	switch e.(type) {
	case chat.Upload, chat.Keep, chat.CatchUp:
		return 10 * time.Minute
	default:
		return time.Minute
	}
}

// settle removes an effect that is done, records what came of it, and tells the effects that waited for it where to go.
func (b *Bot) settle(ctx context.Context, o storage.Owed, needless []storage.Owed, res result) (settled, error) {
	var s settled
	_, err := b.store.Do(context.WithoutCancel(ctx), storage.Cause{Key: o.Key}, func(tx storage.Tx) (storage.Outcome, error) {
		s = settled{}
		if err := settleAll(tx, slices.Concat(needless, []storage.Owed{o})); err != nil {
			return storage.Outcome{}, err
		}
		waiting, err := waitingFor(tx, o)
		if err != nil {
			return storage.Outcome{}, err
		}
		for _, w := range waiting {
			w.Effect = aimed(w.Effect, chat.Target{Place: res.place, Ref: res.ref})
			if err := tx.PutEffect(w); err != nil {
				return storage.Outcome{}, err
			}
			s.changed = append(s.changed, w)
		}
		return storage.Outcome{Incident: o.Incident}, b.outcome(tx, o, res)
	})
	if err != nil {
		return settled{}, err
	}
	if _, room := o.Effect.(chat.MakeRoom); room {
		b.relink(ctx)
	}
	return s, nil
}

func settleAll(tx storage.Tx, done []storage.Owed) error {
	for _, e := range done {
		if err := tx.Settle(e.ID); err != nil && !errors.Is(err, storage.ErrNotFound) {
			return err
		}
	}
	return nil
}

// outcome records what an effect made: the room of the incident, its card.
func (b *Bot) outcome(tx storage.Tx, o storage.Owed, res result) error {
	if res.then != nil {
		return res.then(tx)
	}
	if o.Incident == 0 {
		return nil
	}
	in, err := tx.Incident(o.Incident)
	if err != nil {
		return err
	}
	var events []incident.Event
	switch e := o.Effect.(type) {
	case chat.MakeRoom:
		if events, err = in.Link(incident.Room{RoomID: roomOf(res.place.Room()), Name: res.name, Home: true, Made: true}); err != nil {
			return nil // the incident ended meanwhile
		}
	case chat.Post:
		if e.Card && in.State.Live() {
			events = in.ShowCard(messageOf(res.ref))
		}
	}
	return tx.Append(o.Incident, events...)
}

// postpone tries again later. What the effect makes needless is over all the same.
func (b *Bot) postpone(ctx context.Context, o storage.Owed, needless []storage.Owed, f *chat.Failure) (settled, error) {
	o.Error = sentence(f)
	o.Due = b.retryAt(o, f.After)
	s := settled{again: o.Due, changed: []storage.Owed{o}}
	for _, e := range needless {
		s.dropped = append(s.dropped, e.ID)
	}
	_, err := b.store.Do(context.WithoutCancel(ctx), storage.Cause{Key: o.Key}, func(tx storage.Tx) (storage.Outcome, error) {
		if err := settleAll(tx, needless); err != nil {
			return storage.Outcome{}, err
		}
		return storage.Outcome{}, tx.PutEffect(o)
	})
	if err != nil {
		return settled{}, err
	}
	return s, nil
}

// retryAt is the platform's own delay, or one that doubles from a second to five minutes.
func (b *Bot) retryAt(o storage.Owed, after time.Duration) time.Time {
	if after <= 0 {
		after = min(time.Second<<min(max(o.Attempts-1, 0), 10), 5*time.Minute)
	}
	return b.clock.Now().Add(after)
}

// drop gives an effect up, and all that hangs on it, where people see it.
func (b *Bot) drop(ctx context.Context, o storage.Owed, needless []storage.Owed, f *chat.Failure) (settled, error) {
	var s settled
	_, err := b.store.Do(context.WithoutCancel(ctx), storage.Cause{Key: o.Key}, func(tx storage.Tx) (storage.Outcome, error) {
		hanging, err := hangingOn(tx, o)
		if err != nil {
			return storage.Outcome{}, err
		}
		s = settled{}
		for _, e := range hanging {
			s.dropped = append(s.dropped, e.ID)
		}
		if err := settleAll(tx, slices.Concat(hanging, needless, []storage.Owed{o})); err != nil || o.Incident == 0 {
			return storage.Outcome{}, err
		}
		events, err := b.given(tx, o, f)
		if err != nil {
			return storage.Outcome{}, err
		}
		return storage.Outcome{Incident: o.Incident}, tx.Append(o.Incident, events...)
	})
	return s, err
}

// given is what the log says of an effect that was given up.
func (b *Bot) given(tx storage.Tx, o storage.Owed, f *chat.Failure) ([]incident.Event, error) {
	in, err := tx.Incident(o.Incident)
	if err != nil {
		return nil, err
	}
	why := sentence(f)
	switch e := o.Effect.(type) {
	case chat.LookUp:
		return in.Observe(incident.Sighting{Message: messageOf(e.Message), Why: why, At: tx.Now()}), nil
	case chat.Keep:
		file := fileOf(e.File)
		file.Problem = why
		return in.KeepFile(messageOf(e.Message), file), nil
	case chat.CatchUp:
		room := roomOf(e.Room)
		if err := tx.SetCovered(room, tx.Now()); err != nil {
			return nil, err
		}
		return in.Miss(incident.Gap{Room: room, From: unreadSince(in, e), To: tx.Now(), Why: why}), nil
	case chat.React, chat.SetTopic:
		return nil, nil // people see that it is missing; the record itself is safe
	default:
		return []incident.Event{incident.SendFailed{What: chat.EffectKind(o.Effect), Room: roomOf(targetOf(o.Effect).Room()), Why: why}}, nil
	}
}

// waitingFor are the effects whose target is the result of one. All that is owed has to be looked through, which most effects
// are spared: nothing can hang on them.
func waitingFor(tx storage.Tx, o storage.Owed) ([]storage.Owed, error) {
	if !makes(o.Effect) {
		return nil, nil
	}
	var waiting []storage.Owed
	for e, err := range tx.Owed(o.ID) {
		if err != nil {
			return nil, err
		}
		if targetOf(e.Effect).Of == o.ID {
			waiting = append(waiting, e)
		}
	}
	return waiting, nil
}

// makes says that an effect makes a room or a message, or opens a room again, where others can go.
func makes(e chat.Effect) bool {
	switch e.(type) {
	case chat.Post, chat.Tell, chat.Upload, chat.MakeRoom, chat.Archive:
		return true
	default:
		return false
	}
}

// hangingOn are all effects that wait for one, directly or over others.
func hangingOn(tx storage.Tx, o storage.Owed) ([]storage.Owed, error) {
	direct, err := waitingFor(tx, o)
	if err != nil {
		return nil, err
	}
	all := direct
	for _, e := range direct {
		more, err := hangingOn(tx, e)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}
