package chattest

import (
	"slices"
	"strconv"
	"strings"

	"boswell/chat"
)

// checkCommand: a command arrives as it was typed, and its public answer is seen by all.
func checkCommand(s *scene) {
	s.in.Replying(chat.Reply{Message: chat.Message{Text: chat.Say("Noted as 1.")}, Public: true})
	line := `note at:~14:05 "two  words" & <b> *x*`
	a, err := s.w.Type(s.ctx, s.ann.ID, s.room, line, nil)
	s.must(err)
	in := await[chat.Invoked](s, "the command", nil)
	if in.Args == nil && in.Line != line {
		s.Errorf("Line is %q, want %q", in.Line, line)
	}
	if in.From.ID != s.ann.ID || in.Place.Room() != s.room || in.Direct || in.On != nil {
		s.Errorf("the command is %+v, want it of Ann in the room, on no message", in)
	}
	if !strings.Contains(a.Text(), "Noted as 1.") {
		s.Errorf("Ann was answered %q", a.Text())
	}
	if !slices.ContainsFunc(s.texts(), func(t string) bool { return strings.Contains(t, "Noted as 1.") }) {
		s.Errorf("people read %q, want the public answer among it", s.texts())
	}
}

// checkCommandOnMessage: a command that is called on a message says which.
func checkCommandOnMessage(s *scene) {
	ref := s.say("the cause is the cache")
	_, err := s.w.Type(s.ctx, s.ann.ID, s.room, "note from:message", &ref)
	s.must(err)
	in := await[chat.Invoked](s, "the command", nil)
	if in.On != nil && *in.On == ref {
		return
	}
	linker, ok := s.p.(chat.Linker)
	if !ok || !strings.Contains(in.Line, linker.Link(ref)) {
		s.Errorf("the command is %+v, want it on %v, or with its address in the line", in, ref)
	}
}

// checkPrivateAnswer: an answer that is not public is seen by the one who asked alone.
func checkPrivateAnswer(s *scene) {
	ability[chat.Whisperer](s, s.p)
	s.in.Replying(chat.Reply{Message: chat.Message{Text: chat.Say("only for you")}})
	a, err := s.w.Type(s.ctx, s.ann.ID, s.room, "note something", nil)
	s.must(err)
	if a.Public || a.Text() != "only for you" {
		s.Errorf("Ann was answered %+v, want it in private", a)
	}
	if s.read("only for you") {
		s.Errorf("people read %q, which is for Ann alone", s.texts())
	}
}

// checkWhisper: one person sees a whisper and nobody else does.
func checkWhisper(s *scene) {
	whisperer := ability[chat.Whisperer](s, s.p)
	s.must(whisperer.Whisper(s.ctx, s.room, s.ann.ID, chat.Message{Text: chat.Say("psst")}))
	if s.read("psst") {
		s.Errorf("people read %q, which is for Ann alone", s.texts())
	}
	confidant := ability[Confidant](s, s.w)
	for _, who := range []chat.User{s.ann, s.ben} {
		whispers, err := confidant.Whispers(s.ctx, who.ID, s.room)
		s.must(err)
		heard := slices.ContainsFunc(whispers, func(m Message) bool { return m.Text() == "psst" })
		if heard != (who.ID == s.ann.ID) {
			s.Errorf("%s hears the whisper: %v", who.Handle, heard)
		}
	}
}

// checkDirect: the bot can speak to a person alone, always at the same place.
func checkDirect(s *scene) {
	director := ability[chat.Director](s, s.p)
	place, err := director.Direct(s.ctx, s.ann.ID)
	s.must(err)
	again, err := director.Direct(s.ctx, s.ann.ID)
	s.must(err)
	other, err := director.Direct(s.ctx, s.ben.ID)
	s.must(err)
	if again != place || other == place || place.Platform != s.p.ID() {
		s.Errorf("Ann is at %+v and %+v, Ben at %+v", place, again, other)
	}
	ref, err := s.p.Post(s.ctx, "direct", place, chat.Message{Text: chat.Say("hello Ann")})
	s.must(err)
	if m := s.shown(place, ref); m.Text() != "hello Ann" {
		s.Errorf("Ann reads %q", m.Text())
	}
	if _, err := s.w.Say(s.ctx, s.ann.ID, place, "list"); err != nil {
		s.Fatalf("Ann cannot answer: %v", err)
	}
	if in := await[chat.Invoked](s, "the direct message", nil); !in.Direct || in.Line != "list" || in.From.ID != s.ann.ID {
		s.Errorf("the direct message is %+v, want the command of Ann", in)
	}
}

// join is a button.
var join = chat.Button{Action: "join", Value: "INC-7/e12", Label: "Join", Typed: "/incident join", Primary: true}

// checkButton: a press arrives with what the button carries, and is answered.
func checkButton(s *scene) {
	if s.p.Limits().Buttons == 0 {
		s.Skipf("%T has no buttons", s.p)
	}
	presser := ability[Presser](s, s.w)
	ref := s.post("card", chat.Message{Text: chat.Say("INC-7"), Buttons: []chat.Button{join, {Action: "leave", Label: "Leave"}}})
	m := s.shown(s.room, ref)
	if len(m.Buttons) != 2 || m.Buttons[0].Label != "Join" || m.Buttons[1].Label != "Leave" {
		s.Fatalf("people see the buttons %+v", m.Buttons)
	}
	s.in.Replying(chat.Reply{Message: chat.Message{Text: chat.Say("You joined.")}, Public: true})
	a, err := presser.Press(s.ctx, s.ben.ID, m, m.Buttons[0])
	s.must(err)
	in := await[chat.Pressed](s, "the press", nil)
	if in.Action != join.Action || in.Value != join.Value || in.On != ref || in.From.ID != s.ben.ID || in.Place.Room() != s.room {
		s.Errorf("the press is %+v, want %+v of Ben on %v", in, join, ref)
	}
	if !strings.Contains(a.Text(), "You joined.") {
		s.Errorf("Ben was answered %q", a.Text())
	}
}

// checkMenu: an option that is picked arrives as the button that it is, a second time too.
func checkMenu(s *scene) {
	if s.p.Limits().Menus == 0 {
		s.Skipf("%T has no menus", s.p)
	}
	presser := ability[Presser](s, s.w)
	severity := chat.Menu{Label: "Set the <severity>", Options: []chat.Button{
		{Action: "severity", Value: "INC-7 sev1", Label: "sev1 & worst"}, {Action: "severity", Value: "INC-7 sev2", Label: "sev2"}}}
	status := chat.Menu{Label: "Set the status", Options: []chat.Button{{Action: "resolve", Value: "INC-7", Label: "Resolved"}}}
	ref := s.post("card", chat.Message{Text: chat.Say("INC-7"), Buttons: []chat.Button{join}, Menus: []chat.Menu{severity, status}})
	m := s.shown(s.room, ref)
	if len(m.Buttons) != 1 || len(m.Menus) != 2 || m.Menus[0].Label != severity.Label || len(m.Menus[0].Options) != 2 ||
		m.Menus[0].Options[0].Label != "sev1 & worst" || len(m.Menus[1].Options) != 1 {
		s.Fatalf("people see the buttons %+v and the menus %+v", m.Buttons, m.Menus)
	}
	s.in.Replying(chat.Reply{Message: chat.Message{Text: chat.Say("Set.")}, Public: true})
	picks := []struct{ shown, meant chat.Button }{{m.Menus[0].Options[1], severity.Options[1]},
		{m.Menus[1].Options[0], status.Options[0]}, {m.Menus[0].Options[1], severity.Options[1]}}
	deliveries := map[chat.DeliveryID]bool{}
	for i, pick := range picks {
		a, err := presser.Press(s.ctx, s.ben.ID, m, pick.shown)
		s.must(err)
		in := awaitAll[chat.Pressed](s, "the pick", i+1, nil)[i]
		if in.Action != pick.meant.Action || in.Value != pick.meant.Value || in.On != ref || in.From.ID != s.ben.ID || deliveries[in.Delivery] {
			s.Errorf("the pick is %+v, want %+v of Ben on %v, as a delivery of its own", in, pick.meant, ref)
		}
		deliveries[in.Delivery] = true
		if !strings.Contains(a.Text(), "Set.") {
			s.Errorf("Ben was answered %q", a.Text())
		}
	}
}

// checkMenuLimits: as many buttons and menus as a platform says fit together, each with as many options as there may be.
func checkMenuLimits(s *scene) {
	l := s.p.Limits()
	if l.Menus == 0 {
		s.Skipf("%T has no menus", s.p)
	}
	full := chat.Message{Text: chat.Say("card")}
	for i := range l.Buttons {
		full.Buttons = append(full.Buttons, chat.Button{Action: "do", Value: strconv.Itoa(i), Label: "Do"})
	}
	for i := range l.Menus {
		menu := chat.Menu{Label: "Choose " + strconv.Itoa(i)}
		for j := range chat.MenuOptions {
			menu.Options = append(menu.Options, chat.Button{Action: "choose", Value: strconv.Itoa(100*i + j), Label: "Option " + strconv.Itoa(j)})
		}
		full.Menus = append(full.Menus, menu)
	}
	if m := s.shown(s.room, s.post("full", full)); len(m.Buttons) != l.Buttons || len(m.Menus) != l.Menus {
		s.Errorf("people see %d buttons and %d menus, want %d and %d", len(m.Buttons), len(m.Menus), l.Buttons, l.Menus)
	}
	full.Menus = append(full.Menus, full.Menus[0])
	_, err := s.p.Post(s.ctx, "over", s.room, full)
	s.wantFinal(err)
}

// opening is a form with a field of every kind but the person.
var opening = chat.Form{Action: "command", State: "start|INC-7|" + strings.Repeat("x", 100), Title: "New incident", Submit: "Start",
	Fields: []chat.FormField{
		{ID: "title", Label: "Title", Kind: chat.FormLine, Required: true, Max: 100},
		{ID: "summary", Label: "Summary", Kind: chat.FormLong, Value: "nothing yet"},
		{ID: "severity", Label: "Severity", Kind: chat.FormChoice, Choices: []chat.Choice{{Value: "1", Label: "SEV1"}, {Value: "2", Label: "SEV2"}}},
	}}

// opened is that form, with as long a state as the platform takes.
func opened(p chat.Platform) chat.Form {
	form := opening
	if most := p.Limits().State; most > 0 {
		form.State = strings.Repeat("x", most-len(form.Action))
	}
	return form
}

// checkForm: a form in answer to a command is shown, and what is filled in arrives.
func checkForm(s *scene) {
	if _, opens := s.p.(chat.FormOpener); !opens {
		s.Skipf("%T has no forms", s.p)
	}
	submitter := ability[Submitter](s, s.w)
	form := opened(s.p)
	s.in.Replying(chat.Reply{Form: &form})
	a, err := s.w.Type(s.ctx, s.ann.ID, s.room, "note", nil)
	s.must(err)
	if a.Form == nil || a.Form.Title != opening.Title || len(a.Form.Fields) != 3 {
		s.Fatalf("Ann was shown %+v, want the form", a)
	}
	s.in.Replying(chat.Reply{Message: chat.Message{Text: chat.Say("Started.")}, Public: true})
	values := map[chat.FieldID]string{"title": "Shop <down> & *out*", "summary": "two\nlines", "severity": "2"}
	b, err := submitter.Submit(s.ctx, s.ann.ID, a, values)
	s.must(err)
	in := await[chat.Submitted](s, "the form", nil)
	if in.Action != form.Action || in.State != form.State || in.From.ID != s.ann.ID || in.Place.Room() != s.room {
		s.Errorf("the form is %+v, want its action and state back, of Ann in the room", in)
	}
	for id, want := range values {
		if in.Values[id] != want {
			s.Errorf("the field %s is %q, want %q", id, in.Values[id], want)
		}
	}
	if !strings.Contains(b.Text(), "Started.") {
		s.Errorf("Ann was answered %q", b.Text())
	}
}

// checkShortcut: an action from the menu of a message says which message.
func checkShortcut(s *scene) {
	caller := ability[Caller](s, s.w)
	ref := s.say("the database is back")
	s.in.Replying(chat.Reply{Message: chat.Message{Text: chat.Say("Added.")}})
	a, err := caller.Call(s.ctx, s.ben.ID, chat.ActionTimeline, ref)
	s.must(err)
	in := await[chat.Shortcut](s, "the action", nil)
	if in.Action != chat.ActionTimeline || in.On != ref || in.From.ID != s.ben.ID {
		s.Errorf("the action is %+v, want it of Ben on %v", in, ref)
	}
	if in.Message != nil && (in.Message.Text != "the database is back" || in.Message.From.ID != s.ann.ID) {
		s.Errorf("the message that came along is %+v", in.Message)
	}
	if a.Text() != "Added." {
		s.Errorf("Ben was answered %q", a.Text())
	}
}

// checkCompletion: what could follow is asked of the bot, and shown.
func checkCompletion(s *scene) {
	completer := ability[Completer](s, s.w)
	s.in.Answering(func(in chat.Inbound) (chat.Reply, error) {
		if q, ok := in.(chat.Suggest); ok && q.Field == "role" && q.Typed == "sc" {
			return chat.Reply{Choices: []chat.Choice{{Value: "scribe", Label: "Scribe"}}}, nil
		}
		return chat.Reply{}, nil
	})
	choices, err := completer.Complete(s.ctx, s.ann.ID, s.room, "role sc")
	s.must(err)
	if len(choices) != 1 || choices[0].Value != "scribe" {
		s.Errorf("what could follow is %+v, want scribe", choices)
	}
	if q := await[chat.Suggest](s, "the question", nil); q.From.ID != s.ann.ID || q.Place.Room() != s.room {
		s.Errorf("the question is %+v, want it of Ann in the room", q)
	}
}
