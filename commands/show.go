package commands

import (
	"fmt"

	"boswell/chat"
	"boswell/incident"
)

// The parts of an incident that `show` shows in full, beside how it stands.
const (
	partCauses  = "causes"
	partActions = "actions"
	partLessons = "lessons"
	partSupport = "support"
	partFields  = "fields"
)

func showCommand() *Command {
	return &Command{
		Name: "show",
		Help: "How the incident stands, or one part with the numbers of its items",
		Args: []chat.Arg{choiceArg(fieldPart, "One part of it",
			[]string{partCauses, partActions, partLessons, partSupport, partFields}, partActions)},
		Examples: []string{"show", "show actions", "show in:INC-7"},
		Needs:    AnIncident,
		Reads:    true,
		Run:      runShow,
	}
}

func runShow(req *Request) (chat.Reply, error) {
	in := req.Incident
	part, given := req.Text[fieldPart]
	if !given {
		return req.showState(in), nil
	}
	items := partItems(in, part)
	if len(items) == 0 {
		return req.aloud(in, chat.Say(fmt.Sprintf("%s has no %s yet.", titled(in.ID, in.Title()), partName(part)))), nil
	}
	t := chat.Text{}.Bold(upperFirst(partName(part))).Plain(" of " + titled(in.ID, in.Title()))
	return req.aloud(in, lines(t, items)), nil
}

func partName(part string) string {
	switch part {
	case partActions:
		return "action items"
	case partSupport:
		return "supporting information"
	default:
		return part
	}
}

// showState is the card, without what can be pressed, and how much there is of everything.
func (req *Request) showState(in *incident.Incident) chat.Reply {
	card := req.card(in)
	m := in.Metrics()
	card.Rows = append(card.Rows,
		row("Timeline", counted(m.Entries, "entry", "entries")),
		row("Responders", fmt.Sprint(m.Responders)),
		row("Action items", fmt.Sprintf("%d open, %d done", m.OpenActions, m.DoneActions)))
	if m.TTR.Known {
		card.Rows = append(card.Rows, row("Impact lasted", m.TTR.String()))
	}
	if rooms := roomNames(in); rooms != "" {
		card.Rows = append(card.Rows, row("Rooms", rooms))
	}
	card.Buttons, card.Menus = nil, nil
	return chat.Reply{Message: card, Public: isHere(in, req)}
}

func roomNames(in *incident.Incident) string {
	var names []string
	for _, r := range in.Rooms {
		name := r.Name
		if r.Unreadable != "" {
			name += " (cannot be read: " + r.Unreadable + ")"
		}
		names = append(names, name)
	}
	return andList(names)
}

// partItems are the items of a part, each with the number by which commands name it.
func partItems(in *incident.Incident, part string) []chat.Text {
	switch part {
	case partCauses:
		return causeItems(in)
	case partActions:
		return actionItems(in)
	case partLessons:
		return lessonItems(in)
	case partSupport:
		return supportItems(in)
	default:
		return fieldItems(in)
	}
}

func item(label, text string) chat.Text {
	return chat.Text{}.Bold(label).Plain(" " + flatten(text, entryLength))
}

func causeItems(in *incident.Incident) []chat.Text {
	var items []chat.Text
	for i, c := range in.Causes {
		text := string(c.Kind) + ": " + causeText(c)
		if c.Title != "" && c.Text != "" {
			text += ". " + c.Text
		}
		items = append(items, item(fmt.Sprint(i+1), text))
		for _, r := range c.Recommendations {
			items = append(items, chat.Say("    • "+flatten(r, entryLength)))
		}
	}
	return items
}

func actionItems(in *incident.Incident) []chat.Text {
	var items []chat.Text
	for i, a := range in.Actions {
		state := "to do"
		if a.Done {
			state = "done"
		}
		t := chat.Text{}.Bold(fmt.Sprint(i + 1)).Plain(" " + state + actionDetails(a))
		if a.Outcome != "" {
			t = t.Plain(" Outcome: " + quote(a.Outcome))
		}
		items = append(items, t)
	}
	return items
}

func lessonItems(in *incident.Incident) []chat.Text {
	var items []chat.Text
	for _, kind := range incident.LessonKinds() {
		for i, l := range lessonsOf(in, kind) {
			items = append(items, item(fmt.Sprintf("%s %d", kind, i+1), l.Text))
		}
	}
	return items
}

func supportItems(in *incident.Incident) []chat.Text {
	var items []chat.Text
	for i, s := range in.Supporting() {
		items = append(items, item(fmt.Sprint(i+1), s.Kind+": "+supportText(s)))
	}
	return items
}

func fieldItems(in *incident.Incident) []chat.Text {
	var items []chat.Text
	add := func(name, value string) {
		if value != "" {
			items = append(items, item(name, value))
		}
	}
	add(string(incident.FieldNumber), numberText(in.Number))
	add(string(incident.FieldDate), dateText(in.Date))
	add(string(incident.FieldZone), in.Zone.String())
	add(string(incident.FieldPrecision), string(in.Precision))
	for _, name := range incident.Fields() {
		add(name, in.Text(incident.Field(name)))
	}
	for _, key := range in.FrontKeys() {
		add(incident.FrontPrefix+key, in.Text(incident.Field(incident.FrontPrefix+key)))
	}
	return items
}
