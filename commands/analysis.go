package commands

import (
	"fmt"

	"boswell/chat"
	"boswell/incident"
)

func causeGroup() *Command {
	add := &Command{
		Name: "add",
		Help: "Say why it was possible",
		Args: []chat.Arg{
			required(choiceArg(fieldKind, "What part it had", incident.CauseKinds(), "root")),
			{Name: fieldTitle, Help: "A title for it", Kind: chat.ArgWord, Option: true, Max: incident.MaxTitle, Example: `"No limit on retries"`},
			textArg("The cause", "Clients retried without a limit."),
			fromArg(),
		},
		Examples: []string{"cause root Clients retried without a limit.", `cause contributing title:"No alert" Nobody watched the queue.`,
			"cause root from:message"},
		Needs:   AnIncident,
		Run:     runCause,
		read:    readers{fieldKind: reads(incident.ParseCauseKind)},
		instead: map[chat.FieldID]chat.FieldID{fieldText: fieldFrom},
	}
	recommend := &Command{
		Name:     "recommend",
		Help:     "Say what would keep a cause from coming back",
		Args:     []chat.Arg{numberArg("cause"), textArg("The recommendation", "Limit retries to three.")},
		Examples: []string{"cause 2 recommend Limit retries to three."},
		Needs:    AnIncident,
		Run:      runRecommend,
		numbered: true,
	}
	remove := &Command{
		Name:     "remove",
		Help:     "Take a cause out",
		Args:     []chat.Arg{numberArg("cause")},
		Examples: []string{"cause 2 remove"},
		Needs:    AnIncident,
		Run:      runRemoveCause,
		numbered: true,
	}
	return &Command{Name: "cause", Help: "Causes of the incident", Sub: []*Command{add, recommend, remove}, usual: add}
}

// did records what a command decided and says so to the room.
func (req *Request) did(events []incident.Event, err error, say func(in *incident.Incident) string) (chat.Reply, error) {
	if err != nil {
		return chat.Reply{}, err
	}
	in := req.Incident
	if len(events) == 0 {
		return unchanged("That stands in %s already.", in.ID), nil
	}
	if in, err = req.record(events); err != nil {
		return chat.Reply{}, err
	}
	return req.aloud(in, req.undoable(in, chat.Say(say(in)))), nil
}

func runCause(req *Request) (chat.Reply, error) {
	text, err := req.prose()
	if err != nil {
		return chat.Reply{}, err
	}
	kind := incident.CauseKind(req.Text[fieldKind])
	events, err := req.Incident.AddCause(kind, req.Text[fieldTitle], text)
	return req.did(events, err, func(in *incident.Incident) string {
		return fmt.Sprintf("Cause %d of %s (%s): %s.", len(in.Causes), in.ID, kind, quote(text))
	})
}

func runRecommend(req *Request) (chat.Reply, error) {
	n := req.number(fieldNumber)
	events, err := req.Incident.Recommend(n, req.Text[fieldText])
	return req.did(events, err, func(in *incident.Incident) string {
		return fmt.Sprintf("Recommended for cause %d of %s, %s: %s.", n, in.ID, quote(causeText(in.Causes[n-1])), quote(req.Text[fieldText]))
	})
}

func runRemoveCause(req *Request) (chat.Reply, error) {
	n := req.number(fieldNumber)
	events, err := req.Incident.RemoveCause(n)
	if err != nil {
		return chat.Reply{}, err
	}
	said := quote(causeText(req.Incident.Causes[n-1]))
	return req.did(events, nil, func(in *incident.Incident) string {
		return fmt.Sprintf("Took out cause %d of %s: %s.", n, in.ID, said)
	})
}

// causeText is what a cause is recognised by.
func causeText(c incident.Cause) string {
	if c.Title != "" {
		return c.Title
	}
	return c.Text
}

func lessonGroup() *Command {
	kind := required(choiceArg(fieldKind, "What went well or wrong, where you got lucky, or in general", incident.LessonKinds(), "well"))
	add := &Command{
		Name:     "add",
		Help:     "Say what was learned",
		Args:     []chat.Arg{kind, textArg("The lesson", "The alert came within a minute.")},
		Examples: []string{"lesson well The alert came within a minute.", "lesson lucky It was a quiet Sunday."},
		Needs:    AnIncident,
		Run:      runLesson,
		read:     readers{fieldKind: reads(incident.ParseLessonKind)},
	}
	remove := &Command{
		Name:     "remove",
		Help:     "Take a lesson out",
		Args:     []chat.Arg{kind, numberArg("lesson of that kind")},
		Examples: []string{"lesson remove well 2"},
		Needs:    AnIncident,
		Run:      runRemoveLesson,
		read:     readers{fieldKind: reads(incident.ParseLessonKind)},
	}
	return &Command{Name: "lesson", Help: "Lessons learned", Sub: []*Command{add, remove}, usual: add}
}

func runLesson(req *Request) (chat.Reply, error) {
	kind := incident.LessonKind(req.Text[fieldKind])
	events, err := req.Incident.AddLesson(kind, req.Text[fieldText])
	return req.did(events, err, func(in *incident.Incident) string {
		return fmt.Sprintf("Lesson %d of %s under %s: %s.", len(lessonsOf(in, kind)), in.ID, kind, quote(req.Text[fieldText]))
	})
}

func runRemoveLesson(req *Request) (chat.Reply, error) {
	kind, n := incident.LessonKind(req.Text[fieldKind]), req.number(fieldNumber)
	events, err := req.Incident.RemoveLesson(kind, n)
	if err != nil {
		return chat.Reply{}, err
	}
	said := quote(lessonsOf(req.Incident, kind)[n-1].Text)
	return req.did(events, nil, func(in *incident.Incident) string {
		return fmt.Sprintf("Took out lesson %d of %s under %s: %s.", n, in.ID, kind, said)
	})
}

func lessonsOf(in *incident.Incident, kind incident.LessonKind) []incident.Lesson {
	var of []incident.Lesson
	for _, l := range in.Lessons {
		if l.Kind == kind {
			of = append(of, l)
		}
	}
	return of
}

func supportGroup() *Command {
	add := &Command{
		Name: "add",
		Help: "Keep a text or a link as supporting information",
		Args: []chat.Arg{
			{Name: fieldTitle, Help: "A title for it", Kind: chat.ArgWord, Option: true, Max: incident.MaxTitle, Example: `"Error rate"`},
			textArg("The text or link", "https://example.com/graphs/12"),
			fromArg(),
		},
		Examples: []string{"support https://example.com/graphs/12", `support title:"Error rate" from:message`},
		Needs:    AnIncident,
		Run:      runSupport,
		instead:  map[chat.FieldID]chat.FieldID{fieldText: fieldFrom},
	}
	remove := &Command{
		Name:     "remove",
		Help:     "Take supporting information out",
		Args:     []chat.Arg{numberArg("item of the supporting information")},
		Examples: []string{"support 2 remove"},
		Needs:    AnIncident,
		Run:      runRemoveSupport,
		numbered: true,
	}
	return &Command{Name: "support", Help: "Supporting information", Sub: []*Command{add, remove}, usual: add, wordy: true}
}

func runSupport(req *Request) (chat.Reply, error) {
	text, err := req.prose()
	if err != nil {
		return chat.Reply{}, err
	}
	events, err := req.Incident.AddSupport(req.Text[fieldTitle], text, req.At)
	return req.did(events, err, func(in *incident.Incident) string {
		return fmt.Sprintf("Kept as supporting information of %s (%s): %s.", in.ID, counted(len(in.Supporting()), "item", "items"), quote(text))
	})
}

func runRemoveSupport(req *Request) (chat.Reply, error) {
	n := req.number(fieldNumber)
	events, err := req.Incident.RemoveSupport(n)
	if err != nil {
		return chat.Reply{}, err
	}
	said := quote(supportText(req.Incident.Supporting()[n-1]))
	return req.did(events, nil, func(in *incident.Incident) string {
		return fmt.Sprintf("Took out supporting information %d of %s: %s.", n, in.ID, said)
	})
}

// supportText is what an item is recognised by.
func supportText(s incident.Support) string {
	switch {
	case s.Title != "":
		return s.Title
	case s.Text != "":
		return s.Text
	case s.File != nil:
		return s.File.Name
	default:
		return s.Kind
	}
}
