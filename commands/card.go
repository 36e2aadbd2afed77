package commands

import (
	"strings"

	"boswell/chat"
	"boswell/incident"
)

// Card is the message that shows how an incident stands. It depends on what its rows say and on nothing else, so that
// writing the timeline does not change it.
func Card(in *incident.Incident, names func(incident.PersonID) string, s Settings) chat.Message {
	m := chat.Message{Text: cardTitle(in), Rows: cardRows(in, names)}
	if s.WebURL != "" {
		m.Rows = append(m.Rows, chat.Row{Label: "Page", Text: chat.Text{}.Link(pageOf(in.ID, s), pageOf(in.ID, s))})
	}
	if in.State.Live() {
		m.Buttons, m.Menus = cardButtons(in, s), cardMenus(in, s)
	}
	return m
}

func (req *Request) card(in *incident.Incident) chat.Message { return Card(in, req.name, req.Settings) }

// pageOf is the address of the page of an incident.
func pageOf(id incident.ID, s Settings) string { return s.WebURL + "/incidents/" + id.String() }

func cardTitle(in *incident.Incident) chat.Text {
	return drillMark(in).Bold(in.ID.String()).Plain(" · " + in.Title())
}

// drillMark begins whatever is said of a drill in a place where somebody could take it for more.
func drillMark(in *incident.Incident) chat.Text {
	if !in.Drill {
		return nil
	}
	return chat.Text{}.Bold("DRILL").Plain(" · ")
}

func cardRows(in *incident.Incident, names func(incident.PersonID) string) []chat.Row {
	rows := []chat.Row{row("Status", standing(in.State, in.Status()))}
	if in.Reason != "" {
		rows = append(rows, row("Reason", in.Reason))
	}
	if in.Severity != "" {
		rows = append(rows, row("Severity", string(in.Severity)))
	}
	rows = append(rows, roleRows(in, names)...)
	rows = append(rows, row("Opened", in.Opened.In(in.Zone.Location()).Format("2 January 2006 15:04 ")+in.Zone.String()))
	if in.Private {
		rows = append(rows, row("Private", "only its rooms and responders see it"))
	}
	return rows
}

func row(label, text string) chat.Row { return chat.Row{Label: label, Text: chat.Say(text)} }

// standing is the machine's state and the free words of the status.
func standing(state incident.State, status string) string {
	if status == "" {
		return string(state)
	}
	return string(state) + " · " + status
}

// roleRows are the roles that somebody has. That of the incident commander is always there.
func roleRows(in *incident.Incident, names func(incident.PersonID) string) []chat.Row {
	var rows []chat.Row
	for _, role := range incident.Roles() {
		holder := in.Holder(role)
		switch {
		case holder != "":
			rows = append(rows, row(upperFirst(role.Title()), names(holder)))
		case role == incident.Commander:
			rows = append(rows, row(upperFirst(role.Title()), "nobody yet"))
		}
	}
	return rows
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func cardButtons(in *incident.Incident, s Settings) []chat.Button {
	buttons := []chat.Button{button(ActionJoin, in.ID, "Join", s)}
	if in.Holder(incident.Commander) == "" {
		command := button(ActionCommand, in.ID, "Take command", s)
		command.Primary = true
		buttons = append(buttons, command)
	}
	return append(buttons, button(ActionUpdate, in.ID, "Update…", s))
}

// cardMenus are what is chosen most while an incident is under way.
func cardMenus(in *incident.Incident, s Settings) []chat.Menu {
	return []chat.Menu{severityMenu(in.ID, s), statusMenu(in, s), roleMenu(in.ID, s)}
}

func severityMenu(id incident.ID, s Settings) chat.Menu {
	menu := chat.Menu{Label: "Set the severity", Typed: typedOpen(ActionSeverity, id, s)}
	for _, severity := range incident.Severities() {
		menu.Options = append(menu.Options, button(ActionSeverity, id, string(severity), s, string(severity)))
	}
	return menu
}

// usualStatus are the words of a status that most incidents pass through. Any other is typed.
var usualStatus = []string{"Investigating", "Cause identified", "Fix under way", "Watching the fix"}

// statusMenu has the usual words, and the states of the machine that the incident has not reached.
func statusMenu(in *incident.Incident, s Settings) chat.Menu {
	menu := chat.Menu{Label: "Set the status", Typed: typedOpen(ActionStatus, in.ID, s)}
	for _, words := range usualStatus {
		menu.Options = append(menu.Options, button(ActionStatus, in.ID, words, s, words))
	}
	if in.State == incident.StateOpen {
		menu.Options = append(menu.Options, button(ActionMitigate, in.ID, "Mitigated: the impact is contained", s))
	}
	if in.State != incident.StateResolved {
		menu.Options = append(menu.Options, button(ActionResolve, in.ID, "Resolved: the impact is over", s))
	}
	return menu
}

func roleMenu(id incident.ID, s Settings) chat.Menu {
	menu := chat.Menu{Label: "Take a role", Typed: typedOpen(ActionRole, id, s)}
	for _, role := range incident.Roles() {
		menu.Options = append(menu.Options, button(ActionRole, id, upperFirst(role.Title()), s, string(role)))
	}
	return menu
}
