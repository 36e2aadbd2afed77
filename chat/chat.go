// Package chat is the vocabulary between Boswell and any chat system: what arrives, what is answered at once, what is owed,
// and what a platform can do.
//
// The invariant: nothing here knows how a platform does a thing, and nothing outside an integration looks into an
// identifier. Abilities are interfaces (platform.go), amounts are numbers (Limits), and text is a list of spans that each
// platform renders, so no user text can format or ping.
package chat

import "time"

// Identifiers are opaque: only the integration that made one may look into it.
type (
	// PlatformID names a configured connection ("acme-slack"), not a kind of platform.
	PlatformID string
	// ChannelID is a room, unique within its platform.
	ChannelID string
	// ThreadID is a thread, unique within its channel; empty is the channel itself.
	ThreadID string
	// MessageID is a message, unique within its channel, in threads too.
	MessageID string
	// UserID is an account, unique within its platform.
	UserID string
	// DeliveryID is the same whenever the same thing is delivered again, and unique within its platform.
	DeliveryID string
	// ActionID says what a button or form is for.
	ActionID string
	// FieldID names an argument of a command and the field of a form that asks for it.
	FieldID string
	// Trigger is what a platform needs to open a form in answer; empty where it cannot.
	Trigger string
)

// What the menu of every message offers, where the platform has such menus.
const (
	ActionTimeline   ActionID = "add_to_timeline"
	ActionSupporting ActionID = "supporting"
)

// A Place is where something is said. Thread says where, not which message.
type Place struct {
	Platform PlatformID `json:"platform"`
	Channel  ChannelID  `json:"channel"`
	Thread   ThreadID   `json:"thread,omitempty"`
}

// Room is the place without its thread.
func (p Place) Room() Place { return Place{Platform: p.Platform, Channel: p.Channel} }

// A Ref is the identity of a message.
type Ref struct {
	Platform PlatformID `json:"platform"`
	Channel  ChannelID  `json:"channel"`
	Message  MessageID  `json:"message"`
}

// IsZero says that r names no message.
func (r Ref) IsZero() bool { return r == Ref{} }

// A User is an account, or a bridged author.
type User struct {
	ID     UserID `json:"id"`
	Handle string `json:"handle,omitempty"` // what people type after @
	Name   string `json:"name,omitempty"`   // what people read
	Alias  string `json:"alias,omitempty"`  // a name that a bridge gave for somebody without an account here
	Zone   string `json:"zone,omitempty"`   // IANA name, if known
	Bot    bool   `json:"bot,omitempty"`
	Guest  bool   `json:"guest,omitempty"` // from outside the workspace
	Self   bool   `json:"self,omitempty"`  // the bot itself
	Group  bool   `json:"group,omitempty"` // not one account but a group of people, who are invited together
}

// Display is the name to print.
func (u User) Display() string {
	for _, name := range []string{u.Alias, u.Name, u.Handle} {
		if name != "" {
			return name
		}
	}
	return string(u.ID)
}

// Meta is what every Inbound has.
type Meta struct {
	Delivery DeliveryID
	// At is when it happened, by the platform's clock; zero where the platform does not tell.
	At   time.Time
	From User
	// Place is where it happened; for a direct message Direct is set.
	Place  Place
	Direct bool
	// Room is the name of the room as people write it ("#ops"), where the platform tells it along.
	Room    string
	Trigger Trigger
}

// Origin is the Meta itself; it makes every struct that embeds Meta an Inbound.
func (m Meta) Origin() Meta { return m }

// Inbound is what arrives from a platform. The set is closed: Invoked, Suggest, Pressed, Submitted, Shortcut, Said,
// Unsaid, Reacted, Pinned, Joined, Gone, Online.
type Inbound interface {
	Origin() Meta
	inbound()
}

type (
	// Invoked is a command: a slash command, a mention of the bot, or a direct message to it.
	Invoked struct {
		Meta
		// Line is what was typed after the command's name, verbatim.
		Line string
		// Args holds typed options, where the platform has them; Line then names the command only.
		Args map[FieldID]string
		// Mentions are the people that Line mentions, in its order; the platform writes them as @handle in Line.
		Mentions []User
		// On is the message that the command answers to or was called on.
		On *Ref
	}
	// Suggest asks what could complete an argument. The Reply carries Choices.
	Suggest struct {
		Meta
		Line  string
		Args  map[FieldID]string
		Field FieldID
		Typed string
	}
	// Pressed is a button, or the option of a menu that was picked.
	Pressed struct {
		Meta
		Action ActionID
		Value  string
		On     Ref
	}
	// Submitted is a form that was filled in.
	Submitted struct {
		Meta
		Action ActionID
		State  string
		Values map[FieldID]string
	}
	// Shortcut is an action on a message ("Add to timeline").
	Shortcut struct {
		Meta
		Action  ActionID
		On      Ref
		Message *Said // the message itself, where the platform sends it along
	}
	// Said is a message as it now stands: new, or edited (then Edited is set). At is when it was first said.
	Said struct {
		Meta
		Ref    Ref
		Text   string // as a person reads it: markup of the platform undone, mentions as names
		Files  []File
		Edited time.Time
		// Order sorts messages of the same instant as the platform shows them.
		Order string
		// Link is the address of the message, where it has one.
		Link string
	}
	// Unsaid is a message that was deleted.
	Unsaid struct {
		Meta
		Ref Ref
	}
	// Reacted is a reaction that was added or removed. Emoji is the unicode character, else ":name:".
	Reacted struct {
		Meta
		On      Ref
		Emoji   string
		Removed bool
		// Every says, with Removed, that the emoji was removed for everybody.
		Every bool
	}
	// Pinned is a native pin that was set or removed.
	Pinned struct {
		Meta
		On      Ref
		Removed bool
	}
	// Joined is a person who entered or left a room.
	Joined struct {
		Meta
		Left bool
	}
	// Gone says that a room is no longer to be read: deleted, archived, or the bot was removed.
	Gone struct {
		Meta
		Why string
	}
	// Online says that a connection is up: time to look what was missed.
	Online struct{ Meta }
)

func (Invoked) inbound()   {}
func (Suggest) inbound()   {}
func (Pressed) inbound()   {}
func (Submitted) inbound() {}
func (Shortcut) inbound()  {}
func (Said) inbound()      {}
func (Unsaid) inbound()    {}
func (Reacted) inbound()   {}
func (Pinned) inbound()    {}
func (Joined) inbound()    {}
func (Gone) inbound()      {}
func (Online) inbound()    {}

// A File is an attachment of a message, still on the platform.
type File struct {
	ID       string `json:"id"` // opaque; a Downloader understands it
	Name     string `json:"name"`
	Type     string `json:"type,omitempty"`     // media type, if known
	Language string `json:"language,omitempty"` // of code, if the platform knows
	Size     int64  `json:"size"`               // bytes
	Link     string `json:"link,omitempty"`
}
