package chat

import "slices"

// A Message is what the bot posts. Rows are label and value, as on the status card; a platform without cards prints them
// as lines.
type Message struct {
	Text    Text     `json:"text"`
	Rows    []Row    `json:"rows,omitempty"`
	Buttons []Button `json:"buttons,omitempty"`
	Menus   []Menu   `json:"menus,omitempty"`
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

// A Menu is some buttons of which one is chosen from a list: picking an option is pressing it, and arrives as Pressed. It has
// at most 25 options, and Label, which says what they are for, stands where none is picked. Typed is what a person writes
// instead where there are no menus.
type Menu struct {
	Label   string   `json:"label"`
	Options []Button `json:"options"`
	Typed   string   `json:"typed,omitempty"`
}

// MenuOptions is how many options a menu has at most.
const MenuOptions = 25

// Apart are the options as buttons that stand by themselves, each with what it is for.
func (m Menu) Apart() []Button {
	buttons := slices.Clone(m.Options)
	for i := range buttons {
		buttons[i].Label = m.Label + ": " + buttons[i].Label
	}
	return buttons
}

// A Reply answers one Inbound at once. It may be lost; what may not be lost is an Effect.
type Reply struct {
	Message
	// Public says that everybody in the room may see the answer; otherwise only the sender does.
	Public bool `json:"public,omitempty"`
	// Confidential says that the others in the room may not see what the answer tells. Where the sender alone cannot be
	// reached, Withheld takes its place.
	Confidential bool `json:"confidential,omitempty"`
	// Refused says that what was asked for was not done. A form that was submitted stays open with the answer, where the
	// platform can keep it open, so that nothing that was typed is lost.
	Refused bool `json:"refused,omitempty"`
	// Field is the argument that was refused, if it was one.
	Field FieldID `json:"field,omitempty"`
	// Form asks for what is missing.
	Form *Form `json:"form,omitempty"`
	// More follows in further messages, where one cannot hold all.
	More []Message `json:"more,omitempty"`
	// Choices answer a Suggest.
	Choices []Choice `json:"choices,omitempty"`
}

// IsZero says that there is nothing to answer.
func (r Reply) IsZero() bool {
	return len(r.Text) == 0 && len(r.Rows) == 0 && len(r.Buttons) == 0 && len(r.Menus) == 0 && r.Form == nil && r.Choices == nil
}

// Withheld is what everybody in the room may see of a confidential answer that could not be shown to the sender alone: that
// there is one, and what to do.
func (r Reply) Withheld() Reply {
	return Reply{Message: Message{Text: Say(withheld)}, Public: true, Refused: r.Refused}
}

const withheld = "I could not send you the answer in a direct message. Write to me there, or try again."

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
	State  string      `json:"state,omitempty"` // comes back with Submitted; Limits.State bounds it
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
