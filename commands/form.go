package commands

import (
	"net/url"
	"slices"
	"strings"

	"boswell/chat"
	"boswell/incident"
)

// ActionForm is the action of every form; which command it is for stands in its state.
const ActionForm chat.ActionID = "form"

// formFields is the most that a form asks for: some platforms take no more.
const formFields = 5

// unasked are the arguments that no form asks for: people who need them type them.
var unasked = []chat.FieldID{FieldIncident, fieldSure, fieldFrom, fieldSince, fieldAfter, fieldDraft, fieldInvite}

// FormFor asks for what is missing and, as far as there is room, for what else the command takes. slash is what people type
// before a command on the platform.
func FormFor(p Parsed, slash string) chat.Form {
	c := p.Command
	f := chat.Form{Action: ActionForm, State: p.state(), Title: cut(upperFirst(c.Path()), 23), Submit: "Done",
		Typed: slash + " " + c.usage()}
	for _, a := range p.Missing {
		f.Fields = append(f.Fields, field(a))
	}
	for _, a := range c.Args {
		_, given := p.Text[a.Name]
		asked := slices.ContainsFunc(p.Missing, func(m chat.Arg) bool { return m.Name == a.Name })
		if !given && !asked && !a.Required && !slices.Contains(unasked, a.Name) {
			f.Fields = append(f.Fields, field(a))
		}
	}
	f.Fields = f.Fields[:min(len(f.Fields), formFields)]
	return f
}

func field(a chat.Arg) chat.FormField {
	f := chat.FormField{ID: a.Name, Label: upperFirst(string(a.Name)), Help: a.Help, Kind: chat.FormLine, Required: a.Required, Max: a.Max}
	switch a.Kind {
	case chat.ArgText:
		if a.Max > incident.MaxWords {
			f.Kind = chat.FormLong
		}
	case chat.ArgChoice:
		f.Kind, f.Choices = chat.FormChoice, a.Choices
	case chat.ArgYes:
		f.Kind, f.Choices = chat.FormChoice, []chat.Choice{{Value: no, Label: "No"}, {Value: yes, Label: "Yes"}}
	case chat.ArgPerson:
		f.Kind = chat.FormPerson
	}
	return f
}

// stateCommand is the key under which the state of a form keeps its command. No argument is called so.
const stateCommand = "."

// state is the command and what was given, to come back with the form.
func (p Parsed) state() string {
	values := url.Values{stateCommand: {p.Path}}
	for name, value := range p.Text {
		values.Set(string(name), value)
	}
	if p.Incident != 0 {
		values.Set(string(FieldIncident), p.Incident.String())
	}
	return values.Encode()
}

// fromState is the command that state was made of.
func fromState(state string) (Parsed, map[chat.FieldID]string, error) {
	values, err := url.ParseQuery(state)
	c, ok := byPath(values.Get(stateCommand))
	if err != nil || !ok || c.Sub != nil {
		return Parsed{}, nil, incident.Refuse("I do not know that form any more. Type the command again.")
	}
	given := map[chat.FieldID]string{}
	for name := range values {
		if name != stateCommand {
			given[chat.FieldID(name)] = values.Get(name)
		}
	}
	return parsed(c), given, nil
}

// FromForm is the command whose form was filled in. What is given in both is taken from the form.
func FromForm(state string, values map[chat.FieldID]string) (Parsed, error) {
	p, given, err := fromState(state)
	if err != nil {
		return Parsed{}, err
	}
	for name, value := range values {
		if strings.TrimSpace(value) != "" {
			given[name] = value
		}
	}
	return give(p, given)
}
