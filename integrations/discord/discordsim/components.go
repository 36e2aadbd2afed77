package discordsim

import (
	"slices"
	"unicode/utf8"

	"boswell/chat"
	"boswell/chat/chattest"
)

// The types of component that a message of the bot's may have.
const (
	partRow    = 1
	partButton = 2
	partSelect = 3
)

// parts are the rows of a message, and what is in each.
func parts(rows []any, each func(row object, in []object)) {
	for _, row := range rows {
		if r, ok := row.(map[string]any); ok {
			each(r, list(r, "components"))
		}
	}
}

// enumerate gives components the numbers that Discord gives to those that have none, and menus their bounds.
func enumerate(rows []any) {
	n := 0
	parts(rows, func(row object, in []object) {
		n++
		row["id"] = n
		for _, part := range in {
			n++
			part["id"] = n
			if whole(part, "type") == partSelect {
				part["min_values"], part["max_values"] = 1, 1
			}
		}
	})
}

// fitting says that Discord takes these rows: five, each with up to five buttons or with one menu.
func fitting(rows []any) bool {
	ok := len(rows) <= 5
	var ids []string
	parts(rows, func(row object, in []object) {
		ok = ok && whole(row, "type") == partRow && len(in) >= 1 && len(in) <= 5
		for _, part := range in {
			ids = append(ids, text(part, "custom_id"))
			switch whole(part, "type") {
			case partButton:
				ok = ok && within(part, "label", 1, 80)
			case partSelect:
				ok = ok && len(in) == 1 && within(part, "placeholder", 0, 150) && offered(list(part, "options"))
			default:
				ok = false
			}
		}
	})
	return ok && distinct(ids)
}

// offered says that a menu may have these options.
func offered(options []object) bool {
	var values []string
	for _, o := range options {
		if !within(o, "label", 1, 100) {
			return false
		}
		values = append(values, text(o, "value"))
	}
	return len(options) >= 1 && len(options) <= 25 && distinct(values)
}

func within(o object, name string, least, most int) bool {
	n := utf8.RuneCountInString(text(o, name))
	return n >= least && n <= most
}

// distinct says that each of some identifiers has 1 to 100 characters, and none is there twice.
func distinct(ids []string) bool {
	slices.Sort(ids)
	fits := func(id string) bool { return id != "" && utf8.RuneCountInString(id) <= 100 }
	return len(slices.Compact(slices.Clone(ids))) == len(ids) && !slices.ContainsFunc(ids, func(id string) bool { return !fits(id) })
}

// pressable shows what people can press. The action of a button is its identifier; that of the option of a menu is its value,
// and the identifier of the menu stands beside it.
func pressable(shown *chattest.Message, rows []any) {
	parts(rows, func(_ object, in []object) {
		for _, part := range in {
			if whole(part, "type") == partButton {
				shown.Buttons = append(shown.Buttons, chat.Button{Action: chat.ActionID(text(part, "custom_id")), Label: text(part, "label"),
					Primary: whole(part, "style") == 1, Danger: whole(part, "style") == 4})
				continue
			}
			menu := chat.Menu{Label: text(part, "placeholder")}
			for _, o := range list(part, "options") {
				menu.Options = append(menu.Options, chat.Button{Action: chat.ActionID(text(o, "value")), Value: text(part, "custom_id"), Label: text(o, "label")})
			}
			shown.Menus = append(shown.Menus, menu)
		}
	})
}

// press is what a client sends for what pressable showed.
func press(b chat.Button) object {
	if b.Value == "" {
		return object{"component_type": partButton, "custom_id": string(b.Action)}
	}
	return object{"component_type": partSelect, "custom_id": b.Value, "values": []string{string(b.Action)}}
}
