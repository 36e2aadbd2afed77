package commands

import (
	"fmt"
	"time"

	"boswell/chat"
	"boswell/incident"
)

// newest is how many entries are shown where not all are asked for.
const newest = 30

// entryLength is how much of an entry a timeline shows, in characters.
const entryLength = 300

const fieldPart chat.FieldID = "part"

// partAll is the value of that argument for the whole timeline.
const partAll = "all"

func timelineGroup() *Command {
	show := &Command{
		Name:     "show",
		Help:     "The timeline, with the numbers and handles of its entries",
		Args:     []chat.Arg{choiceArg(fieldPart, "All of it, not only the newest entries", []string{partAll}, partAll)},
		Examples: []string{"timeline", "timeline all"},
		Needs:    AnIncident,
		Reads:    true,
		Run:      runTimeline,
	}
	edit := &Command{
		Name:     "edit",
		Help:     "Change the text or the time of an entry",
		Args:     []chat.Arg{entryArg(), optional(textArg("The new text", "Failover began")), atArg("The new time; ? if unknown"), sureArg()},
		Examples: []string{"edit 3 Failover began", "edit e12 at:14:20", "edit 3 at:~14:20 Failover began"},
		Needs:    AnIncident,
		Run:      runEdit,
		flat:     []string{"edit"},
	}
	remove := &Command{
		Name:     "remove",
		Help:     "Take an entry out of the timeline",
		Args:     []chat.Arg{entryArg()},
		Examples: []string{"remove 3", "remove e12"},
		Needs:    AnIncident,
		Run:      runRemove,
		flat:     []string{"remove"},
	}
	mark := &Command{
		Name: "mark",
		Help: "Say what an entry means for the course of the incident",
		Args: []chat.Arg{entryArg(), required(choiceArg(fieldMarker, "What it means; - for nothing",
			append(incident.Markers(), incident.Clear), "OUTAGE BEGINS"))},
		Examples: []string{"mark 3 OUTAGE BEGINS", "mark e12 DETECTED", "mark 3 -"},
		Needs:    AnIncident,
		Run:      runMark,
		flat:     []string{"mark"},
		read:     readers{fieldMarker: orClear(reads(incident.ParseMarker))},
	}
	return &Command{Name: "timeline", Help: "Show the timeline, correct and mark its entries",
		Sub: []*Command{show, edit, remove, mark}, usual: show}
}

// runTimeline answers the person alone: who corrects the timeline needs the numbers, the others need no such long answer.
func runTimeline(req *Request) (chat.Reply, error) {
	in := req.Incident
	entries := in.Timeline()
	if len(entries) == 0 {
		return aside(chat.Say(fmt.Sprintf("The timeline of %s is empty. Pin a message with 📌, or write ", in.ID)).
			Code(req.typed("note <text>")).Plain(".")), nil
	}
	from := 0
	t := chat.Text{}.Bold("Timeline of " + in.ID.String()).Plain(" · " + counted(len(entries), "entry", "entries"))
	if req.Text[fieldPart] != partAll && len(entries) > newest {
		from = len(entries) - newest
		t = t.Plain(fmt.Sprintf(", the last %d of them; ", newest)).Code(req.typed("timeline all in:" + in.ID.String())).Plain(" shows all")
	}
	day := ""
	for i, e := range entries[from:] {
		if d := dayOf(e, in.Zone); d != day {
			day = d
			t = t.Plain("\n").Bold(d)
		}
		t = append(t.Plain("\n"), entryLine(from+i+1, e, in.Zone)...)
	}
	if waiting := len(in.Pending()); waiting > 0 {
		t = t.Plain(fmt.Sprintf("\n%s marked, but could not be read yet.", counted(waiting, "message is", "messages are")))
	}
	return aside(t), nil
}

// dayOf heads the entries of one day.
func dayOf(e incident.Entry, z incident.Zone) string {
	switch {
	case !e.Happened.Known():
		return "no time known"
	case e.Happened.Clock():
		return e.Happened.Start.In(z.Location()).Format(time.DateOnly+" (") + z.String() + ")"
	default:
		return e.Happened.Start.Format(time.DateOnly+" (") + z.String() + ")"
	}
}

// entryLine is one entry with its number, handle and time.
func entryLine(n int, e incident.Entry, z incident.Zone) chat.Text {
	t := chat.Text{}.Bold(fmt.Sprint(n)).Plain(" " + string(e.ID) + " ")
	if at := clock(e.Happened, z); at != "" {
		t = t.Plain(at + " ")
	}
	if e.Marker != "" {
		t = t.Bold(string(e.Marker)).Plain(" — ")
	}
	return t.Plain(flatten(entryText(e), entryLength))
}

// entryText is what an entry says, or why it says nothing.
func entryText(e incident.Entry) string {
	switch {
	case e.Text != "":
		return e.Text
	case len(e.Files) > 0:
		return "[" + e.Files[0].Name + "]"
	case e.Lost != "":
		return "[could not be read: " + e.Lost + "]"
	default:
		return "[no text]"
	}
}

// clock is the time of day as it is printed: "14:05", "~14:05", "14:05–14:20"; of a time that spans days, with the dates.
// It is empty where no time of day is known.
func clock(m incident.Moment, z incident.Zone) string {
	about := ""
	if m.Approximate {
		about = "~"
	}
	layout := "15:04"
	switch {
	case m.Precision == incident.Second:
		layout = time.TimeOnly
	case m.Precision == incident.Day && !m.End.IsZero():
		return about + m.Start.Format(time.DateOnly) + "–" + m.End.Format(time.DateOnly)
	case !m.Clock():
		return ""
	}
	start, end := m.Start.In(z.Location()), m.End.In(z.Location())
	switch {
	case m.End.IsZero():
		return about + start.Format(layout)
	case start.Format(time.DateOnly) == end.Format(time.DateOnly):
		return about + start.Format(layout) + "–" + end.Format(layout)
	default:
		return about + start.Format(layout) + "–" + end.Format(time.DateOnly+" "+layout)
	}
}

// named says which entry an answer is about: its number now, its handle and what it says.
func named(in *incident.Incident, e incident.Entry) string {
	return fmt.Sprintf("%d (%s) %s", in.Place(e.ID), e.ID, quote(entryText(e)))
}

func runEdit(req *Request) (chat.Reply, error) {
	in, label := req.Incident, req.Text[fieldEntry]
	at, err := req.moment()
	if err != nil {
		return chat.Reply{}, err
	}
	var text *string
	if typed, given := req.Text[fieldText]; given {
		text = &typed
	}
	if at == nil && text == nil {
		return chat.Reply{}, incident.Refuse("`edit %s` changes nothing as it stands. Write the new text behind it, the new time as at:14:05, or both.", label)
	}
	events, err := in.Edit(label, text, at)
	if err != nil {
		return chat.Reply{}, err
	}
	old, err := in.Find(label)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(events) == 0 {
		return unchanged("Entry %s says so already.", named(in, old)), nil
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	return req.aloud(in, req.undoable(in, edited(in, old, req.At))), nil
}

// edited says what an entry says now and, where that changed, what it said before.
func edited(in *incident.Incident, old incident.Entry, typed time.Time) chat.Text {
	e, _ := in.Entry(old.ID)
	t := chat.Say("Entry " + named(in, e) + " for " + e.Happened.Echo(typed, in.Zone) + ".")
	if e.Text != old.Text {
		t = t.Plain(" Before, it said " + quote(old.Text) + ".")
	}
	if !e.Happened.Equal(old.Happened) {
		t = t.Plain(" Before, it stood at " + old.Happened.Echo(typed, in.Zone) + ".")
	}
	return t
}

func runRemove(req *Request) (chat.Reply, error) {
	in, label := req.Incident, req.Text[fieldEntry]
	events, err := in.Remove(label)
	if err != nil {
		return chat.Reply{}, err
	}
	e, err := in.Find(label)
	if err != nil {
		return chat.Reply{}, err
	}
	said := named(in, e)
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	return req.aloud(in, req.undoable(in, chat.Say("Took out entry "+said+"."))), nil
}

func runMark(req *Request) (chat.Reply, error) {
	in, label, m := req.Incident, req.Text[fieldEntry], marker(req.Text[fieldMarker])
	events, err := in.Mark(label, m)
	if err != nil {
		return chat.Reply{}, err
	}
	e, err := in.Find(label)
	if err != nil {
		return chat.Reply{}, err
	}
	if len(events) == 0 {
		return unchanged("Entry %s is marked so already.", named(in, e)), nil
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	t := chat.Say("Entry " + named(in, e) + " has no marker now.")
	if m != "" {
		t = chat.Say("Marked entry " + named(in, e) + " as ").Bold(string(m)).Plain(".")
	}
	return req.aloud(in, req.undoable(in, t)), nil
}
