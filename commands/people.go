package commands

import (
	"fmt"
	"strings"
	"time"

	"boswell/chat"
	"boswell/incident"
)

const (
	fieldRole   chat.FieldID = "role"
	fieldPerson chat.FieldID = "person"
)

func peopleGroup() *Command {
	join := &Command{
		Name:     "join",
		Help:     "Take part, and say what you did",
		Args:     []chat.Arg{optional(textArg("What you did", "Found the broken deploy."))},
		Examples: []string{"join", "join Found the broken deploy."},
		Needs:    AnIncident,
		Run:      runJoin,
		flat:     []string{"join"},
	}
	leave := &Command{
		Name:     "leave",
		Help:     "Take part no longer, and give up your roles",
		Examples: []string{"leave"},
		Needs:    AnIncident,
		Run:      runLeave,
		flat:     []string{"leave"},
	}
	role := &Command{
		Name: "role",
		Help: "Give a role to somebody, or to nobody",
		Args: []chat.Arg{
			required(choiceArg(fieldRole, "Which role", incident.Roles(), "commander")),
			{Name: fieldPerson, Help: "Who: a name, @mention, me, or - for nobody", Kind: chat.ArgPerson, Required: true, Suggest: true, Example: me},
		},
		Examples: []string{"role commander me", "role scribe @ada", "role liaison -"},
		Needs:    AnIncident,
		Run:      runRole,
		flat:     []string{"role"},
		read:     readers{fieldRole: reads(incident.ParseRole)},
	}
	list := &Command{
		Name:     "list",
		Help:     "Who takes part, with their roles and what they did",
		Examples: []string{"responders"},
		Needs:    AnIncident,
		Reads:    true,
		Run:      runResponders,
		flat:     []string{"responders"},
	}
	return &Command{Name: "people", Help: "Who takes part", Sub: []*Command{join, leave, role, list, inviteCommand(), mineCommand()}, usual: list}
}

func runJoin(req *Request) (chat.Reply, error) {
	in := req.Incident
	did := req.Text[fieldText]
	events, err := in.Join(req.By, did)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(events) == 0 {
		return unchanged("You take part in %s already.", titled(in.ID, in.Title())), nil
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	if err := req.inviteResponder(in, req.By); err != nil {
		return chat.Reply{}, err
	}
	t := chat.Text{}.Bold(req.name(req.By)).Plain(" takes part in " + titled(in.ID, in.Title()))
	if did != "" {
		t = t.Plain(": " + quote(did))
	}
	return req.aloud(in, t.Plain(".")), nil
}

func runLeave(req *Request) (chat.Reply, error) {
	in := req.Incident
	events, err := in.Leave(req.By)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(events) == 0 {
		return unchanged("You take no part in %s.", titled(in.ID, in.Title())), nil
	}
	had := rolesOf(in, req.By)
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	t := chat.Text{}.Bold(req.name(req.By)).Plain(" takes part in " + in.ID.String() + " no longer.")
	if len(had) > 0 {
		t = t.Plain(" Nobody is " + andList(had) + " now.")
	}
	return req.aloud(in, req.undoable(in, t)), nil
}

// rolesOf are the titles of the roles that a person has now.
func rolesOf(in *incident.Incident, p incident.PersonID) []string {
	var roles []string
	for _, role := range incident.Roles() {
		if in.Holder(role) == p {
			roles = append(roles, role.Title())
		}
	}
	return roles
}

func runRole(req *Request) (chat.Reply, error) {
	role := incident.Role(req.Text[fieldRole])
	if req.Text[fieldPerson] == incident.Clear {
		return req.leaveRole(role)
	}
	person, err := req.person()
	if err != nil {
		return chat.Reply{}, err
	}
	in := req.Incident
	before := in.Holder(role)
	events, err := in.TakeRole(role, person)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(events) == 0 {
		return unchanged("%s is %s of %s already.", req.name(person), role.Title(), in.ID), nil
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	if err := req.inviteResponder(in, person); err != nil {
		return chat.Reply{}, err
	}
	t := req.mention(nil, person).Plain(" is " + role.Title() + " of " + titled(in.ID, in.Title()) + " now")
	if before != "" {
		t = t.Plain(", after " + req.name(before))
	}
	return req.aloud(in, req.undoable(in, t.Plain("."))), nil
}

// person is who the argument names.
func (req *Request) person() (incident.PersonID, error) {
	if p, ok := req.People[fieldPerson]; ok {
		return p.ID, nil
	}
	if typed := req.Text[fieldPerson]; !strings.EqualFold(typed, me) {
		return "", incident.Refuse("I know nobody called %q here. Mention them with @.", cut(typed, 40))
	}
	return req.By, nil
}

func (req *Request) leaveRole(role incident.Role) (chat.Reply, error) {
	in := req.Incident
	before := in.Holder(role)
	events, err := in.LeaveRole(role)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(events) == 0 {
		return unchanged("Nobody is %s of %s.", role.Title(), in.ID), nil
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	t := chat.Say("Nobody is " + role.Title() + " of " + in.ID.String() + " now; it was ").Bold(req.name(before)).Plain(".")
	return req.aloud(in, req.undoable(in, t)), nil
}

func runResponders(req *Request) (chat.Reply, error) {
	in := req.Incident
	if len(in.Responders) == 0 {
		return req.aloud(in, chat.Say("Nobody takes part in "+titled(in.ID, in.Title())+" yet. ").Code(req.typed("join"+req.elsewhere(in))).Plain(" does.")), nil
	}
	t := chat.Text{}.Bold(counted(len(in.Responders), "responder", "responders")).Plain(" in " + titled(in.ID, in.Title()))
	for _, r := range in.Responders {
		t = t.Plain("\n").Bold(req.name(r.Person)).Plain(stay(r, in.Zone))
		if r.Did != "" {
			t = t.Plain(": " + flatten(r.Did, entryLength))
		}
	}
	return req.aloud(in, t), nil
}

// stay says from when to when a responder took part and had which roles.
func stay(r incident.Responder, z incident.Zone) string {
	text := " · " + between(r.Joined, r.Left, z)
	for _, span := range r.Roles {
		text += fmt.Sprintf(" · %s %s", span.Role.Title(), between(span.From, span.To, z))
	}
	return text
}

func between(from, to time.Time, z incident.Zone) string {
	const layout = "2 Jan 15:04"
	loc := z.Location()
	if to.IsZero() {
		return "since " + from.In(loc).Format(layout)
	}
	return from.In(loc).Format(layout) + " to " + to.In(loc).Format(layout)
}
