package rocketchat

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"boswell/chat"
)

// Amounts of forms.
const (
	formFieldsMost = 20
	formValueMost  = 3000 // characters of one field
)

// view renders a form as a modal for one person.
func (m formMemory) view(f chat.Form, secret chat.Secret) (uiView, error) {
	m.Once, m.Action, m.State = rand.Text()[:8], f.Action, f.State
	id, err := m.seal(secret)
	if err != nil {
		return uiView{}, chat.Final(err, "")
	}
	v := uiView{ID: id, Title: *plainText(f.Title), Submit: modalButton("submit", first(f.Submit, "Done"), "primary"), Close: modalButton("close", "Cancel", "")}
	for _, field := range f.Fields {
		v.Blocks = append(v.Blocks, fieldBlock(field))
	}
	return v, nil
}

func modalButton(id, label, style string) *uiElement {
	return &uiElement{Type: "button", AppID: AppID, BlockID: "modal", ActionID: id, Text: plainText(label), Style: style}
}

// fieldBlock renders a field. What stands in it comes back under its name, as block and as action.
func fieldBlock(f chat.FormField) uiBlock {
	id := string(f.ID)
	e := &uiElement{Type: "plain_text_input", AppID: AppID, BlockID: id, ActionID: id, Initial: f.Value}
	switch {
	case f.Kind == chat.FormChoice && len(f.Choices) > 0:
		e.Type, e.Placeholder = "static_select", plainText("Choose one")
		for _, c := range f.Choices {
			e.Options = append(e.Options, uiOption{Text: *plainText(first(c.Label, c.Value)), Value: c.Value})
		}
	case f.Kind == chat.FormPerson:
		e.Placeholder = plainText("@name")
	default:
		e.Multiline = f.Kind == chat.FormLong
		e.MaxLength = formValueMost
		if f.Max > 0 {
			e.MaxLength = min(f.Max, formValueMost)
		}
	}
	b := uiBlock{Type: "input", AppID: AppID, BlockID: id, Label: plainText(f.Label), Element: e, Optional: !f.Required}
	if f.Help != "" {
		b.Hint = plainText(f.Help)
	}
	return b
}

// filledIn are the values of a form that was submitted. Fields that nothing stands in are left out.
func filledIn(state map[string]map[string]any) map[chat.FieldID]string {
	values := map[chat.FieldID]string{}
	for _, block := range state {
		for id, value := range block {
			if text, ok := value.(string); ok && text != "" {
				values[chat.FieldID(id)] = text
			}
		}
	}
	return values
}

// submission is the delivery of a form: the same whenever the same values are sent from the same modal, so that a second
// press on its button does nothing more. Sent again after a refusal, they are a delivery of their own: the reason may be gone.
func (d *door) submission(m formMemory, values map[chat.FieldID]string) chat.DeliveryID {
	sum := sha256.New()
	for _, id := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(sum, "%q=%q,", id, values[id])
	}
	id := chat.DeliveryID("form/" + m.User + "/" + m.Once + "/" + hex.EncodeToString(sum.Sum(nil)[:12]))
	for next, refused := d.refused.get(id); refused; next, refused = d.refused.get(id) {
		id = next
	}
	return id
}

// fieldErrors says at its fields what keeps a submitted form from being taken; nil where nothing does. A form that is asked
// for again lacks something that it needs.
func fieldErrors(q appRequest, r chat.Reply) map[string]string {
	if r.Refused {
		return map[string]string{q.View.field(r.Field): withRows(r.Message).String()}
	}
	if r.Form == nil {
		return nil
	}
	values, missing := filledIn(q.View.State), map[string]string{}
	for _, f := range r.Form.Fields {
		if _, shown := q.View.State[string(f.ID)]; shown && f.Required && values[f.ID] == "" {
			missing[string(f.ID)] = "This is needed."
		}
	}
	return missing
}
