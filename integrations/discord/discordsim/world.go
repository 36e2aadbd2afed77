package discordsim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/discord"
)

// WorldOptions say how a World is set up. The zero value is of use.
type WorldOptions struct {
	Sim Options
	// Config is that of the bot; its token is the simulator's where it has none.
	Config discord.Config
	// Adapter is what else the bot is told; its address and clock are set here. Pauses that it has none of are as good as none,
	// and nobody is told that an answer comes.
	Adapter discord.Options
	// Pick says what a person picks from the menu to mean a typed line: the words of the command, and its options. Not ok is
	// that they cannot. Nil picks by the registered commands alone.
	Pick func(line string) (path string, args map[chat.FieldID]string, ok bool)
}

// A World is a simulated Discord with the adapter connected to it.
type World struct {
	sim  *Sim
	o    WorldOptions
	wire *wire
}

// Open starts a World. Close it.
func Open(clock *chattest.Clock, o WorldOptions) (*World, error) {
	sim, err := New(clock, o.Sim)
	if err != nil {
		return nil, err
	}
	if o.Config.Token.IsZero() {
		o.Config.Token = chat.NewSecret(Token)
	}
	o.Adapter.Base, o.Adapter.Now, o.Adapter.Trace = sim.URL(), clock.Now, sim.gate.trace
	for _, pause := range []*time.Duration{&o.Adapter.Retry, &o.Adapter.Apart} {
		if *pause == 0 {
			*pause = time.Millisecond
		}
	}
	if o.Adapter.Defer == 0 {
		o.Adapter.Defer = time.Hour // who waits for an answer waits by the clock of the World
	}
	w := &World{sim: sim, o: o, wire: &wire{gate: &sim.gate}}
	if err := w.Renew(); err != nil {
		sim.Close()
		return nil, err
	}
	return w, nil
}

// Renew puts an adapter that remembers nothing in the place of the one that there was, as when the program starts again. Nobody
// runs the adapter meanwhile.
func (w *World) Renew() (err error) {
	w.wire.Platform, err = discord.New(w.o.Config, w.o.Adapter)
	return err
}

// Close ends the simulator.
func (w *World) Close() { w.sim.Close() }

// Sim is the simulator itself.
func (w *World) Sim() *Sim { return w.sim }

// Platform is the adapter.
func (w *World) Platform() chat.Platform { return w.wire }

// Clock is what the simulator tells the time by.
func (w *World) Clock() *chattest.Clock { return w.sim.clock }

// AddPerson makes an account, a member of the server.
func (w *World) AddPerson(_ context.Context, p chattest.Person) (chat.User, error) {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.named(p.Handle) != nil {
		return chat.User{}, fmt.Errorf("there is a %q already", p.Handle)
	}
	u := &user{id: s.newID(), handle: p.Handle, name: p.Name, bot: p.Bot}
	s.users[u.id] = u
	return w.user(u), nil
}

func (w *World) user(u *user) chat.User {
	name := u.name
	if name == "" {
		name = u.handle
	}
	return chat.User{ID: chat.UserID(u.id), Handle: u.handle, Name: name, Bot: u.bot, Self: u.id == BotID}
}

// AddRoom makes a text channel.
func (w *World) AddRoom(_ context.Context, r chattest.Room) (chat.Place, error) {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &channel{id: s.newID(), name: r.Name, kind: kindText, guild: Server}
	if r.Private || r.Unseen {
		c.overwrites = append(c.overwrites, overwrite{ID: Server, Allow: "0", Deny: strconv.FormatUint(bitView, 10)})
		for _, id := range r.Members {
			c.overwrites = append(c.overwrites, overwrite{ID: string(id), Type: 1, Allow: strconv.FormatUint(everyonePermissions, 10), Deny: "0"})
		}
	}
	if r.Private && !r.Unseen {
		c.overwrites = append(c.overwrites, overwrite{ID: BotID, Type: 1, Allow: strconv.FormatUint(everyonePermissions, 10), Deny: "0"})
	}
	s.addChannel(c, "CHANNEL_CREATE")
	return w.place(c), nil
}

// ownRoom says of a thread that the bot takes it for a room by itself.
func (s *Sim) ownRoom(c *channel) bool {
	return c.owner == BotID || s.channels[c.parent] != nil && s.channels[c.parent].kind == kindForum
}

func (w *World) place(c *channel) chat.Place {
	p := chat.Place{Platform: w.wire.ID()}
	switch {
	case c.guild == "":
		p.Channel = chat.ChannelID("@me/" + c.id)
	case c.thread() && !w.sim.ownRoom(c):
		p.Channel, p.Thread = chat.ChannelID(c.guild+"/"+c.parent), chat.ThreadID(c.id)
	default:
		p.Channel = chat.ChannelID(c.guild + "/" + c.id)
	}
	return p
}

func (w *World) ref(m *message) chat.Ref {
	p := w.place(m.in)
	id := m.id
	if p.Thread != "" {
		id = string(p.Thread) + "/" + id
	}
	return chat.Ref{Platform: p.Platform, Channel: p.Channel, Message: chat.MessageID(id)}
}

// channel is the channel or thread at a place.
func (w *World) channel(at chat.Place) *channel {
	if at.Thread != "" {
		return w.sim.channels[string(at.Thread)]
	}
	_, id, _ := strings.Cut(string(at.Channel), "/")
	return w.sim.channels[id]
}

// message is a message by its identity, gone or not; nil if there is none.
func (w *World) message(r chat.Ref) *message {
	_, id, _ := strings.Cut(string(r.Channel), "/")
	mid := string(r.Message)
	if thread, inThread, ok := strings.Cut(mid, "/"); ok {
		id, mid = thread, inThread
	}
	c := w.sim.channels[id]
	if c == nil {
		return nil
	}
	i := slices.IndexFunc(c.messages, func(m *message) bool { return m.id == mid })
	if i < 0 {
		return nil
	}
	return c.messages[i]
}

func (w *World) who(by chat.UserID, at chat.Place) (*user, *channel, error) {
	u, c := w.sim.users[string(by)], w.channel(at)
	switch {
	case u == nil:
		return nil, nil, fmt.Errorf("there is nobody %q", by)
	case c == nil || c.gone:
		return nil, nil, fmt.Errorf("there is no room %v", at)
	}
	return u, c, nil
}

// line is what somebody writes.
func (s *Sim) line(by *user, in *channel, content string) *message {
	m := &message{id: s.newID(), in: in, by: by, content: content, at: s.clock.Now()}
	s.ping(m, posted{})
	return m
}

// Say posts a line.
func (w *World) Say(_ context.Context, by chat.UserID, to chat.Place, text string) (chat.Ref, error) {
	return w.post(by, to, text, nil, "")
}

func (w *World) post(by chat.UserID, to chat.Place, text string, f *file, alias string) (chat.Ref, error) {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	u, c, err := w.who(by, to)
	if err != nil {
		return chat.Ref{}, err
	}
	m := s.line(u, c, s.typed(text))
	m.alias = alias
	if f != nil {
		m.files = []*file{s.keep(c, f)}
	}
	c.archived = false
	s.add(m)
	return w.ref(m), nil
}

// Reply answers a message in a thread on it.
func (w *World) Reply(ctx context.Context, by chat.UserID, on chat.Ref, text string) (chat.Ref, error) {
	s := w.sim
	s.mu.Lock()
	m := w.message(on)
	if m == nil {
		s.mu.Unlock()
		return chat.Ref{}, fmt.Errorf("there is no message %v", on)
	}
	t := s.channels[m.id]
	if t == nil {
		t = s.openThread(m.in, m.id, "thread", string(by), kindPublicThread)
	}
	place := w.place(t)
	s.mu.Unlock()
	return w.Say(ctx, by, place, text)
}

// SayAs posts a line through a webhook, as bridges do.
func (w *World) SayAs(_ context.Context, alias string, to chat.Place, text string) (chat.Ref, error) {
	w.sim.mu.Lock()
	if w.sim.users[webhook] == nil {
		w.sim.users[webhook] = &user{id: webhook, handle: "bridge", name: "Bridge", bot: true}
	}
	w.sim.mu.Unlock()
	return w.post(webhook, to, text, nil, alias)
}

// Carrier is the webhook.
func (w *World) Carrier() chat.UserID { return webhook }

// Attach posts a line with a file.
func (w *World) Attach(_ context.Context, by chat.UserID, to chat.Place, text string, f chattest.File) (chat.Ref, error) {
	return w.post(by, to, text, &file{name: f.Name, contents: f.Contents}, "")
}

// Edit replaces the text of a message.
func (w *World) Edit(_ context.Context, by chat.UserID, on chat.Ref, text string) error {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	m := w.message(on)
	if m == nil || m.gone || m.by.id != string(by) {
		return errors.New("that message is not theirs")
	}
	m.content, m.edited = s.typed(text), s.clock.Now()
	s.ping(m, posted{})
	if s.may(m.in, bitView) {
		s.dispatch(m.group(), "MESSAGE_UPDATE", s.event(m))
	}
	return nil
}

// Delete takes a message back.
func (w *World) Delete(_ context.Context, by chat.UserID, on chat.Ref) error {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	m := w.message(on)
	if m == nil || m.gone || m.by.id != string(by) {
		return errors.New("that message is not theirs")
	}
	s.remove(m)
	return nil
}

// React sets or removes a reaction.
func (w *World) React(_ context.Context, by chat.UserID, on chat.Ref, emoji string, set bool) error {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	m := w.message(on)
	if m == nil || m.gone {
		return errors.New("there is no such message")
	}
	if strings.HasPrefix(emoji, ":") {
		name := strings.Trim(emoji, ":")
		for _, e := range s.emojis {
			if e["name"] == name {
				name += ":" + e["id"].(string)
			}
		}
		emoji = name
	}
	s.react(m, s.users[string(by)], emoji, set)
	return nil
}

// Pin sets or removes a pin.
func (w *World) Pin(_ context.Context, by chat.UserID, on chat.Ref, set bool) error {
	s := w.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	m := w.message(on)
	if m == nil || m.gone {
		return errors.New("there is no such message")
	}
	s.pin(m, s.users[string(by)], set)
	return nil
}
