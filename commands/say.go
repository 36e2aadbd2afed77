package commands

import (
	"fmt"
	"slices"
	"strings"

	"boswell/chat"
	"boswell/incident"
)

// quoteLength is how much of a text an answer quotes, in characters: enough to recognise it.
const quoteLength = 80

func cut(text string, runes int) string {
	r := []rune(text)
	if len(r) <= runes {
		return text
	}
	return string(r[:runes]) + "…"
}

// quote is a text as an answer quotes it: in one line, and not all of it.
func quote(text string) string { return "“" + flatten(text, quoteLength) + "”" }

// flatten is the beginning of a text, in one line.
func flatten(text string, runes int) string {
	return cut(strings.Join(strings.Fields(text), " "), runes)
}

func orList(words []string) string  { return joined(words, "or") }
func andList(words []string) string { return joined(words, "and") }

func joined(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}

// counted is a number and its noun: "1 entry", "2 entries".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// slash is what people type before a command here.
func (req *Request) slash() string {
	if req.Settings.Slash == "" {
		return "/incident"
	}
	return req.Settings.Slash
}

// typed is a line as it is typed here.
func (req *Request) typed(line string) string { return req.slash() + " " + line }

// name is how a person is called.
func (req *Request) name(id incident.PersonID) string {
	if p, ok := req.Tx.Person(id); ok && p.Name != "" {
		return p.Name
	}
	if id == req.By && id != "" {
		return req.User.Display()
	}
	return "somebody"
}

// mention adds a person: so that they are told, where they have an account on the platform of the request.
func (req *Request) mention(t chat.Text, id incident.PersonID) chat.Text {
	p, _ := req.Tx.Person(id)
	for _, a := range p.Accounts {
		if a.Platform == req.Place.Platform {
			return t.Mention(chat.User{ID: a.User, Handle: a.Handle, Name: p.Name})
		}
	}
	return t.Bold(req.name(id))
}

// aside is an answer for the person who asked alone.
func aside(t chat.Text) chat.Reply { return chat.Reply{Message: chat.Message{Text: t}} }

// aloud is an answer that everybody in the room may read. Where the incident is not fought in that room, only the person who
// asked gets it: the others there may not be allowed to see it.
func (req *Request) aloud(in *incident.Incident, t chat.Text) chat.Reply {
	return chat.Reply{Message: chat.Message{Text: t}, Public: isHere(in, req)}
}

// undoable adds how to take the change back.
func (req *Request) undoable(in *incident.Incident, t chat.Text) chat.Text {
	return t.Plain(" ").Code(req.typed("undo" + req.elsewhere(in))).Plain(" takes it back.")
}

// elsewhere is what a command about the incident has to add where it is typed in the same place as the one of this request.
func (req *Request) elsewhere(in *incident.Incident) string {
	if req.ofRoom() == in.ID {
		return ""
	}
	return " in:" + in.ID.String()
}

// unchanged answers somebody who asked for what already is.
func unchanged(format string, args ...any) chat.Reply {
	return aside(chat.Say(fmt.Sprintf(format, args...) + " Nothing was changed."))
}

// titled is the incident as people recognise it: INC-7 “Title”.
func titled(id incident.ID, title string) string { return id.String() + " " + quote(title) }

// lines adds items, one below the other.
func lines(t chat.Text, items []chat.Text) chat.Text {
	for i, item := range items {
		if i > 0 || len(t) > 0 {
			t = t.Plain("\n")
		}
		t = append(t, item...)
	}
	return slices.Clip(t)
}

func lowerFirst(text string) string { return strings.ToLower(text[:1]) + text[1:] }
