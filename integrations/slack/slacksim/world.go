package slacksim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"boswell/chat"
	"boswell/chat/chattest"
)

// World is the workspace of a simulator as chattest plays in it.
type World struct {
	*Sim
	platform chat.Platform
	carrier  chat.UserID
}

// World is the workspace, with the adapter that is connected to it.
func (s *Sim) World(platform chat.Platform) *World { return &World{Sim: s, platform: platform} }

// What people see where the app does not answer.
var (
	errNotConnected = errors.New("/incident failed because the app did not respond")
	errNoAnswer     = errors.New("/incident failed with the error \"operation_timeout\"")
)

// NoAnswer says that an error is one that a person's client shows because the app did not answer: typing again may help.
func NoAnswer(err error) bool {
	return errors.Is(err, errNotConnected) || errors.Is(err, errNoAnswer)
}

// Platform is the adapter.
func (w *World) Platform() chat.Platform { return w.platform }

// Clock is what the simulator tells the time by.
func (w *World) Clock() *chattest.Clock { return w.clock }

// Idle waits until everything is acknowledged, and counts the deliveries.
func (w *World) Idle(ctx context.Context) (uint64, error) { return w.mail.idle(ctx) }

func (w *World) place(c *channel, thread string) chat.Place {
	return chat.Place{Platform: w.platform.ID(), Channel: chat.ChannelID(c.id), Thread: chat.ThreadID(thread)}
}

func (w *World) ref(c *channel, ts string) chat.Ref {
	return chat.Ref{Platform: w.platform.ID(), Channel: chat.ChannelID(c.id), Message: chat.MessageID(ts)}
}

// AddPerson makes an account.
func (w *World) AddPerson(_ context.Context, p chattest.Person) (chat.User, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u := &user{id: w.newID("U"), name: strings.ToLower(p.Handle), display: p.Name, real: p.Name, zone: p.Zone, guest: p.Guest, team: TeamID}
	if u.display == "" {
		u.display = p.Handle
	}
	if p.Bot {
		u.bot = w.newID("B")
	}
	w.users[u.id] = u
	return w.user(u), nil
}

// user is an account as people see it.
func (w *World) user(u *user) chat.User {
	return chat.User{ID: chat.UserID(u.id), Handle: u.name, Name: u.display, Zone: u.zone, Bot: u.bot != "", Guest: u.guest, Self: u.id == BotUser}
}

// Deactivate makes an account one that is no longer used.
func (w *World) Deactivate(who chat.UserID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if u := w.users[string(who)]; u != nil {
		u.deleted = true
		w.tell("user_change", object{"type": "user_change", "user": w.userObject(u), "event_ts": stampOf(w.now())})
	}
}

// AddGroup makes a user group, and returns its identifier.
func (w *World) AddGroup(handle string, members ...chat.UserID) chat.UserID {
	w.mu.Lock()
	defer w.mu.Unlock()
	g := &group{id: w.newID("S"), handle: handle, name: handle}
	for _, id := range members {
		g.users = append(g.users, string(id))
	}
	w.groups[g.id] = g
	return chat.UserID(g.id)
}

// AddEmoji makes an emoji of the workspace's own, a picture, or another name of the one that alias names.
func (w *World) AddEmoji(name, alias string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	value := "https://emoji.example.com/" + name + ".png"
	if alias != "" {
		value = "alias:" + alias
	}
	w.emoji[name] = value
	w.tell("emoji_changed", object{"type": "emoji_changed", "subtype": "add", "name": name, "value": value, "event_ts": stampOf(w.now())})
}

// AddRoom makes a channel with the bot in it, unless it is Unseen.
func (w *World) AddRoom(_ context.Context, r chattest.Room) (chat.Place, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	name := channelName(r.Name)
	if w.channelNamed(name) != nil {
		return chat.Place{}, fmt.Errorf("the name %q is taken", name)
	}
	c := w.open(&channel{id: w.newID("C"), name: name, private: r.Private || r.Unseen, creator: "U0ADMIN"})
	for _, id := range r.Members {
		c.members = append(c.members, string(id))
	}
	if !r.Unseen {
		c.members = append(c.members, BotUser)
		w.tellMoved(c, BotUser, false)
	}
	return w.place(c, ""), nil
}

// channelName is the nearest name that a channel can have.
func channelName(name string) string {
	return strings.Map(func(r rune) rune {
		if roomName.MatchString(string(r)) {
			return r
		}
		return '-'
	}, strings.ToLower(name))
}

// within finds a channel in which somebody may act.
func (w *World) within(by chat.UserID, id chat.ChannelID) (*user, *channel, error) {
	u, c := w.users[string(by)], w.channels[string(id)]
	switch {
	case u == nil:
		return nil, nil, fmt.Errorf("there is nobody with the identifier %q", by)
	case c == nil || c.gone:
		return nil, nil, fmt.Errorf("there is no channel %q", id)
	case c.archived:
		return nil, nil, fmt.Errorf("the channel #%s is archived", c.name)
	case !c.has(u.id) && c.private:
		return nil, nil, fmt.Errorf("%s is not in the channel #%s", u.display, c.name)
	}
	return u, c, nil
}

// Say posts a line.
func (w *World) Say(_ context.Context, by chat.UserID, to chat.Place, text string) (chat.Ref, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.say(by, to, &message{text: w.typed(text, false)})
}

// say posts a message. It is called with the lock held.
func (w *World) say(by chat.UserID, to chat.Place, m *message) (chat.Ref, error) {
	u, c, err := w.within(by, to.Channel)
	if err != nil {
		return chat.Ref{}, err
	}
	m.user, m.bot, m.thread = u.id, u.bot, string(to.Thread)
	if u.bot != "" {
		m.subtype = "bot_message"
	}
	m.ts = w.stamp(c)
	c.add(m)
	w.tellSaid(c, m)
	return w.ref(c, m.ts), nil
}

// Reply answers a message in its thread.
func (w *World) Reply(_ context.Context, by chat.UserID, on chat.Ref, text string) (chat.Ref, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, m, err := w.message(on)
	if err != nil {
		return chat.Ref{}, err
	}
	thread := m.ts
	if m.thread != "" {
		thread = m.thread
	}
	to := chat.Place{Platform: on.Platform, Channel: on.Channel, Thread: chat.ThreadID(thread)}
	return w.say(by, to, &message{text: w.typed(text, false)})
}

// Broadcast answers a message in its thread and shows the answer in the channel too.
func (w *World) Broadcast(_ context.Context, by chat.UserID, on chat.Ref, text string) (chat.Ref, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	to := chat.Place{Platform: on.Platform, Channel: on.Channel, Thread: chat.ThreadID(on.Message)}
	return w.say(by, to, &message{text: w.typed(text, false), subtype: "thread_broadcast", broadcast: true})
}

// SayAs posts through the bridge, which is an app that speaks under other names.
func (w *World) SayAs(_ context.Context, alias string, to chat.Place, text string) (chat.Ref, error) {
	w.Carrier()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.say(w.carrier, to, &message{text: w.typed(text, false), username: alias})
}

// Carrier is the account of the bridge.
func (w *World) Carrier() chat.UserID {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.carrier == "" {
		u := &user{id: w.newID("U"), name: "bridge", display: "bridge", real: "bridge", bot: w.newID("B"), team: TeamID}
		w.users[u.id] = u
		w.carrier = chat.UserID(u.id)
	}
	return w.carrier
}

// Attach posts a message with a file.
func (w *World) Attach(_ context.Context, by chat.UserID, to chat.Place, text string, f chattest.File) (chat.Ref, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	stored := &file{id: w.newID("F"), name: f.Name, title: f.Name, user: string(by), contents: f.Contents, uploaded: true,
		filetype: "text", mimetype: typeOf(f.Name), mode: "hosted", shares: map[string]string{}}
	if f.Language != "" {
		stored.mode, stored.filetype, stored.mimetype = "snippet", f.Language, "text/plain"
	}
	w.files[stored.id] = stored
	ref, err := w.say(by, to, &message{text: w.typed(text, false), subtype: "file_share", files: []*file{stored}})
	stored.shares[string(ref.Channel)] = string(ref.Message)
	return ref, err
}

// message finds a message that is there.
func (w *World) message(on chat.Ref) (*channel, *message, error) {
	c := w.channels[string(on.Channel)]
	if c == nil {
		return nil, nil, fmt.Errorf("there is no channel %q", on.Channel)
	}
	m := c.at(string(on.Message))
	if m == nil {
		return nil, nil, fmt.Errorf("there is no message %q", on.Message)
	}
	return c, m, nil
}

// change does something with a message that somebody can see.
func (w *World) change(by chat.UserID, on chat.Ref, do func(*channel, *message) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, m, err := w.message(on)
	if err != nil {
		return err
	}
	if _, _, err := w.within(by, on.Channel); err != nil {
		return err
	}
	return do(c, m)
}

// Edit changes a message of the person's own.
func (w *World) Edit(_ context.Context, by chat.UserID, on chat.Ref, text string) error {
	return w.change(by, on, func(c *channel, m *message) error {
		if m.user != string(by) {
			return errors.New("people edit their own messages only")
		}
		before := w.messageObject(c, m)
		m.text = w.typed(text, false)
		m.editedBy, m.editedTS = string(by), w.stamp(c)
		w.tellChanged(c, m, before)
		return nil
	})
}

// Unfurl shows a preview below a message, as Slack does with links: a change that nobody made.
func (w *World) Unfurl(on chat.Ref) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, m, err := w.message(on)
	if err != nil {
		return err
	}
	before := w.messageObject(c, m)
	m.attachments = []any{object{"fallback": "a preview", "title": "a preview", "from_url": "https://example.com"}}
	w.tellChanged(c, m, before)
	return nil
}

// Delete deletes a message.
func (w *World) Delete(_ context.Context, by chat.UserID, on chat.Ref) error {
	return w.change(by, on, func(c *channel, m *message) error {
		if m.user != string(by) {
			return errors.New("people delete their own messages only")
		}
		w.remove(c, m)
		return nil
	})
}

// React sets or removes a reaction.
func (w *World) React(_ context.Context, by chat.UserID, on chat.Ref, emoji string, set bool) error {
	name, ok := nameOf(emoji)
	if !ok {
		return fmt.Errorf("the simulator does not know the emoji %q", emoji)
	}
	return w.change(by, on, func(c *channel, m *message) error {
		w.react(c, m, string(by), name, set)
		return nil
	})
}

// Pin sets or removes a pin.
func (w *World) Pin(_ context.Context, by chat.UserID, on chat.Ref, set bool) error {
	return w.change(by, on, func(c *channel, m *message) error {
		w.pin(c, m, string(by), set)
		return nil
	})
}

// Archive archives a channel.
func (w *World) Archive(_ context.Context, by chat.UserID, in chat.Place) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, c, err := w.within(by, in.Channel)
	if err == nil {
		w.tellArchived(c, string(by))
	}
	return err
}

// Remove deletes a channel.
func (w *World) Remove(in chat.Place) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channels[string(in.Channel)]
	if c == nil || c.gone {
		return fmt.Errorf("there is no channel %q", in.Channel)
	}
	kind := "channel_deleted"
	if c.private {
		kind = "group_deleted"
	}
	c.gone = true
	w.tell(kind, object{"type": kind, "channel": c.id, "event_ts": w.stamp(c)})
	return nil
}

// Join brings somebody into a channel.
func (w *World) Join(_ context.Context, who chat.UserID, in chat.Place) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channels[string(in.Channel)]
	if c == nil || c.has(string(who)) {
		return fmt.Errorf("there is no channel %q, or they are in it", in.Channel)
	}
	c.members = append(c.members, string(who))
	w.tellMoved(c, string(who), false)
	return nil
}

// Leave takes somebody out of a channel; the bot too.
func (w *World) Leave(_ context.Context, who chat.UserID, in chat.Place) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channels[string(in.Channel)]
	if c == nil || !c.has(string(who)) {
		return fmt.Errorf("there is no channel %q, or they are not in it", in.Channel)
	}
	c.members = slices.DeleteFunc(c.members, func(id string) bool { return id == string(who) })
	w.tellMoved(c, string(who), true)
	return nil
}
