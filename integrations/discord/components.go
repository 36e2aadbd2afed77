package discord

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"boswell/chat"
)

// The types and styles of components.
const (
	componentRow    = 1
	componentButton = 2
	componentSelect = 3
	componentInput  = 4
	componentUser   = 5
	componentLabel  = 18
	stylePrimary    = 1
	styleSecondary  = 2
	styleDanger     = 4
	inputShort      = 1
	inputParagraph  = 2
	buttonsInRow    = 5
	labelMost       = 80
	placeholderMost = 150
)

// The shape of what can be pressed.
type (
	outRow struct {
		Type       int   `json:"type"`
		Components []any `json:"components"` // outButton, or one outSelect
	}
	outButton struct {
		Type     int    `json:"type"`
		Style    int    `json:"style"`
		Label    string `json:"label"`
		CustomID string `json:"custom_id"`
	}
	outSelect struct {
		Type        int          `json:"type"`
		CustomID    string       `json:"custom_id"`
		Placeholder string       `json:"placeholder,omitempty"`
		Options     []formChoice `json:"options"`
	}
)

// rows are the buttons and menus of a message. Discord takes five rows: a menu has one to itself, and two remain for buttons.
func rows(m chat.Message) ([]outRow, error) {
	if len(m.Buttons) > buttonsMost || len(m.Menus) > menusMost {
		return nil, chat.Final(fmt.Errorf("the message has %d buttons and %d menus", len(m.Buttons), len(m.Menus)),
			fmt.Sprintf("A message on Discord takes %d buttons and %d menus from me. Leave some out.", buttonsMost, menusMost))
	}
	all := []outRow{}
	for buttons := range slices.Chunk(m.Buttons, buttonsInRow) {
		row := outRow{Type: componentRow}
		for _, b := range buttons {
			row.Components = append(row.Components, outButton{Type: componentButton, Style: styleOf(b), Label: clip(b.Label, labelMost), CustomID: buttonID(b)})
		}
		all = append(all, row)
	}
	for i, menu := range m.Menus {
		if n := len(menu.Options); n == 0 || n > chat.MenuOptions {
			return nil, chat.Final(fmt.Errorf("the menu %q has %d options", menu.Label, n), "A menu on Discord has 1 to 25 options. Offer others.")
		}
		all = append(all, outRow{Type: componentRow, Components: []any{selectOf(i, menu)}})
	}
	return all, nil
}

func selectOf(i int, menu chat.Menu) outSelect {
	s := outSelect{Type: componentSelect, CustomID: menuPrefix + strconv.Itoa(i), Placeholder: clip(menu.Label, placeholderMost)}
	for _, o := range menu.Options {
		s.Options = append(s.Options, formChoice{Label: clip(o.Label, customMost), Value: buttonID(o)})
	}
	return s
}

func styleOf(b chat.Button) int {
	switch {
	case b.Danger:
		return styleDanger
	case b.Primary:
		return stylePrimary
	default:
		return styleSecondary
	}
}

// menuPrefix begins the identifier of a menu, buttonSeparator stands between the action and the value of a button; neither of
// these holds it.
const (
	menuPrefix      = "m"
	buttonPrefix    = "b"
	buttonSeparator = "\x1f"
)

func buttonID(b chat.Button) string {
	return buttonPrefix + string(b.Action) + buttonSeparator + b.Value
}

func buttonOf(id string) (chat.ActionID, string, bool) {
	rest, ok := strings.CutPrefix(id, buttonPrefix)
	action, value, split := strings.Cut(rest, buttonSeparator)
	return chat.ActionID(action), value, ok && split
}

// pressed is the identifier of the button that was pressed, or of the option of a menu that was picked.
func (in interaction) pressed() string {
	if strings.HasPrefix(in.Data.CustomID, menuPrefix) && len(in.Data.Values) == 1 {
		return in.Data.Values[0]
	}
	return in.Data.CustomID
}
