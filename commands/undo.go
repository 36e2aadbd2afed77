package commands

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"boswell/chat"
	"boswell/incident"
)

const (
	fieldReminder chat.FieldID = "reminder"
	fieldFor      chat.FieldID = "for"
)

func undoCommand() *Command {
	return &Command{
		Name:     "undo",
		Help:     "Take back what you changed last, if nobody changed it since",
		Examples: []string{"undo"},
		Needs:    AnIncident,
		Run:      runUndo,
	}
}

func runUndo(req *Request) (chat.Reply, error) {
	in := req.Incident
	events, what, err := in.Undo(req.By)
	if err != nil {
		return chat.Reply{}, err
	}
	if err := req.relinked(in, events); err != nil {
		return chat.Reply{}, err
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	t := chat.Say(fmt.Sprintf("Undone in %s. %s. A second ", in.ID, strings.Join(what, ". ")))
	return req.aloud(in, t.Code(req.typed("undo"+req.elsewhere(in))).Plain(" does not go further: it takes this one back.")), nil
}

// relinked owes the reading of the rooms that become the incident's again. One that belongs to another incident by now stays
// with that.
func (req *Request) relinked(in *incident.Incident, events []incident.Event) error {
	for _, e := range events {
		linked, ok := e.(incident.RoomLinked)
		if !ok {
			continue
		}
		if id, live := req.Tx.InRoom(linked.Room.RoomID); live && id != in.ID {
			return req.refuseTaken(linked.Room, id)
		}
		if linked.Room.Unreadable != "" {
			continue
		}
		if err := req.oweCatchUp(in.ID, chat.CatchUp{Room: placeOf(linked.Room.RoomID), Offer: true}); err != nil {
			return err
		}
	}
	return nil
}

// Bounds of a snooze.
const (
	usualSnooze = time.Hour
	mostSnooze  = 7 * 24 * time.Hour
)

func snoozeCommand() *Command {
	return &Command{
		Name: "snooze",
		Help: "Silence the reminders of the incident for a while",
		Args: []chat.Arg{
			{Name: fieldReminder, Help: "Which reminder; else all", Kind: chat.ArgWord, Suggest: true, Example: "update"},
			{Name: fieldFor, Help: "How long, like 30m or 2h; else an hour", Kind: chat.ArgWord, Option: true, Example: "2h"},
		},
		Examples: []string{"snooze", "snooze for:2h update"},
		Needs:    AnIncident,
		Run:      runSnooze,
		read:     readers{fieldFor: readLength},
	}
}

func runSnooze(req *Request) (chat.Reply, error) {
	in := req.Incident
	which := req.Here.Reminders
	if len(which) == 0 {
		return chat.Reply{}, incident.Refuse("No reminders are given here, so there is nothing to silence.")
	}
	if name, given := req.Text[fieldReminder]; given {
		one, err := readChoice(choiceArg(fieldReminder, "", which, ""), name)
		if err != nil {
			return chat.Reply{}, err
		}
		which = []string{one}
	}
	long := usualSnooze
	if typed, given := req.Text[fieldFor]; given {
		long, _ = lengthOf(typed)
	}
	until := req.Tx.Now().Add(long)
	var events []incident.Event
	for _, name := range which {
		more, err := in.Snooze(name, until)
		if err != nil {
			return chat.Reply{}, err
		}
		events = append(events, more...)
	}
	if len(events) == 0 {
		return unchanged("That is silent for longer already."), nil
	}
	in, err := req.record(events)
	if err != nil {
		return chat.Reply{}, err
	}
	t := chat.Say(fmt.Sprintf("No reminder of %s (%s) for %s.", in.ID, andList(which), incident.Words(long)))
	return req.aloud(in, t), nil
}

var lengthForm = regexp.MustCompile(`^(\d{1,5}) ?(m|min|minutes?|h|hours?|d|days?)$`)

// lengthOf is a length of time as people type it: 30m, 2h, 1 day.
func lengthOf(text string) (time.Duration, bool) {
	part := lengthForm.FindStringSubmatch(strings.ToLower(text))
	if part == nil {
		return 0, false
	}
	n, err := strconv.Atoi(part[1])
	unit := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}[part[2][0]]
	long := time.Duration(n) * unit
	return long, err == nil && long > 0 && long <= mostSnooze
}

func readLength(text string) (string, error) {
	if _, ok := lengthOf(text); !ok {
		return "", incident.Refuse("%q is not a length of time from a minute to 7 days. Write it like 30m, 2h or 1d.", cut(text, 40))
	}
	return text, nil
}
