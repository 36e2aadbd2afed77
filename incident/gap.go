package incident

import (
	"slices"
	"time"
)

// Miss records that a room could not be read for a time. How long a room cannot be read that is marked so is known without
// that; nor is it missed how an incident goes on that has ended.
func (in *Incident) Miss(g Gap) []Event {
	if since, deaf := in.deaf[g.Room]; deaf && g.To.After(since) {
		g.To = since
	}
	if !in.State.Live() && g.To.After(in.Closed) {
		g.To = in.Closed
	}
	if !g.To.After(g.From) || slices.ContainsFunc(in.Gaps, func(old Gap) bool { return old.covers(g) }) {
		return nil
	}
	return []Event{Missed(g)}
}

// Unread are the times in which rooms could not be read. One without an end goes on: the room could be read and cannot now. A
// room that was never read has none, since whoever linked it was told; nor has one that was taken away, but for what was
// recorded.
func (in *Incident) Unread() []Gap {
	all := in.Gaps
	for _, r := range in.Rooms {
		since, deaf := in.deaf[r.RoomID]
		if deaf && (in.Closed.IsZero() || in.Closed.After(since)) {
			all = withGap(all, Gap{Room: r.RoomID, From: since, To: in.Closed, Why: r.Unreadable})
		}
	}
	return all
}

// listen notes from when on a room cannot be read that could be. Whether it was read back is recorded apart, once it can be read
// again.
func (in *Incident) listen(r Room, at time.Time) {
	old, linked := in.Room(r.RoomID)
	switch {
	case r.Unreadable == "":
		delete(in.deaf, r.RoomID)
	case linked && old.Unreadable == "":
		in.deaf[r.RoomID] = at
	}
}

// covers says that g says nothing new.
func (old Gap) covers(g Gap) bool {
	return old.Room == g.Room && old.Why == g.Why && !g.From.Before(old.From) && !g.To.After(old.To)
}

// withGap is the list with one more. What goes on where the last one of the room ended, for the same reason, is one with it.
// The slice it returns is a new one.
func withGap(list []Gap, g Gap) []Gap {
	list = slices.Clone(list)
	for i, old := range slices.Backward(list) {
		if old.Room != g.Room {
			continue
		}
		if old.Why == g.Why && !g.From.Before(old.From) && !g.From.After(old.To) {
			list[i].To = g.To
			return list
		}
		break
	}
	return append(list, g)
}
