package bot

import (
	"context"
	"fmt"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// gone says in the log that a room cannot be read any more, and to the people elsewhere.
func (b *Bot) gone(ctx context.Context, g chat.Gone) error {
	id, linked := b.links.of(g.Place)
	if !linked {
		return nil
	}
	cause := storage.Cause{Key: key(g.Place.Platform, g.Delivery), By: personID(g.Place.Platform, g.From)}
	_, err := b.store.Do(ctx, cause, func(tx storage.Tx) (storage.Outcome, error) {
		in, room, err := relinked(tx, id, g.Place, g.Why)
		if err != nil || in == nil {
			return storage.Outcome{}, err
		}
		t := chat.Say(fmt.Sprintf("⚠️ I cannot read %s any more: %s. What is said there is missing from %s until I am back.", room.Name, g.Why, id))
		return storage.Outcome{Incident: id}, b.tellElsewhere(tx, in, cause.Key, t)
	})
	return err
}

// back takes up a room again that could not be read for a while.
func (b *Bot) back(ctx context.Context, j chat.Joined) error {
	id, linked := b.links.of(j.Place)
	if !linked || j.Left || !j.From.Self {
		return nil
	}
	cause := storage.Cause{Key: key(j.Place.Platform, j.Delivery)}
	_, err := b.store.Do(ctx, cause, func(tx storage.Tx) (storage.Outcome, error) {
		in, room, err := relinked(tx, id, j.Place, "")
		if err != nil || in == nil {
			return storage.Outcome{}, err
		}
		return storage.Outcome{Incident: id}, oweCatchUp(tx, id, cause.Key+"/catch up", placeOf(room.RoomID), tx.Covered(room.RoomID))
	})
	return err
}

// relinked records whether a room of an incident can be read, and returns both as they then are; nil where nothing changed.
func relinked(tx storage.Tx, id incident.ID, at chat.Place, unreadable string) (*incident.Incident, incident.Room, error) {
	in, err := tx.Incident(id)
	if err != nil {
		return nil, incident.Room{}, err
	}
	room, there := in.Room(roomOf(at.Room()))
	if !there || room.Unreadable == unreadable {
		return nil, room, nil
	}
	if room.Unreadable == "" { // until now it was read
		if err := tx.SetCovered(room.RoomID, tx.Now()); err != nil {
			return nil, room, err
		}
	}
	room.Unreadable = unreadable
	events, err := in.Link(room)
	if err != nil {
		return nil, room, err
	}
	if err := tx.Append(id, events...); err != nil {
		return nil, room, err
	}
	in, err = tx.Incident(id)
	return in, room, err
}

// tellElsewhere says something in the rooms of an incident that can be read; where there is none, in the room for
// announcements, unless the incident is private.
func (b *Bot) tellElsewhere(tx storage.Tx, in *incident.Incident, key string, t chat.Text) error {
	var places []chat.Place
	for _, r := range in.Rooms {
		if r.Unreadable == "" {
			places = append(places, placeOf(r.RoomID))
		}
	}
	if announce := b.announceIn(); len(places) == 0 && announce != (chat.Place{}) && !in.Private {
		places = append(places, announce)
	}
	for _, p := range places {
		if err := owePost(tx, in.ID, key, p, chat.Message{Text: t}); err != nil {
			return err
		}
	}
	return nil
}
