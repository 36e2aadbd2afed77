// Package commands is what people can ask: one declaration per command, one file per group of commands.
//
// The invariant: a command is declared once. The words that people type, the options that a platform makes of the
// declarations, forms, buttons, completion, help and the documentation all come from that declaration and end in the same
// map of arguments. A command never touches the network: it reads and decides within one transaction, and what is to be said
// elsewhere than in the answer is owed there.
package commands

import (
	"slices"
	"strings"
	"sync"

	"boswell/chat"
	"boswell/incident"
)

// Need says what a command cannot do without.
type Need int

// The needs of commands.
const (
	// NoIncident is a command that makes sense anywhere; Request.Incident may be nil or an incident that has ended.
	NoIncident Need = iota
	// AnIncident is a command about one incident: the one that it names, else that of the room.
	AnIncident
)

// A Command is one word that people can type, or a group of them.
type Command struct {
	Name string
	Help string // at most 100 characters
	Args []chat.Arg
	// Examples are lines as they are typed, without what the platform puts before them.
	Examples []string
	// Sub are the commands of a group; a group has neither arguments nor Run.
	Sub   []*Command
	Needs Need
	// Reads says that it changes nothing and owes nothing.
	Reads bool
	// Run answers a request whose arguments are those of Args. An incident.Refusal is for the person who asked.
	Run func(*Request) (chat.Reply, error)

	// flat are the words by which a command of a group is typed without the word of its group.
	flat []string
	// numbered says that it is typed behind the number of what it is about: "cause 2 recommend …".
	numbered bool
	// usual is, in a group, the command that is meant where none is named.
	usual *Command
	// wordy says that the usual command of a group begins with free text. A word at its beginning is then never taken for
	// the name of a command: "action add an alert" is an action item that begins with "add".
	wordy bool
	// read turns a typed value into the one form that it is kept in, and refuses what cannot be meant.
	read map[chat.FieldID]func(string) (string, error)
	// instead names, for an argument that is required, the one that may stand in for it.
	instead map[chat.FieldID]chat.FieldID
	group   *Command
}

// Path is the words of the tree that lead to the command: "cause add".
func (c *Command) Path() string {
	if c.group == nil {
		return c.Name
	}
	return c.group.Name + " " + c.Name
}

func (c *Command) arg(name chat.FieldID) (chat.Arg, bool) {
	i := slices.IndexFunc(c.Args, func(a chat.Arg) bool { return a.Name == name })
	if i < 0 {
		return chat.Arg{}, false
	}
	return c.Args[i], true
}

// options are the arguments that are written name:value.
func (c *Command) options() []chat.Arg {
	return slices.DeleteFunc(slices.Clone(c.Args), func(a chat.Arg) bool { return !a.Option })
}

// places are the arguments that stand in their place, in that order.
func (c *Command) places() []chat.Arg {
	return slices.DeleteFunc(slices.Clone(c.Args), func(a chat.Arg) bool { return a.Option })
}

// named is the command of a group with this name.
func (c *Command) named(name string) (*Command, bool) {
	i := slices.IndexFunc(c.Sub, func(s *Command) bool { return s.Name == name })
	if i < 0 {
		return nil, false
	}
	return c.Sub[i], true
}

// FieldIncident is the argument by which any command names its incident.
const FieldIncident chat.FieldID = "in"

var tree struct {
	once  sync.Once
	all   []*Command
	words map[string]*Command // every word that a typed line can begin with
}

// All is the tree of commands, in the order in which help lists them. It is only read.
func All() []*Command {
	tree.once.Do(grow)
	return tree.all
}

func firstWords() map[string]*Command {
	tree.once.Do(grow)
	return tree.words
}

func grow() {
	tree.all = []*Command{
		startCommand(), noteCommand(), timelineGroup(), setCommand(), causeGroup(), lessonGroup(), actionGroup(),
		supportGroup(), statusCommand(), severityCommand(), updateCommand(), mitigateCommand(), resolveCommand(),
		closeCommand(), reopenCommand(), cancelCommand(), peopleGroup(), roomGroup(), showCommand(), listCommand(),
		findCommand(), postmortemGroup(), undoCommand(), snoozeCommand(), helpCommand(),
	}
	tree.words = map[string]*Command{}
	for _, c := range tree.all {
		c.plant()
		for _, s := range c.Sub {
			s.group = c
			s.plant()
		}
	}
}

// plant makes the words of a command known, and gives one about an incident the argument that names it.
func (c *Command) plant() {
	if c.group == nil {
		tree.words[c.Name] = c
	}
	for _, word := range c.flat {
		tree.words[word] = c
	}
	if c.Run != nil && c.Needs == AnIncident {
		c.Args = append(c.Args, chat.Arg{Name: FieldIncident, Help: "Which incident; else that of this room",
			Kind: chat.ArgWord, Option: true, Suggest: true, Example: "INC-7"})
	}
}

// byPath is the command at a path of the tree.
func byPath(path string) (*Command, bool) {
	name, sub, deeper := strings.Cut(path, " ")
	for _, c := range All() {
		if c.Name != name {
			continue
		}
		if deeper {
			return c.named(sub)
		}
		return c, true
	}
	return nil, false
}

// Declared is the tree as platforms make native commands of it.
func Declared() []chat.Command {
	var declared []chat.Command
	for _, c := range All() {
		declared = append(declared, c.declared())
	}
	return declared
}

func (c *Command) declared() chat.Command {
	d := chat.Command{Name: c.Name, Help: c.Help, Args: slices.Clone(c.Args), Examples: slices.Clone(c.Examples)}
	for _, s := range c.Sub {
		d.Sub = append(d.Sub, s.declared())
	}
	return d
}

// Parsed is a command with its arguments, whichever way it was given.
type Parsed struct {
	Command *Command
	Path    string
	// Incident is the one that was named; 0 is that of the room.
	Incident incident.ID
	// Text holds the arguments that were given, by name.
	Text map[chat.FieldID]string
	// Missing are the required arguments that were not given.
	Missing []chat.Arg
}

func parsed(c *Command) Parsed {
	return Parsed{Command: c, Path: c.Path(), Text: map[chat.FieldID]string{}}
}
