package discordsim

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

func listMessages(c *call) (any, *refusal) {
	ch, refused := c.s.channelOf(c.path("channel"))
	if refused != nil {
		return nil, refused
	}
	limit := 50
	if n, err := strconv.Atoi(c.r.URL.Query().Get("limit")); err == nil {
		limit = n
	}
	if limit < 1 || limit > 100 {
		return nil, badForm
	}
	found := []object{}
	if !c.s.may(ch, bitHistory) {
		return found, nil // Discord does not say that it is not allowed
	}
	for _, m := range ch.window(c.r.URL.Query().Get("after"), c.r.URL.Query().Get("before"), limit) {
		found = append(found, m.object(c.s, c.s.seen(m)))
	}
	return found, nil
}

// window is a page of messages, newest first.
func (c *channel) window(after, before string, limit int) []*message {
	var all []*message
	for _, m := range c.messages {
		if m.gone || m.to != "" || after != "" && number(m.id) <= number(after) || before != "" && number(m.id) >= number(before) {
			continue
		}
		all = append(all, m)
	}
	if after != "" {
		all = all[:min(len(all), limit)]
	} else {
		all = all[max(len(all)-limit, 0):]
	}
	slices.Reverse(all)
	return all
}

func (c *call) target() (*message, *refusal) {
	ch, refused := c.s.channelOf(c.path("channel"))
	if refused != nil {
		return nil, refused
	}
	m := ch.message(c.path("message"))
	if m == nil || m.to != "" {
		return nil, unknownMessage
	}
	return m, nil
}

func oneMessage(c *call) (any, *refusal) {
	m, refused := c.target()
	switch {
	case refused != nil:
		return nil, refused
	case !c.s.may(m.in, bitHistory):
		return nil, noPermission
	}
	return m.object(c.s, c.s.seen(m)), nil
}

func postMessage(c *call) (any, *refusal) {
	ch, refused := c.s.channelOf(c.path("channel"))
	if refused != nil {
		return nil, refused
	}
	bit := bitSend
	if ch.thread() {
		bit = bitThreadSend
	}
	switch {
	case ch.kind == kindForum || ch.kind == kindCategory:
		return nil, no(400, 50008, "Cannot send messages in a non-text channel")
	case !c.s.may(ch, bit) || ch.locked && !c.s.may(ch, bitManageThreads):
		return nil, noPermission
	case ch.kind == kindDirect && c.s.users[ch.owner].silent:
		return nil, no(403, 50007, "Cannot send messages to this user")
	}
	m, refused := c.compose(ch)
	if refused != nil {
		return nil, refused
	}
	if known := c.s.nonces[ch.id+m.nonce]; m.nonce != "" && known != nil && c.s.clock.Now().Sub(known.at) < nonceFor {
		return known.echo(known.object(c.s, true)), nil
	}
	c.s.nonces[ch.id+m.nonce] = m
	ch.archived = false
	c.s.add(m)
	return m.echo(m.object(c.s, true)), nil
}

// nonceFor is how long a nonce is remembered.
const nonceFor = 5 * time.Minute

// What a message of the bot's says.
type posted struct {
	Content    *string  `json:"content"`
	Embeds     []object `json:"embeds"`
	Components []any    `json:"components"`
	Allowed    *struct {
		Parse []string `json:"parse"`
		Users []string `json:"users"`
	} `json:"allowed_mentions"`
	Nonce     string `json:"nonce"`
	Enforce   bool   `json:"enforce_nonce"`
	Flags     int    `json:"flags"`
	Reference *struct {
		MessageID string `json:"message_id"`
	} `json:"message_reference"`
}

// compose makes a message of what the bot sends.
func (c *call) compose(ch *channel) (*message, *refusal) {
	var p posted
	if !c.read(&p) || len(p.Nonce) > 25 {
		return nil, badForm
	}
	m := &message{id: c.s.newID(), in: ch, by: c.s.users[BotID], at: c.s.clock.Now(), flags: p.Flags, nonce: p.Nonce}
	if !p.Enforce {
		m.nonce = ""
	}
	if p.Reference != nil {
		m.answers, m.kind = ch.message(p.Reference.MessageID), 19
		if m.answers == nil {
			m.kind = 0
		}
	}
	for _, f := range c.files {
		m.files = append(m.files, c.s.keep(ch, f))
	}
	return m, c.s.fill(m, p)
}

// fill puts into a message what the bot says.
func (s *Sim) fill(m *message, p posted) *refusal {
	if p.Content != nil {
		m.content = *p.Content
	}
	m.embeds, m.rows = p.Embeds, p.Components
	enumerate(p.Components)
	letters := 0
	for _, e := range p.Embeds {
		letters += utf8.RuneCountInString(text(e, "description"))
		e["type"] = "rich"
	}
	switch {
	case utf8.RuneCountInString(m.content) > 2000 || letters > 6000 || len(p.Embeds) > 10 || !fitting(p.Components):
		return badForm
	case m.content == "" && len(p.Embeds) == 0 && len(m.files) == 0 && len(p.Components) == 0:
		return no(400, 50006, "Cannot send an empty message")
	}
	s.ping(m, p)
	return nil
}

// ping finds whom a message mentions, and whom of them it may notify.
func (s *Sim) ping(m *message, p posted) {
	m.mentions, m.pinged = nil, nil
	for _, id := range mentionedIn(m.content) {
		if s.users[id] == nil || slices.Contains(m.mentions, id) {
			continue
		}
		m.mentions = append(m.mentions, id)
		if p.Allowed == nil || slices.Contains(p.Allowed.Parse, "users") || slices.Contains(p.Allowed.Users, id) {
			m.pinged = append(m.pinged, id)
		}
	}
	if everybody(m.content) && (p.Allowed == nil || slices.Contains(p.Allowed.Parse, "everyone")) {
		m.pinged = append(m.pinged, "everyone")
	}
}

// add puts a message into its channel and tells of it.
func (s *Sim) add(m *message) {
	m.in.messages = append(m.in.messages, m)
	slices.SortStableFunc(m.in.messages, func(a, b *message) int { return int(int64(number(a.id)) - int64(number(b.id))) })
	if m.to == "" && s.may(m.in, bitView) {
		s.dispatch(m.group(), "MESSAGE_CREATE", s.event(m))
	}
}

// group keeps nothing of a message in order: versions tell which is newer. What asks something of the bot is never kept back.
func (m *message) group() string {
	if m.in.kind == kindDirect || slices.Contains(m.mentions, BotID) || m.by.id == BotID {
		return ""
	}
	return fmt.Sprintf("message %s %d", m.id, m.edited.UnixNano())
}

func editMessage(c *call) (any, *refusal) {
	m, refused := c.target()
	switch {
	case refused != nil:
		return nil, refused
	case m.by.id != BotID || m.alias != "":
		return nil, no(403, 50005, "Cannot edit a message authored by another user")
	case m.in.archived:
		return nil, archived
	}
	if refused := c.edit(m); refused != nil {
		return nil, refused
	}
	c.s.dispatch("", "MESSAGE_UPDATE", c.s.event(m))
	return m.object(c.s, true), nil
}

func (c *call) edit(m *message) *refusal {
	var p posted
	if !c.read(&p) {
		return badForm
	}
	m.edited = c.s.clock.Now()
	return c.s.fill(m, p)
}

func deleteMessage(c *call) (any, *refusal) {
	m, refused := c.target()
	if refused != nil {
		return nil, refused
	}
	c.s.remove(m)
	return nil, nil
}

// remove deletes a message and tells of it.
func (s *Sim) remove(m *message) {
	m.gone = true
	s.dispatch("deletion "+m.id, "MESSAGE_DELETE", object{"id": m.id, "channel_id": m.in.id, "guild_id": m.in.guild})
}

// keep stores a file of a message.
func (s *Sim) keep(c *channel, f *file) *file {
	f.id = s.newID()
	base := s.URL() + "/attachments/" + c.id + "/" + f.id + "/" + f.name
	f.url = func(now time.Time) string {
		return fmt.Sprintf("%s?ex=%x&is=%x&hm=00", base, now.Add(fileFor).Unix(), now.Unix())
	}
	s.files[f.id] = f
	return f
}

// fileFor is how long the address of a file is good.
const fileFor = 24 * time.Hour

// download answers with a file as long as its address is good.
func (s *Sim) download(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f, now := s.files[r.PathValue("id")], s.clock.Now()
	s.mu.Unlock()
	until, err := strconv.ParseInt(r.URL.Query().Get("ex"), 16, 64)
	if f == nil || err != nil || now.Unix() >= until || r.Header.Get("Authorization") != "" {
		http.Error(w, "This content is no longer available.", http.StatusNotFound)
		return
	}
	// The client may be gone; that is its own affair.
	_, _ = w.Write(f.contents)
}
