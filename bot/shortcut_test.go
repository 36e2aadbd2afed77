package bot

import (
	"context"
	"strings"
	"testing"

	"boswell/chat"
)

// opening is a stage with forms.
type opening struct{ *stage }

func (opening) OpenForm(context.Context, chat.Trigger, chat.Form) error { return nil }

// Whisper lets answers for one person come back as answers.
func (opening) Whisper(context.Context, chat.Place, chat.UserID, chat.Message) error { return nil }

func TestShortcutOffersToChangeWhatItAdded(t *testing.T) {
	s := opening{newStage("one")}
	s.limits.FormFields = 5
	th := open(t, s)
	id := th.incident("one")
	th.hand(s.stage, said("m1", ada, 1, "The queue is full"))
	h := <-s.h
	ask := func(in chat.Inbound) chat.Reply {
		t.Helper()
		reply, err := h(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		return reply
	}
	added := ask(chat.Shortcut{Meta: meta("call", brian, 2), Action: chat.ActionTimeline, On: opsRef("m1")})
	th.wantTimeline(id, "The queue is full")
	if len(added.Buttons) != 1 {
		t.Fatalf("the answer is %+v, want a button to change what was added", added)
	}
	press := chat.Pressed{Meta: meta("press", brian, 3), Action: added.Buttons[0].Action, Value: added.Buttons[0].Value}
	press.Trigger = "trigger"
	form := ask(press).Form
	if form == nil || len(form.Fields) != 2 || form.Fields[0].ID != "text" || form.Fields[1].ID != "at" {
		t.Fatalf("the button opens %+v, want a form for text and time", form)
	}
	changed := ask(chat.Submitted{Meta: meta("submit", brian, 4), Action: form.Action, State: form.State,
		Values: map[chat.FieldID]string{"text": "The queue of card payments is full", "at": "11:58"}})
	if !strings.Contains(changed.Text.String(), "11:58") {
		t.Errorf("the answer is %q, want how the time was understood", changed.Text.String())
	}
	th.wantTimeline(id, "The queue of card payments is full")
}
