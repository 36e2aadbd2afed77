package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"boswell/chat"
)

// saveEvery is how many acknowledgements may pass before the cursor is written. It may lag behind: what is delivered again
// does no harm.
const saveEvery = 256

// A feed is what the bot has not taken yet, room by room.
type feed struct {
	path string // of the cursor

	mu      sync.Mutex
	from    uint64 // what stands up to this line was taken before the start
	last    uint64 // the last line that was added
	rooms   map[chat.ChannelID]*queue
	waiting int // in all rooms, with the greeting
	unsaved int
	running bool
	changed chan struct{} // closed at the next change
}

// A queue is what the bot has not taken of one room, in order.
type queue struct {
	waiting []delivery
	busy    bool // somebody is delivering
}

// newFeed begins behind the line that the cursor names, at the beginning if there is none.
func newFeed(path string) (*feed, error) {
	f := &feed{path: path, rooms: map[chat.ChannelID]*queue{}, changed: make(chan struct{})}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the chat's cursor: %w", err)
	}
	if n, err := strconv.ParseUint(strings.TrimSpace(string(data)), 10, 64); err == nil {
		f.from = n
	}
	return f, nil
}

// begin ends the reading of the file. Where that is older than the cursor, what follows is new all the same.
func (f *feed) begin() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.from = min(f.from, f.last)
}

// add queues what the line seq makes the bot hear.
func (f *feed) add(seq uint64, deliveries []delivery) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = seq
	if seq <= f.from {
		return
	}
	for _, d := range deliveries {
		q := f.rooms[d.room]
		if q == nil {
			q = &queue{}
			f.rooms[d.room] = q
		}
		q.waiting = append(q.waiting, d)
		f.waiting++
	}
	f.wake()
}

func (f *feed) wake() {
	close(f.changed)
	f.changed = make(chan struct{})
}

// idle claims the rooms that have something waiting and nobody to deliver it, and returns a channel that is closed when it
// is worth asking again.
func (f *feed) idle() ([]chat.ChannelID, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var rooms []chat.ChannelID
	for id, q := range f.rooms {
		if len(q.waiting) > 0 && !q.busy {
			q.busy = true
			rooms = append(rooms, id)
		}
	}
	return rooms, f.changed
}

// next is what waits first in a claimed room. Without anything the claim is given up.
func (f *feed) next(room chat.ChannelID) (delivery, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	q := f.rooms[room]
	if len(q.waiting) == 0 {
		delete(f.rooms, room)
		return delivery{}, false
	}
	return q.waiting[0], true
}

// release gives up the claim on a room where something may be left.
func (f *feed) release(room chat.ChannelID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rooms[room].busy = false
	f.wake()
}

// taken says that the bot has taken what was first in a room. A cursor that cannot be written now is written later; save
// tells if it never could.
func (f *feed) taken(room chat.ChannelID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	q := f.rooms[room]
	q.waiting[0] = delivery{}
	q.waiting = q.waiting[1:]
	f.waiting--
	f.wake()
	f.unsaved++
	if f.unsaved >= saveEvery && f.write() == nil {
		f.unsaved = 0
	}
}

// start begins a run, with a greeting that is waiting. There is one run at a time.
func (f *feed) start() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running {
		return false
	}
	f.running = true
	f.waiting++
	return true
}

// greeted says that the greeting is no longer waiting.
func (f *feed) greeted() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting--
	f.wake()
}

// stop ends a run.
func (f *feed) stop() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running = false
	return f.write()
}

// drained waits until nothing is waiting.
func (f *feed) drained(ctx context.Context) error {
	for {
		f.mu.Lock()
		waiting, changed := f.waiting, f.changed
		f.mu.Unlock()
		if waiting == 0 {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%d deliveries are waiting: %w", waiting, ctx.Err())
		}
	}
}

// save writes down what the bot has taken.
func (f *feed) save() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.write()
}

// write replaces the cursor: the line up to which everything was taken.
func (f *feed) write() error {
	done := max(f.last, f.from)
	for _, q := range f.rooms {
		if len(q.waiting) > 0 {
			done = min(done, q.waiting[0].entry.seq-1)
		}
	}
	fresh := filepath.Clean(f.path) + ".new"
	if err := os.WriteFile(fresh, []byte(strconv.FormatUint(done, 10)+"\n"), 0o600); err != nil {
		return fmt.Errorf("write the chat's cursor: %w", err)
	}
	if err := os.Rename(fresh, f.path); err != nil {
		return fmt.Errorf("write the chat's cursor: %w", err)
	}
	return nil
}
