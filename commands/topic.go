package commands

import (
	"strings"
	"time"

	"boswell/chat"
	"boswell/incident"
)

// A topic is what stands above the room of an incident: all of it, and the part that seldom changes.
type topic struct{ full, steady string }

// How much of a title and a status a topic holds, in characters, so that nothing behind them is cut off.
const (
	topicTitle  = 100
	topicStatus = 60
)

func topicOf(in *incident.Incident, names func(incident.PersonID) string) topic {
	parts := []string{in.ID.String() + " " + flatten(in.Title(), topicTitle)}
	if in.Drill {
		parts = append([]string{"DRILL"}, parts...)
	}
	if in.Severity != "" {
		parts = append(parts, string(in.Severity))
	}
	t := topic{steady: strings.Join(parts, " · ")}
	if how := standing(in.State, flatten(in.Status(), topicStatus)); how != string(incident.StateOpen) {
		parts = append(parts, how)
	}
	if commander := in.Holder(incident.Commander); commander != "" {
		parts = append(parts, incident.Commander.Title()+" "+names(commander))
	}
	t.full = strings.Join(parts, " · ")
	return t
}

// topicPause is for how long a changed topic waits for further changes: rooms tell their people of each, and platforms allow
// few of them.
const topicPause = 20 * time.Second

// oweTopic promises that the topic of the room that was made for the incident says how it stands. That of a room which was
// there before belongs to its people. A room that is about to be opened again gets it afterwards.
func (req *Request) oweTopic(in *incident.Incident, t topic) error {
	room, ok, err := req.homeOf(in)
	if err != nil || !ok || !room.made {
		return err
	}
	at, err := req.onceOpen(in, room.spot)
	if err != nil {
		return err
	}
	at = at.beside(besideFrame)
	if in.State.Live() {
		at.due = req.Tx.Now().Add(topicPause)
	}
	_, err = req.owe(in.ID, "topic", at, chat.SetTopic{To: at.target, Topic: t.full, Steady: t.steady})
	return err
}

// onceOpen is a room, or what it will be once it is opened again, where that is owed.
func (req *Request) onceOpen(in *incident.Incident, at spot) (spot, error) {
	openings, err := req.pending(in.ID, func(e chat.Effect) bool {
		a, ok := e.(chat.Archive)
		return ok && a.Open && a.To == at.target
	})
	if len(openings) > 0 {
		return openings[0], err
	}
	return at, err
}
