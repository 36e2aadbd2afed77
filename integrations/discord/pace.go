package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"boswell/chat"
)

// Discord bars an address after ten thousand refused requests in ten minutes. Far before that nothing more is asked.
const (
	refusalsMost = 5000
	refusalsFor  = 10 * time.Minute
)

// pace keeps the rate limits: that of each bucket, that of the bot, and the number of refused requests. It goes by the
// system's clock, as Discord's limits do.
type pace struct {
	patience time.Duration

	mu       sync.Mutex
	shared   map[string]string // route -> bucket
	buckets  map[string]bucket // by bucket and identifier
	until    time.Time         // nobody asks before
	refusals []time.Time
	revoked  bool
}

type bucket struct {
	left  int
	reset time.Time
}

// wait waits for the turn of a request. A long wait is a failure that says when to come again.
func (p *pace) wait(ctx context.Context, q request) error {
	for {
		delay, err := p.take(q, time.Now())
		if err != nil || delay <= 0 {
			return err
		}
		if delay > p.patience {
			return chat.Temporary(fmt.Errorf("%s: Discord wants a pause of %s", q.route(), delay.Round(time.Second)), delay)
		}
		timer := time.NewTimer(delay)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return chat.Temporary(fmt.Errorf("%s: %w", q.route(), ctx.Err()), 0)
		}
	}
}

// take takes a place in the bucket of a request, or says how long to wait for one.
func (p *pace) take(q request, now time.Time) (time.Duration, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.revoked && !q.open {
		return 0, errRevoked()
	}
	if wait := p.barred(now); wait > 0 {
		return wait, nil
	}
	if !q.open && p.until.After(now) {
		return p.until.Sub(now), nil
	}
	key := p.key(q)
	b, known := p.buckets[key]
	if !known || !b.reset.After(now) {
		return 0, nil
	}
	if b.left <= 0 {
		return b.reset.Sub(now), nil
	}
	b.left--
	p.buckets[key] = b
	return 0, nil
}

// barred is how long nothing may be asked because too much was refused.
func (p *pace) barred(now time.Time) time.Duration {
	for len(p.refusals) > 0 && now.Sub(p.refusals[0]) >= refusalsFor {
		p.refusals = p.refusals[1:]
	}
	if len(p.refusals) < refusalsMost {
		return 0
	}
	return p.refusals[0].Add(refusalsFor).Sub(now)
}

func (p *pace) key(q request) string {
	route, major := q.split()
	if shared, ok := p.shared[route]; ok {
		route = shared
	}
	return route + " " + major
}

// heard learns from an answer.
func (p *pace) heard(q request, status int, h http.Header, body []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.learn(q, h, now)
	shared := h.Get("X-RateLimit-Scope") == "shared"
	switch status {
	case http.StatusUnauthorized:
		p.revoked = p.revoked || !q.open
		p.refusals = append(p.refusals, now)
	case http.StatusForbidden:
		p.refusals = append(p.refusals, now)
	case http.StatusTooManyRequests:
		if !shared {
			p.refusals = append(p.refusals, now)
		}
		p.block(q, h, body, now)
	}
}

// learn notes what is left in the bucket of a request.
func (p *pace) learn(q request, h http.Header, now time.Time) {
	if p.buckets == nil {
		p.shared, p.buckets = map[string]string{}, map[string]bucket{}
	}
	if name := h.Get("X-RateLimit-Bucket"); name != "" {
		route, _ := q.split()
		p.shared[route] = name
	}
	left, err := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	after, err2 := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if err != nil || err2 != nil {
		return
	}
	if len(p.buckets) > rememberMost {
		p.buckets = map[string]bucket{}
	}
	key, reset := p.key(q), now.Add(seconds(after))
	if old, known := p.buckets[key]; known && old.reset.After(now) && old.left < left {
		left = old.left // others are under way
	}
	p.buckets[key] = bucket{left: left, reset: reset}
}

// block keeps a bucket, or everything, closed for as long as Discord asks.
func (p *pace) block(q request, h http.Header, body []byte, now time.Time) {
	after, global := pauseOf(h, body)
	if global {
		p.until = now.Add(after)
		return
	}
	p.buckets[p.key(q)] = bucket{reset: now.Add(after)}
}

// usualPause is how long to keep away where a refusal does not say it: the answers of Cloudflare are pages for people.
const usualPause = 5 * time.Second

// pauseOf is how long an answer asks to wait, and whether with everything. What is not from Discord itself is about
// everything.
func pauseOf(h http.Header, body []byte) (time.Duration, bool) {
	var said struct {
		After  *float64 `json:"retry_after"`
		Global bool     `json:"global"`
	}
	if err := json.Unmarshal(body, &said); err == nil && said.After != nil {
		return seconds(*said.After), said.Global || h.Get("X-RateLimit-Global") == "true"
	}
	if n, err := strconv.ParseFloat(h.Get("Retry-After"), 64); err == nil {
		return seconds(n), true
	}
	return usualPause, true
}
