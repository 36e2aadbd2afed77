package discord

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"boswell/chat"
)

// said is a message as a person reads it.
func (p *Platform) said(ctx context.Context, s spot, m message) chat.Said {
	said := chat.Said{Meta: chat.Meta{Delivery: versionOf(m), At: m.Timestamp.UTC(), Place: p.place(s), Room: s.name},
		Ref: p.ref(s, m.ID), Text: p.legible(ctx, s, m), Order: orderOf(m.ID)}
	said.Link = p.Link(said.Ref)
	if m.Edited != nil {
		said.Edited = m.Edited.UTC()
	}
	if m.Author != nil {
		said.From = p.author(m)
	}
	for _, a := range m.attached() {
		said.Files = append(said.Files, p.file(s, m.ID, a))
	}
	return said
}

// author is who a message is of. What a webhook posts bears a name of its own; what an app posts in answer to a command has a
// webhook too, and is the app's.
func (p *Platform) author(m message) chat.User {
	if m.WebhookID == "" || m.WebhookID == m.ApplicationID || m.Author.ID == p.knownSelf().user {
		return p.user(*m.Author, m.Member)
	}
	return chat.User{ID: chat.UserID(m.WebhookID), Name: m.Author.Username, Alias: m.Author.Username, Bot: true}
}

// legible is the text of a message, with that of what it forwards. Whose it was is not told of what is forwarded.
func (p *Platform) legible(ctx context.Context, s spot, m message) string {
	said := p.texts(ctx, s, m, m.WebhookID != "" || m.Author != nil && m.Author.Bot)
	for _, shot := range m.Snapshots {
		if shot.Message != nil {
			said = append(said, p.texts(ctx, s, *shot.Message, true)...)
		}
	}
	return strings.Join(said, "\n")
}

// texts are what a message says, with the cards and components that bots put in the place of text. A card below what a person
// wrote is Discord's, about a link, and so is any that is not rich.
func (p *Platform) texts(ctx context.Context, s spot, m message, byBot bool) []string {
	all := []string{m.Content}
	for _, e := range m.Embeds {
		if e.Type == embedRich && byBot {
			all = append(all, e.text())
		}
	}
	var said []string
	for _, text := range append(all, m.Parts.text()) {
		if text != "" {
			said = append(said, p.restored(ctx, s.guild, text, m.Mentions, names))
		}
	}
	return said
}

func (e embed) text() string {
	var lines []string
	for _, line := range []string{e.Title, e.Description} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	for _, f := range e.Fields {
		lines = append(lines, f.Name+": "+f.Value)
	}
	return strings.Join(lines, "\n")
}

// token is what Discord writes for people, channels, roles, emoji, times and commands.
var token = regexp.MustCompile(`<(?:@!?(\d+)|#(\d+)|@&(\d+)|a?:(\w+):\d+|t:(-?\d+)(?::([tTdDfFR]))?|/([^:<>]{1,100}):\d+)>`)

// How people are written.
const (
	names   = false
	handles = true
)

// restored writes out what Discord writes as numbers. Everything else stays as it was typed.
func (p *Platform) restored(ctx context.Context, guildID, text string, mentions []mention, byHandle bool) string {
	if !strings.Contains(text, "<") {
		return text
	}
	return token.ReplaceAllStringFunc(text, func(found string) string {
		t := token.FindStringSubmatch(found)
		switch {
		case t[1] != "":
			return "@" + p.mentioned(ctx, guildID, t[1], mentions, byHandle)
		case t[2] != "":
			if c, err := p.channel(ctx, t[2]); err == nil {
				return "#" + c.Name
			}
		case t[3] != "":
			return p.roleName(guildID, t[3], found)
		case t[4] != "":
			return ":" + t[4] + ":"
		case t[5] != "":
			return timeOf(t[5], found)
		case t[7] != "":
			return "/" + t[7]
		}
		return found
	})
}

func (p *Platform) mentioned(ctx context.Context, guildID, id string, mentions []mention, byHandle bool) string {
	u := chat.User{}
	for _, m := range mentions {
		if m.ID == id {
			u = p.user(m.account, m.Member)
		}
	}
	if u.ID == "" {
		u = p.personOf(ctx, guildID, id, nil)
	}
	if byHandle && u.Handle != "" {
		return u.Handle
	}
	return u.Display()
}

func (p *Platform) roleName(guildID, id, otherwise string) string {
	g := p.guilds.guild(guildID)
	for _, r := range g.Roles {
		if r.ID == id {
			return "@" + strings.TrimPrefix(r.Name, "@")
		}
	}
	return otherwise
}

// timeOf is a moment that the clients of Discord show in the zone of whoever reads.
func timeOf(unix, otherwise string) string {
	n, err := strconv.ParseInt(unix, 10, 64)
	if err != nil || n < -62135596800 || n > 253402300799 {
		return otherwise
	}
	return time.Unix(n, 0).UTC().Format("2006-01-02 15:04 UTC")
}
