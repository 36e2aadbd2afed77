package commands_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"boswell/chat"
	"boswell/commands"
	"boswell/incident"
)

type args = map[chat.FieldID]string

func TestParseTyped(t *testing.T) {
	for _, c := range []struct {
		line string
		path string
		in   incident.ID
		text args
	}{
		{line: "", path: "help"},
		{line: "   ", path: "help"},
		{line: "?", path: "help"},
		{line: "help cause add", path: "help", text: args{"command": "cause add"}},
		{line: "INC-7", path: "show", in: 7},
		{line: "inc7 show actions", path: "show", in: 7, text: args{"part": "actions"}},
		{line: "show in:INC-7", path: "show", in: 7},
		{line: "in:7 timeline", path: "timeline show", in: 7},
		{line: "start a/b #12! (again) \"x\"", path: "start", text: args{"title": "a/b #12! (again) \"x\""}},
		{line: "start room:here private:y severity:SEV-2 drill:no Disk  full", path: "start",
			text: args{"room": "here", "private": "yes", "severity": "sev2", "drill": "no", "title": "Disk  full"}},
		{line: "START Disk full", path: "start", text: args{"title": "Disk full"}},
		{line: "note at:? after:3  queue: it was full ", path: "note", text: args{"at": "?", "after": "3", "text": "queue: it was full"}},
		{line: `note at:"9 March 2024 10:00pm GMT" The queue`, path: "note", text: args{"at": "9 March 2024 10:00pm GMT", "text": "The queue"}},
		{line: "note at:“9 March 2024” The “queue”", path: "note", text: args{"at": "9 March 2024", "text": "The “queue”"}},
		{line: "note at:„9 March 2024“ x", path: "note", text: args{"at": "9 March 2024", "text": "x"}},
		{line: "note marker:\"outage begins\" x", path: "note", text: args{"marker": "OUTAGE BEGINS", "text": "x"}},
		{line: "note see https://example.com/a?at:5 and at:5", path: "note", text: args{"text": "see https://example.com/a?at:5 and at:5"}},
		{line: "note -- at:the edge", path: "note", text: args{"text": "at:the edge"}},
		{line: "note -- the edge", path: "note", text: args{"text": "-- the edge"}},
		{line: "note -- -- at:the edge", path: "note", text: args{"text": "-- at:the edge"}},
		{line: "note one\ntwo  three", path: "note", text: args{"text": "one\ntwo  three"}},
		{line: "note at:yesterday -- 22:16 is when", path: "note", text: args{"at": "yesterday", "text": "22:16 is when"}},
		{line: "note at:14:05 the disk", path: "note", text: args{"at": "14:05", "text": "the disk"}},
		{line: "note at:14:05 Paris is down", path: "note", text: args{"at": "14:05", "text": "Paris is down"}},
		{line: "note at:14:05 3 hosts are down", path: "note", text: args{"at": "14:05", "text": "3 hosts are down"}},
		{line: "note 14:05 is when", path: "note", text: args{"text": "14:05 is when"}},
		{line: "tim all", path: "timeline show", text: args{"part": "all"}},
		{line: "mark 3 OUTAGE BEGINS", path: "timeline mark", text: args{"entry": "3", "marker": "OUTAGE BEGINS"}},
		{line: "mark e12 -", path: "timeline mark", text: args{"entry": "e12", "marker": "-"}},
		{line: "mark 3 first report in:INC-2", path: "timeline mark", in: 2, text: args{"entry": "3", "marker": "FIRST REPORT"}},
		{line: "timeline edit 3 at:14:05 new text", path: "timeline edit", text: args{"entry": "3", "at": "14:05", "text": "new text"}},
		{line: "edit at:14:05 3", path: "timeline edit", text: args{"entry": "3", "at": "14:05"}},
		{line: "set +Impact 3 shops", path: "set", text: args{"field": "+impact", "text": "3 shops"}},
		{line: "set summary from:message", path: "set", text: args{"field": "summary", "from": "message"}},
		{line: "set front.cover -", path: "set", text: args{"field": "front.cover", "text": "-"}},
		{line: `cause root title:"Low ""x"" (b)" from:message`, path: "cause add", text: args{"kind": "root", "title": `Low "x" (b)`, "from": "message"}},
		{line: "cause add root It broke", path: "cause add", text: args{"kind": "root", "text": "It broke"}},
		{line: "cause 2 recommend Limit it", path: "cause recommend", text: args{"number": "2", "text": "Limit it"}},
		{line: "cause recommend 2 Limit it", path: "cause recommend", text: args{"number": "2", "text": "Limit it"}},
		{line: "lesson wrong 2 hours late", path: "lesson add", text: args{"kind": "wrong", "text": "2 hours late"}},
		{line: "lesson remove wrong 2", path: "lesson remove", text: args{"kind": "wrong", "number": "2"}},
		{line: "action Add an alert", path: "action add", text: args{"text": "Add an alert"}},
		{line: "action type:Prevent owner:\"Team A\" priority:1 Remove it", path: "action add",
			text: args{"type": "prevent", "owner": "Team A", "priority": "1", "text": "Remove it"}},
		{line: "action in:INC-3 2 done", path: "action done", in: 3, text: args{"number": "2"}},
		{line: "action 2 outcome It was fine", path: "action outcome", text: args{"number": "2", "text": "It was fine"}},
		{line: "action 2 edit owner:- due:2030-01-01", path: "action edit", text: args{"number": "2", "owner": "-", "due": "2030-01-01"}},
		{line: "action 2 people are needed", path: "action add", text: args{"text": "2 people are needed"}},
		{line: "action -- 2 done", path: "action add", text: args{"text": "2 done"}},
		{line: "action -- INC-3 is a copy", path: "action add", text: args{"text": "INC-3 is a copy"}},
		{line: "note -- INC-3 had that too", path: "note", text: args{"text": "INC-3 had that too"}},
		{line: "note As in INC-3", path: "note", text: args{"text": "As in INC-3"}},
		{line: "start INC-3 once more", path: "start", text: args{"title": "INC-3 once more"}},
		{line: "show INC-1", path: "show", in: 1},
		{line: "show actions INC-1", path: "show", in: 1, text: args{"part": "actions"}},
		{line: "export inc1 json", path: "postmortem export", in: 1, text: args{"style": "json"}},
		{line: "reopen INC-1", path: "reopen", in: 1},
		{line: "resolve at:14:00 INC-1", path: "resolve", in: 1, text: args{"at": "14:00"}},
		{line: "mark 3 OUTAGE BEGINS INC-1", path: "timeline mark", in: 1, text: args{"entry": "3", "marker": "OUTAGE BEGINS"}},
		{line: "set INC-1 summary INC-3 was the same", path: "set", in: 1, text: args{"field": "summary", "text": "INC-3 was the same"}},
		{line: "cause INC-1 2 remove", path: "cause remove", in: 1, text: args{"number": "2"}},
		{line: "timeline INC-1 all", path: "timeline show", in: 1, text: args{"part": "all"}},
		{line: "action done", path: "action done"},
		{line: "action done 2", path: "action done", text: args{"number": "2"}},
		{line: "action outcome 2", path: "action outcome", text: args{"number": "2"}},
		{line: "action remove 2 hosts", path: "action add", text: args{"text": "remove 2 hosts"}},
		{line: "action -- 2 donee", path: "action add", text: args{"text": "2 donee"}},
		{line: "support remove me: https://example.com", path: "support add", text: args{"text": "remove me: https://example.com"}},
		{line: "join", path: "people join"},
		{line: "join Looked at the queue.", path: "people join", text: args{"text": "Looked at the queue."}},
		{line: "role commander Ada Lovelace", path: "people role", text: args{"role": "commander", "person": "Ada Lovelace"}},
		{line: "role \"incident commander\" @ada", path: "people role", text: args{"role": "commander", "person": "@ada"}},
		{line: "role ic me", path: "people role", text: args{"role": "commander", "person": "me"}},
		{line: "role liaison -", path: "people role", text: args{"role": "liaison", "person": "-"}},
		{line: "people", path: "people list"},
		{line: "link other:Some Room", path: "room link", text: args{"room": "other:Some Room"}},
		{line: "room unlink #alerts", path: "room unlink", text: args{"room": "#alerts"}},
		{line: "status Over; looking why", path: "status", text: args{"text": "Over; looking why"}},
		{line: "severity critical", path: "severity", text: args{"severity": "sev1"}},
		{line: "resolve sure:YES at:12:56", path: "resolve", text: args{"sure": "yes", "at": "12:56"}},
		{line: "export json", path: "postmortem export", text: args{"style": "json"}},
		{line: "export", path: "postmortem export"},
		{line: "check in:INC-4", path: "postmortem check", in: 4},
		{line: "snooze for:30m update", path: "snooze", text: args{"for": "30m", "reminder": "update"}},
		{line: "find the queue", path: "find", text: args{"words": "the queue"}},
	} {
		p, err := commands.Parse(c.line, nil)
		if err != nil {
			t.Errorf("%q: %v", c.line, err)
			continue
		}
		if c.text == nil {
			c.text = args{}
		}
		if p.Path != c.path || p.Incident != c.in || !cmp.Equal(p.Text, c.text) {
			t.Errorf("%q: got %q of %d %v, want %q of %d %v", c.line, p.Path, p.Incident, p.Text, c.path, c.in, c.text)
		}
		if p.Command.Path() != p.Path {
			t.Errorf("%q: the command is %q, its path %q", c.line, p.Command.Path(), p.Path)
		}
	}
}

func TestParseNative(t *testing.T) {
	for _, c := range []struct {
		line string
		args args
		path string
		in   incident.ID
		text args
	}{
		{"cause add", args{"kind": "Root", "text": " at:5 is late ", "in": "INC-3", "title": ""}, "cause add", 3, args{"kind": "root", "text": "at:5 is late"}},
		{"action add", args{"text": "2 done"}, "action add", 0, args{"text": "2 done"}},
		{"action done", args{"number": "2"}, "action done", 0, args{"number": "2"}},
		{"timeline", args{}, "timeline show", 0, args{}},
		{"close", args{}, "close", 0, args{}},
		{"", args{}, "help", 0, args{}},
	} {
		p, err := commands.Parse(c.line, c.args)
		if err != nil {
			t.Errorf("%q %v: %v", c.line, c.args, err)
			continue
		}
		if p.Path != c.path || p.Incident != c.in || !cmp.Equal(p.Text, c.text) {
			t.Errorf("%q %v: got %q of %d %v", c.line, c.args, p.Path, p.Incident, p.Text)
		}
	}
}

func TestMissing(t *testing.T) {
	for line, want := range map[string]string{
		"start":                    "title",
		"note at:14:05":            "text",
		"cause":                    "kind text",
		"cause root":               "text",
		"cause root from:message":  "",
		"set":                      "field text",
		"set summary from:message": "",
		"action add":               "text",
		"action 2 outcome":         "text",
		"mark 3":                   "marker",
		"role":                     "role person",
		"join":                     "",
		"update":                   "text",
	} {
		p, err := commands.Parse(line, nil)
		if err != nil {
			t.Errorf("%q: %v", line, err)
			continue
		}
		var names []string
		for _, a := range p.Missing {
			names = append(names, string(a.Name))
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%q lacks %q, want %q", line, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		line string
		args args
		want []string
	}{
		{line: "noet something", want: []string{`"noet"`, `"note"`, "help"}},
		{line: "the disk is full", want: []string{`"the"`, "start <title>"}},
		{line: "re", want: []string{"remove", "reopen", "resolve", "responders"}},
		{line: "timeline remov 3", want: []string{"`timeline remov`", `"remove"`}},
		{line: "cause recomend 2 x", want: []string{`"recommend"`}},
		{line: "people jion", want: []string{`"join"`}},
		{line: "room", want: []string{"link", "unlink", "take"}},
		{line: "room linc #a", want: []string{`"link"`}},
		{line: "resolve 12:56", want: []string{`"12:56"`, "at:"}},
		{line: "resolve att:12:56", want: []string{`"att:"`, `"at:"`}},
		{line: "action 2 done at last", want: []string{`"at last"`, "nothing more"}},
		{line: "note at: 14:05 x", want: []string{"`at:`", "without a blank", "--"}},
		{line: "note at:yesterday 22:16 Disk alert", want: []string{"`at:\"yesterday 22:16\"`", `"22:16"`, "--"}},
		{line: "note at:2026-11-21 03:00 Disk full", want: []string{"`at:\"2026-11-21 03:00\"`"}},
		{line: "note at:14:05 Europe/Paris p", want: []string{"`at:\"14:05 Europe/Paris\"`"}},
		{line: "note at:10m ago First call", want: []string{"`at:\"10m ago\"`"}},
		{line: "note at:3 pm First call", want: []string{"`at:\"3 pm\"`"}},
		{line: "note at:9 March 2024 10:00pm GMT The queue", want: []string{"`at:\"9 March 2024 10:00pm GMT\"`"}},
		{line: "edit 3 at:yesterday 22:16 Disk alert", want: []string{"`at:\"yesterday 22:16\"`"}},
		{line: "start since:yesterday 22:00 Mail was late", want: []string{"`since:\"yesterday 22:00\"`"}},
		{line: `note at:"14:05 x`, want: []string{"not closed"}},
		{line: "note at:1:00 at:2:00 x", want: []string{"twice", `"1:00"`, `"2:00"`}},
		{line: "set sumary x", want: []string{`"sumary"`, `"summary"`}},
		{line: "set status x", want: []string{"`/incident status <text>`"}},
		{line: "cause rot x", want: []string{`"root"`}},
		{line: "role comander me", want: []string{`"commander"`}},
		{line: "severity sev9", want: []string{"sev1", "sev5"}},
		{line: "mark 3 OUTAGE BEGIN", want: []string{"OUTAGE BEGINS"}},
		{line: "action 1 donee", want: []string{"`action 1 donee`", `"done"`, "--"}},
		{line: "action 1 outcom foo", want: []string{`"outcome"`}},
		{line: "action 1", want: []string{"`action 1` is followed by", "done"}},
		{line: "support 1 remov", want: []string{`"remove"`}},
		{line: "cause 1 recomend x", want: []string{"`cause 1 recomend`", `"recommend"`}},
		{line: "cause 1 root x", want: []string{"recommend or remove"}},
		{line: "cause two recommend x", want: []string{`"two"`}},
		{line: "cause recommend two x", want: []string{`"two"`, "whole number"}},
		{line: "note sure:maybe x", want: []string{"`sure:`", "yes or no"}},
		{line: "start room:there x", want: []string{"here or new"}},
		{line: "export pdf", want: []string{"sre or json"}},
		{line: "show in:INC-x", want: []string{"INC-x", "list"}},
		{line: "INC-7 note in:INC-8 x", want: []string{"INC-7", "INC-8"}},
		{line: "INC-7 list", want: []string{"INC-7"}},
		{line: "show INC-1 INC-2", want: []string{"INC-1", "INC-2"}},
		{line: "list INC-7", want: []string{"INC-7"}},
		{line: "cancel INC-3", want: []string{"`/incident cancel in:INC-3`", "`/incident cancel -- INC-3`"}},
		{line: "join inc-3", want: []string{"`/incident join in:INC-3`"}},
		{line: "note INC-3 foo", want: []string{"`/incident note in:INC-3 foo`", "`/incident note -- INC-3 foo`"}},
		{line: "note at:14:05 INC-3 foo", want: []string{"INC-3"}},
		{line: "action INC-3 2 done", want: []string{"`/incident action in:INC-3 2 done`"}},
		{line: "snooze for:soon", want: []string{"30m"}},
		{line: "set summary from:message and more", want: []string{"not both"}},
		{line: strings.Repeat("x", 25000), want: []string{"25000", "📎"}},
		{line: "fly", args: args{}, want: []string{`"fly"`}},
		{line: "note", args: args{"text": "x", "colour": "red"}, want: []string{`"colour"`}},
	} {
		p, err := commands.Parse(c.line, c.args)
		var r incident.Refusal
		if !errors.As(err, &r) {
			t.Errorf("%.60q: got %q %v and error %v, want a refusal", c.line, p.Path, p.Text, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(r.Text, want) {
				t.Errorf("%.60q: %q does not say %q", c.line, r.Text, want)
			}
		}
	}
}

// TestReplays parses every command of the incidents that are replayed elsewhere.
func TestReplays(t *testing.T) {
	dir := os.Getenv("BOSWELL_CASES")
	if dir == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("BOSWELL_CASES names no folder of cases")
		}
		t.Skip("BOSWELL_CASES names no folder of cases")
	}
	files, err := filepath.Glob(filepath.Join(dir, "replays", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no replays in %s: %v", dir, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { parseReplay(t, file) })
	}
}

func parseReplay(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var replay struct {
		Steps []struct{ Kind, Text, Becomes string }
	}
	if err := yaml.Unmarshal(text, &replay); err != nil {
		t.Fatal(err)
	}
	parsed := 0
	for _, step := range replay.Steps {
		line, command := strings.CutPrefix(step.Text, "/incident ")
		if step.Kind != "command" || !command {
			continue
		}
		p, err := commands.Parse(line, nil)
		if style, export := strings.CutPrefix(line, "export "); err != nil && export && style != "sre" {
			continue // a house style, which the refusal tells that there is none
		}
		if err != nil || len(p.Missing) > 0 {
			t.Errorf("%q: %v, missing %v", line, err, p.Missing)
			continue
		}
		// The text of a note or lesson is the end of the line, to the letter.
		if said, ok := p.Text["text"]; ok && !strings.HasSuffix(strings.TrimSpace(line), said) {
			t.Errorf("%q: the text became %q", line, said)
		}
		parsed++
	}
	if parsed < 10 {
		t.Errorf("only %d commands", parsed)
	}
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{"", "INC-7 note at:14:05 x", `cause root title:"a ""b""" c`, "action -- 2 done", "set +impact x", "mark 3 -",
		"role commander “Ada L”", "link \"a\" b", "note -- inc3 x", "note at:yesterday -- 22:16 x", "start since:9 -- -- 3 pm", "action 2 done1", "action done 3", "support 5", "show \"INC-3\" inc-4", "unlink inc3", "mark e1 \"INC-2\" b", "in:INC-2 action in:INC-2 3 edit owner:\"\" x", "note -- -- at:x", "show \"actions\"", "help \"note"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		p, err := commands.Parse(line, nil)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		form := commands.FormFor(p, "/incident")
		if back, err := commands.FromForm(form.State, nil); err != nil || !same(back, p) {
			t.Errorf("%q became %v %v, its form %v %v: %v", line, p.Path, p.Text, back.Path, back.Text, err)
		}
		if len(p.Missing) > 0 {
			return
		}
		again, err := commands.Parse(p.Line(), nil)
		if err != nil || !same(again, p) {
			t.Errorf("%q became %s %v, typed %q, which becomes %s %v: %v", line, p.Path, p.Text, p.Line(), again.Path, again.Text, err)
		}
	})
}

// FuzzNative checks that whatever a platform hands over can be typed too.
func FuzzNative(f *testing.F) {
	f.Add(0, "root", "x", "at:5")
	f.Add(7, "2", "2 done", "-- 2 done")
	f.Add(11, "\"", "“", "a\nb")
	var leaves []*commands.Command
	for _, c := range commands.All() {
		if c.Run != nil {
			leaves = append(leaves, c)
		}
		leaves = append(leaves, c.Sub...)
	}
	f.Fuzz(func(t *testing.T, which int, a, b, c string) {
		command := leaves[max(which, -which)%len(leaves)]
		given := args{}
		for i, arg := range command.Args {
			given[arg.Name] = []string{a, b, c}[i%3]
			if len(arg.Choices) > 0 {
				given[arg.Name] = arg.Choices[len(a)%len(arg.Choices)].Value
			}
			if arg.Kind == chat.ArgNumber || arg.Kind == chat.ArgYes {
				given[arg.Name] = "1"
			}
		}
		delete(given, "from")
		delete(given, "in")
		delete(given, "for")
		if _, ok := given["field"]; ok {
			given["field"] = "summary"
		}
		p, err := commands.Parse(command.Path(), given)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		if len(p.Missing) > 0 {
			return
		}
		again, err := commands.Parse(p.Line(), nil)
		if err != nil || !same(again, p) {
			t.Errorf("%s %v is typed %q, which becomes %s %v: %v", p.Path, p.Text, p.Line(), again.Path, again.Text, err)
		}
	})
}

func same(a, b commands.Parsed) bool {
	return a.Path == b.Path && a.Incident == b.Incident && cmp.Equal(a.Text, b.Text)
}

func checkRefusal(t *testing.T, err error) {
	t.Helper()
	var r incident.Refusal
	if !errors.As(err, &r) {
		t.Errorf("%v is no refusal", err)
	}
}
