package chattest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"boswell/chat"
)

// checkLimits holds what a platform says of itself against what it can do.
func checkLimits(s *scene) {
	l := s.p.Limits()
	if s.p.ID() == "" || l.Text <= 0 || l.Slash == "" || l.EditFor < 0 {
		s.Errorf("ID %q, Text %d, Slash %q, EditFor %v: want an ID, room for text, a slash word and no negative time",
			s.p.ID(), l.Text, l.Slash, l.EditFor)
	}
	if _, opens := s.p.(chat.FormOpener); opens != (l.FormFields > 0) {
		s.Errorf("FormOpener is %v and FormFields is %d", opens, l.FormFields)
	}
	if _, uploads := s.p.(chat.Uploader); uploads != (l.File > 0) {
		s.Errorf("Uploader is %v and File is %d", uploads, l.File)
	}
	if s.room.Platform != s.p.ID() {
		s.Errorf("a room of %s says that it is of %s", s.p.ID(), s.room.Platform)
	}
}

// checkMessage: what a person says is delivered as it was said, with its true time, and in order.
func checkMessage(s *scene) {
	text := "the queue is *full* <again> & it_grows_ `fast`\nsecond line"
	ref := s.say(text)
	at := s.w.Clock().Now()
	next, err := s.w.Say(s.ctx, s.ben.ID, s.room, "at the same instant")
	s.must(err)
	first := await(s, "the message", func(m chat.Said) bool { return m.Ref == ref })
	second := await(s, "the second message", func(m chat.Said) bool { return m.Ref == next })
	switch {
	case first.Text != text:
		s.Errorf("Text is %q, want %q", first.Text, text)
	case !first.At.Equal(at), !first.Edited.IsZero():
		s.Errorf("said at %v, edited at %v; want %v and never", first.At, first.Edited, at)
	case first.From.ID != s.ann.ID, first.From.Handle != s.ann.Handle, first.From.Self, first.From.Bot:
		s.Errorf("From is %+v, want %+v", first.From, s.ann)
	case first.Place != s.room, first.Direct, first.Delivery == "":
		s.Errorf("Place is %+v, Direct %v, Delivery %q; want %+v", first.Place, first.Direct, first.Delivery, s.room)
	case first.Order >= second.Order:
		s.Errorf("Order is %q and then %q, want it to grow", first.Order, second.Order)
	case first.Delivery == second.Delivery:
		s.Errorf("two messages are both the delivery %q", first.Delivery)
	}
}

// checkPost: what the bot posts can be read, by people and by the bot.
func checkPost(s *scene) {
	m := chat.Message{Text: chat.Say("INC-7: ").Bold("the shop").Plain(" is ").Code("down"),
		Rows: []chat.Row{{Label: "Commander", Text: chat.Say("nobody yet")}}}
	ref := s.post("card", m)
	shown := s.shown(s.room, ref)
	for _, want := range []string{"INC-7: the shop is down", "Commander", "nobody yet"} {
		if !strings.Contains(shown.Text(), want) {
			s.Errorf("people read %q, want %q in it", shown.Text(), want)
		}
	}
	if !shown.From.Bot {
		s.Errorf("people see %+v as its author, want a bot", shown.From)
	}
	if f, ok := s.p.(chat.Fetcher); ok {
		seen, err := f.Fetch(s.ctx, ref)
		s.must(err)
		if seen.Said.Ref != ref || !seen.Said.From.Self || !strings.Contains(seen.Said.Text, "the shop") {
			s.Errorf("read back: %+v, want the bot's own message", seen.Said)
		}
	}
}

// hostile is what people write to see whether a bot can be made to ping and to format.
const hostile = "*bold* _it_ ~no~ **b** __u__ ||s|| `c` > quote # head @everyone @here @channel @all <!channel> <!here> " +
	"<@U1> <@1> <#C1> <&1> [text](http://example.test/x) <http://example.test/y|z> &lt;b&gt; &amp; <b>b</b> \\* :fire: <:x:1> 1. - ```"

// checkEscaping: no user text formats, links or pings, in any span.
func checkEscaping(s *scene) {
	ref := s.post("hostile", chat.Message{Text: chat.Say(hostile).Plain(" | ").Bold("bold@everyone*x").Plain(" | ").Code("a`b@here")})
	shown := s.shown(s.room, ref)
	if text := shown.Text(); !strings.Contains(text, hostile) {
		s.Errorf("people read\n%q, want\n%q in it", text, hostile)
	}
	if len(shown.Pinged) > 0 {
		s.Errorf("it notified %v", shown.Pinged)
	}
	var plain strings.Builder
	for _, span := range shown.Shown {
		if span.Kind == chat.SpanLink || span.Kind == chat.SpanMention {
			s.Errorf("people see a %s: %+v", span.Kind, span)
		}
		if span.Kind == chat.SpanPlain {
			plain.WriteString(span.Text)
		}
	}
	if !strings.Contains(plain.String(), hostile) {
		s.Errorf("what is plain in it is\n%q, want\n%q", plain.String(), hostile)
	}
}

// checkTooLong: a message that does not fit is refused for good, in words for people.
func checkTooLong(s *scene) {
	_, err := s.p.Post(s.ctx, "long", s.room, chat.Message{Text: chat.Say(strings.Repeat("ä", s.p.Limits().Text+1))})
	s.wantFinal(err)
	s.post("fits", chat.Message{Text: chat.Say(strings.Repeat("a", s.p.Limits().Text))})
}

// wantFinal says that err is a failure that trying again does not mend, and says what to do.
func (s *scene) wantFinal(err error) {
	s.Helper()
	var f *chat.Failure
	if !errors.As(err, &f) || f.Temporary || f.InDoubt || f.Tell == "" {
		s.Errorf("the error is %#v, want a final *chat.Failure with words for people", err)
	}
}

// checkKey: where a key is known, the same key posts once, and can be looked up.
func checkKey(s *scene) {
	finder, finds := s.p.(chat.Finder)
	if s.p.Limits().Idempotent == 0 && !finds {
		s.Skipf("%T knows no keys", s.p)
	}
	first := s.post("one", chat.Message{Text: chat.Say("posted once")})
	if s.p.Limits().Idempotent != 0 {
		again, err := s.p.Post(s.ctx, "one", s.room, chat.Message{Text: chat.Say("posted once")})
		s.must(err)
		messages, err := s.w.Messages(s.ctx, s.room)
		s.must(err)
		if again != first || len(messages) != 1 {
			s.Errorf("the same key again is %v beside %v, and people see %d messages; want the same one", again, first, len(messages))
		}
	}
	if !finds {
		return
	}
	if ref, ok, err := finder.Find(s.ctx, "one", s.room, dawn); err != nil || !ok || ref != first {
		s.Errorf("Find says %v, %v, %v; want %v", ref, ok, err, first)
	}
	if ref, ok, err := finder.Find(s.ctx, "other", s.room, dawn); err != nil || ok {
		s.Errorf("Find of a key that was never posted says %v, %v, %v", ref, ok, err)
	}
}

// checkEdit: the bot can change what it said.
func checkEdit(s *scene) {
	editor := ability[chat.Editor](s, s.p)
	ref := s.post("edited", chat.Message{Text: chat.Say("before")})
	s.w.Clock().Advance(time.Minute)
	s.must(editor.Edit(s.ctx, ref, chat.Message{Text: chat.Say("after")}))
	if text := s.shown(s.room, ref).Text(); text != "after" {
		s.Errorf("people read %q, want %q", text, "after")
	}
}

// checkEditByPerson: an edit is the message as it now stands, with both its times.
func checkEditByPerson(s *scene) {
	ref := s.say("teh queue is full")
	said := s.w.Clock().Now()
	s.w.Clock().Advance(time.Minute)
	s.must(s.w.Edit(s.ctx, s.ann.ID, ref, "the queue is full"))
	in := await(s, "the edit", func(m chat.Said) bool { return m.Ref == ref && !m.Edited.IsZero() })
	if in.Text != "the queue is full" || !in.At.Equal(said) || !in.Edited.Equal(s.w.Clock().Now()) || in.From.ID != s.ann.ID {
		s.Errorf("the edit is %+v; want the new text, said at %v", in, said)
	}
	if m := s.shown(s.room, ref); !m.Edited || m.Text() != "the queue is full" {
		s.Errorf("people see %+v, want it edited", m)
	}
}

// checkDelete: a message that was deleted is said to be gone.
func checkDelete(s *scene) {
	ref := s.say("wrong room, sorry")
	s.must(s.w.Delete(s.ctx, s.ann.ID, ref))
	await(s, "the deletion", func(m chat.Unsaid) bool { return m.Ref == ref })
	if m, ok := s.find(s.room, ref); ok {
		s.Errorf("people still see %+v", m)
	}
	if f, ok := s.p.(chat.Fetcher); ok {
		if _, err := f.Fetch(s.ctx, ref); !errors.Is(err, chat.ErrGone) {
			s.Errorf("reading it back gives %v, want chat.ErrGone", err)
		}
	}
}

// checkThread: a reply is in its thread, and reading it back gives that very message and not a neighbour.
func checkThread(s *scene) {
	replier := ability[Replier](s, s.w)
	root := s.say("payments are slow")
	var replies []chat.Ref
	for _, text := range []string{"since when?", "since the deploy", "rolled back"} {
		s.w.Clock().Advance(time.Minute)
		ref, err := replier.Reply(s.ctx, s.ben.ID, root, text)
		s.must(err)
		replies = append(replies, ref)
	}
	s.say("anything else?")
	reply := await(s, "the reply", func(m chat.Said) bool { return m.Ref == replies[1] })
	if reply.Place.Thread == "" || reply.Text != "since the deploy" {
		s.Errorf("the reply is %+v, want it in a thread", reply)
	}
	answer, err := s.p.Post(s.ctx, "in-thread", reply.Place, chat.Message{Text: chat.Say("noted")})
	s.must(err)
	if m := s.shown(s.room, answer); m.Place.Thread != reply.Place.Thread {
		s.Errorf("the bot's answer is at %+v, want the thread %s", m.Place, reply.Place.Thread)
	}
	fetcher, ok := s.p.(chat.Fetcher)
	if !ok {
		return
	}
	seen, err := fetcher.Fetch(s.ctx, replies[1])
	s.must(err)
	if seen.Said.Ref != replies[1] || seen.Said.Text != "since the deploy" || seen.Said.Place.Thread != reply.Place.Thread {
		s.Errorf("reading the second reply back gives %+v", seen.Said)
	}
}

// checkLink: the address of a message leads back to it, and nothing else is one.
func checkLink(s *scene) {
	linker := ability[chat.Linker](s, s.p)
	ref := s.say("see here")
	link := linker.Link(ref)
	if got, ok := linker.ParseLink(link); !ok || got != ref {
		s.Errorf("the address %q is read as %v, %v; want %v", link, got, ok, ref)
	}
	for _, text := range []string{"", "no address", "https://example.test/a/b/c", strings.Repeat("/", 40)} {
		if got, ok := linker.ParseLink(text); ok {
			s.Errorf("%q is read as the address of %v", text, got)
		}
	}
	if in := await(s, "the message", func(m chat.Said) bool { return m.Ref == ref }); in.Link != "" && in.Link != link {
		s.Errorf("the message says that it is at %q, and the platform at %q", in.Link, link)
	}
}

// checkBridge: what a bridge carries bears the name of who said it.
func checkBridge(s *scene) {
	bridge := ability[Bridge](s, s.w)
	ref, err := bridge.SayAs(s.ctx, "Somebody Else", s.room, "from over there")
	s.must(err)
	in := await(s, "the message", func(m chat.Said) bool { return m.Ref == ref })
	if in.From.Alias != "Somebody Else" || in.From.Display() != "Somebody Else" || in.From.Self {
		s.Errorf("From is %+v, want the alias", in.From)
	}
	s.must(s.w.Edit(s.ctx, bridge.Carrier(), ref, "from over here"))
	edit := await(s, "the edit", func(m chat.Said) bool { return m.Ref == ref && !m.Edited.IsZero() })
	if edit.From.Alias != "Somebody Else" || edit.Text != "from over here" {
		s.Errorf("the edit is %+v, want the alias and the new text", edit)
	}
}

// texts are what people read in a room.
func (s *scene) texts() []string {
	s.Helper()
	messages, err := s.w.Messages(s.ctx, s.room)
	s.must(err)
	var texts []string
	for _, m := range messages {
		texts = append(texts, m.Text())
	}
	return texts
}

// read says that people read a text in the room.
func (s *scene) read(text string) bool {
	s.Helper()
	return slices.Contains(s.texts(), text)
}
