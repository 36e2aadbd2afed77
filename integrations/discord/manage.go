package discord

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"boswell/chat"
)

// Invite brings people into a room: into a thread as members, into a private channel by a permission of their own. Other
// channels are open to them already. All are tried; the failure says who could not be brought in.
func (p *Platform) Invite(ctx context.Context, to chat.Place, users []chat.UserID) error {
	s, ok := spotOf(to)
	if !ok {
		return noSuchPlace()
	}
	c, err := p.channel(ctx, s.raw())
	if err != nil {
		return err
	}
	var errs []error
	for _, u := range users {
		if err := p.invite(ctx, c, string(u)); err != nil {
			f := *chat.AsFailure(err)
			f.Err = fmt.Errorf("invite %s: %w", u, f.Err)
			f.Tell = p.personOf(ctx, s.guild, string(u), nil).Display() + " could not be brought in. " + f.Tell
			errs = append(errs, &f)
		}
	}
	return together(errs...)
}

func (p *Platform) invite(ctx context.Context, c channel, user string) error {
	if !isSnowflake(user) {
		return noSuchPlace()
	}
	if c.isThread() {
		return p.rest.do(ctx, request{method: http.MethodPut, path: "/channels/" + c.ID + "/thread-members/" + user}, nil)
	}
	if !c.private() {
		return nil
	}
	return p.rest.do(ctx, request{method: http.MethodPut, path: "/channels/" + c.ID + "/permissions/" + user,
		body: overwrite{ID: user, Type: typeMember, Allow: viewing}, reason: "invited to the incident"}, nil)
}

// private says that not everybody in the server sees a channel.
func (c channel) private() bool {
	return slices.ContainsFunc(c.Overwrites, func(o overwrite) bool { return o.ID == c.GuildID && o.Deny&bitView != 0 })
}

// SetTopic sets the topic of a channel. Threads have none. What is set already is not set again: Discord allows two changes
// in ten minutes.
func (p *Platform) SetTopic(ctx context.Context, to chat.Place, topic string) error {
	s, ok := spotOf(to)
	if !ok {
		return noSuchPlace()
	}
	c, err := p.channel(ctx, s.raw())
	if err != nil || c.isThread() || c.Topic == clip(topic, topicMost) {
		return err
	}
	return p.change(ctx, c.ID, map[string]any{"topic": clip(topic, topicMost)})
}

// change changes a channel and remembers it as it is then.
func (p *Platform) change(ctx context.Context, id string, body map[string]any) error {
	var c channel
	if err := p.rest.do(ctx, request{method: http.MethodPatch, path: "/channels/" + id, body: body}, &c); err != nil {
		return err
	}
	p.guilds.put(c)
	return nil
}

// Archive closes a room, or opens it again. A thread is archived and locked. A channel cannot be archived: nobody may write in
// it any more but the bot, and it moves to the category that is configured. Opened again, all may write there who could before.
func (p *Platform) Archive(ctx context.Context, to chat.Place, open bool) error {
	s, ok := spotOf(to)
	if !ok {
		return noSuchPlace()
	}
	c, err := p.freshChannel(ctx, s.raw())
	if err != nil {
		return err
	}
	if c.isThread() {
		return p.archiveThread(ctx, c, open)
	}
	if open {
		return p.unlock(ctx, c)
	}
	if err := p.lock(ctx, c); err != nil || p.cfg.Closed == "" || c.ParentID == p.cfg.Closed {
		return err
	}
	return p.change(ctx, c.ID, map[string]any{"parent_id": p.cfg.Closed, "lock_permissions": false})
}

// archiveThread notes that it is the bot who does it before it asks for it: the gateway may tell of it before the answer comes,
// and a room that the bot closes is not one that was taken from it.
func (p *Platform) archiveThread(ctx context.Context, c channel, open bool) error {
	if c.locked() != open {
		return nil
	}
	p.closed.put(c.ID, !open)
	err := p.change(ctx, c.ID, map[string]any{"archived": !open, "locked": !open})
	if err != nil && !chat.AsFailure(err).InDoubt {
		p.closed.put(c.ID, open)
	}
	return err
}

// unarchived does something in a place, and opens the thread there first if it has gone to sleep.
func (p *Platform) unarchived(ctx context.Context, s spot, do func() error) error {
	err := do()
	if !isCode(err, codeArchived) {
		return err
	}
	if c, known := p.guilds.channel(s.raw()); known && c.locked() {
		return err
	}
	if err := p.change(ctx, s.raw(), map[string]any{"archived": false}); err != nil {
		return err
	}
	return do()
}
