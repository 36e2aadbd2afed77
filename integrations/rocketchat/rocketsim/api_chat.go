package rocketsim

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

var chatEndpoints = map[string]endpoint{
	"POST chat.sendMessage":       {takes: fields{"message": "o!", "previewUrls": "a"}, do: (*Sim).sendMessage},
	"POST chat.postMessage":       {takes: fields{"roomId": "u?", "channel": "u?", "text": "s", "alias": "s", "emoji": "s", "avatar": "s", "attachments": "l", "tmid": "s", "customFields": "o", "parseUrls": "b"}, do: (*Sim).postMessage},
	"POST chat.update":            {takes: fields{"roomId": "s!", "msgId": "s!", "text": "s!", "previewUrls": "a", "customFields": "o"}, do: (*Sim).updateMessage},
	"POST chat.delete":            {takes: fields{"roomId": "s!", "msgId": "s!", "asUser": "b"}, do: (*Sim).deleteMessage},
	"POST chat.react":             {takes: fields{"messageId": "s!", "emoji": "s?", "reaction": "s?", "shouldReact": "b"}, do: (*Sim).reactTo},
	"POST chat.pinMessage":        {takes: fields{"messageId": "s!"}, do: (*Sim).pinMessage},
	"POST chat.unPinMessage":      {takes: fields{"messageId": "s!"}, do: (*Sim).pinMessage},
	"GET chat.getMessage":         {takes: fields{"msgId": "s!"}, do: (*Sim).getMessage},
	"GET chat.syncMessages":       {takes: fields{"roomId": "s!", "lastUpdate": "s", "fromTs": "s", "count": "n", "next": "s", "previous": "s", "type": "s"}, do: (*Sim).syncMessages},
	"GET chat.getDeletedMessages": {takes: paged(fields{"roomId": "s!", "since": "s!"}), do: (*Sim).getDeleted},
	"GET chat.getThreadMessages":  {takes: paged(fields{"tmid": "s!", "aroundId": "s"}), do: (*Sim).getThread},
	"GET chat.getThreadsList":     {takes: paged(fields{"rid": "s!", "type": "s", "text": "s", "query": "s", "fields": "s"}), do: (*Sim).getThreads},
	"GET chat.getPinnedMessages":  {takes: paged(fields{"roomId": "s!"}), do: (*Sim).getPinned},
	"GET channels.history":        {takes: historyFields, do: (*Sim).history},
	"GET groups.history":          {takes: historyFields, do: (*Sim).history},
	"GET dm.history":              {takes: historyFields, do: (*Sim).history},
	"GET im.history":              {takes: historyFields, do: (*Sim).history},
}

var historyFields = paged(fields{"roomId": "s?", "roomName": "s?", "latest": "s", "oldest": "s", "inclusive": "s", "unreads": "s", "showThreadMessages": "s"})

// errNothingSent is what the endpoint answers where nothing was sent: it reads the author of what is not there.
var errNothingSent = plain("Cannot read properties of undefined (reading 'u')")

func (s *Sim) sendMessage(c *call) (object, error) {
	said, _ := c.args["message"].(object)
	in := &call{args: said}
	if in.text("t") != "" {
		return nil, plain("Cannot send system messages using 'chat.sendMessage'")
	}
	if in.text("rid") == "" {
		return nil, plain("The 'rid' property on the message object is missing.")
	}
	r := s.rooms[in.text("rid")]
	if r == nil {
		return nil, fail("error-invalid-room", "Invalid room")
	}
	m := s.composed(c.user, r, in, "msg")
	m.id = in.text("_id")
	if err := s.sendable(m); err != nil {
		return nil, err
	}
	if s.byMessage[m.id] != nil || s.dropped() {
		return nil, errNothingSent
	}
	s.add(m, false)
	return object{"message": s.messageObject(m)}, nil
}

// dropped says that an app prevents a message.
func (s *Sim) dropped() bool {
	if s.dropping == 0 {
		return false
	}
	s.dropping--
	return true
}

// composed reads what a call says into a message.
func (s *Sim) composed(by *user, r *room, c *call, text string) *message {
	m := &message{in: r, by: by, text: c.text(text), alias: c.text("alias"), avatar: c.text("avatar"), emoji: c.text("emoji"),
		thread: c.text("tmid"), shown: c.yes("tshow"), custom: c.args["customFields"], blocks: c.args["blocks"]}
	m.attachments, _ = c.args["attachments"].([]any)
	if parent := s.byMessage[m.thread]; parent != nil && parent.thread != "" {
		m.thread = parent.thread
	}
	return m
}

func (s *Sim) postMessage(c *call) (object, error) {
	var last *message
	for _, target := range append(c.texts("roomId"), c.texts("channel")...) {
		r, err := s.target(c.user, target)
		if err != nil {
			return nil, err
		}
		last = s.composed(c.user, r, c, "text")
		if err := s.say(last, false); err != nil {
			return nil, err
		}
	}
	if last == nil {
		return nil, plain("unknown-error")
	}
	return object{"ts": s.now().UnixMilli(), "channel": last.in.name, "message": s.messageObject(last)}, nil
}

// target is the room that a message is posted to: by its identifier, "#name" or "@username".
func (s *Sim) target(by *user, target string) (*room, error) {
	var r *room
	switch {
	case target == "":
		return nil, fail("invalid-channel", "")
	case target[0] == '@':
		if u := s.named(target[1:]); u != nil {
			r = s.direct(by, u)
		}
	case target[0] == '#':
		r = s.roomNamed(target[1:])
	default:
		r = s.rooms[target]
	}
	if r == nil {
		return nil, fail("invalid-channel", "")
	}
	return r, nil
}

// ofRoom finds the message of a call that names the room too.
func (s *Sim) ofRoom(c *call) (*message, error) {
	m := s.byMessage[c.text("msgId")]
	switch {
	case m == nil || m.gone:
		return nil, plain(fmt.Sprintf("No message found with the id of %q.", c.text("msgId")))
	case m.in.id != c.text("roomId"):
		return nil, plain("The room id provided does not match where the message is from.")
	}
	return m, nil
}

func (s *Sim) updateMessage(c *call) (object, error) {
	m, err := s.ofRoom(c)
	if err == nil {
		err = s.edit(c.user, m, c.text("text"))
	}
	if err != nil {
		return nil, err
	}
	return object{"message": s.messageObject(m)}, nil
}

func (s *Sim) deleteMessage(c *call) (object, error) {
	m, err := s.ofRoom(c)
	if err == nil {
		err = s.deletable(c.user, m)
	}
	if err != nil {
		return nil, err
	}
	s.remove(m)
	return object{"_id": m.id, "ts": strconv.FormatInt(s.now().UnixMilli(), 10), "message": object{"_id": m.id, "rid": m.in.id, "u": author(m.by)}}, nil
}

// message finds the message that a call names alone.
func (s *Sim) message(c *call) (*message, error) {
	m := s.byMessage[c.text("messageId")]
	if m == nil || m.gone {
		return nil, fail("error-message-not-found", "The provided \"messageId\" does not match any existing message.")
	}
	return m, nil
}

func (s *Sim) reactTo(c *call) (object, error) {
	m, err := s.message(c)
	if err != nil {
		return nil, err
	}
	emoji := c.text("emoji")
	if emoji == "" {
		emoji = c.text("reaction")
	}
	if emoji == "" {
		return nil, fail("error-emoji-param-not-provided", "The required \"emoji\" param is missing.")
	}
	var should *bool
	if want, told := c.args["shouldReact"].(bool); told {
		should = &want
	}
	return nil, s.react(c.user, m, emoji, should)
}

func (s *Sim) pinMessage(c *call) (object, error) {
	m, err := s.message(c)
	if err != nil {
		return nil, err
	}
	set := c.URL.Path == "/api/v1/chat.pinMessage"
	if err := s.pin(c.user, m, set); err != nil || !set {
		return nil, err
	}
	last := m.in.messages[len(m.in.messages)-1]
	return object{"message": s.messageObject(last)}, nil
}

func (s *Sim) getMessage(c *call) (object, error) {
	m := s.byMessage[c.text("msgId")]
	if m == nil || m.gone || !s.reaches(c.user, m.in) {
		return nil, &refusal{status: http.StatusBadRequest}
	}
	return object{"message": s.messageObject(m)}, nil
}

// readable finds a room that somebody may read.
func (s *Sim) readable(c *call, field string) (*room, error) {
	r := s.rooms[c.text(field)]
	if r == nil || !s.reaches(c.user, r) {
		return nil, fail("error-not-allowed", "Not allowed")
	}
	return r, nil
}

func (s *Sim) syncMessages(c *call) (object, error) {
	since, dated := c.when("lastUpdate")
	switch kind := c.text("type"); {
	case c.text("lastUpdate") == "" && kind == "":
		return nil, fail("error-param-required", "The \"type\" or \"lastUpdate\" parameters must be provided")
	case c.text("lastUpdate") != "" && !dated:
		return nil, fail("error-lastUpdate-param-invalid", "The \"lastUpdate\" query parameter must be a valid date")
	case c.text("lastUpdate") != "" && kind != "":
		return nil, fail("error-param-invalid", "The \"lastUpdate\" parameter cannot be used with \"type\"")
	case kind != "" && kind != "UPDATED" && kind != "DELETED":
		return nil, invalid("must be equal to one of the allowed values")
	}
	r, err := s.readable(c, "roomId")
	if err != nil {
		return nil, err
	}
	if kind := c.text("type"); kind != "" {
		return s.syncPage(c, r, kind)
	}
	updated, deleted := []object{}, []object{}
	for _, m := range slices.Backward(r.live()) {
		if m.updated.After(since) {
			updated = append(updated, s.messageObject(m))
		}
	}
	for _, t := range r.deleted {
		if t.at.After(since) {
			deleted = append(deleted, object{"_id": t.id, "_deletedAt": t.at})
		}
	}
	return object{"result": object{"updated": updated, "deleted": deleted}}, nil
}

// syncPage is a page of what changed, or was deleted, after a moment.
func (s *Sim) syncPage(c *call, r *room, kind string) (object, error) {
	type dated struct {
		at int64
		o  object
	}
	var all []dated
	for _, m := range r.live() {
		if kind == "UPDATED" {
			all = append(all, dated{m.updated.UnixMilli(), s.messageObject(m)})
		}
	}
	for _, t := range r.deleted {
		if kind == "DELETED" {
			all = append(all, dated{t.at.UnixMilli(), object{"_id": t.id, "_deletedAt": t.at}})
		}
	}
	from, err := strconv.ParseInt(c.text("next"), 10, 64)
	if err != nil && c.text("next") != "" {
		return nil, invalid("must be number")
	}
	slices.SortStableFunc(all, func(a, b dated) int { return int(a.at - b.at) })
	all = slices.DeleteFunc(all, func(d dated) bool { return d.at <= from })
	count := min(max(c.number("count", 50), 1), s.amount("API_Upper_Count_Limit"))
	cursor, found := object{"next": nil, "previous": nil}, []object{}
	for i, d := range all {
		if i == count {
			cursor["next"] = strconv.FormatInt(all[i-1].at, 10)
			break
		}
		found = append(found, d.o)
	}
	name := map[string]string{"UPDATED": "updated", "DELETED": "deleted"}[kind]
	result := object{"updated": []object{}, "deleted": []object{}, "cursor": cursor}
	result[name] = found
	return object{"result": result}, nil
}

func (s *Sim) getDeleted(c *call) (object, error) {
	since, ok := c.when("since")
	if !ok {
		return nil, invalid("must match format \"iso-date-time\"")
	}
	r, err := s.readable(c, "roomId")
	if err != nil {
		return nil, err
	}
	var ids []object
	for _, t := range r.deleted {
		if t.at.After(since) {
			ids = append(ids, object{"_id": t.id})
		}
	}
	return listed("messages", page(s, c, ids, 50), len(ids), c), nil
}

// listed is a page of a list.
func listed(name string, some []object, total int, c *call) object {
	if some == nil {
		some = []object{}
	}
	return object{name: some, "count": len(some), "offset": c.number("offset", 0), "total": total}
}

// shownAs are messages as an endpoint shows them.
func (s *Sim) shownAs(all []*message) []object {
	made := []object{}
	for _, m := range all {
		made = append(made, s.messageObject(m))
	}
	return made
}

func (s *Sim) getThread(c *call) (object, error) {
	m := s.byMessage[c.text("tmid")]
	if m == nil || m.gone || !s.reaches(c.user, m.in) {
		return nil, fail("error-not-allowed", "Not Allowed")
	}
	all := s.shownAs(m.in.replies(m.id))
	return listed("messages", page(s, c, all, 50), len(all), c), nil
}

func (s *Sim) getThreads(c *call) (object, error) {
	r, err := s.readable(c, "rid")
	if err != nil {
		return nil, err
	}
	var all []object
	for _, m := range r.live() {
		if len(r.replies(m.id)) > 0 {
			all = append(all, s.messageObject(m))
		}
	}
	return listed("threads", page(s, c, all, 50), len(all), c), nil
}

func (s *Sim) getPinned(c *call) (object, error) {
	r, err := s.readable(c, "roomId")
	if err != nil {
		return nil, err
	}
	var all []object
	for _, m := range r.live() {
		if m.pinned {
			all = append(all, s.messageObject(m))
		}
	}
	return listed("messages", page(s, c, all, 50), len(all), c), nil
}

func (s *Sim) history(c *call) (object, error) {
	r, err := s.roomOf(c, false)
	if err != nil {
		return nil, err
	}
	oldest, bounded := c.when("oldest")
	latest, ended := c.when("latest")
	var all []object
	for _, m := range slices.Backward(r.live()) {
		in := c.yes("inclusive")
		early := bounded && (m.at.Before(oldest) || !in && m.at.Equal(oldest))
		late := ended && (m.at.After(latest) || !in && m.at.Equal(latest))
		if early || late || m.thread != "" && !m.shown && !c.yes("showThreadMessages") {
			continue
		}
		all = append(all, s.messageObject(m))
	}
	return object{"messages": page(s, c, all, 20)}, nil
}
