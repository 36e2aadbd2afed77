package local

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"

	"boswell/chat"
)

// A partial is a line that is being typed: the argument that its last word belongs to, and what is known before it.
type partial struct {
	names  []chat.Choice // words that could stand there
	field  chat.Arg      // the argument whose value could; without Name, none
	typed  string        // of that value
	prefix string        // of the word, before that value
	before string        // the line before the word
	args   map[chat.FieldID]string
}

// Complete says what could stand in the place of the last word of a line, which is being typed after Slash. It needs the
// bot's declarations, and for some arguments the bot; without them it has less to say.
func (c *Chat) Complete(ctx context.Context, by chat.UserID, in chat.Place, line string) ([]chat.Choice, error) {
	p := parsePartial(c.Commands(), line)
	choices, err := c.values(ctx, by, in, p)
	if err != nil {
		return nil, err
	}
	for i := range choices {
		choices[i].Value = p.word(choices[i].Value)
	}
	choices = append(choices, p.names...)
	return choices[:min(len(choices), MaxChoices)], nil
}

// parsePartial finds out which argument of which command the last word of a line belongs to.
func parsePartial(commands []chat.Command, line string) partial {
	words, last := words(line)
	p := partial{before: strings.TrimSpace(strings.TrimSuffix(line, last)), typed: last, args: map[chat.FieldID]string{}}
	var args []chat.Arg
	for len(commands) > 0 {
		if len(words) == 0 {
			p.names = named(commands, last)
			return p
		}
		i := slices.IndexFunc(commands, func(c chat.Command) bool { return c.Name == words[0] })
		if i < 0 {
			return p
		}
		args, commands, words = commands[i].Args, commands[i].Sub, words[1:]
	}
	p.arguments(args, words)
	return p
}

// named are the commands whose name begins with a text.
func named(commands []chat.Command, typed string) []chat.Choice {
	var names []chat.Choice
	for _, c := range commands {
		if strings.HasPrefix(c.Name, strings.ToLower(typed)) {
			names = append(names, chat.Choice{Value: c.Name, Label: c.Name + " – " + c.Help})
		}
	}
	return names
}

// arguments reads the words behind the command's name, of which the last is p.typed.
func (p *partial) arguments(args []chat.Arg, words []string) {
	var places []chat.Arg
	for _, a := range args {
		if !a.Option {
			places = append(places, a)
		}
	}
	for _, word := range words {
		if a, value, ok := option(args, word); ok {
			p.args[a.Name] = strings.Trim(value, `"`)
		} else if len(places) > 0 {
			p.args[places[0].Name] = strings.TrimSpace(p.args[places[0].Name] + " " + word)
			if places[0].Kind != chat.ArgText {
				places = places[1:]
			}
		}
	}
	if a, value, ok := option(args, p.typed); ok {
		p.field, p.prefix, p.typed = a, string(a.Name)+":", strings.Trim(value, `"`)
		return
	}
	if len(places) > 0 {
		p.field = places[0]
	}
	p.options(args)
}

// options are the options that are not given yet and begin with what is typed. Once the text has begun there are none.
func (p *partial) options(args []chat.Arg) {
	for _, a := range args {
		if _, given := p.args[a.Name]; given && !a.Option && a.Kind == chat.ArgText {
			return
		}
	}
	for _, a := range args {
		if _, given := p.args[a.Name]; a.Option && !given && strings.HasPrefix(string(a.Name), p.typed) {
			p.names = append(p.names, chat.Choice{Value: string(a.Name) + ":", Label: string(a.Name) + ": – " + a.Help})
		}
	}
}

// option is the declared option that a word gives.
func option(args []chat.Arg, word string) (chat.Arg, string, bool) {
	name, value, ok := strings.Cut(word, ":")
	i := slices.IndexFunc(args, func(a chat.Arg) bool { return a.Option && string(a.Name) == name })
	if !ok || i < 0 {
		return chat.Arg{}, "", false
	}
	return args[i], value, true
}

// words splits a line at its blanks, but for those within double quotes. last is the word that is not ended yet.
func words(line string) (ended []string, last string) {
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

// word is a value as it is written in the line.
func (p *partial) word(value string) string {
	if p.prefix != "" && strings.ContainsAny(value, " \t") {
		value = `"` + value + `"`
	}
	return p.prefix + value
}

// values are the values that the argument could have.
func (c *Chat) values(ctx context.Context, by chat.UserID, in chat.Place, p partial) ([]chat.Choice, error) {
	switch {
	case p.field.Name == "":
		return nil, nil
	case p.field.Suggest:
		return c.suggest(ctx, by, in, p)
	case p.field.Kind == chat.ArgChoice:
		return fitting(p.field.Choices, p.typed), nil
	case p.field.Kind == chat.ArgYes:
		return fitting([]chat.Choice{{Value: "yes", Label: "yes"}, {Value: "no", Label: "no"}}, p.typed), nil
	case p.field.Kind == chat.ArgPerson:
		return c.handles(p.typed)
	case p.field.Kind == chat.ArgRoom:
		return c.roomNames(by, p.typed)
	default:
		return nil, nil
	}
}

// fitting are the choices that begin with what is typed.
func fitting(choices []chat.Choice, typed string) []chat.Choice {
	var fit []chat.Choice
	for _, c := range choices {
		if begins(c.Value, typed) || begins(c.Label, typed) {
			fit = append(fit, c)
		}
	}
	return fit
}

func begins(text, prefix string) bool {
	return strings.HasPrefix(strings.ToLower(text), strings.ToLower(prefix))
}

func (c *Chat) handles(typed string) ([]chat.Choice, error) {
	people, err := c.People()
	var all []chat.Choice
	for _, u := range people {
		all = append(all, chat.Choice{Value: "@" + u.Handle, Label: u.Display()})
	}
	return fitting(all, typed), err
}

func (c *Chat) roomNames(by chat.UserID, typed string) ([]chat.Choice, error) {
	rooms, err := c.Rooms(by)
	var all []chat.Choice
	for _, r := range rooms {
		if !r.Direct {
			all = append(all, chat.Choice{Value: "#" + r.Name, Label: r.Name})
		}
	}
	return fitting(all, typed), err
}

// suggest asks the bot, if it runs.
func (c *Chat) suggest(ctx context.Context, by chat.UserID, in chat.Place, p partial) ([]chat.Choice, error) {
	h := c.handler.Load()
	if h == nil {
		return nil, nil
	}
	var meta chat.Meta
	err := c.read(func(s *state) error {
		r, err := s.room(by, in.Channel)
		if err == nil {
			meta = chat.Meta{Delivery: chat.DeliveryID("suggest/" + rand.Text()), At: c.options.Now(), From: s.people[by],
				Place: s.place(r.id, in.Thread), Direct: r.withBot()}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	reply, err := (*h)(ctx, chat.Suggest{Meta: meta, Line: p.before, Args: p.args, Field: p.field.Name, Typed: p.typed})
	return slices.Clone(reply.Choices), err
}

// Commands are those that the bot has declared.
func (c *Chat) Commands() []chat.Command {
	c.declared.Lock()
	defer c.declared.Unlock()
	return c.commands
}
