package rocketchat

import (
	"strconv"
	"strings"

	"boswell/chat"
)

// AppID is the identifier of the app, as its package has it. Rocket.Chat knows the app, its buttons and its address by it.
const AppID = "5ae1b6c0-6d5c-4c4e-9d4f-6f8a1c1f0b27"

// The parts of UIKit that are used here, as Rocket.Chat reads them.
type (
	uiText struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	uiOption struct {
		Text  uiText `json:"text"`
		Value string `json:"value"`
	}
	uiElement struct {
		Type        string     `json:"type"`
		AppID       string     `json:"appId"`
		BlockID     string     `json:"blockId"`
		ActionID    string     `json:"actionId"`
		Text        *uiText    `json:"text,omitempty"`
		Value       string     `json:"value,omitempty"`
		Style       string     `json:"style,omitempty"`
		Placeholder *uiText    `json:"placeholder,omitempty"`
		Initial     string     `json:"initialValue,omitempty"`
		Multiline   bool       `json:"multiline,omitempty"`
		MaxLength   int        `json:"maxLength,omitempty"`
		Options     []uiOption `json:"options,omitempty"`
	}
	uiBlock struct {
		Type     string      `json:"type"`
		AppID    string      `json:"appId"`
		BlockID  string      `json:"blockId"`
		Text     *uiText     `json:"text,omitempty"`
		Elements []uiElement `json:"elements,omitempty"`
		Label    *uiText     `json:"label,omitempty"`
		Hint     *uiText     `json:"hint,omitempty"`
		Element  *uiElement  `json:"element,omitempty"`
		Optional bool        `json:"optional,omitempty"`
	}
	uiView struct {
		ID     string     `json:"id"`
		Title  uiText     `json:"title"`
		Submit *uiElement `json:"submit"`
		Close  *uiElement `json:"close"`
		Blocks []uiBlock  `json:"blocks"`
	}
)

func plainText(text string) *uiText { return &uiText{Type: "plain_text", Text: text} }

// appBlocks are the text of a message and its buttons; nil where it has none. Clients show the blocks of a message in place
// of its text, so the text stands in them too.
func appBlocks(m chat.Message) []uiBlock {
	if len(m.Buttons) == 0 {
		return nil
	}
	row := uiBlock{Type: "actions", AppID: AppID, BlockID: "buttons"}
	used := map[chat.ActionID]int{}
	for _, b := range m.Buttons {
		used[b.Action]++
		row.Elements = append(row.Elements, uiButton(b, used[b.Action]))
	}
	text := uiText{Type: "mrkdwn", Text: markdown(m)}
	return []uiBlock{{Type: "section", AppID: AppID, BlockID: "text", Text: &text}, row}
}

// uiButton renders the n-th button of a message for one action: each has an identifier of its own.
func uiButton(b chat.Button, n int) uiElement {
	id := string(b.Action)
	if n > 1 {
		id += "#" + strconv.Itoa(n)
	}
	e := uiElement{Type: "button", AppID: AppID, BlockID: "buttons", ActionID: id, Text: plainText(b.Label), Value: b.Value}
	switch {
	case b.Danger:
		e.Style = "danger"
	case b.Primary:
		e.Style = "primary"
	}
	return e
}

// buttonAction is the action of a button by its identifier.
func buttonAction(id string) chat.ActionID {
	action, _, _ := strings.Cut(id, "#")
	return chat.ActionID(action)
}

// inWords is a message with lines to type in place of its buttons.
func inWords(m chat.Message) chat.Message {
	t := append(chat.Text{}, m.Text...)
	for _, b := range m.Buttons {
		if b.Typed != "" {
			t = t.Plain("\n" + b.Label + ": ").Code(b.Typed)
		}
	}
	m.Text, m.Buttons = t, nil
	return m
}
