package local_test

import (
	"strings"
	"testing"

	"boswell/chat"
)

var someCommands = []chat.Command{
	{Name: "note", Help: "Note something", Args: []chat.Arg{
		{Name: "at", Help: "When", Kind: chat.ArgTime, Option: true},
		{Name: "sure", Help: "Yes", Kind: chat.ArgYes, Option: true},
		{Name: "text", Help: "What", Kind: chat.ArgText, Required: true}}},
	{Name: "action", Help: "Action items", Sub: []chat.Command{
		{Name: "add", Help: "Add one", Args: []chat.Arg{
			{Name: "type", Help: "Which type", Kind: chat.ArgChoice, Option: true, Choices: []chat.Choice{
				{Value: "prevent", Label: "Prevent"}, {Value: "process", Label: "Process"}, {Value: "detect", Label: "Detect"}}},
			{Name: "owner", Help: "Who", Kind: chat.ArgWord, Option: true, Suggest: true},
			{Name: "text", Help: "What", Kind: chat.ArgText, Required: true}}},
		{Name: "done", Help: "It is done"}}},
	{Name: "role", Help: "Give a role", Args: []chat.Arg{
		{Name: "role", Help: "Which", Kind: chat.ArgWord, Suggest: true},
		{Name: "who", Help: "Who", Kind: chat.ArgPerson}}},
	{Name: "link", Help: "Link a room", Args: []chat.Arg{{Name: "room", Help: "Which", Kind: chat.ArgRoom}}},
}

func TestComplete(t *testing.T) {
	p := newParty(t)
	p.must(p.Platform().Register(t.Context(), someCommands))
	p.replying(func(in chat.Inbound) (chat.Reply, error) {
		q, ok := in.(chat.Suggest)
		if !ok {
			return chat.Reply{}, nil
		}
		value := string(q.Field) + "=" + q.Typed + " after " + q.Line
		return chat.Reply{Choices: []chat.Choice{{Value: value, Label: value}}}, nil
	})
	p.run()
	awaited[chat.Online](p, 1)
	for line, want := range map[string]string{
		"":                                "note, action, role, link",
		"n":                               "note",
		"A":                               "action",
		"dance":                           "",
		"dance ":                          "",
		"action ":                         "add, done",
		"action d":                        "done",
		"note ":                           "at:, sure:",
		"note s":                          "sure:",
		"note sure:":                      "sure:yes, sure:no",
		"note sure:y":                     "sure:yes",
		"note it rains s":                 "",
		"action add type:pr":              "type:prevent, type:process",
		"action add type:prevent ":        "owner:",
		`action add type:prevent owner:A`: `owner:"owner=A after action add"`,
		`action add owner:"Ann A`:         `owner:"owner=Ann A after action add"`,
		"role sc":                         `"role=sc after role"`,
		"role scribe ":                    "@ann, @ben",
		"role scribe @b":                  "@ben",
		"role scribe Ann":                 "@ann",
		"link ":                           "#ops",
		"link #o":                         "#ops",
		"link x":                          "",
		"action add type:prevent text ":   "",
	} {
		choices, err := p.Complete(t.Context(), p.ann, p.room, line)
		p.must(err)
		var values []string
		for _, c := range choices {
			values = append(values, c.Value)
		}
		if got := strings.Join(values, ", "); got != want {
			t.Errorf("%q could go on with %q, want %q", line, got, want)
		}
	}
}

func TestCompleteWithoutBot(t *testing.T) {
	p := newParty(t)
	p.must(p.Platform().Register(t.Context(), someCommands))
	if choices, err := p.Complete(t.Context(), p.ann, p.room, "role sc"); err != nil || len(choices) != 0 {
		t.Errorf("without a bot there are %+v, %v", choices, err)
	}
	wantProblem(t, second(p.Complete(t.Context(), "u0", p.room, "link ")), "Nobody here")
}
