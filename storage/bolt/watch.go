package bolt

import (
	"context"
	"slices"
	"sync"

	"boswell/storage"
)

// A hub tells watchers what was committed.
type hub struct {
	mu       sync.Mutex
	watchers map[chan storage.Commit]struct{}
	closed   bool
}

func newHub() *hub { return &hub{watchers: map[chan storage.Commit]struct{}{}} }

// watch gives a channel that holds at most one commit: what the watcher has not taken yet, merged.
func (h *hub) watch(ctx context.Context) <-chan storage.Commit {
	h.mu.Lock()
	defer h.mu.Unlock()
	ch := make(chan storage.Commit, 1)
	if h.closed {
		close(ch)
		return ch
	}
	h.watchers[ch] = struct{}{}
	context.AfterFunc(ctx, func() { h.leave(ch) })
	return ch
}

func (h *hub) leave(ch chan storage.Commit) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.watchers[ch]; ok {
		delete(h.watchers, ch)
		close(ch)
	}
}

// tell never waits: it is the only sender, and takes back what was not read before it sends.
func (h *hub) tell(c storage.Commit) {
	if len(c.Incidents) == 0 && !c.Owed && !c.Scheduled {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.watchers {
		merged := storage.Commit{Incidents: slices.Clone(c.Incidents), Owed: c.Owed, Scheduled: c.Scheduled}
		select {
		case missed := <-ch:
			merged = merge(missed, merged)
		default:
		}
		ch <- merged
	}
}

func merge(a, b storage.Commit) storage.Commit {
	ids := append(a.Incidents, b.Incidents...)
	slices.Sort(ids)
	return storage.Commit{Incidents: slices.Compact(ids), Owed: a.Owed || b.Owed, Scheduled: a.Scheduled || b.Scheduled}
}

// close ends every watch.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for ch := range h.watchers {
		delete(h.watchers, ch)
		close(ch)
	}
}
