package slacksim

import (
	"slices"

	"boswell/chat"
)

// elementsOf are what people can press or choose from in blocks.
func elementsOf(v any, kind string) []object {
	var found []object
	list, _ := v.([]any)
	for _, x := range list {
		b, _ := x.(object)
		elements, _ := b["elements"].([]any)
		for _, y := range elements {
			if e, _ := y.(object); b["type"] == "actions" && e["type"] == kind {
				found = append(found, e)
			}
		}
	}
	return found
}

// buttonsOf are the buttons of blocks.
func buttonsOf(v any) []chat.Button {
	var buttons []chat.Button
	for _, e := range elementsOf(v, "button") {
		id, _ := e["action_id"].(string)
		value, _ := e["value"].(string)
		buttons = append(buttons, chat.Button{Action: chat.ActionID(id), Value: value, Label: textOf(e["text"]),
			Primary: e["style"] == "primary", Danger: e["style"] == "danger"})
	}
	return buttons
}

// menusOf are the menus of blocks. The action of an option is that of its menu.
func menusOf(v any) []chat.Menu {
	var menus []chat.Menu
	for _, e := range elementsOf(v, "static_select") {
		id, _ := e["action_id"].(string)
		menu := chat.Menu{Label: textOf(e["placeholder"])}
		options, _ := e["options"].([]any)
		for _, x := range options {
			o, _ := x.(object)
			value, _ := o["value"].(string)
			menu.Options = append(menu.Options, chat.Button{Action: chat.ActionID(id), Value: value, Label: textOf(o["text"])})
		}
		menus = append(menus, menu)
	}
	return menus
}

// pressing is what a client sends for a button of a message, or for an option of one of its menus; not ok is that there is none.
func pressing(blocks any, b chat.Button) (action object, ok bool) {
	same := func(x chat.Button) bool { return x.Action == b.Action && x.Value == b.Value }
	text := object{"type": "plain_text", "text": b.Label}
	if slices.ContainsFunc(buttonsOf(blocks), same) {
		return object{"type": "button", "action_id": string(b.Action), "block_id": "b", "value": b.Value, "text": text}, true
	}
	offers := func(m chat.Menu) bool { return slices.ContainsFunc(m.Options, same) }
	return object{"type": "static_select", "action_id": string(b.Action), "block_id": "b",
		"selected_option": object{"text": text, "value": b.Value}}, slices.ContainsFunc(menusOf(blocks), offers)
}
