package rocketsim

import (
	"slices"
	"strings"
	"time"
)

// object is a JSON object. Times within are written as each protocol writes them.
type object = map[string]any

type (
	user struct {
		id, username, name string
		zone               string
		roles              []string
		inactive           bool
		offline            bool // no client of theirs is open
	}
	room struct {
		id, name, kind                   string // kind is c, p or d
		title                            string // what people read, where that is not the name
		topic, description, announcement string
		parent, parentMessage            string // of a discussion
		readOnly, reactInReadOnly        bool
		archived, encrypted, gone        bool
		members, owners, muted           []string
		messages                         []*message
		deleted                          []tomb
		last, updated                    time.Time
		custom                           any
	}
	// tomb is what remains of a message that was deleted.
	tomb struct {
		id string
		at time.Time
	}
	message struct {
		id, text, kind     string // kind is empty for what people say
		in                 *room
		by                 *user
		alias, avatar      string
		emoji              string
		thread             string // the message that it answers to
		shown              bool   // in the room too
		discussion         string
		at, updated        time.Time
		edited             time.Time
		editedBy           *user
		reactions          []reaction
		pinned             bool
		pinnedAt           time.Time
		pinnedBy           *user
		file               *file
		attachments        []any
		blocks, custom     any
		secret             string // of an encrypted message
		mentions, channels []object
		urls               []object
		gone               bool
	}
	reaction struct {
		emoji string
		by    []reactor
	}
	// reactor is who reacted, under the username of that time: it stays when they are renamed.
	reactor struct {
		*user
		as string
	}
	file struct {
		id, name, kind string
		by             *user
		room           string
		contents       []byte
		temporary      bool
	}
)

// has says whether somebody is in a room.
func (r *room) has(id string) bool { return slices.Contains(r.members, id) }

// live are the messages that are there, oldest first.
func (r *room) live() []*message {
	var all []*message
	for _, m := range r.messages {
		if !m.gone {
			all = append(all, m)
		}
	}
	return all
}

// replies are those in the thread of a message.
func (r *room) replies(id string) []*message {
	var all []*message
	for _, m := range r.live() {
		if m.thread == id {
			all = append(all, m)
		}
	}
	return all
}

// shown is the name that people read.
func (r *room) shown() string {
	if r.title != "" {
		return r.title
	}
	return r.name
}

// stamp is the time of a new message: that of the clock, and a millisecond more where it is taken.
func (s *Sim) stamp(r *room) time.Time {
	at := s.now()
	if !at.After(r.last) {
		at = r.last.Add(time.Millisecond)
	}
	r.last = at
	return at
}

// touch notes that a message changed; no two changes of one bear the same time.
func (s *Sim) touch(m *message) {
	at := s.now()
	if !at.After(m.updated) {
		at = m.updated.Add(time.Millisecond)
	}
	m.updated = at
}

// author is an account as messages name it.
func author(u *user) object { return object{"_id": u.id, "username": u.username, "name": u.name} }

// messageObject is a message as the stream, history and REST show it.
func (s *Sim) messageObject(m *message) object {
	o := object{"_id": m.id, "rid": m.in.id, "msg": m.text, "ts": m.at, "_updatedAt": m.updated, "u": author(m.by)}
	for name, value := range map[string]string{"t": m.kind, "tmid": m.thread, "alias": m.alias, "avatar": m.avatar, "emoji": m.emoji, "drid": m.discussion} {
		if value != "" {
			o[name] = value
		}
	}
	if m.kind == "" {
		o["mentions"], o["channels"], o["urls"] = m.mentions, m.channels, m.urls
		o["md"] = []object{{"type": "PARAGRAPH", "value": []object{{"type": "PLAIN_TEXT", "value": m.text}}}}
	}
	if m.secret != "" {
		o["content"] = object{"algorithm": "rc.v1.aes-sha2", "ciphertext": m.secret}
	}
	if m.kind == "" || m.kind == "message_pinned" {
		s.addContents(o, m)
	}
	addTags(o, m)
	if replies := m.in.replies(m.id); len(replies) > 0 {
		o["tcount"], o["tlm"], o["replies"] = len(replies), replies[len(replies)-1].at, repliers(replies)
	}
	return o
}

func repliers(replies []*message) []string {
	var ids []string
	for _, r := range replies {
		if !slices.Contains(ids, r.by.id) {
			ids = append(ids, r.by.id)
		}
	}
	return ids
}

func (s *Sim) addContents(o object, m *message) {
	if m.attachments != nil {
		o["attachments"] = m.attachments
	}
	if m.blocks != nil {
		o["blocks"] = m.blocks
	}
	if m.custom != nil {
		o["customFields"] = m.custom
	}
	if f := m.file; f != nil {
		short := object{"_id": f.id, "name": f.name, "type": f.kind, "size": len(f.contents), "format": ""}
		o["file"], o["files"], o["groupable"] = short, []object{short}, false
	}
	if m.shown {
		o["tshow"] = true
	}
}

func addTags(o object, m *message) {
	if m.editedBy != nil {
		o["editedAt"], o["editedBy"] = m.edited, object{"_id": m.editedBy.id, "username": m.editedBy.username}
	}
	if m.pinnedBy != nil {
		o["pinned"], o["pinnedAt"], o["pinnedBy"] = m.pinned, m.pinnedAt, object{"_id": m.pinnedBy.id, "username": m.pinnedBy.username}
	}
	if len(m.reactions) == 0 {
		return
	}
	all := object{}
	for _, r := range m.reactions {
		var names []string
		for _, who := range r.by {
			names = append(names, who.as)
		}
		all[r.emoji] = object{"usernames": names}
	}
	o["reactions"] = all
}

// roomObject is a room as the API shows it.
func (s *Sim) roomObject(r *room) object {
	o := object{"_id": r.id, "t": r.kind, "msgs": len(r.messages), "usersCount": len(r.members), "ro": r.readOnly, "_updatedAt": r.updated,
		"ts": r.updated, "default": false, "sysMes": true}
	if !r.last.IsZero() {
		o["lm"] = r.last
	}
	if r.kind == "d" {
		o["uids"], o["usernames"] = r.members, s.usernames(r)
		return o
	}
	o["name"], o["fname"] = r.name, r.shown()
	for name, value := range map[string]string{"topic": r.topic, "description": r.description, "announcement": r.announcement,
		"prid": r.parent, "pmid": r.parentMessage} {
		if value != "" {
			o[name] = value
		}
	}
	if r.archived {
		o["archived"] = true
	}
	if r.encrypted {
		o["encrypted"] = true
	}
	if r.custom != nil {
		o["customFields"] = r.custom
	}
	if len(r.muted) > 0 {
		o["muted"] = r.muted
	}
	if len(r.owners) > 0 && s.users[r.owners[0]] != nil {
		o["u"] = author(s.users[r.owners[0]])
	}
	return o
}

func (s *Sim) usernames(r *room) []string {
	names := []string{}
	for _, id := range r.members {
		if u := s.users[id]; u != nil {
			names = append(names, u.username)
		}
	}
	return names
}

// subscriptionObject is somebody's membership of a room.
func (s *Sim) subscriptionObject(r *room, u *user) object {
	o := object{"_id": "sub" + r.id + u.id, "rid": r.id, "t": r.kind, "u": author(u), "open": true, "alert": false, "unread": 0, "ts": r.updated,
		"ls": r.updated, "_updatedAt": r.updated, "name": s.nameFor(r, u.id), "fname": s.nameFor(r, u.id), "archived": r.archived}
	if r.title != "" {
		o["fname"] = r.title
	}
	if r.parent != "" {
		o["prid"] = r.parent
	}
	if slices.Contains(r.owners, u.id) {
		o["roles"] = []string{"owner"}
	}
	return o
}

// nameFor is the name of a room for one of its members; a direct conversation bears that of the other.
func (s *Sim) nameFor(r *room, id string) string {
	if r.kind != "d" {
		return r.name
	}
	for _, other := range r.members {
		if u := s.users[other]; u != nil && other != id {
			return u.username
		}
	}
	return s.users[id].username
}

// userObject is an account as the API shows it to somebody. What it is called a bot or a guest by is not for everybody.
func (s *Sim) userObject(u, to *user) object {
	kind := "user"
	if slices.Contains(u.roles, "app") {
		kind = "app"
	}
	o := object{"_id": u.id, "username": u.username, "name": u.name, "type": kind, "active": !u.inactive, "status": "online",
		"utcOffset": s.offset(u), "nameInsensitive": strings.ToLower(u.name)}
	if u == to || s.may(to, "view-full-other-user-info", nil) {
		o["roles"] = u.roles
	}
	return o
}

// offset is all that the server knows of a time zone: hours.
func (s *Sim) offset(u *user) float64 {
	zone, err := time.LoadLocation(u.zone)
	if err != nil {
		return 0
	}
	_, seconds := s.now().In(zone).Zone()
	return float64(seconds) / 3600
}

func (u *user) isBot() bool {
	return slices.Contains(u.roles, "bot") || slices.Contains(u.roles, "app")
}

// named finds an account by its username.
func (s *Sim) named(username string) *user {
	for _, u := range s.users {
		if strings.EqualFold(u.username, username) {
			return u
		}
	}
	return nil
}

// roomNamed finds a room by its name.
func (s *Sim) roomNamed(name string) *room {
	for _, r := range s.order {
		if r.kind != "d" && r.name == name && !r.gone {
			return r
		}
	}
	return nil
}

// reaches says whether somebody may read a room.
func (s *Sim) reaches(u *user, r *room) bool {
	return r.has(u.id) || r.kind == "c" && !r.gone && s.may(u, "view-c-room", nil)
}
