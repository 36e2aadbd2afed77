package discord_test

import (
	"slices"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/chat/chattest"
	"boswell/integrations/discord/discordsim"
)

// An answer that takes long is announced within the time that Discord waits, and follows.
func TestSlowAnswer(t *testing.T) {
	for _, public := range []bool{false, true} {
		d := newDesk(t, hasty()).online()
		d.register(noteCommand)
		d.answer = func(in chat.Inbound) (chat.Reply, error) {
			if _, asked := in.(chat.Invoked); asked {
				d.until("being announced", func() bool { return d.w.Sim().Calls(callback) == 1 })
			}
			return chat.Reply{Message: chat.Message{Text: chat.Say("at last")}, More: []chat.Message{{Text: chat.Say("and more")}}, Public: public}, nil
		}
		a := d.typing("note it rains")
		if !strings.Contains(a.Text(), "at last") || !strings.Contains(a.Text(), "and more") || a.Public != public {
			t.Errorf("public %v: Ann was answered %q, public %v", public, a.Text(), a.Public)
		}
	}
}

// The person was told to wait, or not: the answer to that was lost. Either way they get their answer.
func TestAnswerAfterLostDeferral(t *testing.T) {
	for _, obeyed := range []bool{false, true} {
		d := newDesk(t, hasty()).online()
		d.register(noteCommand)
		d.answer = func(in chat.Inbound) (chat.Reply, error) {
			if _, asked := in.(chat.Invoked); asked {
				d.until("being announced", func() bool { return d.w.Sim().Calls(callback) == 1 })
			}
			return chat.Reply{Message: chat.Message{Text: chat.Say("at last")}}, nil
		}
		d.w.Sim().Fail(callback, discordsim.Fault{After: obeyed, Status: 502})
		d.typing("note it rains")
		if !d.whispered("at last") {
			t.Errorf("obeyed %v: Ann does not see the answer", obeyed)
		}
	}
}

// whispered says that Ann alone sees a text.
func (d *desk) whispered(text string) bool {
	d.Helper()
	return slices.ContainsFunc(must(d.w.Whispers(d.Context(), d.ann.ID, d.room))(d), func(m chattest.Message) bool { return m.Text() == text })
}

// An answer that Discord cannot show is said to be one, where a question was asked and where a line was typed.
func TestAnswerThatDoesNotFit(t *testing.T) {
	d := newDesk(t, quick()).online()
	d.register(noteCommand)
	d.answer = func(in chat.Inbound) (chat.Reply, error) {
		if _, asked := in.(chat.Invoked); !asked {
			return chat.Reply{}, nil
		}
		return chat.Reply{Message: chat.Message{Text: chat.Say(strings.Repeat("_", 1900)),
			Rows: []chat.Row{{Label: "Row", Text: chat.Say(strings.Repeat("*", 200))}}}}, nil
	}
	if a := d.typing("note it rains"); !strings.Contains(a.Text(), "does not fit") {
		t.Errorf("Ann asked and was answered %q", a.Text())
	}
	if a := d.typing("unheard-of"); !strings.Contains(a.Text(), "does not fit") {
		t.Errorf("Ann typed and was answered %q", a.Text())
	}
}

// What the others in the room may not see is withheld where the one who typed takes no direct messages; any other answer goes
// into the room then.
func TestAnswerToWhomTakesNoDirectMessages(t *testing.T) {
	for _, confidential := range []bool{false, true} {
		d := newDesk(t, quick()).online()
		d.answer = func(in chat.Inbound) (chat.Reply, error) {
			if _, asked := in.(chat.Invoked); !asked {
				return chat.Reply{}, nil
			}
			return chat.Reply{Message: chat.Message{Text: chat.Say("the secret")}, Confidential: confidential}, nil
		}
		d.w.Sim().Fail("POST /users/@me/channels", discordsim.Fault{Status: 403, Body: `{"code":50007,"message":"Cannot send messages to this user"}`})
		d.say("<@" + discordsim.BotID + "> note a")
		d.idle()
		seen := must(d.w.Messages(t.Context(), d.room))(t)
		if last := seen[len(seen)-1]; !last.From.Self || strings.Contains(last.Text(), "the secret") == confidential {
			t.Errorf("confidential %v: the room sees %q", confidential, last.Text())
		}
	}
}

// A form that comes too late becomes the line to type.
func TestSlowForm(t *testing.T) {
	d := newDesk(t, hasty()).online()
	d.register(noteCommand)
	d.answer = func(in chat.Inbound) (chat.Reply, error) {
		if _, asked := in.(chat.Invoked); asked {
			d.until("being announced", func() bool { return d.w.Sim().Calls(callback) == 1 })
		}
		return chat.Reply{Form: &chat.Form{Action: "form", Title: "Note", Typed: "/incident note <text>", Fields: []chat.FormField{{ID: "text", Label: "Text"}}}}, nil
	}
	if a := d.typing("note"); a.Form != nil || !strings.Contains(a.Text(), "/incident note <text>") {
		t.Errorf("Ann was shown %+v", a)
	}
}

// An interaction that expired is answered otherwise: in a direct message, or in the room if all may see it.
func TestExpiredInteraction(t *testing.T) {
	for _, public := range []bool{false, true} {
		d := newDesk(t, quick()).online()
		d.register(noteCommand)
		d.answer = func(in chat.Inbound) (chat.Reply, error) {
			if _, asked := in.(chat.Invoked); !asked {
				return chat.Reply{}, nil
			}
			return chat.Reply{Message: chat.Message{Text: chat.Say("too late")}, Public: public}, nil
		}
		d.w.Sim().Fail(callback, discordsim.Fault{Status: 404, Body: `{"code":10062,"message":"Unknown interaction"}`})
		d.typing("note it rains")
		seen := must(d.w.Messages(t.Context(), d.room))(t)
		if !public {
			seen = must(d.w.Whispers(t.Context(), d.ann.ID, d.room))(t)
		}
		if !slices.ContainsFunc(seen, func(m chattest.Message) bool { return m.Text() == "too late" }) {
			t.Errorf("public %v: the answer is lost; seen: %+v", public, seen)
		}
	}
}

// Two copies of the bot, or a redelivery: the one that comes second says nothing more.
func TestAlreadyAnswered(t *testing.T) {
	d := newDesk(t, quick()).online()
	d.register(noteCommand)
	d.answer = func(chat.Inbound) (chat.Reply, error) {
		return chat.Reply{Message: chat.Message{Text: chat.Say("noted")}}, nil
	}
	d.w.Redeliver(true)
	a := d.typing("note it rains")
	if a.Text() != "noted" || len(of[chat.Invoked](d)) != 2 || len(must(d.w.Whispers(t.Context(), d.ann.ID, d.room))(t)) != 1 {
		t.Errorf("Ann was answered %q; the bot was asked %d times", a.Text(), len(of[chat.Invoked](d)))
	}
}
