package incident

import "time"

// An Event is a fact about one incident. The set is closed: every event type is in this file and in the table of kinds
// (kinds.go). Events are recorded, never changed; their stored names and fields are a promise that the golden file in
// testdata keeps.
type Event interface{ kind() string }

// Opened is the first event of every incident.
type Opened struct {
	Title     string    `json:"title"`
	Zone      Zone      `json:"zone,omitzero"`
	Precision Precision `json:"precision,omitempty"`
	Severity  Severity  `json:"severity,omitempty"`
	Drill     bool      `json:"drill,omitempty"`
	Private   bool      `json:"private,omitempty"`
	// Since is how far back messages of the linked rooms may be tagged.
	Since time.Time `json:"since,omitzero"`
}

// What the incident's document says.
type (
	// FieldSet replaces a text field or a list field (one value per item or paragraph); no values empty it.
	FieldSet struct {
		Field  Field    `json:"field"`
		Values []string `json:"values"`
	}
	// FieldAppended adds an item to a list field, or a paragraph to a text field.
	FieldAppended struct {
		Field Field  `json:"field"`
		Text  string `json:"text"`
	}
	// NumberSet sets the printed number; 0 takes it away.
	NumberSet struct {
		Number int `json:"number"`
	}
	// DateSet sets the day or days of the incident; the zero Date takes them away.
	DateSet struct {
		Date Date `json:"date"`
	}
	// ZoneSet sets the zone in which the incident reads and prints times.
	ZoneSet struct {
		Zone Zone `json:"zone"`
	}
	// PrecisionSet sets the precision of tagged messages.
	PrecisionSet struct {
		Precision Precision `json:"precision"`
	}
	// PublishedSet sets when the document came out; the zero time takes it away.
	PublishedSet struct {
		At time.Time `json:"at,omitzero"`
	}
)

// How the incident stands.
type (
	// SeveritySet sets the severity.
	SeveritySet struct {
		Severity Severity `json:"severity"`
	}
	// StatusSet sets the free words of the status; the machine's state stays as it is.
	StatusSet struct {
		Text string `json:"text"`
	}
	// Mitigated moves an open incident to mitigated. An unknown At sets no milestone.
	Mitigated struct {
		At Moment `json:"at,omitzero"`
	}
	// Resolved moves the incident to resolved; capture goes on. An unknown At sets no milestone.
	Resolved struct {
		At Moment `json:"at,omitzero"`
	}
	// StateRestored takes a mitigation or resolution back, or changes when they were.
	StateRestored struct {
		State     State  `json:"state"`
		Mitigated Moment `json:"mitigated,omitzero"`
		Resolved  Moment `json:"resolved,omitzero"`
	}
	// Closed ends the incident: capture stops and changes are refused.
	Closed struct{}
	// Reopened makes a closed or cancelled incident live again, in the state it had.
	Reopened struct{}
	// Cancelled ends an incident that was opened by mistake.
	Cancelled struct {
		Reason string `json:"reason,omitempty"`
	}
	// UpdatePosted is a status update told to the rooms of the incident.
	UpdatePosted struct {
		Text string `json:"text"`
	}
	// ReminderSnoozed silences a reminder until a time; the zero time lets it speak again.
	ReminderSnoozed struct {
		Reminder string    `json:"reminder"`
		Until    time.Time `json:"until"`
	}
)

// The timeline, by hand.
type (
	// Noted is an entry that a person typed.
	Noted struct {
		Entry  EntryID   `json:"entry"`
		At     Moment    `json:"at,omitzero"`
		Text   string    `json:"text"`
		Said   time.Time `json:"said"` // when it was typed
		After  EntryID   `json:"after,omitempty"`
		Marker Marker    `json:"marker,omitempty"`
	}
	// EntryReworded sets the text of an entry by hand; later edits of its message no longer change it.
	EntryReworded struct {
		Entry EntryID `json:"entry"`
		Text  string  `json:"text"`
	}
	// EntryRetimed sets the time of an entry by hand.
	EntryRetimed struct {
		Entry EntryID `json:"entry"`
		At    Moment  `json:"at,omitzero"`
	}
	// EntryFollows makes an entry follow its message again, in text, time or both.
	EntryFollows struct {
		Entry EntryID `json:"entry"`
		Text  bool    `json:"text,omitempty"`
		Time  bool    `json:"time,omitempty"`
	}
	// EntryMarked sets the marker of an entry; an empty one takes it away.
	EntryMarked struct {
		Entry  EntryID `json:"entry"`
		Marker Marker  `json:"marker"`
	}
	// EntryRemoved takes an entry out by hand. It stays out until all tags of its message are gone and a new one is set.
	EntryRemoved struct {
		Entry EntryID `json:"entry"`
	}
	// EntryRestored takes a removal by hand back.
	EntryRestored struct {
		Entry EntryID `json:"entry"`
	}
)

// What was observed of messages.
type (
	// Tagged is a tag that a person set on a message. Entry is the handle that the message's entry (or supporting
	// information) has from its first tag on.
	Tagged struct {
		Message MessageRef `json:"message"`
		Tag     Tag        `json:"tag"`
		Way     Way        `json:"way"`
		Tagger  PersonID   `json:"tagger,omitempty"`
		At      time.Time  `json:"at"` // when the tag was set
		Entry   EntryID    `json:"entry"`
	}
	// Untagged is a tag that was taken away.
	Untagged struct {
		Message MessageRef `json:"message"`
		Tag     Tag        `json:"tag"`
		Way     Way        `json:"way"`
		Tagger  PersonID   `json:"tagger,omitempty"`
		At      time.Time  `json:"at"`
	}
	// MessageRead is what a tagged message says, as first read or as edited since.
	MessageRead struct {
		Message MessageRef `json:"message"`
		Content Content    `json:"content"`
	}
	// MessageDeleted says that a tagged message is no longer there.
	MessageDeleted struct {
		Message MessageRef `json:"message"`
		At      time.Time  `json:"at"`
	}
	// MessageUnreadable says that the text of a tagged message could not be read, and why.
	MessageUnreadable struct {
		Message MessageRef `json:"message"`
		Why     string     `json:"why"`
	}
	// TagsOffered names messages whose tags are older than the link of their room. They count once people take them.
	TagsOffered struct {
		Messages []MessageRef `json:"messages"`
	}
	// FileKept says that a file of a tagged message lies in the store.
	FileKept struct {
		Message MessageRef `json:"message"`
		File    File       `json:"file"`
	}
)

// Causes, lessons, action items and supporting information.
type (
	// CauseAdded adds a cause.
	CauseAdded struct {
		Cause Cause `json:"cause"`
	}
	// CauseRecommended adds a recommendation to a cause.
	CauseRecommended struct {
		Cause CauseID `json:"cause"`
		Text  string  `json:"text"`
	}
	// CauseRevised replaces a cause, or restores a removed one.
	CauseRevised struct {
		Cause Cause `json:"cause"`
	}
	// CauseRemoved takes a cause out.
	CauseRemoved struct {
		Cause CauseID `json:"cause"`
	}
	// LessonAdded adds a lesson.
	LessonAdded struct {
		Lesson Lesson `json:"lesson"`
	}
	// LessonRevised replaces a lesson, or restores a removed one.
	LessonRevised struct {
		Lesson Lesson `json:"lesson"`
	}
	// LessonRemoved takes a lesson out.
	LessonRemoved struct {
		Lesson LessonID `json:"lesson"`
	}
	// ActionAdded adds an action item.
	ActionAdded struct {
		Action Action `json:"action"`
	}
	// ActionRevised replaces an action item, or restores a removed one.
	ActionRevised struct {
		Action Action `json:"action"`
	}
	// ActionFinished says that an action item is done, or open again.
	ActionFinished struct {
		Action ActionID `json:"action"`
		Done   bool     `json:"done"`
	}
	// ActionConcluded records the answer that an action item found.
	ActionConcluded struct {
		Action ActionID `json:"action"`
		Text   string   `json:"text"`
	}
	// ActionRemoved takes an action item out.
	ActionRemoved struct {
		Action ActionID `json:"action"`
	}
	// SupportAdded adds supporting information that a person typed.
	SupportAdded struct {
		Support Support `json:"support"`
	}
	// SupportRemoved takes supporting information out: a typed item, or by hand that of a tagged message.
	SupportRemoved struct {
		Entry EntryID `json:"entry"`
	}
	// SupportRestored takes such a removal back.
	SupportRestored struct {
		Entry EntryID `json:"entry"`
	}
)

// People.
type (
	// Joined makes a person a responder. Did, if not empty, says what they did.
	Joined struct {
		Person PersonID `json:"person"`
		Did    string   `json:"did,omitempty"`
	}
	// Left ends a person's part.
	Left struct {
		Person PersonID `json:"person"`
	}
	// ResponderRestored sets one responder back to what they were; without a Responder they never joined.
	ResponderRestored struct {
		Person    PersonID   `json:"person"`
		Responder *Responder `json:"responder,omitempty"`
	}
	// RoleTaken gives a role to a person; whoever had it gives it up.
	RoleTaken struct {
		Role   Role     `json:"role"`
		Person PersonID `json:"person"`
	}
	// RoleLeft leaves a role without anybody.
	RoleLeft struct {
		Role Role `json:"role"`
	}
)

// Rooms, and what went wrong with them.
type (
	// RoomLinked makes a room one of the incident's. Tags set there count. A room that cannot be read says why.
	RoomLinked struct {
		Room Room `json:"room"`
	}
	// RoomUnlinked takes a room away.
	RoomUnlinked struct {
		Room RoomID `json:"room"`
	}
	// CardPosted names the message that shows the incident's state in a room.
	CardPosted struct {
		Card MessageRef `json:"card"`
	}
	// Missed is a stretch of time in which a room could not be read.
	Missed struct {
		Room RoomID    `json:"room"`
		From time.Time `json:"from"`
		To   time.Time `json:"to"`
		Why  string    `json:"why"`
	}
	// SendFailed says that something owed to a room was given up.
	SendFailed struct {
		What string `json:"what"`
		Room RoomID `json:"room,omitzero"`
		Why  string `json:"why"`
	}
)

// Erased stands for a record whose contents were erased; only its kind is known, and it does what follows from that alone.
type Erased struct {
	Kind string `json:"kind"`
}
