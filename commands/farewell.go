package commands

import (
	"fmt"

	"boswell/chat"
	"boswell/incident"
	"boswell/postmortem"
	"boswell/storage"
)

// farewell owes what the end of an incident brings: its postmortem, the proof of its log, and the end of its room. It is owed
// once everything that was marked before is read, so that the file holds it; until then, unread says how much is not, and
// nothing is owed. The room that hears of it is among told.
func (req *Request) farewell(in *incident.Incident) (told []spot, unread int, err error) {
	home, ours, err := req.home(in)
	if err != nil {
		return nil, 0, err
	}
	if ours {
		reads, err := req.pending(in.ID, reading)
		if err != nil || len(reads) > 0 {
			return nil, len(reads), err
		}
	}
	file, err := req.oweExport(in, postmortem.Styles()[0], "postmortem", home)
	if err != nil {
		return nil, 0, err
	}
	if err := req.oweBookmark(in, file); err != nil {
		return nil, 0, err
	}
	last, err := req.oweProof(in, home)
	if err != nil || !ours {
		return []spot{home}, 0, err
	}
	return []spot{home}, 0, req.archive(in, last)
}

// reading says of an effect that it reads what was marked.
func reading(e chat.Effect) bool {
	switch e.(type) {
	case chat.LookUp, chat.Keep:
		return true
	default:
		return false
	}
}

// Farewell owes the postmortem of a closed incident, which waited for what was marked before to be read, and does nothing
// while something is not. It is called whenever reading something of the incident is over.
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
func (req *Request) farewellText(in *incident.Incident, unread int) chat.Text {
	t := chat.Text{}.Bold(titled(in.ID, in.Title())).Plain(" is closed. Its postmortem follows as a file; ")
	again := " sends it again, "
	if unread > 0 {
		t = chat.Text{}.Bold(titled(in.ID, in.Title())).Plain(fmt.Sprintf(" is closed. Its postmortem follows as a file once %s read that somebody marked; ",
			counted(unread, "message or file is", "messages and files are")))
		again = " sends it as it is now, "
	}
	id := in.ID.String()
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
