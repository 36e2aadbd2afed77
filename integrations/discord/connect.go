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
}

// connect keeps a session open until ctx is done or it is hopeless.
func (r *running) connect(ctx context.Context) error {
	var s *session
	defer func() {
		if s != nil {
			s.giveUp()
		}
	}()
	for failures := 0; ctx.Err() == nil; {
		if s == nil {
			fresh, err := r.begin(ctx)
			if err != nil && hopeless(err) {
				return err
			}
			if err != nil {
				failures++
				r.pause(ctx, failures, err.Error())
				continue
			}
			s = fresh
		}
		e := s.open(ctx, r.p.o.Silence)
		if e == nil {
			failures = 0
			ended := s.watch(ctx, r.p.o.Silence)
			e = &ended
		} else {
			failures++
		}
		if ctx.Err() != nil {
			break
		}
		if tell, over := fatal[e.code]; over {
			return chat.Final(fmt.Errorf("the gateway closed with code %d", e.code), tell)
		}
		if e.fresh() {
			s.giveUp()
			s = nil
		}
		r.pause(ctx, failures, e.String())
	}
	return nil
}

// pause waits before the next attempt. The first follows at once, but for a little that differs from bot to bot.
func (r *running) pause(ctx context.Context, failures int, why string) {
	r.p.log.Info().Str("why", why).Int("failures", failures).Msg("connecting to the gateway again")
	wait := time.Duration(0)
	if failures > 0 {
		wait = min(r.p.o.Retry<<min(failures-1, 20), 5*time.Minute)
		wait = wait/2 + rand.N(wait/2+1)
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

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
		wait := time.Duration(start.Limit.ResetAfter) * time.Millisecond
		r.p.log.Error().Dur("wait", wait).Int("total", start.Limit.Total).
			Msg("all new sessions of the day are used up; connecting waits, since one more would cost the token")
		if err := sleep(ctx, wait); err != nil {
			return nil, chat.Temporary(err, 0)
		}
		return nil, chat.Temporary(errors.New("waited for new sessions"), 0)
	}
	return r.p.newSession(func(_ *session, e *discordgo.Event) { r.arrived(e) })
}

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
