package bolt

import (
	"maps"
	"slices"

	"boswell/incident"
)

func (r *reader) InRoom(room incident.RoomID) (incident.ID, bool) { return r.latest(inRooms, room) }

func (r *reader) LastInRoom(room incident.RoomID) (incident.ID, bool) {
	return r.latest(inLinked, room)
}

// latest is the incident that took a room last; for a thread that nobody took, that of its channel.
func (r *reader) latest(b bucket, room incident.RoomID) (incident.ID, bool) {
	if r.over {
		return 0, false
	}
	key := r.src.last(b, roomKey(room))
	if key == nil && room.Thread != "" {
		room.Thread = ""
		key = r.src.last(b, roomKey(room))
	}
	if key == nil {
		return 0, false
	}
	l, err := parseLink(key)
	return l.id, r.note(err)
}

func (r *reader) LiveRooms() map[incident.RoomID]incident.ID {
	live := map[incident.RoomID]incident.ID{}
	if r.over {
		return live
	}
	for key := range r.src.scan(inRooms, nil, nil) {
		// Keys of one room come in the order of time, so the latest claim wins.
		if l, err := parseLink(key); r.note(err) {
			live[l.room] = l.id
		}
	}
	return live
}

// A claim is what one record changes in the rooms of an incident.
type claim struct {
	linked []incident.RoomID // rooms that the incident did not have before
	taken  []incident.RoomID // rooms that the live incident has from now on
	freed  []incident.RoomID // rooms that it has no longer, as a live incident
}

// apply applies a record and says what that changes in the rooms. It looks at the state before and after, not at the kind
// of event, so it holds for every event there will be.
func apply(in *incident.Incident, r incident.Record) claim {
	wasLive, before := in.State.Live(), in.Rooms
	in.Apply(r)
	isLive, now := in.State.Live(), in.Rooms
	if wasLive == isLive && same(before, now) {
		return claim{}
	}
	c := claim{linked: missingFrom(before, now)}
	switch {
	case wasLive && isLive:
		c.taken, c.freed = c.linked, missingFrom(now, before)
	case isLive:
		c.taken = missingFrom(nil, now)
	case wasLive:
		c.freed = missingFrom(nil, before)
	}
	return c
}

// missingFrom are the rooms of list that are not in known.
func missingFrom(known, list []incident.Room) []incident.RoomID {
	var fresh []incident.RoomID
	for _, room := range list {
		if !slices.ContainsFunc(known, func(k incident.Room) bool { return k.RoomID == room.RoomID }) {
			fresh = append(fresh, room.RoomID)
		}
	}
	return fresh
}

// claimRooms writes what a record changed.
func (t *tx) claimRooms(c claim, r incident.Record) error {
	for _, room := range c.freed {
		t.freeRoom(room, r.Incident)
	}
	for _, room := range c.linked {
		if err := t.w.put(inLinked, link{room, r.At, r.Incident}.key(), nil); err != nil {
			return err
		}
	}
	for _, room := range c.taken {
		if err := t.w.put(inRooms, link{room, r.At, r.Incident}.key(), nil); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) freeRoom(room incident.RoomID, id incident.ID) {
	for key := range t.w.scan(inRooms, roomKey(room), nil) {
		if l, err := parseLink(key); t.note(err) && l.id == id {
			t.w.delete(inRooms, key)
		}
	}
}

// links are what a log adds up to in the buckets of rooms.
type links struct {
	live map[incident.RoomID]link
	ever []link
}

func newLinks() *links { return &links{live: map[incident.RoomID]link{}} }

func (l *links) add(c claim, r incident.Record) {
	for _, room := range c.freed {
		delete(l.live, room)
	}
	for _, room := range c.linked {
		l.ever = append(l.ever, link{room, r.At, r.Incident})
	}
	for _, room := range c.taken {
		l.live[room] = link{room, r.At, r.Incident}
	}
}

func (l *links) byBucket() map[bucket][]link {
	return map[bucket][]link{inRooms: slices.Collect(maps.Values(l.live)), inLinked: l.ever}
}
