package commands

import (
	"fmt"
	"strings"

	"boswell/chat"
	"boswell/incident"
)

const (
	fieldType     chat.FieldID = "type"
	fieldTerm     chat.FieldID = "term"
	fieldPriority chat.FieldID = "priority"
	fieldOwner    chat.FieldID = "owner"
	fieldBug      chat.FieldID = "bug"
	fieldDue      chat.FieldID = "due"
)

func actionGroup() *Command {
	add := &Command{
		Name: "add",
		Help: "Add an action item",
		Args: append(actionOptions(), textArg("What is to be done", "Limit retries to three.")),
		Examples: []string{"action type:prevent owner:Ada Limit retries to three.",
			`action type:detect priority:1 due:2024-05-01 bug:https://example.com/issues/12 Alert on the length of the queue.`},
		Needs: AnIncident,
		Run:   runAction,
	}
	edit := &Command{
		Name:     "edit",
		Help:     "Change an action item; - empties an option",
		Args:     append(append([]chat.Arg{numberArg("action item")}, clearable(actionOptions())...), optional(textArg("What is to be done", "Limit retries to three."))),
		Examples: []string{"action 2 edit owner:Grace due:2024-05-01", "action 2 edit Limit retries to five."},
		Needs:    AnIncident,
		Run:      runEditAction,
		numbered: true,
	}
	outcome := numberedAction("outcome", "Record the answer that an action item found", runOutcome)
	outcome.Args = append(outcome.Args, textArg("What was found", "Three is enough."))
	outcome.Examples = []string{"action 2 outcome Three is enough."}
	return &Command{Name: "action", Help: "Action items", usual: add, wordy: true, Sub: []*Command{add, edit, outcome,
		numberedAction("done", "Say that an action item is done", runDone),
		numberedAction("reopen", "Say that an action item is not done after all", runReopenAction),
		numberedAction("remove", "Take an action item out", runRemoveAction),
	}}
}

// numberedAction is a command about one action item.
func numberedAction(name, help string, run func(*Request) (chat.Reply, error)) *Command {
	return &Command{Name: name, Help: help, Args: []chat.Arg{numberArg("action item")}, Examples: []string{"action 2 " + name},
		Needs: AnIncident, Run: run, numbered: true}
}

func actionOptions() []chat.Arg {
	return []chat.Arg{
		option(choiceArg(fieldType, "What it does", incident.ActionTypes(), "prevent")),
		option(choiceArg(fieldTerm, "How soon", []string{"short", "long"}, "short")),
		{Name: fieldPriority, Help: "1 is the first to do", Kind: chat.ArgNumber, Option: true, Example: "1"},
		{Name: fieldOwner, Help: "Who does it: a person, me, or a team", Kind: chat.ArgWord, Option: true, Max: incident.MaxWords, Example: "Ada"},
		{Name: fieldBug, Help: "Where it is tracked: a link", Kind: chat.ArgWord, Option: true, Example: "https://example.com/issues/12"},
		{Name: fieldDue, Help: "By when: a date", Kind: chat.ArgWord, Option: true, Example: "2024-05-01"},
	}
}

// clearable lets the choices among options be emptied.
func clearable(args []chat.Arg) []chat.Arg {
	for i, a := range args {
		if a.Kind == chat.ArgChoice {
			args[i].Choices = append(a.Choices, chat.Choice{Value: incident.Clear, Label: "none"})
		}
	}
	return args
}

// revise sets what was given of an action item.
func (req *Request) revise(a *incident.Action) error {
	for name, field := range map[chat.FieldID]*string{fieldText: &a.Text, fieldType: &a.Type, fieldTerm: &a.Term, fieldOwner: &a.Owner, fieldBug: &a.Bug} {
		if value, given := req.Text[name]; given {
			*field = cleared(value)
		}
	}
	if strings.EqualFold(req.Text[fieldOwner], me) {
		a.Owner = req.name(req.By)
	}
	if _, given := req.Text[fieldPriority]; given {
		a.Priority = req.number(fieldPriority)
	}
	due, given := req.Text[fieldDue]
	if !given {
		return nil
	}
	a.Due = incident.Date{}
	if cleared(due) == "" {
		return nil
	}
	d, err := incident.ReadDate(due, req.At, req.Incident.Zone)
	a.Due = d
	return err
}

func runAction(req *Request) (chat.Reply, error) {
	var a incident.Action
	if err := req.revise(&a); err != nil {
		return chat.Reply{}, err
	}
	events, err := req.Incident.AddAction(a)
	return req.did(events, err, func(in *incident.Incident) string { return actionSaid(in, len(in.Actions)) + "." })
}

func runEditAction(req *Request) (chat.Reply, error) {
	n := req.number(fieldNumber)
	var bad error
	events, err := req.Incident.ReviseAction(n, func(a *incident.Action) { bad = req.revise(a) })
	if bad != nil {
		err = bad
	}
	return req.did(events, err, func(in *incident.Incident) string { return actionSaid(in, n) + "." })
}

func runOutcome(req *Request) (chat.Reply, error) {
	n := req.number(fieldNumber)
	events, err := req.Incident.ConcludeAction(n, req.Text[fieldText])
	return req.did(events, err, func(in *incident.Incident) string {
		return actionSaid(in, n) + ". Its outcome: " + quote(req.Text[fieldText]) + "."
	})
}

func runDone(req *Request) (chat.Reply, error)         { return req.finishAction(true) }
func runReopenAction(req *Request) (chat.Reply, error) { return req.finishAction(false) }

func (req *Request) finishAction(done bool) (chat.Reply, error) {
	n := req.number(fieldNumber)
	events, err := req.Incident.FinishAction(n, done)
	return req.did(events, err, func(in *incident.Incident) string {
		if done {
			return actionSaid(in, n) + " is done."
		}
		return actionSaid(in, n) + " is to do again."
	})
}

func runRemoveAction(req *Request) (chat.Reply, error) {
	n := req.number(fieldNumber)
	events, err := req.Incident.RemoveAction(n)
	if err != nil {
		return chat.Reply{}, err
	}
	said := actionSaid(req.Incident, n)
	return req.did(events, nil, func(*incident.Incident) string { return "Took out " + lowerFirst(said) + "." })
}

// actionSaid names an action item and says what is known of it.
func actionSaid(in *incident.Incident, n int) string {
	return fmt.Sprintf("Action item %d of %s%s", n, in.ID, actionDetails(in.Actions[n-1]))
}

// actionDetails are the parts of an action item that were given, and its text.
func actionDetails(a incident.Action) string {
	details := ""
	add := func(label, value string) {
		if value != "" {
			details += ", " + label + value
		}
	}
	add("", a.Type)
	add("term ", a.Term)
	if a.Priority > 0 {
		add("priority ", fmt.Sprint(a.Priority))
	}
	add("owner ", a.Owner)
	add("due ", dateText(a.Due))
	add("", a.Bug)
	return details + ": " + quote(a.Text)
}
