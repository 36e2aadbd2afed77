package postmortem_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"boswell/incident"
	"boswell/postmortem"
)

var update = flag.Bool("update", false, "write the expectations in testdata anew")

// asked is when the checks of the golden files are asked for.
var asked = time.Date(2024, 6, 3, 9, 0, 0, 0, time.UTC)

// Every folder of testdata holds a log, one event per line, and files with what is expected of it.
func TestGolden(t *testing.T) {
	logs, err := filepath.Glob("testdata/*/events.jsonl")
	if err != nil || len(logs) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, log := range logs {
		dir := filepath.Dir(log)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			in := fold(t, readFile(t, log))
			compared := 0
			for name, print := range printers {
				path := filepath.Join(dir, name)
				if _, err := os.Stat(path); err != nil {
					continue
				}
				compared++
				got := print(t, in)
				if *update {
					if err := os.WriteFile(path, got, 0o644); err != nil {
						t.Fatal(err)
					}
					continue
				}
				if diff := cmp.Diff(string(readFile(t, path)), string(got)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
			if compared == 0 {
				t.Errorf("%s expects nothing of its log", dir)
			}
		})
	}
}

// printers are what is expected of a log, by the name of its file.
var printers = map[string]func(*testing.T, *incident.Incident) []byte{
	"sre.md":       func(t *testing.T, in *incident.Incident) []byte { return render(t, "sre", in) },
	"export.json":  func(t *testing.T, in *incident.Incident) []byte { return render(t, "json", in) },
	"findings.txt": func(_ *testing.T, in *incident.Incident) []byte { return findings(in) },
}

func render(t *testing.T, style string, in *incident.Incident) []byte {
	t.Helper()
	contents, _, err := postmortem.Render(style, in, byName)
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

func findings(in *incident.Incident) []byte {
	var b bytes.Buffer
	for _, f := range postmortem.Check(in, byName, asked) {
		fmt.Fprintf(&b, "%s %s %v %s\n", f.Severity, f.Rule, f.Entries, f.Text)
	}
	return b.Bytes()
}

// fold reads a log: one JSON object per line with at, by, kind and data, the last of which is the event.
func fold(t *testing.T, log []byte) *incident.Incident {
	t.Helper()
	in := incident.New(7)
	var seq uint64
	for line := range bytes.Lines(log) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var l struct {
			At   time.Time
			By   incident.PersonID
			Kind string
			Data json.RawMessage
		}
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		seq++
		in.Apply(incident.Record{Incident: 7, Seq: seq, At: l.At, By: l.By, Event: event(t, l.Kind, l.Data)})
	}
	return in
}

func event(t *testing.T, kind string, data []byte) incident.Event {
	t.Helper()
	of, ok := eventTypes[kind]
	if !ok {
		t.Fatalf("no event of the kind %q", kind)
	}
	v := reflect.New(of)
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v.Interface()); err != nil {
		t.Fatalf("%s %s: %v", kind, data, err)
	}
	return v.Elem().Interface().(incident.Event)
}

// eventTypes are the events that occur in test data.
var eventTypes = byKind(
	incident.Opened{}, incident.FieldSet{}, incident.FieldAppended{}, incident.NumberSet{}, incident.DateSet{}, incident.ZoneSet{},
	incident.PrecisionSet{}, incident.PublishedSet{}, incident.StatusSet{}, incident.Mitigated{}, incident.Resolved{},
	incident.Closed{}, incident.Noted{}, incident.EntryMarked{}, incident.EntryRemoved{}, incident.Tagged{}, incident.Untagged{},
	incident.MessageRead{}, incident.MessageDeleted{}, incident.MessageUnreadable{}, incident.FileKept{}, incident.CauseAdded{},
	incident.CauseRecommended{}, incident.LessonAdded{}, incident.ActionAdded{}, incident.SupportAdded{}, incident.Joined{},
	incident.RoleTaken{}, incident.RoomLinked{}, incident.Missed{},
)

func byKind(events ...incident.Event) map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for _, e := range events {
		types[incident.Kind(e)] = reflect.TypeOf(e)
	}
	return types
}
