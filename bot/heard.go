package bot

import (
	"context"
	"sync"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// coverEvery is how often it is noted until when rooms were read.
const coverEvery = time.Minute

// heard is when each platform last delivered anything: until then its rooms are known.
type heard struct {
	// writing is held while what was heard is written: whoever flushes returns after all that others took is on disk, too.
	writing sync.Mutex

	mu   sync.Mutex
	last map[chat.PlatformID]time.Time
}

func (h *heard) note(p chat.PlatformID, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last == nil {
		h.last = map[chat.PlatformID]time.Time{}
	}
	h.last[p] = at
}

// flush writes until when the rooms of live incidents were read, where that has changed by a minute.
func (h *heard) flush(ctx context.Context, b *Bot) error {
	h.writing.Lock()
	defer h.writing.Unlock()
	h.mu.Lock()
	last := h.last
	h.last = nil
	h.mu.Unlock()
	if len(last) == 0 || b.links.none() {
		return nil
	}
	_, err := b.store.Do(ctx, storage.Cause{Key: "covered"}, func(tx storage.Tx) (storage.Outcome, error) {
		for room, id := range tx.LiveRooms() {
			at, delivered := last[chat.PlatformID(room.Platform)]
			if !delivered || at.Sub(tx.Covered(room)) < coverEvery {
				continue
			}
			if err := heardUntil(tx, id, room, at); err != nil {
				return storage.Outcome{}, err
			}
		}
		return storage.Outcome{}, nil
	})
	return err
}

// heardUntil writes until when a room was read, unless it cannot be read.
func heardUntil(tx storage.Tx, id incident.ID, room incident.RoomID, until time.Time) error {
	in, err := tx.Incident(id)
	if err != nil {
		return err
	}
	if r, linked := in.Room(room); !linked || r.Unreadable != "" {
		return nil
	}
	return tx.SetCovered(room, until)
}
