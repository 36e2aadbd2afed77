package slack

import (
	"context"
	"sync"
	"time"
)

// burst is how many messages may go to one channel at once before they are spread out.
const burst = 4

// pacer spreads the messages to each channel at Slack's pace. The limit is one of Slack's own clock, so it waits for real
// time.
type pacer struct {
	every time.Duration // negative is no limit

	mu   sync.Mutex
	full map[string]time.Time // until when the budget of a channel is used
}

// wait waits until a message may go to a channel, or ctx is done.
func (p *pacer) wait(ctx context.Context, channel string) error {
	d := p.take(channel, time.Now())
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take uses the budget of a channel for one message, and says how long that message has to wait.
func (p *pacer) take(channel string, now time.Time) time.Duration {
	if p.every < 0 {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.full == nil {
		p.full = map[string]time.Time{}
	}
	if len(p.full) > 1000 {
		p.forget(now)
	}
	full := p.full[channel]
	if full.Before(now) {
		full = now
	}
	p.full[channel] = full.Add(p.every)
	return full.Sub(now) - (burst-1)*p.every
}

// forget drops the channels whose budget is whole again.
func (p *pacer) forget(now time.Time) {
	for channel, full := range p.full {
		if full.Before(now) {
			delete(p.full, channel)
		}
	}
}
