package discord

import (
	"context"
	"errors"
	"slices"

	"boswell/chat"
)

// The permissions that are used. discordgo does not know the last one.
const (
	bitManageChannels bits = 1 << 4
	bitReact          bits = 1 << 6
	bitView           bits = 1 << 10
	bitSend           bits = 1 << 11
	bitEmbed          bits = 1 << 14
	bitAttach         bits = 1 << 15
	bitHistory        bits = 1 << 16
	bitManageRoles    bits = 1 << 28
	bitManageThreads  bits = 1 << 34
	bitPublicThreads  bits = 1 << 35
	bitPrivateThreads bits = 1 << 36
	bitThreadSend     bits = 1 << 38
	bitPin            bits = 1 << 51
	bitAdministrator  bits = 1 << 3
)

// A need is a permission with what it is for.
type need struct {
	bit  bits
	name string
	why  string
}

// needs are the permissions that the configuration makes use of.
func (c Config) needs() []need {
	all := []need{
		{bitView, "View Channel", "to hear what is said where incidents are fought"},
		{bitHistory, "Read Message History", "to read back what was missed, and the message that was tagged"},
		{bitSend, "Send Messages", "to answer, and to show the status card"},
		{bitThreadSend, "Send Messages in Threads", "to answer in threads"},
		{bitEmbed, "Embed Links", "for texts that are longer than a message"},
		{bitAttach, "Attach Files", "to hand over the postmortem"},
		{bitReact, "Add Reactions", "to say with ✅ that a message was taken"},
		{bitPin, "Pin Messages", "to pin the status card"},
		{bitManageChannels, "Manage Channels", "to make the channel of an incident, set its topic and close it"},
		{bitManageRoles, "Manage Permissions", "to let people into a private channel, and to lock a closed one"},
	}
	if c.Rooms == RoomsThread || c.Rooms == RoomsForum {
		all = append(all, need{bitManageThreads, "Manage Threads", "to lock the thread of a closed incident"})
	}
	if c.Rooms == RoomsThread {
		all = append(all,
			need{bitPublicThreads, "Create Public Threads", "to make the thread of an incident"},
			need{bitPrivateThreads, "Create Private Threads", "to make the thread of a private incident"})
	}
	return all
}

// mayRead says what is wrong where a room looks empty: Discord answers so where the history may not be read.
func (p *Platform) mayRead(ctx context.Context, s spot) error {
	if s.guild == "" {
		return nil
	}
	granted, err := p.permissions(ctx, s)
	if err != nil || granted&bitHistory != 0 {
		return err
	}
	return chat.Final(errors.New("the history may not be read"),
		"I may not read what was said there. Give me the permission Read Message History in the channel.")
}

// permissions are what the bot may do in a channel, worked out as Discord documents it.
func (p *Platform) permissions(ctx context.Context, s spot) (bits, error) {
	who, err := p.self(ctx)
	if err != nil {
		return 0, err
	}
	c, err := p.freshChannel(ctx, s.channel)
	if err == nil && c.isThread() {
		c, err = p.freshChannel(ctx, c.ParentID)
	}
	if err != nil {
		return 0, err
	}
	var g guild
	if err := p.rest.get(ctx, "/guilds/"+s.guild, &g); err != nil {
		return 0, err
	}
	var m member
	if err := p.rest.get(ctx, "/guilds/"+s.guild+"/members/"+who.user, &m); err != nil {
		return 0, err
	}
	return granted(g, c, m, who.user), nil
}

// granted is what a member may do in a channel: the roles first, then what the channel says of everybody, of roles, of the
// member.
func granted(g guild, c channel, m member, user string) bits {
	var base bits
	for _, r := range g.Roles {
		if r.ID == g.ID || slices.Contains(m.Roles, r.ID) {
			base |= r.Permissions
		}
	}
	if g.OwnerID == user || base&bitAdministrator != 0 {
		return ^bits(0)
	}
	var roles, own overwrite
	for _, o := range c.Overwrites {
		switch {
		case o.ID == g.ID:
			base = base&^o.Deny | o.Allow
		case o.Type == typeRole && slices.Contains(m.Roles, o.ID):
			roles.Allow |= o.Allow
			roles.Deny |= o.Deny
		case o.Type == typeMember && o.ID == user:
			own = o
		}
	}
	base = base&^roles.Deny | roles.Allow
	return base&^own.Deny | own.Allow
}
