package discord

import (
	"context"
	"strings"

	"boswell/chat"
)

// A spot is where something is said. Discord's threads are channels. A thread that people made is part of its channel; a post
// in a forum, and a thread that the bot made for an incident, is a room by itself.
type spot struct {
	guild   string // empty is a direct message
	channel string
	thread  string
	name    string // of the room
}

// atMe stands for the server in the identifiers of direct messages, as it does in their addresses.
const atMe = "@me"

// raw is the channel that the API knows.
func (s spot) raw() string {
	if s.thread != "" {
		return s.thread
	}
	return s.channel
}

func (s spot) guildPart() string {
	if s.guild == "" {
		return atMe
	}
	return s.guild
}

func (p *Platform) place(s spot) chat.Place {
	return chat.Place{Platform: p.o.Name, Channel: chat.ChannelID(s.guildPart() + "/" + s.channel), Thread: chat.ThreadID(s.thread)}
}

// ref is a message. That of a thread within a room names the thread too, since the API asks for it.
func (p *Platform) ref(s spot, id string) chat.Ref {
	if s.thread != "" {
		id = s.thread + "/" + id
	}
	return chat.Ref{Platform: p.o.Name, Channel: p.place(s).Channel, Message: chat.MessageID(id)}
}

// spotOf reads a place that this package made.
func spotOf(at chat.Place) (spot, bool) {
	guild, channel, ok := strings.Cut(string(at.Channel), "/")
	if !ok || !isSnowflake(channel) || at.Thread != "" && !isSnowflake(string(at.Thread)) {
		return spot{}, false
	}
	if guild == atMe {
		guild = ""
	} else if !isSnowflake(guild) {
		return spot{}, false
	}
	return spot{guild: guild, channel: channel, thread: string(at.Thread)}, true
}

// messageOf reads the identity of a message that this package made: where it is, and its identifier.
func messageOf(r chat.Ref) (spot, string, bool) {
	s, ok := spotOf(chat.Place{Platform: r.Platform, Channel: r.Channel})
	id := string(r.Message)
	if thread, inThread, split := strings.Cut(id, "/"); split {
		s.thread, id = thread, inThread
		ok = ok && isSnowflake(thread)
	}
	return s, id, ok && isSnowflake(id)
}

// locate says where a channel of Discord's is among rooms and threads.
func (p *Platform) locate(ctx context.Context, guildID, channelID string) (spot, error) {
	if guildID == "" {
		if c, known := p.guilds.channel(channelID); !known || c.GuildID == "" {
			return spot{channel: channelID}, nil
		}
	}
	c, err := p.channel(ctx, channelID)
	if err != nil {
		return spot{}, err
	}
	if c.GuildID == "" {
		c.GuildID = guildID
	}
	own := spot{guild: c.GuildID, channel: c.ID, name: "#" + c.Name}
	if !c.isThread() || c.OwnerID == p.knownSelf().user {
		return own, nil
	}
	parent, err := p.channel(ctx, c.ParentID)
	if err != nil || parent.isForum() {
		return own, err
	}
	return spot{guild: c.GuildID, channel: parent.ID, thread: c.ID, name: "#" + parent.Name}, nil
}

// linkBase begins the address of every message and channel.
const linkBase = "https://discord.com/channels/"

// Link is the address of a message.
func (p *Platform) Link(r chat.Ref) string {
	s, id, ok := messageOf(r)
	if !ok {
		return ""
	}
	return linkBase + s.guildPart() + "/" + s.raw() + "/" + id
}

// ParseLink reads the address of a message, of the website, the app or one of its test versions.
func (p *Platform) ParseLink(text string) (chat.Ref, bool) {
	guild, channelID, id, ok := parseLink(strings.TrimSpace(text))
	if !ok || id == "" {
		return chat.Ref{}, false
	}
	s := spot{guild: guild, channel: channelID}
	if c, known := p.guilds.channel(channelID); known && guild != "" && c.isThread() && c.OwnerID != p.knownSelf().user {
		if parent, known := p.guilds.channel(c.ParentID); known && !parent.isForum() {
			s.channel, s.thread = parent.ID, c.ID
		}
	}
	return p.ref(s, id), true
}

var linkHosts = []string{"discord.com", "ptb.discord.com", "canary.discord.com", "discordapp.com"}

// parseLink takes an address apart. The message is empty where the address is that of a channel.
func parseLink(text string) (guild, channelID, id string, ok bool) {
	text = strings.TrimSuffix(strings.TrimPrefix(text, "<"), ">")
	for _, host := range linkHosts {
		rest, found := strings.CutPrefix(text, "https://"+host+"/channels/")
		if !found {
			continue
		}
		parts := strings.Split(rest, "/")
		if len(parts) != 2 && len(parts) != 3 {
			return "", "", "", false
		}
		if parts[0] == atMe {
			parts[0] = ""
		} else if !isSnowflake(parts[0]) {
			return "", "", "", false
		}
		for _, part := range parts[1:] {
			if !isSnowflake(part) {
				return "", "", "", false
			}
		}
		if len(parts) == 3 {
			id = parts[2]
		}
		return parts[0], parts[1], id, true
	}
	return "", "", "", false
}
