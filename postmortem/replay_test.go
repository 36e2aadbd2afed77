package postmortem_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"boswell/incident"
	"boswell/postmortem"
	"boswell/postmortem/agree"
)

// casesDir is the folder of the cases. They belong to others and are not in the repository.
func casesDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BOSWELL_CASES")
	if dir == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("BOSWELL_CASES is not set: it names the folder of the cases")
		}
		t.Skip("BOSWELL_CASES is not set: the cases are not compared")
	}
	return dir
}

func TestCases(t *testing.T) {
	dir := casesDir(t)
	replays, err := filepath.Glob(filepath.Join(dir, "replays", "*.yaml"))
	if err != nil || len(replays) == 0 {
		t.Fatalf("no replays in %s: %v", dir, err)
	}
	for _, path := range replays {
		slug := strings.TrimSuffix(filepath.Base(path), ".yaml")
		t.Run(slug, func(t *testing.T) {
			in := play(t, path)
			want := readFile(t, filepath.Join(dir, "golden", "sre", slug+".md"))
			if diff := cmp.Diff(string(want), string(postmortem.SRE(postmortem.From(in, byName)))); diff != "" {
				t.Errorf("sre (-want +got):\n%s", diff)
			}
			got, err := postmortem.JSON(in, byName)
			if err != nil {
				t.Fatal(err)
			}
			for _, difference := range agree.Agree(got, readFile(t, filepath.Join(dir, "incidents", slug+".json"))) {
				t.Error(difference)
			}
		})
	}
}

// byName prints people by their identifiers, which these tests make of names.
func byName(p incident.PersonID) string { return string(p) }

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

type replay struct {
	Steps []step `yaml:"steps"`
}

type step struct {
	At       time.Time `yaml:"at"`
	From     string    `yaml:"from"`
	Platform string    `yaml:"platform"`
	Channel  string    `yaml:"channel"`
	Kind     string    `yaml:"kind"`
	Text     string    `yaml:"text"`
	ID       string    `yaml:"id"`
	Ref      string    `yaml:"ref"`
	Op       string    `yaml:"op"`
	Filename string    `yaml:"filename"`
	Language string    `yaml:"language"`
	Caption  string    `yaml:"caption"`
}

// A player plays the steps of a replay straight into the decisions of an incident: no command parser, bot or store lies
// between.
type player struct {
	in       *incident.Incident
	records  uint64
	contents map[string]incident.Content
	refs     map[string]incident.MessageRef
}

func play(t *testing.T, path string) *incident.Incident {
	t.Helper()
	var r replay
	if err := yaml.Unmarshal(readFile(t, path), &r); err != nil {
		t.Fatal(err)
	}
	p := player{in: incident.New(1), contents: map[string]incident.Content{}, refs: map[string]incident.MessageRef{}}
	for i, s := range r.Steps {
		events, err := p.decide(s)
		if err != nil {
			t.Fatalf("step %d, %q: %v", i, s.Text, err)
		}
		for _, e := range events {
			p.records++
			p.in.Apply(incident.Record{Incident: 1, Seq: p.records, At: s.At, By: incident.PersonID(s.From), Event: e})
		}
	}
	return p.in
}

func (p *player) decide(s step) ([]incident.Event, error) {
	ref := p.refs[s.Ref]
	switch s.Kind {
	case "message", "alert", "attachment":
		p.say(s)
		return nil, nil
	case "edit":
		c := p.contents[s.Ref]
		c.Text, c.Version = s.Text, s.At
		p.contents[s.Ref] = c
		return p.in.Observe(incident.Sighting{Message: ref, Content: &c, At: s.At}), nil
	case "delete":
		return p.in.Observe(incident.Sighting{Message: ref, Gone: true, At: s.At}), nil
	case "reaction":
		c := p.contents[s.Ref]
		tag := incident.TagTimeline
		if s.Text == ":paperclip:" {
			tag = incident.TagSupporting
		}
		seen := incident.SeenTag{Tag: tag, Way: incident.WayReaction + incident.Way(s.Text), Person: incident.PersonID(s.From),
			At: s.At, Removed: s.Op == "remove"}
		return p.in.Observe(incident.Sighting{Message: ref, Content: &c, Tags: []incident.SeenTag{seen}, At: s.At}), nil
	case "command":
		return p.command(s)
	default:
		return nil, fmt.Errorf("unknown kind %q", s.Kind)
	}
}

func (p *player) say(s step) {
	c := incident.Content{Author: incident.PersonID(s.From), Said: s.At, Text: s.Text}
	if s.Kind == "attachment" {
		c.Text = s.Caption
		c.Files = []incident.File{{ID: s.ID, Name: s.Filename, Language: s.Language, Text: s.Text, Hash: "0123"}}
	}
	p.contents[s.ID] = c
	p.refs[s.ID] = incident.MessageRef{Platform: s.Platform, Channel: s.Channel, Message: s.ID}
}

var option = regexp.MustCompile(`^(at|after|type|term|priority|owner|bug|title|from):(?:"([^"]*)"|(\S+))(?:\s+|$)`)

// options takes the options off the front of a line.
func options(line string) (rest string, given map[string]string) {
	given = map[string]string{}
	for {
		m := option.FindStringSubmatch(line)
		if m == nil {
			return line, given
		}
		given[m[1]] = m[2] + m[3]
		line = line[len(m[0]):]
	}
}

func (p *player) command(s step) ([]incident.Event, error) {
	_, line, _ := strings.Cut(strings.TrimSpace(s.Text), " ")
	word, line, _ := strings.Cut(line, " ")
	rest, opt := options(line)
	by := incident.PersonID(s.From)
	switch word {
	case "start":
		return incident.Open(incident.Opening{Title: line})
	case "set":
		return p.set(s, line)
	case "note":
		return p.note(s, rest, opt)
	case "cause", "lesson", "action":
		return p.part(s, word, line)
	case "support":
		if opt["from"] != "" {
			rest = p.contents[s.Ref].Text
		}
		return p.in.AddSupport("", rest, s.At)
	case "mark":
		n, marker, _ := strings.Cut(line, " ")
		return p.in.Mark(n, incident.Marker(marker))
	case "join":
		return p.in.Join(by, line)
	case "role":
		role, person, _ := strings.Cut(line, " ")
		return p.in.TakeRole(incident.Role(role), incident.PersonID(person))
	case "status":
		return p.in.SetStatus(line)
	case "resolve":
		at, err := p.moment(s, opt["at"])
		if err != nil {
			return nil, err
		}
		return p.in.Resolve(at)
	case "close":
		return p.in.Close()
	case "link", "export":
		return nil, nil
	default:
		return nil, fmt.Errorf("unknown command %q", word)
	}
}

func (p *player) moment(s step, text string) (incident.Moment, error) {
	if text == "" {
		return incident.Moment{}, nil
	}
	r, err := incident.ReadMoment(text, s.At, p.in.Zone)
	return r.Moment, err
}

func (p *player) set(s step, line string) ([]incident.Event, error) {
	name, text, _ := strings.Cut(line, " ")
	if text == "from:message" {
		text = p.contents[s.Ref].Text
	}
	f, err := incident.ParseField(strings.TrimPrefix(name, "+"))
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(name, "+") {
		return p.in.Append(f, text)
	}
	return p.in.Set(f, text, s.At)
}

func (p *player) note(s step, text string, opt map[string]string) ([]incident.Event, error) {
	at, err := p.moment(s, opt["at"])
	if err != nil {
		return nil, err
	}
	if opt["at"] == "" {
		at = incident.At(s.At, p.in.Precision)
	}
	return p.in.Note(incident.Note{Text: text, At: at, Said: s.At, After: opt["after"]})
}

func (p *player) part(s step, word, line string) ([]incident.Event, error) {
	first, rest, _ := strings.Cut(line, " ")
	n, err := strconv.Atoi(first)
	verb, text, _ := strings.Cut(rest, " ")
	switch {
	case err == nil && word == "cause" && verb == "recommend":
		return p.in.Recommend(n, text)
	case err == nil && word == "action" && verb == "done":
		return p.in.FinishAction(n, true)
	case err == nil && word == "action" && verb == "outcome":
		return p.in.ConcludeAction(n, text)
	case word == "lesson":
		return p.in.AddLesson(incident.LessonKind(first), rest)
	case word == "cause":
		text, opt := options(rest)
		if opt["from"] != "" {
			text = p.contents[s.Ref].Text
		}
		return p.in.AddCause(incident.CauseKind(first), opt["title"], text)
	}
	text, opt := options(line)
	priority, err := strconv.Atoi("0" + opt["priority"])
	if err != nil {
		return nil, err
	}
	return p.in.AddAction(incident.Action{Text: text, Type: opt["type"], Term: opt["term"], Owner: opt["owner"],
		Bug: opt["bug"], Priority: priority})
}
