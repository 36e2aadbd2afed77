package rocketchat

import (
	"fmt"
	"sync"
	"time"
)

// trouble is what keeps the bot from the server.
type trouble struct {
	mu    sync.Mutex
	since time.Time
	why   string
}

func (t *trouble) begin(why error, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.why == "" {
		t.since = now
	}
	t.why = "the connection was closed"
	if why != nil {
		t.why = scrub(why).Error()
	}
}

func (t *trouble) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.why = ""
}

// Trouble says that Rocket.Chat cannot be reached, since when and why; empty where it can.
func (p *Platform) Trouble() string {
	p.trouble.mu.Lock()
	defer p.trouble.mu.Unlock()
	if p.trouble.why == "" {
		return ""
	}
	return fmt.Sprintf("Rocket.Chat cannot be reached since %s UTC: %s", p.trouble.since.UTC().Format("2006-01-02 15:04"), p.trouble.why)
}
