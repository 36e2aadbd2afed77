package slacksim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// object is a JSON object as Slack sends it.
type object = map[string]any

type (
	user struct {
		id, name, display, real, zone, team string
		bot                                 string // its bot's identifier
		guest, deleted                      bool
	}
	channel struct {
		id, name, creator string
		topic, purpose    string
		with              string // of a direct conversation, the person
		private, archived bool
		shared, gone      bool
		members           []string
		messages          []*message
		byTS              map[string]*message
		bookmarks         []bookmark
		last              time.Time
	}
	message struct {
		ts, user, bot, username string
		subtype, text           string
		thread                  string
		broadcast               bool
		editedBy, editedTS      string
		blocks, metadata        any
		attachments             any
		files                   []*file
		reactions               []reaction
		pinned                  bool
		deleted                 bool
	}
	reaction struct {
		name  string
		users []string
	}
	bookmark struct{ id, title, link string }
	group    struct {
		id, handle, name string
		users            []string
	}
	whisper struct {
		channel, to, thread string
		message             *message
	}
	file struct {
		id, name, title, filetype, mimetype, mode string
		user                                      string
		contents                                  []byte
		length                                    int
		uploaded, deleted                         bool
		shares                                    map[string]string // channel -> ts
	}
)

// stamp is a new time stamp in a channel: that of the clock, and a little more where it is taken.
func (s *Sim) stamp(c *channel) string {
	at := s.now().Truncate(time.Microsecond)
	if !at.After(c.last) {
		at = c.last.Add(time.Microsecond)
	}
	c.last = at
	return stampOf(at)
}

func stampOf(t time.Time) string { return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000) }

func (c *channel) has(user string) bool { return slices.Contains(c.members, user) }

// kind is Slack's word for what a channel is.
func (c *channel) kind() string {
	switch {
	case c.with != "":
		return "im"
	case c.private:
		return "group"
	default:
		return "channel"
	}
}

// add puts a message into a channel.
func (c *channel) add(m *message) {
	c.messages = append(c.messages, m)
	c.byTS[m.ts] = m
}

func (c *channel) at(ts string) *message {
	m := c.byTS[ts]
	if m == nil || m.deleted {
		return nil
	}
	return m
}

// replies are those in the thread of a message.
func (c *channel) replies(ts string) []*message {
	var all []*message
	for _, m := range c.messages {
		if m.thread == ts && m.ts != ts && !m.deleted {
			all = append(all, m)
		}
	}
	return all
}

// shadow says that a deleted message is still shown, because it has replies.
func (c *channel) shadow(m *message) bool {
	return m.deleted && m.thread == "" && len(c.replies(m.ts)) > 0
}

// channelObject is a channel as the Web API shows it to the bot.
func (s *Sim) channelObject(c *channel) object {
	o := object{"id": c.id, "created": 1, "is_im": c.with != "", "is_archived": c.archived, "is_org_shared": false,
		"context_team_id": TeamID, "updated": 1}
	if c.with != "" {
		o["user"] = c.with
		return o
	}
	o["name"], o["name_normalized"] = c.name, c.name
	o["is_channel"], o["is_group"], o["is_private"], o["is_mpim"] = !c.private, c.private, c.private, false
	o["is_member"], o["creator"], o["is_general"] = c.has(BotUser), c.creator, false
	o["is_shared"], o["is_ext_shared"], o["num_members"] = c.shared, c.shared, len(c.members)
	o["topic"] = object{"value": c.topic, "creator": c.creator, "last_set": 1}
	o["purpose"] = object{"value": c.purpose, "creator": c.creator, "last_set": 1}
	return o
}

// userObject is an account as the Web API shows it.
func (s *Sim) userObject(u *user) object {
	return object{"id": u.id, "team_id": u.team, "name": u.name, "deleted": u.deleted, "real_name": u.real, "tz": u.zone,
		"is_bot": u.bot != "", "is_restricted": u.guest, "is_ultra_restricted": false, "is_app_user": false, "updated": 1,
		"profile": object{"real_name": u.real, "display_name": u.display, "bot_id": u.bot, "team": u.team}}
}

// messageObject is a message as history and events show it.
func (s *Sim) messageObject(c *channel, m *message) object {
	o := object{"type": "message", "ts": m.ts, "text": m.text, "team": TeamID}
	set := func(name, value string) {
		if value != "" {
			o[name] = value
		}
	}
	set("user", m.user)
	set("subtype", m.subtype)
	set("username", m.username)
	if m.bot != "" {
		o["bot_id"], o["app_id"] = m.bot, "A"+m.bot
		o["bot_profile"] = object{"id": m.bot, "name": s.botName(m.bot), "app_id": "A" + m.bot, "deleted": false, "team_id": TeamID}
	}
	if m.editedTS != "" {
		o["edited"] = object{"user": m.editedBy, "ts": m.editedTS}
	}
	if m.blocks != nil {
		o["blocks"] = m.blocks
	}
	if m.attachments != nil {
		o["attachments"] = m.attachments
	}
	s.addThread(o, c, m)
	s.addTags(o, c, m)
	return o
}

func (s *Sim) addThread(o object, c *channel, m *message) {
	if m.thread != "" {
		o["thread_ts"] = m.thread
		if parent := c.byTS[m.thread]; parent != nil {
			o["parent_user_id"] = parent.user
		}
		return
	}
	if replies := c.replies(m.ts); len(replies) > 0 {
		o["thread_ts"], o["reply_count"], o["latest_reply"] = m.ts, len(replies), replies[len(replies)-1].ts
	}
}

func (s *Sim) addTags(o object, c *channel, m *message) {
	var reactions []object
	for _, r := range m.reactions {
		reactions = append(reactions, object{"name": r.name, "users": r.users, "count": len(r.users)})
	}
	if reactions != nil {
		o["reactions"] = reactions
	}
	var files []object
	for _, f := range m.files {
		files = append(files, s.fileObject(f))
	}
	if files != nil {
		o["files"] = files
	}
	if m.pinned {
		o["pinned_to"] = []string{c.id}
	}
}

// fileObject is a file as the Web API shows it.
func (s *Sim) fileObject(f *file) object {
	address := s.URL() + "/files/" + f.id + "/" + urlName(f.name)
	public, private := object{}, object{}
	for id, ts := range f.shares {
		share := []object{{"ts": ts, "team_id": TeamID}}
		if c := s.channels[id]; c != nil && c.private {
			private[id] = share
		} else {
			public[id] = share
		}
	}
	return object{"id": f.id, "name": f.name, "title": f.title, "mimetype": f.mimetype, "filetype": f.filetype, "mode": f.mode,
		"size": len(f.contents), "user": f.user, "is_public": false, "public_url_shared": false, "file_access": "visible",
		"url_private": address, "url_private_download": address, "permalink": s.workspace() + "files/" + f.user + "/" + f.id,
		"shares": object{"public": public, "private": private}, "created": 1, "timestamp": 1, "is_external": false}
}

func urlName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, name)
}

// workspace is the address that links of the workspace begin with.
func (s *Sim) workspace() string { return "https://simulated.slack.com/" }

func (s *Sim) botName(bot string) string {
	for _, u := range s.users {
		if u.bot == bot {
			return u.display
		}
	}
	return ""
}

// userNamed finds an account by what people type after @.
func (s *Sim) userNamed(handle string) *user {
	for _, u := range s.users {
		if strings.EqualFold(u.name, handle) {
			return u
		}
	}
	return nil
}

// channelNamed finds a channel by its name.
func (s *Sim) channelNamed(name string) *channel {
	for _, c := range s.order {
		if c.with == "" && c.name == name && !c.gone {
			return c
		}
	}
	return nil
}

// im is the conversation of one person with the bot.
func (s *Sim) im(user string) *channel {
	for _, c := range s.order {
		if c.with == user {
			return c
		}
	}
	return s.open(&channel{id: s.newID("D"), with: user, members: []string{BotUser, user}})
}

func (s *Sim) open(c *channel) *channel {
	c.byTS = map[string]*message{}
	s.channels[c.id] = c
	s.order = append(s.order, c)
	return c
}
