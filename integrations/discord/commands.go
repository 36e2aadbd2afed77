package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"boswell/chat"
)

// commandName is the one command that people type; the declared ones are below it.
const commandName = "incident"

// The types of option.
const (
	optionSub    = 1
	optionGroup  = 2
	optionText   = 3
	optionNumber = 4
	optionYes    = 5
	optionPerson = 6
)

// The shape of a command.
type (
	outCommand struct {
		Name        string      `json:"name"`
		Type        int         `json:"type"`
		Description string      `json:"description"`
		Options     []outOption `json:"options,omitempty"`
		Contexts    []int       `json:"contexts,omitempty"`
	}
	outOption struct {
		Type         int         `json:"type"`
		Name         string      `json:"name"`
		Description  string      `json:"description"`
		Required     bool        `json:"required,omitempty"`
		Autocomplete bool        `json:"autocomplete,omitempty"`
		MaxLength    int         `json:"max_length,omitempty"`
		Choices      []outChoice `json:"choices,omitempty"`
		Options      []outOption `json:"options,omitempty"`
	}
	outChoice struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
)

// The amounts that commands take.
const (
	helpLongest    = 100
	optionsMost    = 25
	valueMost      = 6000
	commandLetters = 8000
)

// Where a command can be called: in a server, and in a direct message to the bot.
var everywhere = []int{0, 1}

// menu are the actions on a message, by the names that people see.
var menu = []struct {
	name   string
	action chat.ActionID
}{{"Add to timeline", "add_to_timeline"}, {"Add as supporting information", "supporting"}}

// actionOf is the action behind a name of the menu.
func actionOf(name string) (chat.ActionID, bool) {
	for _, m := range menu {
		if m.name == name {
			return m.action, true
		}
	}
	return "", false
}

// declare makes Discord's commands of the declared ones.
func declare(declared []chat.Command) ([]outCommand, error) {
	root := outCommand{Name: commandName, Type: commandSlash, Description: "Run an incident", Contexts: everywhere}
	for _, c := range declared {
		root.Options = append(root.Options, declareOne(c))
	}
	if len(root.Options) > optionsMost {
		return nil, fmt.Errorf("%d commands are declared, and Discord takes %d", len(root.Options), optionsMost)
	}
	for longest := helpLongest; letters(root) > commandLetters; longest-- {
		if longest == 0 {
			return nil, fmt.Errorf("the commands have %d letters, and Discord takes %d", letters(root), commandLetters)
		}
		shorten(root.Options, longest)
	}
	all := []outCommand{root}
	for _, m := range menu {
		all = append(all, outCommand{Name: m.name, Type: commandMessage, Contexts: everywhere})
	}
	return all, nil
}

func declareOne(c chat.Command) outOption {
	if len(c.Sub) == 0 {
		return outOption{Type: optionSub, Name: c.Name, Description: clip(c.Help, helpLongest), Options: declareArgs(c.Args)}
	}
	group := outOption{Type: optionGroup, Name: c.Name, Description: clip(c.Help, helpLongest)}
	for _, sub := range c.Sub {
		group.Options = append(group.Options, declareOne(sub))
	}
	return group
}

// declareArgs puts what is required first, as Discord wants it.
func declareArgs(args []chat.Arg) []outOption {
	var options []outOption
	for _, a := range args {
		options = append(options, declareArg(a))
	}
	slices.SortStableFunc(options, func(a, b outOption) int {
		return cmp.Compare(btoi(b.Required), btoi(a.Required))
	})
	return options[:min(len(options), optionsMost)]
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// declareArg makes an option of an argument. A text is never required here: a form asks for it, where it can have lines, or
// another argument stands in for it.
func declareArg(a chat.Arg) outOption {
	o := outOption{Type: optionText, Name: string(a.Name), Description: clip(a.Help, helpLongest), Required: a.Required && a.Kind != chat.ArgText}
	switch a.Kind {
	case chat.ArgNumber:
		o.Type = optionNumber
	case chat.ArgYes:
		o.Type = optionYes
	case chat.ArgPerson:
		if !a.Suggest {
			o.Type = optionPerson
		}
	case chat.ArgText:
		o.MaxLength = valueMost
		if a.Max > 0 {
			o.MaxLength = min(a.Max, valueMost)
		}
	}
	for _, c := range a.Choices {
		o.Choices = append(o.Choices, outChoice{Name: clip(c.Label, helpLongest), Value: c.Value})
	}
	if len(o.Choices) > choicesMost {
		o.Choices, o.Autocomplete = nil, true
	}
	if a.Suggest && len(o.Choices) == 0 && (o.Type == optionText || o.Type == optionNumber) {
		o.Autocomplete = true
	}
	return o
}

// letters is what Discord counts of a command.
func letters(c outCommand) int {
	return utf8.RuneCountInString(c.Name+c.Description) + optionLetters(c.Options)
}

func optionLetters(options []outOption) int {
	n := 0
	for _, o := range options {
		n += utf8.RuneCountInString(o.Name+o.Description) + optionLetters(o.Options)
		for _, c := range o.Choices {
			n += utf8.RuneCountInString(c.Name + c.Value)
		}
	}
	return n
}

// shorten cuts the descriptions that are longer.
func shorten(options []outOption, longest int) {
	for i := range options {
		options[i].Description = clip(options[i].Description, longest)
		shorten(options[i].Options, longest)
	}
}

// Register makes the declared commands native: in each server that is configured, else for all. What is registered already
// is left alone, since Discord counts what is new; what was registered for all is taken away where servers are configured, so
// that nobody sees it twice. One server that cannot be reached keeps nothing from the others.
func (p *Platform) Register(ctx context.Context, declared []chat.Command) error {
	wanted, err := declare(declared)
	if err != nil {
		return err
	}
	who, err := p.self(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, path := range p.commandPaths(who) {
		errs = append(errs, p.register(ctx, path, wanted))
	}
	if len(p.cfg.Servers) > 0 {
		errs = append(errs, p.register(ctx, who.allCommands(), []outCommand{}))
	}
	return together(errs...)
}

// allCommands is where commands for all servers are registered.
func (i identity) allCommands() string { return "/applications/" + i.application + "/commands" }

// commandPaths are where the commands are registered.
func (p *Platform) commandPaths(who identity) []string {
	var paths []string
	for _, id := range p.cfg.Servers {
		paths = append(paths, "/applications/"+who.application+"/guilds/"+id+"/commands")
	}
	if len(paths) == 0 {
		paths = append(paths, who.allCommands())
	}
	return paths
}

func (p *Platform) register(ctx context.Context, path string, wanted []outCommand) error {
	same, err := p.registered(ctx, path, wanted)
	if err == nil && !same {
		err = p.rest.do(ctx, request{method: "PUT", path: path, body: wanted}, nil)
	}
	if err != nil {
		return fmt.Errorf("register the commands at %s: %w", path, err)
	}
	return nil
}

// registered says that the commands at a path are the wanted ones.
func (p *Platform) registered(ctx context.Context, path string, wanted []outCommand) (bool, error) {
	var there []outCommand
	if err := p.rest.get(ctx, path, &there); err != nil {
		return false, err
	}
	known := map[string]outCommand{}
	for _, c := range there {
		known[c.Name] = c
	}
	for _, c := range wanted {
		// Where commands are of one server, Discord tells no contexts.
		old := known[c.Name]
		old.Contexts, c.Contexts = nil, nil
		if !reflect.DeepEqual(old, c) {
			return false, nil
		}
	}
	return len(there) == len(wanted), nil
}

// native is a command that was typed with options: the words that lead to it, its arguments, those whom they mention, and
// what is being typed.
func (p *Platform) native(ctx context.Context, in interaction) (line string, args map[chat.FieldID]string, mentions []chat.User, at focus) {
	var words []string
	options := in.Data.Options
	for len(options) > 0 && (options[0].Type == optionSub || options[0].Type == optionGroup) {
		words = append(words, options[0].Name)
		options = options[0].Options
	}
	args = map[chat.FieldID]string{}
	for _, o := range options {
		value := p.argument(ctx, in, o, &mentions)
		if o.Focused {
			at = focus{field: chat.FieldID(o.Name), typed: value, number: o.Type == optionNumber}
			continue
		}
		args[chat.FieldID(o.Name)] = value
	}
	return strings.Join(words, " "), args, mentions, at
}

// argument is the value of an option as people would type it.
func (p *Platform) argument(ctx context.Context, in interaction, o option, mentions *[]chat.User) string {
	value := string(o.Value)
	switch o.Type {
	case optionYes:
		if value == "true" {
			return "yes"
		}
		return "no"
	case optionPerson:
		u := p.personOf(ctx, in.GuildID, value, nil)
		if a, ok := in.Data.Resolved.Users[value]; ok {
			m := in.Data.Resolved.Members[value]
			u = p.user(a, &m)
		}
		*mentions = append(*mentions, u)
		return "@" + orElse(u.Handle, u.Display())
	}
	for _, t := range token.FindAllStringSubmatch(value, -1) {
		if t[1] != "" {
			*mentions = append(*mentions, p.personOf(ctx, in.GuildID, t[1], nil))
		}
	}
	return p.restored(ctx, in.GuildID, value, nil, handles)
}

// UnmarshalJSON reads any single value.
func (t *anyText) UnmarshalJSON(data []byte) error {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return fmt.Errorf("an option: %w", err)
	}
	switch v := v.(type) {
	case string:
		*t = anyText(v)
	case nil:
		*t = ""
	default:
		*t = anyText(strings.TrimSpace(string(data)))
	}
	return nil
}
