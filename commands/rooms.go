package commands

import (
	"errors"
	"fmt"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

func roomGroup() *Command {
	link := &Command{
		Name: "link",
		Help: "Make another room one of the incident's: what is marked there counts",
		Args: []chat.Arg{{Name: fieldRoom, Help: "The room: #name, or platform:name", Kind: chat.ArgRoom, Required: true,
			Example: "#alerts"}},
		Examples: []string{"link #alerts", "link other-chat:Operations"},
		Needs:    AnIncident,
		Run:      runLink,
		flat:     []string{"link"},
	}
	unlink := &Command{
		Name: "unlink",
		Help: "Take a linked room away; what it gave so far stays",
		Args: []chat.Arg{{Name: fieldRoom, Help: "The room: #name, or platform:name", Kind: chat.ArgRoom, Required: true,
			Suggest: true, Example: "#alerts"}},
		Examples: []string{"unlink #alerts"},
		Needs:    AnIncident,
		Run:      runUnlink,
		flat:     []string{"unlink"},
	}
	take := &Command{
		Name:     "take",
		Help:     "Take what was marked before the rooms belonged to the incident",
		Examples: []string{"take"},
		Needs:    AnIncident,
		Run:      runTake,
		flat:     []string{"take"},
	}
	return &Command{Name: "room", Help: "Rooms of the incident", Sub: []*Command{link, unlink, take}}
}

// room is the room that the argument names.
func (req *Request) room() (incident.Room, error) {
	room, ok := req.Rooms[fieldRoom]
	if !ok {
		return room, incident.Refuse("I do not know the room %q. Write its name as it stands in the list of rooms, like #alerts.", cut(req.Text[fieldRoom], 40))
	}
	return room, nil
}

func runLink(req *Request) (chat.Reply, error) {
	in := req.Incident
	room, err := req.room()
	if err != nil {
		return chat.Reply{}, err
	}
	if id, live := req.Tx.InRoom(room.RoomID); live && id != in.ID {
		return chat.Reply{}, req.refuseTaken(room, id)
	}
	events, err := in.Link(room)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(events) == 0 {
		return unchanged("%s is linked to %s already.", room.Name, in.ID), nil
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	if room.Unreadable != "" {
		t := chat.Say(fmt.Sprintf("Linked %s to %s, but I cannot read it: %s. What matters there has to be noted by hand.", room.Name, in.ID, room.Unreadable))
		return req.aloud(in, t), nil
	}
	if err := req.greet(in, room); err != nil {
		return chat.Reply{}, err
	}
	t := chat.Say(fmt.Sprintf("Linked %s to %s: messages that are marked there with 📌 or 📎 count.", room.Name, in.ID))
	return req.aloud(in, req.undoable(in, t)), nil
}

// greet tells a room that it belongs to an incident now, and owes the reading of what it holds already.
func (req *Request) greet(in *incident.Incident, room incident.Room) error {
	place := placeOf(room.RoomID)
	if !isHere(in, req) || place.Room() != req.Place.Room() {
		t := chat.Say("This room is linked to ").Bold(titled(in.ID, in.Title())).Plain(" now: mark messages with 📌 for its timeline, with 📎 as supporting information.")
		if _, err := req.owe(in.ID, "linked", spotAt(place), chat.Post{To: chat.Target{Place: place}, Message: chat.Message{Text: t}}); err != nil {
			return err
		}
	}
	return req.oweCatchUp(in.ID, chat.CatchUp{Room: place, Offer: true})
}

// refuseTaken refuses a room that belongs to another incident, which is named only to those who may see it.
func (req *Request) refuseTaken(room incident.Room, id incident.ID) error {
	other, err := req.Tx.Incident(id)
	if err != nil && !errors.Is(err, storage.ErrDamaged) {
		return err
	}
	name := "another incident"
	if err == nil && req.shows(other) {
		name = titled(id, other.Title())
	}
	return incident.Refuse("%s belongs to %s, which is still under way. Close that first, or unlink the room there.", room.Name, name)
}

func runUnlink(req *Request) (chat.Reply, error) {
	in := req.Incident
	room, err := req.room()
	if err != nil {
		return chat.Reply{}, err
	}
	events, err := in.Unlink(room.RoomID)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(events) == 0 {
		return unchanged("%s is not linked to %s.", room.Name, in.ID), nil
	}
	reply := req.aloud(in, req.undoable(in, chat.Say(fmt.Sprintf("%s is not linked to %s any more. What it gave so far stays.", room.Name, in.ID))))
	_, err = req.record(events)
	return reply, err
}

// runTake takes what was offered: the tags that are older than the links of the rooms.
func runTake(req *Request) (chat.Reply, error) {
	in := req.Incident
	if !in.State.Live() {
		return chat.Reply{}, incident.Refuse("%s has ended. `%s` opens it again.", in.ID, req.typed("reopen in:"+in.ID.String()))
	}
	rooms := 0
	for _, r := range in.Rooms {
		if r.Unreadable != "" {
			continue
		}
		rooms++
		if err := req.oweCatchUp(in.ID, chat.CatchUp{Room: placeOf(r.RoomID), Take: true}); err != nil {
			return chat.Reply{}, err
		}
	}
	if rooms == 0 {
		return chat.Reply{}, incident.Refuse("%s has no room that I can read. `%s` adds one.", in.ID, req.typed("link in:"+in.ID.String()+" <room>"))
	}
	return req.aloud(in, chat.Say(fmt.Sprintf("Reading %s of %s again; what is marked there goes in.", counted(rooms, "room", "rooms"), in.ID))), nil
}

// oweCatchUp promises that what a room holds already is read.
func (req *Request) oweCatchUp(id incident.ID, e chat.CatchUp) error {
	to := spotAt(e.Room)
	to.lane = storage.CatchUpLane(e.Room)
	purpose := "catch-up"
	if e.Take {
		purpose = "take"
	}
	_, err := req.owe(id, purpose, to, e)
	return err
}
