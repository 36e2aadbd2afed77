package discord

import (
	"sync"
	"time"
)

// trouble is what keeps the bot from the gateway.
type trouble struct {
	mu    sync.Mutex
	since time.Time
	why   string // empty is none
}

func (t *trouble) begin(why string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.why == "" {
		t.since = now
	}
	t.why = why
}

func (t *trouble) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.why = ""
}

// Trouble says that Discord cannot be reached, since when and why; empty where it can.
func (p *Platform) Trouble() string {
	p.trouble.mu.Lock()
	defer p.trouble.mu.Unlock()
	if p.trouble.why == "" {
		return ""
	}
	return "Discord cannot be reached since " + utc(p.trouble.since) + ": " + p.trouble.why
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
