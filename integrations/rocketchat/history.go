package rocketchat

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"boswell/chat"
)

// synced is what happened in a room since a moment.
type synced struct {
	Result struct {
		Updated []message `json:"updated"`
		Deleted []struct {
			ID string `json:"_id"`
			At moment `json:"_deletedAt"`
		} `json:"deleted"`
	} `json:"result"`
}

// History reads what was said or changed in a room since a moment, in threads too, and says what was deleted. What happens
// meanwhile waits until that is read, so that nothing older comes after something newer. Messages are kept for ever, as far
// as the server tells.
func (p *Platform) History(ctx context.Context, place chat.Place, since time.Time, yield func(chat.Seen) error) (kept time.Time, err error) {
	id := string(place.Channel)
	if err := p.mayRead(ctx, id); err != nil {
		return kept, err
	}
	return kept, p.inRoom(ctx, id, func() error { return p.readBack(ctx, id, since, yield) })
}

// mayRead refuses a room that cannot be read.
func (p *Platform) mayRead(ctx context.Context, id string) error {
	known, err := p.roomByID(ctx, id)
	if err != nil {
		return err
	}
	if known.Encrypted.v {
		return chat.Final(errors.New("read back a room: it is encrypted"), tellEncrypted)
	}
	return nil
}

// readBack is called in the lane of the room.
func (p *Platform) readBack(ctx context.Context, id string, since time.Time, yield func(chat.Seen) error) error {
	answer, err := p.synced(ctx, id, since.Add(-overlap))
	if err != nil {
		return err
	}
	for i := range answer.Result.Updated {
		if m := &answer.Result.Updated[i]; m.Kind == "" && !m.Hidden.v {
			if err := p.yieldOne(ctx, m, yield); err != nil {
				return err
			}
		}
	}
	if r := p.current.Load(); r != nil {
		for _, gone := range answer.Result.Deleted {
			r.unsaid(id, gone.ID, gone.At.Time)
		}
		r.runMissed(ctx, answer.Result.Updated, p.missedSince())
	}
	return ctx.Err()
}

// synced asks what happened in a room since a moment, the oldest message first.
func (p *Platform) synced(ctx context.Context, id string, since time.Time) (*synced, error) {
	var answer synced
	query := url.Values{"roomId": {id}, "lastUpdate": {stamp(since)}}
	if err := p.rest.get(ctx, "chat.syncMessages", query, &answer); err != nil {
		return nil, sorted("read back a room", err)
	}
	answer.Result.Updated = slices.DeleteFunc(answer.Result.Updated, func(m message) bool {
		return m.ID == "" || m.Room != id || m.Private.v
	})
	slices.SortStableFunc(answer.Result.Updated, func(a, b message) int { return a.Said.Compare(b.Said.Time) })
	return &answer, nil
}

// yieldOne hands on one message that was read back, and remembers it.
func (p *Platform) yieldOne(ctx context.Context, m *message, yield func(chat.Seen) error) error {
	if was, known := p.memory.get(m.Room, m.ID); known && was.gone {
		return nil
	}
	now, people, err := p.sightOf(ctx, m)
	if err != nil {
		return err
	}
	if err := yield(chat.Seen{Said: p.said(ctx, m), Reactions: people, Pinned: m.Pinned.v}); err != nil {
		return err
	}
	p.memory.put(m.Room, m.ID, now)
	return nil
}

// Fetch reads one message. The server does not say where it looks for it, so only a message of that very room counts.
func (p *Platform) Fetch(ctx context.Context, r chat.Ref) (chat.Seen, error) {
	m, err := p.messageByID(ctx, string(r.Message))
	if err != nil {
		return chat.Seen{}, err
	}
	if m.Room != string(r.Channel) || m.Hidden.v || m.Kind != "" && m.Kind != "e2e" {
		return chat.Seen{}, fmt.Errorf("read a message: %w", chat.ErrGone)
	}
	if m.Kind == "e2e" {
		return chat.Seen{}, chat.Final(errors.New("read a message: it is encrypted"), tellEncrypted)
	}
	people, err := p.reactions(ctx, m)
	if err != nil {
		return chat.Seen{}, err
	}
	return chat.Seen{Said: p.said(ctx, m), Reactions: people, Pinned: m.Pinned.v}, nil
}

// messageByID reads a message as the server has it. One that is not there is ErrGone: the server then says no, and not why.
func (p *Platform) messageByID(ctx context.Context, id string) (*message, error) {
	var answer struct {
		Message message `json:"message"`
	}
	err := p.rest.get(ctx, "chat.getMessage", url.Values{"msgId": {id}}, &answer)
	var said *apiError
	if errors.As(err, &said) && (said.silent || said.status == 400 && said.code == "" || said.status == 404) || err == nil && answer.Message.ID == "" {
		return nil, chat.Final(fmt.Errorf("read a message: %w", chat.ErrGone), "")
	}
	if err != nil {
		return nil, sorted("read a message", err)
	}
	return &answer.Message, nil
}
