package commands

import (
	"fmt"

	"boswell/chat"
	"boswell/incident"
	"boswell/postmortem"
)

const fieldStyle chat.FieldID = "style"

func postmortemGroup() *Command {
	export := &Command{
		Name:     "export",
		Help:     "The postmortem as a file",
		Args:     []chat.Arg{choiceArg(fieldStyle, "The format; else the standard one", styleNames(), styleNames()[0])},
		Examples: []string{"export sre", "export json"},
		Needs:    AnIncident,
		Run:      runExport,
		flat:     []string{"export"},
	}
	check := &Command{
		Name:     "check",
		Help:     "What readers of the postmortem would miss or stumble over",
		Examples: []string{"check"},
		Needs:    AnIncident,
		Reads:    true,
		Run:      runCheck,
		flat:     []string{"check"},
	}
	return &Command{Name: "postmortem", Help: "Check the postmortem and export it", Sub: []*Command{export, check}}
}

func styleNames() []string {
	var names []string
	for _, s := range postmortem.Styles() {
		names = append(names, s.Name)
	}
	return names
}

func runExport(req *Request) (chat.Reply, error) {
	in := req.Incident
	style := postmortem.Styles()[0]
	for _, s := range postmortem.Styles() {
		if s.Name == req.Text[fieldStyle] {
			style = s
		}
	}
	if req.overheard(in) {
		return chat.Reply{}, incident.Refuse("%s is private, so its postmortem goes only into its rooms and into direct messages. Write the command there.", in.ID)
	}
	// Asking twice is wanting it twice: unlike a decision, the same export is owed anew by each request.
	purpose := fmt.Sprintf("export-%s-%s-%d", style.Name, req.By, req.At.UnixNano())
	file, err := req.oweExport(in, style, purpose, spotAt(req.Place))
	if err != nil {
		return chat.Reply{}, err
	}
	if style.Name == postmortem.Styles()[0].Name {
		if err := req.oweBookmark(in, file); err != nil {
			return chat.Reply{}, err
		}
	}
	return aside(chat.Say(fmt.Sprintf("%s follows as a file: %s.", titled(in.ID, in.Title()), style.Help))), nil
}

// oweExport promises the postmortem as a file. It is written when it is sent.
func (req *Request) oweExport(in *incident.Incident, style postmortem.Style, purpose string, to spot) (spot, error) {
	return req.owe(in.ID, purpose, to, chat.Upload{
		To:      to.target,
		Name:    in.ID.String() + "-" + postmortem.Slug(in.Title()) + style.Extension,
		Type:    style.MediaType,
		Style:   style.Name,
		Caption: chat.Say("Postmortem of " + titled(in.ID, in.Title())),
	})
}

func (req *Request) findings(in *incident.Incident) []postmortem.Finding {
	return postmortem.Check(in, req.name, req.Tx.Now())
}

func runCheck(req *Request) (chat.Reply, error) {
	in := req.Incident
	found := req.findings(in)
	if len(found) == 0 {
		return aside(chat.Say("The postmortem of " + titled(in.ID, in.Title()) + " lacks nothing that I can see.")), nil
	}
	t := chat.Text{}.Bold(counted(len(found), "remark", "remarks")).Plain(" on the postmortem of " + titled(in.ID, in.Title()))
	return aside(lines(t, remarks(found))), nil
}

// remarks are findings as lines, each with a sign for its weight.
func remarks(found []postmortem.Finding) []chat.Text {
	var items []chat.Text
	for _, f := range found {
		items = append(items, append(chat.Text{}.Bold(f.Rule).Plain(" "+sign(f.Severity)+" "), chat.Typed(f.Text)...))
	}
	return items
}

func sign(s postmortem.Severity) string {
	switch s {
	case postmortem.SeverityError:
		return "❗"
	case postmortem.SeverityWarning:
		return "⚠️"
	default:
		return "·"
	}
}

// lacking adds what a closed incident still lacks. None of it keeps anybody from closing.
func (req *Request) lacking(in *incident.Incident, t chat.Text) chat.Text {
	var grave []postmortem.Finding
	found := req.findings(in)
	for _, f := range found {
		if f.Severity == postmortem.SeverityError {
			grave = append(grave, f)
		}
	}
	if len(grave) > 0 {
		t = lines(t.Plain("\nIt still lacks:"), remarks(grave))
	}
	if more := len(found) - len(grave); more > 0 {
		t = t.Plain("\n" + counted(more, "lighter remark", "lighter remarks") + ": ").Code(req.typed("check in:" + in.ID.String())).Plain(".")
	}
	return t
}
