package rocketchat

import (
	"context"
	"slices"
	"time"
)

const (
	// missedMost is how far back commands are looked for that were typed while there was no connection: whoever typed one
	// longer ago has gone another way since.
	missedMost = 5 * time.Minute
	// missedRooms is in how many rooms they are looked for, where something was said last.
	missedRooms = 50
)

// readMissed reads what was said a short time ago while there was no connection, in any room: it may be a command, and the
// server tells it nobody any more. One that was run before is not run again: it bears the same name.
func (r *running) readMissed(ctx context.Context) {
	since := r.p.o.Now().Add(-missedMost)
	if heard := time.Unix(0, r.p.heard.Load()); heard.After(since) {
		since = heard
	}
	since = since.Add(-overlap)
	for _, id := range r.p.rooms.activeSince(since) {
		if ctx.Err() != nil {
			return
		}
		if err := r.p.inRoom(ctx, id, func() error { return r.readSince(ctx, id, since) }); err != nil {
			r.p.log.Warn().Err(err).Str("room", id).Msg("could not read what was said in a room while there was no connection")
			return // the others would fail alike, and rooms of incidents are read back in any case
		}
	}
}

// activeSince are the rooms where something was said since a moment, the latest first.
func (r *rooms) activeSince(since time.Time) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var active []room
	for _, known := range r.in {
		if known.lately().After(since) && !known.Archived.v && !known.Encrypted.v {
			active = append(active, known)
		}
	}
	slices.SortFunc(active, func(a, b room) int { return b.lately().Compare(a.lately()) })
	ids := make([]string, 0, missedRooms)
	for _, known := range active[:min(len(active), missedRooms)] {
		ids = append(ids, known.ID)
	}
	return ids
}

// lately is when something happened in a room last.
func (r room) lately() time.Time {
	if !r.Last.IsZero() {
		return r.Last.Time
	}
	return r.Updated.Time
}

// readSince takes what happened in a room since a moment as if it happened now. It is called in the lane of the room.
func (r *running) readSince(ctx context.Context, id string, since time.Time) error {
	all, err := r.p.synced(ctx, id, since)
	if err != nil {
		return err
	}
	for i := range all.Result.Updated {
		if m := &all.Result.Updated[i]; m.Said.After(since) && ctx.Err() == nil {
			r.message(m)
		}
	}
	return ctx.Err()
}
