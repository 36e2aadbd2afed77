package commands

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"boswell/chat"
	"boswell/incident"
)

// words is a typed line that is being read from left to right. rest never begins with a blank.
type words struct{ rest string }

func (w *words) done() bool { return w.rest == "" }

// cutTo steps over the first n bytes and the blanks behind them.
func (w *words) cutTo(n int) { w.rest = strings.TrimLeftFunc(w.rest[n:], unicode.IsSpace) }

// peek is the next word: everything up to a blank.
func (w *words) peek() string {
	if i := strings.IndexFunc(w.rest, unicode.IsSpace); i >= 0 {
		return w.rest[:i]
	}
	return w.rest
}

func (w *words) word() string {
	word := w.peek()
	w.cutTo(len(word))
	return word
}

// take is all that is left.
func (w *words) take() string {
	rest := w.rest
	w.rest = ""
	return rest
}

// incident reads the name of an incident behind "in:", or, where bare is set, by itself. 0 is none.
func (w *words) incident(bare bool) (incident.ID, error) {
	word := w.peek()
	name, option := strings.CutPrefix(word, string(FieldIncident)+":")
	if !option && !(bare && incidentName.MatchString(word)) {
		return 0, nil
	}
	w.word()
	return parseIncident(name)
}

// parseIncident reads the name of an incident, and tells who typed another where the names are.
func parseIncident(name string) (incident.ID, error) {
	id, err := incident.ParseID(name)
	if err != nil {
		return 0, incident.Refuse("%s `/incident list` shows them.", err)
	}
	return id, nil
}

// option steps over the name and the colon of an option that the command declares. The name of an incident needs neither.
func (w *words) option(c *Command) (name string, found bool, err error) {
	name, found = optionIn(c, w.peek())
	if !found || c.names(w.peek()) {
		return name, found, nil
	}
	if w.peek() == name+":" {
		return "", false, incident.Refuse("There is no value behind `%s:`. Write it without a blank, like %s:%s, or put -- before a text that begins so.",
			name, name, quoted(exampleOf(c, name)))
	}
	w.rest = w.rest[len(name)+1:]
	return name, true, nil
}

// names says that a word is the name of the incident, without "in:" before it. In a command that takes text it may be text.
func (c *Command) names(word string) bool {
	text := slices.ContainsFunc(c.Args, func(a chat.Arg) bool { return a.Kind == chat.ArgText })
	return c.Needs == AnIncident && !text && incidentName.MatchString(word)
}

// optionIn says which option of the command a word begins with.
func optionIn(c *Command, word string) (name string, found bool) {
	if c.names(word) {
		return string(FieldIncident), true
	}
	name, _, colon := strings.Cut(word, ":")
	if !colon {
		return "", false
	}
	a, declared := c.arg(chat.FieldID(name))
	return name, declared && a.Option
}

func exampleOf(c *Command, name string) string {
	a, _ := c.arg(chat.FieldID(name))
	return a.Example
}

// The signs that open a value of several words. Phones and word processors put in the curly ones.
const (
	openingQuotes = "\"“”„"
	closingCurly  = "“”"
)

// value reads a word, or several in quotes. A quote within quotes is written twice.
func (w *words) value(of string) (string, error) {
	first, size := utf8.DecodeRuneInString(w.rest)
	if w.done() || !strings.ContainsRune(openingQuotes, first) {
		return w.word(), nil
	}
	inner := w.rest[size:]
	text, length := straight(inner)
	if first != '"' {
		text, length = curly(inner)
	}
	if length < 0 {
		return "", incident.Refuse("The quote behind `%s` is not closed. Put a \" behind its last word.", of)
	}
	w.cutTo(size + length)
	return strings.TrimSpace(text), nil
}

// straight reads up to a closing straight quote. length is that of what was read, with the quote; negative if there is none.
func straight(inner string) (text string, length int) {
	var b strings.Builder
	for rest := inner; ; {
		i := strings.IndexByte(rest, '"')
		if i < 0 {
			return "", -1
		}
		b.WriteString(rest[:i])
		rest = rest[i+1:]
		if !strings.HasPrefix(rest, `"`) {
			return b.String(), len(inner) - len(rest)
		}
		b.WriteByte('"')
		rest = rest[1:]
	}
}

// curly reads up to a closing curly quote, or a straight one where there is no curly one.
func curly(inner string) (text string, length int) {
	i := strings.IndexAny(inner, closingCurly)
	if i < 0 {
		i = strings.IndexByte(inner, '"')
	}
	if i < 0 {
		return "", -1
	}
	_, size := utf8.DecodeRuneInString(inner[i:])
	return inner[:i], i + size
}

// untilOption reads words, blanks between them kept, up to the end or to an option.
func (w *words) untilOption(c *Command) (string, error) {
	if first, _ := utf8.DecodeRuneInString(w.rest); strings.ContainsRune(openingQuotes, first) {
		ahead := *w
		value, err := ahead.value(c.Name)
		if _, option := optionIn(c, ahead.peek()); err != nil || ahead.done() || option {
			*w = ahead
			return value, err
		}
	}
	whole := w.rest
	for !w.done() {
		if _, found := optionIn(c, w.peek()); found {
			break
		}
		w.word()
	}
	return strings.TrimSpace(whole[:len(whole)-len(w.rest)]), nil
}

// endOptions, as a word of its own, says that what follows is text, even if it looks like an option.
const endOptions = "-- "

// unescaped is a text without the sign that kept it from being read as something else. Where it keeps nothing from anything
// it is part of the text.
func (p *Parsed) unescaped(text string) string {
	if rest, ok := strings.CutPrefix(text, endOptions); ok && p.escapes(rest) {
		return rest
	}
	return text
}

// escaped is a text as it must be typed to be read as it is.
func (p *Parsed) escaped(text string) string {
	if p.escapes(text) {
		return endOptions + text
	}
	return text
}

// escapes says that a text has to be kept from being read as something else.
func (p *Parsed) escapes(text string) bool {
	for strings.HasPrefix(text, endOptions) {
		text = text[len(endOptions):]
	}
	c, w := p.Command, &words{rest: text}
	if _, option := optionIn(c, w.peek()); option || c.mistakable(w.peek()) || p.splitTime(text) != "" {
		return true
	}
	if c.group == nil || c.group.usual != c || !c.group.wordy {
		return false
	}
	_, _, numbered := c.group.numberedIn(w)
	_, named := c.group.named(strings.ToLower(text))
	return numbered || named || c.group.misspelt(w) != ""
}
