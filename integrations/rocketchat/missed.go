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

// missedSince is from when on commands may have been missed.
func (p *Platform) missedSince() time.Time {
	since := p.o.Now().Add(-missedMost)
	if heard := time.Unix(0, p.heard.Load()); heard.After(since) {
		since = heard
	}
	return since.Add(-overlap)
}

// readMissed looks for commands that were typed a short time ago while there was no connection: the server tells them nobody
// any more. Those in rooms that are heeded are run when these are read back, so that they find there what was said before
// them. One that was run already bears the same name, and is not run again.
func (r *running) readMissed(ctx context.Context) {
	since := r.p.missedSince()
	for _, id := range r.p.rooms.activeSince(since) {
		if ctx.Err() != nil {
			return
		}
		if r.p.heeds.Load() != nil && r.p.heeded(id, "") {
			continue
		}
		err := r.p.inRoom(ctx, id, func() error {
			all, err := r.p.synced(ctx, id, since)
			if err == nil {
				r.runMissed(ctx, all.Result.Updated, since)
			}
			return err
		})
		if err != nil && ctx.Err() == nil {
			r.p.log.Warn().Err(err).Str("room", id).Msg("could not read what was typed in a room while there was no connection")
			return // the others would fail alike
		}
	}
}

// runMissed runs the commands among messages that were said since a moment. Whoever gave one twice because there was no answer
// meant it once. It is called in the lane of the room.
func (r *running) runMissed(ctx context.Context, all []message, since time.Time) {
	typed := map[[3]string]bool{}
	for i := range all {
		m := &all[i]
		ran, _ := r.p.ran.get(m.ID)
		if m.Kind != "" || m.Hidden.v || ran || m.Said.Before(since) || ctx.Err() != nil {
			continue
		}
		line := [3]string{m.Sender.ID, m.Thread, m.Text}
		if typed[line] {
			r.p.ran.put(m.ID, true)
			continue
		}
		typed[line] = true
		if m.Edited.Sub(m.Said.Time) <= commandFresh { // what else happened to it meanwhile does not make its words older
			r.obey(m)
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
