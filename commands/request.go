package commands

import (
	"errors"
	"time"

	"boswell/chat"
	"boswell/incident"
	"boswell/storage"
)

// A Request is one command as a person gave it, with everything in it resolved: people, rooms and messages are known
// before it runs, so a command never touches the network.
type Request struct {
	// Tx is the transaction that the command runs in; what is owed to the chats is promised there.
	Tx storage.Tx
	// Incident is the one that the command is about, once Answer has found it; nil for a command that needs none. It is only
	// read.
	Incident *incident.Incident
	// By and User are who asked.
	By   incident.PersonID
	User chat.User
	// At is when it was typed. Times are read against it.
	At time.Time
	// Place is where it was typed; for a direct message Direct is set.
	Place  chat.Place
	Direct bool
	// Text holds the arguments as typed, by name; an argument that was not given is not there.
	Text map[chat.FieldID]string
	// People, Users, Rooms and Messages are the arguments of those kinds, resolved; Users those that name several, groups too.
	People   map[chat.FieldID]storage.Person
	Users    map[chat.FieldID][]chat.User
	Rooms    map[chat.FieldID]incident.Room
	Messages map[chat.FieldID]incident.Content
	// Settings are the parts of the configuration that commands look at, Here what the bot knows of its chats.
	Settings Settings
	Here     Here

	confidential bool // the answer may tell of an incident that others in the room may not see
}

// Answer runs a command about the incident that it names, else about that of the room. Whether the Reply is Confidential
// counts beside a refusal, too. One Request answers one command, once.
func (req *Request) Answer(p Parsed) (chat.Reply, error) {
	reply, err := req.run(p)
	reply.Confidential = req.confidential || req.Incident != nil && req.overheard(req.Incident)
	return reply, err
}

func (req *Request) run(p Parsed) (reply chat.Reply, err error) {
	req.Incident, err = req.about(p.Incident)
	if err != nil && !(errors.As(err, new(damaged)) && p.Command.Needs == NoIncident) {
		return reply, err
	}
	if req.Incident == nil && p.Command.Needs != NoIncident {
		return reply, req.refuseNowhere(p.Command)
	}
	return p.Command.Run(req)
}

// Settings are the parts of the configuration that commands look at.
type Settings struct {
	// Slash is what people type before a command here: "/incident".
	Slash string
	// WebURL is the address of the pages, without a slash at its end; empty where none is configured.
	WebURL string
	// NewRoom says that `start` makes a room unless asked otherwise.
	NewRoom bool
	// Zone is the zone of new incidents.
	Zone incident.Zone
	// ArchiveOnClose says that the room of an incident is archived when it is closed.
	ArchiveOnClose bool
	// Version is the program's.
	Version string
}

// Here is what the bot that takes a request knows of its chats.
type Here struct {
	// MakesRooms says that the platform of the request makes rooms.
	MakesRooms bool
	// Announce is the room that hears of incidents and updates; the zero Place is none.
	Announce chat.Place
	// Summon are the people and groups of a platform that come to every incident of a severity; of the empty one, to every
	// incident. Nil is nobody.
	Summon func(chat.PlatformID, incident.Severity) []chat.UserID
	// Reminders are the names of the reminders that are given.
	Reminders []string
}
