package slack_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/slack/slacksim"
)

// TestHome: the home page shows what the bot lists for whoever looks, and below it what waits for them, also where the list is long.
func TestHome(t *testing.T) {
	d := openDesk(t, quick())
	d.Answering(func(in chat.Inbound) (chat.Reply, error) {
		q, ok := in.(chat.Invoked)
		if !ok || !q.Direct || q.From.ID != d.ann {
			return chat.Reply{}, nil
		}
		reply := chat.Reply{Message: chat.Message{Text: chat.Say(q.Line + " for Ann"), Buttons: []chat.Button{{Action: "show", Value: "INC-7", Label: "Show"}}}}
		for range 60 {
			reply.More = append(reply.More, chat.Message{Text: chat.Say("more of " + q.Line)})
		}
		return reply, nil
	})
	page, err := d.w.Home(d.ctx, d.ann)
	d.must(err)
	rest := page
	for _, part := range []string{"Incidents", "list for Ann", "more of list", "Waiting for you", "mine for Ann", "more of mine", "/incident help"} {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Fatalf("Ann sees no %q in its place on\n%s", part, page)
		}
		rest = after
	}
}

// TestStartFromAnywhere: the global shortcut opens the form of start, in the conversation with the bot.
func TestStartFromAnywhere(t *testing.T) {
	d := openDesk(t, quick())
	d.Answering(func(in chat.Inbound) (chat.Reply, error) {
		if _, ok := in.(chat.Invoked); ok {
			return chat.Reply{Form: &chat.Form{Action: "form", State: "s", Title: "Start", Submit: "Start",
				Fields: []chat.FormField{{ID: "who", Label: "Commander", Kind: chat.FormPerson}, {ID: "title", Label: "Title", Kind: chat.FormLine, Required: true}}}}, nil
		}
		return chat.Reply{Message: chat.Message{Text: chat.Say("Started.")}}, nil
	})
	a, err := d.w.Start(d.ctx, d.ann)
	d.must(err)
	in := await[chat.Invoked](d, 1)
	if in.Line != "start" || !in.Direct || in.Place != d.w.IM(d.ann) || a.Form == nil {
		t.Fatalf("the bot was asked %+v, and Ann saw %+v", in, a)
	}
	b, err := d.w.Submit(d.ctx, d.ann, a, map[chat.FieldID]string{"title": "Shop down", "who": "ben"})
	d.must(err)
	form := await[chat.Submitted](d, 1)
	if form.Values["who"] != "@ben" || form.Place != in.Place || !form.Direct || b.Text() != "Started." {
		t.Errorf("the form is %+v, answered %+v", form, b)
	}
}

// TestFormThatFails: where a form cannot be opened, what to type is said instead.
func TestFormThatFails(t *testing.T) {
	d := openDesk(t, quick())
	form := chat.Form{Action: "form", Title: "Note", Submit: "Done", Typed: "/incident note <text>",
		Fields: []chat.FormField{{ID: "text", Label: "Text", Kind: chat.FormLong}}}
	d.Answering(func(in chat.Inbound) (chat.Reply, error) {
		if _, ok := in.(chat.Invoked); ok {
			return chat.Reply{Form: &form}, nil
		}
		return chat.Reply{}, nil
	})
	d.w.Fail("views.open", slacksim.Fault{Code: "expired_trigger_id"})
	a, err := d.w.Type(d.ctx, d.ann, d.ops, "note", nil)
	d.must(err)
	if a.Form != nil || !strings.Contains(a.Text(), "/incident note <text>") {
		t.Errorf("Ann was shown %+v, want what to type", a)
	}
	form.State = strings.Repeat("x", 4000)
	a, err = d.w.Type(d.ctx, d.ann, d.ops, "note", nil)
	d.must(err)
	if a.Form != nil || !strings.Contains(a.Text(), "/incident note <text>") {
		t.Errorf("with a state that no modal holds Ann was shown %+v, want what to type", a)
	}
}

// TestLongAnswers: an answer in several messages is shown whole and in order.
func TestLongAnswers(t *testing.T) {
	d := openDesk(t, quick())
	d.Answering(func(in chat.Inbound) (chat.Reply, error) {
		if _, ok := in.(chat.Invoked); ok {
			long := strings.Repeat("&<>\"ü ", 400)
			r := chat.Reply{Message: chat.Message{Text: chat.Say("1" + long)}}
			for _, n := range []string{"2", "3", "4", "5", "6", "7"} {
				r.More = append(r.More, chat.Message{Text: chat.Say(n + long)})
			}
			return r, nil
		}
		return chat.Reply{}, nil
	})
	_, err := d.w.Type(d.ctx, d.ann, d.ops, "timeline", nil)
	d.must(err)
	whispers, err := d.w.Whispers(d.ctx, d.ann, d.ops)
	d.must(err)
	order := ""
	for _, m := range whispers {
		order += m.Text()[:1]
	}
	if order != "1234567" {
		t.Errorf("Ann was shown the parts %q", order)
	}
}

// TestSameQuestionTwice: a command that is delivered twice is answered once.
func TestSameQuestionTwice(t *testing.T) {
	d := openDesk(t, quick())
	d.replying("done")
	d.w.Redeliver(true)
	_, err := d.w.Type(d.ctx, d.ann, d.ops, "note x", nil)
	d.must(err)
	_, err = d.w.Tell(d.ctx, d.ann, d.w.IM(d.ann), "note y")
	d.must(err)
	d.idle()
	asked := map[string]int{}
	for _, in := range received[chat.Invoked](d) {
		asked[in.Line+" "+string(in.Delivery)]++
	}
	if len(asked) != 2 {
		t.Errorf("the bot was asked %v, want each question twice by the same name", asked)
	}
	messages, err := d.w.Messages(d.ctx, d.w.IM(d.ann))
	d.must(err)
	if len(messages) != 2 {
		t.Errorf("in the conversation there are %d messages, want the question and one answer", len(messages))
	}
}

// TestHistoryOfThreads: replies to messages from before the window are read, and many people's reactions are all named.
func TestHistoryOfThreads(t *testing.T) {
	d := newDesk(t, quick())
	old := d.say("old")
	d.clock.Advance(48 * time.Hour)
	since := d.clock.Now()
	d.clock.Advance(time.Minute)
	reply, err := d.w.Reply(d.ctx, d.ben, old, "an answer to the old one")
	d.must(err)
	broadcast, err := d.w.Broadcast(d.ctx, d.ben, old, "for everybody")
	d.must(err)
	tagged := d.say("tagged")
	for range 30 {
		d.must(d.w.React(d.ctx, d.person(chattest.Person{Handle: "p", Name: "P"}), tagged, "📌", true))
	}
	var seen []chat.Seen
	_, err = d.p.History(d.ctx, d.ops, since, func(s chat.Seen) error { seen = append(seen, s); return nil })
	d.must(err)
	if len(seen) != 3 || seen[0].Said.Ref != reply || seen[1].Said.Ref != broadcast || len(seen[2].Reactions) != 30 {
		t.Errorf("read back: %+v", seen)
	}
}

// TestHistoryOfManyPages: a channel is read to its end, however many pages that takes.
func TestHistoryOfManyPages(t *testing.T) {
	d := newDesk(t, quick())
	for n := range 2100 {
		d.say(fmt.Sprint(n))
	}
	n := 0
	_, err := d.p.History(d.ctx, d.ops, morning, func(s chat.Seen) error {
		if s.Said.Text != fmt.Sprint(n) {
			t.Fatalf("message %d is %q", n, s.Said.Text)
		}
		n++
		return nil
	})
	d.must(err)
	if n != 2100 || d.count("conversations.history") != 3 {
		t.Errorf("%d messages were read in %d pages, want 2100 in 3", n, d.count("conversations.history"))
	}
}

// TestHistoryOfFreePlan: where the plan hides older messages, it is said since when they are shown.
func TestHistoryOfFreePlan(t *testing.T) {
	d := newDesk(t, slacksim.Options{FreePlan: true})
	d.say("long ago")
	d.clock.Advance(100 * 24 * time.Hour)
	d.say("today")
	n := 0
	kept, err := d.p.History(d.ctx, d.ops, morning, func(chat.Seen) error { n++; return nil })
	d.must(err)
	if n != 1 || kept.IsZero() || kept.After(d.clock.Now().Add(-89*24*time.Hour)) {
		t.Errorf("%d messages were read, kept since %v", n, kept)
	}
}
