package discordsim

import (
	"fmt"
	"regexp"
	"unicode/utf8"
)

var commandName = regexp.MustCompile(`^[-_'\p{Ll}\p{Lo}\p{N}]{1,32}$`)

// faulty says what Discord would not take of a command; nothing where it would.
func faulty(c object) string {
	name, kind := text(c, "name"), whole(c, "type")
	switch {
	case kind != 1 && (name == "" || utf8.RuneCountInString(name) > 32 || text(c, "description") != ""):
		return "a command of a menu has a name of 1 to 32 characters and no description"
	case kind != 1:
		return ""
	case !commandName.MatchString(name):
		return "name: " + name
	}
	letters := 0
	if why := faultyOption(c, 0, &letters); why != "" {
		return why
	}
	if letters > 8000 {
		return fmt.Sprintf("a command of %d characters", letters)
	}
	return ""
}

// faultyOption checks a command, or an option of one, and what is in it.
func faultyOption(o object, depth int, letters *int) string {
	name, help := text(o, "name"), text(o, "description")
	*letters += utf8.RuneCountInString(name + help)
	options, choices := list(o, "options"), list(o, "choices")
	if !commandName.MatchString(name) || help == "" || utf8.RuneCountInString(help) > 100 || len(options) > 25 || len(choices) > 25 || depth > 3 {
		return fmt.Sprintf("option %s: a name of 1 to 32 characters, a description of 1 to 100, 25 options, 25 choices", name)
	}
	for _, choice := range choices {
		*letters += utf8.RuneCountInString(text(choice, "name") + text(choice, "value"))
		if n := utf8.RuneCountInString(text(choice, "name")); n < 1 || n > 100 {
			return fmt.Sprintf("option %s: a choice of %d characters", name, n)
		}
	}
	if o["autocomplete"] == true && (len(choices) > 0 || whole(o, "type") != 3 && whole(o, "type") != 4) {
		return fmt.Sprintf("option %s: completion of something that has choices, or is no text or number", name)
	}
	optional, seen := false, map[string]bool{}
	for _, inner := range options {
		required := inner["required"] == true
		if required && optional || seen[text(inner, "name")] {
			return fmt.Sprintf("option %s: required options come first, and each name once", text(inner, "name"))
		}
		optional, seen[text(inner, "name")] = !required, true
		if why := faultyOption(inner, depth+1, letters); why != "" {
			return why
		}
	}
	return ""
}

func text(o object, key string) string {
	value, ok := o[key].(string)
	if !ok {
		return ""
	}
	return value
}

func whole(o object, key string) int {
	value, ok := o[key].(float64)
	if !ok {
		return 0
	}
	return int(value)
}

func list(o object, key string) []object {
	values, ok := o[key].([]any)
	if !ok {
		return nil
	}
	var all []object
	for _, v := range values {
		if inner, ok := v.(map[string]any); ok {
			all = append(all, inner)
		}
	}
	return all
}
