package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"boswell/chat"
)

// An envelope is one delivery of Slack's, over a socket or over HTTP.
type envelope struct {
	kind    string // as in Socket Mode
	id      string // of this delivery, for the log
	attempt int    // 0 is the first
	payload json.RawMessage
	// ack acknowledges it; payload is nil or what is answered along.
	ack func(payload any)
	// fail says that it is to be delivered again; nil where doing nothing says so.
	fail func()
}

// The kinds of envelope.
const (
	kindEvent       = "events_api"
	kindSlash       = "slash_commands"
	kindInteractive = "interactive"
)

// wireID is an identifier that stands alone or within an object.
type wireID string

// UnmarshalJSON reads either.
func (w *wireID) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*w = wireID(text)
		return nil
	}
	var object struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(data, &object); err != nil {
		return err
	}
	*w = wireID(object.ID)
	return nil
}

// opened is what an envelope is for: the lane that keeps its order, and what to do.
type opened struct {
	lane string
	id   chat.DeliveryID
	do   func(ctx context.Context, d *delivery) error
}

// open reads an envelope. A zero do is nothing to do; an error is an envelope that cannot be read.
func open(e envelope) (opened, error) {
	switch e.kind {
	case kindEvent:
		return openEvent(e.payload)
	case kindSlash:
		return openSlash(e.payload)
	case kindInteractive:
		return openInteraction(e.payload)
	default:
		return opened{}, fmt.Errorf("%w: an envelope of the kind %q", errUnreadable, e.kind)
	}
}

// openEvent reads an event of the Events API.
func openEvent(payload json.RawMessage) (opened, error) {
	var outer struct {
		EventID string          `json:"event_id"`
		Event   json.RawMessage `json:"event"`
		Type    string          `json:"type"`
		Minute  int64           `json:"minute_rate_limited"`
	}
	if err := json.Unmarshal(payload, &outer); err != nil {
		return opened{}, err
	}
	if outer.Type == "app_rate_limited" {
		return opened{do: func(ctx context.Context, d *delivery) error { return d.overrun(ctx, outer.Minute) }}, nil
	}
	var kind struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(outer.Event, &kind); err != nil {
		return opened{}, err
	}
	o, err := openInner(kind.Type, outer.Event)
	o.id = chat.DeliveryID("event/" + outer.EventID)
	return o, err
}

// openInner reads what happened.
func openInner(kind string, data json.RawMessage) (opened, error) {
	if kind == "message" || kind == "app_mention" {
		var m wireMessage
		if err := json.Unmarshal(data, &m); err != nil {
			return opened{}, err
		}
		if m.Channel == "" {
			return opened{}, fmt.Errorf("%w: a message without a channel", errUnreadable)
		}
		do := func(ctx context.Context, d *delivery) error { return d.message(ctx, &m) }
		if kind == "app_mention" {
			do = func(ctx context.Context, d *delivery) error { return d.mentioned(ctx, &m) }
		}
		return opened{lane: m.Channel, do: do}, nil
	}
	act, known := acts[kind]
	if !known {
		return opened{}, nil // the app is told of more than it asked for: that is no error
	}
	var e wireEvent
	if err := json.Unmarshal(data, &e); err != nil {
		return opened{}, err
	}
	lane := first(e.Item.Channel, e.ChannelID, string(e.Channel), string(e.User))
	return opened{lane: lane, do: func(ctx context.Context, d *delivery) error { return act(d, ctx, &e) }}, nil
}

// acts are what is done with the events that are no messages.
var acts = map[string]func(*delivery, context.Context, *wireEvent) error{
	"reaction_added":        (*delivery).reacted,
	"reaction_removed":      (*delivery).reacted,
	"pin_added":             (*delivery).pinned,
	"pin_removed":           (*delivery).pinned,
	"member_joined_channel": (*delivery).moved,
	"member_left_channel":   (*delivery).moved,
	"channel_archive":       goneBecause("the channel was archived"),
	"group_archive":         goneBecause("the channel was archived"),
	"channel_deleted":       goneBecause("the channel was deleted"),
	"group_deleted":         goneBecause("the channel was deleted"),
	"channel_left":          goneBecause("I was removed from the channel"),
	"group_left":            goneBecause("I was removed from the channel"),
	"channel_rename":        (*delivery).renamed,
	"group_rename":          (*delivery).renamed,
	"user_change":           (*delivery).userChanged,
	"emoji_changed":         (*delivery).emojiChanged,
	"app_home_opened":       (*delivery).homeOpened,
}

func goneBecause(why string) func(*delivery, context.Context, *wireEvent) error {
	return func(d *delivery, ctx context.Context, e *wireEvent) error { return d.gone(ctx, e, why) }
}

func (d *delivery) renamed(_ context.Context, e *wireEvent) error {
	d.p.rooms.forget(string(e.Channel))
	return nil
}

func (d *delivery) userChanged(_ context.Context, e *wireEvent) error {
	d.p.people.mu.Lock()
	defer d.p.people.mu.Unlock()
	delete(d.p.people.byID, string(e.User))
	return nil
}

// take opens an envelope and handles it in its lane. What cannot be read is acknowledged and logged: it would come back
// three times and be no clearer.
func (p *Platform) take(ctx context.Context, h chat.Handler, e envelope) {
	p.noticed(ctx, h, e)
	o, err := open(e)
	if err != nil {
		p.log.Error().Err(err).Str("envelope", e.id).Str("kind", e.kind).Msg("could not read what Slack sent; acknowledged all the same")
	}
	if o.do == nil {
		e.ack(nil)
		return
	}
	taken := p.lanes.Do(ctx, o.lane, func() { p.handle(context.WithoutCancel(ctx), h, e, o) })
	if !taken && e.fail != nil {
		e.fail()
	}
}

// broke tells of a job that panicked; what came before and after it in its room is dealt with.
func (p *Platform) broke(lane string, fault any, stack []byte) {
	p.log.Error().Interface("panic", fault).Str("room", lane).Bytes("stack", stack).Msg("what Slack sent broke its handling; it comes again")
}

// handle does what an envelope is for and acknowledges it. What failed is not acknowledged, so that it comes again.
func (p *Platform) handle(ctx context.Context, h chat.Handler, e envelope, o opened) {
	d := &delivery{p: p, h: h, id: o.id, attempt: e.attempt, began: time.Now(), ack: e.ack, fail: e.fail}
	defer d.refuse() // after a panic, too
	err := o.do(ctx, d)
	switch {
	case err == nil:
		d.carry(nil)
	case errors.Is(err, errUnreadable):
		p.log.Error().Err(err).Str("envelope", e.id).Str("delivery", string(o.id)).Msg("could not make sense of what Slack sent; acknowledged all the same")
		d.carry(nil)
	default:
		p.log.Error().Err(err).Str("envelope", e.id).Str("delivery", string(o.id)).Int("attempt", e.attempt).
			Msg("could not handle what Slack sent; it comes again")
	}
}
