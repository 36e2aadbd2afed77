package rocketsim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
)

// writable says why somebody may not write in a room.
func (s *Sim) writable(u *user, r *room) error {
	switch {
	case !s.reaches(u, r):
		return fail("error-not-allowed", "Not allowed")
	case r.archived:
		return plain("room_is_archived")
	case r.readOnly && !s.may(u, "post-readonly", r):
		return plain("You can't send messages because the room is readonly.")
	case slices.Contains(r.muted, u.username):
		return plain("You_have_been_muted")
	}
	return nil
}

// length is how long the server takes a text to be.
func length(text string) int { return len(utf16.Encode([]rune(text))) }

// sendable says why a message of somebody's cannot be sent.
func (s *Sim) sendable(m *message) error {
	if err := s.writable(m.by, m.in); err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(m.text) == "" && m.attachments == nil && m.blocks == nil && m.secret == "":
		return fail("error-invalid-message", "Message must have text or attachments")
	case length(m.text) > s.amount("Message_MaxAllowedSize"):
		return fail("error-message-size-exceeded", "Message size exceeds Message_MaxAllowedSize")
	case m.in.encrypted && m.secret == "" && !s.on("E2E_Allow_Unencrypted_Messages"):
		return fail("error-not-allowed", "Not allowed to send un-encrypted messages in an encrypted room")
	case (m.alias != "" || m.avatar != "") && !s.may(m.by, "message-impersonate", m.in):
		return plain("Not enough permission")
	case m.thread != "" && !s.on("Threads_enabled"):
		return fail("error-not-allowed", "not-allowed")
	case m.thread != "" && s.at(m.in, m.thread) == nil:
		return fail("error-invalid-message", "Invalid thread message")
	}
	return nil
}

// at is a message of a room that is there.
func (s *Sim) at(r *room, id string) *message {
	m := s.byMessage[id]
	if m == nil || m.gone || m.in != r {
		return nil
	}
	return m
}

// add puts a message into its room and tells of it.
func (s *Sim) add(m *message, asked bool) {
	if m.id == "" {
		m.id = s.newID()
	}
	m.at = s.stamp(m.in)
	m.updated = m.at
	s.mark(m)
	m.in.messages = append(m.in.messages, m)
	s.byMessage[m.id] = m
	s.tellMessage(m, asked)
	if parent := s.byMessage[m.thread]; parent != nil {
		s.touch(parent)
		s.tellMessage(parent, asked)
	}
	s.tellRoom(m.in)
}

// say posts what somebody says.
func (s *Sim) say(m *message, asked bool) error {
	if err := s.sendable(m); err != nil {
		return err
	}
	s.add(m, asked)
	return nil
}

// system posts what the server says by itself.
func (s *Sim) system(r *room, kind, text string, by *user) *message {
	m := &message{in: r, by: by, kind: kind, text: text}
	s.add(m, false)
	return m
}

var (
	mention = regexp.MustCompile(`(^|[\s.,;:!?()\[\]{}"'>|])@([0-9a-zA-Z\-_.]+)`)
	hash    = regexp.MustCompile(`(^|[\s.,;:!?()\[\]{}"'>|])#([0-9a-zA-Z\-_.]+)`)
	address = regexp.MustCompile(`https?://[^\s<>|)\]]+`)
)

// mark finds whom and what a message names.
func (s *Sim) mark(m *message) {
	m.mentions, m.channels, m.urls = []object{}, []object{}, []object{}
	if m.kind != "" {
		return
	}
	for _, found := range mention.FindAllStringSubmatch(m.text, -1) {
		name := strings.TrimRight(found[2], ".")
		switch u := s.named(name); {
		case name == "all" || name == "here":
			m.mentions = append(m.mentions, object{"_id": name, "username": name})
		case u != nil:
			m.mentions = append(m.mentions, object{"_id": u.id, "username": u.username, "name": u.name, "type": "user"})
		}
	}
	for _, found := range hash.FindAllStringSubmatch(m.text, -1) {
		if r := s.roomNamed(strings.TrimRight(found[2], ".")); r != nil {
			m.channels = append(m.channels, object{"_id": r.id, "name": r.name, "fname": r.name})
		}
	}
	for _, url := range address.FindAllString(m.text, -1) {
		m.urls = append(m.urls, object{"url": url, "meta": object{}})
	}
}

// editable says why somebody may not change a message.
func (s *Sim) editable(u *user, m *message) error {
	own := m.by == u && s.on("Message_AllowEditing")
	if !own && !s.may(u, "edit-message", m.in) {
		return fail("error-action-not-allowed", "Message editing not allowed")
	}
	minutes := s.amount("Message_AllowEditing_BlockEditInMinutes")
	late := minutes > 0 && s.now().Sub(m.at) >= time.Duration(minutes)*time.Minute
	if late && !s.may(u, "bypass-time-limit-edit-and-delete", m.in) {
		return fail("error-message-editing-blocked", "Message editing is blocked")
	}
	return s.writable(u, m.in)
}

// edit changes the text of a message.
func (s *Sim) edit(u *user, m *message, text string) error {
	if err := s.editable(u, m); err != nil {
		return err
	}
	if length(text) > s.amount("Message_MaxAllowedSize") {
		return fail("error-message-size-exceeded", "Message size exceeds Message_MaxAllowedSize")
	}
	m.text = text
	s.touch(m)
	m.edited, m.editedBy = m.updated, u
	s.mark(m)
	s.tellMessage(m, false)
	return nil
}

// deletable says why somebody may not delete a message.
func (s *Sim) deletable(u *user, m *message) error {
	own := m.by == u && s.on("Message_AllowDeleting") && s.may(u, "delete-own-message", m.in)
	if !own && !s.may(u, "delete-message", m.in) {
		return fail("error-action-not-allowed", "Not allowed")
	}
	return s.writable(u, m.in)
}

// remove deletes a message: it is gone, or a notice that it was deleted stands in its place.
func (s *Sim) remove(m *message) {
	if s.on("Message_ShowDeletedStatus") {
		m.kind, m.text, m.reactions, m.file, m.attachments, m.pinnedBy = "rm", "", nil, nil, nil, nil
		s.touch(m)
		m.edited, m.editedBy = m.updated, m.by
		s.tellMessage(m, false)
		return
	}
	s.bury(m)
	s.tellGone(m)
}

func (s *Sim) bury(m *message) {
	m.gone = true
	m.in.deleted = append(m.in.deleted, tomb{m.id, s.now()})
}

// react sets or takes back a reaction; where nobody says which, it is the other of what it was.
func (s *Sim) react(u *user, m *message, emoji string, should *bool) error {
	emoji = ":" + strings.ReplaceAll(emoji, ":", "") + ":"
	if !s.emoji[emoji] {
		return fail("error-not-allowed", "Invalid emoji provided.")
	}
	has := m.reacted(u, emoji)
	switch {
	case should != nil && len(m.reactions) > 0 && has == *should:
		return nil
	case !s.reaches(u, m.in):
		return fail("error-not-allowed", "not-allowed")
	case m.in.readOnly && !m.in.reactInReadOnly && !s.may(u, "post-readonly", m.in):
		return plain("You can't send messages because the room is readonly.")
	case slices.Contains(m.in.muted, u.username):
		return fail("error-not-allowed", "You have been muted")
	}
	s.setReaction(u, m, emoji, !has) // without any reaction "not" adds one: the server compares with what is not there
	return nil
}

func (m *message) reacted(u *user, emoji string) bool {
	i := slices.IndexFunc(m.reactions, func(r reaction) bool { return r.emoji == emoji })
	return i >= 0 && slices.ContainsFunc(m.reactions[i].by, u.reacted)
}

// reacted says that the server takes a reaction for one of this account: it knows the username alone.
func (u *user) reacted(r reactor) bool { return r.as == u.username }

func (s *Sim) setReaction(u *user, m *message, emoji string, set bool) {
	before := copied(m.reactions)
	m.reactions = with(m.reactions, u, emoji, set)
	s.touch(m)
	s.tellMessage(m, false)
	if u.id == BotID && s.overwrites > 0 {
		s.overwrites--
		m.reactions = before // somebody else's reaction was written from what was read before
		s.touch(m)
		s.tellMessage(m, false)
	}
}

func copied(all []reaction) []reaction {
	var made []reaction
	for _, r := range all {
		made = append(made, reaction{r.emoji, slices.Clone(r.by)})
	}
	return made
}

// with is a set of reactions with one more or one less.
func with(all []reaction, u *user, emoji string, set bool) []reaction {
	made := copied(all)
	i := slices.IndexFunc(made, func(r reaction) bool { return r.emoji == emoji })
	switch {
	case set && i < 0:
		return append(made, reaction{emoji, []reactor{{u, u.username}}})
	case set:
		made[i].by = append(made[i].by, reactor{u, u.username})
	case i >= 0:
		made[i].by = slices.DeleteFunc(made[i].by, u.reacted)
		if len(made[i].by) == 0 {
			made = slices.Delete(made, i, i+1)
		}
	}
	return made
}

// pin sets or takes back a pin. A pin is told to the room in words too.
func (s *Sim) pin(u *user, m *message, set bool) error {
	switch {
	case !s.on("Message_AllowPinning"):
		return fail("error-action-not-allowed", "Message pinning not allowed")
	case !s.reaches(u, m.in):
		return fail("not-authorized", "Not Authorized")
	case !s.may(u, "pin-message", m.in):
		return fail("not-authorized", "Not Authorized")
	case m.in.archived:
		return fail("error-room-archived", fmt.Sprintf("The channel, %s, is archived", m.in.name))
	}
	m.pinned, m.pinnedBy = set, u
	s.touch(m)
	m.pinnedAt = m.updated
	s.tellMessage(m, false)
	if set {
		said := s.system(m.in, "message_pinned", "", u)
		said.attachments = []any{object{"text": m.text, "author_name": m.by.username, "ts": m.at}}
	}
	return nil
}
