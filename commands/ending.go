package commands

import (
	"boswell/chat"
	"boswell/incident"
	"boswell/postmortem"
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
		Help:     "Open an incident again that was closed or cancelled",
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
	if err := req.farewell(in); err != nil {
		return chat.Reply{}, err
	}
	t := chat.Text{}.Bold(titled(in.ID, in.Title())).Plain(" is closed. Its postmortem follows as a file; ")
	t = t.Code(req.typed("export sre in:" + in.ID.String())).Plain(" sends it again, ").Code(req.typed("reopen in:" + in.ID.String())).Plain(" opens the incident again.")
	return req.aloud(in, req.lacking(in, t)), nil
}

// farewell owes what the end of an incident brings: its postmortem, the proof of its log, and the end of its room.
func (req *Request) farewell(in *incident.Incident) error {
	home, err := req.home(in)
	if err != nil {
		return err
	}
	file, err := req.oweExport(in, postmortem.Styles()[0], "postmortem", home)
	if err != nil {
		return err
	}
	if err := req.oweBookmark(in, file); err != nil {
		return err
	}
	_, hash, err := req.Tx.Head(in.ID)
	if err != nil {
		return err
	}
	t := chat.Text{}.Bold(titled(in.ID, in.Title())).Plain(" is closed. Its log ends with the hash ").Code(hash.String()).Plain(".")
	if req.Settings.WebURL != "" {
		t = t.Plain(" ").Link("Its page", pageOf(in.ID, req.Settings)).Plain(" stays.")
	}
	last, err := req.owe(in.ID, "closed", home, chat.Post{To: home.target, Message: chat.Message{Text: t}})
	if err != nil {
		return err
	}
	if err := req.tell(in, "ended", chat.Text{}.Bold(titled(in.ID, in.Title())).Plain(" is closed."), home); err != nil {
		return err
	}
	return req.archive(in, last)
}

// archive owes the archiving of the room, where that is wanted, once the last thing was said there and nothing beside it waits.
func (req *Request) archive(in *incident.Incident, last spot) error {
	if !req.Settings.ArchiveOnClose {
		return nil
	}
	_, err := req.owe(in.ID, "archive", last.beside(besideFrame), chat.Archive{To: last.target})
	return err
}

// unarchive owes that the room is opened again, before anything is said there.
func (req *Request) unarchive(in *incident.Incident) error {
	if !req.Settings.ArchiveOnClose {
		return nil
	}
	home, err := req.home(in)
	if err != nil {
		return err
	}
	_, err = req.owe(in.ID, "unarchive", home, chat.Archive{To: home.target, Open: true})
	return err
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
	if err := req.unarchive(in); err != nil {
		return chat.Reply{}, err
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	return req.reopened(in)
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
