package discordsim

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A user is an account, in the one server that there is.
type user struct {
	id, handle, name string
	bot              bool
	direct           string // the channel of direct messages with the bot
	silent           bool   // takes no direct messages
	out              bool   // of the server
}

func (u *user) object() object {
	o := object{"id": u.id, "username": u.handle, "discriminator": "0", "global_name": u.name, "avatar": nil,
		"public_flags": 0, "flags": 0, "bot": u.bot, "primary_guild": nil}
	if u.name == "" {
		o["global_name"] = nil
	}
	return o
}

func (u *user) member() object {
	roles := []string{}
	if u.id == BotID {
		roles = append(roles, botRole)
	}
	return object{"nick": nil, "roles": roles, "joined_at": stamp(time.UnixMilli(epoch)), "deaf": false, "mute": false, "flags": 0,
		"avatar": nil, "banner": nil, "communication_disabled_until": nil, "pending": false, "premium_since": nil}
}

func (u *user) fullMember() object {
	m := u.member()
	m["user"] = u.object()
	return m
}

type overwrite struct {
	ID    string `json:"id"`
	Type  int    `json:"type"`
	Allow string `json:"allow"`
	Deny  string `json:"deny"`
}

type channel struct {
	id, name, topic, parent, owner string
	kind                           int
	guild                          string
	overwrites                     []overwrite
	messages                       []*message
	pins                           []*pin // newest first
	members                        []string
	archived, locked, gone         bool
	archivedAt                     time.Time
	topics                         []time.Time // when the topic was changed
}

type pin struct {
	at time.Time
	on *message
}

// The types of channel.
const (
	kindText          = 0
	kindDirect        = 1
	kindCategory      = 4
	kindPublicThread  = 11
	kindPrivateThread = 12
	kindForum         = 15
)

func (c *channel) thread() bool { return c.kind == kindPublicThread || c.kind == kindPrivateThread }

func (c *channel) object(s *Sim) object {
	o := object{"id": c.id, "type": c.kind, "last_message_id": nil, "flags": 0}
	if len(c.messages) > 0 {
		o["last_message_id"] = c.messages[len(c.messages)-1].id
	}
	if c.kind == kindDirect {
		o["recipients"] = []object{s.users[c.owner].object()}
		return o
	}
	o["guild_id"], o["name"] = c.guild, c.name
	o["parent_id"] = nil
	if c.parent != "" {
		o["parent_id"] = c.parent
	}
	if c.thread() {
		o["owner_id"] = c.owner
		o["message_count"], o["member_count"], o["total_message_sent"], o["rate_limit_per_user"] = len(c.messages), len(c.members), len(c.messages), 0
		o["thread_metadata"] = object{"archived": c.archived, "locked": c.locked, "auto_archive_duration": 10080,
			"archive_timestamp": stamp(c.archivedAt), "create_timestamp": stamp(c.archivedAt), "invitable": true}
		return o
	}
	o["topic"] = nil
	if c.topic != "" {
		o["topic"] = c.topic
	}
	o["position"], o["nsfw"], o["rate_limit_per_user"] = 0, false, 0
	o["permission_overwrites"] = append([]overwrite{}, c.overwrites...)
	return o
}

// The types of message that nobody wrote: Discord says so what was done.
const (
	noticePin    = 6
	noticeThread = 18
)

type message struct {
	id       string
	in       *channel
	by       *user
	alias    string // of a webhook
	content  string
	at       time.Time
	edited   time.Time
	kind     int
	flags    int
	mentions []string
	files    []*file
	embeds   []object
	rows     []any
	reacted  []*reaction
	pinned   bool
	nonce    string
	answers  *message // the one it refers to
	command  bool     // in answer to an interaction
	to       string   // the one who sees it alone
	pinged   []string
	gone     bool
}

type reaction struct {
	emoji string // the character, or name:id
	by    []string
	super []string // who paid for theirs
}

type file struct {
	id, name, kind string
	contents       []byte
	url            func(now time.Time) string
}

func (f *file) object(now time.Time) object {
	o := object{"id": f.id, "filename": f.name, "size": len(f.contents), "url": f.url(now), "proxy_url": f.url(now)}
	if f.kind != "" {
		o["content_type"] = f.kind
	}
	return o
}

// object is a message as the API tells it. seen says that the bot may read what it says.
func (m *message) object(s *Sim, seen bool) object {
	author := m.by.object()
	if m.alias != "" {
		author = object{"id": webhook, "username": m.alias, "discriminator": "0000", "avatar": nil, "bot": true, "global_name": nil,
			"public_flags": 0, "flags": 0, "primary_guild": nil}
	}
	o := object{"id": m.id, "channel_id": m.in.id, "author": author, "content": "", "timestamp": stamp(m.at), "edited_timestamp": nil,
		"tts": false, "mention_everyone": false, "mentions": []object{}, "mention_roles": []string{}, "attachments": []object{},
		"embeds": []object{}, "components": []any{}, "pinned": m.pinned, "type": m.kind, "flags": m.flags}
	if !m.edited.IsZero() {
		o["edited_timestamp"] = stamp(m.edited)
	}
	if m.alias != "" {
		o["webhook_id"] = webhook
	}
	if m.command {
		o["webhook_id"], o["application_id"] = AppID, AppID
	}
	if m.answers != nil {
		o["message_reference"] = object{"type": 0, "message_id": m.answers.id, "channel_id": m.answers.in.id}
	}
	o["mentions"] = m.mentionObjects(s)
	if len(m.reacted) > 0 {
		o["reactions"] = m.reactionObjects()
	}
	if seen {
		m.tell(s, o)
	}
	return o
}

// tell adds what a bot reads only with the intent for it.
func (m *message) tell(s *Sim, o object) {
	o["content"] = m.content
	files := []object{}
	for _, f := range m.files {
		files = append(files, f.object(s.clock.Now()))
	}
	o["attachments"] = files
	if m.embeds != nil {
		o["embeds"] = m.embeds
	}
	if m.rows != nil {
		o["components"] = m.rows
	}
}

func (m *message) mentionObjects(s *Sim) []object {
	all := []object{}
	for _, id := range m.mentions {
		if u := s.users[id]; u != nil {
			all = append(all, u.object())
		}
	}
	return all
}

func (m *message) reactionObjects() []object {
	all := []object{}
	for _, r := range m.reacted {
		all = append(all, object{"emoji": emojiObject(r.emoji), "count": len(r.by) + len(r.super), "me": slices.Contains(r.by, BotID), "me_burst": false,
			"burst_colors": []string{}, "count_details": object{"burst": len(r.super), "normal": len(r.by)}})
	}
	return all
}

func emojiObject(name string) object {
	if n, id, custom := strings.Cut(name, ":"); custom {
		return object{"id": id, "name": n}
	}
	return object{"id": nil, "name": name}
}

// seen says that the bot may read what a message says.
func (s *Sim) seen(m *message) bool {
	s.gate.mu.Lock()
	asked := s.gate.now == nil || s.gate.now.wants&intentContent != 0
	s.gate.mu.Unlock()
	granted := !s.o.NoContent && asked
	return granted || m.by.id == BotID || m.in.kind == kindDirect || slices.Contains(m.mentions, BotID)
}

func (s *Sim) flags() int {
	if s.o.NoContent {
		return 0
	}
	return 1 << 19 // GATEWAY_MESSAGE_CONTENT_LIMITED
}

// echo adds the nonce of a message, which Discord tells whoever sent it and then never again.
func (m *message) echo(o object) object {
	if m.nonce != "" {
		o["nonce"] = m.nonce
	}
	return o
}

// event is a message as the gateway tells it.
func (s *Sim) event(m *message) object {
	o := m.echo(m.object(s, s.seen(m)))
	if m.in.guild != "" {
		o["guild_id"] = m.in.guild
		if m.alias == "" {
			o["member"] = m.by.member()
		}
		for i, mention := range o["mentions"].([]object) {
			mention["member"] = s.users[m.mentions[i]].member()
		}
	}
	return o
}

func (s *Sim) guildObject() object {
	channels, threads := []object{}, []object{}
	for _, c := range s.order {
		switch {
		case c.gone || c.guild == "" || !s.may(c, bitView):
		case c.thread() && !c.archived:
			threads = append(threads, c.object(s))
		case !c.thread():
			channels = append(channels, c.object(s))
		}
	}
	return object{"id": Server, "name": "The Server", "owner_id": "100000000000000999", "roles": s.roles, "emojis": s.emojis,
		"channels": channels, "threads": threads, "members": []object{s.users[BotID].fullMember()}, "stickers": []any{},
		"voice_states": []any{}, "presences": []any{}, "stage_instances": []any{}, "guild_scheduled_events": []any{}, "features": []string{},
		"joined_at": stamp(time.UnixMilli(epoch)), "member_count": len(s.users), "preferred_locale": "en-US", "unavailable": false}
}

// channelOf finds a channel that the bot can name.
func (s *Sim) channelOf(id string) (*channel, *refusal) {
	c := s.channels[id]
	if c == nil || c.gone {
		return nil, unknownChannel
	}
	if !s.may(c, bitView) {
		return nil, noAccess
	}
	return c, nil
}

func (c *channel) message(id string) *message {
	i := slices.IndexFunc(c.messages, func(m *message) bool { return m.id == id && !m.gone })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

func number(id string) uint64 {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
