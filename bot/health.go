package bot

import (
	"fmt"
	"sync"
	"time"

	"boswell/chat"
)

// A Standing is how a connection stands, for operators.
type Standing struct {
	// Lost says that it gave up for good.
	Lost bool
	// Trouble is what is wrong; empty is up or coming up.
	Trouble string
}

// Health says how each connection stands.
func (b *Bot) Health() map[chat.PlatformID]Standing {
	standings := b.health.read()
	for id, p := range b.platforms {
		informer, ok := p.(chat.Informer)
		if s := standings[id]; ok && s.Trouble == "" {
			standings[id] = Standing{Trouble: informer.Trouble()}
		}
	}
	return standings
}

type health struct {
	mu        sync.Mutex
	standings map[chat.PlatformID]Standing
	failing   map[chat.PlatformID]failing
	unread    *failing // nil where what is owed can be read
	left      []chore  // what Prepare could not do yet
}

// failing is since when something does not work, and why.
type failing struct {
	since time.Time
	why   string
}

func (h *health) start(platforms []chat.Platform) {
	h.standings, h.failing = map[chat.PlatformID]Standing{}, map[chat.PlatformID]failing{}
	for _, p := range platforms {
		h.standings[p.ID()] = Standing{}
	}
}

func (h *health) down(id chat.PlatformID, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.standings[id] = Standing{Lost: true, Trouble: wordsOf(err)}
}

// leave notes which chores are not done yet.
func (h *health) leave(left []chore) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.left = left
}

// failed notes that a platform did not take what is owed to it.
func (h *health) failed(id chat.PlatformID, f *chat.Failure, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := failing{since: at, why: reason(f)}
	if before, already := h.failing[id]; already {
		now.since = before.since
	}
	h.failing[id] = now
}

// worked notes that a platform took what is owed to it.
func (h *health) worked(id chat.PlatformID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.failing, id)
}

// storeUnread notes that nobody knows what is owed, so that nothing gets through anywhere.
func (h *health) storeUnread(err error, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.unread != nil {
		at = h.unread.since
	}
	h.unread = &failing{at, err.Error()}
}

// storeRead notes that what is owed is known.
func (h *health) storeRead() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.unread = nil
}

func (h *health) read() map[chat.PlatformID]Standing {
	h.mu.Lock()
	defer h.mu.Unlock()
	copied := make(map[chat.PlatformID]Standing, len(h.standings))
	for id, s := range h.standings {
		f, fails := h.failing[id]
		switch {
		case s.Trouble != "":
		case h.unread != nil:
			s.Trouble = h.unread.words("what is owed to it cannot be read")
		case fails:
			s.Trouble = f.words("what is owed to it has not got through")
		default:
			s.Trouble = h.undone(id)
		}
		copied[id] = s
	}
	return copied
}

func (f failing) words(what string) string {
	return fmt.Sprintf("%s since %s UTC: %s", what, f.since.UTC().Format("2006-01-02 15:04"), f.why)
}

// undone says which chore of a platform is not done yet; empty is none.
func (h *health) undone(id chat.PlatformID) string {
	for _, c := range h.left {
		if c.on == id {
			return fmt.Sprintf("could not %s: %s", c.what, reason(c.err))
		}
	}
	return ""
}

// reason is why something failed, for operators. A platform's own words for people are the best that there are.
func reason(err error) string {
	if f := chat.AsFailure(err); f.Tell != "" {
		return f.Tell
	}
	return err.Error()
}
