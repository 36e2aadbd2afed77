// Package typing understands the line of a command while it is being typed: what its last word belongs to, and what could
// stand in its place.
//
// Its invariant: it never says what is wrong, since nobody is done yet. What it does not understand has nothing that follows.
package typing

import (
	"slices"
	"strings"

	"boswell/chat"
)

// A Line is one that is being typed: the command that it names, and the argument that its last word belongs to.
type Line struct {
	// Before is the line before its last word.
	Before string
	// Path is the words of the command in the tree, as chat.Suggest wants them; empty while none is named.
	Path string
	// Names are words that could stand in the place of the last one: of commands and of options.
	Names []chat.Choice
	// Field is the argument whose value the last word is; without Name there is none.
	Field chat.Arg
	// Typed is what there is of that value, and Prefix what stands before it in the word.
	Typed, Prefix string
	// Args are the values that stand before the last word.
	Args map[chat.FieldID]string
}

// Read reads what was typed after the word that makes a command of a line.
func Read(commands []chat.Command, line string) Line {
	ended, last := Words(line)
	l := Line{Before: strings.TrimSpace(strings.TrimSuffix(line, last)), Typed: last, Args: map[chat.FieldID]string{}}
	if len(ended) == 0 {
		l.Names = commandsBegun(commands, "", last)
		return l
	}
	c, path, ok := Named(commands, ended[0])
	ended = ended[1:]
	if ok && len(c.Sub) > 0 {
		if len(ended) == 0 {
			l.Names = commandsBegun(c.Sub, path, last)
			return l
		}
		group := path
		c, path, ok = Named(c.Sub, ended[0])
		path, ended = group+" "+path, ended[1:]
	}
	if ok {
		l.Path = path
		l.arguments(c.Args, ended)
	}
	return l
}

// Words splits a line at its blanks, but for those within double quotes. last is the word that is not ended yet.
func Words(line string) (ended []string, last string) {
	quoted, from := false, 0
	for i, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ' ' && !quoted:
			if i > from {
				ended = append(ended, line[from:i])
			}
			from = i + 1
		}
	}
	return ended, line[from:]
}

// Named is the command with a name, in any case: at the top, else the only one with it in any group. path is its words in the
// tree.
func Named(commands []chat.Command, name string) (found chat.Command, path string, ok bool) {
	name = strings.ToLower(name)
	if i := slices.IndexFunc(commands, func(c chat.Command) bool { return c.Name == name }); i >= 0 {
		return commands[i], name, true
	}
	n := 0
	for _, group := range commands {
		for _, c := range group.Sub {
			if c.Name == name {
				found, path, n = c, group.Name+" "+c.Name, n+1
			}
		}
	}
	return found, path, n == 1
}

// commandsBegun are the commands whose name begins with what is typed.
func commandsBegun(commands []chat.Command, group, typed string) []chat.Choice {
	var names []chat.Choice
	for _, c := range commands {
		if strings.HasPrefix(c.Name, strings.ToLower(typed)) {
			label := strings.TrimSpace(group+" "+c.Name) + " – " + c.Help
			names = append(names, chat.Choice{Value: c.Name, Label: label})
		}
	}
	return names
}

// arguments reads the words behind the command's name; what is typed comes after them.
func (l *Line) arguments(args []chat.Arg, ended []string) {
	places := slices.DeleteFunc(slices.Clone(args), func(a chat.Arg) bool { return a.Option })
	for _, word := range ended {
		if a, value, ok := optionOf(args, word); ok {
			l.Args[a.Name] = strings.Trim(value, `"`)
		} else if len(places) > 0 {
			a := places[0]
			l.Args[a.Name] = strings.TrimSpace(l.Args[a.Name] + " " + strings.Trim(word, `"`))
			if a.Kind != chat.ArgText {
				places = places[1:]
			}
		}
	}
	if a, value, ok := optionOf(args, l.Typed); ok {
		l.Field, l.Prefix, l.Typed = a, string(a.Name)+":", strings.Trim(value, `"`)
		return
	}
	if len(places) > 0 {
		l.Field = places[0]
	}
	l.options(args)
}

// options names the options that are not given yet and begin with what is typed. Within a text a word is a word.
func (l *Line) options(args []chat.Arg) {
	if l.Field.Kind == chat.ArgText && l.Args[l.Field.Name] != "" {
		return
	}
	for _, a := range args {
		if _, given := l.Args[a.Name]; a.Option && !given && strings.HasPrefix(string(a.Name), l.Typed) {
			l.Names = append(l.Names, chat.Choice{Value: string(a.Name) + ":", Label: string(a.Name) + ": – " + a.Help})
		}
	}
}

// optionOf is the declared option that a word gives.
func optionOf(args []chat.Arg, word string) (chat.Arg, string, bool) {
	name, value, ok := strings.Cut(word, ":")
	i := slices.IndexFunc(args, func(a chat.Arg) bool { return a.Option && string(a.Name) == name })
	if !ok || i < 0 {
		return chat.Arg{}, "", false
	}
	return args[i], value, true
}

// Declared are the values that the declaration of the argument has and that begin with what is typed.
func (l Line) Declared() []chat.Choice {
	if l.Field.Kind == chat.ArgYes {
		return Begun([]chat.Choice{{Value: "yes", Label: "yes"}, {Value: "no", Label: "no"}}, l.Typed)
	}
	return Begun(l.Field.Choices, l.Typed)
}

// Word is a value as it is written in the place of the last word.
func (l Line) Word(value string) string {
	if strings.ContainsAny(value, " \t") && (l.Prefix != "" || l.Field.Kind != chat.ArgText) {
		value = `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
	}
	return l.Prefix + value
}

// Begun are the choices whose value or label begins with what is typed, in any case.
func Begun(choices []chat.Choice, typed string) []chat.Choice {
	typed = strings.ToLower(typed)
	begins := func(text string) bool { return strings.HasPrefix(strings.ToLower(text), typed) }
	return slices.DeleteFunc(slices.Clone(choices), func(c chat.Choice) bool { return !begins(c.Value) && !begins(c.Label) })
}
