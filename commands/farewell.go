package commands

import (
	"boswell/chat"
	"boswell/incident"
	"boswell/postmortem"
	"boswell/storage"
)

// farewell owes what the end of an incident brings: its postmortem, the proof of its log, and the end of its room. It is owed
// once everything is read that was marked before, so that the file holds it; while it waits for that, nothing is owed. The
// room that hears of it is among told.
func (req *Request) farewell(in *incident.Incident) (told []spot, waits bool, err error) {
	home, ours, err := req.home(in)
	if err != nil {
		return nil, false, err
	}
	if reads, err := req.pending(in.ID, Reading); err != nil || ours && len(reads) > 0 {
		return nil, true, err
	}
	file, err := req.oweExport(in, postmortem.Styles()[0], "postmortem", home)
	if err != nil {
		return nil, false, err
	}
	if err := req.oweBookmark(in, file); err != nil {
		return nil, false, err
	}
	last, err := req.oweProof(in, home)
	if err == nil && ours {
		err = req.archive(in, last)
	}
	return []spot{home}, false, err
}

// Reading says of an effect that it reads what the rooms of an incident held before it was closed.
func Reading(e chat.Effect) bool {
	switch e := e.(type) {
	case chat.LookUp, chat.Keep:
		return true
	case chat.CatchUp:
		return !e.Offer && !e.Take
	default:
		return false
	}
}

// Farewell owes the postmortem of a closed incident, which waited for what was marked before to be read, and does nothing
// while something is not. It is called whenever an effect of the incident is over of which Reading is true.
func Farewell(tx storage.Tx, in *incident.Incident, s Settings) error {
	if in.State != incident.StateClosed || len(in.Rooms) == 0 {
		return nil
	}
	req := Request{Tx: tx, Incident: in, Settings: s}
	_, _, err := req.farewell(in)
	return err
}

// oweProof says in the room how the log ends, and where the incident can be read.
func (req *Request) oweProof(in *incident.Incident, home spot) (spot, error) {
	_, hash, err := req.Tx.Head(in.ID)
	if err != nil {
		return spot{}, err
	}
	t := chat.Text{}.Bold(titled(in.ID, in.Title())).Plain(" is closed. Its log ends with the hash ").Code(hash.String()).Plain(".")
	if req.Settings.WebURL != "" {
		t = t.Plain(" ").Link("Its page", pageOf(in.ID, req.Settings)).Plain(" stays.")
	}
	return req.owe(in.ID, "closed", home, chat.Post{To: home.target, Message: chat.Message{Text: t}})
}

// farewellText says what follows when an incident was closed, now or once the rest is read.
func (req *Request) farewellText(in *incident.Incident, waits bool) chat.Text {
	when, again := "", " sends it again, "
	if waits {
		when, again = " once all that was marked is read", " sends it as it is now, "
	}
	id := in.ID.String()
	t := chat.Text{}.Bold(titled(in.ID, in.Title())).Plain(" is closed. Its postmortem follows as a file" + when + "; ")
	return t.Code(req.typed("export sre in:" + id)).Plain(again).Code(req.typed("reopen in:" + id)).Plain(" opens the incident again.")
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
	home, ours, err := req.home(in)
	if err != nil || !ours {
		return err
	}
	_, err = req.owe(in.ID, "unarchive", home, chat.Archive{To: home.target, Open: true})
	return err
}
