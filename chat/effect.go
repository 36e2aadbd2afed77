package chat

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"time"
)

// EffectID numbers what is owed, in the order in which it was promised. 0 is none.
type EffectID uint64

// An Effect is owed to the chat and may not be lost. The set is closed: every type is in this file and, but for Unknown, in
// effects.
type Effect interface {
	effect() string
	target() Target
	aimed(at Target) Effect
}

type (
	// Post sends a message.
	Post struct {
		To      Target  `json:"to"`
		Message Message `json:"message"`
		// Card says that the message shows the incident's state and is to be remembered as its card.
		Card bool `json:"card,omitempty"`
	}
	// Tell sends a message to one person, as privately as the platform can.
	Tell struct {
		To      UserID  `json:"to"`
		Near    Place   `json:"near"`
		Message Message `json:"message"`
	}
	// Edit replaces a message of the bot's.
	Edit struct {
		On      Target  `json:"on"`
		Message Message `json:"message"`
	}
	// React sets a reaction of the bot's, or takes it back.
	React struct {
		On      Ref    `json:"on"`
		Emoji   string `json:"emoji"`
		Removed bool   `json:"removed,omitempty"`
	}
	// Pin pins a message, or unpins it.
	Pin struct {
		On      Target `json:"on"`
		Removed bool   `json:"removed,omitempty"`
	}
	// MakeRoom makes the room of an incident.
	MakeRoom struct {
		Room NewRoom `json:"room"`
	}
	// Invite brings people into a room.
	Invite struct {
		To    Target   `json:"to"`
		Users []UserID `json:"users"`
	}
	// SetTopic sets the topic of a room. Of those of one room that wait, only the newest is set.
	SetTopic struct {
		To    Target `json:"to"`
		Topic string `json:"topic"`
		// Steady is what is set in its place where topics change slowly: what seldom changes.
		Steady string `json:"steady,omitempty"`
	}
	// Archive closes a room for good, or opens it again.
	Archive struct {
		To   Target `json:"to"`
		Open bool   `json:"open,omitempty"`
	}
	// Bookmark puts a link where people of the room find it. One of the same title gets the new link.
	Bookmark struct {
		To    Target `json:"to"`
		Title string `json:"title"`
		// Link is where it leads; empty is to the message that To names.
		Link string `json:"link,omitempty"`
	}
	// Upload sends a file: the export of the incident in a style, as it is when it is sent, or what the store keeps under
	// Hash.
	Upload struct {
		To      Target `json:"to"`
		Name    string `json:"name"`
		Type    string `json:"type"` // media type
		Style   string `json:"style,omitempty"`
		Hash    string `json:"hash,omitempty"`
		Caption Text   `json:"caption"`
	}
	// LookUp reads a tagged message whose text is not known yet.
	LookUp struct {
		Message Ref `json:"message"`
	}
	// Keep downloads a file of a tagged message into the store.
	Keep struct {
		Message Ref  `json:"message"`
		File    File `json:"file"`
	}
	// CatchUp reads what a room held while nobody listened.
	CatchUp struct {
		Room Place `json:"room"`
		// Offer says that tags found there are offered to people, not taken; Take that what was offered is taken.
		Offer bool `json:"offer,omitempty"`
		Take  bool `json:"take,omitempty"`
		// Unread is from when on the room may have been missed; zero is since the incident was opened.
		Unread time.Time `json:"unread,omitzero"`
	}
	// Remind posts a reminder of the incident, in the words that suit when it is sent. One that is not needed any more by then
	// is left out.
	Remind struct {
		To   Target `json:"to"`
		Name string `json:"name"`
	}
	// Unknown is an effect that another version promised and this one cannot do. It is kept as it is until it is given up.
	Unknown struct {
		Kind string
		Data json.RawMessage
	}
)

func (Post) effect() string     { return "post" }
func (Tell) effect() string     { return "tell" }
func (Edit) effect() string     { return "edit" }
func (React) effect() string    { return "react" }
func (Pin) effect() string      { return "pin" }
func (MakeRoom) effect() string { return "make_room" }
func (Invite) effect() string   { return "invite" }
func (SetTopic) effect() string { return "set_topic" }
func (Archive) effect() string  { return "archive" }
func (Bookmark) effect() string { return "bookmark" }
func (Upload) effect() string   { return "upload" }
func (LookUp) effect() string   { return "look_up" }
func (Keep) effect() string     { return "keep" }
func (CatchUp) effect() string  { return "catch_up" }
func (Remind) effect() string   { return "remind" }

func (u Unknown) effect() string { return u.Kind }

// MarshalJSON gives back what was read.
func (u Unknown) MarshalJSON() ([]byte, error) { return u.Data, nil }

// A NewRoom is a room to be made.
type NewRoom struct {
	Near    Place    `json:"near"` // the place where it was asked for
	Name    string   `json:"name"` // as people would like it; the platform makes it safe
	Topic   string   `json:"topic,omitempty"`
	Private bool     `json:"private,omitempty"`
	Users   []UserID `json:"users,omitempty"`
}

var effects = effectTable(Post{}, Tell{}, Edit{}, React{}, Pin{}, MakeRoom{}, Invite{}, SetTopic{}, Archive{}, Bookmark{},
	Upload{}, LookUp{}, Keep{}, CatchUp{}, Remind{})

func effectTable(all ...Effect) map[string]reflect.Type {
	byKind := make(map[string]reflect.Type, len(all))
	for _, e := range all {
		byKind[e.effect()] = reflect.TypeOf(e)
	}
	return byKind
}

// EffectKind is the stored name of an effect.
func EffectKind(e Effect) string { return e.effect() }

// EffectKinds are the names of all effects that this version knows, in alphabetical order.
func EffectKinds() []string { return slices.Sorted(maps.Keys(effects)) }

// MarshalEffect writes an effect for the store.
func MarshalEffect(e Effect) (json.RawMessage, error) { return json.Marshal(e) }

// UnmarshalEffect reads an effect that MarshalEffect wrote; what this version has no type for is Unknown.
func UnmarshalEffect(kind string, data json.RawMessage) Effect {
	unknown := Unknown{Kind: kind, Data: data}
	t, ok := effects[kind]
	if !ok {
		return unknown
	}
	v := reflect.New(t)
	if err := json.Unmarshal(data, v.Interface()); err != nil {
		return unknown
	}
	return v.Elem().Interface().(Effect)
}
