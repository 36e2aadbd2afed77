package commands

import (
	"boswell/chat"
	"boswell/incident"
)

const fieldReason chat.FieldID = "reason"

func closeCommand() *Command {
	return &Command{
		Name:     "close",
		Help:     "End the incident, with its postmortem as a file",
		Examples: []string{"close"},
		Needs:    AnIncident,
		Run:      runClose,
	}
}

func reopenCommand() *Command {
	return &Command{
		Name:     "reopen",
		Help:     "Open an incident again: it was ended, or it broke again",
		Examples: []string{"reopen", "reopen in:INC-7"},
		Needs:    AnIncident,
		Run:      runReopen,
	}
}

func cancelCommand() *Command {
	return &Command{
		Name: "cancel",
		Help: "End an incident that was opened by mistake",
		Args: []chat.Arg{{Name: fieldReason, Help: "Why it is none", Kind: chat.ArgText, Max: incident.MaxWords,
			Example: "It was the load test"}},
		Examples: []string{"cancel", "cancel It was the load test"},
		Needs:    AnIncident,
		Run:      runCancel,
	}
}

func runClose(req *Request) (chat.Reply, error) {
	in := req.Incident
	events, err := in.Close()
	if err != nil {
		return chat.Reply{}, err
	}
	if len(events) == 0 {
		return unchanged("%s is closed already.", titled(in.ID, in.Title())), nil
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	told, waits, err := req.farewell(in)
	if err != nil {
		return chat.Reply{}, err
	}
	if err := req.tell(in, "ended", chat.Text{}.Bold(titled(in.ID, in.Title())).Plain(" is closed."), told...); err != nil {
		return chat.Reply{}, err
	}
	return req.aloud(in, req.lacking(in, req.farewellText(in, waits))), nil
}

func runReopen(req *Request) (chat.Reply, error) {
	in := req.Incident
	for _, r := range in.Rooms {
		if id, live := req.Tx.InRoom(r.RoomID); live && id != in.ID {
			return chat.Reply{}, req.refuseTaken(r, id)
		}
	}
	events, err := in.Reopen()
	if err != nil {
		return chat.Reply{}, err
	}
	if len(events) == 0 {
		return unchanged("%s is %s.", titled(in.ID, in.Title()), standing(in.State, in.Status())), nil
	}
	if in.State.Live() {
		return req.brokenAgain(events)
	}
	if err := req.unarchive(in); err != nil {
		return chat.Reply{}, err
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	return req.reopened(in)
}

// brokenAgain opens what was mitigated or resolved and never ended: its rooms were heard all the time.
func (req *Request) brokenAgain(events []incident.Event) (chat.Reply, error) {
	state := req.Incident.State
	timed := req.Incident.Mitigated.Known() || req.Incident.Resolved.Known()
	return req.news("reopened", events, nil, func(in *incident.Incident) chat.Text {
		t := chat.Text{}.Bold(titled(in.ID, in.Title())).Plain(" is open again; it was " + string(state) + ".")
		if timed {
			t = t.Plain(" The time that was given for that is taken out.")
		}
		return t
	})
}

// reopened reads the rooms for what was marked meanwhile, and says that the incident goes on.
func (req *Request) reopened(in *incident.Incident) (chat.Reply, error) {
	for _, r := range in.Rooms {
		if r.Unreadable != "" {
			continue
		}
		if err := req.oweCatchUp(in.ID, chat.CatchUp{Room: placeOf(r.RoomID), Offer: true}); err != nil {
			return chat.Reply{}, err
		}
	}
	t := chat.Text{}.Bold(titled(in.ID, in.Title())).Plain(" is open again, in the state " + string(in.State) + ".")
	return req.aloud(in, t), req.tell(in, "reopened", t)
}

func runCancel(req *Request) (chat.Reply, error) {
	in := req.Incident
	reason := req.Text[fieldReason]
	events, err := in.Cancel(reason)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(events) == 0 {
		return unchanged("%s is cancelled already.", titled(in.ID, in.Title())), nil
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	t := chat.Text{}.Bold(titled(in.ID, in.Title())).Plain(" is cancelled: it was no incident")
	if reason != "" {
		t = t.Plain(". " + quote(reason))
	}
	t = t.Plain(".")
	if err := req.tell(in, "cancelled", t); err != nil {
		return chat.Reply{}, err
	}
	return req.aloud(in, t.Plain(" ").Code(req.typed("reopen in:"+in.ID.String())).Plain(" takes it back.")), nil
}
