package rocketchat

import (
	"context"
	"slices"
	"strings"

	"boswell/chat"
)

// A partial is a line that is being typed: the command that it names, and the argument that its last word belongs to.
type partial struct {
	before string        // the line before the last word
	names  []chat.Choice // words that could stand in the place of the last one
	path   string        // of the command
	field  chat.Arg      // whose value the last word is; without Name, none
	typed  string        // of that value
	prefix string        // of the word, before the value
	args   map[chat.FieldID]string
}

// previews are the lines that could be meant, as far as they are typed. The client runs the first of them when the person
// presses Enter, so a line that names a command stands there itself. It never says what is wrong: somebody is typing.
func (d *door) previews(ctx context.Context, q appRequest) (appAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, d.within)
	defer cancel()
	line := strings.TrimSpace(q.Line)
	var items []appPreviewItem
	if runnable(d.commands(), line) {
		items = append(items, appPreviewItem{ID: line, Label: line})
	}
	items = append(items, d.completions(ctx, q, line)...)
	if line != "" && len(items) > 0 && items[0].ID == line {
		items = append(items, d.completions(ctx, q, line+" ")...)
	}
	seen := map[string]bool{}
	items = slices.DeleteFunc(items, func(i appPreviewItem) bool {
		again := seen[i.ID]
		seen[i.ID] = true
		return again
	})
	return appAnswer{Previews: items[:min(len(items), previewsMost)]}, nil
}

// runnable says that a line begins with the name of a command.
func runnable(commands []chat.Command, line string) bool {
	word, _, _ := strings.Cut(line, " ")
	_, _, ok := commandNamed(commands, strings.ToLower(word))
	return ok
}

// completions are the lines that begin with a line, each with what it is.
func (d *door) completions(ctx context.Context, q appRequest, line string) []appPreviewItem {
	p := parsePartial(d.commands(), line)
	choices := append(d.values(ctx, q, p), p.names...)
	items := make([]appPreviewItem, len(choices))
	for i, c := range choices {
		whole := strings.TrimSpace(p.before + " " + c.Value)
		items[i] = appPreviewItem{ID: whole, Label: first(c.Label, whole)}
	}
	return items
}

// values are what the argument could be that is being typed. Who cannot be asked in time has nothing to offer.
func (d *door) values(ctx context.Context, q appRequest, p partial) []chat.Choice {
	choices := slices.Clone(p.field.Choices)
	switch {
	case p.field.Suggest:
		m := q.meta(d.self, d.person(ctx, q.User), d.host.place(q.Room.ID, q.Thread))
		reply, err := d.host.ask(ctx, chat.Suggest{Meta: m, Line: p.path, Args: p.args, Field: p.field.Name, Typed: p.typed})
		if err != nil {
			d.log.Debug().Err(err).Msg("could not complete a line")
			return nil
		}
		choices = slices.Clone(reply.Choices)
	case p.field.Kind == chat.ArgYes:
		choices = begun([]chat.Choice{{Value: "yes", Label: "yes"}, {Value: "no", Label: "no"}}, p.typed)
	default:
		choices = begun(choices, p.typed)
	}
	for i, c := range choices {
		if strings.ContainsAny(c.Value, " \t") && (p.prefix != "" || p.field.Kind != chat.ArgText) {
			c.Value = `"` + strings.ReplaceAll(c.Value, `"`, `""`) + `"`
		}
		choices[i].Value = p.prefix + c.Value
	}
	return choices
}

// begun are the choices that begin with what is typed.
func begun(choices []chat.Choice, typed string) []chat.Choice {
	typed = strings.ToLower(typed)
	return slices.DeleteFunc(choices, func(c chat.Choice) bool {
		return !strings.HasPrefix(strings.ToLower(c.Value), typed) && !strings.HasPrefix(strings.ToLower(c.Label), typed)
	})
}

// parsePartial finds out which argument of which command the last word of a line belongs to.
func parsePartial(commands []chat.Command, line string) partial {
	ended, last := splitWords(line)
	p := partial{before: strings.TrimSpace(strings.TrimSuffix(line, last)), typed: last, args: map[chat.FieldID]string{}}
	if len(ended) == 0 {
		p.names = commandsBegun(commands, "", last)
		return p
	}
	c, path, ok := commandNamed(commands, strings.ToLower(ended[0]))
	ended = ended[min(1, len(ended)):]
	if ok && len(c.Sub) > 0 {
		if len(ended) == 0 {
			p.names = commandsBegun(c.Sub, path, last)
			return p
		}
		group := path
		c, path, ok = commandNamed(c.Sub, strings.ToLower(ended[0]))
		path, ended = group+" "+path, ended[1:]
	}
	if ok {
		p.path = path
		p.arguments(c.Args, ended)
	}
	return p
}

// commandNamed is the command with a name: at the top, else the only one with it in any group. path is its words in the tree.
func commandNamed(commands []chat.Command, name string) (found chat.Command, path string, ok bool) {
	for _, c := range commands {
		if c.Name == name {
			return c, c.Name, true
		}
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
func (p *partial) arguments(args []chat.Arg, ended []string) {
	places := slices.DeleteFunc(slices.Clone(args), func(a chat.Arg) bool { return a.Option })
	for _, word := range ended {
		if a, value, ok := optionOf(args, word); ok {
			p.args[a.Name] = strings.Trim(value, `"`)
		} else if len(places) > 0 {
			a := places[0]
			p.args[a.Name] = strings.TrimSpace(p.args[a.Name] + " " + strings.Trim(word, `"`))
			if a.Kind != chat.ArgText {
				places = places[1:]
			}
		}
	}
	if a, value, ok := optionOf(args, p.typed); ok {
		p.field, p.prefix, p.typed = a, string(a.Name)+":", strings.Trim(value, `"`)
		return
	}
	if len(places) > 0 {
		p.field = places[0]
	}
	if p.field.Kind == chat.ArgText && p.args[p.field.Name] != "" {
		return // within a text a word is a word
	}
	for _, a := range args {
		if _, given := p.args[a.Name]; a.Option && !given && strings.HasPrefix(string(a.Name), p.typed) {
			p.names = append(p.names, chat.Choice{Value: string(a.Name) + ":", Label: string(a.Name) + ": – " + a.Help})
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

// splitWords splits a line at its blanks, but for those within double quotes. last is the word that is not ended yet.
func splitWords(line string) (ended []string, last string) {
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
