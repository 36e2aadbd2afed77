package commands

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// A spot is where an effect goes and what it waits for.
type spot struct {
	target   chat.Target
	platform chat.PlatformID
	lane     string // effects of one lane are done in order
	due      time.Time
}

// beside is the same target in another lane, for what nobody waits for: where it gets stuck, what is said there does not.
func (s spot) beside(lane string) spot {
	s.lane = lane + "|" + s.lane
	return s
}

// The lanes beside that of a room: what is around its messages until the room is archived, and who is brought in.
const (
	besideFrame  = "frame"
	besidePeople = "people"
)

func spotAt(p chat.Place) spot {
	return spot{target: chat.Target{Place: p}, platform: p.Platform, lane: storage.LaneOf(p)}
}

// spotOn is a message that is there.
func spotOn(m incident.MessageRef) spot {
	s := spotAt(chat.Place{Platform: chat.PlatformID(m.Platform), Channel: chat.ChannelID(m.Channel)})
	s.target = chat.Target{Ref: chat.Ref{Platform: s.platform, Channel: chat.ChannelID(m.Channel), Message: chat.MessageID(m.Message)}}
	return s
}

// spotOf is the result of an effect that is owed.
func spotOf(o storage.Owed) spot {
	return spot{target: chat.Target{Of: o.ID}, platform: o.Platform, lane: o.Lane}
}

// owe promises an effect of an incident, and returns the spot that its result will be. The key is made of the purpose, the
// last record and the lane, so the same decision owes it once, however often it is run.
func (req *Request) owe(id incident.ID, purpose string, to spot, e chat.Effect) (spot, error) {
	seq, _, err := req.Tx.Head(id)
	if err != nil {
		return spot{}, fmt.Errorf("owe %s: %w", purpose, err)
	}
	o := storage.Owed{Incident: id, Key: fmt.Sprintf("%s/%s/%d/%s", id, purpose, seq, to.lane), Effect: e, Lane: to.lane,
		Platform: to.platform, Due: to.due}
	o.ID, err = req.Tx.Owe(o)
	if err != nil {
		return spot{}, fmt.Errorf("owe %s: %w", purpose, err)
	}
	return spotOf(o), nil
}

// record appends events to the incident of the request and owes what follows from how it stands now. It returns the
// incident as it then stands.
func (req *Request) record(events []incident.Event) (*incident.Incident, error) {
	id := req.Incident.ID
	before := req.faceOf(req.Incident)
	if err := req.Tx.Append(id, events...); err != nil {
		return nil, err
	}
	in, err := req.Tx.Incident(id)
	if err != nil {
		return nil, err
	}
	req.Incident = in
	return in, req.follow(in, before)
}

// A face is what rooms show of an incident besides its messages.
type face struct {
	card     chat.Message
	topic    topic
	severity incident.Severity
}

func (req *Request) faceOf(in *incident.Incident) face {
	return face{card: req.card(in), topic: topicOf(in, req.name), severity: in.Severity}
}

// follow owes what the change of a face asks for: new cards, a new topic, the people of another severity.
func (req *Request) follow(in *incident.Incident, before face) error {
	after := req.faceOf(in)
	if !reflect.DeepEqual(before.card, after.card) {
		if err := req.oweCards(in, after.card); err != nil {
			return err
		}
	}
	if after.topic != before.topic {
		if err := req.oweTopic(in, after.topic); err != nil {
			return err
		}
	}
	if after.severity != before.severity {
		return req.summon(in, after.severity)
	}
	return nil
}

// oweCards promises that every card of the incident shows its state: those that are there and those still to be posted.
func (req *Request) oweCards(in *incident.Incident, card chat.Message) error {
	var cards []spot
	for _, ref := range in.Cards {
		if hasRoom(in, ref) {
			cards = append(cards, spotOn(ref))
		}
	}
	pending, err := req.pending(in.ID, func(e chat.Effect) bool {
		p, ok := e.(chat.Post)
		return ok && p.Card
	})
	if err != nil {
		return err
	}
	cards = append(cards, pending...)
	slices.SortFunc(cards, func(a, b spot) int { return cmp.Compare(a.lane, b.lane) })
	for _, s := range cards {
		if _, err := req.owe(in.ID, "card", s, chat.Edit{On: s.target, Message: card}); err != nil {
			return err
		}
	}
	return nil
}

// hasRoom says that a message lies in a room of the incident: a room that was unlinked learns nothing new.
func hasRoom(in *incident.Incident, m incident.MessageRef) bool {
	return slices.ContainsFunc(in.Rooms, func(r incident.Room) bool { return r.Platform == m.Platform && r.Channel == m.Channel })
}

// pending are the effects of an incident that are owed and of the kind that is asked for.
func (req *Request) pending(id incident.ID, kind func(chat.Effect) bool) ([]spot, error) {
	var spots []spot
	for o, err := range req.Tx.Owed(0) {
		if errors.Is(err, storage.ErrDamaged) {
			continue // nobody can do it any more
		}
		if err != nil {
			return nil, err
		}
		if o.Incident == id && kind(o.Effect) {
			spots = append(spots, spotOf(o))
		}
	}
	return spots, nil
}

// home is the room that the incident is fought in, or will be once it is made; else another of its rooms. One that has none
// speaks where the command was given, which is then not its own, and where nothing of a private one may be said.
func (req *Request) home(in *incident.Incident) (at spot, ours bool, err error) {
	rooms, err := req.roomsToBe(in)
	for _, r := range in.Rooms {
		switch {
		case r.Home:
			return spotAt(placeOf(r.RoomID)), true, err
		case r.Unreadable == "":
			rooms = append(rooms, spotAt(placeOf(r.RoomID)))
		}
	}
	switch {
	case err != nil || len(rooms) > 0:
		return append(rooms, spot{})[0], true, err
	case req.overheard(in):
		return spot{}, false, incident.Refuse("%s is private and has no room, so what follows would be read by others here. Write the command in a direct message to me.", in.ID)
	default:
		return spotAt(req.Place), false, nil
	}
}

// A home is the room where an incident was started, or that was made for it.
type home struct {
	spot
	made bool
}

// homeOf is the room that the incident is fought in, or will be once it is made. One that was started in a direct message and
// got no room has none.
func (req *Request) homeOf(in *incident.Incident) (home, bool, error) {
	for _, r := range in.Rooms {
		if r.Home {
			return home{spotAt(placeOf(r.RoomID)), r.Made}, true, nil
		}
	}
	rooms, err := req.roomsToBe(in)
	if len(rooms) == 0 {
		return home{}, false, err
	}
	return home{rooms[0], true}, true, err
}

func (req *Request) roomsToBe(in *incident.Incident) ([]spot, error) {
	return req.pending(in.ID, func(e chat.Effect) bool { _, ok := e.(chat.MakeRoom); return ok })
}

// audience are the rooms in which the incident's news are told: its own and, unless it is private, the one for announcements.
// A room that cannot be read is left out: nobody knows who listens there.
func (req *Request) audience(in *incident.Incident) ([]spot, error) {
	var places []chat.Place
	for _, r := range in.Rooms {
		if r.Unreadable == "" {
			places = append(places, placeOf(r.RoomID))
		}
	}
	if a := req.Here.Announce; a != (chat.Place{}) && !in.Private && !slices.Contains(places, a) {
		places = append(places, a)
	}
	rooms, err := req.roomsToBe(in)
	for _, p := range places {
		rooms = append(rooms, spotAt(p))
	}
	return rooms, err
}

// tell posts to everybody who follows the incident, but for some rooms. Where the command was given in one of its rooms, the
// answer itself says it there.
func (req *Request) tell(in *incident.Incident, purpose string, t chat.Text, except ...spot) error {
	rooms, err := req.audience(in)
	if err != nil {
		return err
	}
	if isHere(in, req) {
		except = append(except, spotAt(req.Place))
	}
	for _, to := range rooms {
		if slices.ContainsFunc(except, func(s spot) bool { return s.lane == to.lane }) {
			continue
		}
		if _, err := req.owe(in.ID, purpose, to, chat.Post{To: to.target, Message: chat.Message{Text: t}}); err != nil {
			return err
		}
	}
	return nil
}
