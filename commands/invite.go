package commands

import (
	"fmt"

	"boswell/chat"
	"boswell/incident"
)

const (
	fieldInvite chat.FieldID = "invite"
	fieldWho    chat.FieldID = "who"
)

func inviteCommand() *Command {
	return &Command{
		Name: "invite",
		Help: "Bring people, or whole groups, into the room of the incident",
		Args: []chat.Arg{{Name: fieldWho, Help: "Who: names or @mentions, of groups too, apart by blanks", Kind: chat.ArgPeople,
			Required: true, Example: "@ada @ben"}},
		Examples: []string{"invite @ada @ben"},
		Needs:    AnIncident,
		Run:      runInvite,
		flat:     []string{"invite"},
	}
}

func runInvite(req *Request) (chat.Reply, error) {
	in := req.Incident
	room, ok, err := req.homeOf(in)
	switch {
	case err != nil:
		return chat.Reply{}, err
	case !in.State.Live():
		return chat.Reply{}, incident.Refuse("%s has ended. `%s` opens it again.", in.ID, req.typed("reopen in:"+in.ID.String()))
	case !ok:
		return chat.Reply{}, incident.Refuse("%s has no room of its own to invite people into. `%s` shows where it is fought.", in.ID, req.typed("show in:"+in.ID.String()))
	case room.platform != req.Place.Platform:
		return chat.Reply{}, incident.Refuse("The room of %s is on %s. Write the command there.", in.ID, room.platform)
	}
	// Asking twice is wanting it twice: somebody may have left meanwhile.
	if err := req.invite(in, fmt.Sprintf("invite-%s-%d", req.By, req.At.UnixNano()), room.spot, usersOf(req.Users[fieldWho])); err != nil {
		return chat.Reply{}, err
	}
	return req.aloud(in, chat.Say(fmt.Sprintf("Inviting %s into the room of %s.", called(req.Users[fieldWho]), titled(in.ID, in.Title())))), nil
}

// invite owes that people are brought into a room. Nothing waits for them: one who cannot come stops nobody.
func (req *Request) invite(in *incident.Incident, purpose string, to spot, users []chat.UserID) error {
	if len(users) == 0 {
		return nil
	}
	_, err := req.owe(in.ID, purpose, to.beside(besidePeople), chat.Invite{To: to.target, Users: users})
	return err
}

// callIn owes the invitations of a new incident: of those who were named, and into a room that was made for it of those who
// always come.
func (req *Request) callIn(in *incident.Incident, apart bool) error {
	room, ok, err := req.homeOf(in)
	if err != nil || !ok {
		return err
	}
	if err := req.invite(in, "invited", room.spot, usersOf(req.Users[fieldInvite])); err != nil || !apart {
		return err
	}
	if err := req.summon(in, ""); err != nil || in.Severity == "" {
		return err
	}
	return req.summon(in, in.Severity)
}

// summon owes the invitations of those who come to every incident of a severity, as configured, into the room that was made
// for it. Into one that was there before nobody is brought unasked. One unknown name keeps none of the others out.
func (req *Request) summon(in *incident.Incident, s incident.Severity) error {
	room, ok, err := req.homeOf(in)
	if err != nil || !ok || !room.made || req.Here.Summon == nil {
		return err
	}
	for _, who := range req.Here.Summon(room.platform, s) {
		if err := req.invite(in, fmt.Sprintf("summon-%s-%s", s, who), room.spot, []chat.UserID{who}); err != nil {
			return err
		}
	}
	return nil
}

// inviteResponder owes that somebody who takes part is brought into the room of the incident, if they have an account there.
// Whoever asks in that very room is in it.
func (req *Request) inviteResponder(in *incident.Incident, who incident.PersonID) error {
	if who == req.By && isHere(in, req) {
		return nil
	}
	room, ok, err := req.homeOf(in)
	if err != nil || !ok {
		return err
	}
	person, _ := req.Tx.Person(who)
	for _, a := range person.Accounts {
		if a.Platform == room.platform {
			return req.invite(in, "invite/"+string(a.User), room.spot, []chat.UserID{a.User})
		}
	}
	return nil
}

func usersOf(people []chat.User) []chat.UserID {
	var ids []chat.UserID
	for _, u := range people {
		ids = append(ids, u.ID)
	}
	return ids
}

// called are people as an answer names them.
func called(people []chat.User) string {
	var names []string
	for _, u := range people {
		if u.Group {
			names = append(names, "the group "+u.Display())
			continue
		}
		names = append(names, u.Display())
	}
	return andList(names)
}
