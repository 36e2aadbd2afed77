package chat

// A Message is what the bot posts. Rows are label and value, as on the status card; a platform without cards prints them
// as lines.
type Message struct {
	Text    Text     `json:"text"`
	Rows    []Row    `json:"rows,omitempty"`
	Buttons []Button `json:"buttons,omitempty"`
}

// A Row is one line of a card.
type Row struct {
	Label string `json:"label"`
	Text  Text   `json:"text"`
}

// A Button carries data, not a command line. Action and Value together stay within 60 bytes. Typed is what a person
// writes instead where there are no buttons.
type Button struct {
	Action  ActionID `json:"action"`
	Value   string   `json:"value,omitempty"`
	Label   string   `json:"label"`
	Typed   string   `json:"typed,omitempty"`
	Primary bool     `json:"primary,omitempty"`
	Danger  bool     `json:"danger,omitempty"`
}

// A Reply answers one Inbound at once. It may be lost; what may not be lost is an Effect.
type Reply struct {
	Message
	// Public says that everybody in the room may see the answer; otherwise only the sender does.
	Public bool `json:"public,omitempty"`
	// Form asks for what is missing.
	Form *Form `json:"form,omitempty"`
	// More follows in further messages, where one cannot hold all.
	More []Message `json:"more,omitempty"`
	// Choices answer a Suggest.
	Choices []Choice `json:"choices,omitempty"`
}

// IsZero says that there is nothing to answer.
func (r Reply) IsZero() bool {
	return len(r.Text) == 0 && len(r.Rows) == 0 && len(r.Buttons) == 0 && r.Form == nil && r.Choices == nil
}

// A Choice is a value and how it is shown.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// FormKind is the kind of a form's field.
type FormKind string

// The kinds of field.
const (
	FormLine   FormKind = "line"   // one line
	FormLong   FormKind = "long"   // several lines
	FormChoice FormKind = "choice" // one of Choices
	FormPerson FormKind = "person" // a person; the value is their handle
)

// A Form is another way to give a command its arguments.
type Form struct {
	Action ActionID    `json:"action"`
	State  string      `json:"state,omitempty"` // comes back with Submitted
	Title  string      `json:"title"`           // at most 24 characters fit everywhere
	Submit string      `json:"submit"`          // label of the button
	Fields []FormField `json:"fields"`
	// Typed is the line to write where there are no forms.
	Typed string `json:"typed,omitempty"`
}

// A FormField asks for one argument.
type FormField struct {
	ID       FieldID  `json:"id"`
	Label    string   `json:"label"`
	Help     string   `json:"help,omitempty"`
	Kind     FormKind `json:"kind"`
	Choices  []Choice `json:"choices,omitempty"`
	Required bool     `json:"required,omitempty"`
	Value    string   `json:"value,omitempty"` // what stands in it at first
	Max      int      `json:"max,omitempty"`   // characters; 0 is the platform's limit
}
