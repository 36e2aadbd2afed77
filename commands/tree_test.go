package commands_test

import (
	"regexp"
	"testing"
	"unicode/utf8"

	"boswell/chat"
	"boswell/commands"
)

// What the narrowest platform takes of a tree of commands.
const (
	mostWords   = 25
	mostArgs    = 25
	mostChoices = 25
	mostHelp    = 100
	mostTotal   = 8000 // characters of all names, descriptions and values
)

var commandName = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

func TestTreeFitsEveryPlatform(t *testing.T) {
	declared := commands.Declared()
	if len(declared) > mostWords {
		t.Errorf("%d words on the first level, at most %d", len(declared), mostWords)
	}
	total := 0
	for _, c := range declared {
		total += checkDeclared(t, c, 1)
	}
	if total > mostTotal {
		t.Errorf("the declarations have %d characters, at most %d", total, mostTotal)
	}
}

// checkDeclared checks one word of the tree and returns how many characters it declares.
func checkDeclared(t *testing.T, c chat.Command, level int) int {
	t.Helper()
	total := checkWord(t, c.Name, c.Help)
	if len(c.Sub) > mostWords || len(c.Sub) > 0 && (level > 1 || len(c.Args) > 0) {
		t.Errorf("%s has %d commands on level %d and %d arguments", c.Name, len(c.Sub), level, len(c.Args))
	}
	if len(c.Args) > mostArgs {
		t.Errorf("%s has %d arguments", c.Name, len(c.Args))
	}
	for _, a := range c.Args {
		total += checkWord(t, string(a.Name), a.Help)
		if len(a.Choices) > mostChoices {
			t.Errorf("%s %s has %d choices", c.Name, a.Name, len(a.Choices))
		}
		for _, choice := range a.Choices {
			total += utf8.RuneCountInString(choice.Label) + utf8.RuneCountInString(choice.Value)
		}
	}
	for _, s := range c.Sub {
		total += checkDeclared(t, s, level+1)
	}
	return total
}

func checkWord(t *testing.T, name, help string) int {
	t.Helper()
	n := utf8.RuneCountInString(help)
	if !commandName.MatchString(name) || n == 0 || n > mostHelp {
		t.Errorf("%q is explained in %d characters: %q", name, n, help)
	}
	return n + len(name)
}

func TestEveryCommandIsExplained(t *testing.T) {
	for _, c := range commands.All() {
		if c.Sub == nil {
			checkExplained(t, c)
			continue
		}
		if c.Run != nil || len(c.Args) > 0 {
			t.Errorf("%s is a group and a command", c.Name)
		}
		for _, s := range c.Sub {
			checkExplained(t, s)
		}
	}
}

func checkExplained(t *testing.T, c *commands.Command) {
	t.Helper()
	if c.Run == nil || len(c.Examples) == 0 {
		t.Errorf("%s does nothing, or has no example", c.Path())
	}
	for _, line := range c.Examples {
		p, err := commands.Parse(line, nil)
		if err != nil || p.Path != c.Path() || len(p.Missing) > 0 {
			t.Errorf("the example %q of %s is %s, missing %v: %v", line, c.Path(), p.Path, p.Missing, err)
		}
	}
	last := true
	for i := range c.Args {
		a := c.Args[len(c.Args)-1-i]
		if a.Example == "" {
			t.Errorf("the argument %s of %s has no example", a.Name, c.Path())
		}
		if a.Option {
			continue
		}
		if a.Kind == chat.ArgText && !last {
			t.Errorf("the text of %s is not its last argument", c.Path())
		}
		last = false
	}
}
