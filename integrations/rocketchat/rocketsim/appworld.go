package rocketsim

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"boswell/chat"
	"boswell/chat/chattest"
)

// AppWorld is a server with the bot's app in it, whose people use what the app offers.
type AppWorld struct{ *World }

// WithApp is the server with the app in it, which has to be installed.
func (w *World) WithApp() *AppWorld { return &AppWorld{w} }

// mangled finds what the server does not hand to the app as it was typed: ends of lines, blanks in a row, quotes.
var mangled = regexp.MustCompile(`[\n\t"]|  |(^| )'`)

// Type gives the bot its slash command. A line that the server would not hand on as it was typed is given as a message.
func (w *AppWorld) Type(ctx context.Context, by chat.UserID, to chat.Place, line string, on *chat.Ref) (chattest.Answer, error) {
	if on != nil && strings.Contains(line, "from:message") {
		line, on = strings.Replace(line, "from:message", "from:"+w.LinkTo(*on), 1), nil
	}
	if on != nil {
		to = w.thread(*on)
	}
	if mangled.MatchString(line) {
		return w.World.Type(ctx, by, to, line, nil)
	}
	return w.ask(ctx, by, to, object{"kind": "command", "line": line})
}

// ask tells the bot what somebody did, and shows them the answer.
func (w *AppWorld) ask(ctx context.Context, by chat.UserID, at chat.Place, request object) (chattest.Answer, error) {
	if err := w.listened(ctx); err != nil {
		return chattest.Answer{}, err
	}
	w.mu.Lock()
	u, r, err := w.inRoom(by, at.Channel)
	if err != nil {
		w.mu.Unlock()
		return chattest.Answer{}, err
	}
	before, whispers := w.counts(), len(w.whispers)
	w.about(request, u, r, string(at.Thread))
	w.mu.Unlock()
	said, err := w.tell(ctx, request)
	if err != nil {
		return chattest.Answer{}, err
	}
	if len(said.Errors) > 0 {
		return chattest.Answer{}, wrongFields(said.Errors)
	}
	if _, err := w.idle(ctx); err != nil {
		return chattest.Answer{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.shows(said, u, r, string(at.Thread), before, whispers), nil
}

// about says who did something where, with a trigger of their client's. It is called with the lock held.
func (w *AppWorld) about(request object, u *user, r *room, thread string) {
	trigger := w.newID()
	w.triggers[trigger] = &view{to: u, room: r.id, thread: thread}
	request["id"], request["triggerId"] = trigger, trigger
	request["user"] = object{"id": u.id, "username": u.username, "name": u.name}
	where := object{"id": r.id, "name": r.name, "type": r.kind}
	if r.kind == "d" {
		where["members"] = r.members
	}
	request["room"] = where
	if thread != "" {
		request["thread"] = thread
	}
}

// shows is what somebody sees of an answer: a form, what was shown to them alone, or what was said in the room. It is called
// with the lock held.
func (w *AppWorld) shows(said answer, u *user, r *room, thread string, before map[*room]int, whispers int) chattest.Answer {
	if other := w.rooms[said.Room]; other != nil {
		r, thread = other, said.Thread
	}
	if said.Error != "" {
		said.Ephemeral = append(said.Ephemeral, appMessage{Text: said.Error})
	}
	for _, m := range said.Ephemeral {
		w.whisper(u, r, thread, m)
	}
	if said.Modal != nil {
		v := &view{to: u, room: r.id, thread: thread, content: said.Modal}
		return formAnswer(v, w.open(v))
	}
	for _, x := range w.whispers[whispers:] {
		if x.to == u {
			return chattest.Answer{Message: w.look(x.message)}
		}
	}
	for id, v := range w.views {
		if v.to == u && said.Ephemeral == nil && !v.seen {
			return formAnswer(v, id)
		}
	}
	return w.answerTo(&message{in: r, by: u, id: thread}, before)
}

// formAnswer is a form as it is shown.
func formAnswer(v *view, id string) chattest.Answer {
	v.seen = true
	f := &chat.Form{Title: uiText(v.content["title"])}
	submit, _ := v.content["submit"].(object)
	f.Submit = uiText(submit["text"])
	for _, b := range inputs(v) {
		x := field(b)
		if typed, sent := v.typed[x.ID]; sent {
			x.Value = typed
		}
		f.Fields = append(f.Fields, x)
	}
	return chattest.Answer{Form: f, Handle: id}
}

func uiText(v any) string {
	o, _ := v.(object)
	text, _ := o["text"].(string)
	return text
}

// inputs are the blocks of a form in which something can be written.
func inputs(v *view) []object {
	var all []object
	blocks, _ := v.content["blocks"].([]any)
	for _, x := range blocks {
		if b, _ := x.(object); b["type"] == "input" {
			all = append(all, b)
		}
	}
	return all
}

func field(b object) chat.FormField {
	e, _ := b["element"].(object)
	id, _ := e["actionId"].(string)
	optional, _ := b["optional"].(bool)
	f := chat.FormField{ID: chat.FieldID(id), Label: uiText(b["label"]), Help: uiText(b["hint"]), Required: !optional, Kind: chat.FormLine}
	f.Value, _ = e["initialValue"].(string)
	if most, ok := e["maxLength"].(float64); ok {
		f.Max = int(most)
	}
	if long, _ := e["multiline"].(bool); long {
		f.Kind = chat.FormLong
	}
	options, _ := e["options"].([]any)
	for _, x := range options {
		o, _ := x.(object)
		value, _ := o["value"].(string)
		f.Kind, f.Choices = chat.FormChoice, append(f.Choices, chat.Choice{Value: value, Label: uiText(o["text"])})
	}
	return f
}

// Submit fills in a form. Where something is wrong with it, it stays open and says so.
func (w *AppWorld) Submit(ctx context.Context, by chat.UserID, shown chattest.Answer, values map[chat.FieldID]string) (chattest.Answer, error) {
	w.mu.Lock()
	v := w.views[shown.Handle]
	if v == nil || v.to.id != string(by) {
		w.mu.Unlock()
		return chattest.Answer{}, fmt.Errorf("%s has no such form", by)
	}
	state, err := filled(v, values)
	place := w.place(w.rooms[v.room], v.thread)
	w.mu.Unlock()
	if err != nil {
		return chattest.Answer{}, err
	}
	a, err := w.ask(ctx, by, place, object{"kind": "submit", "view": object{"id": shown.Handle, "state": state}})
	var wrong wrongFields
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case errors.As(err, &wrong):
		v.typed = values
		again := formAnswer(v, shown.Handle)
		again.Message.Shown = chat.Say(wrong.Error())
		return again, nil
	case err == nil:
		delete(w.views, shown.Handle)
	}
	return a, err
}

// wrongFields is what a form says to be wrong at its fields.
type wrongFields map[string]string

// Error is what stands at the fields, in their order.
func (f wrongFields) Error() string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		all = append(all, f[name])
	}
	return strings.Join(all, " ")
}

// filled is the state of a form with values in it. What must be filled in is, and nothing is too long.
func filled(v *view, values map[chat.FieldID]string) (object, error) {
	state := object{}
	for _, b := range inputs(v) {
		f := field(b)
		text := values[f.ID]
		offered := f.Kind != chat.FormChoice || text == "" || slices.ContainsFunc(f.Choices, func(c chat.Choice) bool { return c.Value == text })
		switch {
		case text == "" && f.Required:
			return nil, fmt.Errorf("the form wants %q", f.Label)
		case f.Max > 0 && utf8.RuneCountInString(text) > f.Max:
			return nil, fmt.Errorf("the field %q takes %d characters", f.Label, f.Max)
		case !offered:
			return nil, fmt.Errorf("the field %q offers no %q", f.Label, text)
		}
		state[string(f.ID)] = object{string(f.ID): text}
	}
	return state, nil
}

// Call calls an action from the menu of a message.
func (w *AppWorld) Call(ctx context.Context, by chat.UserID, action chat.ActionID, on chat.Ref) (chattest.Answer, error) {
	place := chat.Place{Platform: on.Platform, Channel: on.Channel}
	w.mu.Lock()
	if m := w.byMessage[string(on.Message)]; m != nil {
		place.Thread = chat.ThreadID(m.thread)
	}
	w.mu.Unlock()
	return w.ask(ctx, by, place, object{"kind": "action", "action": string(action), "message": string(on.Message)})
}

// Press presses a button of a message or of an answer.
func (w *AppWorld) Press(ctx context.Context, by chat.UserID, on chattest.Message, b chat.Button) (chattest.Answer, error) {
	if !slices.ContainsFunc(on.Buttons, func(x chat.Button) bool { return x.Action == b.Action && x.Value == b.Value }) {
		return chattest.Answer{}, errors.New("there is no such button")
	}
	request := object{"kind": "press", "action": string(b.Action), "value": b.Value}
	w.mu.Lock()
	if w.byMessage[string(on.Ref.Message)] != nil {
		request["message"] = string(on.Ref.Message)
	}
	w.mu.Unlock()
	return w.ask(ctx, by, on.Place, request)
}

// Complete types the beginning of a line and sees what could follow, without the line as it stands.
func (w *AppWorld) Complete(ctx context.Context, by chat.UserID, in chat.Place, line string) ([]chat.Choice, error) {
	w.mu.Lock()
	u, r, err := w.inRoom(by, in.Channel)
	if err != nil {
		w.mu.Unlock()
		return nil, err
	}
	request := object{"kind": "preview", "line": line}
	w.about(request, u, r, string(in.Thread))
	w.mu.Unlock()
	said, err := w.tell(ctx, request)
	if err != nil {
		return nil, err
	}
	var choices []chat.Choice
	for _, p := range said.Previews {
		if p.ID != strings.TrimSpace(line) {
			choices = append(choices, chat.Choice{Value: p.ID[strings.LastIndexByte(p.ID, ' ')+1:], Label: p.Label})
		}
	}
	return choices, nil
}

// Whispers are what one person alone has been shown in a room.
func (w *AppWorld) Whispers(_ context.Context, to chat.UserID, in chat.Place) ([]chattest.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []chattest.Message
	for _, x := range w.whispers {
		if x.to.id == string(to) && x.message.in.id == string(in.Channel) {
			all = append(all, w.look(x.message))
		}
	}
	return all, nil
}
