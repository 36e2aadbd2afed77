package commands

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"boswell/chat"
	"boswell/incident"
)

// maxLine is the longest line that is read, in characters: the longest text, and room for options before it.
const maxLine = incident.MaxText + 2000

// Parse reads a command. line is what was typed after the command's name; args are typed options where the platform has
// them, and line then names the command only. Without words it is a request for help, or, with an incident, to show it. What
// cannot be meant is refused; required arguments that are not there are named in Missing.
func Parse(line string, args map[chat.FieldID]string) (Parsed, error) {
	if n := utf8.RuneCountInString(line); n > maxLine {
		return Parsed{}, incident.Refuse("That line has %d characters; %d is the most. Post the text as a message and mark it with 📌 or 📎.", n, maxLine)
	}
	line = strings.ToValidUTF8(line, "\uFFFD")
	if args != nil {
		return parseNative(line, args)
	}
	w := &words{rest: strings.TrimSpace(line)}
	id, err := w.incident(true)
	if err != nil {
		return Parsed{}, err
	}
	p, err := parseTyped(w, id)
	if err != nil {
		return Parsed{}, err
	}
	if id != 0 && p.Incident != 0 && id != p.Incident {
		return Parsed{}, refuseTwo(id, p.Incident)
	}
	p.Incident = max(p.Incident, id)
	return p.finish()
}

func parseTyped(w *words, named incident.ID) (Parsed, error) {
	word := w.word()
	if word == "" {
		return parsed(firstWords()[wordFor(named)]), nil
	}
	c, err := lookUp(word)
	if err != nil {
		return Parsed{}, err
	}
	return c.parse(w)
}

// wordFor is the command that a line without words asks for.
func wordFor(named incident.ID) string {
	if named != 0 {
		return "show"
	}
	return "help"
}

// lookUp finds the command that a word names: in full, or by its first letters if no other word begins with them.
func lookUp(word string) (*Command, error) {
	word = strings.ToLower(word)
	all := firstWords()
	if c, ok := all[word]; ok {
		return c, nil
	}
	names := slices.Sorted(maps.Keys(all))
	near := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !strings.HasPrefix(n, word) })
	switch len(near) {
	case 1:
		return all[near[0]], nil
	case 0:
		return nil, incident.Refuse("There is no command %q.%s `/incident help` lists all; `/incident start <title>` opens an incident.",
			cut(word, 40), incident.DidYouMean(word, names))
	default:
		return nil, incident.Refuse("%q can be %s. Write a letter more.", word, orList(near))
	}
}

// parse reads what stands behind the word of a command.
func (c *Command) parse(w *words) (Parsed, error) {
	id, err := w.incident(!c.startsWithText())
	if err != nil {
		return Parsed{}, err
	}
	p := parsed(c)
	if c.Sub != nil {
		if p, err = c.choose(w); err != nil {
			return Parsed{}, err
		}
	}
	p.Incident = id
	return p, p.fill(w)
}

// choose finds which command of a group is meant and steps over its name, and over the number before it.
func (c *Command) choose(w *words) (Parsed, error) {
	if sub, n, ok := c.numberedIn(w); ok {
		p := parsed(sub)
		p.Text[sub.places()[0].Name] = n
		return p, nil
	}
	if wrong := c.misspelt(w); wrong != "" {
		return Parsed{}, incident.Refusal{Text: wrong}
	}
	first := strings.ToLower(w.peek())
	sub, named := c.named(first)
	if named && (!c.wordy || len(first) == len(w.rest)) {
		w.word()
		return parsed(sub), nil
	}
	var names []string
	for _, s := range c.Sub {
		names = append(names, s.Name)
	}
	hint := incident.DidYouMean(first, names)
	switch {
	case c.usual == nil:
		return Parsed{}, incident.Refuse("`%s` is followed by %s.%s", c.Name, orList(names), hint)
	case hint != "" && !c.usual.takesFirst(first):
		return Parsed{}, incident.Refuse("There is no `%s %s`.%s", c.Name, first, hint)
	default:
		return parsed(c.usual), nil
	}
}

// takesFirst says that a command can begin with a word: that it is no choice which the command does not have.
func (c *Command) takesFirst(word string) bool {
	if _, option := optionIn(c, word); option || c.group.wordy || word == "" {
		return true
	}
	places := c.places()
	if len(places) == 0 {
		return false
	}
	_, err := c.readArg(places[0], word)
	return err == nil
}

// numberedIn reads a number and the name of a command about what has that number. As the whole of a line the two may be the
// other way round.
func (c *Command) numberedIn(w *words) (sub *Command, n string, ok bool) {
	ahead := *w
	n, name := ahead.word(), ahead.word()
	if isNumber(name) && ahead.done() {
		n, name = name, n
	}
	sub, ok = c.named(strings.ToLower(name))
	if !ok || !sub.numbered || !isNumber(n) {
		return nil, "", false
	}
	*w = ahead
	return sub, n, true
}

func isNumber(word string) bool { return word != "" && strings.Trim(word, "0123456789") == "" }

// fill reads the arguments of a command: options in any order, what stands in its place, and the text.
func (p *Parsed) fill(w *words) error {
	places := slices.DeleteFunc(p.Command.places(), func(a chat.Arg) bool { return p.Text[a.Name] != "" })
	for {
		if err := p.takeOptions(w); err != nil || w.done() {
			return err
		}
		if len(places) == 0 {
			return p.refuseRest(w.rest)
		}
		value, err := p.takePlace(w, places)
		if err != nil {
			return err
		}
		if value != "" {
			p.Text[places[0].Name] = value
		}
		places = places[1:]
	}
}

// takePlace reads the next argument that stands in its place. The last one takes the rest of the line.
func (p *Parsed) takePlace(w *words, places []chat.Arg) (string, error) {
	switch {
	case places[0].Kind == chat.ArgText:
		if err := p.checkText(w.rest); err != nil {
			return "", err
		}
		return p.unescaped(w.take()), nil
	case len(places) > 1:
		return w.value(string(places[0].Name))
	default:
		return w.untilOption(p.Command)
	}
}

// takeOptions reads the options that come next.
func (p *Parsed) takeOptions(w *words) error {
	for {
		name, found, err := w.option(p.Command)
		if err != nil || !found {
			return err
		}
		value, err := w.value(name + ":")
		if err != nil {
			return err
		}
		if err := p.give(chat.FieldID(name), value); err != nil {
			return err
		}
	}
}

// give sets an option. Two values for one are a slip that only the person can mend.
func (p *Parsed) give(name chat.FieldID, value string) error {
	if name == FieldIncident {
		id, err := parseIncident(value)
		if err == nil && p.Incident != 0 && p.Incident != id {
			err = refuseTwo(p.Incident, id)
		}
		p.Incident = id
		return err
	}
	if old, given := p.Text[name]; given && old != value {
		return incident.Refuse("`%s:` is given twice, as %q and %q. Leave one out.", name, cut(old, 40), cut(value, 40))
	}
	if value != "" {
		p.Text[name] = value
	}
	return nil
}

func refuseTwo(a, b incident.ID) error {
	return incident.Refuse("The line names %s and %s. Name one.", a, b)
}

// refuseRest answers words that the command has no use for.
func (p *Parsed) refuseRest(rest string) error {
	name, _, option := strings.Cut(strings.Fields(rest)[0], ":")
	option = option && strings.Trim(name, "0123456789~") != ""
	var names []string
	for _, a := range p.Command.options() {
		names = append(names, string(a.Name)+":")
	}
	switch {
	case !option || len(names) == 0:
		return incident.Refuse("I do not understand %q here: `%s` takes nothing more. `/incident help %s` shows what it takes.",
			cut(rest, 40), p.Command.usage(), p.Command.word())
	default:
		return incident.Refuse("`%s` has no option %q.%s It takes %s.", p.Command.word(), cut(name, 40)+":",
			incident.DidYouMean(name+":", names), andList(names))
	}
}

// parseNative reads a command that a platform took apart itself.
func parseNative(path string, args map[chat.FieldID]string) (Parsed, error) {
	path = strings.ToLower(strings.Join(strings.Fields(path), " "))
	if path == "" {
		path = wordFor(0)
	}
	c, ok := byPath(path)
	if ok && c.Sub != nil {
		c, ok = c.usual, c.usual != nil
	}
	if !ok {
		return Parsed{}, incident.Refuse("There is no command %q. `/incident help` lists all.", cut(path, 40))
	}
	return give(parsed(c), args)
}

// give adds arguments by name, as platforms and forms hand them over.
func give(p Parsed, args map[chat.FieldID]string) (Parsed, error) {
	for _, name := range slices.Sorted(maps.Keys(args)) {
		value := strings.TrimSpace(strings.ToValidUTF8(args[name], "\uFFFD"))
		if _, declared := p.Command.arg(name); !declared {
			return Parsed{}, incident.Refuse("`%s` has no argument %q any more. Reload the app and try again.", p.Command.Path(), cut(string(name), 40))
		}
		if value == "" {
			continue
		}
		if err := p.give(name, value); err != nil {
			return Parsed{}, err
		}
	}
	return p.finish()
}

// finish brings every argument into its one form and finds what is missing.
func (p Parsed) finish() (Parsed, error) {
	for _, a := range p.Command.Args {
		value, given := p.Text[a.Name]
		if !given {
			continue
		}
		fresh, err := p.Command.readArg(a, value)
		if err != nil {
			return Parsed{}, About(a.Name, err)
		}
		p.Text[a.Name] = fresh
	}
	if p.Incident != 0 && p.Command.Needs == NoIncident {
		return Parsed{}, incident.Refuse("`%s` is not about one incident. Leave %s out.", p.Command.word(), p.Incident)
	}
	p.Missing = p.missing()
	return p, p.checkInstead()
}

func (p Parsed) missing() []chat.Arg {
	var missing []chat.Arg
	for _, a := range p.Command.Args {
		if a.Required && p.Text[a.Name] == "" && p.Text[p.Command.instead[a.Name]] == "" {
			missing = append(missing, a)
		}
	}
	return missing
}

// checkInstead refuses an argument beside the one that stands in for it: one of the two would be lost.
func (p Parsed) checkInstead() error {
	for name, other := range p.Command.instead {
		if p.Text[name] != "" && p.Text[other] != "" {
			return incident.Refuse("Give the %s or `%s:%s`, not both.", name, other, p.Text[other])
		}
	}
	return nil
}

// incidentName is a word that can only be the name of an incident.
var incidentName = regexp.MustCompile(`^(?i:inc)-?[0-9]+$`)
