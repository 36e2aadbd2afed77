package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// online promises to read what the rooms of live incidents held while the connection was away.
func (b *Bot) online(ctx context.Context, on chat.Online) error {
	now := b.clock.Now()
	_, err := b.store.Do(ctx, storage.Cause{Key: key(on.Place.Platform, on.Delivery)}, func(tx storage.Tx) (storage.Outcome, error) {
		for room, id := range tx.LiveRooms() {
			if chat.PlatformID(room.Platform) != on.Place.Platform {
				continue
			}
			k := fmt.Sprintf("catch up/%s/%s/%d", id, storage.LaneOf(placeOf(room)), now.UnixNano())
			if err := oweCatchUp(tx, id, k, placeOf(room), tx.Covered(room)); err != nil {
				return storage.Outcome{}, err
			}
		}
		return storage.Outcome{}, nil
	})
	return err
}

// catchUp reads a room back and compares what it finds with the log.
func (b *Bot) catchUp(ctx context.Context, p chat.Platform, o storage.Owed, e chat.CatchUp) (result, error) {
	began := b.clock.Now()
	c := &reading{b: b, o: o, e: e, began: began, seen: map[chat.Ref]bool{}}
	if err := c.begin(ctx); err != nil || c.in == nil {
		return result{}, err
	}
	historian, ok := p.(chat.Historian)
	if !ok {
		return result{then: c.unreadable("this chat cannot be read back")}, nil
	}
	kept, err := historian.History(ctx, e.Room, c.since, func(s chat.Seen) error { return c.take(ctx, s) })
	if err != nil {
		return result{}, err
	}
	c.kept = kept
	return result{then: c.finish}, nil
}

// reading is one catching up of one room.
type reading struct {
	b           *Bot
	o           storage.Owed
	e           chat.CatchUp
	in          *incident.Incident // as it was when reading began
	began       time.Time
	since, kept time.Time
	seen        map[chat.Ref]bool
	offer       []incident.MessageRef
	tagged      []incident.MessageRef // that the log did not know
}

// begin finds out from when on the room has to be read, if it still has to.
func (c *reading) begin(ctx context.Context) error {
	return c.b.store.View(ctx, func(r storage.Reader) error {
		in, err := r.Incident(c.o.Incident)
		if err != nil || !c.concerns(in) {
			return err
		}
		c.in = in
		c.since = c.b.windowOf(in)
		if covered := r.Covered(c.room()); !covered.IsZero() && covered.Before(c.since) {
			c.since = covered
		}
		return nil
	})
}

func (c *reading) room() incident.RoomID { return roomOf(c.e.Room.Room()) }

// concerns says that the room is still one of the incident's. Of one that has ended it is read for what was missed before;
// nothing is offered or taken there any more.
func (c *reading) concerns(in *incident.Incident) bool {
	_, linked := in.Room(c.room())
	return linked && (in.State.Live() || !c.e.Offer && !c.e.Take)
}

// windowOf is the moment from which on the rooms of an incident are read: tags may be set on older messages later.
func (b *Bot) windowOf(in *incident.Incident) time.Time {
	if !in.Since.IsZero() {
		return in.Since
	}
	return in.Opened.Add(-b.o.Window)
}

// take compares one message.
func (c *reading) take(ctx context.Context, s chat.Seen) error {
	ref := s.Said.Ref
	c.seen[ref] = true
	if s.Said.From.Self {
		return nil
	}
	c.b.recent.hear(s.Said)
	tags := c.b.tagsOf(s)
	_, known := c.in.EntryOf(messageOf(ref))
	if !known && len(tags) == 0 {
		return nil
	}
	if c.e.Offer && !known {
		c.offer = append(c.offer, messageOf(ref))
		return nil
	}
	if !known {
		c.tagged = append(c.tagged, messageOf(ref))
	}
	at := c.began
	return c.b.observe(ctx, c.o.Incident, chat.Meta{Delivery: chat.DeliveryID(c.o.Key), At: at, Place: c.e.Room},
		sight{ref: ref, said: &s.Said, tags: tags, complete: true, take: c.e.Take, at: at})
}

// tagsOf are the tags that are on a message.
func (b *Bot) tagsOf(s chat.Seen) []incident.SeenTag {
	var tags []incident.SeenTag
	for _, r := range s.Reactions {
		if tag, ok := b.tagOf(r.Emoji); ok && !r.From.Self {
			tags = append(tags, incident.SeenTag{Tag: tag, Way: wayOf(r.Emoji), Person: personID(s.Said.Ref.Platform, r.From), At: r.At})
		}
	}
	if s.Pinned {
		tags = append(tags, incident.SeenTag{Tag: incident.TagTimeline, Way: incident.WayPin})
	}
	if tagsItself(s.Said.Text) {
		tags = append(tags, wordTags(s.Said, true)...)
	}
	return tags
}

// finish records what the whole reading says: which known messages are to be looked for, what is offered, until when the
// room is covered.
func (c *reading) finish(tx storage.Tx) error {
	in, err := tx.Incident(c.o.Incident)
	switch {
	case err != nil || !c.concerns(in):
		return err
	case !in.State.Live():
		return c.tooLate(tx, in)
	}
	for _, ref := range c.missing(in) {
		if err := oweLookUp(tx, in.ID, refOf(ref)); err != nil {
			return err
		}
	}
	if err := c.makeOffer(tx, in); err != nil {
		return err
	}
	return tx.SetCovered(c.room(), c.began)
}

// missing are the tagged messages that should have been seen and were not: younger than where reading began and than what the
// platform keeps. Each is looked up by itself before it is said to be gone.
func (c *reading) missing(in *incident.Incident) []incident.MessageRef {
	var unseen []incident.MessageRef
	for _, m := range in.Followed(c.room()) {
		if m.Said.After(c.since) && m.Said.After(c.kept) && !c.seen[refOf(m.Message)] {
			unseen = append(unseen, m.Message)
		}
	}
	return unseen
}

// makeOffer asks people whether tags that are older than the link of the room count.
func (c *reading) makeOffer(tx storage.Tx, in *incident.Incident) error {
	events := in.Offer(c.offer)
	if len(events) == 0 {
		return nil
	}
	if err := tx.Append(in.ID, events...); err != nil {
		return err
	}
	return owePost(tx, in.ID, c.o.Key+"/offer", c.e.Room, offerMessage(in.ID, len(c.offer), c.since, c.b.platforms[c.e.Room.Platform].Limits().Slash))
}

// tooLate says of an incident that has ended that there is something in the room which it does not take in any more.
func (c *reading) tooLate(tx storage.Tx, in *incident.Incident) error {
	if !slices.ContainsFunc(c.tagged, func(ref incident.MessageRef) bool { return !in.Knows(ref) && !in.Offered(ref) }) {
		return nil
	}
	return c.unreadable("the incident ended before it was read back")(tx)
}

// unreadable says that a stretch of time is not known.
func (c *reading) unreadable(why string) func(storage.Tx) error {
	return func(tx storage.Tx) error {
		in, err := tx.Incident(c.o.Incident)
		if err != nil {
			return err
		}
		events, err := missed(tx, in, c.e, c.began, why)
		if err != nil {
			return err
		}
		return tx.Append(in.ID, events...)
	}
}

// missed is that a room was not read back, from when on it may have been missed until a time. After that it is heard again.
// What was not there to be missed, but to be offered or taken, is no gap in what ended.
func missed(tx storage.Tx, in *incident.Incident, e chat.CatchUp, until time.Time, why string) ([]incident.Event, error) {
	room := roomOf(e.Room.Room())
	if in.State.Live() {
		if err := heardUntil(tx, in.ID, room, until); err != nil {
			return nil, err
		}
	} else if e.Offer || e.Take {
		return nil, nil
	}
	return in.Miss(incident.Gap{Room: room, From: unreadSince(in, e), To: until, Why: why}), nil
}

// unreadSince is from when on a room may have been missed.
func unreadSince(in *incident.Incident, e chat.CatchUp) time.Time {
	if e.Unread.After(in.Opened) {
		return e.Unread
	}
	return in.Opened
}
