package slacksim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
)

// answerURL is an address where the app may answer for a while.
type answerURL struct {
	channel, user, thread string
	at                    time.Time
	uses                  int
	shown                 []*whisper
	public                bool
}

const (
	answersMost = 5
	answersLife = 30 * time.Minute
)

// pulled makes a trigger and an address for answers. It is called with the lock held.
func (s *Sim) pulled(user string, c *channel, thread string) (string, *trigger, string, *answerURL) {
	id := fmt.Sprintf("%d.%d.simulated", s.number(), s.now().Unix())
	t := &trigger{user: user, at: s.now()}
	s.triggers[id] = t
	a := &answerURL{user: user, thread: thread, at: s.now()}
	if c != nil {
		a.channel = c.id
	}
	key := s.newID("answer")
	s.answers[key] = a
	return id, t, s.URL() + "/answer/" + key, a
}

// answer takes what the app says at such an address.
func (s *Sim) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyMost))
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.answers[r.PathValue("id")]
	switch {
	case err != nil || a == nil:
		http.Error(w, "invalid_url", http.StatusNotFound)
	case a.uses >= answersMost || s.now().Sub(a.at) > answersLife:
		http.Error(w, "used_url", http.StatusNotFound)
	case s.take(a, body) != nil:
		http.Error(w, "invalid_payload", http.StatusBadRequest)
	default:
		a.uses++
		_, _ = w.Write([]byte("ok"))
	}
}

// take shows a message of the app's in answer to something. It is called with the lock held.
func (s *Sim) take(a *answerURL, data []byte) error {
	c := &call{Call{Args: map[string]any{}}}
	if err := json.Unmarshal(data, &c.Args); err != nil {
		return err
	}
	m, err := s.composed(c)
	if err != nil {
		return err
	}
	ch := s.channels[a.channel]
	if ch == nil {
		return refuse("channel_not_found")
	}
	m.ts = s.stamp(ch)
	shown := &whisper{channel: ch.id, to: a.user, thread: a.thread, message: m}
	a.shown = append(a.shown, shown)
	if a.public = c.text("response_type") == "in_channel"; a.public {
		m.thread = a.thread
		ch.add(m)
		s.tellSaid(ch, m)
		return nil
	}
	s.whispers = append(s.whispers, shown)
	return nil
}

// Type gives the bot a slash command. A message that it is called on is named by its link, as people do, where the line says
// from:message; otherwise the command is said to the bot in the thread of that message, where Slack has no slash commands.
func (w *World) Type(ctx context.Context, by chat.UserID, to chat.Place, line string, on *chat.Ref) (chattest.Answer, error) {
	switch {
	case on != nil && strings.Contains(line, "from:message"):
		line = strings.Replace(line, "from:message", "from:"+w.linkTo(string(on.Channel), string(on.Message)), 1)
	case on != nil:
		return w.Tell(ctx, by, chat.Place{Platform: to.Platform, Channel: on.Channel, Thread: chat.ThreadID(on.Message)}, line)
	case to.Thread != "":
		return w.Tell(ctx, by, to, line)
	}
	w.mu.Lock()
	u, c, err := w.within(by, to.Channel)
	if err != nil {
		w.mu.Unlock()
		return chattest.Answer{}, err
	}
	id, t, address, a := w.pulled(u.id, c, "")
	name := c.name
	if c.with != "" {
		name = "directmessage"
	}
	payload := object{"token": "verification", "team_id": TeamID, "team_domain": "simulated", "channel_id": c.id, "channel_name": name,
		"user_id": u.id, "user_name": u.name, "command": w.o.Commands[0], "text": w.typed(line, true), "response_url": address,
		"trigger_id": id, "api_app_id": AppID, "is_enterprise_install": "false"}
	w.mu.Unlock()
	acked, err := w.mail.ask(ctx, "slash_commands", payload, true)
	if err != nil {
		return chattest.Answer{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if saysSomething(acked) {
		if err := w.take(a, acked); err != nil {
			return chattest.Answer{}, fmt.Errorf("the acknowledgement is no message: %w", err)
		}
	}
	return w.answered(c, t, a), nil
}

// saysSomething says that an acknowledgement carries a message; clients send an empty object for none.
func saysSomething(acked json.RawMessage) bool {
	var o object
	return json.Unmarshal(acked, &o) == nil && len(o) > 0
}

// answered is what the person was shown. It is called with the lock held.
func (w *World) answered(c *channel, t *trigger, a *answerURL) chattest.Answer {
	if t.view != nil {
		return w.formAnswer(t.view)
	}
	if len(a.shown) == 0 {
		return chattest.Answer{}
	}
	m := a.shown[0].message
	return chattest.Answer{Message: w.look(c, m), Public: a.public}
}

// Tell says a command to the bot by mentioning it, or in the conversation with it, and waits for the answer.
func (w *World) Tell(ctx context.Context, by chat.UserID, to chat.Place, line string) (chattest.Answer, error) {
	w.mu.Lock()
	c := w.channels[string(to.Channel)]
	if c == nil {
		w.mu.Unlock()
		return chattest.Answer{}, fmt.Errorf("there is no channel %q", to.Channel)
	}
	before, said := len(w.whispers), len(c.messages)
	text := w.typed(line, false)
	if c.with == "" {
		text = "<@" + BotUser + "> " + text
	}
	_, err := w.say(by, to, &message{text: text})
	w.mu.Unlock()
	if err != nil {
		return chattest.Answer{}, err
	}
	if _, err := w.mail.idle(ctx); err != nil {
		return chattest.Answer{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.since(c, by, before, said+1), nil
}

// since is the first thing that the app showed somebody since there were so many whispers and messages.
func (w *World) since(c *channel, by chat.UserID, whispers, messages int) chattest.Answer {
	for _, x := range w.whispers[whispers:] {
		if x.to == string(by) {
			return chattest.Answer{Message: w.look(w.channels[x.channel], x.message)}
		}
	}
	for _, m := range c.messages[min(messages, len(c.messages)):] {
		if m.bot == BotID && m.metadata == nil && len(m.files) == 0 {
			return chattest.Answer{Message: w.look(c, m), Public: c.with == ""}
		}
	}
	return chattest.Answer{}
}

// IM is the conversation of somebody with the bot.
func (w *World) IM(who chat.UserID) chat.Place {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.place(w.im(string(who)), "")
}

// Press presses a button of a message or of an answer, or picks an option of a menu.
func (w *World) Press(ctx context.Context, by chat.UserID, on chattest.Message, b chat.Button) (chattest.Answer, error) {
	w.mu.Lock()
	c := w.channels[string(on.Ref.Channel)]
	m := w.seenBy(c, by, string(on.Ref.Message))
	if m == nil {
		w.mu.Unlock()
		return chattest.Answer{}, errors.New("there is no such message")
	}
	action, ok := pressing(m.blocks, b)
	if !ok {
		w.mu.Unlock()
		return chattest.Answer{}, errors.New("there is no such button or option")
	}
	id, t, address, a := w.pulled(string(by), c, m.thread)
	container := object{"type": "message", "message_ts": m.ts, "channel_id": c.id, "is_ephemeral": c.byTS[m.ts] == nil}
	if m.thread != "" {
		container["thread_ts"] = m.thread
	}
	payload := w.interaction("block_actions", by, id)
	payload["container"], payload["channel"], payload["response_url"] = container, object{"id": c.id, "name": c.name}, address
	payload["message"] = w.messageObject(c, m)
	action["action_ts"] = stampOf(w.now())
	payload["actions"] = []object{action}
	w.mu.Unlock()
	if _, err := w.mail.ask(ctx, "interactive", payload, false); err != nil {
		return chattest.Answer{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.answered(c, t, a), nil
}

// interaction is what every interaction says.
func (w *World) interaction(kind string, by chat.UserID, trigger string) object {
	u := w.users[string(by)]
	o := object{"type": kind, "token": "verification", "team": object{"id": TeamID, "domain": "simulated"}, "api_app_id": AppID,
		"trigger_id": trigger, "is_enterprise_install": false, "enterprise": nil}
	if u != nil {
		o["user"] = object{"id": u.id, "username": u.name, "name": u.name, "team_id": TeamID}
	}
	return o
}

// seenBy is a message that somebody sees, a whisper too.
func (w *World) seenBy(c *channel, by chat.UserID, ts string) *message {
	if c == nil {
		return nil
	}
	if m := c.at(ts); m != nil {
		return m
	}
	for _, x := range w.whispers {
		if x.to == string(by) && x.channel == c.id && x.message.ts == ts {
			return x.message
		}
	}
	return nil
}

// Call calls a shortcut on a message, by its callback.
func (w *World) Call(ctx context.Context, by chat.UserID, action chat.ActionID, on chat.Ref) (chattest.Answer, error) {
	w.mu.Lock()
	c, m, err := w.message(on)
	if err != nil {
		w.mu.Unlock()
		return chattest.Answer{}, err
	}
	id, t, address, a := w.pulled(string(by), c, m.thread)
	payload := w.interaction("message_action", by, id)
	payload["callback_id"], payload["message_ts"], payload["response_url"] = string(action), m.ts, address
	payload["channel"], payload["message"], payload["action_ts"] = object{"id": c.id, "name": c.name}, w.messageObject(c, m), stampOf(w.now())
	w.mu.Unlock()
	if _, err := w.mail.ask(ctx, "interactive", payload, false); err != nil {
		return chattest.Answer{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.answered(c, t, a), nil
}

// Start calls the shortcut that starts an incident from anywhere.
func (w *World) Start(ctx context.Context, by chat.UserID) (chattest.Answer, error) {
	w.mu.Lock()
	id, t, _, a := w.pulled(string(by), nil, "")
	payload := w.interaction("shortcut", by, id)
	payload["callback_id"], payload["action_ts"] = "start_incident", stampOf(w.now())
	w.mu.Unlock()
	if _, err := w.mail.ask(ctx, "interactive", payload, false); err != nil {
		return chattest.Answer{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.answered(nil, t, a), nil
}
