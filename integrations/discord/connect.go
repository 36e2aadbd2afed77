package discord

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/bwmarrin/discordgo"

	"boswell/chat"
)

// Run delivers to h until ctx is done. It connects again by itself, resumes where the session allows it, and returns early
// only where connecting again does not help: a token that was refused, an intent that is not granted.
func (p *Platform) Run(ctx context.Context, h chat.Handler) error {
	if _, err := p.self(ctx); err != nil && hopeless(err) {
		return err
	}
	r := &running{p: p, ctx: ctx, handle: h}
	err := r.connect(ctx)
	drained, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if left := p.lanes.Wait(drained); left != nil {
		p.log.Warn().Msg("stopped before everything that had arrived was dealt with; it is read back at the next start")
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// drain is how long what was begun may take after the end.
const drain = 10 * time.Second

func hopeless(err error) bool {
	var f *chat.Failure
	return errors.As(err, &f) && !f.Temporary
}

// running is one Run.
type running struct {
	p      *Platform
	ctx    context.Context
	handle chat.Handler

	begun    time.Time // when the last session was begun
	failures int       // in a row
}

// steady is how long a connection has to last to count as none that failed: a gateway that greets and hangs up is not to be
// asked again and again.
const steady = time.Minute

// retryMost is the longest pause between two attempts to connect, or to hand over a delivery.
const retryMost = 5 * time.Minute

// connect keeps a session open until ctx is done or it is hopeless.
func (r *running) connect(ctx context.Context) error {
	var s *session
	defer func() {
		if s != nil {
			s.giveUp()
		}
	}()
	for ctx.Err() == nil {
		if s == nil {
			fresh, err := r.begin(ctx)
			if err != nil && hopeless(err) {
				return err
			}
			if err != nil {
				r.pause(ctx, err.Error(), 0)
				continue
			}
			s = fresh
		}
		ended, lasted := r.hold(ctx, s)
		if ctx.Err() != nil {
			break
		}
		if tell, over := fatal[ended.code]; over {
			return chat.Final(fmt.Errorf("the gateway closed with code %d", ended.code), tell)
		}
		if ended.fresh() {
			s.giveUp()
			s = nil
		}
		r.pause(ctx, ended.String(), lasted)
	}
	return nil
}

// hold opens a connection and waits for its end. It says how long the connection was good for something.
func (r *running) hold(ctx context.Context, s *session) (ended ending, lasted time.Duration) {
	if failed := s.open(ctx, r.p.o.Silence); failed != nil {
		return *failed, 0
	}
	up := time.Now()
	ended = s.watch(ctx, r.p.o.Silence)
	return ended, time.Since(up)
}

// pause waits before the next attempt, longer each time. After a connection that lasted, the next attempt follows at once.
func (r *running) pause(ctx context.Context, why string, lasted time.Duration) {
	wait := time.Duration(0)
	if r.failures++; lasted >= steady {
		r.failures = 0
	} else {
		wait = jittered(min(r.p.o.Retry<<min(r.failures-1, 20), retryMost))
	}
	r.p.log.Warn().Str("why", why).Stringer("again_in", wait).Msg("the connection to the gateway is lost")
	r.p.outage.Begin(why, r.p.o.Now())
	// That ctx is done is seen by whoever tries next.
	_ = sleep(ctx, wait)
}

// jittered is a pause that differs from bot to bot: between half of d and d.
func jittered(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }

// begin makes a new session, once the budget for new sessions allows one: going over it costs the token.
func (r *running) begin(ctx context.Context) (*session, error) {
	var start struct {
		Limit struct {
			Remaining  int   `json:"remaining"`
			Total      int   `json:"total"`
			ResetAfter int64 `json:"reset_after"` // milliseconds
		} `json:"session_start_limit"`
	}
	if err := r.p.rest.get(ctx, "/gateway/bot", &start); err != nil {
		return nil, err
	}
	if start.Limit.Remaining <= 0 {
		return nil, r.usedUp(ctx, start.Limit.Total, time.Duration(start.Limit.ResetAfter)*time.Millisecond)
	}
	if err := sleep(ctx, time.Until(r.begun.Add(r.p.o.Apart))); err != nil {
		return nil, chat.Temporary(err, 0)
	}
	r.begun = time.Now()
	return r.p.newSession(func(_ *session, e *discordgo.Event) { r.arrived(e) })
}

// usedUp waits until there are new sessions again.
func (r *running) usedUp(ctx context.Context, total int, wait time.Duration) error {
	r.p.log.Error().Stringer("wait", wait).Int("total", total).
		Msg("all new sessions of the day are used up; connecting waits, since one more would cost the token")
	r.p.outage.Begin(fmt.Sprintf("all %d new sessions of the day are used up, and there are more at %s",
		total, r.p.o.Now().Add(wait).UTC().Format("2006-01-02 15:04 UTC")), r.p.o.Now())
	if err := sleep(ctx, wait); err != nil {
		return chat.Temporary(err, 0)
	}
	return chat.Temporary(errors.New("waited for new sessions"), 0)
}

// Trouble says that Discord cannot be reached, since when and why; empty where it can.
func (p *Platform) Trouble() string { return p.outage.Text("Discord cannot be reached") }

// sleep waits, or says that ctx is done.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
