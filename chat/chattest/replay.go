package chattest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// MaxReplay is how many bytes a replay may have.
const MaxReplay = 4 << 20

// A Replay is an incident as the chat that people wrote, with the commands that they gave the bot.
type Replay struct {
	// Slug names it.
	Slug string
	// Home is the platform where the commands are given; the World stands for it.
	Home string
	// Rooms are the rooms of the home platform, in the order of their first use, "#" and all.
	Rooms []string
	// People are the accounts by the name that steps know them by.
	People map[string]Actor
	// Unlisted says that a timeline never holds these messages.
	Unlisted []string
	// Entries is how many entries the timeline has at the end.
	Entries int
	Steps   []Step
}

// An Actor is somebody in a Replay.
type Actor struct {
	Handle string
	Bot    bool
}

// StepKind is what a person does.
type StepKind string

// The kinds of step.
const (
	StepMessage    StepKind = "message"
	StepAlert      StepKind = "alert" // a message of another bot
	StepReaction   StepKind = "reaction"
	StepEdit       StepKind = "edit"
	StepDelete     StepKind = "delete"
	StepAttachment StepKind = "attachment"
	StepCommand    StepKind = "command"
)

// A Step is one thing that one person does.
type Step struct {
	At   time.Time
	From string
	Kind StepKind
	// Room is where, on the home platform.
	Room string
	// Bridged says that it arrives through a bridge, under the name From.
	Bridged bool
	// Unseen says that the bot is not in the room.
	Unseen bool
	// ID names a message for later steps; On is the message that an earlier step named.
	ID, On string
	// Text is what is typed: of a reaction the emoji, of an attachment the caption, of a command what stands after its name.
	Text string
	// Removed says of a reaction that it is taken back.
	Removed bool
	File    File
}

// command is what people type before the words of a command in a replay, whatever a platform has in its place.
const command = "/incident"

// The shape of a file. What describes the document that an incident ended in is read, so that a misspelt key is found, and
// left alone.
type (
	replayFile struct {
		Slug             string                `yaml:"slug"`
		Incident         string                `yaml:"incident"`
		Platforms        []string              `yaml:"platforms"`
		Channels         []string              `yaml:"channels"`
		Zone             string                `yaml:"zone"`
		ZoneOffset       string                `yaml:"zone_offset"`
		DefaultPrecision string                `yaml:"default_precision"`
		People           map[string]personFile `yaml:"people"`
		Note             string                `yaml:"note"`
		Expect           expectFile            `yaml:"expect"`
		Steps            []stepFile            `yaml:"steps"`
	}
	personFile struct {
		Handle         string   `yaml:"handle"`
		InventedHandle bool     `yaml:"invented_handle"`
		FullName       string   `yaml:"full_name"`
		Platforms      []string `yaml:"platforms"`
	}
	expectFile struct {
		TimelineEntries int            `yaml:"timeline_entries"`
		TimelineTexts   string         `yaml:"timeline_texts"`
		Never           []string       `yaml:"never_in_timeline"`
		Fields          string         `yaml:"fields"`
		Steps           int            `yaml:"steps"`
		Invented        int            `yaml:"invented"`
		CapturedBy      map[string]int `yaml:"captured_by"`
	}
	stepFile struct {
		At       string `yaml:"at"`
		From     string `yaml:"from"`
		Platform string `yaml:"platform"`
		Channel  string `yaml:"channel"`
		Kind     string `yaml:"kind"`
		Text     string `yaml:"text"`
		ID       string `yaml:"id"`
		Ref      string `yaml:"ref"`
		Op       string `yaml:"op"`
		Note     string `yaml:"note"`
		Invented bool   `yaml:"invented"`
		Becomes  string `yaml:"becomes"`
		Wire     string `yaml:"wire"`
		ReadsAs  string `yaml:"reads_as"`
		Bridged  bool   `yaml:"bridged"`
		Via      string `yaml:"via"`
		Private  bool   `yaml:"private"`
		Filename string `yaml:"filename"`
		Language string `yaml:"language"`
		Caption  string `yaml:"caption"`
	}
)

// ReadReplay reads a replay from YAML. It is strict. A key that is not known is an error that names the line; a step that
// refers to a message that is not there yet, a person who is not introduced and a time that runs backwards are errors that
// name the step.
func ReadReplay(r io.Reader) (*Replay, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxReplay+1))
	if err != nil {
		return nil, fmt.Errorf("read a replay: %w", err)
	}
	if len(data) > MaxReplay {
		return nil, fmt.Errorf("the replay has more than %d bytes", MaxReplay)
	}
	var f replayFile
	if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(&f); err != nil {
		return nil, wrongYAML(err)
	}
	return f.replay()
}

// wrongYAML says on which line a file is not a replay, without quoting it: it may be any file.
func wrongYAML(err error) error {
	var at yaml.Error
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("the file holds nothing")
	case errors.As(err, &at) && at.GetToken() != nil:
		return fmt.Errorf("line %d: %s", at.GetToken().Position.Line, at.GetMessage())
	default:
		return fmt.Errorf("read a replay: %w", err)
	}
}

func (f *replayFile) replay() (*Replay, error) {
	home, err := f.home()
	if err != nil {
		return nil, err
	}
	r := &Replay{Slug: f.Slug, Home: home, People: map[string]Actor{}, Unlisted: f.Expect.Never, Entries: f.Expect.TimelineEntries}
	if r.Slug == "" {
		return nil, errors.New("the replay has no slug")
	}
	for name, p := range f.People {
		r.People[name] = Actor{Handle: p.Handle}
	}
	said := map[string]bool{}
	for i := range f.Steps {
		if err := r.add(&f.Steps[i], said); err != nil {
			return nil, fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	if n := f.Expect.Steps; n != 0 && n != len(r.Steps) {
		return nil, fmt.Errorf("the replay says that it has %d steps and has %d", n, len(r.Steps))
	}
	return r, nil
}

// home is the platform of the first command: a replay is about one bot in one place.
func (f *replayFile) home() (string, error) {
	for _, s := range f.Steps {
		if StepKind(s.Kind) == StepCommand {
			return s.Platform, nil
		}
	}
	return "", errors.New("no step is a command, so there is nothing for the bot to do")
}

func (r *Replay) add(f *stepFile, said map[string]bool) error {
	s := Step{From: f.From, Kind: StepKind(f.Kind), Bridged: f.Bridged, Unseen: f.Private, ID: f.ID, On: f.Ref, Text: f.Text}
	at, err := time.Parse(time.RFC3339, f.At)
	if err != nil {
		return fmt.Errorf("at: %q is not a time like 2026-03-17T10:01:05Z", f.At)
	}
	if n := len(r.Steps); n > 0 && at.Before(r.Steps[n-1].At) {
		return fmt.Errorf("at: %s is before the step before it", f.At)
	}
	s.At = at
	if s.Room, err = r.room(f); err != nil {
		return err
	}
	if err := s.fill(f); err != nil {
		return err
	}
	if err := s.check(said); err != nil {
		return err
	}
	r.introduce(&s)
	if _, known := r.People[s.From]; !known && !s.Bridged {
		return fmt.Errorf("from: people do not list %q", s.From)
	}
	r.Steps = append(r.Steps, s)
	return nil
}

// room is the room of the home platform where a step is seen.
func (r *Replay) room(f *stepFile) (string, error) {
	name := f.Channel
	if f.Platform != r.Home {
		platform, room, _ := strings.Cut(f.Via, ":")
		if !f.Bridged || platform != r.Home {
			return "", fmt.Errorf("%s is not %s, and no bridge carries it there", f.Platform, r.Home)
		}
		name = room
	}
	if name == "" {
		return "", errors.New("it happens in no channel")
	}
	for _, known := range r.Rooms {
		if known == name {
			return name, nil
		}
	}
	r.Rooms = append(r.Rooms, name)
	return name, nil
}

// fill reads what each kind of step has of its own.
func (s *Step) fill(f *stepFile) error {
	switch s.Kind {
	case StepMessage, StepAlert, StepEdit, StepDelete:
	case StepReaction:
		if f.Op != "add" && f.Op != "remove" {
			return fmt.Errorf("op: %q is neither add nor remove", f.Op)
		}
		s.Removed = f.Op == "remove"
	case StepAttachment:
		s.Text, s.File = f.Caption, File{Name: f.Filename, Language: f.Language, Contents: []byte(f.Text)}
		if s.File.Name == "" {
			return errors.New("an attachment without filename")
		}
	case StepCommand:
		line, ok := strings.CutPrefix(s.Text, command+" ")
		if !ok {
			return fmt.Errorf("a command that does not begin with %s", command)
		}
		s.Text = line
	default:
		return fmt.Errorf("kind: %q is not known", s.Kind)
	}
	return nil
}

// check sees to the names of messages: each is given once and used after that.
func (s *Step) check(said map[string]bool) error {
	if s.On != "" && !said[s.On] {
		return fmt.Errorf("ref: no message %q before it", s.On)
	}
	switch s.Kind {
	case StepMessage, StepAlert, StepAttachment:
		if s.ID == "" || said[s.ID] {
			return fmt.Errorf("id: %q is empty or taken", s.ID)
		}
		said[s.ID] = true
	case StepReaction, StepEdit, StepDelete:
		if s.On == "" {
			return fmt.Errorf("ref: a %s needs one", s.Kind)
		}
	}
	return nil
}

// introduce adds the bots that post alerts: files do not list them among the people.
func (r *Replay) introduce(s *Step) {
	if _, known := r.People[s.From]; !known && s.Kind == StepAlert {
		r.People[s.From] = Actor{Handle: s.From, Bot: true}
	}
}
