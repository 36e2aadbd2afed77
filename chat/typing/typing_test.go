package typing_test

import (
	"strings"
	"testing"

	"boswell/chat"
	"boswell/chat/typing"
)

var declared = []chat.Command{
	{Name: "note", Help: "Note something", Args: []chat.Arg{
		{Name: "at", Kind: chat.ArgTime, Option: true},
		{Name: "sure", Kind: chat.ArgYes, Option: true},
		{Name: "text", Kind: chat.ArgText, Required: true}}},
	{Name: "action", Help: "Action items", Sub: []chat.Command{
		{Name: "add", Args: []chat.Arg{
			{Name: "type", Kind: chat.ArgChoice, Option: true, Choices: []chat.Choice{{Value: "prevent", Label: "Prevent"}, {Value: "process", Label: "Process"}}},
			{Name: "owner", Kind: chat.ArgWord, Option: true, Suggest: true},
			{Name: "text", Kind: chat.ArgText, Required: true}}},
		{Name: "done"}}},
	{Name: "people", Help: "Who does what", Sub: []chat.Command{
		{Name: "role", Args: []chat.Arg{{Name: "role", Kind: chat.ArgWord}, {Name: "who", Kind: chat.ArgPerson}}}}},
}

func TestRead(t *testing.T) {
	for line, want := range map[string]string{
		"":                                   " | | note action people",
		"N":                                  " | | note",
		"dance ":                             " | | ",
		"action ":                            " | | add done",
		"action add type:pr":                 "action add|type=pr|",
		"action add type:prevent ":           "action add|text=|owner:",
		`action add type:prevent owner:"A B`: "action add|owner=A B|",
		"role ":                              "people role|role=|",
		"ROLE scribe @a":                     "people role|who=@a|",
		"note it rains s":                    "note|text=s|",
		"note s":                             "note|text=s|sure:",
	} {
		l := typing.Read(declared, line)
		var names []string
		for _, n := range l.Names {
			names = append(names, n.Value)
		}
		got := " | | "
		if l.Path != "" {
			got = l.Path + "|" + string(l.Field.Name) + "=" + l.Typed + "|"
		}
		if got += strings.Join(names, " "); got != want {
			t.Errorf("%q is read as %q, want %q", line, got, want)
		}
	}
}

func TestDeclaredValues(t *testing.T) {
	for line, want := range map[string]string{"action add type:": "prevent process", "action add type:PRO": "process", "note sure:": "yes no", "note sure:n": "no", "note ": ""} {
		var got []string
		for _, c := range typing.Read(declared, line).Declared() {
			got = append(got, c.Value)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q could be %q, want %q", line, got, want)
		}
	}
}

func TestWord(t *testing.T) {
	for line, want := range map[string]string{"action add owner:A": `owner:"Ann ""A"" Archer"`, "action add type:prevent A": `Ann "A" Archer`, "role A": `"Ann ""A"" Archer"`} {
		if got := typing.Read(declared, line).Word(`Ann "A" Archer`); got != want {
			t.Errorf("in %q it is written %s, want %s", line, got, want)
		}
	}
}

// FuzzRead: whatever is typed, nothing is lost of the line, and no command is invented.
func FuzzRead(f *testing.F) {
	for _, line := range []string{"", "note at:14:02 it", `action add owner:"Ann A`, "role x \" y", "\xff "} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		l := typing.Read(declared, line)
		if !strings.HasPrefix(strings.TrimSpace(line), l.Before) {
			t.Errorf("%q begins with %q", line, l.Before)
		}
		if l.Prefix != "" && (l.Field.Name == "" || l.Path == "") {
			t.Errorf("%q is an option of nothing: %+v", line, l)
		}
		if _, _, ok := typing.Named(declared, strings.TrimPrefix(l.Path, "action ")); l.Path != "" && !ok && !strings.HasPrefix(l.Path, "people ") {
			t.Errorf("%q names %q", line, l.Path)
		}
	})
}
