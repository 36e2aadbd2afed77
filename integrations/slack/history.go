package slack

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"sync"
	"time"

	"boswell/chat"
)

// threads remembers which threads of a channel were alive, and to which thread a message belongs: history shows neither
// replies to older messages nor the thread of a reply.
type threads struct {
	mu    sync.Mutex
	alive map[string]map[string]string // channel -> thread -> its newest reply
	of    map[chat.Ref]string          // reply -> thread
}

// threadsMost bounds the threads of one channel, repliesMost the replies that are remembered.
const (
	threadsMost = 500
	repliesMost = 20000
)

func (t *threads) learn(ref chat.Ref, thread string) {
	if thread == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil || len(t.of) >= repliesMost {
		t.of = map[chat.Ref]string{}
	}
	t.of[ref] = thread
	if t.alive == nil {
		t.alive = map[string]map[string]string{}
	}
	channel := t.alive[string(ref.Channel)]
	if channel == nil {
		channel = map[string]string{}
		t.alive[string(ref.Channel)] = channel
	}
	channel[thread] = max(channel[thread], string(ref.Message))
	if len(channel) > threadsMost {
		delete(channel, quietest(channel))
	}
}

func quietest(channel map[string]string) (thread string) {
	for t, newest := range channel {
		if thread == "" || newest < channel[thread] {
			thread = t
		}
	}
	return thread
}

// since are the threads of a channel that had a reply since a moment.
func (t *threads) since(channel, oldest string) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var found []string
	for thread, newest := range t.alive[channel] {
		if newest >= oldest {
			found = append(found, thread)
		}
	}
	return found
}

func (t *threads) threadOf(ref chat.Ref) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.of[ref]
}

// threadWindow is how much older than the messages that are read a message may be whose thread is read too.
const threadWindow = 7 * 24 * time.Hour

// freePlan is how long a workspace without a paid plan shows its messages.
const freePlan = 90 * 24 * time.Hour

// History reads a channel since a moment, with the replies in every thread that was alive then. It waits as long as Slack asks
// and ctx lasts: a busy channel takes minutes. Where the plan of the workspace hides older messages, the result says since
// when they are shown.
func (p *Platform) History(ctx context.Context, room chat.Place, since time.Time, yield func(chat.Seen) error) (kept time.Time, err error) {
	ctx = takingTime(ctx)
	h := &reading{p: p, channel: string(room.Channel), oldest: stamp(since), byTS: map[string]wireMessage{}}
	err = p.joined(ctx, h.channel, func() error { return h.read(ctx) })
	if err != nil {
		return kept, p.sorted("read the history of a channel", err)
	}
	if h.limited {
		kept = p.o.Now().Add(-freePlan)
	}
	return kept, h.tell(ctx, yield)
}

// reading is one reading of one channel.
type reading struct {
	p       *Platform
	channel string
	oldest  string
	limited bool
	byTS    map[string]wireMessage
	pins    map[string]bool
}

func (h *reading) read(ctx context.Context) error {
	threads := map[string]bool{}
	for _, t := range h.p.threads.since(h.channel, h.oldest) {
		threads[t] = true
	}
	back := stamp(moment(h.oldest).Add(-threadWindow))
	args := url.Values{"channel": {h.channel}, "oldest": {back}, "inclusive": {"true"}}
	err := h.p.pages(ctx, "conversations.history", args, func(page *listPage) error {
		h.limited = h.limited || page.Limited
		for _, m := range page.Messages {
			h.add(m)
			if m.ReplyCount > 0 && m.LatestReply >= h.oldest {
				threads[m.TS] = true
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for thread := range threads {
		if err := h.readThread(ctx, thread); err != nil {
			return err
		}
	}
	return h.readPins(ctx)
}

// add takes a message that is young enough.
func (h *reading) add(m wireMessage) {
	if m.TS >= h.oldest && m.spoken() {
		h.byTS[m.TS] = m
	}
}

func (h *reading) readThread(ctx context.Context, thread string) error {
	args := url.Values{"channel": {h.channel}, "ts": {thread}, "oldest": {h.oldest}, "inclusive": {"true"}}
	err := h.p.pages(ctx, "conversations.replies", args, func(page *listPage) error {
		for _, m := range page.Messages {
			h.add(m)
		}
		return nil
	})
	return ignore(err, "thread_not_found", "message_not_found") // it was deleted while we read
}

func (h *reading) readPins(ctx context.Context) error {
	pins, err := h.p.pinned(ctx, h.channel)
	h.pins = pins
	return err
}

// pinned are the messages of a channel that are pinned.
func (p *Platform) pinned(ctx context.Context, channel string) (map[string]bool, error) {
	var answer struct {
		Items []struct {
			Message wireMessage `json:"message"`
		} `json:"items"`
	}
	if err := p.read(ctx, "pins.list", url.Values{"channel": {channel}}, &answer); err != nil {
		return nil, err
	}
	pins := map[string]bool{}
	for _, i := range answer.Items {
		pins[i.Message.TS] = true
	}
	return pins, nil
}

// tell yields what was read, oldest first.
func (h *reading) tell(ctx context.Context, yield func(chat.Seen) error) error {
	messages := make([]wireMessage, 0, len(h.byTS))
	for _, m := range h.byTS {
		messages = append(messages, m)
	}
	slices.SortFunc(messages, func(a, b wireMessage) int { return cmp.Compare(a.TS, b.TS) })
	for _, m := range messages {
		seen, err := h.p.seen(ctx, h.channel, m)
		if err != nil {
			return err
		}
		seen.Pinned = h.pins[m.TS]
		if err := yield(seen); err != nil {
			return err
		}
	}
	return nil
}

// seen is a message with its reactions and their people.
func (p *Platform) seen(ctx context.Context, channel string, m wireMessage) (chat.Seen, error) {
	said, err := p.said(ctx, channel, &m)
	if err != nil {
		return chat.Seen{}, err
	}
	s := chat.Seen{Said: said}
	reactions := m.Reactions
	if slices.ContainsFunc(reactions, func(r wireReaction) bool { return len(r.Users) < r.Count }) {
		if reactions, err = p.allReactions(ctx, channel, m.TS); err != nil {
			return s, err
		}
	}
	for _, r := range reactions {
		emoji, err := p.emoji(ctx, r.Name)
		if err != nil {
			return s, err
		}
		for _, id := range r.Users {
			u, err := p.account(ctx, id)
			if err != nil {
				return s, err
			}
			s.Reactions = append(s.Reactions, chat.SeenReaction{Emoji: emoji, From: u})
		}
	}
	return s, nil
}

// allReactions reads the reactions of a message of which history names only some people.
func (p *Platform) allReactions(ctx context.Context, channel, ts string) ([]wireReaction, error) {
	var answer struct {
		Message wireMessage `json:"message"`
	}
	args := url.Values{"channel": {channel}, "timestamp": {ts}, "full": {"true"}}
	err := p.read(ctx, "reactions.get", args, &answer)
	return answer.Message.Reactions, p.sorted("read the reactions of a message", err)
}

// Fetch reads one message, which may be a reply in a thread. Slack answers a question for one moment with the message
// before it where there is none: only the very time stamp counts.
func (p *Platform) Fetch(ctx context.Context, r chat.Ref) (chat.Seen, error) {
	m, err := p.messageAt(ctx, string(r.Channel), string(r.Message))
	if err != nil {
		return chat.Seen{}, p.sorted("read a message", err)
	}
	if m == nil || m.gone() {
		return chat.Seen{}, chat.ErrGone
	}
	seen, err := p.seen(ctx, string(r.Channel), *m)
	if err != nil {
		return seen, err
	}
	pins, err := p.pinned(ctx, string(r.Channel))
	seen.Pinned = pins[m.TS]
	return seen, p.sorted("read the pins of a channel", err)
}

// messageAt finds the message with a time stamp in the channel or, failing that, in a thread; nil is none.
func (p *Platform) messageAt(ctx context.Context, channel, ts string) (*wireMessage, error) {
	args := url.Values{"channel": {channel}, "oldest": {ts}, "latest": {ts}, "inclusive": {"true"}, "limit": {"1"}}
	var found *wireMessage
	look := func(page *listPage) error {
		for _, m := range page.Messages {
			if m.TS == ts {
				found = &m
			}
		}
		return errEnough
	}
	err := p.joined(ctx, channel, func() error { return p.pages(ctx, "conversations.history", args, look) })
	if err != nil || found != nil {
		return found, err
	}
	args.Set("ts", first(p.threads.threadOf(p.ref(channel, ts)), ts))
	args.Set("limit", "2") // the first one is always the beginning of the thread
	err = ignore(p.pages(ctx, "conversations.replies", args, look), "thread_not_found", "message_not_found")
	return found, err
}
