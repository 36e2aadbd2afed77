package rocketchat

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"boswell/chat"
)

// FindRoom finds a room by its name, a link to it or a link to a message in it, and enters it where it is public. One that is
// archived, encrypted, or private without the bot in it, is a Failure that says what to do.
func (p *Platform) FindRoom(ctx context.Context, _ chat.Place, name string) (chat.Place, string, error) {
	found, err := p.roomNamed(ctx, strings.TrimSpace(invisible.Replace(name)))
	if err != nil {
		return chat.Place{}, "", err
	}
	switch {
	case found.Archived.v:
		return chat.Place{}, "", chat.Final(errors.New("the room is archived"), "The room #"+found.shown()+" is archived. Unarchive it first, or name another one.")
	case found.Encrypted.v:
		return chat.Place{}, "", chat.Final(errors.New("the room is encrypted"), tellEncrypted)
	case !p.rooms.joined(found.ID) && found.Kind == kindChannel:
		if err := p.rest.post(ctx, "channels.join", map[string]string{"roomId": found.ID}, nil); err != nil {
			return chat.Place{}, "", sorted("enter a room", err)
		}
		p.rooms.put(found)
	}
	return p.place(found.ID, ""), "#" + found.shown(), nil
}

// roomNamed finds the room that people write in some way.
func (p *Platform) roomNamed(ctx context.Context, typed string) (room, error) {
	name := strings.TrimPrefix(typed, "#")
	if segment, _, ok := p.roomAddress(typed); ok {
		name = segment
	}
	if known, ok := p.rooms.called(name); ok {
		return p.roomByID(ctx, known.ID)
	}
	if known, ok := p.rooms.get(name); ok {
		return p.roomByID(ctx, known.ID)
	}
	found, err := p.roomInfo(ctx, url.Values{"roomName": {name}})
	if refused(err) || errors.Is(err, chat.ErrGone) {
		return room{}, chat.Final(err, "I see no room #"+name+". If it is private, invite me there.")
	}
	return found, err
}

const (
	nameMost  = 80
	topicMost = 250
)

// safeName makes a name that the server takes, unless an administrator has made it more particular: letters without accents,
// digits, and "-" for what cannot stand in it.
func safeName(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == '_' || r == '-' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimRight(clip(b.String(), nameMost), "-")
}

// routesOf is the first part of the routes for a kind of room.
func routesOf(kind string) string {
	if kind == kindGroup {
		return "groups."
	}
	return "channels."
}

// suffixesMost is how many names are tried.
const suffixesMost = 20

// MakeRoom opens a room. The key stands in its description, so that the room is found again when an earlier attempt got no
// answer. A name that is taken gets a number.
func (p *Platform) MakeRoom(ctx context.Context, key string, r chat.NewRoom) (chat.Place, string, error) {
	made, err := p.made(ctx, key, r)
	if err != nil {
		return chat.Place{}, "", err
	}
	if made.Encrypted.v {
		if err := p.decrypt(ctx, made); err != nil {
			return chat.Place{}, "", err
		}
		made.Encrypted.v = false
	}
	p.rooms.put(made)
	return p.place(made.ID, ""), "#" + made.shown(), p.furnish(ctx, made, key, r)
}

// decrypt switches off the encryption that the server gave a new room unasked. Where it does not let that be done, the room is
// deleted, since it is of no use to anybody.
func (p *Platform) decrypt(ctx context.Context, made room) error {
	err := p.rest.post(ctx, routesOf(made.Kind)+"setEncrypted", map[string]any{"roomId": made.ID, "encrypted": false}, nil)
	if !refused(err) {
		return sorted("switch the encryption of a new room off", err)
	}
	if err := p.rest.post(ctx, routesOf(made.Kind)+"delete", map[string]string{"roomId": made.ID}, nil); err != nil {
		p.log.Warn().Err(err).Str("room", made.ID).Msg("could not delete a new room that is of no use, since it is encrypted")
	}
	return chat.Final(fmt.Errorf("the new room is encrypted: %w", err),
		"This server encrypts every private room, so I could not read the one that I opened. Start the incident with room:here, or have `rooms: channel` configured.")
}

// made is the room for a key: an earlier attempt's, or a new one.
func (p *Platform) made(ctx context.Context, key string, r chat.NewRoom) (room, error) {
	kind := p.cfg.Rooms
	near, _ := p.rooms.get(string(r.Near.Channel))
	if kind == RoomsDiscussion && !r.Private && near.Kind != kindDirect && near.ID != "" && p.known().is(setDiscussions, true) {
		return p.discussion(ctx, key, near, r)
	}
	route := routesOf(kindChannel)
	if r.Private || kind == RoomsPrivate {
		route = routesOf(kindGroup)
	}
	base := safeName(r.Name)
	if base == "" {
		base = "incident"
	}
	for n := 1; n <= suffixesMost; n++ {
		name := base
		if n > 1 {
			suffix := "-" + strconv.Itoa(n)
			name = clip(base, nameMost-len(suffix)) + suffix
		}
		made, err := p.create(ctx, route, key, name)
		if err != nil || made.ID != "" {
			return made, err
		}
	}
	return room{}, chat.Final(errors.New("every name is taken"), "All names like #"+base+" are taken. Give the incident another title.")
}

// create makes a room, or finds the one that was made with this key. One without an identifier says that the name belongs to
// somebody else.
func (p *Platform) create(ctx context.Context, route, key, name string) (room, error) {
	body := map[string]any{"name": name, "members": []string{}, "extraData": map[string]any{"broadcast": false, "encrypted": false}}
	var answer struct {
		Channel room `json:"channel"`
		Group   room `json:"group"`
	}
	err := p.rest.post(ctx, route+"create", body, &answer)
	if code(err) == "error-duplicate-channel-name" {
		return p.adopt(ctx, key, name)
	}
	if err != nil {
		return room{}, sorted("open the room #"+name, err)
	}
	if answer.Group.ID != "" {
		return answer.Group, nil
	}
	return answer.Channel, nil
}

// adopt finds the room of a name if it is ours: its description holds the key, or nothing yet.
func (p *Platform) adopt(ctx context.Context, key, name string) (room, error) {
	found, err := p.roomInfo(ctx, url.Values{"roomName": {name}})
	if err != nil {
		if f := chat.AsFailure(err); f.Temporary {
			return room{}, err
		}
		return room{}, nil // somebody else's, which is not to be seen
	}
	if !p.oursFor(found, key) {
		return room{}, nil
	}
	return found, nil
}

// oursFor says that the bot made a room for this key.
func (p *Platform) oursFor(r room, key string) bool {
	return r.Maker.ID == p.cfg.UserID && (r.Description == description(key) || r.Description == "")
}

func description(key string) string {
	return clip("Opened by Boswell for an incident ("+key+")", topicMost)
}

// discussion makes a discussion below a room, or finds the one that was made with this key.
func (p *Platform) discussion(ctx context.Context, key string, near room, r chat.NewRoom) (room, error) {
	all, err := p.myRooms(ctx)
	if err != nil {
		return room{}, err
	}
	for id, known := range all {
		if known.Parent != near.ID || known.Title != r.Name {
			continue
		}
		if known, err = p.roomByID(ctx, id); err == nil && p.oursFor(known, key) {
			return known, nil
		}
	}
	var answer struct {
		Discussion room `json:"discussion"`
	}
	body := map[string]any{"prid": near.ID, "t_name": r.Name, "users": []string{}, "encrypted": false}
	if err := p.rest.post(ctx, "rooms.createDiscussion", body, &answer); err != nil {
		return room{}, sorted("open a discussion", err)
	}
	made := answer.Discussion
	if made.ID == "" {
		made.ID = made.Of
	}
	if made.ID == "" {
		return room{}, chat.InDoubt(errors.New("open a discussion: the server names no room"))
	}
	made.Kind, made.Parent, made.Title = first(made.Kind, near.Kind), near.ID, first(made.Title, r.Name)
	return made, nil
}

// furnish gives a new room its description, topic and people.
func (p *Platform) furnish(ctx context.Context, made room, key string, r chat.NewRoom) error {
	if made.Description != description(key) { // the server refuses what it has already
		body := map[string]string{"roomId": made.ID, "description": description(key)}
		if err := p.rest.post(ctx, routesOf(made.Kind)+"setDescription", body, nil); err != nil {
			return sorted("describe the room", err)
		}
	}
	place := p.place(made.ID, "")
	if r.Topic != "" {
		if err := p.SetTopic(ctx, place, r.Topic); err != nil {
			return err
		}
	}
	return p.Invite(ctx, place, r.Users)
}

// roomAt is the room of a place, asked for where it is not known.
func (p *Platform) roomAt(ctx context.Context, at chat.Place) (room, error) {
	if known, ok := p.rooms.get(string(at.Channel)); ok && known.Kind != "" {
		return known, nil
	}
	return p.roomByID(ctx, string(at.Channel))
}

// SetTopic sets the topic; what is too long is cut. The server refuses a topic that is set already.
func (p *Platform) SetTopic(ctx context.Context, to chat.Place, topic string) error {
	at, err := p.roomByID(ctx, string(to.Channel))
	topic = clip(topic, topicMost)
	if err != nil || at.Topic == topic {
		return err
	}
	body := map[string]string{"roomId": at.ID, "topic": topic}
	return sorted("set the topic", p.rest.post(ctx, routesOf(at.Kind)+"setTopic", body, nil))
}

// inviteMost is how many people are invited at once.
const inviteMost = 100

// Invite brings people into a room. Those who are in it, and the bot itself, are passed over.
func (p *Platform) Invite(ctx context.Context, to chat.Place, users []chat.UserID) error {
	at, err := p.roomAt(ctx, to)
	if err != nil {
		return err
	}
	var ids []string
	seen := map[chat.UserID]bool{"": true, chat.UserID(p.cfg.UserID): true}
	for _, u := range users {
		if !seen[u] {
			seen[u] = true
			ids = append(ids, string(u))
		}
	}
	for len(ids) > 0 {
		n := min(len(ids), inviteMost)
		if err := p.invite(ctx, at, ids[:n]); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// invite invites several at once; where that fails because of one of them, one by one, so that the others come.
func (p *Platform) invite(ctx context.Context, at room, ids []string) error {
	route := routesOf(at.Kind) + "invite"
	err := p.rest.post(ctx, route, map[string]any{"roomId": at.ID, "userIds": ids}, nil)
	if !refused(err) || len(ids) == 1 {
		return sorted("invite people", err)
	}
	var failed error
	for _, id := range ids {
		if err := p.rest.post(ctx, route, map[string]any{"roomId": at.ID, "userIds": []string{id}}, nil); err != nil {
			failed = err
		}
	}
	return sorted("invite people", failed)
}

// Archive archives a room, or opens it again.
func (p *Platform) Archive(ctx context.Context, to chat.Place, open bool) error {
	at, err := p.roomByID(ctx, string(to.Channel))
	if err != nil || at.Archived.v != open {
		return err
	}
	route := routesOf(at.Kind) + "archive"
	if open {
		route = routesOf(at.Kind) + "unarchive"
	}
	if !open {
		p.readability.closing.put(at.ID, true) // it is no news when the server tells of it
	}
	err = p.rest.post(ctx, route, map[string]string{"roomId": at.ID}, nil)
	if refused(err) {
		p.readability.closing.drop(at.ID)
	}
	return sorted("archive the room", err)
}

var markdownLink = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]*)\)`)

// Bookmark puts a link into the announcement, at the top of a room. One of the same title gets the new link; what people
// announce there stays.
func (p *Platform) Bookmark(ctx context.Context, to chat.Place, title, address string) error {
	at, err := p.roomByID(ctx, string(to.Channel))
	if err != nil {
		return err
	}
	var b strings.Builder
	link(&b, chat.Span{Text: strings.NewReplacer("[", "(", "]", ")").Replace(title), Link: address})
	now := announced(at.Announcement, b.String())
	if now == at.Announcement {
		return nil
	}
	body := map[string]string{"roomId": at.ID, "announcement": now}
	return sorted("announce a link", p.rest.post(ctx, routesOf(at.Kind)+"setAnnouncement", body, nil))
}

// announced is an announcement with a link in it.
func announced(text, entry string) string {
	title := markdownLink.FindStringSubmatch(entry)
	for _, old := range markdownLink.FindAllStringSubmatch(text, -1) {
		if title != nil && old[1] == title[1] {
			return strings.Replace(text, old[0], entry, 1)
		}
	}
	if text == "" {
		return entry
	}
	return fmt.Sprintf("%s | %s", text, entry)
}
