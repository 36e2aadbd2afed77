package commands

import (
	"boswell/chat"
	"boswell/incident"
)

// bookmarkTitle is the same for all incidents: in a room that sees several, one after the other, the newest has the bookmark.
const bookmarkTitle = "Incident postmortem"

// oweBookmark promises a link to the postmortem at the top of the room where the incident is fought: to its page where there
// is one, else to the file that is sent there. Neither, before anything was sent, is no bookmark.
func (req *Request) oweBookmark(in *incident.Incident, file spot) error {
	room, ok, err := req.homeOf(in)
	if err != nil || !ok {
		return err
	}
	mark := chat.Bookmark{To: room.target, Title: bookmarkTitle}
	switch {
	case req.Settings.WebURL != "":
		mark.Link = pageOf(in.ID, req.Settings)
	case file.target.Of != 0 && file.lane == room.lane:
		mark.To = file.target
	default:
		return nil
	}
	_, err = req.owe(in.ID, "bookmark", room.beside(besideFrame), mark)
	return err
}
