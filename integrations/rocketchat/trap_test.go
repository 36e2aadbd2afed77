package rocketchat_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/rocketchat/rocketsim"
)

// TestTrapRateLimit: without the permission api-bypass-rate-limit the server takes ten calls of a route a minute. After the
// eleventh it is left alone until the moment that it names in milliseconds.
func TestTrapRateLimit(t *testing.T) {
	d := newDesk(t, rocketsim.Options{})
	d.w.Revoke("api-bypass-rate-limit")
	ref, err := d.post("k", "here")
	d.must(err)
	var f *chat.Failure
	for n := 0; f == nil; n++ {
		if _, err := d.p.Fetch(d.ctx, ref); err != nil {
			f = d.failure(err)
		} else if n > 20 {
			t.Fatal("the server takes everything")
		}
	}
	asked := d.count("chat.getMessage")
	if !f.Temporary || f.InDoubt || f.After <= 0 || f.After > time.Minute {
		t.Errorf("the failure is %+v, want a delay within the minute", f)
	}
	if _, err := d.p.Fetch(d.ctx, ref); d.failure(err).After <= 0 || d.count("chat.getMessage") != asked {
		t.Errorf("it was asked again before its time: %v", err)
	}
	d.clock.Advance(f.After + time.Second)
	_, err = d.p.Fetch(d.ctx, ref)
	d.must(err)
}

// TestTrapReactToggles: chat.react without shouldReact toggles, and with shouldReact:false it adds a reaction to a message
// that has none.
func TestTrapReactToggles(t *testing.T) {
	d := newDesk(t, rocketsim.Options{})
	ref, err := d.post("k", "noted")
	d.must(err)
	for _, set := range []bool{false, true, true, false, false} {
		d.must(d.p.React(d.ctx, ref, "✅", set))
		if got := len(d.shown(ref).Reactions["✅"]); (got == 1) != set {
			t.Errorf("after set %v there are %d ✅", set, got)
		}
	}
	for _, c := range d.w.Calls() {
		if c.Route == "chat.react" && !strings.Contains(string(c.Body), `"shouldReact"`) {
			t.Errorf("a reaction was asked for without shouldReact: %s", c.Body)
		}
	}
}

// TestTrapReactionLost: the server writes the reactions of a message as it read them, so one may take another with it. The
// bot notices and says so to whoever tries again.
func TestTrapReactionLost(t *testing.T) {
	d := newDesk(t, rocketsim.Options{})
	ref, err := d.post("k", "noted")
	d.must(err)
	d.w.Overwrite(1)
	if f := d.failure(d.p.React(d.ctx, ref, "✅", true)); !f.Temporary || f.InDoubt {
		t.Errorf("the lost reaction is %+v", f)
	}
	d.must(d.p.React(d.ctx, ref, "✅", true))
	if len(d.shown(ref).Reactions["✅"]) != 1 {
		t.Error("there is no ✅")
	}
}

// TestTrapFoldedChanges: of two quick changes one event shows only what came of them.
func TestTrapFoldedChanges(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	ref := d.say("the cuase")
	delivered[chat.Said](d, 1)
	d.w.Fold(true)
	d.clock.Advance(time.Minute)
	d.must(d.w.Edit(d.ctx, d.ann, ref, "the cause"))
	d.must(d.w.React(d.ctx, d.ben, ref, "📌", true))
	d.must(d.w.React(d.ctx, d.ben, ref, "👀", true))
	d.must(d.w.React(d.ctx, d.ben, ref, "👀", false))
	d.must(d.w.Pin(d.ctx, d.ann, ref, true))
	d.must(d.w.Release(d.ctx, nil))
	d.idle()
	marks := received[chat.Reacted](d)
	if s := delivered[chat.Said](d, 2); s.Text != "the cause" || s.Edited.IsZero() {
		t.Errorf("the edit is %+v", s)
	}
	if len(marks) != 1 || marks[0].Emoji != "📌" || marks[0].From.ID != d.ben || marks[0].Removed {
		t.Errorf("the reactions are %+v, want the one that is left", marks)
	}
	if pin := delivered[chat.Pinned](d, 1); pin.On != ref || pin.From.ID != d.ann {
		t.Errorf("the pin is %+v", pin)
	}
}

// TestTrapWholeMessageOnAnyChange: a preview of a link and a reply are no edits, and the same event twice is nothing new.
func TestTrapWholeMessageOnAnyChange(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	d.w.Twice(true)
	ref := d.say("see https://example.com/graph")
	d.must(d.w.Preview(ref))
	_, err := d.w.Reply(d.ctx, d.ben, ref, "indeed")
	d.must(err)
	d.must(d.w.React(d.ctx, d.ben, ref, "📌", true))
	d.idle()
	if all := received[chat.Said](d); len(all) != 2 || !all[0].Edited.IsZero() || all[1].Text != "indeed" {
		t.Errorf("the bot heard %+v, want message and reply once each", all)
	}
	if all := received[chat.Reacted](d); len(all) != 1 {
		t.Errorf("the bot heard %+v, want the reaction once", all)
	}
}

// TestTrapEditingEnds: where the server lets messages be edited for some minutes only, the bot says so, and in which words.
func TestTrapEditingEnds(t *testing.T) {
	d := newDesk(t, rocketsim.Options{Settings: map[string]any{"Message_AllowEditing_BlockEditInMinutes": 5}})
	d.w.Revoke("bypass-time-limit-edit-and-delete")
	d.run()
	delivered[chat.Online](d, 1)
	if got := d.p.Limits().EditFor; got != 5*time.Minute {
		t.Errorf("messages are edited for %v, want five minutes", got)
	}
	ref, err := d.post("k", "card")
	d.must(err)
	d.clock.Advance(10 * time.Minute)
	err = d.p.Edit(d.ctx, ref, chat.Message{Text: chat.Say("card, later")})
	if f := d.failure(err); f.Temporary || !strings.Contains(f.Tell, "bypass-time-limit-edit-and-delete") {
		t.Errorf("the failure is %+v", f)
	}
}

// TestTrapRenamed: reactions name people by usernames, which change. The person stays the same one.
func TestTrapRenamed(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	ref := d.say("restarted it")
	d.must(d.w.React(d.ctx, d.ben, ref, "📌", true))
	delivered[chat.Reacted](d, 1)
	d.w.Rename(d.ben, "benjamin")
	_, err := d.w.Say(d.ctx, d.ben, d.ops, "it is me")
	d.must(err)
	if s := delivered[chat.Said](d, 2); s.From.ID != d.ben || s.From.Handle != "benjamin" {
		t.Errorf("the message is of %+v", s.From)
	}
	d.must(d.w.React(d.ctx, d.ann, ref, "👀", true))
	if r := delivered[chat.Reacted](d, 2); r.From.ID != d.ann || r.Removed {
		t.Errorf("the second reaction is %+v; Ben's under the old name is his still", r)
	}
	seen, err := d.p.Fetch(d.ctx, ref)
	d.must(err)
	for _, r := range seen.Reactions {
		if r.Emoji == "📌" && r.From.ID != d.ben {
			t.Errorf("the reaction of old is credited to %+v", r.From)
		}
	}
}

// TestTrapDroppedMessage: an app of the server may drop a message. The server then says no and has nothing; trying again
// would end the same way.
func TestTrapDroppedMessage(t *testing.T) {
	d := newDesk(t, rocketsim.Options{})
	d.w.DropMessages(1)
	_, err := d.post("k", "hello")
	if f := d.failure(err); f.Temporary || f.InDoubt || f.Tell == "" {
		t.Errorf("the failure is %+v, want it final", f)
	}
	if texts := d.texts(); len(texts) > 0 {
		t.Errorf("people read %q", texts)
	}
}

// TestTrapSameIdentifier: the identifier of a message that is there already gives an error and not the message, for which the
// bot then looks. One that another Boswell left there long ago is not taken for it.
func TestTrapSameIdentifier(t *testing.T) {
	d := newDesk(t, rocketsim.Options{})
	first, err := d.post("k", "hello")
	d.must(err)
	again, err := d.post("k", "hello")
	d.must(err)
	if again != first || len(d.texts()) != 1 {
		t.Errorf("the same key gives %v beside %v", again, first)
	}
	d.clock.Advance(30 * 24 * time.Hour)
	later, err := d.post("k", "hello")
	d.must(err)
	if later == first || len(d.texts()) != 2 {
		t.Errorf("the message of a month ago is taken for a new one: %v", later)
	}
	ref, ok, err := d.p.Find(d.ctx, "k", d.ops, d.clock.Now())
	if err != nil || !ok || ref != later {
		t.Errorf("Find says %v, %v, %v; want %v", ref, ok, err, later)
	}
}

// TestTrapEventOvertakesAnswer: the event of one's own message comes before the answer of the call that sent it.
func TestTrapEventOvertakesAnswer(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	d.w.Overtake(true)
	ref, err := d.post("k", "hello")
	d.must(err)
	if s := delivered[chat.Said](d, 1); s.Ref != ref || !s.From.Self {
		t.Errorf("the bot heard %+v, want its own message", s)
	}
}

// TestTrapUnknownFields: the server refuses a body with a field that it does not know; the bot sends none.
func TestTrapUnknownFields(t *testing.T) {
	d := newDesk(t, rocketsim.Options{})
	_, err := d.post("k", "hello")
	d.must(err)
	for _, c := range d.w.Calls() {
		if c.Status >= 400 && strings.Contains(string(c.Answer), "invalid-params") {
			t.Errorf("%s was refused: %s\n%s", c.Route, c.Answer, c.Body)
		}
		if c.Route != "chat.sendMessage" {
			continue
		}
		var body struct {
			Message map[string]json.RawMessage `json:"message"`
		}
		d.must(json.Unmarshal(c.Body, &body))
		if _, says := body.Message["ts"]; says {
			t.Errorf("the message says when it was sent: %s", c.Body)
		}
	}
}

// TestTrapDeletions: single messages and many at once, and what the server shows as a message in place of the deleted one.
func TestTrapDeletions(t *testing.T) {
	for _, shown := range []bool{false, true} {
		d := openDesk(t, rocketsim.Options{Settings: map[string]any{"Message_ShowDeletedStatus": shown}})
		one := d.say("wrong room")
		d.must(d.w.Delete(d.ctx, d.ann, one))
		if u := delivered[chat.Unsaid](d, 1); u.Ref != one {
			t.Errorf("the bot heard of the deletion of %v, want %v", u.Ref, one)
		}
		kept := d.say("kept")
		from, to := d.say("a"), d.say("b")
		after := d.say("after")
		d.must(d.w.Prune(d.ops, from, to, false))
		delivered[chat.Unsaid](d, 3)
		d.idle()
		for _, u := range received[chat.Unsaid](d) {
			if u.Ref == kept || u.Ref == after {
				t.Errorf("the bot heard of the deletion of %v, which is there", u.Ref)
			}
		}
		if n := len(received[chat.Unsaid](d)); n != 3 {
			t.Errorf("shown %v: the bot heard of %d deletions, want 3", shown, n)
		}
		if _, err := d.p.Fetch(d.ctx, one); !errors.Is(err, chat.ErrGone) {
			t.Errorf("what was deleted is read as %v", err)
		}
	}
}

// TestTrapSystemMessages: what the server itself says in a room is not said by anybody.
func TestTrapSystemMessages(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	cleo := d.person(chattest.Person{Handle: "cleo", Name: "Cleo"})
	d.must(d.w.Join(d.ctx, cleo, d.ops))
	d.must(d.p.SetTopic(d.ctx, d.ops, "INC-7"))
	ref := d.say("pinned")
	d.must(d.w.Pin(d.ctx, d.ann, ref, true))
	d.must(d.w.Leave(d.ctx, cleo, d.ops))
	delivered[chat.Joined](d, 3)
	d.idle()
	if all := received[chat.Said](d); len(all) != 1 || all[0].Ref != ref {
		t.Errorf("the bot heard %+v, want the one message", all)
	}
	if all := received[chat.Joined](d); len(all) != 3 || !all[0].From.Self || all[1].From.ID != cleo || all[1].Left || !all[2].Left {
		t.Errorf("it heard of %+v, want that it is there itself, and that Cleo came and went", all)
	}
	seen := 0
	_, err := d.p.History(d.ctx, d.ops, morning, func(chat.Seen) error { seen++; return nil })
	if d.must(err); seen != 1 {
		t.Errorf("%d messages are read back, want one", seen)
	}
}

// TestTrapBridgedPeople: whom a bridge carries is credited by name, and gives no commands: anybody could write under any name
// there.
func TestTrapBridgedPeople(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	for _, text := range []string{"the shop is down", "!incident start x"} {
		_, err := d.w.SayAs(d.ctx, "Telegram Tom", d.ops, text)
		d.must(err)
	}
	s := delivered[chat.Said](d, 2)
	d.idle()
	if s.From.Alias != "Telegram Tom" || s.From.Bot || s.From.ID != d.w.Carrier() {
		t.Errorf("the message is of %+v", s.From)
	}
	if all := received[chat.Invoked](d); len(all) > 0 {
		t.Errorf("the bot was asked %+v", all)
	}
}

// TestTrapMentionsByName: people are read by their names, and a name within another word is none.
func TestTrapMentionsByName(t *testing.T) {
	d := openDesk(t, rocketsim.Options{})
	d.say("@ben, @benno and @all: see #ops. mail@ben")
	if s := delivered[chat.Said](d, 1); s.Text != "@Ben Baker, @benno and @all: see #ops. mail@ben" {
		t.Errorf("the text is %q", s.Text)
	}
}

// texts are what people read in #ops.
func (d *desk) texts() []string {
	d.Helper()
	return d.textsIn(d.ops)
}

func (d *desk) textsIn(room chat.Place) (texts []string) {
	d.Helper()
	messages, err := d.w.Messages(d.ctx, room)
	d.must(err)
	for _, m := range messages {
		texts = append(texts, m.Text())
	}
	return texts
}

// shown is a message in #ops as people see it.
func (d *desk) shown(ref chat.Ref) chattest.Message {
	d.Helper()
	messages, err := d.w.Messages(d.ctx, d.ops)
	d.must(err)
	for _, m := range messages {
		if m.Ref == ref {
			return m
		}
	}
	d.Fatalf("people do not see %v", ref)
	return chattest.Message{}
}
