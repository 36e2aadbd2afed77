package incident

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ID names an incident for good, in the order in which incidents were opened; people type and read it as INC-7.
type ID uint64

// String is the ID as people type it.
func (id ID) String() string { return "INC-" + strconv.FormatUint(uint64(id), 10) }

// ParseID reads "INC-7", "inc7", "#7" or "7".
func ParseID(text string) (ID, error) {
	digits := strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "INC")
	digits = strings.TrimLeft(digits, "-# ")
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || n == 0 {
		return 0, Refuse("%q is not the name of an incident. Write it like INC-7.", cut(text, 40))
	}
	return ID(n), nil
}

// A PersonID stands for a person in the log; names and accounts are kept elsewhere, so that they can be corrected or
// erased. The empty one is the bot itself.
type PersonID string

// A RoomID says which room of which connection. Platform and Channel are opaque.
type RoomID struct {
	Platform string `json:"platform"`
	Channel  string `json:"channel"`
	Thread   string `json:"thread,omitempty"`
}

// A MessageRef is the identity of a message. All three parts are opaque.
type MessageRef struct {
	Platform string `json:"platform"`
	Channel  string `json:"channel"`
	Message  string `json:"message"`
}

// A Room is where an incident is fought.
type Room struct {
	RoomID
	Name string `json:"name"`
	// Home is the room that the incident was started in or that was made for it.
	Home bool `json:"home,omitempty"`
	// Made says that the room was made for the incident, so that its topic is the incident's too.
	Made bool `json:"made,omitempty"`
	// Unreadable says why nothing can be read there; empty where it can.
	Unreadable string `json:"unreadable,omitempty"`
}

// An EntryID is the stable handle of a timeline entry or of supporting information ("e12"). Its number in the timeline
// shifts while people write; the handle does not.
type EntryID string

// Handles of the other numbered things.
type (
	CauseID  string
	LessonID string
	ActionID string
)

// State is how far an incident has come, beside the free words of its status.
type State string

// The states. A closed or cancelled incident takes no changes.
const (
	StateOpen      State = "open"
	StateMitigated State = "mitigated"
	StateResolved  State = "resolved"
	StateClosed    State = "closed"
	StateCancelled State = "cancelled"
)

// Live says whether an incident in this state still captures and changes.
func (s State) Live() bool { return s != StateClosed && s != StateCancelled }

// Severity is how bad it is; sev1 is the worst.
type Severity string

// The severities.
const (
	Sev1 Severity = "sev1"
	Sev2 Severity = "sev2"
	Sev3 Severity = "sev3"
	Sev4 Severity = "sev4"
	Sev5 Severity = "sev5"
)

// Severities are the severities there are, worst first.
func Severities() []Severity { return []Severity{Sev1, Sev2, Sev3, Sev4, Sev5} }

// A Tag is what a tagged message becomes.
type Tag string

// The tags.
const (
	TagTimeline   Tag = "timeline"
	TagSupporting Tag = "supporting"
)

// A Way is how a tag was set: each way of each person is a tag of its own, and the entry stays until the last is gone.
type Way string

// The ways that every platform shares; a reaction adds its emoji ("reaction:📌").
const (
	WayPin      Way = "pin"
	WayWords    Way = "words"
	WayShortcut Way = "shortcut"
	WayReaction Way = "reaction:"
)

// A Marker says what an entry means for the course of the incident; the metrics follow from markers.
type Marker string

// The markers, in the words of the standard format.
const (
	OutageBegins    Marker = "OUTAGE BEGINS"
	IncidentBegins  Marker = "INCIDENT BEGINS"
	OutageMitigated Marker = "OUTAGE MITIGATED"
	OutageEnds      Marker = "OUTAGE ENDS"
	IncidentEnds    Marker = "INCIDENT ENDS"
	TriggerPulled   Marker = "TRIGGER"
	Detected        Marker = "DETECTED"
	Recurrence      Marker = "RECURRENCE"
	FirstReport     Marker = "FIRST REPORT"
	MarkedResolved  Marker = "RESOLVED"
)

// Markers are the markers there are.
func Markers() []Marker {
	return []Marker{OutageBegins, IncidentBegins, OutageMitigated, OutageEnds, IncidentEnds, TriggerPulled, Detected, Recurrence,
		FirstReport, MarkedResolved}
}

// A Role is what a responder does for the others.
type Role string

// The roles.
const (
	Commander      Role = "commander"
	Scribe         Role = "scribe"
	Communications Role = "communications"
	Operations     Role = "operations"
	Planning       Role = "planning"
	Liaison        Role = "liaison"
)

// Roles are the roles there are.
func Roles() []Role {
	return []Role{Commander, Scribe, Communications, Operations, Planning, Liaison}
}

// Title is the role as people say it.
func (r Role) Title() string {
	if r == Commander {
		return "incident commander"
	}
	return string(r)
}

// Content is one version of a message.
type Content struct {
	Author PersonID `json:"author,omitempty"`
	// Alias is the name that a bridge gave for somebody without an account here.
	Alias string    `json:"alias,omitempty"`
	Said  time.Time `json:"said"`
	// Order sorts messages said at the same instant, as the platform shows them.
	Order string `json:"order,omitempty"`
	Text  string `json:"text"`
	Files []File `json:"files,omitempty"`
	// Version is when the text was last edited; zero for the text as first said.
	Version time.Time `json:"version,omitzero"`
	Link    string    `json:"link,omitempty"`
}

// A File is an attachment. Hash and Text are set once it lies in the store.
type File struct {
	ID       string `json:"id"` // the platform's, opaque
	Name     string `json:"name"`
	Type     string `json:"type,omitempty"` // media type
	Language string `json:"language,omitempty"`
	Size     int64  `json:"size"` // bytes
	Hash     string `json:"hash,omitempty"`
	Text     string `json:"text,omitempty"` // the contents of a short text file
	Link     string `json:"link,omitempty"`
	Problem  string `json:"problem,omitempty"` // why it could not be kept
}

// CauseKind says what part a cause had.
type CauseKind string

// CauseKinds are the kinds of cause: "root", "superficial", "contributing".
func CauseKinds() []CauseKind { return []CauseKind{"root", "superficial", "contributing"} }

// A Cause is why the incident was possible.
type Cause struct {
	ID              CauseID   `json:"id"`
	Kind            CauseKind `json:"kind"`
	Title           string    `json:"title,omitempty"`
	Text            string    `json:"text,omitempty"`
	Recommendations []string  `json:"recommendations,omitempty"`
}

// LessonKind says which list a lesson stands in.
type LessonKind string

// The kinds of lesson.
const (
	WentWell    LessonKind = "well"
	WentWrong   LessonKind = "wrong"
	GotLucky    LessonKind = "lucky"
	GeneralNote LessonKind = "general"
)

// LessonKinds are the kinds of lesson.
func LessonKinds() []LessonKind { return []LessonKind{WentWell, WentWrong, GotLucky, GeneralNote} }

// A Lesson is what was learned.
type Lesson struct {
	ID   LessonID   `json:"id"`
	Kind LessonKind `json:"kind"`
	Text string     `json:"text"`
}

// ActionTypes are the types of action items: "mitigate", "prevent", "detect", "repair", "process", "investigate", "other".
func ActionTypes() []string {
	return []string{"mitigate", "prevent", "detect", "repair", "process", "investigate", "other"}
}

// An Action is an action item.
type Action struct {
	ID       ActionID `json:"id"`
	Text     string   `json:"text"`
	Type     string   `json:"type,omitempty"`
	Term     string   `json:"term,omitempty"`     // "short", "long" or none
	Priority int      `json:"priority,omitempty"` // 1 is the first to do; 0 is none
	Owner    string   `json:"owner,omitempty"`
	Bug      string   `json:"bug,omitempty"`
	Due      Date     `json:"due,omitzero"`
	Done     bool     `json:"done,omitempty"`
	Outcome  string   `json:"outcome,omitempty"`
}

// SupportKinds are the kinds of supporting information: "diff", "code", "metrics", "chat", "link", "image", "text", "file".
func SupportKinds() []string {
	return []string{"diff", "code", "metrics", "chat", "link", "image", "text", "file"}
}

// Support is one item of supporting information.
type Support struct {
	Entry    EntryID   `json:"entry"`
	Kind     string    `json:"kind"`
	Title    string    `json:"title,omitempty"`
	Language string    `json:"language,omitempty"`
	Text     string    `json:"text,omitempty"`
	File     *File     `json:"file,omitempty"`
	Captured time.Time `json:"captured"` // items stand in this order
	Author   PersonID  `json:"author,omitempty"`
	Alias    string    `json:"alias,omitempty"`
}

// A Responder is a person who takes part.
type Responder struct {
	Person PersonID   `json:"person"`
	Joined time.Time  `json:"joined"`
	Left   time.Time  `json:"left,omitzero"`
	Did    string     `json:"did,omitempty"`
	DidSeq uint64     `json:"did_seq,omitempty"` // the record that said what they did first; printed in this order
	Roles  []RoleSpan `json:"roles,omitempty"`
}

// A RoleSpan is a time in which a responder had a role; To is zero while it lasts.
type RoleSpan struct {
	Role Role      `json:"role"`
	From time.Time `json:"from"`
	To   time.Time `json:"to,omitzero"`
}

// Gap is a stretch of time in which a room could not be read.
type Gap struct {
	Room     RoomID
	From, To time.Time
	Why      string
}

func cut(text string, runes int) string {
	r := []rune(text)
	if len(r) <= runes {
		return text
	}
	return string(r[:runes]) + "…"
}

func handle[T ~string](prefix string, n int) T { return T(fmt.Sprintf("%s%d", prefix, n)) }
