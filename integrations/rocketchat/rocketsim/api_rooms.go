package rocketsim

import (
	"fmt"
	"slices"
	"strings"
)

var roomEndpoints = map[string]endpoint{
	"POST rooms.createDiscussion":       {may: []string{"start-discussion", "start-discussion-other-user"}, takes: fields{"prid": "s!", "pmid": "s", "t_name": "s!", "topic": "s", "users": "a", "encrypted": "b", "reply": "s"}, do: (*Sim).createDiscussion},
	"GET rooms.info":                    {takes: fields{"roomId": "s?", "roomName": "s?"}, do: (*Sim).roomInfo},
	"GET rooms.get":                     {takes: fields{"updatedSince": "s"}, do: (*Sim).roomsGet},
	"POST rooms.leave":                  {takes: roomField(nil), do: (*Sim).leaveRoom},
	"POST rooms.saveRoomSettings":       {takes: fields{"rid": "s!", "roomName": "s", "roomTopic": "s", "roomAnnouncement": "s", "roomDescription": "s", "readOnly": "b", "encrypted": "b"}, do: (*Sim).saveSettings},
	"POST rooms.changeArchivationState": {takes: fields{"rid": "s!", "action": "s"}, do: (*Sim).changeArchivation},
	"GET subscriptions.get":             {takes: fields{"updatedSince": "s"}, do: (*Sim).subscriptionsGet},
	"GET subscriptions.getOne":          {takes: fields{"roomId": "s!"}, do: (*Sim).subscriptionOne},
	"POST subscriptions.read":           {takes: fields{"rid": "s?", "roomId": "s?", "readThreads": "b"}, do: func(*Sim, *call) (object, error) { return nil, nil }},
	"GET channels.list.joined":          {takes: paged(nil), do: (*Sim).listJoined},
	"GET groups.list":                   {takes: paged(nil), do: (*Sim).listJoined},
	"POST dm.create":                    {takes: fields{"username": "s?", "usernames": "s?", "excludeSelf": "b"}, may: []string{"create-d"}, do: (*Sim).createDirect},
	"POST im.create":                    {takes: fields{"username": "s?", "usernames": "s?", "excludeSelf": "b"}, may: []string{"create-d"}, do: (*Sim).createDirect},
}

// kindsOfRoom are the endpoints that public and private rooms have alike.
var kindsOfRoom = map[string]endpoint{
	"POST create":          {takes: fields{"name": "s!", "members": "a", "readOnly": "b", "excludeSelf": "b", "customFields": "o", "extraData": "o"}, do: (*Sim).createRoom},
	"GET info":             {takes: fields{"roomId": "s?", "roomName": "s?"}, do: (*Sim).channelInfo},
	"GET members":          {takes: paged(fields{"roomId": "s?", "roomName": "s?", "filter": "s", "status": "s"}), do: (*Sim).roomMembers},
	"POST invite":          {takes: roomField(fields{"userId": "s", "userIds": "a", "username": "s", "usernames": "a", "user": "s"}), do: (*Sim).invite},
	"POST kick":            {takes: roomField(fields{"userId": "s", "username": "s", "user": "s"}), do: (*Sim).kick},
	"POST archive":         {takes: roomField(nil), do: (*Sim).archiveRoom},
	"POST unarchive":       {takes: roomField(nil), do: (*Sim).archiveRoom},
	"POST setTopic":        {takes: roomField(fields{"topic": "s!"}), do: (*Sim).setText},
	"POST setDescription":  {takes: roomField(fields{"description": "s!"}), do: (*Sim).setText},
	"POST setPurpose":      {takes: roomField(fields{"purpose": "s!"}), do: (*Sim).setText},
	"POST setAnnouncement": {takes: roomField(fields{"announcement": "s!"}), do: (*Sim).setText},
	"POST setEncrypted":    {takes: roomField(fields{"encrypted": "b!"}), do: (*Sim).setEncrypted},
	"POST rename":          {takes: roomField(fields{"name": "s!"}), do: (*Sim).rename},
	"POST join":            {takes: roomField(fields{"joinCode": "s"}), do: (*Sim).joinRoom},
	"POST leave":           {takes: roomField(nil), do: (*Sim).leaveRoom},
	"POST delete":          {takes: roomField(nil), do: (*Sim).deleteRoom},
}

// roomField are the arguments of an endpoint that is about a room.
func roomField(more fields) fields {
	all := fields{"roomId": "s?", "roomName": "s?"}
	for name, kind := range more {
		all[name] = kind
	}
	return all
}

// family is which rooms an endpoint is about: c or p; empty is any.
func (c *call) family() string {
	switch {
	case strings.HasPrefix(c.URL.Path, "/api/v1/channels."):
		return "c"
	case strings.HasPrefix(c.URL.Path, "/api/v1/groups."):
		return "p"
	case strings.HasPrefix(c.URL.Path, "/api/v1/dm."), strings.HasPrefix(c.URL.Path, "/api/v1/im."):
		return "d"
	default:
		return ""
	}
}

// roomOf finds the room that a call is about; open says that an archived one does not do.
func (s *Sim) roomOf(c *call, open bool) (*room, error) {
	r := s.rooms[c.text("roomId")]
	if name := c.text("roomName"); name != "" {
		r = s.roomNamed(name)
	}
	word := map[string]string{"c": "channel", "p": "group", "d": "dirct message"}[c.family()] // the server's own spelling
	switch {
	case r == nil, c.family() != "" && r.kind != c.family(), c.family() == "p" && !r.has(c.user.id):
		return nil, fail("error-room-not-found", fmt.Sprintf("The required \"roomId\" or \"roomName\" param provided does not match any %s", word))
	case !s.reaches(c.user, r):
		return nil, fail("error-not-allowed", "Not allowed")
	case open && r.archived:
		return nil, fail("error-room-archived", fmt.Sprintf("The %s, %s, is archived", word, r.name))
	}
	return r, nil
}

// answer is a room under the name that the family of endpoints gives it.
func (s *Sim) roomAnswer(c *call, r *room) object {
	name := map[string]string{"c": "channel", "p": "group", "": "room", "d": "room"}[c.family()]
	return object{name: s.roomObject(r)}
}

func (s *Sim) createRoom(c *call) (object, error) {
	if !s.may(c.user, "create-"+c.family(), nil) {
		return nil, errNoPermission
	}
	name := c.text("name")
	if name == "" {
		return nil, fail("error-name-param-not-provided", "Param \"name\" is required")
	}
	if err := s.nameable(name); err != nil {
		return nil, err
	}
	extra, _ := c.args["extraData"].(object)
	for field := range extra {
		if !slices.Contains([]string{"broadcast", "encrypted", "federated", "teamId", "topic"}, field) {
			return nil, invalid("must NOT have additional properties")
		}
	}
	r := &room{name: name, kind: c.family(), readOnly: c.yes("readOnly"), custom: c.args["customFields"], owners: []string{c.user.id}}
	r.topic, _ = extra["topic"].(string)
	told := false
	if r.encrypted, told = extra["encrypted"].(bool); !told && r.kind == "p" {
		r.encrypted = s.on("E2E_Enable") && s.on("E2E_Enabled_Default_PrivateRooms")
	}
	r.encrypted = r.encrypted || s.sealing && r.kind == "p"
	if !c.yes("excludeSelf") {
		r.members = append(r.members, c.user.id)
	}
	for _, name := range c.texts("members") {
		if u := s.named(name); u != nil && !r.has(u.id) {
			r.members = append(r.members, u.id)
		}
	}
	return s.roomAnswer(c, s.newRoom(r)), nil
}

func (s *Sim) channelInfo(c *call) (object, error) {
	r, err := s.roomOf(c, false)
	if err != nil {
		return nil, err
	}
	return s.roomAnswer(c, r), nil
}

func (s *Sim) roomInfo(c *call) (object, error) {
	r := s.rooms[c.text("roomId")]
	if name := c.text("roomName"); name != "" {
		r = s.roomNamed(name)
	}
	switch {
	case r == nil:
		return nil, fail("error-room-not-found", "The required \"roomId\" or \"roomName\" param provided does not match any channel")
	case !s.reaches(c.user, r):
		return nil, plain("not-allowed")
	}
	o := object{"room": s.roomObject(r)}
	if parent := s.rooms[r.parent]; parent != nil {
		o["parent"] = object{"_id": parent.id, "name": parent.name, "t": parent.kind}
	}
	return o, nil
}

func (s *Sim) roomMembers(c *call) (object, error) {
	r, err := s.roomOf(c, false)
	if err != nil {
		return nil, err
	}
	var all []object
	for _, id := range r.members {
		u := s.users[id]
		all = append(all, object{"_id": u.id, "username": u.username, "name": u.name, "status": "online"})
	}
	return listed("members", page(s, c, all, 50), len(all), c), nil
}

// accounts are those that a call names in any of the ways that there are.
func (s *Sim) accounts(c *call) ([]*user, error) {
	var all []*user
	for _, id := range append(c.texts("userId"), c.texts("userIds")...) {
		all = append(all, s.users[id])
	}
	for _, name := range append(append(c.texts("username"), c.texts("usernames")...), c.texts("user")...) {
		all = append(all, s.named(name))
	}
	if len(all) == 0 {
		return nil, fail("error-users-params-not-provided", "Please provide \"userId\" or \"username\" or \"userIds\" or \"usernames\" as param")
	}
	if slices.Contains(all, nil) {
		return nil, fail("error-invalid-user", "The required \"userId\" or \"username\" param provided does not match any users")
	}
	return all, nil
}

func (s *Sim) invite(c *call) (object, error) {
	r, err := s.roomOf(c, true)
	if err != nil {
		return nil, err
	}
	all, err := s.accounts(c)
	if err != nil {
		return nil, err
	}
	if !(r.has(c.user.id) && s.may(c.user, "add-user-to-joined-room", r)) && !s.may(c.user, "add-user-to-any-"+r.kind+"-room", r) {
		return nil, fail("error-not-allowed", "Not allowed")
	}
	for _, u := range all {
		s.enter(r, u, c.user)
	}
	return s.roomAnswer(c, r), nil
}

func (s *Sim) kick(c *call) (object, error) {
	r, err := s.roomOf(c, true)
	if err != nil {
		return nil, err
	}
	all, err := s.accounts(c)
	switch {
	case err != nil:
		return nil, err
	case !s.may(c.user, "remove-user", r):
		return nil, fail("error-not-allowed", "Not allowed")
	case !r.has(all[0].id):
		return nil, fail("error-user-not-in-room", "User is not in this room")
	}
	s.leave(r, all[0], c.user)
	return s.roomAnswer(c, r), nil
}

func (s *Sim) archiveRoom(c *call) (object, error) {
	closed := strings.HasSuffix(c.URL.Path, ".archive")
	r, err := s.roomOf(c, closed)
	permission := map[bool]string{true: "archive-room", false: "unarchive-room"}[closed]
	switch {
	case err != nil:
		return nil, err
	case !s.may(c.user, permission, r):
		return nil, fail("error-not-authorized", "Not authorized")
	case !closed && !r.archived:
		return nil, plain(fmt.Sprintf("The channel, %s, is not archived", r.name))
	}
	s.archive(r, c.user, closed)
	return nil, nil
}

func (s *Sim) changeArchivation(c *call) (object, error) {
	r, err := s.readable(c, "rid")
	if err != nil {
		return nil, err
	}
	closed := c.text("action") != "unarchive"
	permission := map[bool]string{true: "archive-room", false: "unarchive-room"}[closed]
	if !s.may(c.user, permission, r) {
		return nil, fail("error-not-authorized", "Not authorized")
	}
	s.archive(r, c.user, closed)
	return object{"result": true}, nil
}
