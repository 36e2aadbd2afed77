package discord

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"boswell/chat"
)

// user is an account as people of the server know it. It is remembered, since what happens to messages names accounts by
// their numbers.
func (p *Platform) user(a account, m *member) chat.User {
	u := chat.User{ID: chat.UserID(a.ID), Handle: a.Username, Name: a.display(m), Bot: a.Bot, Self: a.ID == p.knownSelf().user}
	p.people.put(a.ID, u)
	return u
}

// personOf is somebody who did something: as Discord tells along, as they are remembered, else as they are asked for. Where
// that fails, the number has to do.
func (p *Platform) personOf(ctx context.Context, guildID, id string, m *member) chat.User {
	if m != nil && m.User != nil && m.User.ID == id {
		return p.user(*m.User, m)
	}
	if known, ok := p.people.get(id); ok {
		known.Self = id == p.knownSelf().user
		return known
	}
	u, err := p.inServer(ctx, guildID, id)
	if err != nil {
		p.log.Warn().Err(err).Str("user", id).Msg("the name of somebody could not be read")
		return chat.User{ID: chat.UserID(id), Self: id == p.knownSelf().user}
	}
	return u
}

// inServer asks for somebody as a member, and as an account where they are none any more.
func (p *Platform) inServer(ctx context.Context, guildID, id string) (chat.User, error) {
	if guildID != "" {
		var m member
		err := p.rest.get(ctx, "/guilds/"+guildID+"/members/"+id, &m)
		if err == nil && m.User != nil {
			return p.user(*m.User, &m), nil
		}
		if err != nil && !errors.Is(err, chat.ErrGone) {
			return chat.User{}, err
		}
	}
	var a account
	if err := p.rest.get(ctx, "/users/"+id, &a); err != nil {
		return chat.User{}, err
	}
	return p.user(a, nil), nil
}

// Person is one account. Discord tells no time zone.
func (p *Platform) Person(ctx context.Context, id chat.UserID) (chat.User, error) {
	if !isSnowflake(string(id)) {
		return chat.User{}, noSuchPlace()
	}
	if _, err := p.self(ctx); err != nil {
		return chat.User{}, err
	}
	if known, ok := p.people.get(string(id)); ok {
		return known, nil
	}
	return p.inServer(ctx, "", string(id))
}

// People are the members of the server whose handle or name begins with a text. In direct messages, where there is no server,
// they are those of all servers.
func (p *Platform) People(ctx context.Context, near chat.Place, typed string, most int) ([]chat.User, error) {
	typed = strings.TrimPrefix(strings.TrimSpace(typed), "@")
	if typed == "" || most <= 0 {
		return nil, nil
	}
	servers := p.guilds.ids()
	if s, ok := spotOf(near); ok && s.guild != "" {
		servers = []string{s.guild}
	}
	var found []chat.User
	seen := map[chat.UserID]bool{}
	for _, id := range servers {
		var members []member
		path := "/guilds/" + id + "/members/search?limit=" + strconv.Itoa(min(most, 100)) + "&query=" + url.QueryEscape(typed)
		if err := p.rest.get(ctx, path, &members); err != nil {
			return nil, err
		}
		for _, m := range members {
			if m.User == nil || seen[chat.UserID(m.User.ID)] {
				continue
			}
			u := p.user(*m.User, &m)
			seen[u.ID] = true
			if begins(u.Handle, typed) || begins(u.Name, typed) {
				found = append(found, u)
			}
		}
	}
	return found[:min(len(found), most)], nil
}

func begins(text, with string) bool {
	return strings.HasPrefix(strings.ToLower(text), strings.ToLower(with))
}
