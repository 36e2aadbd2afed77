package commands

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// Sees is the rule of who sees an incident: its rooms, its responders and whoever opened it and, unless it is private,
// the members of a workspace in which it has a room. People from outside a workspace see it in its rooms alone.
func Sees(in *incident.Incident, req *Request) bool {
	_, responder := in.Responder(req.By)
	switch {
	case isHere(in, req):
		return true
	case req.User.Guest || req.By == "":
		return false
	case responder || in.Opener == req.By:
		return true
	default:
		return !in.Private && isOfWorkspace(in, req)
	}
}

// isOfWorkspace says that the request came from a platform where the incident has a room, or, as long as it has none, where
// whoever opened it has an account.
func isOfWorkspace(in *incident.Incident, req *Request) bool {
	if len(in.Rooms) > 0 {
		return slices.ContainsFunc(in.Rooms, func(r incident.Room) bool { return r.Platform == string(req.Place.Platform) })
	}
	opener, _ := req.Tx.Person(in.Opener)
	return slices.ContainsFunc(opener.Accounts, func(a storage.Account) bool { return a.Platform == req.Place.Platform })
}

// sees is the same rule for an incident in a list. Only a private one, or one without a room, has to be read for it.
func (req *Request) sees(s storage.Summary) (bool, error) {
	if s.Private || len(s.Platforms) == 0 {
		in, err := req.Tx.Incident(s.ID)
		if errors.Is(err, storage.ErrDamaged) {
			return false, nil // nobody can tell any more who may
		}
		if err != nil {
			return false, err
		}
		return req.shows(in), nil
	}
	if !req.Direct {
		if last, ok := req.Tx.LastInRoom(roomOf(req.Place)); ok && last == s.ID {
			return true, nil
		}
	}
	if req.User.Guest || req.By == "" {
		return false, nil
	}
	_, responder := s.Responders[req.By]
	return responder || slices.Contains(s.Platforms, string(req.Place.Platform)), nil
}

// shows says whether the person may see an incident, and keeps in mind that the answer then may tell of it: one that others
// would overhear is confidential. Everything that a command reads of incidents comes through here.
func (req *Request) shows(in *incident.Incident) bool {
	if !Sees(in, req) {
		return false
	}
	req.confidential = req.confidential || req.overheard(in)
	return true
}

// overheard says that others than those who may see an incident would read of it where the request was made.
func (req *Request) overheard(in *incident.Incident) bool {
	return in.Private && !req.Direct && !isHere(in, req)
}

// isHere says that the request was made in a room of the incident.
func isHere(in *incident.Incident, req *Request) bool {
	return !req.Direct && slices.ContainsFunc(in.Rooms, func(r incident.Room) bool {
		return r.Platform == string(req.Place.Platform) && r.Channel == string(req.Place.Channel) &&
			(r.Thread == "" || r.Thread == string(req.Place.Thread))
	})
}

func roomOf(p chat.Place) incident.RoomID {
	return incident.RoomID{Platform: string(p.Platform), Channel: string(p.Channel), Thread: string(p.Thread)}
}

func placeOf(r incident.RoomID) chat.Place {
	return chat.Place{Platform: chat.PlatformID(r.Platform), Channel: chat.ChannelID(r.Channel), Thread: chat.ThreadID(r.Thread)}
}

// about is the incident that is named; 0 asks for that of the room, which is nil where it has none that the person may see.
// One that is named and that they may not see is answered like one that does not exist.
func (req *Request) about(named incident.ID) (*incident.Incident, error) {
	id := named
	if id == 0 {
		id = req.ofRoom()
	}
	if id == 0 {
		return nil, nil
	}
	in, err := req.Tx.Incident(id)
	switch {
	case err == nil && req.shows(in):
		return in, nil
	case errors.Is(err, storage.ErrDamaged):
		return nil, req.refuseDamaged(id)
	case err != nil && !errors.Is(err, storage.ErrNotFound):
		return nil, err
	case named == 0:
		return nil, nil
	default:
		return nil, unknown(id)
	}
}

// refuseDamaged answers a command about an incident whose records cannot be read: to those in its room, and to those who see
// it in a list.
func (req *Request) refuseDamaged(id incident.ID) error {
	told := id == req.ofRoom()
	err := req.visible(func(s storage.Summary) error {
		told = told || s.ID == id
		return nil
	})
	switch {
	case err != nil:
		return err
	case !told:
		return unknown(id)
	}
	return damaged{incident.Refusal{Text: fmt.Sprintf("The records of %s are damaged, and I cannot read them. Whoever runs me learns more from `boswell verify`. "+
		"`%s` opens another incident meanwhile.", id, req.typed("start room:new <title>"))}}
}

// damaged is the refusal to read the incident of the room. Commands that need none do without it.
type damaged struct{ incident.Refusal }

// Unwrap is the refusal itself.
func (d damaged) Unwrap() error { return d.Refusal }

// ofRoom is the incident of the room, the last one where none is under way; 0 is none.
func (req *Request) ofRoom() incident.ID {
	if req.Direct {
		return 0
	}
	id, live := req.Tx.InRoom(roomOf(req.Place))
	if !live {
		id, _ = req.Tx.LastInRoom(roomOf(req.Place))
	}
	return id
}

// unknown answers somebody who named an incident that does not exist, or that they may not see: the two must not differ.
func unknown(id incident.ID) error {
	return incident.Refuse("There is no %s that you can see. `/incident list` shows those that you can.", id)
}

// errEnough ends a walk over incidents.
var errEnough = errors.New("enough")

// visible walks over the incidents that the person may see, newest first, until see returns errEnough.
func (req *Request) visible(see func(storage.Summary) error) error {
	for s, err := range req.Tx.Incidents() {
		if err != nil {
			return err
		}
		ok, err := req.sees(s)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := see(s); errors.Is(err, errEnough) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// liveOnes are the incidents under way that the person may see, newest first, at most n.
func (req *Request) liveOnes(n int) ([]storage.Summary, error) {
	var live []storage.Summary
	err := req.visible(func(s storage.Summary) error {
		if !s.State.Live() {
			return nil
		}
		live = append(live, s)
		if len(live) == n {
			return errEnough
		}
		return nil
	})
	return live, err
}

// refuseNowhere answers a command about an incident where none is named and the room has none.
func (req *Request) refuseNowhere(c *Command) error {
	const offered = 5
	live, err := req.liveOnes(offered)
	if err != nil {
		return err
	}
	where := "This room has no incident."
	if req.Direct {
		where = "A direct message belongs to no incident."
	}
	if len(live) == 0 {
		return incident.Refuse("%s `%s` opens one.", where, req.typed("start <title>"))
	}
	var names []string
	for _, s := range live {
		names = append(names, titled(s.ID, s.Title))
	}
	return incident.Refuse("%s `%s` opens one; to ask about another, name it, like `%s`. Under way: %s.", where,
		req.typed("start <title>"), req.typed(c.word()+" in:"+live[0].ID.String()), strings.Join(names, ", "))
}
