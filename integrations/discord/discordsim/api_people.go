package discordsim

import (
	"strconv"
	"strings"
)

func plainGateway(c *call) (any, *refusal) { return object{"url": c.s.socketURL() + "/gw"}, nil }

func gatewayBot(c *call) (any, *refusal) {
	c.s.gate.mu.Lock()
	defer c.s.gate.mu.Unlock()
	return object{"url": c.s.socketURL() + "/gw", "shards": 1, "session_start_limit": object{"total": c.s.o.Identifies,
		"remaining": max(c.s.o.Identifies-c.s.gate.identified, 0), "reset_after": 14400000, "max_concurrency": 1}}, nil
}

func application(c *call) (any, *refusal) {
	return object{"id": AppID, "name": "Boswell", "description": "", "icon": nil, "type": nil, "bot": c.s.users[BotID].object(),
		"summary": "", "verify_key": strings.Repeat("0", 64), "flags": c.s.flags(), "flags_new": strconv.Itoa(c.s.flags()), "eligible_oauth2_scopes": []string{}, "redirect_uris": []string{},
		"interactions_endpoint_url": nil, "role_connections_verification_url": nil, "approximate_guild_count": 1,
		"approximate_user_install_count": 0, "approximate_user_authorization_count": 0, "explicit_content_filter": 0,
		"team": nil, "owner": c.s.users[BotID].object()}, nil
}

func me(c *call) (any, *refusal) {
	o := c.s.users[BotID].object()
	o["mfa_enabled"], o["locale"], o["verified"] = false, "en-US", true
	return o, nil
}

func myGuilds(*call) (any, *refusal) {
	return []object{{"id": Server, "name": "The Server", "icon": nil, "banner": nil, "owner": false, "permissions": "0", "features": []string{}}}, nil
}

func oneUser(c *call) (any, *refusal) {
	u := c.s.users[c.path("user")]
	if u == nil {
		return nil, unknownUser
	}
	return u.object(), nil
}

func openDirect(c *call) (any, *refusal) {
	var asked struct {
		Recipient string `json:"recipient_id"`
	}
	if !c.read(&asked) {
		return nil, badForm
	}
	u := c.s.users[asked.Recipient]
	if u == nil {
		return nil, unknownUser
	}
	return c.s.directOf(u).object(c.s), nil
}

// directOf is the conversation of somebody with the bot.
func (s *Sim) directOf(u *user) *channel {
	if u.direct == "" {
		c := &channel{id: s.newID(), kind: kindDirect, owner: u.id}
		s.channels[c.id], u.direct = c, c.id
		s.order = append(s.order, c)
	}
	return s.channels[u.direct]
}

func oneGuild(c *call) (any, *refusal) {
	if c.path("guild") != Server {
		return nil, no(404, 10004, "Unknown Guild")
	}
	g := c.s.guildObject()
	for _, k := range []string{"channels", "threads", "members", "voice_states", "presences", "joined_at", "member_count", "unavailable",
		"stage_instances", "guild_scheduled_events"} {
		delete(g, k)
	}
	for k, v := range settings {
		g[k] = v
	}
	return g, nil
}

func listEmojis(c *call) (any, *refusal) { return c.s.emojis, nil }

func oneMember(c *call) (any, *refusal) {
	u := c.s.users[c.path("user")]
	if u == nil || u.out || c.path("guild") != Server {
		return nil, unknownMember
	}
	return u.fullMember(), nil
}

func searchMembers(c *call) (any, *refusal) {
	query := strings.ToLower(c.r.URL.Query().Get("query"))
	limit, err := strconv.Atoi(c.r.URL.Query().Get("limit"))
	if query == "" || err != nil {
		return nil, badForm
	}
	found := []object{}
	for _, u := range c.s.sortedUsers() {
		begins := strings.HasPrefix(strings.ToLower(u.handle), query) || strings.HasPrefix(strings.ToLower(u.name), query)
		if begins && !u.out && len(found) < limit {
			found = append(found, u.fullMember())
		}
	}
	return found, nil
}

func listCommands(c *call) (any, *refusal) {
	all := c.s.commands[c.path("guild")]
	return append([]object{}, all...), nil
}

func putCommands(c *call) (any, *refusal) {
	var all []object
	if !c.read(&all) {
		return nil, badForm
	}
	for i, command := range all {
		if why := faulty(command); why != "" {
			return nil, no(400, 50035, why)
		}
		command["id"], command["application_id"], command["version"] = strconv.Itoa(900000000000000000+i), AppID, "900000000000000500"
		command["default_member_permissions"], command["nsfw"] = nil, false
		if c.path("guild") != "" {
			command["guild_id"] = c.path("guild")
			delete(command, "contexts")
		}
	}
	c.s.registered++
	c.s.commands[c.path("guild")] = all
	return append([]object{}, all...), nil
}

// settings are those of a server, as the API tells them.
var settings = object{"region": "x", "icon": nil, "description": nil, "home_header": nil, "splash": nil, "discovery_splash": nil,
	"banner": nil, "application_id": nil, "afk_channel_id": nil, "afk_timeout": 300, "system_channel_id": nil,
	"system_channel_flags": 0, "widget_enabled": false, "widget_channel_id": nil, "verification_level": 0,
	"default_message_notifications": 0, "mfa_level": 0, "explicit_content_filter": 0, "max_presences": nil, "max_members": 500000,
	"max_stage_video_channel_users": 50, "max_video_channel_users": 25, "vanity_url_code": nil, "premium_tier": 0,
	"premium_subscription_count": 0, "rules_channel_id": nil, "safety_alerts_channel_id": nil, "public_updates_channel_id": nil,
	"premium_progress_bar_enabled": false, "premium_progress_bar_enabled_user_updated_at": nil, "nsfw": false, "nsfw_level": 0}
