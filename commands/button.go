package commands

import (
	"strings"

	"boswell/chat"
	"boswell/incident"
)

// What the buttons, and the options of menus, are for. The value of each is the incident, with what detailed names behind it;
// that of ActionStart is the key of a stored draft.
const (
	ActionJoin     chat.ActionID = "join"
	ActionCommand  chat.ActionID = "command" // take the role of incident commander
	ActionRole     chat.ActionID = "role"    // take a role
	ActionSeverity chat.ActionID = "severity"
	ActionStatus   chat.ActionID = "status"
	ActionMitigate chat.ActionID = "mitigate"
	ActionResolve  chat.ActionID = "resolve"
	ActionUpdate   chat.ActionID = "update"
	ActionSnooze   chat.ActionID = "snooze"
	ActionEdit     chat.ActionID = "edit"
	ActionTake     chat.ActionID = "take"  // what was marked before the room was linked
	ActionStart    chat.ActionID = "start" // although there are other incidents
)

// behind are the paths of the commands that buttons run.
var behind = map[chat.ActionID]string{
	ActionJoin: "people join", ActionCommand: "people role", ActionRole: "people role", ActionSeverity: "severity",
	ActionStatus: "status", ActionMitigate: "mitigate", ActionResolve: "resolve", ActionUpdate: "update", ActionSnooze: "snooze",
	ActionEdit: "timeline edit", ActionTake: "room take", ActionStart: "start",
}

// detailed are the arguments whose value stands behind the incident.
var detailed = map[chat.ActionID]chat.FieldID{ActionRole: fieldRole, ActionSeverity: fieldSeverity, ActionStatus: fieldText,
	ActionSnooze: fieldReminder, ActionEdit: fieldEntry}

// FromButton is the command that a pressed button stands for.
func FromButton(action chat.ActionID, value string) (Parsed, error) {
	c, ok := byPath(behind[action])
	if !ok {
		return Parsed{}, incident.Refuse("I do not know that button any more. `/incident help` lists what can be typed instead.")
	}
	p := parsed(c)
	if action == ActionStart {
		p.Text[fieldDraft] = value
		return p, nil
	}
	name, detail, _ := strings.Cut(value, " ")
	id, err := incident.ParseID(name)
	if err != nil {
		return Parsed{}, err
	}
	p.Incident = id
	if field, ok := detailed[action]; ok && detail != "" {
		p.Text[field] = detail
	}
	switch action {
	case ActionCommand:
		p.Text[fieldRole], p.Text[fieldPerson] = string(incident.Commander), me
	case ActionRole:
		p.Text[fieldPerson] = me
	case ActionEdit:
		return p.asking(fieldText, fieldAt), nil
	}
	return give(p, nil)
}

// asking is the command with some arguments to be asked for, although it does not need them all.
func (p Parsed) asking(names ...chat.FieldID) Parsed {
	for _, name := range names {
		if a, ok := p.Command.arg(name); ok {
			p.Missing = append(p.Missing, a)
		}
	}
	return p
}

// EditButton asks for another text or time of an entry. slash is what people type before a command on the platform.
func EditButton(id incident.ID, entry incident.EntryID, slash string) chat.Button {
	b := button(ActionEdit, id, "Change text or time", Settings{Slash: slash}, string(entry))
	b.Typed += " at:14:05"
	return b
}

// SnoozeButton silences a reminder of an incident for an hour. slash is what people type before a command on the platform.
func SnoozeButton(id incident.ID, reminder, slash string) chat.Button {
	return button(ActionSnooze, id, "Snooze for an hour", Settings{Slash: slash}, reminder)
}

// TakeButton takes what was offered: messages that were marked before their room belonged to the incident. slash is what
// people type before a command on the platform.
func TakeButton(id incident.ID, slash string) chat.Button {
	b := button(ActionTake, id, "Take them", Settings{Slash: slash})
	b.Primary = true
	return b
}

// me is how people name themselves.
const me = "me"

// button makes a button about an incident. What is typed instead is the same command.
func button(action chat.ActionID, id incident.ID, label string, s Settings, detail ...string) chat.Button {
	value := strings.Join(append([]string{id.String()}, detail...), " ")
	b := chat.Button{Action: action, Value: value, Label: label}
	if p, err := FromButton(action, value); err == nil {
		b.Typed = (&Request{Settings: s}).typed(p.Line())
	}
	return b
}

// typedOpen is the command behind a menu as it is typed, with the names of what is chosen.
func typedOpen(action chat.ActionID, id incident.ID, s Settings) string {
	c, ok := byPath(behind[action])
	if !ok {
		return ""
	}
	p := parsed(c)
	p.Incident = id
	words := []string{p.Line()}
	for _, a := range c.places() {
		words = append(words, placeUsage(a))
	}
	return (&Request{Settings: s}).typed(strings.Join(words, " "))
}
