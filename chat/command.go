package chat

// ArgKind is the type of an argument of a command.
type ArgKind string

// The types of arguments.
const (
	ArgText    ArgKind = "text"    // the rest of the line
	ArgWord    ArgKind = "word"    // one word, or several in double quotes
	ArgNumber  ArgKind = "number"  // a whole number
	ArgChoice  ArgKind = "choice"  // one of Choices
	ArgTime    ArgKind = "time"    // a time as people type it
	ArgPerson  ArgKind = "person"  // a person of the platform
	ArgPeople  ArgKind = "people"  // people, and groups of them where the platform has such, apart by blanks
	ArgRoom    ArgKind = "room"    // a room, on this platform or platform:name
	ArgMessage ArgKind = "message" // a message: its link, or the one the command was called on
	ArgYes     ArgKind = "yes"     // yes or no
)

// An Arg is one argument, as declared.
type Arg struct {
	Name     FieldID
	Help     string // at most 100 characters
	Kind     ArgKind
	Required bool
	// Option says that it is written name:value before the text; otherwise it stands in its place.
	Option  bool
	Choices []Choice // of ArgChoice
	// Suggest says that the bot completes it while it is typed.
	Suggest bool
	Max     int // characters; 0 is no limit of the command's own
	Example string
}

// A Command is a word that people can type, as declared: a tree of at most two levels with at most 25 words on each.
// Names are lower-case letters, digits and "-", at most 32 characters.
type Command struct {
	Name     string
	Help     string // at most 100 characters
	Args     []Arg
	Examples []string
	Sub      []Command
}
