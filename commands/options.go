package commands

import (
	"slices"
	"strconv"
	"strings"

	"boswell/chat"
	"boswell/incident"
)

// The arguments that several commands share.
const (
	fieldText   chat.FieldID = "text"
	fieldAt     chat.FieldID = "at"
	fieldSure   chat.FieldID = "sure"
	fieldFrom   chat.FieldID = "from"
	fieldEntry  chat.FieldID = "entry"
	fieldNumber chat.FieldID = "number"
	fieldKind   chat.FieldID = "kind"
	fieldTitle  chat.FieldID = "title"
)

func textArg(help, example string) chat.Arg {
	return chat.Arg{Name: fieldText, Help: help, Kind: chat.ArgText, Required: true, Max: incident.MaxText, Example: example}
}

func atArg(help string) chat.Arg {
	return chat.Arg{Name: fieldAt, Help: help, Kind: chat.ArgTime, Option: true, Example: "14:05"}
}

func sureArg() chat.Arg {
	return chat.Arg{Name: fieldSure, Help: "Yes: I mean it as it stands", Kind: chat.ArgYes, Option: true, Example: "yes"}
}

func fromArg() chat.Arg {
	return chat.Arg{Name: fieldFrom, Help: "Take the text of a message: its link, or the one this answers", Kind: chat.ArgMessage,
		Option: true, Example: "message"}
}

func entryArg() chat.Arg {
	return chat.Arg{Name: fieldEntry, Help: "Entry of the timeline: its number, or its handle like e12", Kind: chat.ArgWord,
		Required: true, Suggest: true, Example: "3"}
}

func numberArg(of string) chat.Arg {
	return chat.Arg{Name: fieldNumber, Help: "Which " + of + ", counted from 1", Kind: chat.ArgNumber, Required: true, Suggest: true,
		Example: "1"}
}

func choiceArg[T ~string](name chat.FieldID, help string, choices []T, example string) chat.Arg {
	a := chat.Arg{Name: name, Help: help, Kind: chat.ArgChoice, Example: example}
	for _, c := range choices {
		a.Choices = append(a.Choices, chat.Choice{Value: string(c), Label: string(c)})
	}
	return a
}

func option(a chat.Arg) chat.Arg {
	a.Option = true
	return a
}

func required(a chat.Arg) chat.Arg {
	a.Required = true
	return a
}

func optional(a chat.Arg) chat.Arg {
	a.Required = false
	return a
}

// readers is short for what turns values into the form that they are kept in.
type readers = map[chat.FieldID]func(string) (string, error)

// reads makes a reader of one of the domain's own.
func reads[T ~string](parse func(string) (T, error)) func(string) (string, error) {
	return func(text string) (string, error) {
		v, err := parse(text)
		return string(v), err
	}
}

// orClear lets the sign that empties through.
func orClear(read func(string) (string, error)) func(string) (string, error) {
	return func(text string) (string, error) {
		if text == incident.Clear {
			return text, nil
		}
		return read(text)
	}
}

// readArg brings a value into its one form.
func (c *Command) readArg(a chat.Arg, value string) (string, error) {
	if read, ok := c.read[a.Name]; ok {
		return read(value)
	}
	switch a.Kind {
	case chat.ArgNumber:
		return readNumber(a, value)
	case chat.ArgYes:
		return readYes(a, value)
	case chat.ArgChoice:
		return readChoice(a, value)
	default:
		return value, nil
	}
}

// most is far above every number that a command takes, and far below what overflows.
const most = 1_000_000

func readNumber(a chat.Arg, value string) (string, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(value, "#"))
	if err != nil || n < 0 || n > most {
		return "", incident.Refuse("%q is not a number for the %s. Write a whole number, like %s.", cut(value, 40), a.Name, a.Example)
	}
	return strconv.Itoa(n), nil
}

// The two answers to a question.
const (
	yes = "yes"
	no  = "no"
)

func readYes(a chat.Arg, value string) (string, error) {
	switch strings.ToLower(value) {
	case yes, "y", "true", "1", "on":
		return yes, nil
	case no, "n", "false", "0", "off":
		return no, nil
	}
	return "", incident.Refuse("`%s:` is yes or no, not %q.", a.Name, cut(value, 40))
}

func readChoice(a chat.Arg, value string) (string, error) {
	var known []string
	for _, c := range a.Choices {
		known = append(known, c.Value)
	}
	if i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, value) }); i >= 0 {
		return known[i], nil
	}
	return "", incident.Refuse("There is no %s %q.%s Choose %s.", a.Name, cut(value, 40), incident.DidYouMean(value, known), orList(known))
}

// number is an argument that Parse let through as one; 0 where it was not given.
func (req *Request) number(name chat.FieldID) int {
	n, err := strconv.Atoi(req.Text[name])
	if err != nil {
		return 0
	}
	return n
}

// says says that a yes-or-no argument was answered with yes.
func (req *Request) says(name chat.FieldID) bool { return req.Text[name] == yes }
