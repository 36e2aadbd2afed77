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
	gone    []storage.Owed // not owed any more: done, needless or dropped
	changed []storage.Owed // still owed, and otherwise than before: due later, or its target is known now
}

// kept are effects that are all still owed, from a time on.
func kept(from time.Time, effects ...storage.Owed) settled {
	for i := range effects {
		effects[i].Due = from
	}
	return settled{changed: effects}
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
		return kept(b.clock.Now(), slices.Concat(needless, []storage.Owed{o})...), nil // stopped in the middle
	}
	s, err := b.conclude(ctx, o, needless, res, err)
	if err != nil {
		return kept(b.retryAt(o, 0), slices.Concat(needless, []storage.Owed{o})...), err
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
	ctx, cancel := context.WithTimeout(ctx, traitOf(o.Effect).patience)
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

// settle removes an effect that is done, records what came of it, and tells the effects that waited for it where to go.
func (b *Bot) settle(ctx context.Context, o storage.Owed, needless []storage.Owed, res result) (settled, error) {
	s := settled{gone: slices.Concat(needless, []storage.Owed{o})}
	err := b.write(ctx, o, func(tx storage.Tx) error {
		if err := settleAll(tx, s.gone); err != nil {
			return err
		}
		var err error
		if s.changed, err = b.waitingFor(tx, o); err != nil {
			return err
		}
		for i, w := range s.changed {
			s.changed[i].Effect = chat.Aimed(w.Effect, chat.Target{Place: res.place, Ref: res.ref})
			if err := tx.PutEffect(s.changed[i]); err != nil {
				return err
			}
		}
		if err := b.outcome(tx, o, res); err != nil {
			return err
		}
		return b.readingOver(tx, o)
	})
	if err != nil {
		return settled{}, err
	}
	if _, room := o.Effect.(chat.MakeRoom); room {
		b.relink(ctx)
	}
	return s, nil
}

// write decides something about an effect that the platform has answered, also when the bot is being stopped.
func (b *Bot) write(ctx context.Context, o storage.Owed, fn func(storage.Tx) error) error {
	_, err := b.store.Do(context.WithoutCancel(ctx), storage.Cause{Key: o.Key}, func(tx storage.Tx) (storage.Outcome, error) {
		return storage.Outcome{Incident: o.Incident}, fn(tx)
	})
	return err
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
	o.Error = wordsOf(f)
	o.Due = b.retryAt(o, f.After)
	return settled{gone: needless, changed: []storage.Owed{o}}, b.write(ctx, o, func(tx storage.Tx) error {
		if err := settleAll(tx, needless); err != nil {
			return err
		}
		return tx.PutEffect(o)
	})
}

// retryAt is the platform's own delay, or one that grows.
func (b *Bot) retryAt(o storage.Owed, after time.Duration) time.Time {
	if after <= 0 {
		after = growing(o.Attempts)
	}
	return b.clock.Now().Add(after)
}

// drop gives an effect up, and all that hangs on it, where people see it.
func (b *Bot) drop(ctx context.Context, o storage.Owed, needless []storage.Owed, f *chat.Failure) (settled, error) {
	var s settled
	err := b.write(ctx, o, func(tx storage.Tx) error {
		hanging, err := b.hangingOn(tx, o)
		if err != nil {
			return err
		}
		s.gone = slices.Concat(hanging, needless, []storage.Owed{o})
		if err := settleAll(tx, s.gone); err != nil || o.Incident == 0 {
			return err
		}
		return b.given(tx, o, wordsOf(f))
	})
	return s, err
}

// given records that an effect was given up, and does what follows from that.
func (b *Bot) given(tx storage.Tx, o storage.Owed, why string) error {
	in, err := tx.Incident(o.Incident)
	if err != nil {
		return err
	}
	events, err := lost(tx, in, o, why)
	if err != nil {
		return err
	}
	if err := tx.Append(o.Incident, events...); err != nil {
		return err
	}
	if e, room := o.Effect.(chat.MakeRoom); room {
		return oweRoomless(tx, in, o.Key, e.Room, why)
	}
	return b.readingOver(tx, o)
}

// oweRoomless tells whoever waits for the room of an incident that there will be none, where the room was asked for: the
// incident itself has no place to say it.
func oweRoomless(tx storage.Tx, in *incident.Incident, key string, room chat.NewRoom, why string) error {
	text := chat.Typed(fmt.Sprintf("⚠️ I could not make a room for %s: %s Make a room and invite me, or take one that is there: `%s link <room> in:%s` makes it one of the incident's.",
		in.ID, why, usualSlash, in.ID))
	if !in.Private {
		return owePost(tx, in.ID, key+"/lost", room.Near, chat.Message{Text: text})
	}
	for _, user := range room.Users {
		_, err := tx.Owe(storage.Owed{Incident: in.ID, Key: key + "/lost/" + string(user), Platform: room.Near.Platform, Lane: storage.LaneOf(room.Near),
			Effect: chat.Tell{To: user, Near: room.Near, Message: chat.Message{Text: text}}})
		if err != nil {
			return err
		}
	}
	return nil
}

// lost is what the log says of an effect that was given up.
func lost(tx storage.Tx, in *incident.Incident, o storage.Owed, why string) ([]incident.Event, error) {
	switch e := o.Effect.(type) {
	case chat.LookUp:
		return in.Observe(incident.Sighting{Message: messageOf(e.Message), Why: why, At: tx.Now()}), nil
	case chat.Keep:
		file := fileOf(e.File)
		file.Problem = why
		return in.KeepFile(messageOf(e.Message), file), nil
	case chat.CatchUp:
		return missed(tx, in, e, tx.Now(), why)
	case chat.React, chat.SetTopic:
		return nil, nil // people see that it is missing; the record itself is safe
	default:
		return []incident.Event{incident.SendFailed{What: chat.EffectKind(o.Effect), Room: roomOf(chat.TargetOf(o.Effect).Room()), Why: why}}, nil
	}
}

// waitingFor are the effects whose target is the result of one: those that the outbox knows of, and those among what was owed
// since it last looked.
func (b *Bot) waitingFor(tx storage.Tx, o storage.Owed) ([]storage.Owed, error) {
	if !traitOf(o.Effect).makes {
		return nil, nil
	}
	var waiting []storage.Owed
	known, newest := b.outbox.hangingOn(o.ID)
	for _, id := range known {
		switch e, err := tx.Effect(id); {
		case err == nil:
			waiting = append(waiting, e)
		case !errors.Is(err, storage.ErrNotFound):
			return nil, err
		}
	}
	for e, err := range tx.Owed(newest) {
		if errors.Is(err, storage.ErrDamaged) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if chat.TargetOf(e.Effect).Of == o.ID {
			waiting = append(waiting, e)
		}
	}
	return waiting, nil
}

// hangingOn are all effects that wait for one, directly or over others.
func (b *Bot) hangingOn(tx storage.Tx, o storage.Owed) ([]storage.Owed, error) {
	direct, err := b.waitingFor(tx, o)
	if err != nil {
		return nil, err
	}
	all := direct
	for _, e := range direct {
		more, err := b.hangingOn(tx, e)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}
