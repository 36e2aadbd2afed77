package postmortem

import (
	"fmt"
	"strings"
	"time"

	"boswell/incident"
)

// unread says in sentences what of the chat could not be read: stretches of time, and single messages that somebody
// tagged.
func unread(in *incident.Incident, people People) []string {
	var sentences []string
	for _, g := range in.Unread() {
		sentences = append(sentences, gapSentence(in, g))
	}
	for _, e := range in.Pending() {
		sentences = append(sentences, pendingSentence(in, e, people))
	}
	return sentences
}

func gapSentence(in *incident.Incident, g incident.Gap) string {
	loc := in.Zone.Location()
	from, to := g.From.In(loc), g.To.In(loc)
	if g.To.IsZero() {
		return fmt.Sprintf("Since %s Boswell cannot read %s%s", from.Format(time.DateOnly+" at 15:04"), roomName(in, g.Room), reason(g.Why))
	}
	if dayOf(from, incident.Minute, loc) != dayOf(to, incident.Minute, loc) {
		const both = time.DateOnly + " 15:04"
		return fmt.Sprintf("Boswell could not read %s between %s and %s%s", roomName(in, g.Room), from.Format(both), to.Format(both), reason(g.Why))
	}
	return fmt.Sprintf("On %s Boswell could not read %s between %s and %s%s",
		from.Format(time.DateOnly), roomName(in, g.Room), from.Format("15:04"), to.Format("15:04"), reason(g.Why))
}

func pendingSentence(in *incident.Incident, e incident.Entry, people People) string {
	what := "A message"
	if e.Message != nil {
		what += " in " + roomName(in, incident.RoomID{Platform: e.Message.Platform, Channel: e.Message.Channel})
	}
	what += ", tagged"
	if by := nameOf(people, e.Tagger, ""); by != "" {
		what += " by " + by
	}
	if !e.Tagged.IsZero() {
		what += " on " + e.Tagged.In(in.Zone.Location()).Format(time.DateOnly+" at 15:04")
	}
	if e.Waiting {
		return what + ", has not been read yet."
	}
	return what + ", could not be read" + reason(e.Lost)
}

// reason ends a sentence with why, where that is known.
func reason(why string) string {
	why = strings.TrimRight(oneLine(why), ". ")
	if why == "" {
		return "."
	}
	return ": " + why + "."
}

// roomName is a linked room as people call it. A thread goes by the name of its room.
func roomName(in *incident.Incident, id incident.RoomID) string {
	for _, r := range in.Rooms {
		if r.Platform == id.Platform && r.Channel == id.Channel && r.Name != "" {
			return oneLine(r.Name)
		}
	}
	return "a room that is no longer linked"
}
