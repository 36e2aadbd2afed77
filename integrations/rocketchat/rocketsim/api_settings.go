package rocketsim

import (
	"fmt"
	"strings"
)

// setText sets what stands above a room. Public rooms refuse what is there already.
func (s *Sim) setText(c *call) (object, error) {
	r, err := s.roomOf(c, true)
	if err != nil {
		return nil, err
	}
	what := strings.ToLower(c.URL.Path[strings.LastIndex(c.URL.Path, ".set")+len(".set"):])
	value, at, kind := c.text(what), &r.topic, "room_changed_topic"
	switch what {
	case "description", "purpose":
		at, kind = &r.description, "room_changed_description"
	case "announcement":
		at, kind = &r.announcement, "room_changed_announcement"
	}
	switch {
	case c.family() == "c" && *at == value:
		return nil, plain(fmt.Sprintf("The channel %s is the same as what it would be changed to.", what))
	case !s.may(c.user, "edit-room", r):
		return nil, fail("error-action-not-allowed", "Editing room is not allowed")
	}
	*at = value
	s.system(r, kind, value, c.user)
	return object{what: value}, nil
}

func (s *Sim) saveSettings(c *call) (object, error) {
	r, err := s.readable(c, "rid")
	switch {
	case err != nil:
		return nil, err
	case !s.may(c.user, "edit-room", r):
		return nil, fail("error-action-not-allowed", "Editing room is not allowed")
	case r.archived:
		return nil, fail("error-action-not-allowed", "Editing an archived room is not allowed")
	}
	for field, at := range map[string]*string{"roomTopic": &r.topic, "roomAnnouncement": &r.announcement, "roomDescription": &r.description} {
		if _, there := c.args[field]; there && *at != c.text(field) {
			*at = c.text(field)
			s.system(r, "room_changed_"+strings.ToLower(strings.TrimPrefix(field, "room")), *at, c.user)
		}
	}
	if on, there := c.args["readOnly"].(bool); there {
		r.readOnly = on
	}
	if on, there := c.args["encrypted"].(bool); there {
		r.encrypted = on
	}
	s.tellRoom(r)
	return object{"rid": r.id}, nil
}

func (s *Sim) setEncrypted(c *call) (object, error) {
	r, err := s.roomOf(c, true)
	switch {
	case err != nil:
		return nil, err
	case s.sealed || !s.may(c.user, "edit-room", r):
		return nil, fail("error-action-not-allowed", "Editing room is not allowed")
	}
	r.encrypted = c.yes("encrypted")
	s.tellRoom(r)
	return s.roomAnswer(c, r), nil
}

func (s *Sim) rename(c *call) (object, error) {
	r, err := s.roomOf(c, true)
	if err != nil {
		return nil, err
	}
	name := c.text("name")
	switch {
	case r.name == name:
		return nil, plain("The channel name is the same as what it would be renamed to.")
	case !s.may(c.user, "edit-room", r):
		return nil, fail("error-action-not-allowed", "Editing room is not allowed")
	}
	if err := s.nameable(name); err != nil {
		return nil, err
	}
	r.name, r.title = name, ""
	s.system(r, "r", name, c.user)
	return s.roomAnswer(c, r), nil
}

func (s *Sim) joinRoom(c *call) (object, error) {
	r, err := s.roomOf(c, true)
	if err != nil {
		return nil, err
	}
	s.enter(r, c.user, c.user)
	return s.roomAnswer(c, r), nil
}

func (s *Sim) leaveRoom(c *call) (object, error) {
	r, err := s.roomOf(c, false)
	switch {
	case err != nil:
		return nil, err
	case !r.has(c.user.id):
		return nil, fail("error-user-not-in-room", "You are not in this room")
	case len(r.owners) == 1 && r.owners[0] == c.user.id && len(r.members) > 1:
		return nil, fail("error-you-are-last-owner", "You are the last owner. Please set new owner before leaving the room.")
	}
	s.leave(r, c.user, c.user)
	return s.roomAnswer(c, r), nil
}

func (s *Sim) deleteRoom(c *call) (object, error) {
	r, err := s.roomOf(c, false)
	switch {
	case err != nil:
		return nil, err
	case !s.may(c.user, "delete-"+r.kind, r):
		return nil, fail("error-not-allowed", "Not allowed")
	}
	s.destroy(r)
	return nil, nil
}

func (s *Sim) createDiscussion(c *call) (object, error) {
	parent := s.rooms[c.text("prid")]
	switch {
	case !s.on("Discussion_enabled"):
		return nil, fail("error-action-not-allowed", "You cannot create a discussion")
	case parent == nil || !s.reaches(c.user, parent):
		return nil, fail("error-invalid-room", "Invalid room")
	case parent.parent != "":
		return nil, fail("error-nested-discussion", "Cannot create nested discussions")
	}
	if err := s.writable(c.user, parent); err != nil {
		return nil, err
	}
	var users []*user
	for _, name := range c.texts("users") {
		if u := s.named(name); u != nil {
			users = append(users, u)
		}
	}
	var m *message
	if id := c.text("pmid"); id != "" {
		if m = s.at(parent, id); m == nil {
			return nil, fail("error-invalid-message", "Invalid message")
		}
	}
	r := s.discuss(c.user, parent, m, c.text("t_name"), c.text("topic"), c.text("reply"), users)
	r.encrypted = c.yes("encrypted")
	o := s.roomObject(r)
	o["rid"] = r.id
	return object{"discussion": o}, nil
}

func (s *Sim) createDirect(c *call) (object, error) {
	var others []*user
	for _, name := range strings.Split(c.text("username")+c.text("usernames"), ",") {
		u := s.named(strings.TrimPrefix(strings.TrimSpace(name), "@"))
		if u == nil {
			return nil, fail("error-invalid-user", "Invalid user")
		}
		others = append(others, u)
	}
	if len(others) > 1 {
		return nil, fail("error-not-allowed", "Not allowed")
	}
	r := s.direct(c.user, others[0])
	o := s.roomObject(r)
	o["rid"] = r.id
	return object{"room": o}, nil
}

// mine are the rooms that somebody is in.
func (s *Sim) mine(u *user) []*room {
	var all []*room
	for _, r := range s.order {
		if !r.gone && r.has(u.id) {
			all = append(all, r)
		}
	}
	return all
}

func (s *Sim) roomsGet(c *call) (object, error) {
	since, _ := c.when("updatedSince")
	updated := []object{}
	for _, r := range s.mine(c.user) {
		if r.updated.After(since) {
			updated = append(updated, s.roomObject(r))
		}
	}
	return object{"update": updated, "remove": []object{}}, nil
}

func (s *Sim) subscriptionsGet(c *call) (object, error) {
	since, _ := c.when("updatedSince")
	updated := []object{}
	for _, r := range s.mine(c.user) {
		if r.updated.After(since) {
			updated = append(updated, s.subscriptionObject(r, c.user))
		}
	}
	return object{"update": updated, "remove": []object{}}, nil
}

func (s *Sim) subscriptionOne(c *call) (object, error) {
	r := s.rooms[c.text("roomId")]
	if r == nil || !r.has(c.user.id) {
		return object{"subscription": nil}, nil
	}
	return object{"subscription": s.subscriptionObject(r, c.user)}, nil
}

func (s *Sim) listJoined(c *call) (object, error) {
	var all []object
	for _, r := range s.mine(c.user) {
		if r.kind == c.family() {
			all = append(all, s.roomObject(r))
		}
	}
	name := map[string]string{"c": "channels", "p": "groups"}[c.family()]
	return listed(name, page(s, c, all, 50), len(all), c), nil
}
