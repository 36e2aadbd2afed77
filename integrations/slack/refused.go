package slack

import (
	"encoding/json"

	"github.com/slack-go/slack"

	"boswell/chat"
)

type (
	// A wireView is a modal that was submitted: how it was shown, and what stands in it.
	wireView struct {
		ID         string          `json:"id"`
		Hash       string          `json:"hash"`
		CallbackID string          `json:"callback_id"`
		Memory     string          `json:"private_metadata"`
		Title      json.RawMessage `json:"title"`
		Submit     json.RawMessage `json:"submit"`
		Close      json.RawMessage `json:"close"`
		Blocks     []wireInput     `json:"blocks"`
		State      struct {
			Values map[string]map[string]wireValue `json:"values"`
		} `json:"state"`
	}
	// wireInput is a block of a modal, with all that it has.
	wireInput map[string]any
)

// refusalID is the block at the top of a form that says why it was refused.
const refusalID = "boswell_refusal"

// refusedForm is the acknowledgement that keeps a submitted form open: with the refusal at the field that it is about, else at
// the top. Where the form is too long to be shown anew, it stands at the first field.
func refusedForm(v *wireView, r chat.Reply) any {
	text := cut(withRows(r.Message).String(), labelMost)
	if _, asked := v.State.Values[string(r.Field)]; asked {
		return slack.NewErrorsViewSubmissionResponse(map[string]string{string(r.Field): text})
	}
	answer := map[string]any{"response_action": "update", "view": v.withNote(text)}
	if data, err := json.Marshal(answer); err == nil && len(data) < ackMost {
		return answer
	}
	return slack.NewErrorsViewSubmissionResponse(map[string]string{v.firstField(): text})
}

func (v *wireView) firstField() string {
	for _, b := range v.Blocks {
		if b["type"] == "input" {
			return b.id()
		}
	}
	return ""
}

func (b wireInput) id() string {
	id, _ := b["block_id"].(string)
	return id
}

// withNote is the form as it was submitted, with a note at its top.
func (v *wireView) withNote(text string) map[string]any {
	blocks := []any{slack.NewSectionBlock(label("⚠️ "+text, labelMost), nil, nil, slack.SectionBlockOptionBlockID(refusalID))}
	for _, b := range v.Blocks {
		if b.id() != refusalID {
			blocks = append(blocks, b.filled(v.State.Values[b.id()][inputID]))
		}
	}
	view := map[string]any{"type": slack.VTModal, "callback_id": v.CallbackID, "private_metadata": v.Memory, "title": v.Title,
		"blocks": blocks}
	for name, part := range map[string]json.RawMessage{"submit": v.Submit, "close": v.Close} {
		if len(part) > 0 && string(part) != "null" {
			view[name] = part
		}
	}
	return view
}

// filled is an input in which what was typed or chosen stands at first.
func (b wireInput) filled(v wireValue) wireInput {
	element, ok := b["element"].(map[string]any)
	if b["type"] != "input" || !ok {
		return b
	}
	set := func(name string, value any, given bool) {
		delete(element, name)
		if given {
			element[name] = value
		}
	}
	switch element["type"] {
	case "plain_text_input":
		set("initial_value", v.Value, v.Value != "")
	case "users_select":
		set("initial_user", v.User, v.User != "")
	case "static_select":
		option := optionWith(element["options"], v.Selected.Value)
		set("initial_option", option, option != nil)
	}
	return b
}

// optionWith is the option of a menu that has a value; nil is none.
func optionWith(options any, value string) any {
	list, _ := options.([]any)
	for _, o := range list {
		if option, _ := o.(map[string]any); value != "" && option["value"] == value {
			return option
		}
	}
	return nil
}
