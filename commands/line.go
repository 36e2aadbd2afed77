package commands

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"boswell/chat"
)

// Line is what a person types to say the same, without what the platform puts before it. Parse reads it back to what it was
// made of, if nothing is missing.
func (p Parsed) Line() string {
	places := p.Command.places()
	parts := []string{p.Command.word()}
	if p.Command.numbered {
		parts = []string{p.Command.group.Name, p.Text[places[0].Name], p.Command.Name}
		places = places[1:]
	}
	var last string
	if n := len(places) - 1; n >= 0 {
		last = p.place(places[n])
		for _, a := range places[:n] {
			parts = append(parts, p.place(a))
		}
	}
	parts = append(parts, p.optionWords()...)
	return strings.Join(without(append(parts, last), ""), " ")
}

// optionWords are the options that were given, as they are typed.
func (p Parsed) optionWords() []string {
	var parts []string
	for _, a := range p.Command.options() {
		value, given := p.Text[a.Name]
		if a.Name == FieldIncident && p.Incident != 0 {
			value, given = p.Incident.String(), true
		}
		if given {
			parts = append(parts, string(a.Name)+":"+quoted(value))
		}
	}
	return parts
}

// place is an argument that stands in its place, as it is typed.
func (p Parsed) place(a chat.Arg) string {
	value, given := p.Text[a.Name]
	switch {
	case !given:
		return ""
	case a.Kind == chat.ArgText:
		return p.escaped(value)
	case a.Name == lastPlace(p.Command) && p.Command.plain(value):
		return value
	default:
		return quotedWord(p.Command, value)
	}
}

func lastPlace(c *Command) chat.FieldID {
	places := c.places()
	return places[len(places)-1].Name
}

// plain says that words at the end of a line are read back as they are.
func (c *Command) plain(value string) bool {
	first, _ := utf8.DecodeRuneInString(value)
	if strings.ContainsRune(openingQuotes, first) {
		return false
	}
	for w := (&words{rest: value}); !w.done(); w.word() {
		if _, option := optionIn(c, w.peek()); option {
			return false
		}
	}
	return true
}

// quotedWord is a value that must not be taken for an option.
func quotedWord(c *Command, value string) string {
	if _, option := optionIn(c, value); option {
		return forceQuoted(value)
	}
	return quoted(value)
}

// quoted is a value in quotes, if it has to be.
func quoted(value string) string {
	first, _ := utf8.DecodeRuneInString(value)
	if value != "" && !strings.ContainsRune(openingQuotes, first) && !strings.ContainsFunc(value, unicode.IsSpace) {
		return value
	}
	return forceQuoted(value)
}

func forceQuoted(value string) string { return `"` + strings.ReplaceAll(value, `"`, `""`) + `"` }

func without(words []string, word string) []string {
	var kept []string
	for _, w := range words {
		if w != word {
			kept = append(kept, w)
		}
	}
	return kept
}

// word is what a typed line for the command begins with.
func (c *Command) word() string {
	switch {
	case len(c.flat) > 0:
		return c.flat[0]
	case c.group == nil:
		return c.Name
	case c.group.usual == c:
		return c.group.Name
	default:
		return c.Path()
	}
}

// usage is how the command is typed: "note [at:14:05] <text>".
func (c *Command) usage() string {
	places := c.places()
	parts := []string{c.shape()}
	if c.numbered {
		places = places[1:]
	}
	var last string
	if n := len(places) - 1; n >= 0 {
		last = placeUsage(places[n])
		for _, a := range places[:n] {
			parts = append(parts, placeUsage(a))
		}
	}
	for _, a := range c.options() {
		if a.Name != FieldIncident {
			parts = append(parts, optionUsage(a))
		}
	}
	return strings.Join(without(append(parts, last), ""), " ")
}

func placeUsage(a chat.Arg) string {
	if !a.Required {
		return "[" + string(a.Name) + "]"
	}
	return "<" + string(a.Name) + ">"
}

func optionUsage(a chat.Arg) string {
	value := "…"
	if a.Kind == chat.ArgYes {
		value = yes
	}
	if a.Required {
		return string(a.Name) + ":" + value
	}
	return "[" + string(a.Name) + ":" + value + "]"
}
