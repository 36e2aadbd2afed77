package rocketchat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"boswell/chat"
)

// noteForm asks for what a note is made of.
var noteForm = chat.Form{Action: "form", State: "note", Title: "Note", Submit: "Add", Typed: "/incident note <text>", Fields: []chat.FormField{
	{ID: "text", Label: "Text", Help: "What happened", Kind: chat.FormLong, Required: true, Max: 500},
	{ID: "role", Label: "Role", Kind: chat.FormChoice, Choices: []chat.Choice{{Value: "scribe", Label: "Scribe"}, {Value: "commander"}}, Value: "scribe"},
	{ID: "who", Label: "Who", Kind: chat.FormPerson},
}}

// asking answers what is asked with the form, and what is submitted with a reply.
func asking(submitted chat.Reply) func(chat.Inbound) (chat.Reply, error) {
	return func(in chat.Inbound) (chat.Reply, error) {
		if _, ok := in.(chat.Submitted); ok {
			return submitted, nil
		}
		return chat.Reply{Form: &noteForm}, nil
	}
}

// submit fills in a form that was opened, as somebody.
func submit(t testing.TB, d *door, id, view, user string, values map[string]string) (int, appAnswer) {
	t.Helper()
	var fields []string
	for name, value := range values {
		fields = append(fields, fmt.Sprintf(`%q:{%q:%q}`, name, name, value))
	}
	slices.Sort(fields)
	return knock(t, d, fmt.Sprintf(`{"id":%q,"triggerId":%q,"kind":"submit","user":{"id":%q},"view":{"id":%q,"state":{%s}}}`,
		id, id, user, view, strings.Join(fields, ",")))
}

// TestDoorOpensForms: a form is a modal that has everything to be filled in, and comes back as what it was.
func TestDoorOpensForms(t *testing.T) {
	d, h := newDoor(t, asking(chat.Reply{Message: chat.Message{Text: chat.Say("Added.")}}))
	_, a := knock(t, d, strings.Replace(typedNote, `"triggerId"`, `"thread":"T","triggerId"`, 1))
	v := a.Modal
	if v == nil || len(v.Blocks) != 3 || v.Title.Text != "Note" || v.Submit.Text.Text != "Add" || !strings.Contains(a.Instead, "/incident note <text>") {
		t.Fatalf("the door answers %+v, want the form", a)
	}
	text, role, who := v.Blocks[0], v.Blocks[1], v.Blocks[2]
	if text.BlockID != "text" || text.Element.ActionID != "text" || !text.Element.Multiline || text.Element.MaxLength != 500 || text.Optional || text.Hint.Text != "What happened" {
		t.Errorf("the field for the text is %+v", text)
	}
	if role.Element.Type != "static_select" || len(role.Element.Options) != 2 || role.Element.Options[1].Text.Text != "commander" || role.Element.Initial != "scribe" || !role.Optional {
		t.Errorf("the field for the role is %+v", role)
	}
	if who.Element.Type != "plain_text_input" || who.Element.Placeholder.Text != "@name" {
		t.Errorf("the field for the person is %+v", who)
	}
	_, a = submit(t, d, "s1", v.ID, "ann", map[string]string{"text": "it burns\nbadly", "role": "scribe", "who": ""})
	if len(a.Ephemeral) != 1 || a.Ephemeral[0].Text != "Added." || a.Room != "R" || a.Thread != "T" {
		t.Errorf("the form is answered %+v, want it where it was opened", a)
	}
	in, ok := h.heard[1].(chat.Submitted)
	if !ok || in.Action != "form" || in.State != "note" || in.Place.Channel != "R" || in.Place.Thread != "T" || in.From.ID != "ann" {
		t.Fatalf("the bot hears %+v", h.heard[1])
	}
	if len(in.Values) != 2 || in.Values["text"] != "it burns\nbadly" || in.Values["role"] != "scribe" {
		t.Errorf("the values are %q", in.Values)
	}
}

// TestFormIsForOnePerson: the identifier of a form says where it was opened and goes through people's hands. It is good only
// as it was given, and for whom it was given.
func TestFormIsForOnePerson(t *testing.T) {
	d, h := newDoor(t, asking(chat.Reply{}))
	_, a := knock(t, d, typedNote)
	id := a.Modal.ID
	payload, seal, _ := strings.Cut(id, ".")
	other, err := formMemory{User: "ann", Room: "SECRET", Action: "form"}.seal(chat.NewSecret("another"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ view, user string }{
		"another person": {id, "eve"},
		"another place":  {strings.Split(other, ".")[0] + "." + seal, "ann"},
		"another secret": {other, "ann"},
		"no seal":        {payload, "ann"},
		"an empty seal":  {payload + ".", "ann"},
		"not ours":       {"modal-7", "ann"},
	} {
		if _, a := submit(t, d, name, c.view, c.user, map[string]string{"text": "x"}); a.Error != sayOldForm {
			t.Errorf("%s: the door answers %+v", name, a)
		}
	}
	if len(h.heard) != 1 {
		t.Errorf("the bot heard %d things, want only the command", len(h.heard))
	}
}

// TestFormRemembersDirect: a form that was opened alone with the bot comes from there.
func TestFormRemembersDirect(t *testing.T) {
	d, h := newDoor(t, asking(chat.Reply{}))
	_, a := knock(t, d, strings.Replace(typedNote, `{"id":"R","name":"ops","type":"c"}`, `{"id":"D","type":"d","members":["ann","bot"]}`, 1))
	submit(t, d, "s1", a.Modal.ID, "ann", map[string]string{"text": "x"})
	if m := h.heard[1].Origin(); !m.Direct || m.Place.Channel != "D" {
		t.Errorf("the form comes from %+v", m)
	}
}

// TestFormStaysOpen: a form in which something is wrong stays open and says where.
func TestFormStaysOpen(t *testing.T) {
	refused := func(field chat.FieldID) chat.Reply {
		return chat.Reply{Message: chat.Message{Text: chat.Say("That is no time.")}, Refused: true, Field: field}
	}
	for name, c := range map[string]struct {
		reply chat.Reply
		want  map[string]string
		modal bool
	}{
		"at its field":         {refused("who"), map[string]string{"who": "That is no time."}, false},
		"at the first field":   {refused(""), map[string]string{"role": "That is no time."}, false},
		"at a field elsewhere": {refused("when"), map[string]string{"role": "That is no time."}, false},
		"something missing":    {chat.Reply{Form: &noteForm}, map[string]string{"text": "This is needed."}, false},
		"something else":       {chat.Reply{Form: &chat.Form{Title: "Start", Fields: []chat.FormField{{ID: "title", Required: true}}}}, nil, true},
	} {
		d, _ := newDoor(t, asking(c.reply))
		_, opened := knock(t, d, typedNote)
		_, a := submit(t, d, "s1", opened.Modal.ID, "ann", map[string]string{"text": "", "role": "scribe", "who": ""})
		if asJSON(t, a.Errors) != asJSON(t, c.want) && len(a.Errors)+len(c.want) > 0 {
			t.Errorf("%s: the errors are %q, want %q", name, a.Errors, c.want)
		}
		if (a.Modal != nil) != c.modal {
			t.Errorf("%s: another form opens: %v", name, a.Modal != nil)
		}
	}
}

// TestFormIsSentTwice: the same values from the same modal are one delivery, whatever request brings them; others are others.
func TestFormIsSentTwice(t *testing.T) {
	d, h := newDoor(t, asking(chat.Reply{}))
	_, one := knock(t, d, typedNote)
	_, two := knock(t, d, typedNote)
	for i, c := range []struct{ view, text string }{{one.Modal.ID, "a"}, {one.Modal.ID, "a"}, {one.Modal.ID, "b"}, {two.Modal.ID, "a"}} {
		submit(t, d, fmt.Sprint("s", i), c.view, "ann", map[string]string{"text": c.text})
	}
	var keys []chat.DeliveryID
	for _, in := range h.heard[2:] {
		keys = append(keys, in.Origin().Delivery)
	}
	if keys[0] != keys[1] || keys[0] == keys[2] || keys[0] == keys[3] || keys[2] == keys[3] {
		t.Errorf("the deliveries are %q", keys)
	}
}

// TestRefusedFormIsSentAgain: the reason of a refusal may be gone, so the same values are then another delivery.
func TestRefusedFormIsSentAgain(t *testing.T) {
	d, h := newDoor(t, asking(chat.Reply{Refused: true, Message: chat.Message{Text: chat.Say("Not now.")}}))
	_, a := knock(t, d, typedNote)
	keys := map[chat.DeliveryID]bool{}
	for i := range 3 {
		submit(t, d, fmt.Sprint("s", i), a.Modal.ID, "ann", map[string]string{"text": "a"})
		keys[h.heard[i+1].Origin().Delivery] = true
	}
	if len(keys) != 3 {
		t.Errorf("the deliveries are %v", keys)
	}
}

// TestChosenLineOffersItsForm: clients open no form in answer to a line that was chosen from what was offered.
func TestChosenLineOffersItsForm(t *testing.T) {
	d, h := newDoor(t, asking(chat.Reply{}))
	_, a := knock(t, d, strings.Replace(typedNote, `"line":"note x"`, `"line":"note","chosen":true`, 1))
	if a.Modal != nil || len(a.Ephemeral) != 1 || len(a.Ephemeral[0].Blocks) != 2 || !strings.Contains(a.Ephemeral[0].Text, "/incident note <text>") {
		t.Fatalf("the door answers %+v, want a button", a)
	}
	button := a.Ephemeral[0].Blocks[1].Elements[0]
	_, a = knock(t, d, fmt.Sprintf(`{"id":"t2","triggerId":"t2","kind":"press","action":%q,"value":%q,"user":{"id":"ann"},"room":{"id":"R"}}`, button.ActionID, button.Value))
	if a.Modal == nil || a.Modal.Title.Text != "Note" {
		t.Errorf("the button opens %+v, want the form", a)
	}
	if in, ok := h.heard[1].(chat.Invoked); !ok || in.Line != "note" || in.Trigger == "" {
		t.Errorf("the bot hears %+v", h.heard[1])
	}
}

// TestLateFormIsWords: the trigger of a form is no good any more when the answer is late, so what to type is shown.
func TestLateFormIsWords(t *testing.T) {
	release := make(chan struct{})
	d, h := newDoor(t, func(chat.Inbound) (chat.Reply, error) {
		<-release
		return chat.Reply{Form: &noteForm}, nil
	})
	d.within = 10 * time.Millisecond
	knock(t, d, typedNote)
	close(release)
	select {
	case <-h.whispered:
	case <-time.After(30 * time.Second):
		t.Fatal("the answer is never shown")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.whispers) != 1 || !strings.Contains(h.whispers[0], "/incident note <text>") {
		t.Errorf("people are whispered %q", h.whispers)
	}
}

// TestButtons: a message with buttons has blocks, which hold its text too; without them it has none.
func TestButtons(t *testing.T) {
	m := chat.Message{Text: chat.Say("INC-7"), Buttons: []chat.Button{
		{Action: "join", Value: "INC-7", Label: "Join", Typed: "/incident join", Primary: true},
		{Action: "join", Value: "INC-8", Label: "Join the other", Danger: true}}}
	blocks := appBlocks(m)
	if len(blocks) != 2 || blocks[0].Text.Text != markdown(chat.Message{Text: m.Text}) || len(blocks[1].Elements) != 2 {
		t.Fatalf("the blocks are %+v", blocks)
	}
	a, b := blocks[1].Elements[0], blocks[1].Elements[1]
	if a.ActionID == b.ActionID || buttonAction(a.ActionID) != "join" || buttonAction(b.ActionID) != "join" || a.Value != "INC-7" || a.Style != "primary" || b.Style != "danger" || a.AppID != AppID {
		t.Errorf("the buttons are %+v and %+v", a, b)
	}
	if appBlocks(chat.Message{Text: m.Text}) != nil {
		t.Error("a message without buttons has blocks")
	}
	if w := inWords(m); len(w.Buttons) > 0 || !strings.Contains(w.Text.String(), "Join: /incident join") || strings.Contains(m.Text.String(), "Join") {
		t.Errorf("in words it is %q", w.Text.String())
	}
}
