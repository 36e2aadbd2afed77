package local

import (
	"context"
	"errors"
	"fmt"
	"time"

	"boswell/chat"
)

// maxGroup is how many proposals share one sync at most.
const maxGroup = 256

// A proposal is something that wants to happen. decide looks at the state and says what does, or why not.
type proposal struct {
	decide func(*draft) error
	done   chan error
}

// A draft is what one decision is about to make happen.
type draft struct {
	state  *state
	things []thing
}

// add makes t happen and returns the number of its line.
func (d *draft) add(t thing) uint64 {
	d.things = append(d.things, t)
	return d.state.seq + uint64(len(d.things))
}

// do decides as if alone and returns when what happened is durable. Nothing happens if decide returns an error. An error of
// ctx means that nothing happened.
func (c *Chat) do(ctx context.Context, decide func(*draft) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p := &proposal{decide: decide, done: make(chan error, 1)}
	select {
	case c.proposals <- p:
		return <-p.done
	case <-ctx.Done():
		return ctx.Err()
	case <-c.closing:
		return ErrClosed
	}
}

// write is the one that writes: whatever queues while it syncs shares the next sync.
func (c *Chat) write() {
	defer close(c.closed)
	for {
		select {
		case p := <-c.proposals:
			c.commit(c.group(p))
		case <-c.closing:
			return
		}
	}
}

// group is p with all that wait beside it.
func (c *Chat) group(p *proposal) []*proposal {
	group := []*proposal{p}
	for len(group) < maxGroup {
		select {
		case next := <-c.proposals:
			group = append(group, next)
		default:
			return group
		}
	}
	return group
}

// commit makes what a group decides happen, all of it or nothing, and tells whoever waits.
func (c *Chat) commit(group []*proposal) {
	entries, outcomes, err := c.happen(group)
	if err == nil {
		c.tell(entries)
	}
	for i, p := range group {
		if outcomes[i] == nil {
			outcomes[i] = err
		}
		p.done <- outcomes[i]
	}
}

// happen decides, writes and syncs. outcomes are the refusals of the single proposals; err concerns them all.
func (c *Chat) happen(group []*proposal) (entries []entry, outcomes []error, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	outcomes = make([]error, len(group))
	if c.broken != nil {
		return nil, outcomes, c.broken
	}
	first, now := c.state.seq+1, c.options.Now().UTC()
	var lines []byte
	for i, p := range group {
		d := &draft{state: c.state}
		if outcomes[i] = p.decide(d); outcomes[i] != nil {
			continue
		}
		made, text, bad := d.lines(first, now)
		if bad != nil {
			outcomes[i] = bad
			continue
		}
		for _, e := range made {
			c.state.apply(e)
		}
		entries, lines = append(entries, made...), append(lines, text...)
	}
	return entries, outcomes, c.persist(lines)
}

// lines are what the draft made, as entries and as text.
func (d *draft) lines(group uint64, now time.Time) ([]entry, []byte, error) {
	var entries []entry
	var text []byte
	for i, t := range d.things {
		e := entry{seq: d.state.seq + uint64(i) + 1, group: group, at: now, thing: t}
		line, err := e.line()
		if err != nil {
			return nil, nil, err
		}
		if len(line) > maxLine {
			return nil, nil, problem("That is too long for the chat. Send it as a file.")
		}
		entries, text = append(entries, e), append(text, line...)
	}
	return entries, text, nil
}

// persist makes lines durable. Where that fails, the state is made again from what is durable: nothing happened.
func (c *Chat) persist(lines []byte) error {
	if len(lines) == 0 {
		return nil
	}
	err := c.journal.append(lines)
	if err == nil {
		return nil
	}
	if !errors.Is(err, errFull) {
		c.fail(err)
		return c.broken
	}
	if err := c.rebuild(); err != nil {
		c.fail(fmt.Errorf("read the chat's file again: %w", err))
		return c.broken
	}
	return errNoSpace
}

// errBroken says that the file cannot be written any more. What became of the last thing nobody knows.
var errBroken = errors.New("the chat's file cannot be written any more")

// fail gives the file up. Nothing is read or written any more.
func (c *Chat) fail(err error) {
	c.broken = fmt.Errorf("%w: %w", errBroken, err)
	close(c.failed)
}

// rebuild makes the state again from the file. Whoever waits for an answer goes on waiting.
func (c *Chat) rebuild() error {
	fresh := newState(c.options.Platform, c.options.URL)
	err := c.journal.replay(func(e entry) error {
		fresh.apply(e)
		return nil
	})
	for id, a := range fresh.asks {
		if old := c.state.asks[id]; old != nil {
			a.done = old.done
		}
	}
	c.state = fresh
	return err
}

// tell lets everybody know what is durable now: the bot, those who wait for answers, and the pages.
func (c *Chat) tell(entries []entry) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, e := range entries {
		c.feed.add(e.seq, c.state.deliveries(e))
		if t, ok := e.thing.(answered); ok && !t.Half {
			c.state.finish(t.Of)
		}
		c.live.add(e)
	}
}

// finish tells those who wait for an answer that it is durable.
func (s *state) finish(id chat.DeliveryID) {
	a := s.asks[id]
	if a == nil {
		return
	}
	select {
	case <-a.done:
	default:
		close(a.done)
	}
}
