package local_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"boswell/chat"
	"boswell/integrations/local"
)

// TestWaysToAsk: a slash line, the bot's name and a direct message are commands; what bots say and what stands inside a
// sentence is none.
func TestWaysToAsk(t *testing.T) {
	p := newParty(t)
	ctx := t.Context()
	p.run()
	alerts, err := p.Arrive(ctx, local.Arrival{Handle: "alerts", Bot: true})
	p.must(err)
	direct, err := p.Direct(ctx, p.ann, local.Boswell)
	p.must(err)
	root := p.say("the cause")
	thread := chat.Place{Platform: "chat", Channel: p.room.Channel, Thread: chat.ThreadID(root.Message)}
	for _, s := range []local.Saying{
		{By: p.ann, To: p.room, Text: "/incident note  two  words "},
		{By: p.ann, To: p.room, Text: "@Boswell: show"},
		{By: p.ann, To: p.room, Text: "@boswell"},
		{By: p.ann, To: direct, Text: "list all"},
		{By: p.ann, To: direct, Text: "/incident find @ben."},
		{By: p.ann, To: thread, Text: "@boswell cause root from:message"},
		{By: p.ann, To: p.room, Text: "ask @boswell show"},
		{By: p.ann, To: p.room, Text: "@boswellian show"},
		{By: p.ann, To: p.room, Text: "/incidental damage"},
		{By: alerts.ID, To: p.room, Text: "@boswell close"},
	} {
		_, err := p.Say(ctx, s)
		p.must(err)
	}
	p.drained()
	var lines []string
	for _, in := range deliveries[chat.Invoked](p) {
		line := in.Line
		if in.Direct {
			line = "direct: " + line
		}
		if in.On != nil {
			line = "on " + string(in.On.Message) + ": " + line
		}
		for _, u := range in.Mentions {
			line += " [" + u.Handle + "]"
		}
		lines = append(lines, line)
	}
	want := []string{"note  two  words", "show", "", "direct: list all", "direct: find @ben. [ben]",
		"on " + string(root.Message) + ": cause root from:message"}
	slices.Sort(lines)
	slices.Sort(want)
	if !slices.Equal(lines, want) {
		t.Errorf("the commands are\n%q, want\n%q", lines, want)
	}
	if got := p.texts(p.ann); slices.Contains(got, "/incident note  two  words ") {
		t.Errorf("people read the slash line: %q", got)
	}
}

// TestAnswers: an answer in private is seen by the one who asked alone, and a long one is several messages.
func TestAnswers(t *testing.T) {
	p := newParty(t)
	ctx := t.Context()
	p.run()
	private := words("one")
	private.More = []chat.Message{{Text: chat.Say("two")}}
	p.replying(answering(private))
	a, err := p.Type(ctx, local.Typing{By: p.ann, To: p.room, Line: "show"})
	p.must(err)
	if len(a.Messages) != 2 || a.Public || !a.Messages[0].Whisper || a.Messages[1].Content.Text.String() != "two" {
		t.Errorf("Ann was answered %+v", a)
	}
	if got := p.texts(p.ben); len(got) > 0 {
		t.Errorf("Ben reads %q", got)
	}
	if got := p.texts(p.ann); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("Ann reads %q", got)
	}
	wantProblem(t, p.Pin(ctx, p.ann, a.Messages[0].Ref, true), "Only you see")

	p.replying(answering(chat.Reply{}))
	if a, err := p.Type(ctx, local.Typing{By: p.ann, To: p.room, Line: "show"}); err != nil || len(a.Messages) != 0 || a.Refused {
		t.Errorf("no answer is %+v, %v", a, err)
	}
	refusing := words("No.")
	refusing.Refused = true
	p.replying(answering(refusing))
	if a, err := p.Type(ctx, local.Typing{By: p.ann, To: p.room, Line: "show"}); err != nil || !a.Refused {
		t.Errorf("a refusal is %+v, %v", a, err)
	}
}

// TestAskOnce: a command that is sent again with its key is the same command, also after a restart, and gets its answer.
func TestAskOnce(t *testing.T) {
	p := newParty(t)
	ctx := t.Context()
	p.replying(answering(words("done")))
	for range 2 {
		p.run()
		for range 2 {
			a, err := p.Type(ctx, local.Typing{Key: "k", By: p.ann, To: p.room, Line: "close"})
			if err != nil || len(a.Messages) != 1 || a.Messages[0].Content.Text.String() != "done" {
				t.Errorf("Ann was answered %+v, %v", a, err)
			}
		}
		p.again()
	}
	if n := len(deliveries[chat.Invoked](p)); n != 1 {
		t.Errorf("the bot heard it %d times", n)
	}
}

// TestAskWhileAway: a command that nobody waits for any more is done all the same, once there is a bot.
func TestAskWhileAway(t *testing.T) {
	p := newParty(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Type(ctx, local.Typing{By: p.ann, To: p.room, Line: "never"}); !errors.Is(err, context.Canceled) {
		t.Errorf("asking in vain gives %v", err)
	}
	p.must(second(p.Say(t.Context(), local.Saying{By: p.ann, To: p.room, Text: "/incident show"})))
	p.again()
	p.replying(answering(words("here")))
	p.run()
	if in := awaited[chat.Invoked](p, 1); in[0].Line != "show" || len(in) != 1 {
		t.Errorf("the bot heard %+v", in)
	}
	p.drained()
	if got := p.texts(p.ann); !slices.Equal(got, []string{"here"}) {
		t.Errorf("Ann reads %q", got)
	}
}

// TestRestartInTheMiddle: what the bot has not taken comes again after a restart, in order and under its name; what it has
// answered does not.
func TestRestartInTheMiddle(t *testing.T) {
	p := newParty(t)
	first, second := p.say("first"), p.say("second")
	var refuse atomic.Bool
	refuse.Store(true)
	p.replying(func(in chat.Inbound) (chat.Reply, error) {
		if m, ok := in.(chat.Said); ok && m.Ref == second && refuse.Load() {
			return chat.Reply{}, errors.New("not now")
		}
		return chat.Reply{}, nil
	})
	p.run()
	before := awaited[chat.Said](p, 2)
	p.again()
	refuse.Store(false)
	p.run()
	p.drained()
	after := deliveries[chat.Said](p)
	last := after[len(after)-1]
	if last.Ref != second || last.Delivery != before[1].Delivery {
		t.Errorf("after the restart came %+v, want %+v", last, before[1])
	}
	for _, m := range after[2:] {
		if m.Ref == first {
			t.Errorf("the first message came again, which the bot had taken")
		}
	}
}

// TestButtonsAndForms: only what is shown can be pressed and sent, and a form is sent once.
func TestButtonsAndForms(t *testing.T) {
	p := newParty(t)
	ctx := t.Context()
	p.run()
	form := chat.Form{Action: "start", State: "s", Title: "New incident", Fields: []chat.FormField{
		{ID: "title", Label: "Title", Kind: chat.FormLine, Required: true, Max: 5},
		{ID: "severity", Label: "Severity", Kind: chat.FormChoice, Choices: []chat.Choice{{Value: "1"}, {Value: "2"}}}}}
	p.replying(answering(chat.Reply{Form: &form}))
	a, err := p.Type(ctx, local.Typing{By: p.ann, To: p.room, Line: "start"})
	p.must(err)
	if len(a.Messages) != 1 || a.Messages[0].Form == nil {
		t.Fatalf("Ann was shown %+v", a)
	}
	on := a.Messages[0].Ref
	send := func(by chat.UserID, values map[chat.FieldID]string) error {
		_, err := p.Submit(ctx, local.Filling{Key: "k", By: by, On: on, Values: values})
		return err
	}
	wantProblem(t, send(p.ben, map[chat.FieldID]string{"title": "x"}), "no longer there")
	wantProblem(t, send(p.ann, map[chat.FieldID]string{"title": "  "}), "Title is missing")
	wantProblem(t, send(p.ann, map[chat.FieldID]string{"title": "123456"}), "takes 5 characters")
	wantProblem(t, send(p.ann, map[chat.FieldID]string{"title": "x", "severity": "3"}), "none of the choices")
	wantProblem(t, send(p.ann, map[chat.FieldID]string{"title": "x", "else": "3"}), "no field")
	p.replying(answering(chat.Reply{Message: chat.Message{Text: chat.Say("go"), Buttons: []chat.Button{{Action: "join", Value: "7", Label: "Join"}}}, Public: true}))
	p.must(send(p.ann, map[chat.FieldID]string{"title": "x", "severity": ""}))
	p.must(send(p.ann, map[chat.FieldID]string{"title": "x", "severity": ""}))
	wantProblem(t, second(p.Submit(ctx, local.Filling{By: p.ann, On: on, Values: map[chat.FieldID]string{"title": "x"}})), "sent already")
	sent := deliveries[chat.Submitted](p)
	if len(sent) != 1 || sent[0].State != "s" || len(sent[0].Values) != 1 {
		t.Errorf("the bot was sent %+v", sent)
	}
	messages, err := p.Messages(p.ben, p.room, local.Span{})
	p.must(err)
	wantProblem(t, second(p.Press(ctx, local.Pressing{By: p.ben, On: messages[0].Ref, Action: "join", Value: "8"})), "no longer there")
	p.must(second(p.Press(ctx, local.Pressing{By: p.ben, On: messages[0].Ref, Action: "join", Value: "7"})))
}

// TestOpenForm: a form that is opened on a trigger is shown to the one who caused it.
func TestOpenForm(t *testing.T) {
	p := newParty(t)
	ctx := t.Context()
	form := chat.Form{Action: "start", Title: "New incident", Fields: []chat.FormField{{ID: "title", Label: "Title"}}}
	p.replying(func(in chat.Inbound) (chat.Reply, error) {
		if in, ok := in.(chat.Invoked); ok {
			return chat.Reply{}, p.Platform().OpenForm(ctx, in.Trigger, form)
		}
		return chat.Reply{}, nil
	})
	p.run()
	a, err := p.Type(ctx, local.Typing{By: p.ann, To: p.room, Line: "start"})
	if err != nil || len(a.Messages) != 1 || a.Messages[0].Form == nil || !a.Messages[0].Whisper {
		t.Errorf("Ann was shown %+v, %v", a, err)
	}
	if err := p.Platform().OpenForm(ctx, "none", form); !errors.Is(err, chat.ErrGone) {
		t.Errorf("a trigger that was none gives %v", err)
	}
}

// TestBotIsOut: the bot hears when it is taken out of a room, and nothing after that; who asks it there is told.
func TestBotIsOut(t *testing.T) {
	p := newParty(t)
	ctx := t.Context()
	p.run()
	p.must(p.Leave(ctx, p.ann, local.Boswell, p.room))
	p.say("alone at last")
	wantProblem(t, second(p.Type(ctx, local.Typing{By: p.ann, To: p.room, Line: "show"})), "not in this room")
	p.drained()
	if gone := deliveries[chat.Gone](p); len(gone) != 1 || gone[0].Place != p.room {
		t.Errorf("the bot heard of its leaving %+v", gone)
	}
	if said := deliveries[chat.Said](p); len(said) != 0 {
		t.Errorf("the bot heard %+v", said)
	}
	if _, err := p.Platform().Post(ctx, "k", p.room, chat.Message{Text: chat.Say("still here")}); chat.AsFailure(err).Temporary {
		t.Errorf("posting where the bot is no more gives %v", err)
	}
	p.must(p.Join(ctx, p.ann, local.Boswell, p.room))
	p.say("back")
	if said := awaited[chat.Said](p, 1); said[len(said)-1].Text != "back" {
		t.Errorf("the bot heard %+v", said)
	}
}

func TestOneBotAtATime(t *testing.T) {
	p := newParty(t)
	p.run()
	awaited[chat.Online](p, 1)
	if err := p.Platform().Run(t.Context(), p.hear); err == nil {
		t.Error("two bots run at once")
	}
}
