package chattest

import (
	"strings"

	"boswell/chat"
)

// checkFormRefused: a form that is refused says so. Where it stays open it holds what was typed, and can be sent again, as a
// delivery of its own; elsewhere what was typed is given back with the answer.
func checkFormRefused(s *scene) {
	if _, opens := s.p.(chat.FormOpener); !opens {
		s.Skipf("%T has no forms", s.p)
	}
	submitter := ability[Submitter](s, s.w)
	form := opened(s.p)
	s.in.Replying(chat.Reply{Form: &form})
	a, err := s.w.Type(s.ctx, s.ann.ID, s.room, "note", nil)
	s.must(err)
	refusals := []chat.Reply{
		{Message: chat.Message{Text: chat.Say("The title is taken.")}, Refused: true, Field: "title"},
		{Message: chat.Message{Text: chat.Say("No incident is under way.")}, Refused: true},
		{Message: chat.Message{Text: chat.Say("There is no such place.")}, Refused: true, Field: "elsewhere"},
	}
	values := map[chat.FieldID]string{"title": "Shop & <down>", "summary": "two\nlines", "severity": "2"}
	for _, refusal := range refusals {
		s.in.Replying(refusal)
		a, err = submitter.Submit(s.ctx, s.ann.ID, a, values)
		s.must(err)
		if !strings.Contains(a.Text(), refusal.Text.String()) || a.Public || s.read(refusal.Text.String()) {
			s.Errorf("Ann was answered %+v, want the refusal, for her alone", a)
		}
		if a.Form == nil {
			s.givenBack(a, values)
			return // the platform cannot keep a form open
		}
		if a.Field != "" && a.Field != refusal.Field {
			s.Errorf("the refusal stands at the field %q, want %q", a.Field, refusal.Field)
		}
		for _, f := range a.Form.Fields {
			if f.Value != values[f.ID] {
				s.Errorf("after the refusal %q stands in the field %s, want %q", f.Value, f.ID, values[f.ID])
			}
		}
	}
	s.in.Replying(chat.Reply{Message: chat.Message{Text: chat.Say("Started.")}})
	b, err := submitter.Submit(s.ctx, s.ann.ID, a, map[chat.FieldID]string{"title": "Shop down", "summary": "two\nlines", "severity": "2"})
	s.must(err)
	all := awaitAll[chat.Submitted](s, "the forms", len(refusals)+1, nil)
	last, deliveries := all[len(all)-1], map[chat.DeliveryID]bool{}
	for _, in := range all {
		deliveries[in.Delivery] = true
	}
	if last.Values["title"] != "Shop down" || last.State != form.State || last.Place.Room() != s.room || len(deliveries) != len(all) {
		s.Errorf("the forms are %+v, want each a delivery of its own, the last with the new title", all)
	}
	if b.Form != nil || !strings.Contains(b.Text(), "Started.") {
		s.Errorf("Ann was answered %+v", b)
	}
}

// givenBack says that an answer holds all that was typed.
func (s *scene) givenBack(a Answer, values map[chat.FieldID]string) {
	s.Helper()
	for id, typed := range values {
		if !strings.Contains(a.Text(), typed) {
			s.Errorf("Ann was answered %q, and what she typed into %s is lost", a.Text(), id)
		}
	}
}
