package commands

import (
	"strings"

	"boswell/chat"
)

func helpCommand() *Command {
	return &Command{
		Name:     "help",
		Help:     "What can be typed, or all about one command",
		Args:     []chat.Arg{{Name: fieldCommand, Help: "The command to explain", Kind: chat.ArgWord, Suggest: true, Example: "note"}},
		Examples: []string{"help", "help note"},
		Reads:    true,
		Run:      runHelp,
		flat:     []string{"?", "--help", "-h"},
	}
}

const fieldCommand chat.FieldID = "command"

func runHelp(req *Request) (chat.Reply, error) {
	word, given := req.Text[fieldCommand]
	if !given {
		return aside(req.helpAll()), nil
	}
	c, err := explained(strings.TrimPrefix(word, req.slash()+" "))
	if err != nil {
		return chat.Reply{}, err
	}
	if c.Sub == nil {
		return aside(req.helpOne(c)), nil
	}
	t := chat.Text{}.Bold(c.Name).Plain(" · " + c.Help)
	for _, s := range c.Sub {
		t = append(t.Plain("\n\n"), req.helpOne(s)...)
	}
	return aside(t), nil
}

// explained is the command or group that words name, by the words that are typed or those of the tree.
func explained(text string) (*Command, error) {
	path := strings.Join(strings.Fields(strings.ToLower(text)), " ")
	if c, ok := byPath(path); ok {
		return c, nil
	}
	first, _, _ := strings.Cut(path, " ")
	return lookUp(first)
}

// helpAll is one line for each word of the tree.
func (req *Request) helpAll() chat.Text {
	t := chat.Say("Mark a message with 📌 to put it on the timeline, with 📎 to keep it as supporting information. Everything else is typed behind ")
	t = t.Code(req.slash()).Plain(":")
	for _, c := range All() {
		t = t.Plain("\n")
		if c.Sub == nil {
			t = t.Code(c.shape()).Plain(" · " + c.Help)
			continue
		}
		for i, s := range c.Sub {
			if i > 0 {
				t = t.Plain(", ")
			}
			t = t.Code(s.shape())
		}
		t = t.Plain(" · " + c.Help)
	}
	t = t.Plain("\nOptions like ").Code("at:14:05").Plain(" stand before the text; a value with blanks is put in \"double quotes\". ")
	t = t.Code("in:INC-7").Plain(" names another incident than that of the room. ").Code(req.typed("help note")).Plain(" explains one command.")
	if req.Settings.Version != "" {
		t = t.Plain("\nBoswell " + req.Settings.Version)
	}
	return t
}

// shape is how the command is typed, without its options and text: "cause <number> recommend".
func (c *Command) shape() string {
	if c.numbered {
		return c.group.Name + " " + placeUsage(c.places()[0]) + " " + c.Name
	}
	return c.word()
}

// helpOne is all about one command.
func (req *Request) helpOne(c *Command) chat.Text {
	t := chat.Text{}.Code(req.typed(c.usage())).Plain("\n" + c.Help + ".")
	for _, a := range c.Args {
		t = t.Plain("\n• ").Bold(string(a.Name)).Plain(" · " + a.Help + choices(a))
	}
	for _, e := range c.Examples {
		t = t.Plain("\nFor example ").Code(req.typed(e))
	}
	return t
}

// choices are the values that an argument takes, if they are few.
func choices(a chat.Arg) string {
	if len(a.Choices) == 0 {
		return ""
	}
	var values []string
	for _, c := range a.Choices {
		values = append(values, c.Value)
	}
	return " (" + strings.Join(values, ", ") + ")"
}
