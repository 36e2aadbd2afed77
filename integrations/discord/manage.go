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
// it any more but the bot, and it moves to the category that is configured.
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
	who, err := p.self(ctx)
	if err != nil {
		return err
	}
	if !open {
		// The bot goes first: once nobody may write, it could not let itself.
		if err := p.permit(ctx, c, who.user, typeMember, bitView|bitSend, 0); err != nil {
			return err
		}
	}
	if err := p.lock(ctx, c, open); err != nil {
		return err
	}
	if open || p.cfg.Closed == "" || c.ParentID == p.cfg.Closed {
		return nil
	}
	return p.change(ctx, c.ID, map[string]any{"parent_id": p.cfg.Closed, "lock_permissions": false})
}

// archiveThread notes what becomes of the thread before it asks for it: the gateway may tell of it before the answer comes, and
// a room that the bot closes is not one that was taken from it.
func (p *Platform) archiveThread(ctx context.Context, c channel, open bool) error {
	if c.Thread == nil || c.locked() != open {
		return nil
	}
	after, state := c, *c.Thread
	state.Archived, state.Locked = !open, !open
	after.Thread = &state
	p.guilds.put(after)
	err := p.change(ctx, c.ID, map[string]any{"archived": !open, "locked": !open})
	if err != nil && !chat.AsFailure(err).InDoubt {
		p.guilds.put(c)
	}
	return err
}

// writing is what is taken from everybody in a closed channel.
const writing = bitSend | bitThreadSend | bitReact

// lock takes from everybody who has a permission of their own in a channel, and from all others, the right to write.
func (p *Platform) lock(ctx context.Context, c channel, open bool) error {
	everybody := overwrite{ID: c.GuildID, Type: typeRole}
	i := slices.IndexFunc(c.Overwrites, func(o overwrite) bool { return o.ID == c.GuildID })
	if i >= 0 {
		everybody = c.Overwrites[i]
	}
	change := everybody
	if open {
		change.Deny &^= writing
	} else {
		change.Deny |= writing
		change.Allow &^= writing
	}
	if err := p.permit(ctx, c, change.ID, typeRole, change.Allow, change.Deny); err != nil {
		return err
	}
	for _, o := range c.Overwrites {
		if o.Type != typeMember || o.ID == p.knownSelf().user || o.Allow&bitView == 0 {
			continue
		}
		allow := o.Allow &^ writing
		if open {
			allow = o.Allow | bitSend | bitReact
		}
		if err := p.permit(ctx, c, o.ID, typeMember, allow, o.Deny); err != nil {
			return err
		}
	}
	return nil
}

// permit sets what a role or a person may do in a channel, unless it is set already.
func (p *Platform) permit(ctx context.Context, c channel, id string, kind int, allow, deny bits) error {
	wanted := overwrite{ID: id, Type: kind, Allow: allow, Deny: deny}
	if slices.Contains(c.Overwrites, wanted) {
		return nil
	}
	return p.rest.do(ctx, request{method: http.MethodPut, path: "/channels/" + c.ID + "/permissions/" + id, body: wanted}, nil)
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
