package slacksim

import (
	"slices"
	"strings"
)

var peopleMethods = map[string]method{
	"users.info":      {scopes: []string{"users:read"}, needs: []need{{"user", "user_not_found"}}, do: (*Sim).userInfo},
	"users.list":      {scopes: []string{"users:read"}, do: (*Sim).userList},
	"usergroups.list": {scopes: []string{"usergroups:read"}, do: (*Sim).groupList},
	"emoji.list":      {scopes: []string{"emoji:read"}, do: (*Sim).emojiList},
	"bots.info":       {scopes: []string{"users:read"}, do: (*Sim).botInfo},
}

func (s *Sim) userInfo(c *call) (object, error) {
	u := s.users[c.text("user")]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return object{"user": s.userObject(u)}, nil
}

func (s *Sim) userList(c *call) (object, error) {
	ids := make([]string, 0, len(s.users))
	for id := range s.users {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	all := []object{}
	for _, id := range ids {
		all = append(all, s.userObject(s.users[id]))
	}
	page, next, err := paged(c, all, 1000, 1000)
	return object{"members": page, "cache_ts": 1, "response_metadata": object{"next_cursor": next}}, err
}

func (s *Sim) groupList(c *call) (object, error) {
	list := []object{}
	for _, g := range s.groups {
		o := object{"id": g.id, "team_id": TeamID, "handle": g.handle, "name": g.name, "is_usergroup": true, "user_count": len(g.users)}
		if c.yes("include_users") {
			o["users"] = g.users
		}
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b object) int { return strings.Compare(a["id"].(string), b["id"].(string)) })
	return object{"usergroups": list}, nil
}

func (s *Sim) emojiList(*call) (object, error) {
	list := object{}
	for name, value := range s.emoji {
		list[name] = value
	}
	return object{"emoji": list, "cache_ts": stampOf(s.now())}, nil
}

func (s *Sim) botInfo(c *call) (object, error) {
	for _, u := range s.users {
		if u.bot != "" && u.bot == c.text("bot") {
			return object{"bot": object{"id": u.bot, "name": u.display, "user_id": u.id, "deleted": false, "app_id": "A" + u.bot}}, nil
		}
	}
	return nil, refuse("bot_not_found")
}
