package local

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"boswell/chat"
)

var update = flag.Bool("update.lines", false, "add what is missing to testdata/lines.jsonl; a line that is there never changes")

// oneOfEach is a thing of every kind with every field set.
func oneOfEach() []thing {
	in := inRoom{Room: "r4"}
	ask := asking{inRoom: in, Thread: "7", By: "u2", Key: "by/u2/k1"}
	m := chat.Message{Text: chat.Say("a <b> & c\n").Bold("d").Code("e").Block("f").Link("g", "http://h").Mention(chat.User{ID: "u2", Name: "Ann"}),
		Rows:    []chat.Row{{Label: "Commander", Text: chat.Say("Ann")}},
		Buttons: []chat.Button{{Action: "join", Value: "INC-7", Label: "Join", Typed: "/incident join", Primary: true, Danger: true}}}
	form := chat.Form{Action: "command", State: "start", Title: "New", Submit: "Start", Typed: "/incident start", Fields: []chat.FormField{{ID: "title",
		Label: "Title", Help: "What", Kind: chat.FormLine, Choices: []chat.Choice{{Value: "1", Label: "One"}}, Required: true, Value: "x", Max: 9}}}
	file := chat.File{ID: "00ff", Name: "a.go", Type: "text/x-go", Language: "go", Size: 3, Link: "/x"}
	return []thing{
		begun{Version: 1},
		arrived{Handle: "ann", Name: "Ann Archer", Zone: "Europe/Dublin", Bot: true, Guest: true, Key: "k"},
		opened{By: "u2", Name: "ops", Topic: "t", Private: true, Direct: true, Members: []chat.UserID{"u2", Boswell}, Key: "k"},
		joined{inRoom: in, User: "u3", By: "u2", Left: true},
		said{inRoom: in, Thread: "7", By: "u2", Alias: "Somebody", To: "u3", Content: m, Files: []chat.File{file}, Key: "k"},
		edited{inRoom: in, Message: "7", Content: m},
		unsaid{inRoom: in, Message: "7", By: "u2"},
		reacted{inRoom: in, Message: "7", By: "u2", Emoji: "📌", Removed: true},
		pinned{inRoom: in, Message: "7", By: "u2", Removed: true},
		retitled{inRoom: in, By: "u2", Topic: "t"},
		bookmarked{inRoom: in, Title: "Timeline", Link: "http://h"},
		archived{inRoom: in, By: "u2", Open: true},
		typed{asking: ask, Line: "note <x>", On: "7"},
		pressed{asking: ask, On: "7", Action: "join", Value: "INC-7"},
		submitted{asking: ask, On: "7", Action: "command", State: "start", Values: map[chat.FieldID]string{"title": "x"}},
		called{asking: ask, On: "7", Action: chat.ActionTimeline},
		answered{asking: ask, Of: "9", Half: true, Reply: chat.Reply{Message: m, Public: true, Form: &form,
			More: []chat.Message{m}, Choices: []chat.Choice{{Value: "1", Label: "One"}}}},
	}
}

// linesOf writes things as a file would hold them.
func linesOf(t testing.TB, things ...thing) []byte {
	t.Helper()
	var all []byte
	for i, th := range things {
		e := entry{seq: uint64(i + 1), group: uint64(i + 1), at: time.Date(2026, 3, 1, 9, 0, i, 500, time.UTC), thing: th}
		line, err := e.line()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, line...)
	}
	return all
}

// TestLinesStay reads a file that holds one line of each kind. What was written once is readable for ever.
func TestLinesStay(t *testing.T) {
	const path = "testdata/lines.jsonl"
	if *update {
		if err := os.WriteFile(path, linesOf(t, oneOfEach()...), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(golden), string(linesOf(t, oneOfEach()...))); diff != "" {
		t.Errorf("lines are written differently now (-kept +now):\n%s", diff)
	}
	seen := map[string]bool{}
	for line := range bytes.Lines(golden) {
		e, err := readLine(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		seen[e.thing.kind()] = true
	}
	for kind := range things {
		if !seen[kind] {
			t.Errorf("there is no line of the kind %q in %s", kind, path)
		}
	}
}

func TestLineRefuses(t *testing.T) {
	good := bytes.TrimSuffix(linesOf(t, oneOfEach()[4]), []byte("\n"))
	for i := range good {
		bad := slices.Clone(good)
		bad[i] ^= 1
		if _, err := readLine(bad); !errors.Is(err, errSum) {
			t.Fatalf("byte %d is wrong and the line is read: %v", i, err)
		}
	}
	for _, line := range []string{"", "\n", "{}", sumMark, sumMark + "00000000", sumMark + "00000000" + entryMark, "null"} {
		if _, err := readLine([]byte(line)); !errors.Is(err, errSum) {
			t.Errorf("%q gives %v", line, err)
		}
	}
}

func TestLineOfNewerVersion(t *testing.T) {
	for name, body := range map[string]string{
		"kind":  `{"seq":1,"group":1,"at":"2026-03-01T09:00:00Z","kind":"danced","data":{}}`,
		"field": `{"seq":1,"group":1,"at":"2026-03-01T09:00:00Z","kind":"begun","data":{"version":1,"mood":"good"}}`,
		"time":  `{"seq":1,"group":1,"at":"noon","kind":"begun","data":{"version":1}}`,
	} {
		line := sumMark + sumOf([]byte(body)) + entryMark + body + endMark
		if e, err := readLine([]byte(line)); err == nil || errors.Is(err, errSum) {
			t.Errorf("%s: read as %+v, %v; want an error that is not of the sum", name, e, err)
		}
	}
}

// FuzzLine reads any line: it never panics, and what it takes is written as it was read.
func FuzzLine(f *testing.F) {
	for line := range bytes.Lines(linesOf(f, oneOfEach()...)) {
		f.Add(line)
		body, _ := bodyOf(bytes.TrimSuffix(line, []byte("\n")))
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := readLine(data); err != nil && data != nil {
			data = []byte(sumMark + sumOf(data) + entryMark + string(data) + endMark)
		}
		e, err := readLine(data)
		if err != nil {
			return
		}
		line, err := e.line()
		if err != nil {
			t.Fatalf("%q was read and cannot be written: %v", data, err)
		}
		again, err := readLine(line)
		if err != nil {
			t.Fatalf("%q cannot be read again: %v", line, err)
		}
		if diff := cmp.Diff(e, again, cmp.AllowUnexported(entry{}, begun{}, arrived{}, opened{}, joined{}, said{}, edited{}, unsaid{},
			reacted{}, pinned{}, retitled{}, bookmarked{}, archived{}, typed{}, pressed{}, submitted{}, called{}, answered{}, asking{}, inRoom{}),
			emptyIsNil); diff != "" {
			t.Fatalf("reads differently the second time:\n%s", diff)
		}
		newState("chat", "").apply(e)
	})
}
