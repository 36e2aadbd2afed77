package bot

import (
	"sync"

	"boswell/chat"
)

// Health says how each connection stands, for operators: empty is up or coming up, else why it gave up for good.
func (b *Bot) Health() map[chat.PlatformID]string { return b.health.read() }

type health struct {
	mu     sync.Mutex
	reason map[chat.PlatformID]string
}

func (h *health) start(platforms []chat.Platform) {
	h.reason = map[chat.PlatformID]string{}
	for _, p := range platforms {
		h.reason[p.ID()] = ""
	}
}

func (h *health) down(id chat.PlatformID, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reason[id] = sentence(err)
}

func (h *health) read() map[chat.PlatformID]string {
	h.mu.Lock()
	defer h.mu.Unlock()
	copied := make(map[chat.PlatformID]string, len(h.reason))
	for id, why := range h.reason {
		copied[id] = why
	}
	return copied
}
