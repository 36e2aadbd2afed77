package commands

import (
	"fmt"

	"boswell/chat"
	"boswell/incident"
)

func statusCommand() *Command {
	text := textArg("How it stands", "Root cause found, fix on its way")
	text.Max = incident.MaxWords
	return &Command{
		Name:     "status",
		Help:     "Say in your own words how the incident stands",
		Args:     []chat.Arg{text},
		Examples: []string{"status Root cause found, fix on its way"},
		Needs:    AnIncident,
		Run:      runStatus,
	}
}

func severityCommand() *Command {
	return &Command{
		Name:     "severity",
		Help:     "Say how bad it is",
		Args:     []chat.Arg{required(choiceArg(fieldSeverity, "From sev1, the worst, to sev5", incident.Severities(), "sev2"))},
		Examples: []string{"severity sev2"},
		Needs:    AnIncident,
		Run:      runSeverity,
		read:     readers{fieldSeverity: reads(incident.ParseSeverity)},
	}
}

func updateCommand() *Command {
	return &Command{
		Name:     "update",
		Help:     "Tell the rooms of the incident, and that for announcements, how it stands",
		Args:     []chat.Arg{textArg("What everybody should know", "Checkout works again for most. Next update at 15:00.")},
		Examples: []string{"update Checkout works again for most. Next update at 15:00."},
		Needs:    AnIncident,
		Run:      runUpdate,
	}
}

func mitigateCommand() *Command {
	return &Command{
		Name:     "mitigate",
		Help:     "Say that the impact is contained",
		Args:     []chat.Arg{atArg("When that was; without it only the state changes"), sureArg()},
		Examples: []string{"mitigate", "mitigate at:14:05"},
		Needs:    AnIncident,
		Run:      runMitigate,
	}
}

func resolveCommand() *Command {
	return &Command{
		Name:     "resolve",
		Help:     "Say that the impact is over; what is marked counts until it is closed",
		Args:     []chat.Arg{atArg("When that was; without it only the state changes"), sureArg()},
		Examples: []string{"resolve", "resolve at:15:30"},
		Needs:    AnIncident,
		Run:      runResolve,
	}
}

// news records a change of how the incident stands and tells everybody who follows it.
func (req *Request) news(purpose string, events []incident.Event, err error, say func(in *incident.Incident) chat.Text) (chat.Reply, error) {
	if err != nil {
		return chat.Reply{}, err
	}
	in := req.Incident
	if len(events) == 0 {
		return unchanged("%s is %s already.", in.ID, standing(in.State, in.Status())), nil
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	t := say(in)
	if err := req.tell(in, purpose, t); err != nil {
		return chat.Reply{}, err
	}
	return req.aloud(in, req.undoable(in, t)), nil
}

func runStatus(req *Request) (chat.Reply, error) {
	events, err := req.Incident.SetStatus(req.Text[fieldText])
	return req.news("status", events, err, func(in *incident.Incident) chat.Text {
		return chat.Say("Status of " + titled(in.ID, in.Title()) + ": ").Bold(in.Status()).Plain(".")
	})
}

func runSeverity(req *Request) (chat.Reply, error) {
	before := req.Incident.Severity
	events, err := req.Incident.SetSeverity(incident.Severity(req.Text[fieldSeverity]))
	if err == nil && len(events) == 0 {
		return unchanged("The severity of %s is %s already.", req.Incident.ID, before), nil
	}
	return req.news("severity", events, err, func(in *incident.Incident) chat.Text {
		t := chat.Say("Severity of " + titled(in.ID, in.Title()) + ": ").Bold(string(in.Severity))
		if before != "" {
			t = t.Plain(", before " + string(before))
		}
		return t.Plain(".")
	})
}

// runUpdate posts the update everywhere, here too: it must not be lost as an answer may be.
func runUpdate(req *Request) (chat.Reply, error) {
	events, err := req.Incident.Update(req.Text[fieldText])
	if err != nil {
		return chat.Reply{}, err
	}
	in, err := req.record(events)
	if err != nil {
		return chat.Reply{}, err
	}
	rooms, err := req.audience(in)
	if err != nil {
		return chat.Reply{}, err
	}
	t := chat.Text{}.Bold("Update on " + in.ID.String()).Plain(" · " + in.Title() + " · " + standing(in.State, in.Status()) + "\n" + req.Text[fieldText])
	for _, to := range rooms {
		if _, err := req.owe(in.ID, "update", to, chat.Post{To: to.target, Message: chat.Message{Text: t}}); err != nil {
			return chat.Reply{}, err
		}
	}
	if len(rooms) == 0 {
		return aside(chat.Say(fmt.Sprintf("The update of %s is recorded, but it has no room in which I could tell it.", in.ID))), nil
	}
	return aside(chat.Say(fmt.Sprintf("The update of %s goes to %s.", in.ID, counted(len(rooms), "room", "rooms")))), nil
}

func runMitigate(req *Request) (chat.Reply, error) {
	at, err := req.milestone()
	if err != nil {
		return chat.Reply{}, err
	}
	events, err := req.Incident.Mitigate(at)
	return req.news("mitigated", events, err, func(in *incident.Incident) chat.Text {
		m := in.Metrics()
		return req.turned(in, "mitigated", at, "It was contained after ", m.TTM)
	})
}

func runResolve(req *Request) (chat.Reply, error) {
	at, err := req.milestone()
	if err != nil {
		return chat.Reply{}, err
	}
	events, err := req.Incident.Resolve(at)
	return req.news("resolved", events, err, func(in *incident.Incident) chat.Text {
		m := in.Metrics()
		return req.turned(in, "resolved", at, "The impact lasted ", m.TTR)
	})
}

// milestone is the time that was given; unknown where none was.
func (req *Request) milestone() (incident.Moment, error) {
	at, err := req.moment()
	if at == nil {
		return incident.Moment{}, err
	}
	return *at, nil
}

// turned says what the incident is now, since when, and how long that took, if it can be computed.
func (req *Request) turned(in *incident.Incident, what string, at incident.Moment, took string, span incident.Span) chat.Text {
	t := chat.Text{}.Bold(titled(in.ID, in.Title())).Plain(" is " + what)
	if at.Known() {
		t = t.Plain(": " + at.Echo(req.At, in.Zone))
	}
	t = t.Plain(".")
	if span.Known {
		t = t.Plain(" " + took + span.String() + ".")
	}
	return t
}
