package rocketsim

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// newRoom makes a room with its members in it. The first owner is who makes it.
func (s *Sim) newRoom(r *room) *room {
	if r.id == "" {
		r.id = s.newID()
	}
	r.updated = s.now()
	s.rooms[r.id] = r
	s.order = append(s.order, r)
	for _, id := range r.members {
		s.tellMember(r, s.users[id], "inserted")
		s.tellUser(id, "rooms-changed", "inserted", s.roomObject(r))
	}
	return r
}

// nameable says why a room cannot have a name.
func (s *Sim) nameable(name string) error {
	pattern, _ := s.settings["UTF8_Channel_Names_Validation"].(string)
	valid, err := regexp.Compile("^" + pattern + "$")
	if err != nil || !valid.MatchString(name) {
		return fail("error-invalid-room-name", name+" is not a valid room name. Use only letters, numbers, hyphens and underscores")
	}
	if r := s.roomNamed(name); r != nil && r.archived {
		return fail("error-archived-duplicate-name", "There's an archived channel with name "+name)
	} else if r != nil {
		return fail("error-duplicate-channel-name", fmt.Sprintf("A channel with name '%s' exists", name))
	}
	return nil
}

// direct is the conversation of two people, which is made when it is first needed.
func (s *Sim) direct(a, b *user) *room {
	ids := []string{a.id, b.id}
	sort.Strings(ids)
	if r := s.rooms[strings.Join(ids, "")]; r != nil {
		return r
	}
	return s.newRoom(&room{id: strings.Join(ids, ""), kind: "d", members: ids})
}

// enter brings somebody into a room.
func (s *Sim) enter(r *room, u, by *user) {
	if r.has(u.id) {
		return
	}
	r.members = append(r.members, u.id)
	kind := "au"
	if u == by {
		kind = "uj"
	}
	s.system(r, kind, u.username, by)
	s.tellMember(r, u, "inserted")
	s.tellUser(u.id, "rooms-changed", "inserted", s.roomObject(r))
}

// leave takes somebody out of a room. What happens there is not told to them any more, and nothing says so but this.
func (s *Sim) leave(r *room, u, by *user) {
	kind := "ru"
	if u == by {
		kind = "ul"
	}
	s.system(r, kind, u.username, by)
	r.members = slices.DeleteFunc(r.members, func(id string) bool { return id == u.id })
	s.tellMember(r, u, "removed")
	s.tellUser(u.id, "rooms-changed", "removed", object{"_id": r.id})
}

// archive closes a room, or opens it again.
func (s *Sim) archive(r *room, by *user, closed bool) {
	r.archived = closed
	kind := "room-archived"
	if !closed {
		kind = "room-unarchived"
	}
	s.system(r, kind, "", by)
	for _, id := range r.members {
		s.tellMember(r, s.users[id], "updated")
	}
}

// discuss makes a discussion, which is a room of its own that belongs to another one.
func (s *Sim) discuss(by *user, parent *room, m *message, name, topic, reply string, users []*user) *room {
	r := &room{kind: parent.kind, name: s.newID(), title: name, topic: topic, parent: parent.id, owners: []string{by.id}, members: []string{by.id}}
	if parent.kind == "d" {
		r.kind = "p"
	}
	if m != nil {
		r.parentMessage = m.id
	}
	for _, u := range users {
		if !r.has(u.id) {
			r.members = append(r.members, u.id)
		}
	}
	s.newRoom(r)
	notice := &message{in: parent, by: by, kind: "discussion-created", text: name, discussion: r.id}
	s.add(notice, false)
	if m != nil {
		s.add(&message{in: r, by: by, text: "", attachments: []any{object{"author_name": m.by.username, "text": m.text, "ts": m.at}}}, false)
	}
	if reply != "" {
		s.add(&message{in: r, by: by, text: reply}, false)
	}
	return r
}

// destroy deletes a room.
func (s *Sim) destroy(r *room) {
	members := r.members
	r.gone, r.members = true, nil
	delete(s.rooms, r.id)
	for _, id := range members {
		s.tellMember(r, s.users[id], "removed")
		s.tellUser(id, "rooms-changed", "removed", object{"_id": r.id})
	}
}
