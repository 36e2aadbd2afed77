package discordsim

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"boswell/chat"
	"boswell/chat/chattest"
)

// The types of interaction.
const (
	askCommand  = 2
	askPress    = 3
	askComplete = 4
	askFill     = 5
)

// ask lets a person ask the bot something through their client. It is called with the lock held.
func (s *Sim) ask(kind int, by *user, in *channel, data object, on *message) *interaction {
	i := &interaction{id: s.newID(), kind: kind, in: in, by: by, at: s.clock.Now()}
	i.token = "token" + i.id
	s.interactions[i.token] = i
	o := object{"id": i.id, "application_id": AppID, "type": kind, "token": i.token, "version": 1, "data": data, "channel_id": in.id,
		"channel": in.object(s), "locale": "en-US", "entitlements": []any{}, "authorizing_integration_owners": object{}, "attachment_size_limit": 10485760,
		"app_permissions": strconv.FormatUint(s.permitted(s.users[BotID], in)&(1<<52-1), 10)}
	if in.guild == "" {
		o["user"] = by.object()
		o["context"] = 1
	} else {
		o["guild_id"], o["guild_locale"], o["context"] = in.guild, "en-US", 0
		m := by.fullMember()
		m["permissions"] = "0"
		o["member"] = m
	}
	if on != nil {
		o["message"] = on.object(s, true)
	}
	s.dispatch("", "INTERACTION_CREATE", o)
	return i
}

// answer is what the person was shown.
func (w *World) answer(ctx context.Context, i *interaction) (chattest.Answer, error) {
	if _, err := w.Idle(ctx); err != nil {
		return chattest.Answer{}, err
	}
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	a := chattest.Answer{Handle: i.token}
	if i.form != nil {
		a.Form = formOf(i.form)
	}
	w.gather(&a, i.said)
	for _, m := range i.said {
		a.Public = a.Public || m.to == ""
	}
	return a, nil
}

// gather makes one answer of messages, the texts one under the other.
func (w *World) gather(a *chattest.Answer, said []*message) {
	for n, m := range said {
		shown := w.shown(m)
		if n == 0 {
			a.Message = shown
			continue
		}
		a.Message.Shown = append(a.Message.Shown.Plain("\n"), shown.Shown...)
		a.Message.Buttons, a.Message.Menus = append(a.Message.Buttons, shown.Buttons...), append(a.Message.Menus, shown.Menus...)
	}
}

func formOf(form object) *chat.Form {
	f := &chat.Form{Title: text(form, "title")}
	for _, label := range list(form, "components") {
		part, ok := label["component"].(map[string]any)
		if !ok {
			continue
		}
		field := chat.FormField{ID: chat.FieldID(text(part, "custom_id")), Label: text(label, "label"), Help: text(label, "description"),
			Kind: chat.FormLine, Required: part["required"] == true, Max: whole(part, "max_length"), Value: text(part, "value")}
		switch {
		case whole(part, "type") == 5:
			field.Kind = chat.FormPerson
		case whole(part, "type") == 3:
			field.Kind = chat.FormChoice
			for _, o := range list(part, "options") {
				field.Choices = append(field.Choices, chat.Choice{Value: text(o, "value"), Label: text(o, "label")})
			}
		case whole(part, "style") == 2:
			field.Kind = chat.FormLong
		}
		f.Fields = append(f.Fields, field)
	}
	return f
}

// Type gives the bot a command. It is picked from the menu, with its options, where the client of a person could do that; what
// no client could send so, such as a choice that is not offered, is written to the bot as a message that mentions it. On a
// message, it is called by its address where the command takes one, else as an answer to the message.
func (w *World) Type(ctx context.Context, by chat.UserID, to chat.Place, line string, on *chat.Ref) (chattest.Answer, error) {
	w.sim.mu.Lock()
	u, c, err := w.who(by, to)
	if err != nil {
		w.sim.mu.Unlock()
		return chattest.Answer{}, err
	}
	if data, ok := w.picked(line, on); ok {
		i := w.sim.ask(askCommand, u, c, data, nil)
		w.sim.mu.Unlock()
		return w.answer(ctx, i)
	}
	m := w.sim.line(u, c, "<@"+BotID+"> "+w.sim.typed(line))
	if on != nil {
		m.answers, m.kind = w.message(*on), 19
	}
	w.sim.add(m)
	w.sim.mu.Unlock()
	return w.replied(ctx, m)
}

// replied is what the bot said to a line: below it, or in a direct message.
func (w *World) replied(ctx context.Context, asked *message) (chattest.Answer, error) {
	if _, err := w.Idle(ctx); err != nil {
		return chattest.Answer{}, err
	}
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	var said []*message
	public := false
	for _, m := range asked.in.messages {
		if m.by.id == BotID && m.answers == asked {
			said, public = append(said, m), true
		}
	}
	if direct := w.sim.channels[asked.by.direct]; direct != nil {
		for _, m := range direct.messages {
			if m.by.id == BotID && number(m.id) > number(asked.id) {
				said = append(said, m)
			}
		}
	}
	a := chattest.Answer{Public: public}
	w.gather(&a, said)
	return a, nil
}

// Press presses a button, or picks the option of a menu.
func (w *World) Press(ctx context.Context, by chat.UserID, on chattest.Message, b chat.Button) (chattest.Answer, error) {
	w.sim.mu.Lock()
	u, c, err := w.who(by, on.Place)
	m := w.message(on.Ref)
	if err == nil && m == nil {
		err = fmt.Errorf("there is no message %v to press a button of", on.Ref)
	}
	if err != nil {
		w.sim.mu.Unlock()
		return chattest.Answer{}, err
	}
	i := w.sim.ask(askPress, u, c, press(b), m)
	w.sim.mu.Unlock()
	return w.answer(ctx, i)
}

// Call calls an action from the menu of a message, by its name in lower case with underscores, or by a word of it.
func (w *World) Call(ctx context.Context, by chat.UserID, action chat.ActionID, on chat.Ref) (chattest.Answer, error) {
	w.sim.mu.Lock()
	m := w.message(on)
	if m == nil {
		w.sim.mu.Unlock()
		return chattest.Answer{}, fmt.Errorf("there is no message %v", on)
	}
	command, ok := w.sim.menuCommand(string(action))
	if !ok {
		w.sim.mu.Unlock()
		return chattest.Answer{}, fmt.Errorf("no menu has %q", action)
	}
	data := object{"id": text(command, "id"), "name": text(command, "name"), "type": 3, "target_id": m.id,
		"resolved": object{"messages": object{m.id: m.object(w.sim, true)}}}
	i := w.sim.ask(askCommand, w.sim.users[string(by)], m.in, data, nil)
	w.sim.mu.Unlock()
	return w.answer(ctx, i)
}

func (s *Sim) menuCommand(action string) (object, bool) {
	for _, c := range s.allCommands() {
		name := strings.ReplaceAll(strings.ToLower(text(c, "name")), " ", "_")
		if whole(c, "type") == 3 && (name == action || slices.Contains(strings.Split(name, "_"), action)) {
			return c, true
		}
	}
	return nil, false
}

func (s *Sim) allCommands() []object {
	return append(slices.Clone(s.commands[""]), s.commands[Server]...)
}

// Submit fills in the form that an answer showed.
func (w *World) Submit(ctx context.Context, by chat.UserID, shown chattest.Answer, values map[chat.FieldID]string) (chattest.Answer, error) {
	w.sim.mu.Lock()
	asked := w.sim.interactions[shown.Handle]
	if asked == nil || asked.form == nil {
		w.sim.mu.Unlock()
		return chattest.Answer{}, fmt.Errorf("the answer showed no form")
	}
	data, err := w.sim.filled(asked.form, values)
	if err != nil {
		w.sim.mu.Unlock()
		return chattest.Answer{}, err
	}
	i := w.sim.ask(askFill, w.sim.users[string(by)], asked.in, data, nil)
	w.sim.mu.Unlock()
	return w.answer(ctx, i)
}

func (s *Sim) filled(form object, values map[chat.FieldID]string) (object, error) {
	parts, people := []object{}, object{}
	for _, label := range list(form, "components") {
		field, ok := label["component"].(map[string]any)
		if !ok {
			continue
		}
		id := text(field, "custom_id")
		value, given := values[chat.FieldID(id)]
		if !given {
			value = text(field, "value")
		}
		if field["required"] == true && value == "" {
			return nil, fmt.Errorf("the field %s is required", id)
		}
		part := object{"type": whole(field, "type"), "custom_id": id}
		switch {
		case part["type"] == 4:
			part["value"] = value
		case part["type"] == 5 && s.named(value) != nil:
			u := s.named(value)
			part["values"], people[u.id] = []string{u.id}, u.object()
		case value == "":
			part["values"] = []string{}
		default:
			part["values"] = []string{value}
		}
		parts = append(parts, object{"type": 18, "id": len(parts) + 1, "component": part})
	}
	return object{"custom_id": text(form, "custom_id"), "components": parts, "resolved": object{"users": people}}, nil
}

// Complete types the beginning of a command and says what could follow.
func (w *World) Complete(ctx context.Context, by chat.UserID, in chat.Place, line string) ([]chat.Choice, error) {
	w.sim.mu.Lock()
	u, c, err := w.who(by, in)
	if err != nil {
		w.sim.mu.Unlock()
		return nil, err
	}
	data, ok := w.sim.typing(line)
	if !ok {
		w.sim.mu.Unlock()
		return nil, fmt.Errorf("nothing completes %q", line)
	}
	i := w.sim.ask(askComplete, u, c, data, nil)
	w.sim.mu.Unlock()
	if _, err := w.Idle(ctx); err != nil {
		return nil, err
	}
	w.sim.mu.Lock()
	defer w.sim.mu.Unlock()
	var choices []chat.Choice
	for _, o := range i.choices {
		choices = append(choices, chat.Choice{Value: fmt.Sprint(o["value"]), Label: text(o, "name")})
	}
	return choices, nil
}
