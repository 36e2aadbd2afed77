package web

import (
	"net/http"
	"net/url"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// RoomPart is the address of the part that shows the incident of a room: how it stands, its timeline and its postmortem, or
// what to type where there is none.
func RoomPart(platform chat.PlatformID, channel chat.ChannelID) string {
	return "/incident-of/" + url.PathEscape(string(platform)) + "/" + url.PathEscape(string(channel))
}

// room shows the incident that a room has, else the last one that it had.
func (s *Site) room(w http.ResponseWriter, r *http.Request) error {
	room := incident.RoomID{Platform: r.PathValue("platform"), Channel: r.PathValue("channel")}
	var view incidentView
	err := s.store.View(r.Context(), func(reader storage.Reader) (err error) {
		id, ok := reader.InRoom(room)
		if !ok {
			id, ok = reader.LastInRoom(room)
		}
		if !ok {
			return errUnseen
		}
		in, err := s.seen(reader, id)
		if err != nil {
			return err
		}
		view, err = s.view(reader, in, s.fillTimeline, s.fillPostmortem)
		return err
	})
	switch {
	case err == nil:
		return s.show(w, r, "panes", view)
	case isUnseen(err):
		return s.show(w, r, "none", s.o.Slash)
	default:
		return err
	}
}
