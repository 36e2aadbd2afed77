package slacksim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"boswell/chat"
	"boswell/chat/chattest"
)

// formAnswer is a modal as the person who has it before them sees it.
func (w *World) formAnswer(v *view) chattest.Answer {
	f := &chat.Form{Title: textOf(v.content["title"]), Submit: textOf(v.content["submit"])}
	f.State, _ = v.content["private_metadata"].(string)
	for _, b := range inputsOf(v.content) {
		field := formField(b)
		if typed, ok := v.typed[field.ID]; ok {
			field.Value = typed
		}
		f.Fields = append(f.Fields, field)
	}
	return chattest.Answer{Form: f, Handle: v.id, Problem: noteOf(v.content)}
}

// noteOf is what a modal says besides what it asks for.
func noteOf(content object) string {
	list, _ := content["blocks"].([]any)
	for _, x := range list {
		if b, _ := x.(object); b["type"] == "section" {
			return textOf(b["text"])
		}
	}
	return ""
}

func textOf(v any) string {
	o, _ := v.(object)
	text, _ := o["text"].(string)
	return text
}

func inputsOf(content object) []object {
	var inputs []object
	list, _ := content["blocks"].([]any)
	for _, x := range list {
		if b, _ := x.(object); b["type"] == "input" {
			inputs = append(inputs, b)
		}
	}
	return inputs
}

func formField(b object) chat.FormField {
	id, _ := b["block_id"].(string)
	optional, _ := b["optional"].(bool)
	e, _ := b["element"].(object)
	f := chat.FormField{ID: chat.FieldID(id), Label: textOf(b["label"]), Help: textOf(b["hint"]), Required: !optional, Kind: chat.FormLine}
	f.Value, _ = e["initial_value"].(string)
	if most, ok := e["max_length"].(float64); ok {
		f.Max = int(most)
	}
	switch e["type"] {
	case "users_select":
		f.Kind = chat.FormPerson
		f.Value, _ = e["initial_user"].(string)
	case "static_select":
		f.Kind = chat.FormChoice
		initial, _ := e["initial_option"].(object)
		f.Value, _ = initial["value"].(string)
		options, _ := e["options"].([]any)
		for _, x := range options {
			o, _ := x.(object)
			value, _ := o["value"].(string)
			f.Choices = append(f.Choices, chat.Choice{Value: value, Label: textOf(o["text"])})
		}
	case "plain_text_input":
		if long, _ := e["multiline"].(bool); long {
			f.Kind = chat.FormLong
		}
	}
	return f
}

// Submit fills in a form. What the app answers with another form is shown as one.
func (w *World) Submit(ctx context.Context, by chat.UserID, shown chattest.Answer, values map[chat.FieldID]string) (chattest.Answer, error) {
	w.mu.Lock()
	v := w.views[shown.Handle]
	if v == nil || v.user != string(by) {
		w.mu.Unlock()
		return chattest.Answer{}, fmt.Errorf("%s has no such form", by)
	}
	state, err := w.filled(v, values)
	if err != nil {
		w.mu.Unlock()
		return chattest.Answer{}, err
	}
	id, _, _, _ := w.pulled(string(by), nil, "")
	payload := w.interaction("view_submission", by, id)
	if v.typed == nil {
		v.typed = map[chat.FieldID]string{}
	}
	maps.Copy(v.typed, values)
	content := viewObject(v)
	content["state"] = object{"values": state}
	payload["view"], payload["response_urls"] = content, []object{}
	before, counts := len(w.whispers), w.counts()
	w.mu.Unlock()
	acked, err := w.mail.ask(ctx, "interactive", payload, true)
	if err != nil {
		return chattest.Answer{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.submitted(v, by, acked, before, counts)
}

// counts are how many messages each channel has.
func (w *World) counts() map[string]int {
	n := map[string]int{}
	for id, c := range w.channels {
		n[id] = len(c.messages)
	}
	return n
}

// filled is the state of a form with some values in it. A field that must be filled in is.
func (w *World) filled(v *view, values map[chat.FieldID]string) (object, error) {
	state := object{}
	for _, b := range inputsOf(v.content) {
		f := formField(b)
		e, _ := b["element"].(object)
		text, touched := values[f.ID]
		if !touched {
			text = w.standing(v, f)
		}
		if text == "" && f.Required {
			return nil, fmt.Errorf("the form wants %q", f.Label)
		}
		action, _ := e["action_id"].(string)
		value, err := w.input(e, f, text)
		if err != nil {
			return nil, err
		}
		state[string(f.ID)] = object{action: value}
	}
	return state, nil
}

// standing is what stands in a field that somebody leaves alone: what they typed there before, else what was there at first.
func (w *World) standing(v *view, f chat.FormField) string {
	if text, ok := v.typed[f.ID]; ok {
		return text
	}
	if u := w.users[f.Value]; f.Kind == chat.FormPerson && u != nil {
		return u.name
	}
	return f.Value
}

// input is what stands in one field.
func (w *World) input(e object, f chat.FormField, text string) (object, error) {
	kind, _ := e["type"].(string)
	o := object{"type": kind}
	switch kind {
	case "users_select":
		o["selected_user"] = nil
		if u := w.userNamed(strings.TrimPrefix(text, "@")); u != nil {
			o["selected_user"] = u.id
		}
	case "static_select":
		o["selected_option"] = nil
		for _, c := range f.Choices {
			if c.Value == text || c.Label == text {
				o["selected_option"] = object{"value": c.Value, "text": object{"type": "plain_text", "text": c.Label}}
			}
		}
		if text != "" && o["selected_option"] == nil {
			return nil, fmt.Errorf("the field %q offers no %q", f.Label, text)
		}
	default:
		if f.Max > 0 && len([]rune(text)) > f.Max {
			return nil, fmt.Errorf("the field %q takes %d characters", f.Label, f.Max)
		}
		o["value"] = nil
		if text != "" {
			o["value"] = text
		}
	}
	return o, nil
}

// submitted is what somebody sees after they have sent a form.
func (w *World) submitted(v *view, by chat.UserID, acked []byte, whispers int, counts map[string]int) (chattest.Answer, error) {
	var answer struct {
		Action string                  `json:"response_action"`
		View   any                     `json:"view"`
		Errors map[chat.FieldID]string `json:"errors"`
	}
	if len(acked) > 0 {
		if err := json.Unmarshal(acked, &answer); err != nil {
			return chattest.Answer{}, err
		}
	}
	switch answer.Action {
	case "errors":
		return w.refusedForm(v, answer.Errors)
	case "update", "push":
		content, err := checkView(answer.View, "modal")
		if err != nil {
			return chattest.Answer{}, err
		}
		v.content, v.hash, v.typed = content, w.number(), nil
		return w.formAnswer(v), nil
	}
	delete(w.views, v.id)
	for _, c := range w.order {
		if a := w.since(c, by, whispers, counts[c.id]); a.Text() != "" {
			return a, nil
		}
	}
	return chattest.Answer{}, nil
}

// refusedForm is a form that stays as it is, with what is wrong at one of its fields.
func (w *World) refusedForm(v *view, problems map[chat.FieldID]string) (chattest.Answer, error) {
	a := w.formAnswer(v)
	for id, text := range problems {
		asked := slices.ContainsFunc(a.Form.Fields, func(f chat.FormField) bool { return f.ID == id })
		if !asked || text == "" {
			return chattest.Answer{}, fmt.Errorf("the app finds %q wrong with the field %q, which the form does not have", text, id)
		}
		a.Problem, a.Field = text, id
	}
	if a.Problem == "" {
		return chattest.Answer{}, errors.New("the app refuses a form and says nothing of what is wrong")
	}
	return a, nil
}

// Home opens the home page of the app, and returns what the person sees there.
func (w *World) Home(ctx context.Context, who chat.UserID) (string, error) {
	w.mu.Lock()
	c := w.im(string(who))
	w.tell("app_home_opened", object{"type": "app_home_opened", "user": string(who), "channel": c.id, "tab": "home", "event_ts": w.stamp(c)})
	w.mu.Unlock()
	if _, err := w.mail.idle(ctx); err != nil {
		return "", err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.blocksText(w.homes[string(who)]["blocks"]).String(), nil
}
