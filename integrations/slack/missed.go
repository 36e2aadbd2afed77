package slack

import (
	"context"
	"sync"
	"time"

	"boswell/chat"
)

// A broken socket shows that something may have been missed; a way for requests that is interrupted shows nothing. What arrives
// afterwards does: a request that Slack makes again, or the first one after a silence in which others were perhaps given up.
const (
	silenceMost  = 5 * time.Minute // after that Slack gives a request up
	catchUpPause = time.Minute     // how often it is looked at most
)

// missed notices from what arrives that something else did not. The zero value has noticed nothing.
type missed struct {
	mu   sync.Mutex
	last time.Time // when something arrived
	told time.Time // when it was last time to look
	due  time.Time // when it is time again; zero is never
}

// arrived notes that something arrived, doubtful where it tells by itself that something else did not, and says whether it is
// time to look what was missed. quiet says that silence is no sign.
func (m *missed) arrived(now time.Time, doubtful, quiet bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	silent := !quiet && !m.last.IsZero() && now.Sub(m.last) >= silenceMost
	m.last = now
	if (doubtful || silent) && m.due.IsZero() {
		m.due = m.told.Add(catchUpPause)
	}
	if m.due.IsZero() || now.Before(m.due) {
		return false
	}
	m.due, m.told = time.Time{}, now
	return true
}

// until notes that something goes on being missed until a moment.
func (m *missed) until(end time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.due.Before(end) {
		m.due = end
	}
}

// noticed tells the bot to look what was missed where an envelope shows that something was.
func (p *Platform) noticed(ctx context.Context, h chat.Handler, e envelope) {
	http := p.cfg.Listen != ""
	if p.missed.arrived(p.o.Now(), http && e.attempt > 0, !http) {
		p.tellOnline(context.WithoutCancel(ctx), h)
	}
}

// overrun takes Slack's word that it drops the events of a minute because there are too many: what there is of them is read at
// once, and the rest with the first thing that arrives when that minute is over.
func (d *delivery) overrun(ctx context.Context, minute int64) error {
	d.p.log.Warn().Msg("Slack drops events of this minute because there were too many; they are read back")
	d.p.tellOnline(ctx, d.h)
	d.p.missed.until(time.Unix(minute, 0).Add(time.Minute))
	return nil
}

// echoes notice that Slack sends no events of messages: of each that the bot posts there would be one.
type echoes struct {
	mu    sync.Mutex
	posts int       // since there was an event
	since time.Time // when the first of them was made
}

// A few posts without an event, and a while, are no chance.
const (
	deafPosts = 3
	deafAfter = time.Minute
)

func (e *echoes) posted(now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.posts == 0 {
		e.since = now
	}
	e.posts++
}

func (e *echoes) heard() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.posts = 0
}

// text tells operators that there are no events; empty is that there are, or that it is too early to say.
func (e *echoes) text(now time.Time) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.posts < deafPosts || now.Sub(e.since) < deafAfter {
		return ""
	}
	return "Slack has sent no events of messages since " + e.since.UTC().Format("2006-01-02 15:04") + " UTC: " + eventsAdvice
}
