package discord

import (
	"context"
	"strings"

	"boswell/chat"
)

// The amounts that forms take.
const (
	customMost = 100
	titleMost  = 45
	inputMost  = 4000
	helpMost   = 100
)

// The shape of a form.
type (
	modal struct {
		CustomID   string      `json:"custom_id"`
		Title      string      `json:"title"`
		Components []formLabel `json:"components"`
	}
	formLabel struct {
		Type        int    `json:"type"`
		Label       string `json:"label"`
		Description string `json:"description,omitempty"`
		Component   any    `json:"component"`
	}
	formInput struct {
		Type      int    `json:"type"`
		CustomID  string `json:"custom_id"`
		Style     int    `json:"style"`
		Required  bool   `json:"required"`
		Value     string `json:"value,omitempty"`
		MaxLength int    `json:"max_length"`
	}
	formSelect struct {
		Type     int          `json:"type"`
		CustomID string       `json:"custom_id"`
		Required bool         `json:"required"`
		Options  []formChoice `json:"options,omitempty"`
	}
	formChoice struct {
		Label   string `json:"label"`
		Value   string `json:"value"`
		Default bool   `json:"default,omitempty"`
	}
)

// The state of a form stands in its identifier where it fits, else under a number in memory.
const (
	formInline   = "f"
	formRecalled = "g"
)

// modal makes Discord's form of one.
func (p *Platform) modal(f chat.Form) modal {
	m := modal{CustomID: p.formID(f), Title: clip(f.Title, titleMost)}
	for _, field := range f.Fields[:min(len(f.Fields), fieldsMost)] {
		m.Components = append(m.Components, formLabel{Type: componentLabel, Label: clip(field.Label, titleMost),
			Description: clip(field.Help, helpMost), Component: control(field)})
	}
	return m
}

// control is the part of a form where one argument is filled in.
func control(field chat.FormField) any {
	switch {
	case field.Kind == chat.FormPerson:
		return formSelect{Type: componentUser, CustomID: string(field.ID), Required: field.Required}
	case field.Kind == chat.FormChoice && len(field.Choices) > 0 && len(field.Choices) <= choicesMost:
		s := formSelect{Type: componentSelect, CustomID: string(field.ID), Required: field.Required}
		for _, c := range field.Choices {
			s.Options = append(s.Options, formChoice{Label: clip(c.Label, customMost), Value: clip(c.Value, customMost), Default: c.Value == field.Value})
		}
		return s
	}
	in := formInput{Type: componentInput, CustomID: string(field.ID), Style: inputShort, Required: field.Required, MaxLength: inputMost}
	if field.Kind == chat.FormLong {
		in.Style = inputParagraph
	}
	if field.Max > 0 {
		in.MaxLength = min(field.Max, inputMost)
	}
	in.Value = clip(field.Value, in.MaxLength)
	return in
}

func (p *Platform) formID(f chat.Form) string {
	id := formInline + string(f.Action) + buttonSeparator + f.State
	if len(id) <= customMost {
		return id
	}
	number := strings.ToLower(nonceOf(string(f.Action) + buttonSeparator + f.State))
	p.states.put(number, string(f.Action)+buttonSeparator+f.State)
	return formRecalled + number
}

// formOf is the action and state of a form. It is not known where the program started again since it was opened.
func (p *Platform) formOf(id string) (chat.ActionID, string, bool) {
	inner, ok := strings.CutPrefix(id, formInline)
	if number, recalled := strings.CutPrefix(id, formRecalled); recalled {
		inner, ok = p.states.get(number)
	}
	action, state, split := strings.Cut(inner, buttonSeparator)
	return chat.ActionID(action), state, ok && split
}

// values are what was filled in, of a form in either shape.
func (a *ask) values() map[chat.FieldID]string {
	values := map[chat.FieldID]string{}
	var read func(c component)
	read = func(c component) {
		if c.Component != nil {
			read(*c.Component)
		}
		for _, inner := range c.Components {
			read(inner)
		}
		if c.CustomID == "" {
			return
		}
		value := c.Value
		if len(c.Values) > 0 {
			value = c.Values[0]
		}
		if c.Type == componentUser {
			value = a.handleOf(value)
		}
		values[chat.FieldID(c.CustomID)] = value
	}
	for _, c := range a.in.Data.Form {
		read(c)
	}
	return values
}

// handleOf is the handle of a person who was picked.
func (a *ask) handleOf(id string) string {
	if id == "" {
		return ""
	}
	if u, ok := a.in.Data.Resolved.Users[id]; ok {
		return "@" + u.Username
	}
	return "@" + a.r.p.personOf(a.r.ctx, a.in.GuildID, id, nil).Handle
}

// OpenForm shows a form in answer to a question.
func (p *Platform) OpenForm(ctx context.Context, trigger chat.Trigger, f chat.Form) error {
	id, token, ok := strings.Cut(string(trigger), " ")
	if !ok {
		return noSuchPlace()
	}
	return p.rest.do(ctx, request{method: "POST", path: "/interactions/" + id + "/" + token + "/callback",
		body: callback{Type: answerForm, Data: p.modal(f)}, open: true}, nil)
}

// option is an argument of a command, as Discord sends it, or a command below it.
type option struct {
	Type    int      `json:"type"`
	Name    string   `json:"name"`
	Value   anyText  `json:"value"`
	Focused bool     `json:"focused"`
	Options []option `json:"options"`
}

// anyText is a text, a number, or yes and no, as text. While something is typed, even a number is text.
type anyText string
