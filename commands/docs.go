package commands

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"boswell/chat"
)

const docsHead = `# Commands

Written from the declarations in package commands; run ` + "`go test ./commands -run TestDocs -update`" + ` to write it again.

Most of what matters needs no command: a reaction with 📌, a native pin, the words ` + "`#timeline`" + ` in a message or the
message action "Add to timeline" put a message on the timeline; 📎 keeps it as supporting information. Taking the mark away
takes the message out again. Everything else is typed behind the word that the platform gives to the bot, here
` + "`/incident`" + `.

- An option is written ` + "`name:value`" + ` without a blank, in any order, before the text; a value with blanks stands in
  double quotes, and a quote within quotes is written twice. Only the options that a command declares are options; any other
  word is text.
- A time with a blank in it needs the quotes: ` + "`at:\"yesterday 22:16\"`" + `, ` + "`at:\"10m ago\"`" + `, ` + "`at:\"14:05 Europe/Paris\"`" + `.
- The text is the rest of the line, as it is typed. A text that begins like an option, like the rest of a time or with the
  name of an incident is kept from being taken for that by ` + "`--`" + ` before it: ` + "`note -- at:the edge`" + `.
- The first letters of a command do, if no other begins with them: ` + "`tim`" + ` is ` + "`timeline`" + `.
- A command is about the incident of the room. ` + "`in:INC-7`" + ` names another one, and so does ` + "`INC-7`" + ` as the first word or, in a
  command that takes no text, as the last.
- A command that lacks something opens a form, where the platform has forms.
- Where the platform has commands of its own, they have the path that stands below each heading.

`

// Markdown is the documentation of all commands.
func Markdown() []byte {
	var b bytes.Buffer
	b.WriteString(docsHead)
	for _, c := range All() {
		if c.Sub == nil {
			c.document(&b)
			continue
		}
		fmt.Fprintf(&b, "## %s\n\n%s.\n\n", c.Name, c.Help)
		for _, s := range c.Sub {
			s.document(&b)
		}
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n')
}

// document writes the section of one command.
func (c *Command) document(b *bytes.Buffer) {
	level := "##"
	if c.group != nil {
		level = "###"
	}
	fmt.Fprintf(b, "%s `%s`\n\n%s. As a native command: `%s`.%s\n\n", level, c.usage(), c.Help, c.Path(), c.notes())
	args := slices.DeleteFunc(slices.Clone(c.Args), func(a chat.Arg) bool { return a.Name == FieldIncident })
	if len(args) > 0 {
		b.WriteString("| argument | meaning | example |\n| --- | --- | --- |\n")
		for _, a := range args {
			fmt.Fprintf(b, "| `%s` | %s | `%s` |\n", a.Name, cell(a.Help+choices(a)), cell(a.Example))
		}
		b.WriteString("\n")
	}
	b.WriteString("```\n")
	for _, e := range c.Examples {
		fmt.Fprintf(b, "/incident %s\n", e)
	}
	b.WriteString("```\n\n")
}

// notes are what holds for the command beside its arguments.
func (c *Command) notes() string {
	text := ""
	if len(c.flat) > 1 {
		text += " Also typed `" + strings.Join(c.flat[1:], "`, `") + "`."
	}
	if c.Reads {
		text += " Changes nothing."
	}
	return text
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
