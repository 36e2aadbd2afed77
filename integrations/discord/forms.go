package discord

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

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

// formPrefix begins the identifier of a form, which has its action and state behind it.
const formPrefix = "f"

// stateMost is how many bytes of action and state that leaves.
const stateMost = customMost - len(formPrefix) - len(buttonSeparator)

// modalOf makes Discord's form of one.
func modalOf(f chat.Form) (modal, error) {
	if n := len(f.Action) + len(f.State); n > stateMost {
		return modal{}, chat.Final(fmt.Errorf("the form has a state of %d bytes", n), "That form has too much to remember. Type the command with all that it needs.")
	}
	m := modal{CustomID: formPrefix + string(f.Action) + buttonSeparator + f.State, Title: clip(f.Title, titleMost)}
	for _, field := range f.Fields[:min(len(f.Fields), fieldsMost)] {
		m.Components = append(m.Components, formLabel{Type: componentLabel, Label: clip(field.Label, titleMost),
			Description: clip(field.Help, helpMost), Component: control(field)})
	}
	return m, nil
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

// formOf is the action and state of a form.
func formOf(id string) (chat.ActionID, string, bool) {
	inner, ok := strings.CutPrefix(id, formPrefix)
	action, state, split := strings.Cut(inner, buttonSeparator)
	return chat.ActionID(action), state, ok && split
}

// A filledIn is one field of a form that was sent.
type filledIn struct {
	field chat.FieldID
	value string
}

// filled is what was filled in, in the order of the form, in either shape of one.
func (a *ask) filled() []filledIn {
	var all []filledIn
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
		all = append(all, filledIn{chat.FieldID(c.CustomID), value})
	}
	for _, c := range a.in.Data.Form {
		read(c)
	}
	return all
}

func (a *ask) values() map[chat.FieldID]string {
	values := map[chat.FieldID]string{}
	for _, f := range a.filled() {
		values[f.field] = f.value
	}
	return values
}

// givenMost is how many characters of what was filled in are given back in one message.
const givenMost = 1800

// given gives back what was filled in: a form that was sent is gone from the screen, whatever became of it.
func (a *ask) given() []chat.Message {
	var all []chat.Message
	t := chat.Say("This is what you had filled in:")
	for _, f := range a.filled() {
		for part := range slices.Chunk([]rune(f.value), givenMost) {
			piece := chat.Text{}.Bold(string(f.field)).Plain(": " + string(part))
			if utf8.RuneCountInString(t.String()+piece.String()) >= textMost {
				all, t = append(all, chat.Message{Text: t}), nil
			} else {
				t = t.Plain("\n")
			}
			t = append(t, piece...)
		}
	}
	return append(all, chat.Message{Text: t})
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
	m, err := modalOf(f)
	if err != nil {
		return err
	}
	return p.rest.do(ctx, request{method: "POST", path: "/interactions/" + id + "/" + token + "/callback",
		body: callback{Type: answerForm, Data: m}, open: true}, nil)
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
