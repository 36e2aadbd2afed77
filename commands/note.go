package commands

import (
	"fmt"
	"time"

	"boswell/chat"
	"boswell/incident"
)

const (
	fieldAfter  chat.FieldID = "after"
	fieldMarker chat.FieldID = "marker"
)

func noteCommand() *Command {
	return &Command{
		Name: "note",
		Help: "Put something on the timeline, at the time it happened",
		Args: []chat.Arg{
			textArg("What happened", "Failover to the second database is done"),
			atArg("When it happened: 14:05, ~14:05, 14:05~14:20, \"yesterday 22:16\", ? if unknown; else now"),
			{Name: fieldAfter, Help: "The entry that it stands directly behind", Kind: chat.ArgWord, Option: true, Suggest: true, Example: "3"},
			option(choiceArg(fieldMarker, "What it means for the course of the incident", incident.Markers(), `"OUTAGE BEGINS"`)),
			sureArg(),
		},
		Examples: []string{"note Failover is done", "note at:14:05 First alert", `note at:"yesterday 22:16" marker:DETECTED Disk alert`,
			"note at:? after:3 Somebody restarted the queue"},
		Needs: AnIncident,
		Run:   runNote,
		read:  readers{fieldMarker: reads(incident.ParseMarker)},
	}
}

func runNote(req *Request) (chat.Reply, error) {
	in := req.Incident
	at, err := req.noteTime()
	if err != nil {
		return chat.Reply{}, err
	}
	events, err := in.Note(incident.Note{Text: req.Text[fieldText], At: at, Said: req.At, After: req.Text[fieldAfter],
		Marker: marker(req.Text[fieldMarker])})
	if err != nil {
		return chat.Reply{}, err
	}
	handle := events[0].(incident.Noted).Entry
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	e, _ := in.Entry(handle)
	t := chat.Say(fmt.Sprintf("Noted as %d (%s) for %s", in.Place(handle), handle, e.Happened.Echo(req.At, in.Zone)))
	if e.Marker != "" {
		t = t.Plain(", ").Bold(string(e.Marker))
	}
	return req.aloud(in, req.undoable(in, t.Plain(": "+quote(e.Text)+"."))), nil
}

// noteTime is when a note happened: as given, else the time of the entry that it stands behind, else now.
func (req *Request) noteTime() (incident.Moment, error) {
	at, err := req.moment()
	if err != nil {
		return incident.Moment{}, err
	}
	after, placed := req.Text[fieldAfter]
	switch {
	case at != nil:
		return *at, nil
	case !placed:
		return now(req.At, req.Incident), nil
	}
	before, err := req.Incident.Find(after)
	before.Happened.End = time.Time{}
	return before.Happened, err
}

// now is the moment of typing, as finely as the incident takes times.
func now(at time.Time, in *incident.Incident) incident.Moment {
	if in.Precision == incident.Day {
		y, m, d := at.In(in.Zone.Location()).Date()
		return incident.OnDay(y, m, d)
	}
	return incident.At(at, in.Precision)
}

// moment reads the argument "at"; nil is none. A time that looks like a slip is refused, unless the person says that they
// are sure.
func (req *Request) moment() (*incident.Moment, error) {
	text, given := req.Text[fieldAt]
	if !given {
		return nil, nil
	}
	r, err := incident.ReadMoment(text, req.At, req.Incident.Zone)
	if err != nil {
		return nil, About(fieldAt, err)
	}
	if !req.says(fieldSure) {
		if err := incident.CheckPlausible(r, req.At, req.Incident.Zone); err != nil {
			return nil, About(fieldAt, err)
		}
	}
	return &r.Moment, nil
}

// marker is the marker that a text names; the sign that empties is none.
func marker(text string) incident.Marker {
	return incident.Marker(cleared(text))
}

// cleared is a value, and empty where the sign that empties was typed.
func cleared(text string) string {
	if text == incident.Clear {
		return ""
	}
	return text
}
