package commands

import (
	"fmt"
	"slices"
	"strings"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// What platforms take of a completion.
const (
	mostChoices = 25
	choiceLabel = 100 // characters
)

// Complete offers what could complete an argument that is being typed, the likeliest first, at most 25. req needs a
// transaction that reads. Its incident is the one that another argument names, else that of the room.
func Complete(req *Request, s chat.Suggest) []chat.Choice {
	c, ok := byPath(strings.ToLower(strings.Join(strings.Fields(s.Line), " ")))
	if ok && c.Sub != nil {
		c, ok = c.usual, c.usual != nil
	}
	if !ok {
		return nil
	}
	a, ok := c.arg(s.Field)
	if !ok {
		return nil
	}
	id, _ := incident.ParseID(s.Args[FieldIncident]) // what is not the name of an incident yet is no reason to be silent
	if in, err := req.about(id); err == nil {
		req.Incident = in
	}
	return fitting(req.candidates(c, a, s), s.Typed)
}

// candidates are all that an argument could be.
func (req *Request) candidates(c *Command, a chat.Arg, s chat.Suggest) []chat.Choice {
	switch {
	case len(a.Choices) > 0:
		return a.Choices
	case a.Name == FieldIncident:
		return req.incidentChoices()
	case a.Name == fieldCommand:
		return commandChoices()
	case a.Name == fieldField:
		return fieldChoices()
	case a.Name == fieldText:
		return valueChoices(s.Args[fieldField])
	case a.Name == fieldReminder:
		return plainChoices(req.Here.Reminders)
	case a.Kind == chat.ArgPerson:
		return req.personChoices()
	case req.Incident == nil:
		return nil
	case a.Name == fieldEntry || a.Name == fieldAfter:
		return entryChoices(req.Incident)
	case a.Name == fieldNumber:
		return numberChoices(req.Incident, c.group.Name, s.Args[fieldKind])
	case a.Name == fieldRoom:
		return roomChoices(req.Incident)
	default:
		return nil
	}
}

// fitting are the candidates that have what was typed in them: those that begin with it first.
func fitting(all []chat.Choice, typed string) []chat.Choice {
	typed = strings.ToLower(strings.TrimSpace(typed))
	var begins, has []chat.Choice
	for _, c := range all {
		c.Label = cut(c.Label, choiceLabel-1)
		value, label := strings.ToLower(c.Value), strings.ToLower(c.Label)
		switch {
		case strings.HasPrefix(value, typed) || strings.HasPrefix(label, typed):
			begins = append(begins, c)
		case strings.Contains(value, typed) || strings.Contains(label, typed):
			has = append(has, c)
		}
	}
	found := append(begins, has...)
	return found[:min(len(found), mostChoices)]
}

func plainChoices(values []string) []chat.Choice {
	var choices []chat.Choice
	for _, v := range values {
		choices = append(choices, chat.Choice{Value: v, Label: v})
	}
	return choices
}

// incidentChoices are the incidents that the person may see, those under way first.
func (req *Request) incidentChoices() []chat.Choice {
	var live, ended []chat.Choice
	err := req.visible(func(s storage.Summary) error {
		c := chat.Choice{Value: s.ID.String(), Label: s.ID.String() + " " + flatten(s.Title, quoteLength) + " · " + string(s.State)}
		if s.State.Live() {
			live = append(live, c)
		} else {
			ended = append(ended, c)
		}
		if len(live)+len(ended) == readMost {
			return errEnough
		}
		return nil
	})
	if err != nil {
		return nil
	}
	return append(live, ended...)
}

func commandChoices() []chat.Choice {
	var choices []chat.Choice
	for _, c := range All() {
		choices = append(choices, chat.Choice{Value: c.Name, Label: c.Name + " · " + c.Help})
		for _, s := range c.Sub {
			choices = append(choices, chat.Choice{Value: s.Path(), Label: s.Path() + " · " + s.Help})
		}
	}
	return choices
}

// fieldChoices are the fields, and then those that can be added to.
func fieldChoices() []chat.Choice {
	choices := plainChoices(incident.Fields())
	for _, name := range incident.Fields() {
		if incident.Field(name).List() {
			choices = append(choices, chat.Choice{Value: appends + name, Label: appends + name + " (adds to it)"})
		}
	}
	return choices
}

// valueChoices are the values of the fields that take one of a few.
func valueChoices(field string) []chat.Choice {
	switch incident.Field(field) {
	case incident.FieldZone:
		return plainChoices(incident.Zones())
	case incident.FieldPrecision:
		return plainChoices([]string{string(incident.Minute), string(incident.Second), string(incident.Day)})
	default:
		return nil
	}
}

// personChoices are the people of the platform that are known here.
func (req *Request) personChoices() []chat.Choice {
	choices := []chat.Choice{{Value: me, Label: "me (" + req.User.Display() + ")"}}
	for p := range req.Tx.People() {
		i := slices.IndexFunc(p.Accounts, func(a storage.Account) bool { return a.Platform == req.Place.Platform })
		if i < 0 || p.Bot || p.ID == req.By {
			continue
		}
		c := chat.Choice{Value: p.Name, Label: p.Name}
		if handle := p.Accounts[i].Handle; handle != "" {
			c = chat.Choice{Value: "@" + handle, Label: p.Name + " (@" + handle + ")"}
		}
		choices = append(choices, c)
	}
	return choices
}

// entryChoices are the entries of the timeline, the newest first. Their value is the handle: the number may be another by
// the time the command is sent.
func entryChoices(in *incident.Incident) []chat.Choice {
	var choices []chat.Choice
	for i, e := range slices.Backward(in.Timeline()) {
		label := fmt.Sprintf("%d · ", i+1)
		if at := clock(e.Happened, in.Zone); at != "" {
			label += at + " "
		}
		choices = append(choices, chat.Choice{Value: string(e.ID), Label: label + flatten(entryText(e), quoteLength)})
	}
	return choices
}

// numberChoices are the numbered things of a group of commands.
func numberChoices(in *incident.Incident, group, kind string) []chat.Choice {
	var texts []string
	switch group {
	case "cause":
		for _, c := range in.Causes {
			texts = append(texts, causeText(c))
		}
	case "action":
		for _, a := range in.Actions {
			texts = append(texts, a.Text)
		}
	case "lesson":
		for _, l := range lessonsOf(in, incident.LessonKind(kind)) {
			texts = append(texts, l.Text)
		}
	case "support":
		for _, s := range in.Supporting() {
			texts = append(texts, supportText(s))
		}
	}
	var choices []chat.Choice
	for i, text := range texts {
		n := fmt.Sprint(i + 1)
		choices = append(choices, chat.Choice{Value: n, Label: n + " · " + flatten(text, quoteLength)})
	}
	return choices
}

// roomChoices are the rooms that can be unlinked.
func roomChoices(in *incident.Incident) []chat.Choice {
	var choices []chat.Choice
	for _, r := range in.Rooms {
		if !r.Home {
			choices = append(choices, chat.Choice{Value: r.Platform + ":" + r.Name, Label: r.Name + " (" + r.Platform + ")"})
		}
	}
	return choices
}
