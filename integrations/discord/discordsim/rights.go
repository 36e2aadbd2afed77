package discordsim

import (
	"slices"
	"strconv"

	"boswell/chat"
)

// The permissions that are asked for.
const (
	bitManageChannels uint64 = 1 << 4
	bitReact          uint64 = 1 << 6
	bitView           uint64 = 1 << 10
	bitSend           uint64 = 1 << 11
	bitEmbed          uint64 = 1 << 14
	bitAttach         uint64 = 1 << 15
	bitHistory        uint64 = 1 << 16
	bitManageRoles    uint64 = 1 << 28
	bitManageThreads  uint64 = 1 << 34
	bitPublicThreads  uint64 = 1 << 35
	bitPrivateThreads uint64 = 1 << 36
	bitThreadSend     uint64 = 1 << 38
	bitPin            uint64 = 1 << 51

	everyonePermissions = bitView | bitSend | bitReact | bitHistory | bitThreadSend | bitEmbed | bitAttach
	usualPermissions    = everyonePermissions | bitManageChannels | bitManageRoles | bitManageThreads | bitPublicThreads |
		bitPrivateThreads | bitPin
)

// may says that the bot has a permission in a channel.
func (s *Sim) may(c *channel, bit uint64) bool { return s.permitted(s.users[BotID], c)&bit == bit }

// permitted is what somebody may do in a channel.
func (s *Sim) permitted(u *user, c *channel) uint64 {
	if c.guild == "" {
		return ^uint64(0)
	}
	if c.kind == kindPrivateThread && !slices.Contains(c.members, u.id) && c.owner != u.id {
		return 0
	}
	if c.thread() {
		c = s.channels[c.parent]
	}
	granted := everyonePermissions
	if u.id == BotID {
		granted |= s.o.Permissions
	}
	for _, pass := range []string{Server, botRole, u.id} {
		for _, o := range c.overwrites {
			if o.ID == pass && (pass != botRole || u.id == BotID) {
				granted = granted&^number(o.Deny) | number(o.Allow)
			}
		}
	}
	return granted
}

// Forbid takes a permission from the bot in a channel, or gives it back.
func (s *Sim) Forbid(channelID string, bit uint64, forbidden bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelID]
	c.overwrites = slices.DeleteFunc(c.overwrites, func(o overwrite) bool { return o.ID == BotID })
	if forbidden {
		c.overwrites = append(c.overwrites, overwrite{ID: BotID, Type: 1, Allow: "0", Deny: strconv.FormatUint(bit, 10)})
	}
}

// Grant sets what a role or a person may do in a channel.
func (w *World) Grant(at chat.Place, id string, person bool, allow, deny uint64) {
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	c := w.channel(at)
	o := overwrite{ID: id, Allow: strconv.FormatUint(allow, 10), Deny: strconv.FormatUint(deny, 10)}
	if person {
		o.Type = 1
	}
	c.overwrites = append(slices.DeleteFunc(c.overwrites, func(o overwrite) bool { return o.ID == id }), o)
	w.sim.dispatch("", "CHANNEL_UPDATE", c.object(w.sim))
}

// Granted is what roles and persons are allowed and denied in a channel, but for the bot.
func (w *World) Granted(at chat.Place) map[string][2]uint64 {
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	all := map[string][2]uint64{}
	for _, o := range w.channel(at).overwrites {
		if o.ID != BotID {
			all[o.ID] = [2]uint64{number(o.Allow), number(o.Deny)}
		}
	}
	return all
}
