package commands

import (
	"fmt"
	"strings"

	"boswell/chat"
	"boswell/incident"
)

const fieldField chat.FieldID = "field"

// appends, before the name of a field, says that the text is added to what is there.
const appends = "+"

func setCommand() *Command {
	return &Command{
		Name: "set",
		Help: "Set a field of the postmortem; +field adds to it, - empties it",
		Args: []chat.Arg{
			{Name: fieldField, Help: "Which field, like summary; +impact adds an item or a paragraph", Kind: chat.ArgWord, Required: true,
				Suggest: true, Example: "summary"},
			suggested(textArg("What it says; - empties it", "Checkout answered 500 for 20 minutes.")),
			fromArg(),
		},
		Examples: []string{"set summary Checkout answered 500 for 20 minutes.", "set +impact 120 orders were lost", "set date 2024-03-21",
			"set zone Europe/Paris", "set background from:message"},
		Needs:   AnIncident,
		Run:     runSet,
		read:    readers{fieldField: readField},
		instead: map[chat.FieldID]chat.FieldID{fieldText: fieldFrom},
	}
}

func suggested(a chat.Arg) chat.Arg {
	a.Suggest = true
	return a
}

// readField reads the name of a field, and the sign before it that appends.
func readField(text string) (string, error) {
	name, add := strings.CutPrefix(text, appends)
	switch lower := strings.ToLower(name); lower {
	case "severity", "status":
		return "", incident.Refuse("The %s has a command of its own: `/incident %s`.", lower, firstWords()[lower].usage())
	}
	f, err := incident.ParseField(name)
	if add {
		return appends + string(f), err
	}
	return string(f), err
}

func runSet(req *Request) (chat.Reply, error) {
	in := req.Incident
	text, err := req.prose()
	if err != nil {
		return chat.Reply{}, err
	}
	name, add := strings.CutPrefix(req.Text[fieldField], appends)
	field := incident.Field(name)
	var events []incident.Event
	if add {
		events, err = in.Append(field, text)
	} else {
		events, err = in.Set(field, text, req.At)
	}
	if err != nil {
		return chat.Reply{}, err
	}
	if len(events) == 0 {
		return unchanged("The field %s of %s says so already.", field, in.ID), nil
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	return req.aloud(in, req.undoable(in, chat.Say(wasSet(in, events[0], text)))), nil
}

// prose is the text of a command: as typed, or that of the message which stands in for it.
func (req *Request) prose() (string, error) {
	if text, typed := req.Text[fieldText]; typed {
		return text, nil
	}
	message, there := req.Messages[fieldFrom]
	switch {
	case !there:
		return "", incident.Refuse("I do not know which message you mean. Call the command on the message, or write from: and the link to it.")
	case strings.TrimSpace(message.Text) == "":
		return "", incident.Refuse("That message has no text. Type it behind the command.")
	}
	return strings.TrimSpace(message.Text), nil
}

// wasSet says what a field says now, as it was understood.
func wasSet(in *incident.Incident, e incident.Event, text string) string {
	switch e := e.(type) {
	case incident.FieldAppended:
		return fmt.Sprintf("Added to %s of %s, now %s: %s.", e.Field, in.ID, piecesOf(in, e.Field), quote(text))
	case incident.FieldSet:
		return fieldSet(in, e, text)
	case incident.NumberSet:
		return simplySet(in, "number", numberText(e.Number))
	case incident.DateSet:
		return simplySet(in, "date", dateText(e.Date))
	case incident.ZoneSet:
		return simplySet(in, "zone", e.Zone.String()) + " Times are read and printed in it from now on."
	case incident.PrecisionSet:
		return simplySet(in, "precision", string(e.Precision)) + " It is that of the messages that are marked."
	case incident.PublishedSet:
		return publishedSet(in, e)
	default:
		return fmt.Sprintf("%s was changed.", in.ID)
	}
}

func fieldSet(in *incident.Incident, e incident.FieldSet, text string) string {
	switch {
	case len(e.Values) == 0:
		return fmt.Sprintf("The %s of %s is empty now.", e.Field, in.ID)
	case e.Field == incident.FieldAuthors:
		return simplySet(in, "authors", andList(e.Values))
	default:
		return fmt.Sprintf("Set the %s of %s to %s.", e.Field, in.ID, quote(text))
	}
}

// simplySet says what a value of few words is now; empty is none.
func simplySet(in *incident.Incident, what, value string) string {
	if value == "" {
		return fmt.Sprintf("The %s of %s is empty now.", what, in.ID)
	}
	return fmt.Sprintf("Set the %s of %s to %s.", what, in.ID, value)
}

func numberText(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("#%d", n)
}

// dateText is a date as it was read, since many can be read in two ways.
func dateText(d incident.Date) string {
	switch {
	case d == (incident.Date{}):
		return ""
	case d.Month:
		return d.From.Month.String() + fmt.Sprintf(" %d", d.From.Year)
	case d.To.IsZero():
		return d.From.String()
	default:
		return d.From.String() + " to " + d.To.String()
	}
}

func publishedSet(in *incident.Incident, e incident.PublishedSet) string {
	if e.At.IsZero() {
		return simplySet(in, "publication date", "")
	}
	return simplySet(in, "publication date", e.At.In(in.Zone.Location()).Format("2 January 2006 15:04 ")+in.Zone.String())
}

// piecesOf counts what a field holds.
func piecesOf(in *incident.Incident, f incident.Field) string {
	n := len(in.Values(f))
	if f.List() {
		return counted(n, "item", "items")
	}
	return counted(n, "paragraph", "paragraphs")
}
