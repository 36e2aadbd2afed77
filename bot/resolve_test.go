package bot

import (
	"errors"
	"strings"
	"testing"

	"boswell/chat"
	"boswell/incident"
)

// linking is a stage whose messages have addresses: the channel and the message, apart by a slash.
type linking struct{ fetching }

func (linking) Link(r chat.Ref) string { return string(r.Channel) + "/" + string(r.Message) }

func (linking) ParseLink(text string) (chat.Ref, bool) {
	channel, message, ok := strings.Cut(text, "/")
	return chat.Ref{Platform: "one", Channel: chat.ChannelID(channel), Message: chat.MessageID(message)}, ok
}

// TestALinkIsNoRightToRead quotes messages of the room of a private incident elsewhere.
func TestALinkIsNoRightToRead(t *testing.T) {
	secret := said("m1", ada, 1, "The vault was open")
	s := linking{fetching{newStage("one"), map[chat.MessageID]chat.Said{"m1": secret, "m2": said("m2", ada, 1, "Lunch?")}}}
	th := open(t, s)
	ask := func(who chat.User, channel, line string) error {
		in := chat.Invoked{Meta: meta(line+channel+string(who.ID), who, 1), Line: line}
		in.Place.Channel = chat.ChannelID(channel)
		p, h := chat.Platform(s), <-s.h
		s.h <- h
		reply, err := th.bot.take(t.Context(), p, in)
		if err == nil && reply.Refused {
			t.Errorf("%s: %+v", line, reply)
		}
		return err
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(ask(ada, "ops", "start room:here private:yes Breach"))
	th.hand(s.stage, secret)
	must(ask(brian, "general", "start room:here sure:yes Queue is full"))
	must(ask(brian, "general", "set background from:other/m2"))
	must(ask(ada, "general", "set background from:ops/m1"))
	must(ask(brian, "ops", "set background from:ops/m1"))
	var refusal incident.Refusal
	if err := ask(brian, "general", "set summary from:ops/m1"); !errors.As(err, &refusal) || !strings.Contains(refusal.Text, "could not read") {
		t.Errorf("somebody who does not see INC-1 is answered %v", err)
	}
}
