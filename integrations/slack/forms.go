package slack

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/slack-go/slack"

	"boswell/chat"
)

// Amounts of modals.
const (
	titleMost    = 24
	metadataMost = 3000
	inputMost    = 3000
	labelMost    = 2000
	optionMost   = 75
)

// formCallback marks the modals that are forms.
const formCallback = "boswell_form"

// inputID is the identifier of the input of every field; the field itself is the block around it.
const inputID = "value"

// formMemory comes back with a submitted form: Slack does not tell where it was opened.
type formMemory struct {
	Channel string        `json:"c"`
	Thread  string        `json:"t,omitempty"`
	Action  chat.ActionID `json:"a"`
	State   string        `json:"s,omitempty"`
}

// A trigger that the rest of the program holds is Slack's, with the place where it was pulled.
func trigger(id string, at chat.Place) chat.Trigger {
	if id == "" {
		return ""
	}
	return chat.Trigger(strings.Join([]string{id, string(at.Channel), string(at.Thread)}, " "))
}

func (p *Platform) pulled(t chat.Trigger) (id string, at chat.Place) {
	parts := append(strings.Split(string(t), " "), "", "")
	return parts[0], p.place(parts[1], parts[2])
}

// OpenForm shows a form as a modal. A trigger that opened one before is no error: that one is on the screen. A form that a
// modal cannot hold is a final Failure.
func (p *Platform) OpenForm(ctx context.Context, t chat.Trigger, f chat.Form) error {
	id, at := p.pulled(t)
	view, err := modal(at, f)
	if err != nil {
		return err
	}
	_, err = p.api.OpenViewContext(ctx, id, view)
	return p.sorted("open a form", ignore(err, "exchanged_trigger_id", "trigger_exchanged"))
}

// modal renders a form.
func modal(at chat.Place, f chat.Form) (slack.ModalViewRequest, error) {
	memory := formMemory{Channel: string(at.Channel), Thread: string(at.Thread), Action: f.Action, State: f.State}
	view := slack.ModalViewRequest{Type: slack.VTModal, CallbackID: formCallback, Title: label(f.Title, titleMost),
		Submit: label(first(f.Submit, "Done"), titleMost), Close: label("Cancel", titleMost)}
	for _, field := range f.Fields {
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, fieldBlock(field))
	}
	data, err := json.Marshal(memory)
	if err != nil {
		return view, chat.Final(err, "")
	}
	if len(data) > metadataMost {
		return view, chat.Final(errors.New("the state of the form is too long for a modal"), "")
	}
	view.PrivateMetadata = string(data)
	return view, nil
}

func label(text string, most int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, cut(text, most), false, false)
}

// fieldBlock renders a field.
func fieldBlock(f chat.FormField) *slack.InputBlock {
	var hint *slack.TextBlockObject
	if f.Help != "" {
		hint = label(f.Help, labelMost)
	}
	block := slack.NewInputBlock(string(f.ID), label(f.Label, labelMost), hint, fieldInput(f))
	block.Optional = !f.Required
	return block
}

func fieldInput(f chat.FormField) slack.BlockElement {
	switch {
	case f.Kind == chat.FormPerson:
		return slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, inputID)
	case f.Kind == chat.FormChoice && len(f.Choices) > 0:
		return choiceInput(f)
	}
	input := slack.NewPlainTextInputBlockElement(nil, inputID)
	input.Multiline = f.Kind == chat.FormLong
	input.MaxLength = inputMost
	if f.Max > 0 {
		input.MaxLength = min(f.Max, inputMost)
	}
	input.InitialValue = cut(f.Value, input.MaxLength)
	return input
}

func choiceInput(f chat.FormField) slack.BlockElement {
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, inputID)
	for _, c := range f.Choices[:min(len(f.Choices), choicesMost)] {
		if len(c.Value) > optionMost {
			continue // a value that is cut would be another one
		}
		option := slack.NewOptionBlockObject(c.Value, label(first(c.Label, c.Value), optionMost), nil)
		menu.Options = append(menu.Options, option)
		if c.Value == f.Value {
			menu.InitialOption = option
		}
	}
	return menu
}

// wireValue is what stands in one input of a submitted form.
type wireValue struct {
	Value    string `json:"value"`
	User     string `json:"selected_user"`
	Selected struct {
		Value string `json:"value"`
	} `json:"selected_option"`
}

// filledIn are the values of a submitted form. An account becomes its handle.
func (p *Platform) filledIn(ctx context.Context, state map[string]map[string]wireValue) (map[chat.FieldID]string, error) {
	values := map[chat.FieldID]string{}
	for block, inputs := range state {
		v := inputs[inputID]
		text := first(v.Value, v.Selected.Value)
		if v.User != "" {
			u, err := p.Person(ctx, chat.UserID(v.User))
			if err != nil {
				return nil, err
			}
			text = "@" + u.Handle
		}
		if text != "" {
			values[chat.FieldID(block)] = text
		}
	}
	return values, nil
}
