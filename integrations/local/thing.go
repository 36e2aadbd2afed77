package local

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"boswell/chat"
)

// A thing is something that happened in the chat. The set is closed: every type is in this file and in things. Kinds and
// the names of fields are what the file keeps, so they are never renamed and never reused.
type thing interface{ kind() string }

// inRoom is where a thing happened.
type inRoom struct {
	Room chat.ChannelID `json:"room"`
}

func (r inRoom) where() chat.ChannelID { return r.Room }

// A person, a room and a message are named after the number of the line that made them.
type (
	// begun is the first line of a file.
	begun struct {
		Version int `json:"version"`
	}
	// arrived is a person who is new here.
	arrived struct {
		Handle string `json:"handle"`
		Name   string `json:"name,omitempty"`
		Zone   string `json:"zone,omitempty"`
		Bot    bool   `json:"bot,omitempty"`
		Guest  bool   `json:"guest,omitempty"`
		Key    string `json:"key,omitempty"`
	}
	// opened is a new room. A direct one has no name.
	opened struct {
		By      chat.UserID   `json:"by"`
		Name    string        `json:"name,omitempty"`
		Topic   string        `json:"topic,omitempty"`
		Private bool          `json:"private,omitempty"`
		Direct  bool          `json:"direct,omitempty"`
		Members []chat.UserID `json:"members"`
		Key     string        `json:"key,omitempty"`
	}
	// joined is a person who entered a room or left it; By is who brought them in or took them out.
	joined struct {
		inRoom
		User chat.UserID `json:"user"`
		By   chat.UserID `json:"by"`
		Left bool        `json:"left,omitempty"`
	}
	// said is a message. With To it is seen by that person alone.
	said struct {
		inRoom
		Thread  chat.ThreadID `json:"thread,omitempty"`
		By      chat.UserID   `json:"by"`
		Alias   string        `json:"alias,omitempty"`
		To      chat.UserID   `json:"to,omitempty"`
		Content chat.Message  `json:"content"`
		Files   []chat.File   `json:"files,omitempty"`
		Key     string        `json:"key,omitempty"`
	}
	// edited is a message that says something else now.
	edited struct {
		inRoom
		Message chat.MessageID `json:"message"`
		Content chat.Message   `json:"content"`
	}
	// unsaid is a message that was deleted.
	unsaid struct {
		inRoom
		Message chat.MessageID `json:"message"`
		By      chat.UserID    `json:"by"`
	}
	// reacted is a reaction that was set or removed.
	reacted struct {
		inRoom
		Message chat.MessageID `json:"message"`
		By      chat.UserID    `json:"by"`
		Emoji   string         `json:"emoji"`
		Removed bool           `json:"removed,omitempty"`
	}
	// pinned is a pin that was set or removed.
	pinned struct {
		inRoom
		Message chat.MessageID `json:"message"`
		By      chat.UserID    `json:"by"`
		Removed bool           `json:"removed,omitempty"`
	}
	// retitled is a new topic.
	retitled struct {
		inRoom
		By    chat.UserID `json:"by"`
		Topic string      `json:"topic"`
	}
	// bookmarked is a link at the top of a room.
	bookmarked struct {
		inRoom
		Title string `json:"title"`
		Link  string `json:"link"`
	}
	// archived is a room that was closed, or opened again.
	archived struct {
		inRoom
		By   chat.UserID `json:"by"`
		Open bool        `json:"open,omitempty"`
	}
)

// asking is what every way of asking the bot something has in common.
type asking struct {
	inRoom
	Thread chat.ThreadID `json:"thread,omitempty"`
	By     chat.UserID   `json:"by"`
	Key    string        `json:"key,omitempty"`
}

type (
	// typed is a command.
	typed struct {
		asking
		Line string         `json:"line"`
		On   chat.MessageID `json:"on,omitempty"`
	}
	// pressed is a button of a message.
	pressed struct {
		asking
		On     chat.MessageID `json:"on"`
		Action chat.ActionID  `json:"action"`
		Value  string         `json:"value,omitempty"`
	}
	// submitted is a form that was filled in.
	submitted struct {
		asking
		On     chat.MessageID          `json:"on"`
		Action chat.ActionID           `json:"action"`
		State  string                  `json:"state,omitempty"`
		Values map[chat.FieldID]string `json:"values"`
	}
	// called is an action on a message.
	called struct {
		asking
		On     chat.MessageID `json:"on"`
		Action chat.ActionID  `json:"action"`
	}
	// answered is the bot's answer to a delivery. Half says that another one follows: a form that was opened before.
	answered struct {
		asking
		Of    chat.DeliveryID `json:"of"`
		Reply chat.Reply      `json:"reply"`
		Half  bool            `json:"half,omitempty"`
	}
)

func (begun) kind() string      { return "begun" }
func (arrived) kind() string    { return "arrived" }
func (opened) kind() string     { return "opened" }
func (joined) kind() string     { return "joined" }
func (said) kind() string       { return "said" }
func (edited) kind() string     { return "edited" }
func (unsaid) kind() string     { return "unsaid" }
func (reacted) kind() string    { return "reacted" }
func (pinned) kind() string     { return "pinned" }
func (retitled) kind() string   { return "topic" }
func (bookmarked) kind() string { return "bookmarked" }
func (archived) kind() string   { return "archived" }
func (typed) kind() string      { return "typed" }
func (pressed) kind() string    { return "pressed" }
func (submitted) kind() string  { return "submitted" }
func (called) kind() string     { return "called" }
func (answered) kind() string   { return "answered" }

var things = thingTable(begun{}, arrived{}, opened{}, joined{}, said{}, edited{}, unsaid{}, reacted{}, pinned{}, retitled{},
	bookmarked{}, archived{}, typed{}, pressed{}, submitted{}, called{}, answered{})

func thingTable(all ...thing) map[string]reflect.Type {
	byKind := make(map[string]reflect.Type, len(all))
	for _, t := range all {
		byKind[t.kind()] = reflect.TypeOf(t)
	}
	return byKind
}

// readThing reads what plainJSON wrote of a thing. A kind or a field that is not known was written by a newer version.
func readThing(kind string, data []byte) (thing, error) {
	t, ok := things[kind]
	if !ok {
		return nil, fmt.Errorf("%q is nothing that this version knows", kind)
	}
	v := reflect.New(t)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v.Interface()); err != nil {
		return nil, fmt.Errorf("%s: %w", kind, err)
	}
	return v.Elem().Interface().(thing), nil
}

// plainJSON is JSON that a person can read: "<" stays "<".
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
