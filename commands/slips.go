package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"boswell/chat"
	"boswell/incident"
)

// startsWithText says that what comes first behind the word of the command is free text, but for its options.
func (c *Command) startsWithText() bool {
	places := c.places()
	return c.wordy || len(places) > 0 && places[0].Kind == chat.ArgText
}

// mistakable says that a text that begins with this word may be meant for another incident, and not as it stands.
func (c *Command) mistakable(word string) bool {
	return c.Needs == AnIncident && c.startsWithText() && incidentName.MatchString(word)
}

// checkText refuses a text whose beginning was probably meant for something else.
func (p *Parsed) checkText(text string) error {
	w := &words{rest: text}
	if p.Command.mistakable(w.peek()) {
		return p.refuseMistakable(w)
	}
	if option := p.splitTime(text); option != "" {
		return incident.Refuse("Did you mean `%s`? A time with a blank in it stands in double quotes. If the text begins with %q, put -- before it.",
			option, w.peek())
	}
	return nil
}

// refuseMistakable asks what is meant by a text that begins with the name of an incident: taking it for text, the command
// would change the incident of the room.
func (p *Parsed) refuseMistakable(w *words) error {
	id, err := incident.ParseID(w.peek())
	if err != nil {
		return err
	}
	text := w.rest
	w.word()
	about := p.Command.word() + " in:" + id.String()
	if !w.done() {
		about += " " + flatten(w.rest, 40)
	}
	return incident.Refuse("Is %s the incident that you mean? Then write `/incident %s`. If it is part of the text, put -- before it: `/incident %s -- %s`.",
		id, about, p.Command.word(), flatten(text, 40))
}

// misspelt says what is wrong with a number that no command about what has that number stands behind; empty is nothing. Where
// the line may be free text, only a word that is nearly the name of such a command is wrong.
func (c *Command) misspelt(w *words) string {
	ahead := *w
	n, word := ahead.word(), strings.ToLower(ahead.word())
	var names []string
	for _, s := range c.Sub {
		if s.numbered {
			names = append(names, s.Name)
		}
	}
	if !isNumber(n) || len(names) == 0 {
		return ""
	}
	hint := incident.DidYouMean(word, names)
	switch {
	case word == "":
		return fmt.Sprintf("`%s %s` is followed by %s.", c.Name, cut(n, 40), orList(names))
	case hint == "" && c.wordy:
		return ""
	case c.wordy:
		return fmt.Sprintf("There is no `%s %s %s`.%s If it is part of the text, put -- before it.", c.Name, cut(n, 40), cut(word, 40), hint)
	default:
		return fmt.Sprintf("There is no `%s %s %s`.%s Behind the number stands %s.", c.Name, cut(n, 40), cut(word, 40), hint, orList(names))
	}
}

// splitTime is an option for a time as it may have been meant, where what stands at the beginning of the text completes its
// value: "at:yesterday 22:16 The disk is full". Empty is none.
func (p *Parsed) splitTime(text string) string {
	for _, a := range p.Command.Args {
		value, given := p.Text[a.Name]
		if a.Kind != chat.ArgTime || !given {
			continue
		}
		if whole := longerTime(value, strings.Fields(text)); whole != "" {
			return string(a.Name) + ":" + forceQuoted(whole)
		}
	}
	return ""
}

// timeWords are the most words that complete a time: "March 2024 10:00pm GMT".
const timeWords = 4

// longerTime is a time that is made of a value and some of the words behind it, as many as make one; empty is none.
func longerTime(value string, words []string) string {
	longest := ""
	for i := range words[:min(len(words), timeWords)] {
		whole := value + " " + strings.Join(words[:i+1], " ")
		if !endsLikeTime(words[i]) {
			continue
		}
		// Whether it can be read does not depend on the day on which it is typed.
		if _, err := incident.ReadMoment(whole, time.Date(2000, time.June, 14, 12, 0, 0, 0, time.UTC), incident.Zone{}); err == nil {
			longest = whole
		}
	}
	return longest
}

// endsLikeTime says that hardly a sentence begins with this word, but many a time ends with it.
func endsLikeTime(word string) bool {
	return strings.ContainsAny(word, "0123456789/") ||
		slices.Contains([]string{"ago", "am", "pm", "noon", "midnight", "utc", "gmt", "z"}, strings.ToLower(word))
}
