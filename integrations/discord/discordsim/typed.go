package discordsim

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"boswell/chat"
)

// clickable is what a client makes something of while a person types; what stands in angle brackets is sent as it is.
var clickable = regexp.MustCompile(`<[^<>\s]*>|@[\p{L}\p{N}._]+|#[\p{L}\p{N}_-]+|:[a-z0-9_]+:`)

// typed is what a client sends for what somebody types: people, channels and emoji become numbers.
func (s *Sim) typed(line string) string {
	return clickable.ReplaceAllStringFunc(line, func(word string) string {
		switch name := strings.Trim(word, "@#:"); word[0] {
		case '@':
			if u := s.named(name); u != nil {
				return "<@" + u.id + ">"
			}
		case '#':
			if c := s.channelNamed(name); c != nil {
				return "<#" + c.id + ">"
			}
		default:
			for _, e := range s.emojis {
				if e["name"] == name {
					return "<:" + name + ":" + e["id"].(string) + ">"
				}
			}
		}
		return word
	})
}

func (s *Sim) named(handle string) *user {
	handle = strings.TrimPrefix(handle, "@")
	for _, u := range s.users {
		if u.handle == handle {
			return u
		}
	}
	return nil
}

func (s *Sim) sortedUsers() []*user {
	var all []*user
	for _, u := range s.users {
		all = append(all, u)
	}
	slices.SortFunc(all, func(a, b *user) int { return strings.Compare(a.handle, b.handle) })
	return all
}

func (s *Sim) channelNamed(name string) *channel {
	for _, c := range s.order {
		if c.name == name && c.guild != "" && !c.gone {
			return c
		}
	}
	return nil
}

// commandAt is the registered command that a line begins with, the words that lead to it, and what follows them.
func (s *Sim) commandAt(line string) (path []string, leaf object, rest string, ok bool) {
	all := s.allCommands()
	i := slices.IndexFunc(all, func(c object) bool { return whole(c, "type") == 1 })
	if i < 0 {
		return nil, nil, "", false
	}
	leaf, rest = all[i], line
	for {
		word, behind, _ := strings.Cut(rest, " ")
		options := list(leaf, "options")
		at := slices.IndexFunc(options, func(o object) bool { return text(o, "name") == word && whole(o, "type") <= 2 })
		if at < 0 {
			break
		}
		path, leaf, rest = append(path, word), options[at], behind
	}
	return path, leaf, rest, len(path) > 0 && whole(leaf, "type") == 1
}

// picked is a line as a person would pick it from the menu.
func (w *World) picked(line string, on *chat.Ref) (object, bool) {
	path, args, ok := line, map[chat.FieldID]string(nil), true
	if w.o.Pick != nil {
		path, args, ok = w.o.Pick(line)
	}
	if !ok {
		return nil, false
	}
	words, leaf, rest, ok := w.sim.commandAt(path)
	if !ok || on != nil && !has(leaf, "from") {
		return nil, false
	}
	if args == nil {
		args = positional(leaf, rest)
	}
	if on != nil {
		args["from"] = "https://discord.com/channels/" + string(on.Channel) + "/" + string(on.Message)
	}
	options, ok := w.sim.options(leaf, args)
	return nested(words, options), ok
}

func has(leaf object, name string) bool {
	return slices.ContainsFunc(list(leaf, "options"), func(o object) bool { return text(o, "name") == name })
}

// positional reads what stands behind a command: name:value first, then a word for each option and the rest for the last.
func positional(leaf object, rest string) map[chat.FieldID]string {
	args := map[chat.FieldID]string{}
	options := list(leaf, "options")
	for n, o := range options {
		value := rest
		if n < len(options)-1 {
			value, rest, _ = strings.Cut(rest, " ")
		}
		if value != "" {
			args[chat.FieldID(text(o, "name"))] = value
		}
	}
	return args
}

// options are arguments as a client sends them; not, where a client would not let a person enter them.
func (s *Sim) options(leaf object, args map[chat.FieldID]string) ([]object, bool) {
	options := []object{}
	for _, o := range list(leaf, "options") {
		name := text(o, "name")
		value, given := args[chat.FieldID(name)]
		if !given {
			if o["required"] == true {
				return nil, false
			}
			continue
		}
		sent, ok := s.value(o, value)
		if !ok {
			return nil, false
		}
		options = append(options, object{"type": whole(o, "type"), "name": name, "value": sent})
	}
	return options, len(options) >= len(args)
}

func (s *Sim) value(o object, value string) (any, bool) {
	switch whole(o, "type") {
	case 4:
		n, err := strconv.Atoi(value)
		return n, err == nil
	case 5:
		return value == "yes", true
	case 6:
		u := s.named(value)
		if u == nil {
			return nil, false
		}
		return u.id, true
	}
	choices := list(o, "choices")
	offered := len(choices) == 0 || slices.ContainsFunc(choices, func(c object) bool { return text(c, "value") == value })
	return s.typed(value), offered && !strings.Contains(value, "\n") && utf8.RuneCountInString(value) <= 6000
}

// nested puts options below the words that lead to their command.
func nested(words []string, options []object) object {
	for n, word := range slices.Backward(words) {
		kind := 1
		if n < len(words)-1 {
			kind = 2
		}
		options = []object{{"type": kind, "name": word, "options": options}}
	}
	return object{"id": "900000000000000000", "name": "incident", "type": 1, "options": options}
}

// typing is a line whose last word is being typed.
func (s *Sim) typing(line string) (object, bool) {
	words, leaf, rest, ok := s.commandAt(line)
	if !ok {
		return nil, false
	}
	typed := strings.Split(rest, " ")
	options := []object{}
	for n, o := range list(leaf, "options") {
		if n >= len(typed) {
			break
		}
		value := object{"type": whole(o, "type"), "name": text(o, "name"), "value": typed[n]}
		if n == len(typed)-1 {
			value["focused"] = true
			ok = o["autocomplete"] == true
		}
		options = append(options, value)
	}
	return nested(words, options), ok && len(options) == len(typed)
}
