package slack

import (
	"context"
	"fmt"
	"strings"

	"boswell/chat"
)

// inviteMost is how many people are invited at once.
const inviteMost = 100

// Invite brings people and the members of user groups into a channel. Those who are in it, and the bot itself, are passed
// over. One who cannot come keeps none of the others out, and is told about in the error.
func (p *Platform) Invite(ctx context.Context, to chat.Place, users []chat.UserID) error {
	ids, err := p.members(ctx, users)
	if err != nil {
		return err
	}
	for len(ids) > 0 {
		n := min(len(ids), inviteMost)
		_, err := p.api.InviteUsersToConversationContext(ctx, string(to.Channel), ids[:n]...)
		if n > 1 && ofOnePerson[code(err)] {
			err = p.inviteEach(ctx, to, ids[:n])
		}
		if err := ignore(err, "already_in_channel", "cant_invite_self"); err != nil {
			return p.sorted("invite people", err)
		}
		ids = ids[n:]
	}
	return nil
}

// ofOnePerson are the codes by which Slack refuses several invitations because of one of them.
var ofOnePerson = map[string]bool{"already_in_channel": true, "cant_invite_self": true, "cant_invite": true, "user_not_found": true,
	"user_disabled": true, "user_is_restricted": true, "user_is_ultra_restricted": true, "ura_max_channels": true,
	"org_user_not_in_team": true, "no_user": true}

// inviteEach invites one by one, and tells of the last who cannot come.
func (p *Platform) inviteEach(ctx context.Context, to chat.Place, ids []string) error {
	var refused error
	for _, id := range ids {
		_, err := p.api.InviteUsersToConversationContext(ctx, string(to.Channel), id)
		switch err := ignore(err, "already_in_channel", "cant_invite_self"); {
		case err != nil && !ofOnePerson[code(err)]:
			return err
		case err != nil:
			p.log.Warn().Err(err).Str("channel", string(to.Channel)).Str("user", id).Msg("could not invite one of several")
			refused = err
		}
	}
	return refused
}

// Summon are those who are configured to come to the incidents of a severity; of the empty one, to all of them.
func (p *Platform) Summon(severity string) []chat.UserID {
	var users []chat.UserID
	for _, handle := range p.cfg.Invite.bySeverity()[severity] {
		users = append(users, chat.UserID("@"+strings.TrimPrefix(handle, "@")))
	}
	return users
}

// members are people, with those of groups in place of the groups, without the bot.
func (p *Platform) members(ctx context.Context, users []chat.UserID) ([]string, error) {
	me, err := p.self(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	seen := map[string]bool{me.user: true, "": true}
	for _, u := range users {
		some, err := p.meant(ctx, u)
		if err != nil {
			return nil, err
		}
		for _, id := range some {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// meant are the people that an identifier stands for: itself, the members of a group, or whoever has the handle that stands in
// the configuration.
func (p *Platform) meant(ctx context.Context, u chat.UserID) ([]string, error) {
	handle, configured := strings.CutPrefix(string(u), "@")
	switch {
	case configured:
		return p.handled(ctx, handle)
	case !isGroup(u):
		return []string{string(u)}, nil
	}
	g, err := p.group(ctx, string(u))
	return g.Users, err
}

// handled are the members of the group with a handle, or the person.
func (p *Platform) handled(ctx context.Context, handle string) ([]string, error) {
	g, ok, err := p.findGroup(ctx, func(g wireGroup) bool { return strings.EqualFold(g.Handle, handle) })
	if err != nil || ok {
		return g.Users, err
	}
	people, err := p.People(ctx, chat.Place{}, handle, peopleMost)
	if err != nil {
		return nil, err
	}
	for _, u := range people {
		if strings.EqualFold(u.Handle, handle) {
			return []string{string(u.ID)}, nil
		}
	}
	return nil, chat.Final(fmt.Errorf("nobody has the handle %q", handle),
		"There is neither a user group nor a person @"+handle+" in Slack. An operator can correct invite in the configuration.")
}
